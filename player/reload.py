"""A file that changed while its show runs: which step of before is which now, and what the engine calls each.

Steps are known by the ids of their cues; cues without one by what they do and where they stand. Only names are
compared, so that a window which takes over from one that died can do the same with what that one left behind.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from player.plan import ROOM, Plan
from player.score import Part
from player.show import Show, Sounding
from timeline.model import AnyCue, FadeCue, OtherCue, SayCue, SongCue, StopCue

FRESH: Final = 1 << 24  # marks of steps that were written later are above this

CueName = tuple[str | None, str, str]  # its id, its verb, what that is done to
Places = tuple[int | None, ...]


class Names(Struct, frozen=True):
    """What the steps and scenes of a plan are known by. Can be pickled."""

    scenes: tuple[tuple[str, str], ...]  # id and title
    steps: tuple[tuple[int, tuple[CueName, ...]], ...]  # its scene, its cues
    marks: tuple[int, ...]
    places: tuple[int, ...]
    set_id: str | None = None


def names(plan: Plan) -> Names:
    """Of a plan."""
    apart = "" if plan.set_id is None else f"{plan.set_id}/"  # a song's step is no scene of that name
    return Names(
        tuple((apart + scene.id, apart + scene.title) for scene in plan.timeline.scenes),
        tuple((step.scene, tuple(_name(cue) for cue in step.cues)) for step in plan.steps),
        tuple(plan.mark(step) for step in range(len(plan.steps))),
        tuple(plan.place(scene) for scene in range(len(plan.timeline.scenes))),
        plan.set_id,
    )


def _name(cue: AnyCue) -> CueName:
    match cue:
        case SongCue():
            return cue.id, "song", cue.song
        case StopCue():
            return cue.id, "stop", cue.target
        case FadeCue():
            return cue.id, "fade", cue.target
        case SayCue():
            return cue.id, "say", cue.text
        case OtherCue():
            return cue.id, cue.verb, cue.target or " ".join(map(str, cue.messages))


def moved(old: Names, new: Names) -> Places:
    """Where each step of `old` is in `new`; None where it is gone."""
    if old.steps == new.steps and old.scenes == new.scenes:
        return tuple(range(len(old.steps)))
    scenes = _scenes(old, new)
    was, now = _by_scene(old), _by_scene(new)
    by_id = {cue[0]: step for step, (_, cues) in enumerate(new.steps) for cue in cues if cue[0]}
    found: list[int | None] = [None] * len(old.steps)
    for scene, steps in enumerate(was):
        there = scenes[scene]
        here = now[there] if there is not None else ()
        for step, where in zip(steps, _in_scene(old, new, steps, here, by_id), strict=True):
            found[step] = where
    return tuple(found)


def _in_scene(
    old: Names, new: Names, steps: Sequence[int], here: Sequence[int], by_id: dict[str, int]
) -> Iterator[int | None]:
    """Where the steps of one scene are, which is made of the steps `here` now."""
    before = [(step, cue) for step in steps for cue in old.steps[step][1]]
    ids = {cue[0] for _, cue in before}
    where = {number: by_id[cue[0]] for number, (_, cue) in enumerate(before) if cue[0] and cue[0] in by_id}
    loose = [number for number in range(len(before)) if number not in where]
    after = [(step, cue) for step in here for cue in new.steps[step][1] if cue[0] is None or cue[0] not in ids]
    for one, other in _aligned([before[number][1][1:] for number in loose], [cue[1:] for _, cue in after]):
        where[loose[one]] = after[other][0]
    card = next((step for step in here if not new.steps[step][1]), None)
    place = 0
    for step in steps:
        count = len(old.steps[step][1])
        own = (where[number] for number in range(place, place + count) if number in where)
        yield next(own, card if count else next(iter(here), None))
        place += count


def _aligned(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Pairs of places of what is the same, and of what stands in its stead."""
    for word, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if word == "equal" or (word == "replace" and b - a == d - c):
            yield from zip(range(a, b), range(c, d), strict=True)


def _by_scene(of: Names) -> list[list[int]]:
    steps: list[list[int]] = [[] for _ in of.scenes]
    for step, (scene, _) in enumerate(of.steps):
        steps[scene].append(step)
    return steps


def _scenes(old: Names, new: Names) -> Places:
    """Where each scene is; one whose id changed is known by its title."""
    ids = {ident: place for place, (ident, _) in enumerate(new.scenes)}
    known = {ident for ident, _ in old.scenes}
    titles = {title: place for place, (ident, title) in enumerate(new.scenes) if ident not in known}
    return tuple(ids[ident] if ident in ids else titles.pop(title, None) for ident, title in old.scenes)


def carried(old: Names, plan: Plan, show: Show) -> tuple[Plan, Places, Show]:
    """The plan with the marks and places the engine knows, where each step of `old` is in it, and the show with
    the numbers taken that new steps were given.
    """
    new = names(plan)
    now = moved(old, new)
    marks: list[int | None] = [None] * len(plan.steps)
    for step, there in reversed(list(enumerate(now))):
        if there is not None:
            marks[there] = old.marks[step]
    free = show.number
    for step, mark in enumerate(marks):
        if mark is None:
            marks[step], free = FRESH + free, free + 1
    quiet = not show.sounding and not show.cast
    places = plan.places if quiet else _numbered(old, new)
    given = tuple(mark for mark in marks if mark is not None)
    kept = replace(plan, marks=None if given == tuple(range(len(given))) else given, places=places)
    return kept, now, replace(show, number=free)


def _numbered(old: Names, new: Names) -> tuple[int, ...]:
    """Numbers for the scenes of now that rise, and are those of before as far as the order is the same."""
    before: list[int | None] = [None] * len(new.scenes)
    for scene, there in enumerate(_scenes(old, new)):
        if there is not None:
            before[there] = old.places[scene]
    keep = _rising(before)
    numbers: list[int] = []
    for scene in range(len(before)):
        number = before[scene]
        if scene in keep and number is not None:
            numbers.append(number)
            continue
        low = numbers[-1] if numbers else -ROOM
        ahead = next((place for place in range(scene, len(before)) if place in keep), None)
        high = before[ahead] if ahead is not None else None
        if high is None:
            numbers.append(low + ROOM)
        elif ahead is not None and (gap := (high - low) // (ahead - scene + 1)):
            numbers.append(low + gap)
        else:  # no room is left between two scenes: what sounds may leave with the wrong one
            return tuple(range(0, ROOM * len(before), ROOM))
    return tuple(numbers)


def _rising(numbers: Sequence[int | None]) -> set[int]:
    """The places of a longest run of numbers that rise."""
    ends: list[int] = []  # the smallest end of a run of each length
    at: list[int] = []
    back: dict[int, int] = {}
    for place, number in enumerate(numbers):
        if number is None:
            continue
        length = bisect_left(ends, number)
        ends[length:] = [number, *ends[length + 1 :]]
        at[length:] = [place, *at[length + 1 :]]
        if length:
            back[place] = at[length - 1]
    run: set[int] = set()
    place_or_none = at[-1] if at else None
    while place_or_none is not None:
        run.add(place_or_none)
        place_or_none = back.get(place_or_none)
    return run


def sounding_songs(show: Show) -> set[str]:
    """The ids of songs that sound or are about to."""
    voices: list[Sounding | Part] = [*show.sounding, *show.cast.values()]
    return {each.cue.song for each in voices}
