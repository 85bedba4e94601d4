"""WAV files of any length: RIFF while sizes fit in 32 bits, RF64 (EBU Tech 3306) beyond.

Written here rather than by a library because the same sound must give the same bytes: libsndfile puts the time of
day into the header of float files.
"""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from player.engine import RATE
from player.engine.source import Samples
from player.errors import ExportError
from player.export.depth import Bits, Quantiser

RIFF_LIMIT: Final = (1 << 32) - 1
_HEADER: Final = 12 + 36 + 26 + 12 + 8  # RIFF, room for ds64, fmt, fact, data


def _three_bytes(samples: NDArray[np.int32]) -> NDArray[np.uint8]:
    """The low three bytes of each sample, lowest first. Byte by byte: four times as fast as a cut of all three."""
    four = samples.astype("<i4", copy=False).view(np.uint8).reshape(-1, 4)
    three = np.empty((len(four), 3), np.uint8)
    for i in range(3):
        three[:, i] = four[:, i]
    return three


class WavFile:
    """A stereo WAV at 48 kHz being written. Raises ExportError when the disk will not have it."""

    def __init__(self, path: Path, *, floating: bool, bits: Bits = 24, riff_limit: int = RIFF_LIMIT) -> None:
        """`floating`: float32; else integers of `bits` bits."""
        self.path = path
        self.frames = 0
        self._floating = floating
        self._width = 4 if floating else bits // 8  # bytes of a sample
        self._quantise = Quantiser(bits)
        self._limit = riff_limit
        with _explained(path):
            self._file: BinaryIO = open(path, "wb")  # noqa: SIM115 - closed by close() or abort()
            self._file.write(self._header())

    def write(self, block: Samples) -> None:
        """Append `block`, float32 (frames, 2)."""
        if self._floating:
            data: NDArray[Any] = np.ascontiguousarray(block, "<f4")
        elif self._width == 2:
            data = self._quantise(block).astype("<i2")
        else:
            data = _three_bytes(self._quantise(block))
        with _explained(self.path):
            self._file.write(data.data)
        self.frames += len(block)

    def close(self) -> None:
        """Finish the file: only now does its header tell the length."""
        with _explained(self.path):
            self._file.seek(0)
            self._file.write(self._header())
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def abort(self) -> None:
        """Stop without finishing, as far as that can be done; removing the file is the caller's."""
        with contextlib.suppress(OSError):
            self._file.close()

    def _header(self) -> bytes:
        width = self._width
        size = self.frames * 2 * width
        whole = _HEADER - 8 + size + size % 2
        big = whole > self._limit
        low = 0xFFFFFFFF
        tag = 3 if self._floating else 1
        ds64 = struct.pack(
            "<4sIQQQI", b"ds64" if big else b"JUNK", 28, *((whole, size, self.frames) if big else (0, 0, 0)), 0
        )
        fmt = struct.pack("<4sIHHIIHHH", b"fmt ", 18, tag, 2, RATE, RATE * 2 * width, 2 * width, 8 * width, 0)
        fact = struct.pack("<4sII", b"fact", 4, low if big else self.frames)
        data = struct.pack("<4sI", b"data", low if big else size)
        head = struct.pack("<4sI4s", b"RF64" if big else b"RIFF", low if big else whole, b"WAVE")
        return head + ds64 + fmt + fact + data


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportError(str(path), f"cannot be written: {(error.strerror or str(error)).lower()}") from error
