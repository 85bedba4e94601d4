"""From a key in a field to the screen, an edit to the screen, and a list of 10,000 scenes that scrolls."""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
import pygame

from player.commands import bindings
from player.editing import Editing
from player.host.local import LocalEngine
from player.opening import find_songs, read_plan
from player.session import Session
from player.show import Show
from player.ui.desk import Desk
from player.ui.fonts import Fonts, bundled
from player.ui.model import Model
from player.ui.painter import Painter
from player.ui.view import View
from player.ui.writer import Writer
from scripts._bench.report import Others, say, spread, verdict
from scripts._bench.stage import Stage, player, stage
from scripts._bench.system import STAGE

NEEDS: Final = STAGE
PICTURE: Final = 16.0  # milliseconds
FRAME: Final = 1000 / 60
CUES: Final = 300
SCENES: Final = 10_000
KEYS: Final = 120
EDITS: Final = 60
STEPS: Final = 600
LATE: Final = 0.5  # seconds after which a key is given up


def run() -> None:
    """Print the three figures."""
    with stage() as here:
        timeline = here.folder / "film.yaml"
        timeline.write_text(text(CUES), "utf-8")
        others = Others(here.spent)
        keys = _keys(here, timeline)
        meanwhile = str(others)
    say("typing", f"key in a field to its pixels, {CUES} cues: {spread(keys)} ms, {len(keys)} of {KEYS} seen")
    say("", f"median {verdict(statistics.median(keys), PICTURE, ' ms')}; {meanwhile}")
    with tempfile.TemporaryDirectory(prefix="needledrop-bench-") as folder:
        edits = _edits(Path(folder))
        say("", f"Enter to the painted screen, the edit and its re-reading included: {spread(edits)} ms")
        moves = _scroll(Path(folder))
    say("", f"{SCENES} scenes, one row down and painted at 1920x1080: {spread(moves)} ms")
    late = sum(each > FRAME for each in moves)
    say("", f"median {verdict(statistics.median(moves), FRAME, ' ms')}; {late} of {len(moves)} took longer")


def text(scenes: int) -> str:
    """A film of so many scenes with a cue in each."""
    rows = ["needledrop: 1", "film: {title: A long film, runtime: 3:00:00}", "songs:"]
    rows += [f"  song-{n}: {{title: Song {n}, artist: Somebody, length: 3:00}}" for n in range(20)]
    rows.append("scenes:")
    for n in range(scenes):
        at = n * Fraction(10_000, scenes)
        hours, rest = divmod(int(at), 3600)
        rows += [
            f"  - id: scene-{n}",
            f"    title: The scene of number {n}",
            f"    at: {hours}:{rest // 60:02}:{rest % 60:02}",
            "    note: What happens here, in a sentence or two.",
            f"    cues: [{{song: song-{n % 20}, gain: -6 dB, fade-out: 2s}}]",
        ]
    return "\n".join(rows) + "\n"


# -- a key, for real


def _keys(here: Stage, timeline: Path) -> list[float]:
    """Milliseconds from a key to the first pixel that changed, in the note of a cue."""
    found: list[float] = []
    with here.program(player(timeline)) as program:
        here.screen.wait_for_window(program.process)
        program.settle()
        time.sleep(1)
        for key in ("e", "Down"):
            here.screen.press(key)
            time.sleep(0.5)
        before = here.screen.part(slice(None), slice(None))
        here.screen.press("m")
        time.sleep(0.5)
        changed = np.argwhere(here.screen.part(slice(None), slice(None)) != before)
        rows = slice(int(changed[:, 0].min()), int(changed[:, 0].max()) + 1)
        for n in range(KEYS):
            seen = _until_changed(here, rows, "m" if n % 20 < 10 else "BackSpace")
            found += [seen] if seen is not None else []
            time.sleep(0.05)
    return found


def _until_changed(here: Stage, rows: slice, key: str) -> float | None:
    before = here.screen.part(rows, slice(None))
    pressed = here.screen.press(key, held=0)
    while time.monotonic() < pressed + LATE:
        if (here.screen.part(rows, slice(None)) != before).any():
            return 1000 * (time.monotonic() - pressed)
        time.sleep(0.0003)
    return None


# -- in one process


class _Screen:
    """The desk, the view and the painter, on a surface that nobody sees."""

    def __init__(self, timeline: Path) -> None:
        pygame.font.init()
        plan = find_songs(read_plan(timeline), timeline.parent)
        self.session = Session(Show(plan), LocalEngine(_no_source, itertools.repeat(256)))
        self.desk = Desk(self.session, bindings()[0])
        self.fonts = Fonts(bundled())
        self.view = View(self.fonts.measure)
        self.painter = Painter(pygame.Surface((1920, 1080)), self.fonts)

    def paint(self) -> None:
        show, desk = self.session.show, self.desk
        unsaved = desk.writer.editing.unsaved if desk.writer else 0
        model = Model(show, self.session.status, (1920, 1080), keys=desk.keys, overlay=desk.overlay, unsaved=unsaved)
        self.painter.paint(self.view(model))

    def timed(self, act: Callable[[], object]) -> float:
        """Milliseconds that this takes, painted."""
        begun = time.perf_counter()
        act()
        self.paint()
        return 1000 * (time.perf_counter() - begun)


def _no_source(spec: Any) -> Any:
    raise OSError("nothing is played here")


def _edits(folder: Path) -> list[float]:
    timeline = folder / "film.yaml"
    timeline.write_text(text(CUES), "utf-8")
    screen = _Screen(timeline)
    editing = Editing(screen.session, folder / "edits")
    screen.desk.writer = Writer(screen.desk, editing, screen.fonts.measure)
    screen.desk.stroke("E", 0.0)
    screen.desk.stroke("Down", 0.0)
    screen.paint()
    found = []
    for n in range(EDITS):
        screen.desk.stroke("Ctrl+A", 0.0)
        screen.desk.text(f"take {n}", 0.0)
        screen.paint()
        found.append(screen.timed(lambda: screen.desk.stroke("Enter", 0.0)))
        screen.desk.stroke("Up", 0.0)
    editing.discard()
    editing.close()
    return found


def _scroll(folder: Path) -> list[float]:
    timeline = folder / "long.yaml"
    timeline.write_text(text(SCENES), "utf-8")
    screen = _Screen(timeline)
    screen.paint()
    return [screen.timed(lambda: screen.desk.stroke("Down", 0.0)) for _ in range(STEPS)]
