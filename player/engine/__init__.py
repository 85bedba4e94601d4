"""The engine: timed commands in, blocks of sound out. numpy only: no file, no log, no lock, no device."""

from typing import Final

RATE: Final = 48_000  # frames a second, everywhere above the decoders
