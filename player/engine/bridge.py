"""A ring between two clocks: one device writes at its own pace, another reads at its own.

What is read is resampled by the few millionths that the clocks differ. How much waits in the ring tells by how much:
a slow loop keeps that steady, so that the delay between the two devices stays what it is however long they run.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from player.engine import RATE
from player.engine.commands import DECLICK
from player.engine.source import Samples

SIZE: Final = 1 << 15  # frames in the ring; 0.7 s
LIMIT: Final = 1e-3  # the most by which the pace is bent; clocks of devices differ by less than a third of that
_PACE: Final = 2 * math.pi * 0.01  # of the loop, a second: it settles within a minute
_SMOOTH: Final = 2.0  # seconds over which what waits is averaged: threads are late now and then
_PIECE: Final = 256  # frames resampled together
_HALF: Final = 24  # frames on either side of a point that tell what it is: right up to 20 kHz
_PHASES: Final = 512
_EDGE: Final = DECLICK.frames
_LATE: Final = 0.1  # seconds: a writer that is later than this has stopped

Kernel = NDArray[np.float32]


def _kernels() -> Kernel:
    """Weights of `2 * _HALF + 2` frames around a point, for points from -0.5 to 1.5 frames on."""
    at = np.arange(-_PHASES // 2, _PHASES * 3 // 2 + 2)[:, np.newaxis] / _PHASES
    far = np.arange(-_HALF, _HALF + 2) - at
    window = np.i0(9.0 * np.sqrt(np.clip(1 - (far / _HALF) ** 2, 0, None))) / np.i0(9.0)
    weights = np.sinc(far) * np.where(np.abs(far) < _HALF, window, 0.0)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights.astype(np.float32)


_KERNELS: Final = _kernels()
_TAPS: Final = _KERNELS.shape[1]


def _kernel(at: float) -> Kernel:
    place = (at + 0.5) * _PHASES
    row = int(place)
    kernel: Kernel = _KERNELS[row] + np.float32(place - row) * (_KERNELS[row + 1] - _KERNELS[row])
    return kernel


class Bridge:
    """Written on one thread, read on another, without a lock. Times are in seconds, of the same clock on both sides."""

    def __init__(self, channels: int, spare: float, least: float = 0.0) -> None:
        """`spare`: seconds that wait in the ring beyond what both sides take at once, for threads that are late.

        least: seconds that wait at least, for whoever has to know how many before both run.
        """
        self.channels = channels
        self.slips = 0  # how often it ran dry or over
        self.pace = 1.0  # frames taken for each frame given
        self._ring: Samples = np.zeros((channels, SIZE), np.float32)
        self._mark = (0, 0.0)  # frames written, and when
        self._spare = round(spare * RATE) + _HALF + 2 + _EDGE
        self._least = round(least * RATE)
        self._most_written = 0
        self._most_read = 0
        self._at = 0  # the frame of the ring that is read next; `_part` of a frame behind it
        self._part = 0.0
        self._runs = False
        self._risen = _EDGE
        self._error = 0.0
        self._drift = 0.0  # frames a second that the writer is faster

    @property
    def delay(self) -> float:
        """Seconds that what is written waits here, as it is meant to be."""
        return self._meant() / RATE

    def write(self, sound: Samples, now: float) -> None:
        """Put (n, channels) in, n up to a quarter of the ring. Audio thread of the writer."""
        n, written = len(sound), self._mark[0]
        first = written % SIZE
        begin = min(n, SIZE - first)
        self._ring[:, first : first + begin] = sound[:begin].T
        self._ring[:, : n - begin] = sound[begin:].T
        self._most_written = max(self._most_written, n)
        self._mark = (written + n, now)

    def read(self, out: Samples, now: float) -> None:
        """Fill `out` (n, channels), with silence where nothing is there. Audio thread of the reader."""
        n = len(out)
        self._most_read = max(self._most_read, min(n, SIZE // 8))
        if not self._runs and not self._begin(n, now):
            out[:] = 0.0
            return
        written, moment = self._mark
        wait = written + min(max(0.0, now - moment), _LATE) * RATE - self._at - self._part
        self._steer(wait - self._meant(), n / RATE)
        left = written - self._at - _HALF - 2 - math.ceil(1 + n * LIMIT)
        if left < n + _EDGE or left > SIZE - SIZE // 4:
            self._slip(out, min(n, max(0, left)))
        else:
            self._take(out)
        if self._risen < _EDGE:
            rise = np.arange(self._risen, min(_EDGE, self._risen + n), dtype=np.float32) / _EDGE
            out[: len(rise)] *= rise[:, np.newaxis]
            self._risen += len(rise)

    def _take(self, out: Samples) -> None:
        """Fill `out` with the next frames."""
        n = len(out)
        if self._window(n + _TAPS + math.ceil(n * LIMIT)).any():
            for first in range(0, n, _PIECE):
                self._resample(out[first : first + _PIECE])
        else:
            out[:] = 0.0
            self._move(n)

    def _move(self, n: int) -> None:
        """The next frame is that `n` frames on."""
        part = self._part + n * (self.pace - 1.0)
        whole = math.floor(part)
        self._at += n + whole
        self._part = part - whole

    def _meant(self) -> int:
        """Frames that should wait when the reader comes, counted as if the writer wrote one by one."""
        return max(self._most_written + self._most_read + self._spare, self._least)

    def _begin(self, n: int, now: float) -> bool:
        written, moment = self._mark
        meant = self._meant()
        at = written + min(max(0.0, now - moment), _LATE) * RATE - meant
        if at < _HALF or now - moment > _LATE or written - at < n + 2 * _HALF:
            return False
        self._at, self._part = int(at), at - int(at)
        self._runs, self._risen, self._error = True, 0, 0.0
        return True

    def _steer(self, error: float, seconds: float) -> None:
        self._error += (error - self._error) * min(1.0, seconds / _SMOOTH)
        bound = LIMIT * RATE
        self._drift = min(max(self._drift + self._error * seconds * _PACE**2, -bound), bound)
        speed = self._drift + 2 * _PACE * self._error
        self.pace = 1.0 + min(max(speed, -bound), bound) / RATE

    def _resample(self, out: Samples) -> None:
        """The next frames: between three kernels, at the begin, the middle and the end, lies what each frame takes."""
        n = len(out)
        bend = self.pace - 1.0
        reach = bend * (n - 1) / 2
        kernels = [_kernel(self._part + reach + side * reach) for side in (-1, 0, 1)]
        place = np.linspace(-1.0, 1.0, n, dtype=np.float32)
        for channel, row in enumerate(self._window(n + _TAPS - 1)):
            low, middle, high = (np.correlate(row, kernel, "valid") for kernel in kernels)
            out[:, channel] = middle + place * (0.5 * (high - low) + place * (0.5 * (high + low) - middle))
        self._move(n)

    def _window(self, n: int) -> Samples:
        first = (self._at - _HALF) % SIZE
        if first + n <= SIZE:
            return self._ring[:, first : first + n]
        return np.concatenate((self._ring[:, first:], self._ring[:, : first + n - SIZE]), axis=1)

    def _slip(self, out: Samples, left: int) -> None:
        """Hardly anything waits, or far too much: silence from here on, until it is again what it should be.

        `left`: frames that can still be filled.
        """
        edge = min(left, _EDGE)
        self._take(out[:left])
        out[left:] = 0.0
        out[left - edge : left] *= np.linspace(1.0, 0.0, edge, dtype=np.float32)[:, np.newaxis]
        self._runs = False
        self.slips += 1
