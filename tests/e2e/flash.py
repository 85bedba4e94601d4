"""A film of black pictures with white ones at known times, made here; and how it is seen on the screen."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np

from tests.e2e.stage import Stage

RATE = 25
SIZE = (320, 180)


def film(path: Path, flashes: Iterable[float], seconds: int, length: float = 0.2) -> None:
    """A video of `seconds`, white for `length` seconds from each of these times on, black else."""
    times = tuple(flashes)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for number in range(seconds * RATE):
            white = any(begin <= number / RATE < begin + length for begin in times)
            pixels = np.full((SIZE[1], SIZE[0], 3), 255 if white else 0, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
        container.mux(stream.encode(None))


def window(stage: Stage, name: str) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of the window whose title is `name`, None while there is none."""
    found = re.search(rf'(0x\w+) "{re.escape(name)}":', stage.say("xwininfo", "-root", "-tree"))
    said = stage.say("xwininfo", "-id", found[1]) if found else ""
    numbers = [
        re.search(rf"{part}: +(-?\d+)", said)
        for part in ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
    ]
    if not all(numbers):
        return None
    x, y, wide, high = (int(each[1]) for each in numbers if each)
    return x, y, wide, high


class Eye:
    """Looks at one pixel of the screen a thousand times a second; `rises`: when it turned from dark to light."""

    def __init__(self, stage: Stage, x: int, y: int) -> None:
        self._look = lambda: int(stage.pixels(x, y, 1, 1).max())
        self._stop = threading.Event()
        self.rises: list[float] = []
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        dark = self._look() < 128
        while not self._stop.wait(0.001):
            light = self._look() >= 128
            if light and dark:
                self.rises.append(time.monotonic())
            dark = not light

    def close(self) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join(5)
