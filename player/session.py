"""A show and its engine, held together: actions in, commands down, events up. Window, text and files drive this."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Final

from player import actions as act
from player.engine.status import Event, Fired, Status
from player.host.link import Engine
from player.plan import Plan
from player.reload import Names, carried, moved, names, sounding_songs
from player.show import Show, What, reloaded, step, target
from player.showlog import ShowLog
from timeline.times import frames

# What of a show is a state of its own: what a new window needs to take over from one that died.
KEPT: Final = tuple(f.name for f in fields(Show) if f.name not in ("plan", "locked", "card"))


class Session:
    """The one place where the show's state lives. One thread uses it."""

    def __init__(self, show: Show, engine: Engine, log: ShowLog | None = None) -> None:
        self.show = show
        self.engine = engine
        self.log = log
        self._by = ""
        self.status: Status = engine.status()
        self.sought: act.SeekTo | None = None  # the last seek asked for
        self._prepared: tuple[Plan, int] | None = None
        self._kept: Show | None = None
        self._named: tuple[Plan, bytes] | None = None
        self._prepare()

    def do(self, action: act.Action, by: str = "") -> None:
        """Carry out an action at the engine's next frame. `by`: the key or the word that asked for it."""
        self._by = by
        self.status = self.engine.status()
        if isinstance(action, act.SeekBy):
            self._seek_by(action)
        elif isinstance(action, act.SeekTo):
            self._step(replace(action, turn=self._turn(action.voice)), self.status.clock)
        else:
            self._step(action, self.status.clock)
        self._prepare()
        self._keep()

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
        return events

    def open(self, plan: Plan) -> None:
        """Go over to another timeline: what sounds fades out as at a panic."""
        self.do(act.StopNow())
        keep = self.show
        self.show = Show(
            plan, level_db=keep.level_db, muted=keep.muted, locked=keep.locked, auto=keep.auto,
            card=keep.card, number=keep.number, sounding=keep.sounding,
        )  # fmt: skip
        self._prepare()

    def found(self, plan: Plan) -> None:
        """Go on with the same timeline, now that it is known what its songs play."""
        self.show = replace(self.show, plan=plan)
        self._prepare()

    def reload(self, plan: Plan) -> None:
        """Go on with the same timeline, changed: what sounds and what is scheduled is left alone."""
        self._carry(names(self.show.plan), plan)
        self.status = self.engine.status()
        self._prepare()
        self._keep()

    def close(self) -> None:
        """End the engine."""
        if self.log is not None:
            self.log.close(self.show, self.engine.status().clock)
        self.engine.close()

    def position(self, voice: int) -> int | None:
        """The frame of its song at which a voice stands."""
        return next((v.at for v in self.status.voices if v.voice == voice), None)

    def _step(self, what: What, now: int) -> None:
        if isinstance(what, act.SeekTo):
            self.sought = what
        before = self.show
        self.show, commands = step(before, what, now)
        if commands:
            self.engine.send(commands)
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
        if self.show is self._kept:
            return
        self._kept = self.show
        state = {name: getattr(self.show, name) for name in KEPT}
        if self._named is None or self._named[0] is not self.show.plan:
            self._named = self.show.plan, pickle.dumps(names(self.show.plan))
        self.engine.keep(pickle.dumps((self._named[1], state)))

    def _take_over(self, left: bytes) -> None:
        """Go on with a show whose window died, also where its file has changed; end it where that is another one."""
        named, state = pickle.loads(left)  # from our own engine, behind a key that only this person can read
        old = pickle.loads(named)
        if not any(step is not None for step in moved(old, names(self.show.plan))):
            self._step(act.StopNow(), 0)
            return
        self.show = replace(self.show, **state)
        self._carry(old, self.show.plan)

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
        songs = [song for i in range(first, min(first + 2, len(plan.steps))) for song in plan.opening(i)]
        self.engine.prepare((plan.spec(song, self.show.auto), plan.bounds(song)[0]) for song in songs)
