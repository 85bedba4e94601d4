"""The shape of some material, to be drawn: loudest samples by columns, or the notes of a MIDI file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from player.devices import smf, synth
from player.devices.sources import open_source
from player.engine import RATE
from player.engine.source import Samples, SourceSpec
from player.errors import AudioFileError

COLUMNS: Final = 2000
_CHUNK: Final = RATE  # frames between two looks at `unwanted`


@dataclass(frozen=True, slots=True)
class Picture:
    """What there is to see of some material, in song time.

    `low` and `high`: of a recording the smallest and largest sample of each column, all columns equally
    long, both sides taken together, full scale +-1.0. `notes`: of MIDI (start frame, end frame, pitch,
    channel), by start.
    """

    frames: int
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    notes: tuple[tuple[int, int, int, int], ...] = ()


def picture(spec: SourceSpec, unwanted: Callable[[], bool] = lambda: False) -> Picture | None:
    """The picture of `spec`; None for silence, and once `unwanted` says so.

    Takes time: for a thread of its own. Raises AssetError where the material cannot be opened; of a
    recording that breaks off it gives what there is.
    """
    match spec.kind:
        case "silence":
            return None
        case "midi":
            return _roll(spec)
        case "audio":
            return _wave(spec, unwanted)


def _roll(spec: SourceSpec) -> Picture:
    song = smf.transposed(smf.read(spec.path), spec.transpose)
    length = synth.length(song) - spec.offset
    notes = (
        (max(0, note.start - spec.offset), note.end - spec.offset, note.pitch, note.channel)
        for note in song.notes
        if note.end > spec.offset
    )
    return Picture(length, notes=tuple(notes))


def _wave(spec: SourceSpec, unwanted: Callable[[], bool]) -> Picture | None:
    source = open_source(spec)
    try:
        columns = min(COLUMNS, source.frames)
        bounds = np.arange(columns + 1, dtype=np.int64) * source.frames // columns
        low, high = np.zeros(columns, np.float32), np.zeros(columns, np.float32)
        for first in range(0, columns, step := max(1, _CHUNK * columns // source.frames)):
            if unwanted():
                return None
            edges = bounds[first : first + step + 1]
            block: Samples = np.zeros((int(edges[-1] - edges[0]), 2), np.float32)
            try:
                source.read(int(edges[0]), block)
            except AudioFileError:
                break
            inner = edges[:-1] - edges[0]
            low[first : first + step] = np.minimum.reduceat(np.minimum(block[:, 0], block[:, 1]), inner)
            high[first : first + step] = np.maximum.reduceat(np.maximum(block[:, 0], block[:, 1]), inner)
    finally:
        source.close()
    return Picture(source.frames, tuple(low.tolist()), tuple(high.tolist()))
