"""FLAC written by libsndfile."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from player.engine import RATE
from player.errors import ExportError

_BLOCK = 1 << 16


class FlacEncoder:
    """A stereo FLAC at 48 kHz being written.

    libsndfile opens the file itself: with a file of Python's, a full disk or Ctrl-C would come up inside a
    callback, where neither can be raised.
    """

    def __init__(self, path: Path, bits: int) -> None:
        """`bits`: 16 or 24. Raises ExportError where no file can be made."""
        self._path = path
        self._frames = 0
        try:
            path.write_bytes(b"")  # the system's own words where that cannot be
            self._file = soundfile.SoundFile(
                path, "w", samplerate=RATE, channels=2, format="FLAC", subtype=f"PCM_{bits}"
            )
        except (OSError, soundfile.LibsndfileError) as error:
            raise self._trouble(error) from error

    def write(self, block: NDArray[np.int32]) -> None:
        """Append integers, (frames, 2), the bits in the upper part. Raises ExportError."""
        try:
            self._file.write(block)
        except (OSError, soundfile.LibsndfileError, AssertionError) as error:  # soundfile asserts that all went out
            raise self._trouble(error) from error
        self._frames += len(block)

    def close(self) -> None:
        """Finish the file. Raises ExportError."""
        try:
            self._file.close()
            self._look()
        except (OSError, soundfile.LibsndfileError) as error:
            raise self._trouble(error) from error

    def abort(self) -> None:
        """Leave it unfinished."""
        with contextlib.suppress(OSError, soundfile.LibsndfileError):
            self._file.close()

    def _look(self) -> None:
        """Read the last frame: libsndfile says nothing where a disk is full by the time it closes."""
        with soundfile.SoundFile(self._path) as written:
            if written.frames != self._frames:
                raise OSError("not all of it was written")
            if self._frames:
                written.seek(self._frames - 1)
                written.read(1)

    def _trouble(self, error: Exception) -> ExportError:
        """`error` in the words of the system, which knows why a file does not grow."""
        why = getattr(error, "strerror", None) or str(error)
        try:
            with self._path.open("ab") as file:
                file.write(bytes(_BLOCK))
        except OSError as real:
            why = real.strerror or why
        return ExportError(str(self._path), f"cannot be written: {why.lower()}")
