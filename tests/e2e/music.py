"""Timelines of tones, so that what is heard tells which cue it is, and where in it."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

RATE = 48_000
AMPLITUDE = 0.25


def tone(path: Path, hertz: int, seconds: float) -> None:
    """A steady tone."""
    _write(path, AMPLITUDE * np.sin(2 * np.pi * hertz / RATE * np.arange(round(seconds * RATE))))


def stairs(path: Path, seconds: int) -> None:
    """A tone that says where it stands: second n of it has the pitch of `stair(n)`."""
    one = np.arange(RATE)
    steps = [np.sin(2 * np.pi * stair(second) / RATE * one) for second in range(seconds)]
    _write(path, AMPLITUDE * np.concatenate(steps))


def stair(second: int) -> int:
    """The pitch of a second of `stairs`."""
    return 1000 + 50 * second


def second(hertz: int) -> int:
    """The second of `stairs` that has this pitch."""
    return (hertz - 1000) // 50


def _write(path: Path, sound: np.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.round(sound * 32767).astype("<i2").tobytes())
