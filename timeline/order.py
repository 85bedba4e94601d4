"""The running order: which steps a show has, and when the cues of a step come.

Pure: lengths of material are handed in, nothing is opened. The schedule of a step says when each cue begins and
ends if nobody interferes; the engine gets the same waits as commands and needs no clock but its own frames.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from timeline.model import (
    AnyCue,
    Bars,
    Fade,
    FadeCue,
    OtherCue,
    Scene,
    Set,
    SetEntry,
    Song,
    SongCue,
    StopCue,
    Timeline,
)
from timeline.times import TempoMap

LEAVE = Fade(Fraction(3, 2))  # how a cue goes out where neither it nor the defaults say
OVER = Fraction(3, 2)  # how long `fade` takes where it does not say


class Step(Struct, frozen=True):
    """What one GO fires: a run of cues of one scene, or a scene's card. `scene` counts from 0."""

    index: int
    scene: int
    cues: tuple[AnyCue, ...]
    chains: bool = False  # its last cue goes on into the next scene by itself

    @property
    def songs(self) -> tuple[SongCue, ...]:
        """Its song cues that are armed, in order."""
        return tuple(c for c in self.cues if isinstance(c, SongCue) and c.armed)


def running_order(timeline: Timeline) -> tuple[Step, ...]:
    """All steps, in the order of the file."""
    runs = [(s, run) for s, scene in enumerate(timeline.scenes) for run in _runs(scene)]
    return tuple(
        Step(i, s, run, chains=bool(run) and run[-1].then != "wait" and i + 1 < len(runs))
        for i, (s, run) in enumerate(runs)
    )


class CountIn(Struct, frozen=True):
    """Clicks before a song: how many, how many make a bar, and the seconds from one to the next."""

    beats: int
    bar: int
    pace: Fraction

    @property
    def length(self) -> Fraction:
        """Seconds from the first click to the song."""
        return self.beats * self.pace


def count_in(entry: SetEntry, song: Song) -> CountIn | None:
    """The clicks before a song of a set; None where it has none, or no tempo to count by."""
    if entry.count is None or song.bpm is None or song.meter is None:
        return None
    number, unit = entry.count.split(" ")
    bar = song.meter[0]
    pace = TempoMap.constant(song.bpm, song.meter).seconds(Bars(1, Fraction(2)))
    return CountIn(int(number) * (bar if unit.startswith("bar") else 1), bar, pace)


def played(entries: Set, timeline: Timeline) -> tuple[tuple[int, SetEntry], ...]:
    """The songs of a set that the timeline has, each with its place among all of the set's, from 0."""
    return tuple((place, each) for place, each in enumerate(entries.songs) if each.song in timeline.songs)


def set_timeline(timeline: Timeline, entries: Set) -> Timeline:
    """A set as a show of its own: one scene a song, called by the song's id; all else is the file's.

    A song that comes again is `id:2`. A count-in is its cue's `pre-wait`. What cues take by default of the film's
    transitions is left out: in a set songs do not cross, and none outlives its step.
    """
    scenes: list[Scene] = []
    times: dict[str, int] = {}
    for number, (_, entry) in enumerate(played(entries, timeline), 1):
        song = timeline.songs[entry.song]
        times[entry.song] = turn = times.get(entry.song, 0) + 1
        scene = entry.song if turn == 1 else f"{entry.song}:{turn}"
        count = count_in(entry, song)
        cue = SongCue(
            key=f"{scene}#1", scene=scene, song=entry.song, pre_wait=count.length if count else Fraction(0),
            span=entry.span,
        )  # fmt: skip
        scenes.append(
            Scene(id=scene, title=song.title, number=str(number), note=entry.note, cues=(cue,), span=entry.span)
        )
    defaults = replace(timeline.defaults, crossfade=None, until=None)
    return replace(timeline, scenes=tuple(scenes), defaults=defaults)


def _runs(scene: Scene) -> list[tuple[AnyCue, ...]]:
    runs: list[list[AnyCue]] = []
    chained = False
    for cue in scene.cues:
        if chained:
            runs[-1].append(cue)
        else:
            runs.append([cue])
        chained = cue.then != "wait"
    return [tuple(run) for run in runs] or [()]


def leaving(cue: SongCue, timeline: Timeline) -> Fade:
    """How a song goes out when it is made to leave."""
    return cue.fade_out or timeline.defaults.fade_out or LEAVE


def crossfade(cue: SongCue, timeline: Timeline) -> Fade | None:
    """The crossfade it comes in with, if any."""
    return cue.crossfade or timeline.defaults.crossfade


def own_time(cue: AnyCue, timeline: Timeline) -> Fraction:
    """How long a cue without material takes: the time of a fade or a stop, nothing for the others."""
    match cue:
        case FadeCue():
            return OVER if cue.over is None else cue.over
        case StopCue():
            return (cue.fade_out or timeline.defaults.fade_out or LEAVE).length
        case _:
            return Fraction(0)


class Slot(Struct, frozen=True):
    """When a cue begins and ends, in seconds from its step's GO."""

    cue: AnyCue
    begin: Fraction
    end: Fraction


def schedule(
    step: Step, timeline: Timeline, length: Callable[[SongCue | OtherCue], Fraction]
) -> tuple[tuple[Slot, ...], Fraction]:
    """When the cues of a step come if nobody interferes, and when its chain into the next scene is due.

    `length` tells how long a song or a set sounds. Disarmed cues are passed and have no slot.
    """
    slots: list[Slot] = []
    due = Fraction(0)
    previous: AnyCue | None = None
    for cue in step.cues:
        if not cue.armed:
            continue
        begin = due + cue.pre_wait
        if isinstance(cue, SongCue) and previous is not None and previous.then == "follow" and slots:
            cross = crossfade(cue, timeline)
            if cross and isinstance(previous, SongCue):
                begin = max(slots[-1].begin, begin - cross.length)
        if isinstance(cue, SongCue) or (isinstance(cue, OtherCue) and cue.verb == "set"):
            took = length(cue)
        else:
            took = own_time(cue, timeline)
        slots.append(Slot(cue, begin, begin + took))
        due = (begin if cue.then == "continue" else begin + took) + cue.post_wait
        previous = cue
    return tuple(slots), due
