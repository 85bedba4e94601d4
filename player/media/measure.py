"""Measuring material: its level and its picture, in one pass, as it is heard."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from typing import Final

import numpy as np

from player.devices.av_loudness import Meter
from player.devices.sources import open_source
from player.engine import RATE
from player.engine.source import Samples, Source, SourceSpec
from player.media.levels import Level

_CHUNK: Final = 2 * RATE  # frames between two looks at `unwanted`
_FULL: Final = 32_766.5 / 32_768.0  # full scale of 16 bit, and what stands for it in others
_RUN: Final = 3  # samples in a row at full scale: music that was cut off there, and not a peak that just touches it
_SILENT: Final = 10.0 ** (-60.0 / 20.0)  # below that nobody hears the start or the end


def measure(
    spec: SourceSpec,
    unwanted: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Level | None:
    """The level of what `spec` names, without its gain, offset or repeats; None once `unwanted` says so.

    Takes time: for a process of its own. Raises AssetError where the material cannot be opened, or breaks off.
    """
    source = open_source(SourceSpec(spec.kind, spec.path))
    try:
        return _measured(source, unwanted, progress)
    finally:
        source.close()


def _measured(
    source: Source, unwanted: Callable[[], bool], progress: Callable[[int, int], None]
) -> Level | None:
    meter, peak, clipped, carried = Meter(), 0.0, 0, np.zeros((_RUN, 2), np.bool_)
    begins, ends = source.frames, 0
    for at in range(0, source.frames, _CHUNK):
        if unwanted():
            return None
        block: Samples = np.zeros((min(_CHUNK, source.frames - at), 2), np.float32)
        source.read(at, block)
        meter.feed(block)
        loud = np.abs(block)
        peak = max(peak, float(loud.max()))
        full = np.concatenate([carried, loud >= _FULL])
        clipped += _runs(full)
        carried = full[-_RUN:]
        heard = np.flatnonzero(loud.max(axis=1) > _SILENT)
        if len(heard):
            begins, ends = min(begins, at + int(heard[0])), at + int(heard[-1]) + 1
        progress(at + len(block), source.frames)
    whole, spread = meter.finish()
    true_peak = max(meter.true_peak, peak)
    return Level(
        frames=source.frames, integrated=whole, range=spread, true_peak=decibels(true_peak), peak=decibels(peak),
        clipped=clipped, begins=min(begins, ends), ends=ends, momentary=array("f", meter.momentary).tobytes(),
    )  # fmt: skip


def _runs(full: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> int:
    """How many runs of _RUN or more begin to be that long here; the first _RUN rows may have been seen before."""
    long = full[2:] & full[1:-1] & full[:-2]
    return int((long[1:] & ~long[:-1]).sum())


def decibels(value: float) -> float:
    """A linear level in dB; -inf of nothing."""
    return 20.0 * math.log10(value) if value > 0 else -math.inf
