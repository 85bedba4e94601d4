"""The player as a person has it: its window, real keys, the mouse, and what it leaves behind."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import numpy as np
import psutil

from player.engine.status import Status
from player.host.figures import Reader
from player.ui.layout import Layout, layout
from player.ui.ops import Rect
from player.ui.panels import cues
from tests.e2e.stage import Pixels, Stage, until

ROOT = Path(__file__).resolve().parents[2]
RATE = 48_000
GUARD = 0.26  # seconds of show time between two GOs that are both meant
STILL = 0.4  # seconds without a change: longer than the window takes between two looks at the engine


class Player:
    """A running player with its window in front."""

    def __init__(self, stage: Stage, process: subprocess.Popen[bytes]) -> None:
        self.stage = stage
        self.process = process
        self.window = ""
        self.origin = (0, 0)
        self.size = (0, 0)
        self._figures: Reader | None = None
        self._last_go = 0

    def appear(self) -> None:
        """Wait until the window is drawn and in front, and the engine runs."""
        until(self._in_front, "the window")
        until(lambda: self.picture(self.layout.footer).any(), "the first picture")
        until(lambda: any(each.stat().st_size for each in self._figure_files()), "the engine")
        self._figures = Reader(self._figure_files()[0])
        until(lambda: self.status.clock, "the engine's clock")

    def _figure_files(self) -> list[Path]:
        return list(self.stage.runtime.glob("*/*.figures"))

    def _in_front(self) -> bool:
        assert self.process.poll() is None, "the player has ended"
        active = re.search(r"0x[1-9a-f]\w*", self.stage.say("xprop", "-root", "_NET_ACTIVE_WINDOW"))
        if active is None or f"= {self.process.pid}" not in self.stage.say("xprop", "-id", active[0], "_NET_WM_PID"):
            return False
        self.window = active[0]
        self.look()
        return True

    def look(self) -> tuple[int, int]:
        """See where the window is now; its size."""
        said = self.stage.say("xwininfo", "-id", self.window)
        x, y, wide, high = (
            int(found[1])
            for name in ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
            if (found := re.search(rf"{name}: +(-?\d+)", said))
        )
        self.origin, self.size = (x, y), (wide, high)
        return self.size

    @property
    def title(self) -> str:
        """What stands over the window."""
        said = self.stage.say("xprop", "-id", self.window, "_NET_WM_NAME")
        return said.partition(" = ")[2].strip('"')

    @property
    def status(self) -> Status:
        """The engine's figures."""
        assert self._figures is not None
        return self._figures.read()

    # -- keys and mouse

    def press(self, *keys: str) -> None:
        """Press keys one after another, by their X names: `space`, `ctrl+q`."""
        self._do("key", "--delay", "40", *keys)

    def type(self, text: str) -> None:
        """Type text."""
        self._do("type", "--delay", "40", "--", text)

    def hold(self, key: str) -> None:
        """Press a key and keep it down; the screen's own auto-repeat sets in."""
        self._do("keydown", key)

    def let_go(self, key: str) -> None:
        """Release a key that is held."""
        self._do("keyup", key)

    def go(self, ask: Callable[[], None] | None = None) -> None:
        """Press Space, or `ask` in another way, not before the guard of GO lets it through; see NEXT change."""
        until(lambda: self.status.clock - self._last_go >= GUARD * RATE, "the guard of GO")
        shown = self.picture(self.layout.next)
        if ask:
            ask()
        else:
            self.press("space")
        until(lambda: not self.shows(self.layout.next, shown), "another NEXT")
        self._last_go = self.status.clock

    def rewind(self) -> None:
        """Stop what sounds, and stand by at the first scene."""
        self.press("Escape", "Escape", "Home")

    def click(self, x: int, y: int) -> None:
        """Click at a pixel of the window."""
        self._do("mousemove", *self._place(x, y), "click", "1")

    @contextmanager
    def dragging(self, start: tuple[int, int], end: tuple[int, int]) -> Iterator[None]:
        """Press at `start` and move to `end` by way of the middle; the button is let go at the block's end."""
        middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        self._do("mousemove", *self._place(*start), "mousedown", "1")
        for spot in (middle, end):
            self._do("mousemove", *self._place(*spot))
        yield
        self._do("mouseup", "1")

    def park(self) -> None:
        """Move the mouse out of the way: to the corner of the screen."""
        self._do("mousemove", *map(str, self.stage.size))

    def _place(self, x: int, y: int) -> tuple[str, str]:
        return str(self.origin[0] + x), str(self.origin[1] + y)

    def _do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.stage.env, check=True, timeout=20)

    # -- the picture

    @property
    def layout(self) -> Layout:
        """Where the panels are, without a banner."""
        return layout(self.size, 100)

    def picture(self, of: Rect | None = None) -> Pixels:
        """The window's pixels, or those of one panel."""
        rect = of or Rect(0, 0, *self.size)
        return self.stage.pixels(self.origin[0] + rect.x, self.origin[1] + rect.y, rect.w, rect.h)

    def shows(self, part: Rect, pixels: Pixels) -> bool:
        """Whether a part of the window looks like this now."""
        return np.array_equal(self.picture(part), pixels)

    def still(self, part: Rect) -> Pixels:
        """A part of the window once it has stopped moving."""
        last, since = self.picture(part), time.monotonic()

        def stands() -> bool:
            nonlocal last, since
            now = self.picture(part)
            if not np.array_equal(now, last):
                last, since = now, time.monotonic()
            return time.monotonic() - since > STILL

        until(stands, "a still picture")
        return last

    def row(self, step: int) -> tuple[int, int]:
        """The middle of a row of the cue list that has not been scrolled."""
        where = self.layout
        assert where.list is not None
        rows = cues.capacity(where.list, where.u)
        high = (where.list.h - 8 * where.u) / rows
        return where.list.mid[0], round(where.list.y + 4 * where.u + (step + 0.5) * high)

    # -- the end

    def ends(self, within: float = 10) -> int:
        """Wait for the player to end by itself; its exit code."""
        return self.process.wait(within)


@contextmanager
def started(stage: Stage, *arguments: str | Path) -> Iterator[Player]:
    """A player with these arguments and its window in front. It ends with the block, with all it started."""
    with process(stage, *arguments) as running:
        player = Player(stage, running)
        player.appear()
        yield player


@contextmanager
def process(
    stage: Stage,
    *arguments: str | Path,
    before: tuple[str, ...] = (),
    env: dict[str, str] | None = None,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    stdout: int | IO[bytes] | None = None,
    stderr: int | IO[bytes] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """The player's process; `before` goes before its command."""
    command = [*before, sys.executable, "-m", "player", *map(str, arguments)]
    environment = stage.env if env is None else env
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=stdin, stdout=stdout, stderr=stderr)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGCONT)
            running.terminate()
            with suppress(subprocess.TimeoutExpired):
                running.wait(5)
        for left in left_over(stage):
            left.kill()
        running.wait(5)
        for stream in (running.stdin, running.stdout, running.stderr):
            if stream is not None:
                stream.close()


def left_over(stage: Stage) -> list[psutil.Process]:
    """Processes of the player that run on this stage, engines too."""
    found = []
    for each in psutil.process_iter():
        with suppress(psutil.Error):
            if "-m player" in " ".join(each.cmdline()) and each.environ().get("HOME") == str(stage.home):
                found.append(each)
    return found
