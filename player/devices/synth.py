"""A synthesizer for MIDI cues."""

from __future__ import annotations

from player.engine.source import Source
from player.errors import MidiFileError


def open_midi(path: str) -> Source:
    """Not there yet."""
    raise MidiFileError(path, "needs a synthesizer")
