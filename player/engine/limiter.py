"""The limiter of the main output: no sum of voices goes above -1 dB of true peak, and what is softer passes untouched.

A frame's level is the highest point of the curve through its samples, found by four times oversampling and a
parabola. The reduction it asks for is held over the attack to come, then released at a steady rate, then smoothed.
From the level on all of that is whole numbers in steps of a hundredth of a decibel, so its result depends on
the frames alone, whatever the block size.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from player.engine import RATE
from player.engine.ramp import Flat
from player.engine.source import Samples

CEILING_DB: Final = -1.0  # dB of true peak
ATTACK: Final = 41  # frames over which the gain goes down, the loud one included
_HALF: Final = 16  # frames on either side that tell what lies between two samples
DELAY: Final = ATTACK - 1 + _HALF  # frames; 1.2 ms
RELEASE_DB: Final = 20.0  # a second

_HOP: Final = 16  # frames whose points are found together
_PIECE: Final = 16_384  # frames worked on at a time
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
_LARGEST: Final = 256.0  # a louder sample becomes this

Steps = NDArray[np.int64]
Points = NDArray[np.float64]


def _four_points() -> Points:
    """Weights (4, 32) of the samples around a frame for its own point and the three behind it, in whole numbers.

    The best in the mean over the band: the equations of a least-squares interpolator.
    """
    k = np.arange(1 - _HALF, _HALF + 1)
    alike = np.sinc(_BAND * (k[:, np.newaxis] - k)) + 1e-6 * np.eye(len(k))
    points = np.array([np.linalg.solve(alike, np.sinc(_BAND * (k - part))) for part in (0.25, 0.5, 0.75)])
    counted: Points = np.rint(np.vstack([k == 0, points]) * _WEIGHT)
    return counted


def _bends(weights: Points) -> float:
    """How far the curve can be above its two nearest samples where the bend at no sample is larger than 1.

    The bend at a sample is how far it is from going straight on: its second difference. What the curve takes from the
    samples further out, from one end to the two in the middle, is then a sum of bends; what it takes from these two,
    the larger of them bounds: neither share is negative, and both come to no more than one.
    """
    ends = weights[:, : _HALF - 1], weights[:, :_HALF:-1]
    return float(sum(np.abs(end.cumsum(axis=1).cumsum(axis=1)).sum(axis=1) for end in ends).max())


def _band(weights: Points) -> Points:
    """The same for `_HOP` frames at a time, (32 + 16, 4 * 16): one large product instead of many small ones."""
    band = np.zeros((_HOP + 2 * _HALF, 4, _HOP))
    for frame in range(_HOP):
        band[frame : frame + 2 * _HALF, :, frame] = weights.T
    return band.reshape(len(band), -1)


_WEIGHTS: Final = _band(_four_points())
_FLOATS: Final = (_WEIGHTS / _WEIGHT).astype(np.float32)
_ENOUGH: Final = 0.999 * _SUSPECT  # below it the curve stays below the ceiling, wherever in between it was looked at
# Rough looks, the cheapest first: some points of the curve, and the ceiling's share below which they must all lie for
# the curve to stay below it. Where a sound without anything above half the rate is loudest it bends at most as a wave
# of half the rate does, so at an eighth of the rate it has lost no more than that wave: cos 45 degrees, cos 22.5.
_LOOKS: Final = (
    (np.ascontiguousarray(_FLOATS.reshape(-1, 4, _HOP)[:, 2]), 0.999 * 0.707 * _CEILING),
    (np.ascontiguousarray(_FLOATS.reshape(-1, 4, _HOP)[:, 1::2].reshape(len(_FLOATS), -1)), _ENOUGH),
)
_BEND: Final = _bends(_four_points() / _WEIGHT)
_CALM: Final = float(_SUSPECT / np.abs(_WEIGHTS).sum(axis=0).max() * _WEIGHT)  # no curve through these is suspect
_LEVELS: Final = _CEILING * 10.0 ** (np.arange(_STEPS) * _STEP_DB / 20)
_GAINS: Final = 10.0 ** (-np.arange(_STEPS + 1) * _STEP_DB / 20)
_SLOPES: Final = np.diff(_GAINS)
_RELEASE: Final = np.arange(1, _PIECE + 1, dtype=np.int64) * _RELEASED
_FULL: Final = np.float32(1.0)


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
        self._silent = DELAY  # the newest frames that are nothing at all
        self._lately = 0.0  # no sample of the newest 2 * _HALF frames is larger
        self._glass = _Glass(0)
        self._idle = True  # no reduction asked for or acting
        self._asked: Steps = np.zeros(ATTACK - 1, np.int64)  # of the newest frames whose level is known
        self._held = 0  # parts of steps, released so far
        self._tail: Steps = np.zeros(ATTACK - 1, np.int64)  # what was held lately

    @property
    def rests(self) -> bool:
        """Whether silence passes as silence, and nothing is left to be told."""
        return self._idle and self._silent >= DELAY and not self.reduction_db

    def process(self, out: Samples, peak: tuple[float, float] | None = None) -> None:
        """Put what came `DELAY` frames earlier in place of `out`, float32 (frames, 2), C-contiguous.

        peak: the largest sizes in it, left and right, where they are known; no numbers where a sample is none.
        """
        deepest = 0.0
        for first in range(0, len(out), _PIECE):
            self._process(out[first : first + _PIECE], peak)
            deepest = max(deepest, self.reduction_db)
        self.reduction_db = deepest

    def _process(self, out: Samples, peak: tuple[float, float] | None) -> None:
        n = len(out)
        flat = out.reshape(-1)
        if self.rests and not flat.any():
            return
        size, before = _size(flat, peak), self._lately
        self._silent = self._silent + n if size == 0.0 else 0
        calm = size <= _CALM
        if not size <= _LARGEST:
            size = _LARGEST
            np.nan_to_num(out, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
            np.clip(out, -_LARGEST, _LARGEST, out)
        sound = np.concatenate((self._past, out))
        self._past = sound[n:].copy()
        self._lately = size if n >= 2 * _HALF else float(np.abs(sound[-2 * _HALF :]).max())
        settled = calm and self._calm >= 2 * _HALF
        self._calm = self._calm + n if calm else 0
        quiet = settled or not self.on or (self._idle and self._look(sound, max(size, before)))
        asked = None if quiet else _asked(sound)
        if asked is None and self._idle:
            out[:] = sound[:n]
            self.reduction_db = 0.0
            return
        gains = self._gains(np.zeros(n, np.int64) if asked is None else asked)
        np.multiply(sound.reshape(-1)[: 2 * n], np.repeat(gains, 2), flat)
        np.minimum(flat, _FULL, out=flat)
        np.maximum(flat, -_FULL, out=flat)

    def _look(self, sound: Samples, largest: float) -> bool:
        """Whether the curve through what came surely stays below the ceiling. `largest`: no sample is larger."""
        if self._glass.frames != len(sound) - DELAY:
            self._glass = _Glass(len(sound) - DELAY)
        return self._glass.calm(sound[DELAY - 2 * _HALF :], largest)

    def _gains(self, asked: Steps) -> NDArray[np.float32]:
        """The gain of each frame that leaves, from the steps asked for by those whose level has become known."""
        n = len(asked)
        ahead = np.concatenate((self._asked, asked))
        self._asked = ahead[n:]
        for reach in (1, 2, 4, 8, 16, ATTACK - 32):  # the highest of 2, 4, 8, 16, 32, then ATTACK frames
            ahead = np.maximum(ahead[:-reach], ahead[reach:])
        released = _RELEASE[:n]
        ahead *= _FINE
        ahead += released
        held = np.maximum.accumulate(ahead)
        np.maximum(held, self._held, out=held)
        held -= released
        self._held = int(held[-1])
        tail = np.concatenate((self._tail, held))
        self._tail = tail[n:]
        self._idle = not (self._held or self._asked.any() or self._tail.any())
        steps = _sums(_sums(tail)) * (1 / (_FINE * _BOX * _BOX))
        self.reduction_db = float(steps.max()) * _STEP_DB
        whole = steps.astype(np.int64)
        below = _GAINS.take(whole)
        return (below + (steps - whole) * _SLOPES.take(whole)).astype(np.float32)


def _sums(values: Steps) -> Steps:
    """The sums of all runs of `_BOX` values."""
    total = np.empty(len(values) + 1, np.int64)
    total[0] = 0
    np.cumsum(values, out=total[1:])
    return total[_BOX:] - total[:-_BOX]


def _size(flat: Flat, peak: tuple[float, float] | None) -> float:
    """The size of the largest sample; endless or nothing at all where one is no number."""
    if peak is None:
        return max(float(flat.max()), -float(flat.min()))
    return max(peak) if sum(peak) < math.inf else math.inf  # the larger of two is the first, if the second is none


class _Glass:
    """A rough look at `frames` new frames and the 2 * `_HALF` before them, float32, with all the room it needs."""

    def __init__(self, frames: int) -> None:
        self.frames = frames
        turns = -(-(frames + 1) // _HOP)
        self._slopes = np.empty(2 * (frames + 2 * _HALF - 1), np.float32)
        self._bends = np.empty(2 * (frames + 2 * _HALF - 2), np.float32)
        self._room = np.zeros((2, turns * _HOP + 2 * _HALF), np.float32)
        self._windows = _windows(self._room, turns)
        self._rows = np.empty(self._windows.shape, np.float32)

    def calm(self, sound: Samples, largest: float) -> bool:
        """Whether the curve through `sound`, whose largest sample is known, surely stays below the ceiling."""
        return largest < _ENOUGH and (self._smooth(sound.reshape(-1), largest) or self._low(sound, largest))

    def _smooth(self, flat: Flat, largest: float) -> bool:
        """By its largest bend: enough for most music, and half the time or less."""
        slopes = np.subtract(flat[2:], flat[:-2], self._slopes)
        bends = np.subtract(slopes[2:], slopes[:-2], self._bends)
        return largest + _BEND * max(float(bends.max()), -float(bends.min())) < _ENOUGH

    def _low(self, sound: Samples, largest: float) -> bool:
        """By points of the curve."""
        self._room[:, : len(sound)] = sound.T
        self._rows[:] = self._windows
        rows = self._rows.reshape(-1, _HOP + 2 * _HALF)
        for weights, enough in _LOOKS:
            points = rows @ weights
            largest = max(largest, float(points.max()), -float(points.min()))
            if largest < enough:
                return True
        return False


def _asked(sound: Samples) -> Steps | None:
    """The steps down that each frame asks for, whose level is known only now; None where none asks.

    `sound` is what came before, `DELAY` frames, and the new frames; the level of a frame is known `_HALF` later.
    """
    n = len(sound) - DELAY
    sound = sound[DELAY - 2 * _HALF :]  # one frame early: the curve's top may lie just before a sample
    rows = np.ascontiguousarray(sound.T)
    before, here, after = _curve(rows, n)
    bend = 2 * here
    bend -= before
    bend -= after
    top = here > _SUSPECT
    top &= here >= before
    top &= here >= after
    top &= bend > 0
    rise = np.square(np.subtract(before, after))
    np.divide(rise, 8 * bend, rise, where=top)
    np.add(here, rise, here, where=top)
    loudest = here.reshape(4, 2, n).max(axis=0).max(axis=0)
    over = np.flatnonzero(loudest > _CEILING)
    if not len(over):
        return None
    asked = np.zeros(n, np.int64)
    asked[over] = np.minimum(np.searchsorted(_LEVELS, loudest[over]) + _BELOW, _STEPS - 1)
    return asked


def _curve(rows: Samples, n: int) -> tuple[Points, Points, Points]:
    """Sizes of the curve at the four points of `n` frames, each (4, 2, n), and of their neighbours on either side.

    `rows` (2, n + 2 `_HALF`): samples in whose count frame `_HALF` is the first of those frames.
    """
    counted = np.rint(np.multiply(rows, float(_SAMPLE)))
    points = _points(counted, _WEIGHTS, n + 1) * (1.0 / (_SAMPLE * _WEIGHT))
    run = np.empty((6, 2, n))
    run[0] = points[3, :, :-1]
    run[1:5] = points[:, :, 1:]
    run[5, :, :-1] = points[0, :, 2:]
    run[5, :, -1] = np.abs(rows[:, n + _HALF])
    return run[:4], run[1:5], run[2:]


def _points(rows: Samples | Points, weights: Points, n: int) -> Points:
    """Sizes of the curve (4, 2, n) through `rows`, whose items follow one another in memory, from `_HALF - 1` on."""
    points: Points = np.abs(_product(rows, weights, n))
    turns = points.shape[0] // 2
    return points.reshape(2, turns, 4, _HOP).transpose(2, 0, 1, 3).reshape(4, 2, turns * _HOP)[:, :, :n]


def _product(rows: NDArray[Any], weights: NDArray[Any], n: int) -> NDArray[Any]:
    """The curve through both rows, `_HOP` frames and their four points in each row of the result."""
    turns = -(-n // _HOP)
    room = np.zeros((2, turns * _HOP + 2 * _HALF), rows.dtype)
    room[:, : rows.shape[1]] = rows[:, : room.shape[1]]
    found: NDArray[Any] = _windows(room, turns).reshape(-1, len(weights)) @ weights
    return found


def _windows(room: NDArray[Any], turns: int) -> NDArray[Any]:
    """All that is needed for the curve through `_HOP` frames, for so many turns of each row: (2, turns, 32 + 16)."""
    row, item = room.strides
    return np.ndarray((2, turns, _HOP + 2 * _HALF), room.dtype, room, 0, (row, _HOP * item, item))
