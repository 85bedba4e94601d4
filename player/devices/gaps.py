"""Counts how often a device ran dry, for layers that do not tell."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

_GRACE = 0.001  # seconds: the clock of the device is not ours


class Gaps:
    """`beat` comes with each block a device asks for, on the audio thread.

    A device that holds `holds` seconds of sound when it has just been fed has none left if it is fed again only later.
    It may have held less, so some gaps are missed, and none is made up.
    """

    def __init__(self, holds: float, now: Callable[[], float] = monotonic) -> None:
        self.count = 0
        self._longest = holds + _GRACE
        self._now = now
        self._fed: float | None = None

    def beat(self) -> None:
        """The device is fed."""
        now = self._now()
        if self._fed is not None and now - self._fed > self._longest:
            self.count += 1
        self._fed = now
