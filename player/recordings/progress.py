"""Progress on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Final

from player import terminal

_EVERY: Final = 0.1  # seconds between two pictures of it


class Bar:
    """One line on standard error that shows how far some long work is."""

    def __init__(self, what: str) -> None:
        """what: of which things there are so many, as in "files"."""
        self._what = what
        self._on = sys.stderr is not None and sys.stderr.isatty()
        self._full, self._empty = "█░" if terminal.writes("█░", sys.stderr) else "#."
        self._last = 0.0
        self._wide = 0

    def show(self, done: int, of: int) -> None:
        """`done` of `of`; 0 while it is not known of how many."""
        now = time.monotonic()
        if not self._on or (now - self._last < _EVERY and done != of):
            return
        self._last = now
        bar = (self._full * (done * 30 // of)).ljust(30, self._empty) + f" {done * 100 // of:3} %  " if of else ""
        told = f"{done:,} of {of:,} {self._what}" if of else f"{done:,} {self._what} found"
        line = f"  {bar}{told}"
        terminal.draw("\r" + line.ljust(self._wide))
        self._wide = len(line)

    def clear(self) -> None:
        """Leave the line as it was found."""
        if self._wide:
            terminal.draw("\r" + " " * self._wide + "\r")
            self._wide = 0
