"""Samples as whole numbers: 24 bit to the nearest, 16 bit with dither.

16 bit is coarse enough to be heard: rounding alone turns the end of a fade into a buzz that follows the music.
A noise of two even draws (TPDF) before the rounding makes the error as loud at every level, and a tone below the
last bit stays a tone. What is exactly silent stays so. At 24 bit the error lies below what any converter resolves.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from player.engine.source import Samples

Bits = Literal[16, 24]

_SEED: Final = 1


class Quantiser:
    """Turns one sound, block after block, into integers; the same sound gives the same ones, whatever the blocks."""

    def __init__(self, bits: Bits) -> None:
        self.bits = bits
        self._noise = np.random.PCG64(_SEED) if bits == 16 else None

    def __call__(self, block: Samples) -> NDArray[np.int32]:
        """Full scale +-1.0 to integers of `bits` bits, clipped; same shape."""
        top = 1 << (self.bits - 1)
        scaled: NDArray[np.floating] = block * np.float32(top)  # exact, and so is `top - 1` in float32
        if self._noise is not None:
            scaled = scaled + np.where(block == 0, 0.0, _two_draws(self._noise, block.size).reshape(block.shape))
        np.rint(scaled, out=scaled)
        np.clip(scaled, -top, top - 1, out=scaled)
        return scaled.astype(np.int32)


def _two_draws(noise: np.random.PCG64, n: int) -> NDArray[np.float64]:
    """Sums of two even draws from +-1/2 each, made of the raw words, which stay the same in every numpy."""
    words = noise.random_raw(n)
    return (words >> np.uint64(32)) * 2.0**-32 + (words & np.uint64(0xFFFFFFFF)) * 2.0**-32 - 1.0
