"""FLAC files at 24 bit."""

from __future__ import annotations

from pathlib import Path

from player.devices.soundfile_encode import FlacEncoder
from player.engine.source import Samples
from player.export.wav import quantise


class FlacFile:
    """A stereo FLAC at 48 kHz and 24 bit being written. Raises ExportError when the disk will not have it."""

    def __init__(self, path: Path) -> None:
        self._encoder = FlacEncoder(path)

    def write(self, block: Samples) -> None:
        """Append `block`, float32 (frames, 2)."""
        self._encoder.write(quantise(block) << 8)

    def close(self) -> None:
        """Finish the file."""
        self._encoder.close()

    def abort(self) -> None:
        """Leave it unfinished."""
        self._encoder.abort()
