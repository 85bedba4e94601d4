"""Tells an engine that hangs from one that is merely late, by the counts that its two threads leave in the figures."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

HUNG: Final = 0.75  # seconds in which neither thread moves
DEAF: Final = 5.0  # seconds in which the one that listens does not, whatever sounds
LATE: Final = 0.3  # seconds since the last beat of the one that listens after which a look is due
LOOK: Final = 0.1  # seconds from one look to the next
_STEP: Final = 0.15  # what one look can add: where the whole machine stood, whoever looks stood too

Beats = tuple[int, float]  # of the thread that plays, and of the one that listens


class Pulse:
    """To be asked every `LOOK` seconds. What a suspended machine or a stopped window slept does not count."""

    def __init__(self, read: Callable[[], Beats], now: Callable[[], float] = monotonic) -> None:
        self._read = read
        self._now = now
        self._asked = now()
        self._seen = read()
        self._still = 0.0  # for how long neither has moved
        self._deaf = 0.0

    def lost(self) -> bool:
        """Whether the engine hangs."""
        now, beats = self._now(), self._read()
        step = min(now - self._asked, _STEP)
        self._asked = now
        self._still = 0.0 if beats != self._seen else self._still + step
        self._deaf = 0.0 if beats[1] != self._seen[1] else self._deaf + step
        self._seen = beats
        return self._still >= HUNG or self._deaf >= DEAF
