"""`needledrop collect`: a timeline with all it needs, in one folder or archive that plays elsewhere."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct, field

from player.edits import data
from player.errors import ExportError
from player.export.landing import landing
from player.linking import op_for
from player.media.resolve import Resolved
from player.opening import find_songs, read_plan
from player.plan import Plan
from player.recordings.progress import Bar
from player.terminal import Refused, complain, say
from timeline import edit, store
from timeline.edit import Op, Set
from timeline.model import Song

SCHEMA: Final = "needledrop.schema.json"
APART: Final = "media"  # the folder for what lies outside of the timeline's own
_CHUNK: Final = 1 << 20
_ODD: Final = re.compile(r'[<>:"|?*\\\x00-\x1f\ud800-\udfff]')  # what some system takes in no name


class Gathering(Struct):
    """What goes along: files by their place in the collection, edits of the timeline, and what is missing."""

    base: Path
    files: dict[str, Path] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    _places: dict[str, str] = field(default_factory=dict)  # by the file's real path
    _taken: set[str] = field(default_factory=set)

    def take(self, file: str) -> str | None:
        """Let a file go along that the timeline writes so; its place there, or None where there is none."""
        path = Path(os.path.normpath(self.base / file))
        if not path.is_file():
            self.missing.append(file)
            return None
        return self.place(path)

    def place(self, path: Path) -> str:
        """Where a file lies in the collection: where it lay, if that was below the timeline."""
        real = os.path.realpath(path)
        if real not in self._places:
            inside = path.is_relative_to(self.base)
            name = path.relative_to(self.base).as_posix() if inside else f"{APART}/{_ODD.sub('_', path.name)}"
            self._places[real] = self._free(name)
            self.files[self._places[real]] = path
        return self._places[real]

    def reserve(self, name: str) -> None:
        """Keep a place free."""
        self._taken.add(name.casefold())

    def _free(self, name: str) -> str:
        path, number = PurePosixPath(name), 2
        while name.casefold() in self._taken:
            name, number = str(path.with_name(f"{path.stem} {number}{path.suffix}")), number + 1
        self.reserve(name)
        return name


def run(options: argparse.Namespace) -> int:
    """Gather, write, and say what was; returns the exit code."""
    path, out = options.file, options.dest
    try:
        plan = find_songs(read_plan(path), path.parent)
        raw = store.raw_bytes(path)
    except store.Unreadable as error:
        raise Refused(str(error)) from error
    errors = [problem for problem in plan.problems if problem.severity == "error"]
    if errors:
        raise Refused(f"{path} has errors, and what cannot be read would be left behind: needledrop check", 1)
    _fit(out, plan)
    gathering = Gathering(Path(os.path.abspath(path)).parent)
    gathering.reserve(path.name)
    try:
        text = gathered(gathering, plan, raw, video=not options.no_video)
        with _stopped_cleanly():
            _write(out, path.name, text, gathering)
    except edit.Refused as refused:
        raise Refused(f"{path}: {refused}", 1) from refused
    except ExportError as error:
        raise Refused(str(error), 1) from error
    for file in dict.fromkeys(gathering.missing):
        complain(f"{file} is missing, and not in {out}")
    size = sum(each.stat().st_size for each in gathering.files.values()) + len(text)
    say(f"{out}: {path.name} and {_count(len(gathering.files))}, {size / 1e6:.1f} MB")
    return 1 if gathering.missing else 0


def gathered(gathering: Gathering, plan: Plan, raw: bytes, *, video: bool) -> bytes:
    """The timeline as it is to stand in the collection, once all its files are taken. Raises edit.Refused."""
    timeline, text = plan.timeline, raw
    for song in timeline.songs.values():
        for op in _media(gathering, song, plan.songs[song.id], raw):
            text = edit.apply(text, op).raw
        own = plan.songs[song.id]
        if own.own:
            text = edit.apply(text, _own(gathering, song, own, text)).raw
    for file, place in _named(plan, video=video):
        there = gathering.take(file)
        if there is not None and there != PurePosixPath(file).as_posix():
            text = edit.apply(text, Set(place, there)).raw
    if (gathering.base / SCHEMA).is_file():  # what its first line may name, for editors
        gathering.take(SCHEMA)
    for song in timeline.songs.values():  # plays where nothing plays MIDI
        if song.stand_in and (gathering.base / song.stand_in).with_suffix(".ogg").is_file():
            gathering.take(str(Path(song.stand_in).with_suffix(".ogg")))
    return text


def _media(gathering: Gathering, song: Song, found: Resolved, raw: bytes) -> Iterator[Op]:
    """The recordings that the song names, and the edits that name them anew."""
    place = f"songs/{song.id}/media"
    value = data(raw, place)
    for number, media in enumerate(song.media, 1):
        whole = os.path.isfile(gathering.base / media.file)
        if not whole and (found.own or found.kind == "media"):
            continue  # another one plays
        there = gathering.take(media.file)
        if there is None or there == media.file:
            continue
        entry = value[number - 1] if isinstance(value, list) else value
        at = f"{place}/#{number}" if isinstance(value, list) else place
        yield Set(f"{at}/file" if isinstance(entry, dict) else at, there)


def _own(gathering: Gathering, song: Song, found: Resolved, text: bytes) -> Op:
    """The edit that names a recording of the person's own."""
    there = gathering.place(Path(found.spec.path))
    name = os.path.basename(found.spec.path)
    gone = [media.file for media in song.media if not os.path.isfile(gathering.base / media.file)]
    return op_for(text, song, there, next((file for file in gone if os.path.basename(file) == name), ""))


def _named(plan: Plan, *, video: bool) -> Iterator[tuple[str, str]]:
    """The other files that a timeline names, and the address of each."""
    timeline = plan.timeline
    if timeline.film.video and video:
        yield timeline.film.video, "film/video"
    for song in timeline.songs.values():
        if song.stand_in:
            yield song.stand_in, f"songs/{song.id}/stand-in"
        if song.sheet:
            yield song.sheet, f"songs/{song.id}/sheet"
    for scene in timeline.scenes:
        if scene.picture:
            yield scene.picture, f"scenes/{scene.id}/picture"


def _fit(out: Path, plan: Plan) -> None:
    """Refuse to write where that would spoil something."""
    if out.suffix.lower() == ".zip":
        if out.exists():
            raise Refused(f"{out}: there is such a file already; give another name")
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refused(f"{out}: not an empty folder; give another name")
    home = plan.path.parent if plan.path else None
    if home and out.suffix.lower() != ".zip" and Path(os.path.realpath(out)) == home:
        raise Refused(f"{out}: the timeline itself lies here; give another folder")


def _write(out: Path, name: str, text: bytes, gathering: Gathering) -> None:
    sizes = {place: path.stat().st_size for place, path in gathering.files.items()}
    total, done = sum(sizes.values()), 0
    bar = Bar("kB")

    def wrote(count: int) -> None:
        nonlocal done
        done += count
        bar.show(done // 1000, max(1, total // 1000))

    try:
        if out.suffix.lower() == ".zip":
            with landing(out) as part:
                _zip(part, name, text, gathering.files.items(), wrote)
        else:
            _folder(out, name, text, gathering.files.items(), wrote)
    finally:
        bar.clear()


def _zip(
    part: Path, name: str, text: bytes, files: Iterable[tuple[str, Path]], wrote: Callable[[int], None]
) -> None:
    with _told(part), zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, text)
        for place, path in files:
            with path.open("rb") as source, archive.open(zipfile.ZipInfo.from_file(path, place), "w") as target:
                _copy(source.read, target.write, wrote)


def _folder(
    out: Path, name: str, text: bytes, files: Iterable[tuple[str, Path]], wrote: Callable[[int], None]
) -> None:
    """All into a folder beside `out`, which takes its place when it is whole."""
    part = out.with_name(f".needledrop-{os.getpid()}.part")
    with _told(out):
        try:
            part.mkdir(parents=True)
            for place, path in files:
                target = part / place
                target.parent.mkdir(parents=True, exist_ok=True)
                with path.open("rb") as source, target.open("xb") as file:
                    _copy(source.read, file.write, wrote)
                shutil.copystat(path, target)
            (part / name).write_bytes(text)
            if out.is_dir():
                out.rmdir()
            part.rename(out)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _copy(read: Callable[[int], bytes], write: Callable[[bytes], int], wrote: Callable[[int], None]) -> None:
    while block := read(_CHUNK):
        write(block)
        wrote(len(block))


@contextlib.contextmanager
def _told(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or out
        raise ExportError(str(where), f"cannot be copied: {(error.strerror or str(error)).lower()}") from error


@contextlib.contextmanager
def _stopped_cleanly() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        complain("stopped; nothing was kept")
        raise


def _count(files: int) -> str:
    return f"{files} file{'' if files == 1 else 's'}"
