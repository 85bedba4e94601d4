"""Gain over time in closed form: the gain of a frame depends on its number alone.

Every curve is written as a*U[j] + b*V[j] + c, where j counts within a piece of `PIECE` frames and a, b, c belong
to the piece (the addition formulas of sine and power). So a long fade takes no more memory than a short one, and
any block size gives the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from player.engine.levels import level

PIECE: Final = 4096  # long, since each is worked out in a go of its own
FLOOR_DB: Final = -60.0  # where a curve in dB meets silence
Flat = NDArray[np.float32]  # interleaved stereo, two equal gains a frame

_J: Final = np.arange(PIECE, dtype=np.float64)


def _table(values: NDArray[np.float64]) -> Flat:
    return np.repeat(values.astype(np.float32), 2)


@lru_cache(maxsize=64)
def _turn(frames: int, step: float) -> tuple[Flat, Flat]:
    """cos and sin of j*step, as far as a ramp of `frames` needs them."""
    j = _J[:frames]
    return _table(np.cos(j * step)), _table(np.sin(j * step))


@lru_cache(maxsize=64)
def _power(frames: int, db_step: float) -> Flat:
    return _table(10.0 ** (_J[:frames] * (db_step / 20)))


@lru_cache(maxsize=64)
def _line(frames: int, step: float) -> Flat:
    return _table(_J[:frames] * step)


Coefficients = Callable[[int], "tuple[float, float, float]"]


class Ramp:
    """One rise, fall or move of gain over `frames` frames, at least 1."""

    __slots__ = ("_at", "_factor", "_u", "_v", "first", "frames", "last", "made")

    def __init__(self, frames: int, ends: tuple[float, float], u: Flat, v: Flat | None, at: Coefficients) -> None:
        """`ends`: the gain up to frame 0 and from frame `frames` on. `at(k)`: a, b, c for a piece begun at `k`."""
        self.frames = frames
        self.first, self.last = ends
        self._u, self._v, self._at = u, v, at
        self._factor = np.empty((), np.float32)  # numpy takes a number from an array sooner than from Python
        self.made: tuple[object, ...] = ()  # how it is made again in another process

    def __reduce__(self) -> tuple[object, ...]:
        return Again, self.made

    def gain(self, k: int) -> float:
        """The gain of frame `k`, counted from the ramp's begin."""
        if k <= 0:
            return self.first
        if k >= self.frames:
            return self.last
        a, _, c = self._at(k)
        return a * float(self._u[0]) + c

    def gains(self, k: int, n: int, room: Flat) -> Flat:
        """The gains of frames [k, k+m), m <= `n`, interleaved stereo; none from frame `frames` on. Audio thread.

        They are written to the beginning of `room`, which holds `n` frames or more.
        """
        j = k % PIECE
        n = max(0, min(n, PIECE - j, self.frames - k))
        a, b, c = self._at(k - j)
        part, factor, gains = slice(2 * j, 2 * (j + n)), self._factor, room[: 2 * n]
        factor[()] = a
        np.multiply(self._u[part], factor, gains)
        if self._v is not None:
            factor[()] = b
            np.add(gains, np.multiply(self._v[part], factor), gains)
        if c:
            factor[()] = c
            np.add(gains, factor, gains)
        if k == 0:
            gains[:2] = self.first
        return gains


def _straight(frames: int, first: float, last: float) -> Ramp:
    slope = (last - first) / frames
    return Ramp(
        frames, (first, last), _line(frames, 1 / frames), None, lambda k: (last - first, 0.0, first + slope * k)
    )


def _decibels(frames: int, first_db: float, last_db: float, ends: tuple[float, float]) -> Ramp:
    step = (last_db - first_db) / frames
    return Ramp(frames, ends, _power(frames, step), None, lambda k: (10.0 ** ((first_db + step * k) / 20), 0.0, 0.0))


def _sine(frames: int, rising: bool) -> Ramp:
    turn = math.pi / 2 / frames
    u, v = _turn(frames, turn)
    if rising:  # sin(x + y) = sin x cos y + cos x sin y
        return Ramp(frames, (0.0, 1.0), u, v, lambda k: (math.sin(turn * k), math.cos(turn * k), 0.0))
    return Ramp(frames, (1.0, 0.0), u, v, lambda k: (math.cos(turn * k), -math.sin(turn * k), 0.0))


def _cosine(frames: int, rising: bool) -> Ramp:
    turn = math.pi / frames
    u, v = _turn(frames, turn)
    half = -0.5 if rising else 0.5
    ends = (0.0, 1.0) if rising else (1.0, 0.0)
    return Ramp(frames, ends, u, v, lambda k: (half * math.cos(turn * k), -half * math.sin(turn * k), 0.5))


def fade(frames: int, curve: str, rising: bool) -> Ramp:
    """A fade of the timeline: 0 to 1, or its mirror. Unknown curves cannot reach the engine."""
    return _made(_fade(frames, curve, rising), "fade", frames, curve, rising)


def _made(ramp: Ramp, *how: object) -> Ramp:
    ramp.made = how
    return ramp


def _fade(frames: int, curve: str, rising: bool) -> Ramp:
    if curve == "linear":
        return _straight(frames, *((0.0, 1.0) if rising else (1.0, 0.0)))
    if curve == "s-curve":
        return _cosine(frames, rising)
    if curve == "exponential":
        if rising:
            return _decibels(frames, FLOOR_DB, 0.0, (0.0, 1.0))
        return _decibels(frames, 0.0, FLOOR_DB, (1.0, 0.0))
    return _sine(frames, rising)


def move(frames: int, from_db: float, to_db: float) -> Ramp:
    """A level on its way, linear in dB; silence is met through -60 dB. Gains are of the level alone."""
    return _made(_move(frames, from_db, to_db), "move", frames, from_db, to_db)


def _move(frames: int, from_db: float, to_db: float) -> Ramp:
    ends = (level(from_db), level(to_db))
    first = from_db if from_db > -math.inf else min(FLOOR_DB, to_db)
    last = to_db if to_db > -math.inf else min(FLOOR_DB, from_db)
    if first == last == -math.inf:  # silence to silence
        return _straight(frames, 0.0, 0.0)
    return _decibels(frames, first, last, ends)


def glide(frames: int, from_gain: float, to_gain: float) -> Ramp:
    """A level on its way: linear in gain, for moves too short to have a curve."""
    return _made(_straight(frames, from_gain, to_gain), "glide", frames, from_gain, to_gain)


class Again:
    """What a ramp is while it is on its way to another process: a call that makes it anew."""

    def __new__(cls, kind: str, frames: int, *how: Any) -> Ramp:  # type: ignore[misc]
        """The ramp that the function called `kind` makes."""
        match kind:
            case "fade":
                return fade(frames, *how)
            case "move":
                return move(frames, *how)
            case _:
                return glide(frames, *how)
