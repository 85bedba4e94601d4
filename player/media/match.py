"""Which recording of the library a song is: by ISRC, else by title and artist; never a guess between several."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from player.media import names
from player.media.catalogue import Library, Recording
from timeline.model import Song

By = Literal["isrc", "tags", "name", "near"]

AS_LONG: Final = 2.0  # seconds by which a recording of the length that a song states may differ
ALIKE: Final = 1.0  # and two files of one recording from each other
REASONS: Final[dict[By, str]] = {
    "isrc": "same ISRC",
    "tags": "same title and artist",
    "name": "its name has the same artist and title",
    "near": "close, and not the same",
}


class Candidate(Struct, frozen=True):
    """A recording that may be the song, and by what."""

    recording: Recording
    by: By


class Match(Struct, frozen=True):
    """What the library has for a song.

    `chosen`: files of the one recording it is, the best first; empty where there is none, or not only one.
    `candidates`: all that come into question, the likeliest first. `why`: a clause about `chosen`, or about why
    there is none; empty where there is no candidate.
    """

    chosen: tuple[Recording, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    why: str = ""


def match(song: Song, library: Library) -> Match:
    """What `library` has for `song`. Raises TableError."""
    found = _candidates(song, library)
    if not found:
        return Match()
    by = found[0].by
    if by == "near":
        return Match((), found, f"your library has {_count(len(found))} close to it")
    tier = [candidate.recording for candidate in found if candidate.by == by]
    groups = _groups(tier, anywhere=by == "isrc")
    if len(groups) > 1 and song.length:
        groups = [group for group in groups if _as_long(group[0], song)] or groups
    if len(groups) > 1:
        return Match((), found, f"your library has {_count(len(groups))} that fit it")
    return Match(tuple(groups[0]), found, REASONS[by])


def _candidates(song: Song, library: Library) -> tuple[Candidate, ...]:
    title, artists = names.title_of(song.title), names.artists_of(song.artist or "")
    found: dict[str, Candidate] = {}
    if song.isrc:
        for recording in library.by_isrc(song.isrc.replace("-", "").upper()):
            found[recording.path] = Candidate(recording, "isrc")
    for recording in library.by_title(title):
        by = _by(recording, title, artists)
        if by is not None:
            found.setdefault(recording.path, Candidate(recording, by))
    tiers: list[By] = ["isrc", "tags", "name", "near"]

    def likely(candidate: Candidate) -> tuple[int, float, tuple[bool, float, str]]:
        away = abs(candidate.recording.seconds - float(song.length)) if song.length else 0.0
        return tiers.index(candidate.by), away, _worse(candidate.recording)

    return tuple(sorted(found.values(), key=likely))


def _by(recording: Recording, title: names.Title, artists: tuple[str, ...]) -> By | None:
    """How near a recording of about this title is; None for another one."""
    tagged = bool(recording.title)
    artist_of_name, title_of_name = names.name_of_file(Path(recording.path).stem)
    theirs = names.title_of(recording.title if tagged else title_of_name, recording.album)
    who = names.artists_of(recording.artist or ("" if tagged else artist_of_name))
    nearness = {names.near_titles(title, theirs), names.near_artists(artists, who)}
    if "other" in nearness:
        return None
    if "near" in nearness:
        return "near"
    return "tags" if tagged else "name"


def _groups(recordings: Iterable[Recording], *, anywhere: bool) -> list[list[Recording]]:
    """Files of one recording together, the best first in each: of one album, or `anywhere`, and as long."""

    def one(a: Recording, b: Recording) -> bool:
        if a.isrc and b.isrc and a.isrc != b.isrc:
            return False
        near = abs(a.seconds - b.seconds) <= (AS_LONG if anywhere else ALIKE)
        return near and (anywhere or names.folded(a.album) == names.folded(b.album) or a.isrc == b.isrc != "")

    return _gathered(sorted(recordings, key=_worse), one)


def _gathered(
    recordings: Iterable[Recording], one: Callable[[Recording, Recording], bool]
) -> list[list[Recording]]:
    groups: list[list[Recording]] = []
    for recording in recordings:
        home = next((group for group in groups if one(group[0], recording)), None)
        if home is None:
            groups.append([recording])
        else:
            home.append(recording)
    return groups


def _worse(recording: Recording) -> tuple[bool, float, str]:
    """Sorts the better file of the same recording first: lossless, then more bytes a second, then its path."""
    return not recording.lossless, -recording.size / max(0.1, recording.seconds), recording.path


def _as_long(recording: Recording, song: Song) -> bool:
    return song.length is not None and abs(recording.seconds - float(song.length)) <= AS_LONG


def _count(recordings: int) -> str:
    return "1 recording" if recordings == 1 else f"{recordings} recordings"
