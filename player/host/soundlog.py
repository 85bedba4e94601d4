"""A log of what went wrong with the sound: one line a moment, in a file that never grows large."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from player.engine.status import Status

VARIABLE: Final = "NEEDLEDROP_SOUND_LOG"
EVERY: Final = 10.0  # seconds between two lines on figures
LARGEST: Final = 256 << 10  # bytes; then the file begins anew, and the one before it stays beside it


class SoundLog:
    """Writes what happened, or nothing at all without a path. What cannot be written is no reason to stop."""

    def __init__(self, path: str, now: Callable[[], datetime] = datetime.now) -> None:
        self._path = Path(path) if path else None
        self._now = now
        self._told = (0, 0)
        self._due = 0.0

    def say(self, text: str) -> None:
        """One line, with the time of day."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and self._path.stat().st_size > LARGEST:
                os.replace(self._path, self._path.with_suffix(".old.log"))
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{self._now():%Y-%m-%d %H:%M:%S} {text}\n")

    def figures(self, status: Status, now: float) -> None:
        """A line if the device ran dry or a block came late since the last one. `now` in seconds."""
        found = (status.xruns, status.late)
        if found == self._told or now < self._due:
            return
        dry, late = (new - old for new, old in zip(found, self._told, strict=True))
        self._told, self._due = found, now + EVERY
        self.say(
            f"gaps {dry}, late blocks {late} (in all {status.xruns} and {status.late}); a block took"
            f" {status.load:.0%} of its time, at worst {status.worst:.0%}; {len(status.voices)} voices"
        )
