"""Wait for the window's next event without polling.

pygame's own wait looks a thousand times a second (pygame issue 3036); SDL's sleeps until something comes.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from pathlib import Path

import pygame

NAP = 0.016  # seconds, where SDL itself cannot be asked


def waiter() -> Callable[[float], None]:
    """A function that returns at the next event, or after so many seconds. Events stay in their queue."""
    library = sdl()
    if library is None:
        return lambda seconds: time.sleep(max(0.0, min(seconds, NAP)))
    wait = library.SDL_WaitEventTimeout
    wait.argtypes = [ctypes.c_void_p, ctypes.c_int]
    wait.restype = ctypes.c_int

    def waits(seconds: float) -> None:
        if seconds > 0:
            wait(None, max(1, int(seconds * 1000)))

    return waits


def sdl() -> ctypes.CDLL | None:
    """The very SDL that pygame uses, which is loaded already."""
    for path in _candidates():
        try:
            library = ctypes.CDLL(str(path))
            library.SDL_WaitEventTimeout  # noqa: B018  (looked up, so that a library without it is passed over)
        except (OSError, AttributeError):
            continue
        return library
    return None


def _candidates() -> list[Path]:
    if Path("/proc/self/maps").exists():
        try:
            maps = Path("/proc/self/maps").read_text("utf-8", errors="replace")
        except OSError:
            return []
        names = {line.split(None, 5)[-1] for line in maps.splitlines() if "libSDL2-2" in line}
        return [Path(name) for name in sorted(names)]
    home = Path(pygame.__file__).resolve().parent
    return [*home.glob(".dylibs/libSDL2-2*.dylib"), *home.glob("SDL2.dll")]
