"""The clicks of a count-in, as material: the first of each bar is higher."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from player.engine import RATE
from player.engine.source import Clicks, Samples

LENGTH: Final = 2400  # frames of a click, 50 ms
ACCENT: Final = 1568.0  # Hz
PLAIN: Final = 1046.5
LEVEL: Final = 0.5
FALL: Final = 400.0  # frames in which it falls to a third


class ClickSource:
    """Clicks at exact frames, from frame 0 to where the song begins."""

    def __init__(self, clicks: Clicks) -> None:
        self.frames = clicks.frame(clicks.beats)
        self._clicks = clicks
        self._begins = [clicks.frame(beat) for beat in range(clicks.beats + 1)]

    def read(self, at: int, out: Samples) -> int:
        """See Source."""
        n = max(0, min(len(out), self.frames - at))
        out[:] = 0.0
        for beat in range(self._clicks.beats):
            begin = self._begins[beat]
            end = min(begin + LENGTH, self._begins[beat + 1])
            first, last = max(at, begin), min(at + n, end)
            if first < last:
                sound = _click(beat % self._clicks.bar == 0)
                out[first - at : last - at] = sound[first - begin : last - begin, np.newaxis]
        return n

    def close(self) -> None:
        """Nothing is open."""


@lru_cache(2)
def _click(accent: bool) -> Samples:
    """One click, mono. It begins at its crest, so that its first frame is its loudest."""
    n = np.arange(LENGTH)
    fall = np.exp(-n / FALL) * np.minimum(1.0, (LENGTH - n) / 240)
    level = LEVEL if accent else LEVEL * 0.7
    sound: Samples = (level * fall * np.cos(2 * np.pi * (ACCENT if accent else PLAIN) / RATE * n)).astype(np.float32)
    return sound
