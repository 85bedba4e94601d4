"""Jumping for rehearsal: what a straight run would have sounding at some place of the show or the film. Pure.

The straight run is played without a sound by a mixer of its own; where that stands is what the engine takes over.

In film mode it is the film from its first frame, with nobody at the keys. In step mode it is every step before in
order, each with its own GO: at its film time where the step before it has one too, estimates as well, else when the
music of the step before is over, as in the programme; but never behind a later step that has a film time.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from msgspec.structs import replace

from player import actions as act
from player.engine import RATE
from player.engine.commands import Auto, Command, Restore, Resume, Roll, Stop, Target
from player.engine.feed import Silence
from player.engine.mixer import Mixer
from player.engine.status import Event, Fired
from player.horizon import horizon
from player.plan import Plan
from player.projection import Reel, due, program
from player.score import next_song
from player.show import GUARD, PREVIEW_LEAVE, UNDOS, Gone, Result, Show, step
from timeline import order
from timeline.model import AnyCue, OtherCue, SongCue
from timeline.times import frames

LONGEST: Final = 24 * 3600 * RATE  # frames that a step may take to come by itself


class _Run:
    """A show and a mixer in time that passes unheard."""

    def __init__(self, show: Show) -> None:
        self.show = Show(show.plan, number=show.number)
        self.mixer = Mixer(lambda token, source, at: Silence())

    def until(self, frame: int) -> None:
        """Let time pass to this frame."""
        while self.mixer.clock < frame:
            self.mixer.skip(min(frame - self.mixer.clock, self.mixer.until_next()))
            self._hear()

    def until_fired(self, wanted: int) -> bool:
        """Let time pass until a step comes by itself; False: it does not."""
        while wanted not in self.show.done:
            left = self.mixer.until_next()
            if self.mixer.clock + left > LONGEST:
                return False
            self.until(self.mixer.clock + left)
        return True

    def do(self, what: act.Action | Event) -> None:
        """Let the show take in something, and the mixer what comes of it."""
        self.show, commands = step(self.show, what, self.mixer.clock)
        self.send(commands)

    def send(self, commands: tuple[Command, ...]) -> None:
        """Commands for the mixer, at the frame where it stands."""
        if commands:
            self.mixer.inbox.append(commands)
            self.mixer.skip(0)
            self._hear()

    def _hear(self) -> None:
        while self.mixer.outbox:
            event = self.mixer.outbox.popleft()
            if isinstance(event, Fired):
                here = self.show.plan.marked(event.step)
                if here is None:
                    continue
                event = replace(event, step=here)
            self.do(event)


def jump(show: Show, at: int, now: int, *, runs: bool = True) -> Result:
    """The film clock to film frame `at`, with what should be sounding there. GOs before it cannot be undone."""
    there_from = horizon(show.plan, at)
    begin, come = there_from.begin, there_from.come
    run = _Run(show)
    made = program(show.plan, run.show.number, since=begin, begun=come)
    run.show = replace(run.show, number=made.free, pending=made.pending, reel=Reel(runs=True, armed=True), done=come)
    run.send((Roll(at=begin, runs=True, batch=made.batch),))
    run.until(at - begin)
    there = replace(run.mixer.moment(), rolls=runs)
    after = _taken_over(show, run.show, now - run.mixer.clock)
    standby = max(run.show.done, default=-1) + 1
    reel = Reel(at, now, runs=runs, armed=True)
    return replace(after, standby=standby, history=(), past={}, reel=reel), (Auto(0, ()), Restore(there))


def go(show: Show, now: int) -> Result:
    """GO on the standby step, with what a straight run would have sounding there."""
    if show.at_end or (show.last_go is not None and now - show.last_go < GUARD):
        return replace(show, ignored_go=now), ()
    there_at = due(show.plan, show.standby)
    if show.reel is not None and show.reel.armed and there_at is not None:
        after, commands = jump(show, there_at, now, runs=show.reel.runs)
        return replace(after, last_go=now, paused=False), (*_before(show), *commands)
    serial, wanted = show.number, show.standby
    run = _Run(replace(show, number=serial + 1))
    for place, frame in goes(show.plan, wanted):
        run.until(frame)
        run.do(act.Standby(place))
        run.do(act.Go(by_hand=False))
    if not run.until_fired(wanted):
        run.do(act.Standby(wanted))
        run.do(act.Go(by_hand=False))
    after = _taken_over(show, run.show, now - run.mixer.clock)
    serials = (serial, *range(serial + 1, run.show.number))
    gone = Gone(serials, wanted, wanted, show.fired, show.done, show.said)
    after = replace(after, history=(*show.history, gone)[-UNDOS:], last_go=now, paused=False, panic_at=None)
    return after, (*_before(show), Auto(0, ()), Restore(run.mixer.moment(), serial))


def goes(plan: Plan, last: int) -> list[tuple[int, int]]:
    """The steps up to `last` that a straight run gives a GO, and the frame of each from the first."""
    heads = [i for i in range(last + 1) if not (i and plan.steps[i - 1].chains) and (not i or plan.gap(i) is None)]
    ahead: list[int | None] = []  # by head, the film frame of the next one that has any, itself included
    for head in reversed(heads):
        film = due(plan, head)
        ahead.append(film if film is not None else ahead[-1] if ahead else None)
    ahead.reverse()
    found: list[tuple[int, int]] = []
    known: tuple[int, int] | None = None  # a film frame, and where in the run it lies
    at = 0
    for number, head in enumerate(heads):
        film = due(plan, head)
        if found:
            before = at
            at += _lasts(plan, heads[number - 1], head)
            next_film = ahead[number]
            if known is not None and next_film is not None:
                latest = known[1] + next_film - known[0]
                at = max(before, latest if film is not None else min(at, latest))
        if film is not None:
            known = film, at
        found.append((head, at))
    return found


def _lasts(plan: Plan, head: int, following: int) -> int:
    """Frames from a GO to when the programme gives the next."""
    begin, longest, place = Fraction(0), Fraction(0), head
    while True:
        slots, goes_on = plan.slots(place)
        music = [slot.end for slot in slots if _sounds(slot.cue)]
        longest = max(longest, begin + max(music, default=Fraction(0)))
        if not plan.steps[place].chains or place + 1 >= following:
            break
        begin, place = begin + goes_on - _crossed(plan, place), place + 1
    first = next_song(plan, following)
    cross = order.crossfade(first, plan.timeline) if first else None
    return frames(max(Fraction(0), longest - (cross.length if cross and longest else 0)))


def _crossed(plan: Plan, place: int) -> Fraction:
    """How much before its end the last song of a step brings the next step, which crosses it."""
    last = next((cue for cue in reversed(plan.steps[place].cues) if cue.armed), None)
    first = next((cue for cue in plan.steps[place + 1].cues if cue.armed), None)
    if last is None or last.then != "follow" or not _sounds(last) or not isinstance(first, SongCue):
        return Fraction(0)
    cross = order.crossfade(first, plan.timeline)
    return cross.length if cross else Fraction(0)


def _sounds(cue: AnyCue) -> bool:
    return isinstance(cue, SongCue) or (isinstance(cue, OtherCue) and cue.verb == "set")


def _taken_over(show: Show, there: Show, later: int) -> Show:
    """The show as the straight run left it, `later` frames of the clock after that."""
    old = tuple(replace(each, leaving=each.leaving or not each.preview) for each in show.sounding)
    new = tuple(replace(each, started=each.started + later) for each in there.sounding)
    awaited = replace(there.awaited, clock=there.awaited.clock + later) if there.awaited else None
    return replace(
        show, number=there.number, standby=there.standby, fired=there.fired, done=there.done, said=there.said,
        sounding=(*old, *new), cast=there.cast, runs=there.runs, pending=there.pending, awaited=awaited,
        armed=there.armed, over=None, unsent=(), undone=None, stop_after=False, again=False,
    )  # fmt: skip


def _before(show: Show) -> tuple[Command, ...]:
    """What every GO does first."""
    resume: tuple[Command, ...] = (Resume(),) if show.paused else ()
    preview = Stop(Target("voice", voice=show.preview), PREVIEW_LEAVE) if show.preview is not None else None
    return (*resume, preview) if preview else resume
