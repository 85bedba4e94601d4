"""FLAC files."""

from __future__ import annotations

from pathlib import Path

from player.devices.soundfile_encode import FlacEncoder
from player.engine.source import Samples
from player.export.depth import Bits, Quantiser


class FlacFile:
    """A stereo FLAC at 48 kHz being written. Raises ExportError when the disk will not have it."""

    def __init__(self, path: Path, *, bits: Bits = 24) -> None:
        self._quantise = Quantiser(bits)
        self._encoder = FlacEncoder(path, bits)

    def write(self, block: Samples) -> None:
        """Append `block`, float32 (frames, 2)."""
        self._encoder.write(self._quantise(block) << (32 - self._quantise.bits))

    def close(self) -> None:
        """Finish the file."""
        self._encoder.close()

    def abort(self) -> None:
        """Leave it unfinished."""
        self._encoder.abort()
