"""The limiter of the main output: no sum of voices goes above -1 dB of true peak, and what is softer passes untouched.

A frame's level is the highest point of the curve through its samples, found by four times oversampling and a
parabola. The reduction it asks for is held over the attack to come, then released at a steady rate, then smoothed.
From the level on all of that is whole numbers in steps of a hundredth of a decibel, so its result depends on
the frames alone, whatever the block size.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from player.engine import RATE
from player.engine.source import Samples

CEILING_DB: Final = -1.0  # dB of true peak
ATTACK: Final = 41  # frames over which the gain goes down, the loud one included
_HALF: Final = 16  # frames on either side that tell what lies between two samples
DELAY: Final = ATTACK - 1 + _HALF  # frames; 1.2 ms
RELEASE_DB: Final = 20.0  # a second

_PIECE: Final = 4096  # frames worked on at a time
_STEP_DB: Final = 0.01
_STEPS: Final = 6000  # of them; beyond 60 dB above the ceiling samples are cut
_FINE: Final = 1 << 12  # parts of a step in which the release is counted
_RELEASED: Final = round(RELEASE_DB / RATE / _STEP_DB * _FINE)  # parts a frame
_BOX: Final = (ATTACK + 1) // 2  # two running means of this length make the attack's curve
_TOLERANCE: Final = 1.003  # what the oversampling may read too high must not touch what is below the ceiling
_BELOW: Final = 10  # steps below the ceiling to which louder sound comes down: the oversampling may read too low
_CEILING: Final = 10 ** (CEILING_DB / 20) * _TOLERANCE
_SUSPECT: Final = 0.92 * _CEILING  # a point from which the curve may reach the ceiling in between
_BAND: Final = 0.93  # of all frequencies, up to where the curve is exact: 22 kHz

# Samples and weights are counted in these, so that sums of their products are exact in float64 in any order.
_SAMPLE: Final = 1 << 22
_WEIGHT: Final = 1 << 16
_LARGEST: Final = 256.0  # a louder sample counts as this

Steps = NDArray[np.int64]
Points = NDArray[np.float64]


def _four_points() -> Points:
    """Weights (32, 4) of the samples around a frame for its own point and the three behind it, in whole numbers.

    The best in the mean over the band: the equations of a least-squares interpolator.
    """
    k = np.arange(1 - _HALF, _HALF + 1)
    alike = np.sinc(_BAND * (k[:, np.newaxis] - k)) + 1e-6 * np.eye(len(k))
    points = np.array([np.linalg.solve(alike, np.sinc(_BAND * (k - part))) for part in (0.25, 0.5, 0.75)])
    counted: Points = np.rint(np.vstack([k == 0, points]).T * _WEIGHT)
    return counted


_WEIGHTS: Final = _four_points()
_ROUGH: Final = (_WEIGHTS / _WEIGHT).astype(np.float32)
_CALM: Final = float(_SUSPECT / np.abs(_WEIGHTS).sum(axis=0).max() * _WEIGHT)  # no curve through these is suspect
_LEVELS: Final = _CEILING * 10.0 ** (np.arange(_STEPS) * _STEP_DB / 20)
_GAINS: Final = 10.0 ** (-np.arange(_STEPS + 1) * _STEP_DB / 20)


class Limiter:
    """Delays what passes by `DELAY` frames and turns it down where it would go above the ceiling.

    Switched off it only delays; what is turned down then comes back at the usual rate. Audio thread only, but for
    `on`, which any thread may set.
    """

    def __init__(self) -> None:
        self.on = True
        self.reduction_db = 0.0  # the most that the last block was turned down by
        self._past: Samples = np.zeros((DELAY, 2), np.float32)
        self._calm = DELAY  # the newest frames of which it is known that nothing between them is suspect
        self._idle = True  # no reduction asked for or acting
        self._asked: Steps = np.zeros(ATTACK - 1, np.int64)  # of the newest frames whose level is known
        self._held = 0  # parts of steps, released so far
        self._tail: Steps = np.zeros(ATTACK - 1, np.int64)  # what was held lately

    def process(self, out: Samples) -> None:
        """Put what came `DELAY` frames earlier in place of `out`, float32 (frames, 2), C-contiguous."""
        deepest = 0.0
        for first in range(0, len(out), _PIECE):
            self._process(out[first : first + _PIECE])
            deepest = max(deepest, self.reduction_db)
        self.reduction_db = deepest

    def _process(self, out: Samples) -> None:
        n = len(out)
        flat = out.reshape(-1)
        high, low = float(flat.max()), float(flat.min())
        calm = high <= _CALM and low >= -_CALM
        if not np.isfinite(high) or not np.isfinite(low):
            np.nan_to_num(out, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        sound = np.concatenate((self._past, out))
        self._past = sound[n:].copy()
        settled = calm and self._calm >= 2 * _HALF
        self._calm = self._calm + n if calm else 0
        asked = None if settled or not self.on else _asked(sound)
        if asked is None and self._idle:
            out[:] = sound[:n]
            self.reduction_db = 0.0
            return
        gains = self._gains(np.zeros(n, np.int64) if asked is None else asked)
        np.multiply(sound[:n], gains[:, np.newaxis], out)
        np.clip(out, -1.0, 1.0, out)

    def _gains(self, asked: Steps) -> NDArray[np.float32]:
        """The gain of each frame that leaves, from the steps asked for by those whose level has become known."""
        n = len(asked)
        ahead = np.concatenate((self._asked, asked))
        self._asked = ahead[n:]
        for reach in (1, 2, 4, 8, 16, ATTACK - 32):  # the highest of 2, 4, 8, 16, 32, then ATTACK frames
            ahead = np.maximum(ahead[:-reach], ahead[reach:])
        released = np.arange(1, n + 1, dtype=np.int64) * _RELEASED
        held = np.maximum(np.maximum.accumulate(ahead * _FINE + released), self._held) - released
        self._held = int(held[-1])
        tail = np.concatenate((self._tail, held))
        self._tail = tail[n:]
        self._idle = not (self._held or self._asked.any() or self._tail.any())
        steps = _sums(_sums(tail)) / (_FINE * _BOX * _BOX)
        self.reduction_db = float(steps.max()) * _STEP_DB
        whole = steps.astype(np.int64)
        below = _GAINS[whole]
        return (below + (steps - whole) * (_GAINS[whole + 1] - below)).astype(np.float32)


def _sums(values: Steps) -> Steps:
    """The sums of all runs of `_BOX` values."""
    total = np.concatenate((np.zeros(1, np.int64), np.cumsum(values)))
    return total[_BOX:] - total[:-_BOX]


def _asked(sound: Samples) -> Steps | None:
    """The steps down that each frame asks for, whose level is known only now; None where none asks.

    `sound` is what came before, `DELAY` frames, and the new frames; the level of a frame is known `_HALF` later.
    """
    n = len(sound) - DELAY
    sound = sound[DELAY - 2 * _HALF :]  # one frame early: the curve's top may lie just before a sample
    if float(_points(np.ascontiguousarray(sound.T), _ROUGH, n + 1).max()) < 0.999 * _SUSPECT:
        return None
    points = _curve(sound, n + 1)
    here = points[:, 4:-1]
    at = np.nonzero(here > _SUSPECT)
    if not len(at[0]):
        return None
    height, before, after = here[at], points[:, 3:-2][at], points[:, 5:][at]
    bend = 2 * height - before - after
    top = (height >= before) & (height >= after) & (bend > 0)
    levels = np.zeros(here.shape)
    levels[at] = height + np.where(top, np.square(before - after) / (8 * np.where(top, bend, 1.0)), 0.0)
    loudest = levels.max(axis=0).reshape(n, 4).max(axis=1)
    over = np.flatnonzero(loudest > _CEILING)
    if not len(over):
        return None
    asked = np.zeros(n, np.int64)
    asked[over] = np.minimum(np.searchsorted(_LEVELS, loudest[over]) + _BELOW, _STEPS - 1)
    return asked


def _curve(sound: Samples, n: int) -> Points:
    """Sizes of the curve (2, 4 n + 1) from frame `_HALF - 1` of `sound` on: four points a frame, and the next."""
    counted = np.multiply(sound.T, _SAMPLE, np.empty((2, len(sound))))
    np.rint(np.clip(counted, -_LARGEST * _SAMPLE, _LARGEST * _SAMPLE, counted), counted)
    last = np.abs(counted[:, n + _HALF - 1 : n + _HALF]) * _WEIGHT
    return np.concatenate((_points(counted, _WEIGHTS, n), last), axis=1) * (1.0 / (_SAMPLE * _WEIGHT))


def _points(rows: NDArray[Any], weights: NDArray[Any], n: int) -> NDArray[Any]:
    """Sizes of the curve (2, 4 n) through `rows`, whose items follow one another in memory."""
    row, item = rows.strides
    around = np.ndarray((2, n, 2 * _HALF), rows.dtype, rows, 0, (row, item, item)).reshape(-1, 2 * _HALF)
    points: NDArray[Any] = np.abs(around @ weights)
    return points.reshape(2, 4 * n)
