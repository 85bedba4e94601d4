"""The shape of some material, to be drawn: loudest samples by columns, or the notes of a MIDI file."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Final

import numpy as np
from msgspec import Struct

from player.devices import smf, synth
from player.devices.sources import open_source
from player.engine import RATE
from player.engine.source import Samples, Source, SourceSpec
from player.errors import AssetError, AudioFileError
from player.media.measured import look_in, open_measured
from player.media.table import TableError

COLUMNS: Final = 2000
LONG: Final = 600 * RATE  # frames from which on a recording is drawn in a process of its own
_LOOK: Final = 0.05  # seconds between two looks at `unwanted` meanwhile
_CHUNK: Final = RATE  # frames between two looks at `unwanted`


class Picture(Struct, frozen=True):
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

    What was drawn once is known. Else it takes time: for a thread of its own, and a long recording takes a process.
    Raises AssetError where the material cannot be opened; of a recording that breaks off it gives what there is.
    """
    match spec.kind:
        case "silence" | "clicks":
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
    drawn = known(spec)
    if drawn is not None:
        return drawn
    source = open_source(spec)
    try:
        if source.frames > LONG:
            return _drawn_apart(spec, unwanted)
        drawn = _drawn(source, unwanted)
    finally:
        source.close()
    if drawn is not None:
        _keep(spec, drawn)
    return drawn


def known(spec: SourceSpec) -> Picture | None:
    """The picture of a recording that was drawn before."""
    with contextlib.suppress(TableError):
        measured = look_in()
        if measured is not None:
            with contextlib.closing(measured):
                waves = measured.waves(spec)
                return None if waves is None else Picture(*waves)
    return None


def _keep(spec: SourceSpec, drawn: Picture) -> None:
    with contextlib.suppress(TableError), contextlib.closing(open_measured()) as measured:
        measured.keep_waves(spec, (drawn.frames, drawn.low, drawn.high))


def _drawn(source: Source, unwanted: Callable[[], bool]) -> Picture | None:
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
    return Picture(source.frames, tuple(low.tolist()), tuple(high.tolist()))


def _drawn_apart(spec: SourceSpec, unwanted: Callable[[], bool]) -> Picture | None:
    """The same, in a process of its own: the window draws on meanwhile."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_draw, args=(spec, theirs, os.getpid()), daemon=True)
    process.start()
    theirs.close()
    try:
        while not ours.poll(_LOOK):
            if unwanted():
                return None
        drawn: Picture | None = ours.recv()
    except EOFError:  # it died
        return None
    else:
        return drawn
    finally:
        process.terminate()
        process.join()
        ours.close()


def _draw(spec: SourceSpec, tell: Connection, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits for this
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)
    with contextlib.suppress(AssetError, BrokenPipeError):
        source = open_source(spec)
        drawn = _drawn(source, lambda: hasattr(os, "getppid") and os.getppid() != parent)
        source.close()
        if drawn is not None:
            _keep(spec, drawn)
        tell.send(drawn)
