"""Tells a device that stopped asking for blocks from one that is merely late."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

_STALLED = 0.5  # seconds without a block
_FIRST = 3.0  # seconds for the first one: wireless devices wake slowly
_STEP = 0.05  # what one question can add: where the whole machine stalled, the asker stalled too


class Watchdog:
    """`beat` runs on the audio thread with each block; `alive` is asked by another, often."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._beats = 0
        self._seen = 0
        self._asked = now()
        self._idle = 0.0

    def beat(self) -> None:
        self._beats += 1

    def alive(self) -> bool:
        """False after half a second without a block, of which the asker was awake all the time."""
        now = self._now()
        self._idle += min(now - self._asked, _STEP)
        self._asked = now
        if self._beats != self._seen:
            self._seen = self._beats
            self._idle = 0.0
        return self._idle < (_STALLED if self._beats else _FIRST)
