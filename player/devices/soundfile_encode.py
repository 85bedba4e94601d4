"""FLAC written by libsndfile."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from player.engine import RATE
from player.errors import ExportError


class FlacEncoder:
    """A stereo FLAC at 48 kHz and 24 bit being written."""

    def __init__(self, path: Path) -> None:
        """Raises ExportError where no file can be made."""
        self._path = path
        try:
            self._raw = open(path, "wb")  # noqa: SIM115 - closed by close() or abort()
            self._file = soundfile.SoundFile(
                self._raw, "w", samplerate=RATE, channels=2, format="FLAC", subtype="PCM_24"
            )
        except (OSError, soundfile.LibsndfileError) as error:
            raise ExportError(str(path), f"cannot be written: {_why(error)}") from error

    def write(self, block: NDArray[np.int32]) -> None:
        """Append integers, (frames, 2), the 24 bits in the upper part. Raises ExportError."""
        try:
            self._file.write(block)
        except (OSError, soundfile.LibsndfileError) as error:
            raise ExportError(str(self._path), f"cannot be written: {_why(error)}") from error

    def close(self) -> None:
        """Finish the file. Raises ExportError."""
        try:
            self._file.close()
            self._raw.close()
        except (OSError, soundfile.LibsndfileError) as error:
            raise ExportError(str(self._path), f"cannot be written: {_why(error)}") from error

    def abort(self) -> None:
        """Leave it unfinished."""
        with contextlib.suppress(OSError, soundfile.LibsndfileError):
            self._file.close()
        with contextlib.suppress(OSError):
            self._raw.close()


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
