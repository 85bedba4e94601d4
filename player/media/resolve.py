"""What a song of the timeline plays: its recording, the person's own, its stand-in, else silence; and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from player.devices import smf, synth
from player.devices.decode import file_trouble, open_decoder
from player.devices.resample import frames_at_our_rate
from player.devices.sources import clock
from player.engine import RATE
from player.engine.source import SourceSpec
from player.errors import AssetError
from player.media.levels import Level
from player.media.links import Choice
from player.media.match import Candidate
from player.media.measured import Measured
from player.media.shelf import Shelf
from player.media.table import TableError
from timeline import times
from timeline.model import Media, Song, SongCue, Timeline
from timeline.times import TempoMap

Kind = Literal["media", "stand-in", "silence"]

UNKNOWN: Final = 180 * RATE  # frames a song of unknown length is taken to last
SETTLES: Final = " (`needledrop link` settles which)"  # of use where there is no list of what each song plays
_MIDI_NAMES: Final = {".mid", ".midi", ".kar", ".rmi"}
_READERS: Final = 4
_KEPT: Final = 4096


class Resolved(Struct, frozen=True):
    """What one song plays. `length` is in frames of song time: the material's, for silence the song's own."""

    song_id: str
    kind: Kind
    spec: SourceSpec
    length: int
    why: str  # one plain clause: "audio/tide.flac is missing; its stand-in plays"
    trouble: str | None  # what is wrong with files the song names, also where another one plays
    label: str  # what to call the material: recording, MIDI file, stand-in, silence
    tempo: TempoMap | None = None  # of the song's MIDI `media`, never of a stand-in
    own: bool = False  # it plays what the person chose, or what their library has
    chosen: bool = False  # the first of these
    candidates: tuple[Candidate, ...] = ()  # of their library, where none of them is surely it
    level: Level | None = None  # what was measured of the material, without its gain and offset


def resolve(song: Song | None, base: Path, shelf: Shelf | None = None) -> Resolved:
    """What `song` plays, with files relative to the folder `base`. None: a song the timeline does not have.

    shelf: what the person has of their own. Opens files as far as their headers, and remembers what it found while
    they stay as they are.
    """
    if song is None:
        why = "there is no such song"
        return Resolved("", "silence", SourceSpec("silence", frames=UNKNOWN), UNKNOWN, why, why, "silence")
    wrong: list[str] = []
    tempo: TempoMap | None = None
    choice = shelf.choice(song) if shelf else None
    for media in song.media:
        found = _look(base, media.file)
        if isinstance(found, _Found):
            tempo = tempo or found.tempo
            found = _fits(found, media)
        if isinstance(found, str):
            wrong.append(f"{media.file} {found}")
            if choice and choice.file and choice.instead == media.file:
                moved = _chosen(song, choice, choice.file, media, wrong)
                if moved is not None:
                    return moved
            continue
        return _playing(song, found, media, wrong, f"{media.file} plays", tempo)
    if choice and choice.file and choice.instead not in [media.file for media in song.media]:
        own = _chosen(song, choice, choice.file, Media(choice.file), wrong)
        if own is not None:
            return own
    candidates: tuple[Candidate, ...] = ()
    remark = ""
    if shelf and not (choice and choice.file is None):
        matched = shelf.match(song)
        for recording in matched.chosen:
            found = _look(base, recording.path)
            if isinstance(found, _Found):
                name = Path(recording.path).name
                why = f"{name} plays, from your library ({matched.why})"
                return replace(_playing(song, found, Media(recording.path), wrong, why, None), own=True)
            wrong.append(f"{Path(recording.path).name}, of your library, {found}")
        if not matched.chosen and matched.why:
            candidates = matched.candidates
            remark = matched.why + SETTLES
    elif choice:
        remark = "you chose no recording"
    if shelf and shelf.trouble:
        wrong.append(shelf.trouble)
    plain = _without_recording(song, base, wrong, remark, tempo)
    return replace(plain, candidates=candidates) if candidates else plain


def _chosen(song: Song, choice: Choice, file: str, media: Media, wrong: list[str]) -> Resolved | None:
    """What the person chose, with the offset and gain of `media`; None, and a line more in `wrong`, if it cannot."""
    found = _look(Path(), file)
    if isinstance(found, _Found):
        found = _fits(found, media)
    if isinstance(found, str):
        wrong.append(f"{Path(file).name}, which you chose, {found}")
        return None
    why = f"{Path(file).name} plays, as you chose{' in another timeline' if choice.elsewhere else ''}"
    return replace(_playing(song, found, media, wrong, why, found.tempo), own=True, chosen=True)


def _playing(
    song: Song, found: _Found, media: Media, wrong: list[str], plays: str, tempo: TempoMap | None
) -> Resolved:
    offset = times.frames(media.offset)
    spec = SourceSpec(found.kind, found.path, offset=offset, gain_db=media.gain)
    if found.cut:
        wrong.append(f"{media.file} is cut off")
    label = "MIDI file" if found.kind == "midi" else "recording"
    why = "; ".join([*wrong, plays])
    return Resolved(song.id, "media", spec, found.frames - offset, why, _told(wrong), label, tempo)


def _without_recording(
    song: Song, base: Path, wrong: list[str], remark: str, tempo: TempoMap | None
) -> Resolved:
    """The stand-in, else silence; `remark` is why, and nothing wrong."""
    remarks = [remark] if remark else []
    for file, found in _stand_ins(song, base):
        if isinstance(found, str):
            wrong.append(f"{file} {found}")
            continue
        spec = SourceSpec(found.kind, found.path, repeat=True)
        why = f"{'; '.join(wrong + remarks) or 'no recording is named'}; its stand-in plays"
        return Resolved(song.id, "stand-in", spec, found.frames, why, _told(wrong), "stand-in", tempo)
    length = times.frames(song.length) if song.length else UNKNOWN
    missing = [] if song.stand_in else ["there is no stand-in"]
    why = "; ".join([*(wrong + remarks or ["no recording is named"]), *missing])
    return Resolved(
        song.id, "silence", SourceSpec("silence", frames=length), length, why, why, "silence", tempo
    )


def resolve_all(
    timeline: Timeline,
    base: Path,
    progress: Callable[[int, int], None] | None = None,
    shelf: Shelf | None = None,
    measured: Measured | None = None,
) -> dict[str, Resolved]:
    """What every song plays, by id; also those that a cue names and the timeline does not have.

    `progress` is told how many are done, and of how many, on the calling thread.
    """
    named = (cue.song for scene in timeline.scenes for cue in scene.cues if isinstance(cue, SongCue))
    ids = list(dict.fromkeys([*timeline.songs, *named]))
    resolved: dict[str, Resolved] = {}
    with ThreadPoolExecutor(_READERS) as readers:
        found_in_order = readers.map(lambda key: resolve(timeline.songs.get(key), base, shelf), ids)
        for key, found in zip(ids, found_in_order, strict=True):
            resolved[key] = replace(found, song_id=key, level=_known_level(found.spec, measured))
            if progress:
                progress(len(resolved), len(ids))
    return resolved


def _known_level(spec: SourceSpec, measured: Measured | None) -> Level | None:
    if measured is None or spec.kind == "silence":
        return None
    try:
        return measured.level(spec)
    except TableError:  # it is measured anew
        return None


class _Found(Struct, frozen=True):
    """A file that can be played."""

    kind: Literal["audio", "midi"]
    path: str
    frames: int
    tempo: TempoMap | None = None
    cut: bool = False  # it ends before its music does


def _stand_ins(song: Song, base: Path) -> Iterator[tuple[str, _Found | str]]:
    """The stand-in, and where it is MIDI and nothing plays MIDI here, the rendering beside it."""
    if song.stand_in is None:
        return
    found = _look(base, song.stand_in)
    if isinstance(found, _Found) and found.kind == "midi" and not synth.available():
        rendered = _look(base, str(Path(song.stand_in).with_suffix(".ogg")))
        found = rendered if isinstance(rendered, _Found) else _unplayable()
    yield song.stand_in, found


def _fits(found: _Found, media: Media) -> _Found | str:
    if found.kind == "midi" and not synth.available():
        return _unplayable()
    if times.frames(media.offset) >= found.frames:
        return f"ends at {clock(found.frames)}, before its offset of {clock(times.frames(media.offset))}"
    return found


def unplayable(path: str) -> str | None:
    """Why a file cannot be played, as a clause ("is missing"), or None."""
    found = _look(Path(), path)
    if isinstance(found, _Found):
        found = _fits(found, Media(path))
    return found if isinstance(found, str) else None


def _unplayable() -> str:
    return f"needs FluidSynth to play ({synth.install_hint()})"


def _look(base: Path, file: str) -> _Found | str:
    """What `file` is, or why it cannot be played, as a clause."""
    path = str(base / file)
    trouble = file_trouble(path)
    if trouble:
        return trouble
    status = Path(path).stat()
    return _opened(path, status.st_mtime_ns, status.st_size)


@lru_cache(_KEPT)
def _opened(path: str, modified: int, size: int) -> _Found | str:
    """As `_look`, of a file as it was at a time."""
    with Path(path).open("rb") as file:
        head = file.read(256)
    try:
        if smf.is_midi(head) or Path(path).suffix.lower() in _MIDI_NAMES:
            song = smf.read(path)
            return _Found("midi", path, synth.length(song), song.tempo_map, song.cut)
        decoder = open_decoder(path)
        try:
            if not len(decoder.read(0, 1)):
                return "is damaged and does not decode"
            return _Found("audio", path, frames_at_our_rate(decoder.frames, decoder.rate))
        finally:
            decoder.close()
    except AssetError as error:
        return error.why


def _told(wrong: list[str]) -> str | None:
    return "; ".join(wrong) or None
