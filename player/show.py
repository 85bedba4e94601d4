"""The show: the only state machine. (state, what happens, now) -> (state, commands).

Pure: it opens nothing and asks no clock. `now` is the engine's clock in frames, paused ones included, so the guard
of GO counts the show's own time, faster than real time too. Standby, GO, guard, panic and preview live here;
what sounds at which frame is the engine's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from player import actions as act
from player.engine import RATE
from player.engine.commands import (
    DECLICK,
    Auto,
    Bring,
    Command,
    Enter,
    LeaveLoops,
    Master,
    Move,
    Panic,
    Pause,
    Resume,
    Roll,
    Seek,
    Shape,
    Start,
    Stop,
    Target,
    Undo,
)
from player.engine.levels import decibels, level
from player.engine.source import Region
from player.engine.status import (
    About,
    Broke,
    DeviceNews,
    Ended,
    Event,
    Fired,
    Held,
    Left,
    Over,
    Passed,
    Revived,
    Rolled,
    Started,
    Unlooped,
)
from player.plan import Plan
from player.projection import Reel, closing, due, film_frame, frame, program, scene_at
from player.projection import run as film_run
from player.score import Part, Run, Score, again, fired, next_song, score, shape
from timeline import order
from timeline.model import OtherCue, SayCue, SongCue
from timeline.times import frames

Affair = About | Literal["sound", "run"]  # what a complaint is about; the run: one that broke off

# What is well ends these complaints. A device that plays has an engine, and other outputs that are lost are told anew.
ENDS: Final[Mapping[About, tuple[Affair, ...]]] = {
    "engine": ("engine",),
    "device": ("engine", "device", "outputs"),
    "outputs": ("outputs",),
}

GUARD: Final = RATE // 4  # a second GO within this is not taken
PANIC: Final = Shape(2 * RATE)
AGAIN: Final = 2 * RATE  # a second panic within this stops at once
CARD: Final = 4 * RATE  # how long a step without a song stays when nobody presses GO
PREVIEW_LEAVE: Final = Shape(3 * RATE // 10)
LOWEST_DB: Final = -60.0
HIGHEST_DB: Final = 12.0
UNDOS: Final = 20  # GOs that can be taken back
MOST_BACK: Final = 256  # voices that come back with one of them, at most
MOST_PAST: Final = 256  # voices remembered that sounded lately
GONE: Final = -1  # the step of what sounds on after its cue has left the file


class Sounding(Struct, frozen=True):
    """A voice that is heard. Frames are song time; `started` is the clock. `step` may be GONE."""

    voice: int
    cue: SongCue
    step: int
    serial: int
    begin: int
    end: int
    started: int
    leaving: bool = False
    preview: bool = False
    held: bool = False  # a cue lets it stand still
    count: bool = False  # it counts in the song of its cue
    region: Region | None = None  # the part that repeats
    unlooped: bool = False  # it has left that


class Gone(Struct, frozen=True):
    """A GO that can be undone: the firings it led to, and where the show stood before it."""

    serials: tuple[int, ...]
    step: int
    standby: int
    fired: int | None
    done: frozenset[int]
    said: str | None


class Stand(Struct, frozen=True):
    """Where a show stood when it turned to another set, or to the film. Steps by their scene and their place in it."""

    standby: tuple[str, int] | None  # None: END
    fired: tuple[str, int] | None
    done: frozenset[tuple[str, int]]
    awaited: Fired | None
    history: tuple[Gone, ...] = ()


class Show(Struct, frozen=True):
    """Where the show stands. Steps count from 0; len(plan.steps) is END."""

    plan: Plan
    standby: int = 0
    fired: int | None = None  # the step fired last: its card is on screen
    done: frozenset[int] = frozenset()
    sounding: tuple[Sounding, ...] = ()  # in order of their start
    paused: bool = False
    level_db: float = 0.0
    muted: bool = False
    locked: bool = False
    auto: bool = False
    card: int = CARD
    last_go: int | None = None  # clock of the last GO taken
    ignored_go: int | None = None  # clock of the last GO that was not
    panic_at: int | None = None
    preview: int | None = None  # the voice that previews
    said: str | None = None  # what a `say` cue tells the operator
    trouble: str | None = None  # what the engine has to complain of, in one line
    about: Affair = "sound"  # what that is about
    number: int = 1  # the next free number for voices, laters and firings
    cast: Mapping[int, Part] = field(default_factory=dict)  # voices that were promised and have not begun
    awaited: Fired | None = None  # hands-free: the firing whose music's end brings the standby step
    aside: frozenset[int] = frozenset()  # firings that a hotkey's chain goes on into: they leave standby alone
    runs: Mapping[int, Run] = field(default_factory=dict)  # by the voice whose start calls for a set's next round
    unsent: tuple[str, ...] = ()  # messages of the last GO that nobody could be sent
    history: tuple[Gone, ...] = ()  # what can be undone, the last GO last
    past: Mapping[int, Sounding] = field(default_factory=dict)  # what sounded lately, should it come back
    armed: tuple[int, ...] = ()  # hands-free: the firings that the standby step will be
    offered: str | None = None  # where the last run broke off, while it can be taken up
    undone: str | None = None  # what the last undo took back, until the next GO
    reel: Reel | None = None  # the film clock; None: none was started
    pending: Mapping[int, int] = field(default_factory=dict)  # the steps that come by it, each with its number
    stop_after: bool = False  # nothing comes by itself after what was fired last
    again: bool = False  # what was fired last comes once more
    over: int | None = None  # the clock at which the music ended that `awaited` waits for
    elsewhere: Mapping[str | None, Stand] = field(default_factory=dict)  # where film and sets stood when they were left

    @property
    def at_end(self) -> bool:
        """Whether nothing is left to fire."""
        return self.standby >= len(self.plan.steps)


Result = tuple[Show, tuple[Command, ...]]
What = act.Action | Event


def step(show: Show, what: What, now: int) -> Result:
    """The state after `what`, and what the engine is to do about it. Raises nothing."""
    match what:
        case act.Go(by_hand):
            return _go(show, by_hand, now)
        case act.UndoGo():
            return _undo(show, now)
        case act.MoveStandby(by):
            return _stand_by(show, show.standby + by)
        case act.Standby(index):
            return _stand_by(show, index)
        case act.Pause(on):
            return _pause(show, on, now)
        case act.Hotkey(key):
            return _hotkey(show, key)
        case act.LeaveLoops():
            return show, (LeaveLoops(Target("all")),) if _loops(show, endless=False) else ()
        case act.SeekTo(voice, at, turn):
            return _seek(show, voice, at, turn)
        case act.SeekBy() | act.TakeUp():
            return show, ()  # the session's: it knows where the voice stands, and what the last run left
        case act.FadeOut():
            return _fade_out(show)
        case act.Panic():
            return _panic(show, now)
        case act.StopNow():
            return _end_all(show, DECLICK, None, now)
        case act.LevelBy(db):
            return _level(show, max(show.level_db, LOWEST_DB) + db)
        case act.Level(db):
            return _level(show, db)
        case act.SetGain(voice, db):
            return show, (Move(Target("voice", voice=voice), db, DECLICK.frames),)
        case act.Mute(on):
            return _master(replace(show, muted=not show.muted if on is None else on))
        case act.StopAfter(on):
            wanted = not show.stop_after if on is None else on
            return _planned(replace(show, stop_after=wanted, again=show.again and not wanted))
        case act.Repeat(on):
            return _repeat(show, on)
        case act.Preview():
            return _preview(show)
        case act.RollFilm() | act.NudgeFilm() | act.SetFilm() | act.TapFilm() if show.plan.set_id is not None:
            return show, ()  # a set has no film times
        case act.RollFilm(on):
            return _roll(show, on, now)
        case act.NudgeFilm(seconds):
            return _nudge(show, seconds, now)
        case act.SetFilm(at):
            return set_film(show, frames(max(at, Fraction(0))), now)
        case act.TapFilm():
            aim = _tapped(show)
            return (show, ()) if aim is None else set_film(show, aim, now)
        case act.StandbyAtFilm():
            there = None if show.reel is None else scene_at(show.plan, film_frame(show.reel, show.paused, now))
            return (show, ()) if there is None else _stand_by(show, there)
        case Rolled(clock, at, runs):
            told = None if show.reel is None else replace(show.reel, at=at, since=clock, runs=runs)
            return replace(show, reel=told), ()
        case act.Lock(on):
            return replace(show, locked=not show.locked if on is None else on), ()
        case Fired():
            return _fired(show, what)
        case Started():
            return _started(show, what)
        case Left(_, voice):
            return _changed(show, voice, leaving=True), ()
        case Held(_, voice, on):
            return _changed(show, voice, held=on), ()
        case Unlooped(_, voice):
            return _changed(show, voice, unlooped=True), ()
        case Ended(_, voice):
            return _ended(show, voice, now), ()
        case Revived():
            return _revived(show, what), ()
        case Passed(_, key):
            return _passed(show, key), ()
        case Over(limited=True):
            return show, ()
        case Over(_, peak):
            text = f"too loud by {decibels(peak):.1f} dB: the sum is clipped; lower the level with the minus key"
            return replace(show, trouble=text, about="sound"), ()
        case Broke(_, _, why):
            return replace(show, trouble=why, about="sound"), ()
        case DeviceNews(_, text, True, about):
            return replace(show, trouble=text, about=about), ()
        case DeviceNews(about=about):
            return (replace(show, trouble=offer(show), about="run") if show.about in ENDS[about] else show), ()


def reloaded(show: Show, plan: Plan, now: Sequence[int | None]) -> Result:
    """Go on with a changed file. `now` tells where each step of before is now, None where it is gone.

    What sounds and what is scheduled goes on as it was; standby stays on its step or goes to the next one left.
    """

    def at(step: int) -> int:
        found = now[step] if 0 <= step < len(now) else None
        return GONE if found is None else found

    left = (step for step in now[show.standby :] if step is not None)
    fired = None if show.fired is None else at(show.fired)
    moved = replace(
        show,
        plan=plan,
        standby=next(left, len(plan.steps)),
        fired=None if fired == GONE else fired,
        done=frozenset(at(step) for step in show.done) - {GONE},
        sounding=tuple(replace(each, step=at(each.step)) for each in show.sounding),
        cast={voice: replace(part, step=at(part.step)) for voice, part in show.cast.items()},
        awaited=replace(show.awaited, step=at(show.awaited.step)) if show.awaited else None,
        runs={voice: replace(run, step=at(run.step)) for voice, run in show.runs.items()},
        history=tuple(_carried(each, at) for each in show.history if at(each.step) != GONE),
        past={voice: replace(each, step=at(each.step)) for voice, each in show.past.items()},
        pending={at(step): token for step, token in show.pending.items() if at(step) != GONE},
        elsewhere=unremembered(show),
    )
    if moved.awaited is None or not plan.playable or not (show.auto or _music(moved)):
        return moved, ()
    return _planned(moved)


def unfilmed(show: Show, now: int) -> Result:
    """The film clock stands and nothing comes by it, since the show has gone over to a set."""
    if show.reel is None:
        return show, ()
    reel = Reel(film_frame(show.reel, show.paused, now), now)
    return replace(show, reel=reel, pending={}), (Roll(runs=False, batch=()),)


def refilmed(show: Show, now: int) -> Result:
    """What is still to come by the film, after its file has changed."""
    return _programmed(show, now) if _filmed(show) else (show, ())


def turned(show: Show, plan: Plan) -> Result:
    """Go over to another set of the file, or to the film: what sounds goes on, standby is where it was there.

    What would come by itself in the show that is left does not, unless it is back before the music is over. Its GOs can
    be undone when it is back, the last one of all first.
    """
    left = {**show.elsewhere, show.plan.set_id: _stand(show)}
    stood = left.pop(plan.set_id, None)
    steps = {_named(plan, step): step for step in range(len(plan.steps))}
    at_end = stood is not None and stood.standby is None
    standby = steps.get(stood.standby, 0) if stood and stood.standby else 0
    fired = steps.get(stood.fired) if stood and stood.fired else None
    there = replace(
        show,
        plan=plan,
        standby=len(plan.steps) if at_end else standby,
        fired=fired,
        done=frozenset(steps[name] for name in stood.done if name in steps) if stood else frozenset(),
        sounding=tuple(replace(each, step=_found_again(plan, each.cue)) for each in show.sounding),
        cast={voice: replace(part, step=_found_again(plan, part.cue)) for voice, part in show.cast.items()},
        elsewhere=left,
        awaited=replace(stood.awaited, step=fired) if stood and stood.awaited and fired is not None else None,
        history=stood.history if stood else (),
        stop_after=False,
        again=False,
    )
    return _planned(there) if plan.playable else (there, ())


def _stand(show: Show) -> Stand:
    plan = show.plan
    return Stand(
        None if show.at_end else _named(plan, show.standby),
        None if show.fired is None else _named(plan, show.fired),
        frozenset(_named(plan, step) for step in show.done if step < len(plan.steps)),
        show.awaited,
        show.history,
    )


def _newest(history: tuple[Gone, ...]) -> int:
    return history[-1].serials[0] if history else 0


def unremembered(show: Show) -> dict[str | None, Stand]:
    """How film and sets were left, of which no GO can be undone any more."""
    return {place: replace(stand, history=()) for place, stand in show.elsewhere.items()}


def undo_elsewhere(show: Show) -> bool:
    """Whether the GO to take back is that of another set, or of the film: nothing newer was fired here."""
    newest = max((_newest(stand.history) for stand in show.elsewhere.values()), default=0)
    return newest > _newest(show.history)


def _named(plan: Plan, step: int) -> tuple[str, int]:
    first = step
    while first and plan.steps[first - 1].scene == plan.steps[step].scene:
        first -= 1
    return plan.scene(step).id, step - first


def _found_again(plan: Plan, cue: SongCue) -> int:
    """The step that has a cue, GONE where none has."""
    return next((step.index for step in plan.steps if cue in step.cues), GONE)


def _carried(gone: Gone, at: Callable[[int], int]) -> Gone:
    """A GO of before, with the numbers its steps have now."""
    fired = None if gone.fired is None else at(gone.fired)
    return replace(
        gone,
        step=at(gone.step),
        standby=at(gone.step),
        fired=None if fired == GONE else fired,
        done=frozenset(at(step) for step in gone.done) - {GONE},
    )


def offer(show: Show) -> str | None:
    """What can be taken up, as one line."""
    return f"the last run broke off: {show.offered}; resume it from the palette" if show.offered else None


def target(show: Show) -> Sounding | None:
    """Whom seek and fade out mean: what sounds of the standby row, else the song started last, else a preview."""
    songs = [s for s in show.sounding if not s.preview]
    here = [s for s in songs if s.step == show.standby]
    heard = here or songs or list(show.sounding)
    return heard[-1] if heard else None


# -- GO


def _go(show: Show, by_hand: bool, now: int) -> Result:
    if by_hand and show.last_go is not None and now - show.last_go < GUARD:
        return replace(show, ignored_go=now), ()
    resume: tuple[Command, ...] = (Resume(),) if show.paused else ()
    loops: tuple[Command, ...] = (LeaveLoops(Target("all"), endless=True),) if _loops(show, endless=True) else ()
    if show.at_end:
        met = replace(show, last_go=now) if loops else replace(show, ignored_go=now)
        return replace(met, paused=False), (*resume, *loops)
    written = _by_film(show) or score(show.plan, show.standby, show.number, show.auto)
    ready = _promise(_disarmed(show), written)
    enter, *fires = written.batch
    fire: tuple[Command, ...] = (enter, *loops, *fires)
    if show.standby in show.pending:
        fire = (Bring(show.pending[show.standby], fire),)
    before: list[Command] = [*resume]
    if show.auto or show.armed:
        before.append(Auto(0, ()))
    if show.preview is not None:
        before.append(Stop(Target("voice", voice=show.preview), PREVIEW_LEAVE))
    after = replace(
        _remember(ready, show, written.serials),
        standby=_next_up(show, show.standby),
        fired=show.standby,
        done=show.done | {show.standby},
        pending={step: token for step, token in show.pending.items() if step != show.standby},
        reel=_told(show, now),
        paused=False,
        last_go=now,
        panic_at=None,
        said=None,
        unsent=(),
        undone=None,
        awaited=None,
        armed=(),
        stop_after=False,
        again=False,
    )
    return after, (*before, *fire)


def _filmed(show: Show) -> bool:
    """Whether cues come by the film clock."""
    return show.reel is not None and show.reel.armed


def _by_film(show: Show) -> Score | None:
    """What GO means while cues come by the film: no chain goes on into a scene that has its own time."""
    if not _filmed(show):
        return None
    written, _ = film_run(show.plan, show.standby, show.pending.get(show.standby, show.number))
    enter = tuple(replace(each, early=False) if isinstance(each, Enter) else each for each in written.batch[:1])
    return replace(written, batch=(*enter, *written.batch[1:]), free=max(show.number, written.free))


def _next_up(show: Show, step: int) -> int:
    """Where standby goes behind a step: in film mode what has come already is passed."""
    following = step + 1
    while _filmed(show) and following in show.done:
        following += 1
    return following


def _remember(after: Show, before: Show, serials: tuple[int, ...]) -> Show:
    """Keep what undoing this GO needs."""
    gone = Gone(serials, before.standby, before.standby, before.fired, before.done, before.said)
    return replace(after, history=(*before.history, gone)[-UNDOS:])


def _undo(show: Show, now: int) -> Result:
    """Take back the last GO. What it brings back is found by the engine; the numbers for that are taken here."""
    if not show.history or undo_elsewhere(show):
        return replace(show, undone=None), ()
    gone = show.history[-1]
    sent = any(isinstance(cue, OtherCue) and cue.verb == "send" for cue in show.plan.steps[gone.step].cues)
    text = f"GO {show.plan.number(gone.step)} is undone" + ("; its messages are not unsent" if sent else "")
    back = replace(
        show,
        standby=gone.standby,
        fired=gone.fired,
        done=gone.done,
        said=gone.said,
        history=show.history[:-1],
        cast={voice: part for voice, part in show.cast.items() if part.serial not in gone.serials},
        runs={voice: run for voice, run in show.runs.items() if run.serial not in gone.serials},
        number=show.number + 2 * MOST_BACK,
        last_go=None,
        unsent=(),
        undone=text,
        awaited=None,
        armed=(),
    )
    cleared: tuple[Command, ...] = (Auto(0, ()),) if show.auto or show.armed else ()
    back, film = _programmed(back, now) if _filmed(back) else (back, ())
    return back, (*cleared, Undo(gone.serials, show.number), *film)


def _ended(show: Show, voice: int, now: int) -> Show:
    kept = tuple(s for s in show.sounding if s.voice != voice)
    past = {**show.past, **{s.voice: s for s in show.sounding if s.voice == voice and not s.preview}}
    late = tuple(past)[:-MOST_PAST]
    past = {number: s for number, s in past.items() if number not in late}
    preview = None if show.preview == voice else show.preview
    ended = replace(show, sounding=kept, past=past, preview=preview)
    return replace(ended, over=now) if ended.over is None and not _music(ended) else ended


def _music(show: Show) -> bool:
    """Whether music of the awaited firing sounds or is to come."""
    serial = show.awaited.serial if show.awaited else 0
    coming = any(part.serial == serial for part in show.cast.values())
    return coming or any(each.serial == serial for each in show.sounding)


def _revived(show: Show, event: Revived) -> Show:
    """A voice is back under a new number."""
    was = next((s for s in show.sounding if s.voice == event.was), None) or show.past.get(event.was)
    if was is None:
        return show
    back = replace(
        was, voice=event.voice, leaving=event.leaving, held=event.held,
        unlooped=was.region is not None and not event.looping,
    )  # fmt: skip
    return replace(show, sounding=(*show.sounding, back))


def _loops(show: Show, endless: bool) -> bool:
    """Whether a loop is playing that could be left."""
    return any(s.region and not s.unlooped and not (endless and s.region.times) for s in show.sounding)


def _hotkey(show: Show, key: str) -> Result:
    """Fire a cue and what is chained to it, beside the running order."""
    found = show.plan.by_hotkey(key)
    if found is None or not show.plan.playable:
        return show, ()
    step, place = found
    plan = show.plan
    here = None if show.fired is None else plan.place(plan.steps[show.fired].scene)
    written = fired(plan, step, place, here, show.number, show.auto)
    ready = _promise(show, written)
    return replace(ready, aside=show.aside | set(written.serials[1:])), written.batch


def _promise(show: Show, written: Score) -> Show:
    cast = {**show.cast, **{part.voice: part for part in written.parts}}
    runs = {**show.runs, **{run.opens: run for run in written.runs}} if written.runs else show.runs
    return replace(show, number=written.free, cast=cast, runs=runs)


def _fired(show: Show, event: Fired) -> Result:
    """A step has been entered: by the GO just taken, by a chain, or hands-free."""
    if event.opens:
        return replace(show, fired=event.step, said=None), ()
    if show.pending.get(event.step) == event.serial - 1:
        show = _come_by_film(show, event.step)
    met = show.standby in (event.step, event.step + 1) and event.serial not in show.aside
    standby = _next_up(show, event.step) if met else show.standby
    said = show.said if show.fired == event.step else None
    if event.serial in show.armed:
        show = replace(_remember(show, show, show.armed), armed=(), undone=None)
    entered = replace(
        show, fired=event.step, done=show.done | {event.step}, standby=standby, said=said,
        awaited=event, over=None, stop_after=False, again=False,
    )  # fmt: skip
    return _arm(entered, event)


def comes(show: Show) -> int | None:
    """The step that comes by itself when the music of the one fired last is over; None where nothing does."""
    plan, event = show.plan, show.awaited
    if event is None or show.stop_after or _filmed(show):
        return None
    if show.again and 0 <= event.step < len(plan.steps):
        return event.step
    if show.at_end or (event.step != GONE and plan.steps[event.step].chains):
        return None
    return show.standby if show.auto or plan.gap(show.standby) is not None else None


def _arm(show: Show, event: Fired) -> Result:
    """Let what comes by itself come when the music of the step just entered is over: hands-free, or after a gap."""
    step = comes(show)
    if step is None:
        return show, ()
    plan = show.plan
    written = score(plan, step, show.number, hands_free=show.auto)
    following = plan.first_song(step) if show.card else next_song(plan, step)
    gap = Fraction(0) if show.again else plan.gap(step)
    cross = shape(order.crossfade(following, plan.timeline)) if following and gap is None else None
    music = event.step == GONE or bool(plan.music(event.step))
    lead = cross.frames if cross and music else 0
    delay = frames(gap or Fraction(0)) if music else show.card
    armed = replace(_promise(show, written), armed=written.serials)
    return armed, (Auto(event.serial, written.batch, lead, delay),)


def _planned(show: Show) -> Result:
    """What comes by itself, planned anew; while the gap before it runs that is nothing, and a person decides."""
    cleared: tuple[Command, ...] = (Auto(0, ()),) if show.armed else ()
    show = _disarmed(show)
    if show.awaited is None or not (show.auto or _music(show)):
        return show, cleared
    armed, commands = _arm(show, show.awaited)
    return armed, (*cleared, *commands)


def _disarmed(show: Show) -> Show:
    """Without what was to come by itself."""
    if not show.armed:
        return show
    return replace(show, armed=(), cast={v: part for v, part in show.cast.items() if part.serial not in show.armed})


def _repeat(show: Show, on: bool | None) -> Result:
    """Once more; of what is over already, standby goes back to it."""
    if show.fired is None:
        return show, ()
    if not _music(show):
        return _stand_by(show, show.fired)
    wanted = not show.again if on is None else on
    return _planned(replace(show, again=wanted, stop_after=show.stop_after and not wanted))


def _fade_out(show: Show) -> Result:
    """The target leaves; what would come by itself when it has ended does not, but hands-free."""
    aim = target(show)
    if aim is None:
        return show, ()
    stop = Stop(Target("voice", voice=aim.voice))
    if show.armed and not show.auto and show.awaited is not None and aim.serial == show.awaited.serial:
        return replace(_disarmed(show), awaited=None, again=False), (Auto(0, ()), stop)
    return show, (stop,)


def _started(show: Show, event: Started) -> Result:
    part = show.cast.get(event.voice)
    if part is None:
        return show, ()
    cast = {voice: p for voice, p in show.cast.items() if voice != event.voice}
    heard = Sounding(
        part.voice, part.cue, part.step, part.serial, part.begin, part.end, event.clock,
        preview=event.voice == show.preview, count=part.count, region=part.region,
    )  # fmt: skip
    begun = replace(show, cast=cast, sounding=(*show.sounding, heard))
    if event.voice not in show.runs or not show.plan.playable:
        return begun, ()
    runs = {voice: run for voice, run in show.runs.items() if voice != event.voice}
    written = again(show.plan, show.runs[event.voice], show.number)
    return _promise(replace(begun, runs=runs), written), written.batch


def _changed(show: Show, voice: int, **how: Any) -> Show:
    """What sounds, with something new about one voice."""
    return replace(show, sounding=tuple(replace(s, **how) if s.voice == voice else s for s in show.sounding))


def _passed(show: Show, key: str) -> Show:
    for scene in show.plan.timeline.scenes:
        for cue in scene.cues:
            if cue.key == key and isinstance(cue, SayCue):
                return replace(show, said=cue.text)
            if cue.key == key and isinstance(cue, OtherCue) and cue.verb == "send":
                return replace(show, unsent=(*show.unsent, *(message.text for message in cue.messages)))
    return show


# -- the film clock


def _roll(show: Show, on: bool | None, now: int) -> Result:
    """Run or stand. What is to come waits where it stands; what sounds sounds on."""
    reel = show.reel
    if reel is None:
        if on is False:
            return show, ()
        begun = {each.step for each in show.sounding if not each.preview}
        first = replace(show, reel=Reel(since=now, runs=True), done=frozenset(begun) - {GONE}, awaited=None, armed=())
        first, commands = _programmed(first, now)
        cleared: tuple[Command, ...] = (Auto(0, ()),) if show.armed else ()
        return first, (*cleared, *(replace(each, at=0, runs=True) for each in commands))
    wanted = not (reel.runs and reel.armed) if on is None else on
    if wanted == (reel.runs and reel.armed):
        return show, ()
    at = film_frame(reel, show.paused, now)
    moved = replace(show, reel=replace(reel, at=at, since=now, runs=wanted, fresh=False))
    if not wanted or reel.armed:
        return moved, (Roll(runs=wanted),)
    late = {step for step in range(len(show.plan.steps)) if (d := due(show.plan, step)) is not None and d < at}
    armed, commands = _programmed(replace(moved, done=moved.done | late, awaited=None, armed=()), now)
    return armed, tuple(replace(each, runs=True) for each in commands)


def _programmed(show: Show, now: int) -> tuple[Show, tuple[Roll, ...]]:
    """All that is still to come by the film, planned anew: what is in `done` does not come again."""
    assert show.reel is not None, "only once there is a film clock"
    if not show.plan.playable:
        return replace(show, pending={}), (Roll(batch=()),)
    heard = {s.voice: (s.step, s.cue.song) for s in show.sounding if not s.leaving and not s.preview}
    coming = {part.voice: (part.step, part.cue.song) for part in show.cast.values()}
    since = film_frame(show.reel, show.paused, now)
    playing = closing(show.plan, {**heard, **coming})
    made = program(show.plan, show.number, since=since, begun=show.done, playing=playing)
    reel = replace(show.reel, armed=True)
    return replace(show, number=made.free, pending=made.pending, reel=reel), (Roll(batch=made.batch),)


def _come_by_film(show: Show, step: int) -> Show:
    """A step has come by the film: its voices are about to start."""
    token = show.pending[step]
    written, _ = film_run(show.plan, step, token)
    left = dict(show.pending)  # and one out of it: as quick as a copy, where there are thousands
    del left[step]
    return _promise(replace(show, pending=left), replace(written, free=show.number))


def _nudge(show: Show, seconds: Fraction, now: int) -> Result:
    """The clock goes on or back. What is passed comes at once, what has come stays."""
    if show.reel is None:
        return show, ()
    by = frames(abs(seconds)) * (1 if seconds >= 0 else -1)
    at = max(0, film_frame(show.reel, show.paused, now) + by)
    return replace(show, reel=replace(show.reel, at=at, since=now)), (Roll(by=by),)


def aimed(show: Show, action: act.Action) -> int | None:
    """The film frame to which an action jumps with what should be sounding; None: it does not jump so.

    A clock that runs jumps at once; one that was set while it stood does when it starts.
    """
    reel = show.reel
    if reel is None:
        return None
    match action:
        case act.SetFilm(at) if reel.runs:
            return frames(max(at, Fraction(0)))
        case act.TapFilm() if reel.runs:
            return _tapped(show)
        case act.RollFilm(on) if on is not False and reel.fresh and not reel.runs:
            return reel.at
    return None


def _tapped(show: Show) -> int | None:
    """The film frame of the step in standby, else of its scene."""
    if show.at_end:
        return None
    scene, own = show.plan.scene(show.standby).at, due(show.plan, show.standby)
    return own if own is not None else frame(scene) if scene is not None else None


def set_film(show: Show, at: int, now: int) -> Result:
    """The clock to film frame `at`, standing: what sounds there comes when it runs."""
    return replace(show, reel=Reel(at, now, fresh=True), pending={}), (Roll(at, runs=False, batch=()),)


# -- everything else


def _stand_by(show: Show, index: int) -> Result:
    moved = replace(show, standby=min(max(index, 0), len(show.plan.steps)))
    if moved.awaited is None or moved.standby == show.standby or show.again:
        return moved, ()
    return _planned(moved)


def _pause(show: Show, on: bool | None, now: int) -> Result:
    on = not show.paused if on is None else on
    if on == show.paused:
        return show, ()
    return replace(show, paused=on, reel=_told(show, now)), (Pause() if on else Resume(),)


def _told(show: Show, now: int) -> Reel | None:
    """The film clock with where it stands now: the engine's word, a moment later, is exact."""
    reel = show.reel
    return None if reel is None else replace(reel, at=film_frame(reel, show.paused, now), since=now)


def _seek(show: Show, voice: int, at: int, turn: int) -> Result:
    """To song time `at`; inside a loop the pass stays the same, and behind it an endless one is left."""
    for s in show.sounding:
        if s.voice == voice and not s.count:
            at = min(max(at, s.begin), s.end)
            onward = s.region is None or s.unlooped or (at >= s.region.to and not s.region.times)
            if s.region is not None and not onward:
                at = s.region.unrolled(at, turn)
            return replace(show, number=show.number + 1), (Seek(voice, at, show.number, onward),)
    return show, ()


def _panic(show: Show, now: int) -> Result:
    if show.panic_at is not None and now - show.panic_at < AGAIN:
        return _end_all(show, DECLICK, None, now)
    return _end_all(show, PANIC, now, now)


def _end_all(show: Show, over: Shape, panic_at: int | None, now: int) -> Result:
    """Everything ends. The film clock runs on, since the film does; nothing comes by it before it is asked for."""
    reel = _told(show, now)
    quiet = replace(
        show, past={}, paused=False, panic_at=panic_at, cast={}, said=None, awaited=None, armed=(), again=False,
        runs={}, reel=replace(reel, armed=False) if reel else None, pending={},
    )  # fmt: skip
    return quiet, (Panic(over),)


def _level(show: Show, db: float) -> Result:
    heard = min(max(db, LOWEST_DB), HIGHEST_DB) if db > -math.inf else db
    return _master(replace(show, level_db=heard))


def _master(show: Show) -> Result:
    gain = 0.0 if show.muted or show.level_db == -math.inf else level(show.level_db)
    return show, (Master(gain),)


def _preview(show: Show) -> Result:
    if show.preview is not None:
        return show, (Stop(Target("voice", voice=show.preview), PREVIEW_LEAVE),)
    cue = None if show.at_end else show.plan.first_song(show.standby)
    if cue is None:
        return show, ()
    plan, voice = show.plan, show.number
    begin, end = plan.bounds(cue)
    part = Part(voice, cue, show.standby, 0, begin, end)
    gain = cue.gain if cue.gain is not None else plan.timeline.defaults.gain or 0.0
    start = Start(
        voice, replace(plan.spec(cue), loop=None), begin, end, gain, PREVIEW_LEAVE,
        rise=shape(cue.fade_in), cut=plan.cut(cue), song=cue.song, cue=cue.key, preview=True, pan=float(cue.pan or 0),
    )  # fmt: skip
    shown = replace(show, preview=voice, number=voice + 1, cast={**show.cast, voice: part})
    return shown, (start,)
