"""A file that other programs save: when a change of it is over, and what it holds then.

Nobody tells that a save is done, and a half-written file reads like a shorter one. So a change counts when the file
has kept still for two looks; and where what it holds is nothing, or the beginning of what it held, a second later.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

EVERY: Final = 0.1  # seconds between looks
STILL: Final = 2  # looks without a change
WAIT: Final = 1.0  # seconds more for what may be half a file
TICK: Final = 2.0  # seconds within which two saves of the same size may look alike: FAT counts in twos

Stamp = tuple[int, int, int, int]
Stat = Callable[[], Stamp | None]
Read = Callable[[], bytes | None]


class Watch(Struct):
    """The rule, without a clock or disk of its own; `poll` is to be called every EVERY seconds.

    stat: what changes when the file does; None while there is none. read: all of it; None where that fails.
    known: what it held when it was read last.
    """

    stat: Stat
    read: Read
    known: bytes
    gone: bool = False  # there is no file now
    _settled: Stamp | None = None  # of the file that held `known`
    _again: float | None = None  # when a file that was read soon after a save is looked into once more
    _seen: Stamp | None = None
    _since: float = 0.0
    _still: int = 0

    def poll(self, now: float) -> bytes | None:
        """What the file holds now, once, where that is new and its change is over."""
        stamp = self.stat()
        self.gone = stamp is None
        if stamp != self._seen:
            self._seen, self._since, self._still = stamp, now, 0
            return None
        self._still += 1
        if stamp is None or self._still < STILL or (stamp == self._settled and not self._due(now)):
            return None
        raw = self.read()
        if raw is None or self.stat() != stamp:
            self._still = 0
            return None
        if raw != self.known and self.known.startswith(raw) and now - self._since < WAIT:
            return None
        self._again = now + TICK if stamp != self._settled else None
        self._settled = stamp
        if raw == self.known:
            return None
        self.known = raw
        return raw

    def saved(self, raw: bytes) -> None:
        """We wrote this ourselves."""
        self.known = raw

    def forget(self, known: bytes, now: float) -> None:
        """What was found just now could not be used: it is found again in a while. `known` as it was before."""
        self.known, self._again = known, now + TICK

    def _due(self, now: float) -> bool:
        return self._again is not None and now >= self._again


def watch(path: Path, known: bytes) -> Watch:
    """Of a file on the disk."""
    return Watch(lambda: stamp(path), lambda: _read(path), known)


def stamp(path: Path) -> Stamp | None:
    """What changes when a file does; None while there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def now() -> float:
    """Seconds of the clock that `Watch.poll` is to be given."""
    return time.monotonic()
