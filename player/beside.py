"""What the checker asks of the program around a file; looked up only when a file gives reason to ask."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from timeline.reader import Host
from timeline.times import TempoMap


def host() -> Host:
    """What this program can tell."""
    return Host(tempo=_tempo, taken=_taken)


def _tempo(path: Path) -> TempoMap | None:
    """How the bars of a MIDI file lie; None where there is no file, or nothing in it that plays."""
    from player.devices import smf  # noqa: PLC0415  (a file without bars is checked without numpy)
    from player.errors import MidiFileError  # noqa: PLC0415

    try:
        return smf.read(str(path)).tempo_map
    except MidiFileError:
        return None


def _taken(key: str) -> str | None:
    """What a key does in the player, with the person's own keys in the settings."""
    return _own_keys().get(key)


@cache
def _own_keys() -> dict[str, str]:
    from player import commands, settings  # noqa: PLC0415

    own, _ = settings.load(settings.default_path())
    bindings, _ = commands.bindings(own.keys)
    return {stroke: command.title for stroke, command in bindings.commands.items()}
