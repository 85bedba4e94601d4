"""What an engine was told and when it took that: all that another one needs to stand where it would stand."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct, field

from player.engine import RATE
from player.engine.commands import Batch, Master, Pause
from player.engine.status import Broke, DeviceNews, Event, Over

if TYPE_CHECKING:
    from player.engine.mixer import Mixer

ENOUGH: Final = 64  # batches; with more than that it begins anew once nothing is left of them


class Base(NamedTuple):
    """An engine of which nothing is left but where its clocks stand, its level, and whether it is paused."""

    clock: int = 0
    show: int = 0
    level: float = 1.0
    paused: bool = False


START: Final = Base()


class History(Struct):
    """Batches since `base`. Each has a number, in the order in which the show sent them; some are never taken."""

    base: Base = START
    taken: list[tuple[int, Batch]] = field(default_factory=list)  # with the clock at which each was executed
    sent: dict[int, tuple[int, Batch]] = field(default_factory=dict)  # not known to be taken; with the clock then
    number: int = 0  # of the batch sent last
    told: int = 0  # events that the show knows of

    def send(self, batch: Batch, clock: int) -> int:
        """A batch is on its way; returns its number."""
        self.number += 1
        self.sent[self.number] = clock, batch
        return self.number

    def took(self, takes: Iterable[tuple[int, int]]) -> None:
        """Batches were executed: number and clock of each. What was sent before one of them never will be."""
        for number, clock in takes:
            found = self.sent.get(number)
            for dropped in [n for n in self.sent if n <= number]:
                del self.sent[dropped]
            if found is not None:
                self._append(clock, found[1])

    def tell(self, events: Iterable[Event]) -> None:
        """The show knows of these."""
        self.told += len(counting(events))

    def begin(self, base: Base) -> None:
        """Nothing is left of what was taken."""
        self.base = base
        self.taken.clear()
        self.told = 0

    def settled(self) -> None:
        """The engine is gone: what it may not have taken counts as taken when it was sent."""
        for clock, batch in self.sent.values():
            self._append(clock, batch)
        self.sent.clear()

    def copy(self, unheard: Iterable[Event]) -> History:
        """As it stands, for a show that has not met the events `unheard` yet; what was not taken counts as taken."""
        twin = History(self.base, list(self.taken), dict(self.sent), self.number)
        twin.tell(unheard)
        twin.told = self.told - twin.told
        twin.settled()
        return twin

    def run(self, mixer: Mixer) -> None:
        """Bring a new mixer to where the last batch was taken, without a sound."""
        mixer.clock, mixer.show = self.base.clock, self.base.show
        mixer.inbox.append((Master(self.base.level), *((Pause(),) if self.base.paused else ())))
        for clock, batch in self.taken:
            mixer.skip(max(0, clock - mixer.clock))
            mixer.inbox.append(batch)
        mixer.skip(0)

    def _append(self, clock: int, batch: Batch) -> None:
        last = self.taken[-1] if self.taken else None
        clock = max(clock, last[0] if last else self.base.clock)
        if last is not None and _level(last[1]) and _level(batch):
            self.taken.pop()  # of many moves of the level only the last counts
        self.taken.append((clock, batch))


def counting(events: Iterable[Event]) -> list[Event]:
    """Those that say what voices and cues did; the others are figures and notes, and no part of a show's state."""
    return [event for event in events if not isinstance(event, Over | Broke | DeviceNews)]


def _level(batch: Batch) -> bool:
    return len(batch) == 1 and isinstance(batch[0], Master)


class Replay(Struct, frozen=True):
    """A history, and a moment (`time.monotonic`) with the frame at which the clock stood then; it goes on since."""

    history: History
    clock: int
    moment: float

    def due(self) -> int:
        """The frame at which the clock should stand now."""
        return self.clock + max(0, round((time.monotonic() - self.moment) * RATE))


class News(Struct, frozen=True):
    """What a look at the engine has found: events, which batches were taken when, and a history that begins anew."""

    events: list[Event]
    takes: list[tuple[int, int]]
    base: Base | None = None

    def __bool__(self) -> bool:
        return bool(self.events or self.takes or self.base)


class Kept(NamedTuple):
    """What a show leaves with its engine. names: None where they are those of before."""

    names: bytes | None
    snapshot: bytes
    seen: int  # how many of the events it was told the snapshot knows


class Untold:
    """Events that the snapshot of a show knows nothing of; told perhaps, to a show that died before it kept them."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._known = 0  # events of this show that its snapshot knows

    def add(self, events: Iterable[Event]) -> None:
        """They have happened."""
        self._events += counting(events)

    def know(self, seen: int) -> None:
        """A snapshot knows the first `seen` events that this show was told."""
        del self._events[: max(0, seen - self._known)]
        self._known = max(self._known, seen)

    def again(self) -> list[Event]:
        """What a new show is to be told, which begins to count anew."""
        self._known = 0
        return list(self._events)
