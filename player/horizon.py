"""Where a straight run of the film may begin, so that nothing is missing at some frame of it. Pure.

Every firing reaches only so far: its songs end, or leave with their scene; then nothing of it sounds, waits or acts
any more. What reaches neither the frame that is asked for nor anything that does need not be played.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from player.engine import RATE
from player.engine.commands import UNTIL_SCENE, Batch, Command, Enter, Hold, Later, Move, Start, Stop
from player.plan import Plan
from player.projection import frame, program, written
from timeline.model import OtherCue
from timeline.times import frames

NEVER: Final = 1 << 62
SLACK: Final = 2 * RATE  # frames after which what a song has put on others is over, and every edge


class Reach(Struct, frozen=True):
    """What comes at film frame `begin`, with all that follows from it."""

    begin: int
    acts: int  # the last film frame at which it may do something
    lasts: int  # the last at which something of it may sound
    steps: tuple[int, ...]  # that have come when it is over
    opens: bool  # it is the entering of a scene and no more


class Horizon(Struct, frozen=True):
    """A straight run begins at film frame `begin`, and `come` are the steps that came before."""

    begin: int
    come: frozenset[int]


def horizon(plan: Plan, at: int) -> Horizon:
    """The latest beginning of a straight run that has everything right at film frame `at`."""
    reaches = _reaches(plan)
    before = reaches[: bisect_right(reaches, at, key=lambda each: each.begin)]
    begin = min([at, *(each.begin for each in before[-1:])])  # what came last tells what is on
    begin = min([begin, *(each.begin for each in [each for each in before if not each.opens][-1:])])
    begin = min([begin, *(each.begin for each in before if each.lasts >= at)])
    for each in reversed(before):
        if each.begin < begin <= each.acts:
            begin = each.begin
    return Horizon(begin, frozenset(step for each in before if each.begin < begin for step in each.steps))


@lru_cache(maxsize=2)
def _reaches(plan: Plan) -> tuple[Reach, ...]:
    """Of all that comes by the film, in the order in which it comes."""
    walk = _Walk(plan)
    for later in sorted(program(plan, 1).batch, key=lambda each: each.token if isinstance(each, Later) else 0):
        if isinstance(later, Later):
            walk.top(later)
    return tuple(sorted(walk.done(), key=lambda each: each.begin))


class _Group(Struct):
    begin: int
    acts: int
    lasts: int
    steps: list[int]
    opens: bool


class _Wait(Struct, frozen=True):
    """When something is over, at the latest; and whether what waits for that comes.

    sure: nothing in the film acts on it, else only a run can tell.
    """

    group: int
    at: int
    comes: bool = True
    exit: int = NEVER
    sure: bool = True


class _Walk:
    """Adds up when everything comes at the latest, song by song."""

    def __init__(self, plan: Plan) -> None:
        self._steps = {plan.mark(step): step for step in range(len(plan.steps))}
        scenes = enumerate(plan.timeline.scenes)
        entries = sorted((frame(scene.at), plan.place(i)) for i, scene in scenes if scene.at is not None)
        self._entries, self._places = [at for at, _ in entries], [place for _, place in entries]
        self._held = set[tuple[str, str]]()  # whom cues let stand still, so that they last for any time
        self._ended = set[tuple[str, str]]()  # whom cues end
        self._leave = SLACK  # how long a song takes to go out, at most
        self._longer = dict(_drawn(plan))
        self._again = {cue.key for each in plan.steps for cue in each.cues if isinstance(cue, OtherCue) and cue.repeat}
        for step in range(len(plan.steps)):
            self._look(written(plan, step))
        self._groups: list[_Group] = []
        self._tokens: dict[int, _Wait] = {}
        self._voices: dict[int, _Wait] = {}

    def done(self) -> list[Reach]:
        """All that was added."""
        return [Reach(each.begin, each.acts, each.lasts, tuple(each.steps), each.opens) for each in self._groups]

    def top(self, later: Later) -> None:
        """Add what comes by itself, in the order of the numbers."""
        if later.after or later.end_of:
            self._later(later, _Wait(0, 0))
            return
        opens = all(isinstance(each, Enter) and each.opens for each in later.batch)
        self._groups.append(_Group(later.frames, later.frames, later.frames, [], opens))
        self._come(later, _Wait(len(self._groups) - 1, later.frames))

    def _later(self, later: Later, now: _Wait) -> None:
        wait: _Wait | None = now
        if later.end_of or later.after:
            wait = self._voices.get(later.end_of) if later.end_of else self._tokens.get(later.after)
        if wait is None:
            return  # it waits for what never comes
        comes = wait.comes and wait.at - later.lead <= wait.exit
        at = min(NEVER, self._over(wait) + later.frames)
        self._come(later, _Wait(wait.group, at, comes, sure=wait.sure))

    def _over(self, wait: _Wait) -> int:
        return min(wait.at, wait.exit + self._leave)

    def _come(self, later: Later, now: _Wait) -> None:
        self._tokens[later.token] = now
        group = self._groups[now.group]
        group.acts = max(group.acts, now.at)
        group.lasts = max(group.lasts, min(NEVER, now.at + SLACK))
        for each in later.batch:
            match each:
                case Later():
                    self._later(each, now)
                case Start():
                    self._start(each, now, group)
                case Move() | Stop():
                    group.lasts = max(group.lasts, min(NEVER, now.at + self._leave))
                case Enter() if not each.opens and each.step in self._steps:
                    if now.comes:
                        group.steps.append(self._steps[each.step])
                    if not now.sure:
                        group.lasts = NEVER

    def _start(self, start: Start, now: _Wait, group: _Group) -> None:
        loop = start.source.loop
        named = {("all", ""), ("song", start.song), ("cue", start.cue)}
        held = not named.isdisjoint(self._held)
        endless = held or (loop is not None and not loop.times)
        added = loop.added if loop is not None else 0
        added += self._longer.get(start.cue, 0)
        end = NEVER if endless else min(NEVER, now.at + start.end - start.begin + added)
        leaves = self._exit(now.at, start.scene) if start.until == UNTIL_SCENE else NEVER
        over = _Wait(now.group, end, now.comes, leaves, now.sure and not held and named.isdisjoint(self._ended))
        self._voices[start.voice] = over
        if start.cue in self._again:  # rounds are still to be written
            over = replace(over, at=NEVER)
        group.lasts = max(group.lasts, min(NEVER, self._over(over) + SLACK))

    def _exit(self, at: int, scene: int) -> int:
        """When the next scene is entered after film frame `at` that is another one than `scene`."""
        for place in range(bisect_right(self._entries, at), len(self._entries)):
            if self._places[place] != scene:
                return self._entries[place]
        return NEVER

    def _look(self, batch: Batch) -> None:
        for each in batch:
            if isinstance(each, Later):
                self._look(each.batch)
            if isinstance(each, Hold):
                self._held.add((each.target.kind, each.target.key))
            if isinstance(each, Stop) or (isinstance(each, Move) and each.level_db == -math.inf):
                self._ended.add((each.target.kind, each.target.key))
            self._leave = max(self._leave, _takes(each) + SLACK)


def _drawn(plan: Plan) -> Iterator[tuple[str, int]]:
    """By cue, the frames by which a set in an order of chance may last longer than in another one.

    The gap before the song that is drawn first is not waited for, and that song is not crossed with one before it.
    """
    for step in plan.steps:
        for cue in step.cues:
            if isinstance(cue, OtherCue) and cue.shuffle:
                gap = max((member.gap for member in plan.members(cue)), default=Fraction(0))
                yield cue.key, frames(max(gap, cue.crossfade.length if cue.crossfade else Fraction(0)))


def _takes(command: Command) -> int:
    """How long something takes to go out through a command, at the most."""
    match command:
        case Start(leave=leave, crossfade=crossfade):
            return max(leave.frames, crossfade.frames if crossfade else 0)
        case Stop(shape=shape) if shape is not None:
            return shape.frames
        case Move(frames=frames):
            return frames
    return 0
