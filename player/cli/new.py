"""`new`: a first timeline, with the songs of a folder where one is named."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Final

from player.devices.tags import ENDINGS
from player.devices.tinytag_tags import read_tags
from player.errors import AudioFileError
from player.terminal import complain, say
from timeline import spec, starter, store
from timeline.edit import Refused
from timeline.times import Refusal

_THERE: Final = "{}: there is such a file already; name another"


def new(options: argparse.Namespace) -> int:
    """Write a first timeline."""
    path: Path = options.file
    if os.path.lexists(path):
        complain(_THERE.format(path))
        return 1
    tracks = list[starter.Track]()
    if options.music is not None:
        try:
            tracks = _tracks(options.music, path.parent)
        except OSError as error:
            complain(f"{options.music}: {error.strerror or error}")
            return 2
        if not tracks:
            complain(f"{options.music}: there are no recordings in this folder")
            return 1
    title = (
        " ".join((options.title or "").split())
        or path.stem.replace("-", " ").replace("_", " ").strip().capitalize()
        or "Untitled"
    )
    make = starter.set_list if options.as_set else starter.film
    try:
        text = make(title, path.name, tracks)
        store.save(path, text.encode("utf-8"), None)
    except store.Changed:
        complain(_THERE.format(path))
        return 1
    except (store.Unwritable, Refused) as error:
        complain(str(error) if isinstance(error, store.Unwritable) else f"{path}: {error}")
        return 1
    songs = f" with {len(tracks)} song{'s' if len(tracks) != 1 else ''}" if tracks else ""
    say(f"{path}: a new {'set' if options.as_set else 'film'}{songs}; open it in an editor, or with needledrop {path}")
    return 0


def _tracks(folder: Path, base: Path) -> list[starter.Track]:
    """The recordings of a folder and those below it, in order of their names, with what they say of themselves."""
    found = []
    if not folder.is_dir():
        raise NotADirectoryError(20, "there is no such folder")
    for file in sorted(folder.rglob("*"), key=lambda one: [part.lower() for part in one.parts]):
        if file.suffix.lower() in ENDINGS and not file.name.startswith(".") and file.is_file():
            name = _relative(file, base)
            try:
                spec.path(spec.printable(name))
                said = read_tags(str(file))
            except Refusal:
                complain(f"{file}: no timeline can hold this name; left out")
                continue
            except AudioFileError as error:
                complain(f"{error}; left out")
                continue
            found.append(
                starter.Track(
                    name, said.title, said.artist, said.writers, said.publisher,
                    str(said.year or ""), said.isrc, said.mbid, said.bpm, said.key,
                )
            )  # fmt: skip
    return found


def _relative(file: Path, base: Path) -> str:
    try:
        return Path(os.path.relpath(file, base)).as_posix()
    except ValueError:  # another drive
        return file.resolve().as_posix()
