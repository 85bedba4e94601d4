"""Counts how often a device ran dry, for layers that do not tell."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from time import monotonic

from player.engine import RATE

_WINDOW = 0.1  # seconds; gaps closer together than this count as one
_SETTLING = 0.3  # seconds in which a device that starts fills itself
_LEAST = 0.0015  # seconds that a gap lasts, as far as it can be told from a late thread


class Gaps:
    """`beat` comes with each block a device asks for, on the audio thread.

    A device asks for what it has played. Where its thread is late it makes up for that; where it had nothing to play
    it stays behind for good. So a gap is when even the most punctual request of a while comes later, after all the
    frames before it, than the most punctual one of the while before. Estimated, and near what is heard.
    """

    def __init__(self, holds: float, now: Callable[[], float] = monotonic) -> None:
        """`holds`: seconds of sound that wait in the device when it has just been fed."""
        self.count = 0
        self._now = now
        self._window = max(_WINDOW, 7 * holds)
        self._least = max(_LEAST, 0.15 * holds)
        self._played = 0  # frames asked for, but for those of the last block
        self._begun: float | None = None
        self._until = 0.0
        self._behind = inf  # of this while's most punctual request
        self._before = inf
        self._settled = False

    def beat(self, frames: int) -> None:
        """The device asks for `frames`."""
        now = self._now()
        if self._begun is None:
            self._begun, self._until = now, now + max(self._window, _SETTLING)
        if now >= self._until:
            if self._behind - self._before > self._least:
                self.count += 1
            self._before, self._behind, self._until = self._behind if self._settled else inf, inf, now + self._window
            self._settled = True
        self._behind = min(self._behind, now - self._begun - self._played / RATE)
        self._played += frames
