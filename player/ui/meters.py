"""Meters that fall as meters do. Pure: the last state, the newest peaks and the time between them."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

FLOOR_DB: Final = -60.0
FALL: Final = 26.0  # dB a second, as a peak programme meter
HOLD: Final = 1.2  # seconds a peak mark stays
SINK: Final = 18.0  # dB a second, a peak mark after that


class Levels(NamedTuple):
    """Bars and peak marks in dB, and how long each mark still stays."""

    bars: tuple[float, float] = (FLOOR_DB, FLOOR_DB)
    marks: tuple[float, float] = (FLOOR_DB, FLOOR_DB)
    holds: tuple[float, float] = (0.0, 0.0)

    @property
    def still(self) -> bool:
        """Whether nothing of it moves any more."""
        return max(*self.bars, *self.marks) <= FLOOR_DB


SILENT: Final = Levels()


def decibels(peak: float) -> float:
    """A linear peak in dB, between the floor and full scale."""
    return min(0.0, max(FLOOR_DB, 20 * math.log10(peak))) if peak > 0.001 else FLOOR_DB


def fallen(levels: Levels, peaks: tuple[float, float], seconds: float, plain: bool = False) -> Levels:
    """The meters `seconds` later. `plain`: no falling and no marks, the figures as they are."""
    now = decibels(peaks[0]), decibels(peaks[1])
    if plain:
        return Levels(now)
    sides = [_side(levels, i, now[i], seconds) for i in (0, 1)]
    return Levels((sides[0][0], sides[1][0]), (sides[0][1], sides[1][1]), (sides[0][2], sides[1][2]))


def _side(levels: Levels, i: int, now: float, seconds: float) -> tuple[float, float, float]:
    bar = max(now, levels.bars[i] - FALL * seconds, FLOOR_DB)
    mark, hold = levels.marks[i], levels.holds[i] - seconds
    if bar >= mark:
        return bar, bar, HOLD
    return bar, mark if hold > 0 else max(bar, mark - SINK * seconds), max(hold, 0.0)


def thousandths(levels: Levels) -> tuple[int, int, int, int]:
    """Bars and marks as parts of the whole height."""
    return tuple(round((each - FLOOR_DB) * 1000 / -FLOOR_DB) for each in (*levels.bars, *levels.marks))  # type: ignore[return-value]
