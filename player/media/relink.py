"""A recording that was moved is seldom moved alone: what else is where it is now."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath

from msgspec import Struct

from timeline.model import Song


class Moved(Struct, frozen=True):
    """A file that a song names, which is missing, and where it is now."""

    song: Song
    was: str  # as the timeline writes it
    now: str  # absolute


def moved_folder(was: str, now: str) -> tuple[str, str] | None:
    """The folder that was moved, and where to, if `was` has become `now`; None if the file has another name.

    As high up as the two paths end alike: `/a/music/one/x.flac` and `/b/one/x.flac` tell that `/a/music` is now `/b`.
    """
    old, new = PurePath(was), PurePath(now)
    if old.name != new.name:
        return None
    parts, others = list(old.parts[:-1]), list(new.parts[:-1])
    while len(parts) > 1 and len(others) > 1 and parts[-1] == others[-1]:
        parts.pop()
        others.pop()
    return str(PurePath(*parts)), str(PurePath(*others))


def siblings(
    songs: Iterable[Song], base: Path, was: str, now: str, plays: Callable[[str], bool]
) -> tuple[Moved, ...]:
    """What else moved along when `was`, a file that a song names, has become `now`.

    songs: those that do not play what they name. plays: whether a file can be played.
    """
    folders = moved_folder(_whole(base, was), now)
    if folders is None:
        return ()
    old, new = folders
    found = []
    for song in songs:
        for media in song.media:
            whole = _whole(base, media.file)
            if not whole.startswith(os.path.join(old, "")) or os.path.exists(whole):
                continue
            there = os.path.join(new, os.path.relpath(whole, old))
            if plays(there):
                found.append(Moved(song, media.file, there))
                break
    return tuple(found)


def _whole(base: Path, file: str) -> str:
    return os.path.normpath(base / file)
