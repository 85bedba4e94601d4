"""A step as the engine's commands: what one GO means, to the frame.

Each cue becomes a start, a move or a stop; what it waits for becomes a `Later`. Only the end of a song is left
for the engine to find, since a seek, a pause or a fade may move it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from player.engine.commands import (
    UNTIL_END,
    UNTIL_SCENE,
    Batch,
    Command,
    Enter,
    Later,
    Move,
    Pass,
    Shape,
    Start,
    Stop,
    Target,
)
from player.plan import Plan
from timeline import order
from timeline.model import AnyCue, Fade, FadeCue, SongCue, StopCue
from timeline.times import frames


@dataclass(frozen=True, slots=True)
class Part:
    """A voice of the score: which cue it plays, for which firing of which step."""

    voice: int
    cue: SongCue
    step: int
    serial: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Score:
    """The commands of a GO, the voices in it, and the first number that is free after it."""

    batch: Batch
    parts: tuple[Part, ...]
    serials: tuple[int, ...]  # one for each step fired, chained ones included
    free: int


def shape(fade: Fade | None) -> Shape | None:
    """A fade of the timeline in frames."""
    return Shape(frames(fade.length), fade.curve) if fade else None


def score(plan: Plan, step: int, free: int) -> Score:
    """What GO on `step` means. `free` is the first number for voices, laters and firings not yet taken."""
    writer = Writer(plan, free)
    writer.enter(step)
    writer.run(step)
    while plan.steps[step].chains:
        step += 1
        writer.enter(step)
        writer.run(step)
    return writer.done()


NOTHING: Final = Later(0, ())  # waits for nothing but the zero of its batch


@dataclass(frozen=True, slots=True)
class Gate:
    """What the next cue waits for: the batch's zero, a later, or the end of a voice; and how long after it.

    `due` counts seconds from the zero or the voice's end, and the later stands at frame `met` of the same count: so
    every wait is rounded as part of one sum, and a hundred of them are still right to the frame.
    """

    later: Later = NOTHING
    due: Fraction = Fraction(0)
    met: int = 0


class Writer:
    """Writes steps one after another. `gate` is what the next cue waits for; set it to begin elsewhere."""

    def __init__(self, plan: Plan, free: int) -> None:
        self.plan = plan
        self.gate = Gate()
        self.ended = Gate()  # the end of the cue written last, whatever its `then`
        self._numbers = itertools.count(free)
        self._batch: list[Command] = []
        self._parts: list[Part] = []
        self._serials: list[int] = []
        self._serial = 0

    def done(self) -> Score:
        """All that was written."""
        return Score(tuple(self._batch), tuple(self._parts), tuple(self._serials), next(self._numbers))

    def enter(self, step: int) -> None:
        """Write that a step is fired and its scene entered."""
        self._serial = next(self._numbers)
        self._serials.append(self._serial)
        plan = self.plan
        self._put((Enter(plan.mark(step), plan.place(plan.steps[step].scene), self._serial),))

    def run(self, step: int) -> None:
        """Write the cues of a step."""
        for cue in self.plan.steps[step].cues:
            if cue.armed:
                self._cue(cue, step)

    def _cue(self, cue: AnyCue, step: int) -> None:
        self._wait(cue.pre_wait)
        if isinstance(cue, SongCue):
            start = self._start(cue, step)
            if self.gate.later.end_of and start.crossfade:
                self.gate = replace(self.gate, later=replace(self.gate.later, lead=start.crossfade.frames))
            self._put((start,))
            self.ended = Gate(Later(0, (), end_of=start.voice))
            self.gate = replace(self.gate, later=replace(self.gate.later, owner=start.voice))
        else:
            self._put((*self._commands(cue), Pass(cue.key)))
            took = order.own_time(cue, self.plan.timeline)
            self.ended = replace(self.gate, due=self.gate.due + took)
        if cue.then == "follow":
            self.gate = self.ended
        self._wait(cue.post_wait)

    def _wait(self, seconds: Fraction) -> None:
        self.gate = replace(self.gate, due=self.gate.due + seconds)

    def _put(self, batch: Batch) -> None:
        """Let `batch` come when it is due; what follows waits for it."""
        gate, at = self.gate, frames(self.gate.due)
        wait = at - gate.met
        if not (wait or gate.later.after or gate.later.end_of):
            self._batch.extend(batch)
            return
        token = next(self._numbers)
        self._batch.append(replace(gate.later, token=token, batch=batch, frames=wait, serial=self._serial))
        self.gate = Gate(Later(0, (), after=token), gate.due, at)

    def _start(self, cue: SongCue, step: int) -> Start:
        plan, defaults = self.plan, self.plan.timeline.defaults
        begin, end = plan.bounds(cue)
        voice = next(self._numbers)
        self._parts.append(Part(voice, cue, step, self._serial, begin, end))
        written_end = shape(cue.fade_out) if plan.written_end(cue) else None
        return Start(
            voice,
            plan.spec(cue),
            begin,
            end,
            gain_db=cue.gain if cue.gain is not None else defaults.gain or 0.0,
            leave=shape(order.leaving(cue, plan.timeline)) or Shape(0),
            rise=shape(cue.fade_in or defaults.fade_in),
            shape=written_end,
            cut=plan.cut(cue) and not (written_end and written_end.frames),
            crossfade=shape(order.crossfade(cue, plan.timeline)),
            serial=self._serial,
            song=cue.song,
            cue=cue.key,
            scene=plan.place(plan.steps[step].scene),
            until=self._until(cue.until or defaults.until),
        )

    def _until(self, until: str | None) -> int:
        if until in (None, "scene"):
            return UNTIL_SCENE
        if until == "end":
            return UNTIL_END
        ids = [scene.id for scene in self.plan.timeline.scenes]
        return self.plan.place(ids.index(until)) if until in ids else UNTIL_SCENE

    def _commands(self, cue: AnyCue) -> Batch:
        match cue:
            case FadeCue():
                over = frames(order.own_time(cue, self.plan.timeline))
                return (Move(self._target(cue.target), cue.level, over),)
            case StopCue():
                return (Stop(self._target(cue.target), shape(cue.fade_out)),)
            case _:
                return ()

    def _target(self, target: str) -> Target:
        if target == "all":
            return Target("all", serial=self._serial)
        return Target("song" if target in self.plan.timeline.songs else "cue", target)
