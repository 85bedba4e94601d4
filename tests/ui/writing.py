"""A draft without a file, for tests of the editor: every edit is done by the real thing, nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence

from player.plan import Plan
from player.session import Session
from tests.ui import support
from timeline import reader
from timeline.edit import Op, apply
from timeline.model import Problem
from timeline.order import running_order


def plan_of(raw: bytes, name: str = "film.yaml") -> Plan:
    """The plan of a text, each song with a recording of three minutes that never was."""
    reading = reader.read(raw.decode(), name)
    songs = {song: support.resolved(song, i, 180, False, False) for i, song in enumerate(reading.timeline.songs)}
    return Plan(name, reading.timeline, running_order(reading.timeline), songs, None, reading.problems)


class Draft:
    """What the window asks of its draft."""

    def __init__(self, session: Session, raw: bytes) -> None:
        self.session = session
        self.raw = raw
        self.disk = raw
        self.offered = 0
        self.done: list[tuple[bytes, str]] = []
        self.undone: list[tuple[bytes, str]] = []
        self.settled: tuple[str, ...] = ()

    @property
    def unsaved(self) -> int:
        return len(self.done) if self.raw != self.disk else 0

    def edit(self, ops: Op | Sequence[Op], label: str, *, join: bool = False) -> str:
        made = apply(self.raw, ops)
        self.done.append((self.raw, label))
        self.undone.clear()
        self._show(made.raw)
        return made.path

    def check(self, ops: Op | Sequence[Op]) -> tuple[Problem, ...]:
        known = {each.message for each in self.session.show.plan.problems}
        found = plan_of(apply(self.raw, ops).raw).problems
        return tuple(each for each in found if each.message not in known)

    def undo(self) -> str | None:
        return self._back(self.done, self.undone)

    def redo(self) -> str | None:
        return self._back(self.undone, self.done)

    def _back(self, start: list[tuple[bytes, str]], end: list[tuple[bytes, str]]) -> str | None:
        if not start:
            return None
        raw, label = start.pop()
        end.append((self.raw, label))
        self._show(raw)
        return label

    def save(self) -> None:
        self.disk = self.raw
        self.done.clear()

    def settle(self, choices: Sequence[str]) -> None:
        self.settled = tuple(choices)

    def take(self) -> None:
        self.offered = 0

    def drop(self) -> None:
        self.offered = 0

    def discard(self) -> None:
        self._show(self.disk)

    def _show(self, raw: bytes) -> None:
        self.raw = raw
        self.session.found(plan_of(raw))
