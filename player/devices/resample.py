"""Any sample rate to ours by soxr HQ, from any frame on. The only importer of soxr."""

from __future__ import annotations

from collections.abc import Callable
from math import gcd

import numpy as np
import soxr

from player.engine import RATE
from player.engine.source import Samples

_CHUNK = 16_384  # input frames a turn
_SETTLE = 1_024  # input frames until the filter has forgotten its start, at 48 kHz and below


def frames_at_our_rate(frames: int, rate: int) -> int:
    """How long `frames` at `rate` last at 48 kHz: rounded to the nearest, halves up."""
    return (2 * frames * RATE + rate) // (2 * rate)


class Resampler:
    """A stereo stream at 48 kHz, read from a stream at `rate`.

    `pull(at, count)` gives up to `count` frames (n, 2) of the stream at `rate`; fewer mean that it ends
    there. A seek starts at an input frame that falls on an output frame, far enough ahead for the filter to
    settle, so that it gives what a reading in one go gives, to 1e-6.
    """

    def __init__(self, rate: int, pull: Callable[[int, int], Samples]) -> None:
        common = gcd(rate, RATE)
        self._in, self._out = rate // common, RATE // common  # frames of equal duration
        self._settle = _SETTLE * -(-rate // RATE)
        self._pull = pull
        self._stream = soxr.ResampleStream(rate, RATE, 2, dtype="float32", quality="HQ")
        self._ready: Samples = np.zeros((0, 2), np.float32)
        self._ended = False
        self._input = 0  # the next input frame
        self._skip = 0  # output frames still to be thrown away
        self._at = 0

    def read(self, at: int, count: int) -> Samples:
        """`count` frames (n, 2) from `at`, or fewer where the stream at `rate` ends."""
        if at != self._at:
            self._start(at)
        blocks, got = [], 0
        while got < count:
            if not len(self._ready) and not self._more():
                break
            blocks.append(self._ready[: count - got])
            self._ready = self._ready[len(blocks[-1]) :]
            got += len(blocks[-1])
        self._at = at + got
        return np.concatenate(blocks) if blocks else np.zeros((0, 2), np.float32)

    def _start(self, at: int) -> None:
        whole = max(0, at * self._in // self._out - self._settle) // self._in
        self._stream.clear()
        self._ended = False
        self._input = whole * self._in
        self._skip = at - whole * self._out
        self._ready = self._ready[:0]
        self._at = at

    def _more(self) -> bool:
        """Put the next frames into `_ready`; False at the end."""
        while not self._ended and not len(self._ready):
            block = self._pull(self._input, _CHUNK)
            self._input += len(block)
            self._ended = len(block) < _CHUNK
            made: Samples = self._stream.resample_chunk(np.ascontiguousarray(block), last=self._ended)
            self._ready = made[self._skip :]
            self._skip -= min(self._skip, len(made))
        return len(self._ready) > 0
