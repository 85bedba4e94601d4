"""A show and its engine, held together: actions in, commands down, events up. Window, text and files drive this."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from player import actions as act
from player import interrupted
from player.engine import RATE
from player.engine.status import Event, Fired, Status
from player.host.link import Engine
from player.interrupted import Keeper, Run
from player.plan import Plan
from player.reload import Names, carried, moved, names, sounding_songs
from player.sets import in_set
from player.show import Show, What, aimed, offer, refilmed, reloaded, step, target, turned, unfilmed, unremembered
from player.showlog import ShowLog
from timeline.times import frames

# What of a show is a state of its own: what a new window needs to take over from one that died.
KEPT: Final = tuple(name for name in Show.__struct_fields__ if name not in ("plan", "locked", "card", "offered"))
LATEST: Final = RATE // 4  # frames that what is to be kept of a run is late, at most
AT_ONCE: Final = (act.Go, act.Hotkey, act.UndoGo, act.StopNow, act.Panic, act.TakeUp)  # no second of these is lost


class Session:
    """The one place where the show's state lives. One thread uses it."""

    def __init__(self, show: Show, engine: Engine, log: ShowLog | None = None, keeper: Keeper | None = None) -> None:
        """`keeper` keeps the run; what it found of a run before is offered."""
        self.show = show
        self.engine = engine
        self.log = log
        self._by = ""
        self.status: Status = engine.status()
        self.sought: act.SeekTo | None = None  # the last seek asked for
        self._prepared: tuple[Plan, int] | None = None
        self._kept: Show | None = None
        self._left = b""
        self._named: tuple[Plan, bytes] | None = None
        self._keeper = keeper
        self._run_kept = 0  # the clock at which the run was kept last
        self._broken_off = keeper.found if keeper else None
        if self._broken_off is not None:
            self._offer(self._broken_off)
        self._prepare()

    def do(self, action: act.Action, by: str = "") -> None:
        """Carry out an action at the engine's next frame. `by`: the key or the word that asked for it."""
        self._by = by
        self.status = self.engine.status()
        if isinstance(action, act.SeekBy):
            self._seek_by(action)
        elif isinstance(action, act.TakeUp):
            self._take_up()
        elif self._restores(action):
            pass
        elif isinstance(action, act.SeekTo):
            self._step(replace(action, turn=self._turn(action.voice)), self.status.clock, by_hand=True)
        else:
            self._step(action, self.status.clock, by_hand=True)
        if self.show.offered and isinstance(action, AT_ONCE):
            self._decline()
        self._prepare()
        self._keep()
        self._keep_run(at_once=isinstance(action, AT_ONCE))

    def stir(self) -> None:
        """Somebody is there: for every key, whatever it does."""
        self.engine.stir()

    def poll(self) -> tuple[Event, ...]:
        """Take in what the engine has to tell; returns it."""
        left = self.engine.left()
        if left:
            self._take_over(left)
        self._by = ""
        events = tuple(self._ours(self.engine.events()))
        for event in events:
            self._step(event, event.clock)
        self.status = self.engine.status()
        if events:
            self._prepare()
            self._keep()
        plays_on = bool(self.show.sounding) and not self.show.paused
        if events or (plays_on and self.status.clock - self._run_kept >= LATEST):
            self._keep_run(at_once=False)
        return events

    def open(self, plan: Plan) -> None:
        """Go over to another timeline: what sounds fades out as at a panic."""
        self.do(act.StopNow())
        keep = self.show
        self.show = Show(
            plan, level_db=keep.level_db, muted=keep.muted, locked=keep.locked, auto=keep.auto,
            card=keep.card, number=keep.number, sounding=keep.sounding,
        )  # fmt: skip
        if self._keeper is not None:
            self._keeper = self._keeper.over_to(str(plan.path or plan.name))
            self._broken_off = self._keeper.found
            if self._broken_off is not None:
                self._offer(self._broken_off)
        self.engine.over_to(str(plan.path or plan.name))
        self._prepare()
        self._keep()

    def found(self, plan: Plan) -> None:
        """Go on with the same timeline, now that it is known what its songs play."""
        self.show = replace(self.show, plan=plan)
        self._refilm()
        self._prepare()

    def reload(self, plan: Plan) -> None:
        """Go on with the same timeline, changed: what sounds and what is scheduled is left alone."""
        if plan.set_id != self.show.plan.set_id:  # the set that was shown is gone from the file
            self._turn_to(plan)
            return
        self._carry(names(self.show.plan), plan)
        self._refilm()
        self._prepare()
        self._keep()

    def _refilm(self) -> None:
        self.status = self.engine.status()
        self.show, commands = refilmed(self.show, self.status.clock)
        if commands:
            self.engine.send(commands)

    def turn(self, set_id: str | None) -> None:
        """Show a set of the file, or the film for None. What sounds goes on; nothing more comes by itself."""
        plan = in_set(self.show.plan, set_id)
        if plan.set_id != self.show.plan.set_id:
            self._turn_to(plan)

    def _turn_to(self, plan: Plan) -> None:
        before = self.show
        kept, _, numbered = carried(names(before.plan), plan, before)
        self.show, commands = turned(numbered, replace(kept, places=plan.places))
        self.show, film = unfilmed(self.show, self.status.clock)
        if commands or film:
            self.engine.send((*commands, *film))
        self.status = self.engine.status()
        self._prepare()
        self._keep()

    def close(self) -> None:
        """End the engine."""
        if self.log is not None:
            self.log.close(self.show, self.engine.status().clock)
        alive = self.engine.status().alive
        if self._keeper is not None:
            self._keeper.close(forget=alive)
        self.engine.close()

    def position(self, voice: int) -> int | None:
        """The frame of its song at which a voice stands."""
        return next((v.at for v in self.status.voices if v.voice == voice), None)

    def _step(self, what: What, now: int, *, by_hand: bool = False) -> None:
        """Let the show take in `what`. What was done by hand and what came of it are left with the engine in one."""
        if isinstance(what, act.SeekTo):
            self.sought = what
        before = self.show
        self.show, commands = step(before, what, now)
        if commands:
            self.engine.send(commands, self._state() if by_hand else b"")
        if self.log is not None:
            self.log(what, before, self.show, now, self._by)

    def _ours(self, events: Iterable[Event]) -> Iterator[Event]:
        """Events with the numbers that our steps have now; the entering of a step that is gone is none."""
        for event in events:
            if isinstance(event, Fired):
                step = self.show.plan.marked(event.step)
                if step is not None:
                    yield replace(event, step=step)
            else:
                yield event

    def _carry(self, old: Names, plan: Plan) -> None:
        """Let the show stand in `plan` as it stood in a plan of those names."""
        kept, now, show = carried(old, plan, self.show)
        before = self.show.plan.songs
        gone = {song: before[song] for song in sounding_songs(show) if song in before and song not in kept.songs}
        if gone and kept.songs:
            kept = replace(kept, songs={**kept.songs, **gone})
        self.show, commands = reloaded(show, kept, now)
        if commands:
            self.engine.send(commands)

    def _keep(self) -> None:
        """Leave with the engine what another window would need, should this one die."""
        if self.show is not self._kept:
            self.engine.keep(self._state())

    def _state(self) -> bytes:
        """The show's own state; the engine gets to know first what its steps are known by."""
        if self._named is None or self._named[0] is not self.show.plan:
            self._named = self.show.plan, pickle.dumps(names(self.show.plan))
            self.engine.know(self._named[1])
        if self.show is not self._kept:
            self._kept = self.show
            self._left = pickle.dumps({name: getattr(self.show, name) for name in KEPT})
        return self._left

    def _take_over(self, left: bytes) -> None:
        """Go on with a show whose window died, also where its file has changed; end it where that is another one."""
        old, state = map(pickle.loads, pickle.loads(left))  # from our own engine; only this person can read its key
        asked = self.show.plan.set_id
        self.show = replace(self.show, plan=in_set(self.show.plan, old.set_id))
        if not any(step is not None for step in moved(old, names(self.show.plan))):
            self._step(act.StopNow(), 0)
            return
        self.show = replace(self.show, **state)
        self._carry(old, self.show.plan)
        if asked is not None:
            self.turn(asked)

    def _offer(self, run: Run) -> None:
        """Stand where the last run stood, with its level; what sounded then waits for a word."""
        found = self._as_left(run)
        if found is None:
            self._broken_off = None
            return
        old, full = found
        self.show = replace(self.show, plan=in_set(self.show.plan, old.set_id))
        kept, now, carried_on = carried(old, self.show.plan, full)
        was, _ = reloaded(carried_on, kept, now)
        standby = self.show.standby or was.standby
        self.show = replace(self.show, standby=standby, done=was.done, muted=was.muted, offered=run.words)
        self.show = replace(self.show, trouble=offer(self.show), about="run")
        if was.muted or was.level_db:
            self._step(act.Level(was.level_db), 0)
        if run.words is None:
            self._broken_off = None

    def _as_left(self, run: Run) -> tuple[Names, Show] | None:
        """What its steps were known by, and the show as it was; None where it is that of another file."""
        left = interrupted.read(run.left)
        old, state = map(interrupted.read, left if isinstance(left, tuple) and len(left) == 2 else (b"", b""))
        if not isinstance(old, Names) or not isinstance(state, dict) or set(state) != set(KEPT):
            return None
        if self.show.plan.set_id not in (None, old.set_id):
            return None
        plan = in_set(self.show.plan, old.set_id)
        if not any(step is not None for step in moved(old, names(plan))):
            return None
        return old, replace(self.show, plan=plan, **state)

    def _decline(self) -> None:
        trouble = None if self.show.about == "run" else self.show.trouble
        self.show = replace(self.show, offered=None, trouble=trouble)
        self._broken_off = None

    def _take_up(self) -> None:
        """Go on where the last run broke off."""
        run = self._broken_off
        found = self._as_left(run) if run else None
        if run is None or found is None:
            return
        old, self.show = found
        self.engine.take_up(run.history, run.clock)
        self._carry(old, self.show.plan)

    def _keep_run(self, *, at_once: bool) -> None:
        """Have the run on the disk, if there is more to it than a beginning."""
        if self._keeper is None or self.show.offered:
            return
        self._run_kept = self.status.clock
        fresh = Show(self.show.plan)
        begun = [getattr(self.show, name) != getattr(fresh, name) for name in ("standby", "done", "level_db", "muted")]
        so_far = self.engine.so_far() if any(begun) or self.show.sounding else None
        if so_far is None or self._named is None:
            self._keeper.put(None, at_once=at_once)
        else:
            left = pickle.dumps((self._named[1], self._left))
            self._keeper.put(Run(left, *so_far, self._words()), at_once=at_once)

    def _words(self) -> str | None:
        """Which song stands where."""
        aim = target(self.show)
        at = self.position(aim.voice) if aim else None
        if aim is None or at is None or aim.preview or aim.count:
            return None
        song = self.show.plan.song(aim.cue)
        seconds = at // RATE
        return f"{song.title if song else aim.cue.song} was at {seconds // 60}:{seconds % 60:02}"

    def _restores(self, action: act.Action) -> bool:
        """Carry out an action that brings in what should be sounding; whether it was one."""
        show, now = self.show, self.status.clock
        if not show.plan.playable or (show.plan.set_id is not None and not isinstance(action, act.Go)):
            return False
        at = aimed(show, action)
        if at is None and not (isinstance(action, act.Go) and action.restore and not show.at_end):
            return False
        from player import restore  # noqa: PLC0415  the mixer it brings along is not needed for the first picture

        before = show
        self.show, commands = restore.go(show, now) if at is None else restore.jump(show, at, now)
        if at is not None:  # all that was fired before has been let go
            self.show = replace(self.show, elsewhere=unremembered(show))
        self.engine.send(commands, self._state())
        if self.log is not None:
            self.log(action, before, self.show, now, self._by)
        return True

    def _seek_by(self, action: act.SeekBy) -> None:
        aim = target(self.show)
        at = self.position(aim.voice) if aim else None
        if aim is None or at is None:
            return
        by = frames(abs(action.seconds)) * (1 if action.seconds >= 0 else -1)
        self._step(act.SeekTo(aim.voice, max(0, at + by), self._turn(aim.voice)), self.status.clock)

    def _turn(self, voice: int) -> int:
        return next((v.turn for v in self.status.voices if v.voice == voice), 0)

    def _prepare(self) -> None:
        """Have the standby step and the one after it ready before GO."""
        wanted = (self.show.plan, self.show.standby)
        if not wanted[0].playable:
            return
        if self._prepared is not None and self._prepared[0] is wanted[0] and self._prepared[1] == wanted[1]:
            return
        self._prepared = wanted
        plan, first = wanted
        soon = range(first, min(first + 2, len(plan.steps)))
        songs = [song for i in soon for song in plan.opening(i)]
        clicks = [(spec, 0) for i in soon if (spec := plan.clicks(i)) is not None]
        self.engine.prepare([*clicks, *((plan.spec(song, self.show.auto), plan.bounds(song)[0]) for song in songs)])
