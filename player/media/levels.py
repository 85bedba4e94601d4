"""How loud some material is, and the gain that brings a part of it to a target."""

from __future__ import annotations

import math
from array import array
from functools import lru_cache
from typing import Final

from msgspec import Struct

from player.engine import RATE

STEP: Final = RATE // 10  # frames between two values of momentary loudness
WINDOW: Final = 4 * STEP  # frames that one value looks back over
MOST: Final = 20.0  # dB: what is softer than that was meant to be soft
_ABSOLUTE: Final = -70.0  # LUFS, and LU below the rest: the gates of ITU-R BS.1770
_RELATIVE: Final = -10.0


class Level(Struct, frozen=True):
    """What was measured of some material, all of it, as it is heard without any gain: 48 kHz, stereo.

    integrated: LUFS, -inf of silence; range: LU; true_peak and peak: dBFS, -inf of silence. clipped: runs of samples
    at full scale. begins, ends: the first frame that is not silent and the one after the last; equal where all is.
    momentary: LUFS of the 400 ms before each tenth of a second, as float32.
    """

    frames: int
    integrated: float
    range: float
    true_peak: float
    peak: float
    clipped: int
    begins: int
    ends: int
    momentary: bytes = b""


@lru_cache(1024)
def between(level: Level, begin: int, end: int) -> float:
    """Integrated loudness of the frames [begin, end), to a tenth of a second; of all if that is too short."""
    first = max(3, -(-(begin + WINDOW) // STEP) - 1)
    part = array("f", level.momentary)[first : max(first, end // STEP)]
    if not part or (begin <= 0 and end >= level.frames):
        return level.integrated
    return integrated(part)


def integrated(momentary: array[float]) -> float:
    """LUFS of values of momentary loudness, gated; -inf where nothing passes."""
    powers = [10.0 ** (value / 10.0) for value in momentary if value > _ABSOLUTE]
    if not powers:
        return -math.inf
    gate = sum(powers) / len(powers) * 10.0 ** (_RELATIVE / 10.0)
    loud = [power for power in powers if power > gate]
    return 10.0 * math.log10(sum(loud) / len(loud))


def gain(target: float, loudness: float) -> float:
    """The dB that bring material of this loudness to `target`; 0 for silence, no more than MOST upwards."""
    return min(MOST, target - loudness) if loudness > _ABSOLUTE else 0.0
