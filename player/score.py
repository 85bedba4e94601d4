"""A step as the engine's commands: what one GO means, to the frame.

Each cue becomes a start, a move or a stop; what it waits for becomes a `Later`. Only the end of a song is left
for the engine to find, since a seek, a pause or a fade may move it.
"""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from player.engine.commands import (
    DECLICK,
    UNTIL_END,
    UNTIL_SCENE,
    Batch,
    Command,
    Enter,
    Hold,
    Later,
    Move,
    Pass,
    Release,
    Shape,
    Start,
    Stop,
    Target,
)
from player.engine.source import Region
from player.plan import Member, Plan
from timeline import order, outputs
from timeline.model import AnyCue, Fade, FadeCue, OtherCue, SongCue, StopCue, Timeline
from timeline.times import frames


class Part(Struct, frozen=True):
    """A voice of the score: which cue it plays, for which firing of which step."""

    voice: int
    cue: SongCue
    step: int
    serial: int
    begin: int
    end: int
    region: Region | None = None  # the part of it that repeats
    count: bool = False  # it is what counts in the song of its cue


class Run(Struct, frozen=True):
    """A set that begins again: what its next round waits for, and which voice opens the last round written."""

    cue: OtherCue
    step: int
    serial: int
    scene: int
    rounds: int  # written so far
    opens: int
    last: int


class Score(Struct, frozen=True):
    """The commands of a GO, the voices in it, and the first number that is free after it."""

    batch: Batch
    parts: tuple[Part, ...]
    serials: tuple[int, ...]  # one for each step fired, chained ones included
    free: int
    runs: tuple[Run, ...] = ()


def shape(fade: Fade | None) -> Shape | None:
    """A fade of the timeline in frames."""
    return Shape(frames(fade.length), fade.curve) if fade else None


def next_song(plan: Plan, step: int) -> SongCue | None:
    """The first song of this step, or of those behind it where steps without a song take no time."""
    while step < len(plan.steps) and not plan.music(step) and not plan.steps[step].chains:
        step += 1
    return plan.first_song(step) if step < len(plan.steps) else None


def score(plan: Plan, step: int, free: int, hands_free: bool = False) -> Score:
    """What GO on `step` means. `free` is the first number for voices, laters and firings not yet taken.

    `hands_free`: nobody will press GO, so what waits for it ends by itself.
    """
    writer = Writer(plan, free, hands_free)
    writer.enter(step)
    writer.run(step)
    writer.chain(step)
    return writer.done()


def fired(plan: Plan, step: int, place: int, scene: int | None, free: int, hands_free: bool = False) -> Score:
    """What a hotkey means: the cue at `place` of a step and what is chained to it, and no scene is entered.

    `scene` is the one that is on now (as the engine calls it), whose end these voices then meet.
    """
    writer = Writer(plan, free, hands_free)
    writer.aside(step, place, scene)
    writer.chain(step)
    return writer.done()


def again(plan: Plan, run: Run, free: int) -> Score:
    """The next round of a set that begins again."""
    writer = Writer(plan, free)
    writer.round(run)
    return writer.done()


NOTHING: Final = Later(0, ())  # waits for nothing but the zero of its batch


class Gate(Struct, frozen=True):
    """What the next cue waits for: the batch's zero, a later, or the end of a voice; and how long after it.

    `due` counts seconds from the zero or the voice's end, and the later stands at frame `met` of the same count: so
    every wait is rounded as part of one sum, and a hundred of them are still right to the frame.
    """

    later: Later = NOTHING
    due: Fraction = Fraction(0)
    met: int = 0


class Writer:
    """Writes steps one after another. `gate` is what the next cue waits for; set it to begin elsewhere."""

    def __init__(self, plan: Plan, free: int, hands_free: bool = False) -> None:
        self.plan = plan
        self.hands_free = hands_free
        self.gate = Gate()
        self.ended = Gate()  # the end of the cue written last, whatever its `then`
        self._numbers = itertools.count(free)
        self._batch: list[Command] = []
        self._parts: list[Part] = []
        self._serials: list[int] = []
        self._runs: list[Run] = []
        self._serial = 0
        self._scene: int | None = None  # that voices belong to, where it is not their cue's
        self._endless = False  # what would come now waits for an end that never comes

    def done(self) -> Score:
        """All that was written."""
        return Score(
            tuple(self._batch), tuple(self._parts), tuple(self._serials), next(self._numbers), tuple(self._runs)
        )

    def enter(self, step: int, *, early: bool = False, opens: bool = False) -> None:
        """Write that a step is fired and its scene entered; `early` and `opens` as in `Enter`."""
        self._serial = next(self._numbers)
        self._serials.append(self._serial)
        self._scene = None
        plan = self.plan
        first = next((cue for cue in plan.steps[step].cues if cue.armed), None)
        self._lead(shape(order.crossfade(first, plan.timeline)) if isinstance(first, SongCue) else None)
        self._put((Enter(plan.mark(step), plan.place(plan.steps[step].scene), self._serial, early, opens),))

    def run(self, step: int) -> None:
        """Write the cues of a step."""
        self._cues(self.plan.steps[step].cues, step)

    def chain(self, step: int) -> None:
        """Write the steps that a step's last cue goes on into."""
        while self.plan.steps[step].chains:
            step += 1
            self.enter(step)
            self.run(step)

    def aside(self, step: int, place: int, scene: int | None) -> None:
        """Write the cues of a step from `place` on, as a firing that enters no scene."""
        self._serial = next(self._numbers)
        self._serials.append(self._serial)
        self._scene = scene
        self._cues(self.plan.steps[step].cues[place:], step)

    def round(self, run: Run) -> None:
        """Write one more round of a set."""
        self._serial, self._scene = run.serial, run.scene
        self._songs(run.cue, run.step, run.rounds, run.last)

    def _cues(self, cues: tuple[AnyCue, ...], step: int) -> None:
        armed = [cue for cue in cues if cue.armed]
        for cue, following in itertools.zip_longest(armed, armed[1:]):
            self._cue(cue, step, following)

    def _cue(self, cue: AnyCue, step: int, following: AnyCue | None) -> None:
        if isinstance(cue, SongCue):
            self._count(cue, step)
        self._wait(cue.pre_wait)
        if isinstance(cue, SongCue):
            start = self._start(cue, step)
            under = self._under(cue, following)
            if under:
                start = replace(start, shape=under, cut=False)
            self._lead(start.crossfade)
            self._begin(start)
            self.ended = Gate(Later(0, (), end_of=start.voice))
        elif isinstance(cue, OtherCue) and cue.verb == "set" and self.plan.members(cue):
            self._songs(cue, step, 0, 0)
        else:
            self._put((*self._commands(cue), Pass(cue.key)))
            took = order.own_time(cue, self.plan.timeline)
            self.ended = replace(self.gate, due=self.gate.due + took)
        if cue.then == "follow":
            self.gate = self.ended
        self._wait(cue.post_wait)

    def _lead(self, crossfade: Shape | None) -> None:
        """What waits for the end of a voice comes so much before it."""
        if self.gate.later.end_of and crossfade:
            self.gate = replace(self.gate, later=replace(self.gate.later, lead=crossfade.frames))

    def _under(self, cue: SongCue, following: AnyCue | None) -> Shape | None:
        """How a song goes out under the next one of its step, which comes before its end by a crossfade."""
        if cue.then != "follow" or not isinstance(following, SongCue):
            return None
        cross = shape(order.crossfade(following, self.plan.timeline))
        both = cross.frames - frames(cue.post_wait + following.pre_wait) if cross else 0
        return Shape(both, cross.curve) if cross and both > 0 else None

    def _count(self, cue: SongCue, step: int) -> None:
        """Write the clicks before a song of a set; its cue waits as long as they take, and not if they are stopped."""
        spec = self.plan.clicks(step)
        if spec is None:
            return
        voice = next(self._numbers)
        self._parts.append(Part(voice, cue, step, self._serial, 0, spec.frames, count=True))
        scene = self.plan.place(self.plan.steps[step].scene)
        start = Start(voice, spec, 0, spec.frames, 0.0, DECLICK, song=cue.song, cue=cue.key, scene=scene)
        self._begin(replace(start, serial=self._serial, output=outputs.counts_on(self.plan.timeline)))

    def _begin(self, start: Start) -> None:
        """Let a voice start when it is due; what follows waits, and not if the voice is made to leave meanwhile."""
        self._put((start,))
        self.gate = replace(self.gate, later=replace(self.gate.later, owner=start.voice))

    def _songs(self, cue: OtherCue, step: int, rounds: int, before: int) -> None:
        """Write a round of a set, behind the voice `before` if that is one of an earlier round.

        One that begins again is written two rounds ahead, so that a dead window does not end it at once.
        """
        repeats = cue.repeat and not self.hands_free
        outside: Gate | None = None
        previous, opens = before, 0
        for turn in range(rounds, rounds + (2 if repeats and not before else 1)):
            members = self._drawn(cue, turn)
            for place, member in enumerate(members):
                following = members[place + 1].gap if place + 1 < len(members) else members[0].gap
                more = repeats or place + 1 < len(members)
                start = self._start(member.cue, step)
                start = _joined(start, cue, self.plan.timeline, previous > 0, member.gap, following if more else None)
                if previous:
                    crossed = shape(cue.crossfade) if not member.gap else None
                    lead = crossed.frames if crossed else 0
                    self.gate = Gate(Later(0, (), end_of=previous, lead=lead, member=True), member.gap)
                self._begin(start)
                outside = outside or self.gate
                opens = start.voice if place == 0 else opens
                previous = start.voice
        self.gate = outside or self.gate
        self.ended = Gate(Later(0, (), end_of=previous))
        if repeats:
            scene = self._scene if self._scene is not None else self.plan.place(self.plan.steps[step].scene)
            self._runs.append(Run(cue, step, self._serial, scene, turn + 1, opens, previous))
            self._endless = cue.then == "follow"

    def _drawn(self, cue: OtherCue, turn: int) -> tuple[Member, ...]:
        """The songs of one round: as written, or in an order of chance that is the same for the same firing."""
        members = self.plan.members(cue)
        if not cue.shuffle:
            return members
        return tuple(random.Random(f"{cue.key} {self._serial} {turn}").sample(members, len(members)))

    def _wait(self, seconds: Fraction) -> None:
        self.gate = replace(self.gate, due=self.gate.due + seconds)

    def _put(self, batch: Batch) -> None:
        """Let `batch` come when it is due; what follows waits for it."""
        if self._endless:
            return
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
        region = plan.region(cue, self.hands_free)
        voice = next(self._numbers)
        self._parts.append(Part(voice, cue, step, self._serial, begin, end, region))
        written_end = shape(cue.fade_out) if plan.written_end(cue) else None
        return Start(
            voice,
            plan.spec(cue, self.hands_free),
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
            scene=self._scene if self._scene is not None else plan.place(plan.steps[step].scene),
            until=self._until(cue.until or defaults.until),
            pan=float(cue.pan or 0),
            exit=next(self._numbers) if region else 0,
            duck_db=-abs(cue.duck or 0.0),
            output=outputs.heard_on(plan.timeline, cue.output),
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
            case OtherCue(verb="pause", target=str(target)):
                return (Hold(self._target(target)),)
            case OtherCue(verb="resume", target=str(target)):
                return (Release(self._target(target)),)
            case _:
                return ()

    def _target(self, target: str) -> Target:
        if target == "all":
            return Target("all", serial=self._serial)
        return Target("song" if target in self.plan.timeline.songs else "cue", target)


def _joined(
    start: Start, cue: OtherCue, timeline: Timeline, follows: bool, gap: Fraction, following: Fraction | None
) -> Start:
    """A song of a set as it joins the one before it and the one behind it, which comes after the gap `following`."""
    first = shape(cue.crossfade or timeline.defaults.crossfade)
    if not follows:
        start = replace(start, crossfade=first)
    else:
        start = replace(start, crossfade=None, rise=shape(cue.crossfade) if cue.crossfade and not gap else start.rise)
    if cue.crossfade and following is not None and not following:
        return replace(start, shape=shape(cue.crossfade), cut=False)
    return start
