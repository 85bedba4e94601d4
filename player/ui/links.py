"""What each song of the timeline plays, and why, as a list to settle it in. Pure."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from player.engine import RATE
from player.media import levels
from player.plan import Plan
from player.show import Show
from player.ui import facts
from timeline.model import SongCue

if TYPE_CHECKING:
    from player.media.catalogue import Recording
    from player.media.resolve import Resolved
MOST: Final = 9  # recordings that are offered by a digit


class Links(Struct, frozen=True):
    """The list is open; `song` is the one in focus."""

    song: str = ""


class Offered(NamedTuple):
    """A recording that may be the song: what it is called, what else is known, where it lies."""

    title: str
    about: str
    path: str


class Row(NamedTuple):
    """A song. `plays` is the file's name, `sort` in a word or two where that comes from, `level` of its loudness."""

    ident: str
    title: str
    artist: str
    mark: str
    plays: str
    sort: str
    why: str
    level: str
    offered: tuple[Offered, ...]
    trouble: bool


def songs(plan: Plan) -> tuple[str, ...]:
    """The songs in the order of the timeline."""
    return tuple(plan.timeline.songs)


def opened(show: Show) -> Links:
    """The list, with the focus on the song of the card, else on the first of standby, else on the first that plays
    no recording.
    """
    plan = show.plan
    named = songs(plan)
    for cue in (facts.card_song(show), None if show.at_end else plan.first_song(show.standby)):
        if cue is not None and cue.song in named:
            return Links(cue.song)
    open_ones = (song for song in named if song in plan.songs and plan.songs[song].kind != "media")
    return Links(next(open_ones, named[0] if named else ""))


def moved(plan: Plan, of: Links, by: int) -> Links:
    """The focus so many songs further."""
    named = songs(plan)
    if not named:
        return of
    at = named.index(of.song) if of.song in named else 0
    return Links(named[min(max(at + by, 0), len(named) - 1)])


def counts(plan: Plan) -> str:
    """How many songs play a recording."""
    found = [plan.songs[song] for song in songs(plan) if song in plan.songs]
    playing = sum(each.kind == "media" for each in found)
    offered = sum(bool(each.candidates) for each in found)
    more = f" · {offered} to choose" if offered else ""
    return f"{playing} of {len(songs(plan))} play a recording{more}"


def row(plan: Plan, ident: str) -> Row:
    """One song as the list shows it."""
    song, found = plan.timeline.songs[ident], plan.songs.get(ident)
    if found is None:
        return Row(ident, song.title, song.artist or "", "circle", "", "", "being looked for", "", (), False)
    from player.media.resolve import SETTLES  # noqa: PLC0415  (what it made is here, so it is loaded)

    file = os.path.basename(found.spec.path) if found.kind == "media" else ""
    mark = {"media": "check", "stand-in": "stand-in"}.get(found.kind, "alert")
    return Row(
        ident, song.title, song.artist or "", mark, file, sort(found), facts.sentence(found.why.replace(SETTLES, "")),
        level_of_song(plan, ident), tuple(offered(each.recording) for each in found.candidates[:MOST]),
        found.kind == "silence" or bool(found.trouble),
    )  # fmt: skip


def sort(found: Resolved) -> str:
    """Where the recording comes from, or what plays instead."""
    if found.kind == "silence":
        return "silence"
    if found.kind == "stand-in":
        return "stand-in"
    if not found.own:
        return "named in the file"
    return "your choice" if found.chosen else "your library"


def offered(recording: Recording) -> Offered:
    """A recording of the library in a line."""
    length = facts.length(round(recording.seconds * RATE)) if recording.seconds else ""
    about = " · ".join(filter(None, (recording.album, str(recording.year or ""), length)))
    return Offered(recording.name, about, recording.path)


def short(path: str, home: str) -> str:
    """A path with `~` for the person's own folder."""
    below = path.removeprefix(home)
    return f"~{below}" if home and below != path and below[:1] in ("", "/", "\\") else path


# ---- loudness


def level_of_song(plan: Plan, ident: str) -> str:
    """How loud a song's material is, and what brings it to its loudness; "" where neither is known."""
    found, song = plan.songs.get(ident), plan.timeline.songs.get(ident)
    if found is None or song is None or found.kind == "silence":
        return ""
    target = plan.timeline.defaults.loudness if song.loudness is None else song.loudness
    if found.level is None:
        return "" if target is None else "not measured yet"
    loudness = found.level.integrated + found.spec.gain_db
    gain = None if target is None else levels.gain(target, loudness)
    return level_words(loudness, target, gain, found.level.true_peak + found.spec.gain_db)


def level_of_cue(plan: Plan, cue: SongCue) -> str:
    """The same of the part that a cue plays."""
    loudness, target = plan.loudness(cue) if cue.song in plan.songs else None, plan.target(cue)
    if loudness is None:
        return "" if target is None else "not measured yet"
    return level_words(loudness, target, None if target is None else plan.levelled(cue))


def level_words(loudness: float, target: float | None, gain: float | None, peak: float | None = None) -> str:
    """Loudness, true peak and the gain that leads to a target."""
    if loudness == -math.inf:
        return "silent"
    parts = [f"{loudness:.1f} LUFS"]
    if peak is not None:
        parts.append(f"peak {peak:.1f} dBTP")
    if target is not None and gain is not None:
        parts.append(f"{gain:+.1f} dB to {target:g} LUFS")
    return " · ".join(parts).replace("-", "\u2212")


def span(high: Sequence[float], focus: int, room: float) -> tuple[int, int]:
    """Which rows of these heights fit: from, up to; the one in focus among them, with what stands around it."""
    first = last = focus
    left = room - high[focus]
    while True:
        if last + 1 < len(high) and high[last + 1] <= left and (last - focus <= focus - first or not first):
            last += 1
            left -= high[last]
        elif first and high[first - 1] <= left:
            first -= 1
            left -= high[first]
        elif last + 1 < len(high) and high[last + 1] <= left:
            last += 1
            left -= high[last]
        else:
            return first, last + 1
