"""A person's choice of a recording: what it means for its song and for others, and how a file takes it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from player.edits import data
from timeline.edit import Data, Insert, Op, Refused, Set
from timeline.model import Song, Timeline

if TYPE_CHECKING:
    from player.media.resolve import Resolved  # whose decoders a window does not wait for


class Chosen(NamedTuple):
    """A song is to play `file`, absolute, in the place of `instead`, as the timeline writes it; "" for none."""

    song: Song
    file: str
    instead: str = ""


def settled(
    timeline: Timeline, base: Path, song: Song, file: str, plays: Callable[[Song], Resolved], *, in_file: bool
) -> tuple[Chosen, ...]:
    """What it means that `song` is to play `file`: this, and what else was moved along with it.

    base: the timeline's folder. plays: what a song plays now. in_file: the timeline is to say so. Opens files.
    Raises Refused for a file that does not play, and for a choice that could not be heard.
    """
    from player.media.relink import siblings  # noqa: PLC0415
    from player.media.resolve import unplayable  # noqa: PLC0415

    if why := unplayable(file):
        raise Refused(f"{file} {why}")
    now = plays(song)
    if not in_file and now.kind == "media" and not now.own:
        raise Refused(f"{song.id} plays what the file names ({now.why}); only the file can put another one before it")
    missing = [media.file for media in song.media if unplayable(str(base / media.file))]
    instead = next((each for each in missing if os.path.basename(each) == os.path.basename(file)), "")
    if not instead:
        return (Chosen(song, file),)
    others = [each for each in timeline.songs.values() if each is not song and each.media]
    silent = (each for each in others if plays(each).kind != "media")
    along = siblings(silent, base, instead, file, lambda path: unplayable(path) is None)
    return (Chosen(song, file, instead), *(Chosen(each.song, each.now, each.was) for each in along))


def in_timeline(path: str, base: Path) -> str:
    """A path as a timeline in the folder `base` writes it."""
    try:
        return Path(os.path.relpath(path, base)).as_posix()
    except ValueError:  # another drive
        return Path(path).as_posix()


def op_of(raw: bytes, chosen: Chosen, base: Path) -> Op:
    """The edit that makes a choice the file's, which lies in the folder `base`."""
    return op_for(raw, chosen.song, in_timeline(chosen.file, base), chosen.instead)


def op_for(raw: bytes, song: Song, file: str, instead: str) -> Op:
    """The edit that lets a song play `file`: in the place of the entry `instead`, else before what it names."""
    place = f"songs/{song.id}/media"
    value = data(raw, place)
    if value is None:
        return Set(place, file)
    if not isinstance(value, list):
        if instead:
            return Set(f"{place}/file" if isinstance(value, dict) else place, file)
        return Set(place, [file, value])
    number = next((i for i, each in enumerate(value, 1) if instead and _file_of(each) == instead), 0)
    if number:
        return Set(f"{place}/#{number}/file" if isinstance(value[number - 1], dict) else f"{place}/#{number}", file)
    return Insert(place, _quoted(file), 0)


def _file_of(entry: Data) -> Data | None:
    return entry.get("file") if isinstance(entry, dict) else entry


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
