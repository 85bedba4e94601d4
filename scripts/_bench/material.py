"""What long parts play: recordings in several formats, the bundled pieces of MIDI, and films made of both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from player.engine import RATE
from player.paths import assets


def recording(path: Path, seconds: float, pitch: float) -> Path:
    """A stereo tone at half of full scale that begins at its crest, in the format that the path ends in."""
    wave = 0.5 * np.cos(2 * np.pi * pitch / RATE * np.arange(round(seconds * RATE)))
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_16" if path.suffix in (".wav", ".flac") else None) as file:
        for at in range(0, len(wave), RATE):  # in pieces: the encoder of Vorbis has no room for more on its stack
            file.write(np.repeat(wave[at : at + RATE, np.newaxis].astype(np.float32), 2, axis=1))
    return path


def pieces(count: int) -> list[Path]:
    """So many of the bundled pieces of MIDI, the largest first."""
    found = sorted((assets() / "films" / "stand-ins").glob("*.mid"), key=lambda file: (-file.stat().st_size, file.name))
    return found[:count]


def film(path: Path, songs: Sequence[Path], scenes: Sequence[Sequence[str]]) -> Path:
    """A timeline at `path` whose songs s0, s1, ... are `songs`; each scene is the cues it holds, as YAML."""
    lines = ["needledrop: 1", "songs:"]
    lines += [f'  s{i}: {{title: Song {i}, media: "{file}"}}' for i, file in enumerate(songs)]
    lines.append("scenes:")
    lines += [f"  - {{id: scene-{i}, title: Scene {i}, cues: [{', '.join(cues)}]}}" for i, cues in enumerate(scenes)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
