"""From the start of the program to its first picture on screen, beside the least pygame window there can be."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Final

import numpy as np

from player.paths import assets
from scripts._bench.report import Others, interleaved, say, spread, verdict
from scripts._bench.stage import Stage, peer, player, stage
from scripts._bench.system import STAGE

NEEDS: Final = STAGE
GOAL: Final = 0.6
RUNS: Final = 9
LEAST: Final = 0.001  # the share of looked-at pixels that must have changed: a line of text in a window
PATIENCE: Final = 20.0


def run() -> None:
    """Print how long the first picture takes, with everything read from disk before."""
    film = assets() / "films" / "the-runaways.yaml"
    with stage() as here:
        commands = player(film), peer("hello")
        for command in commands:
            _first_picture(here, command)
        others = Others(here.spent)
        ours, hello = interleaved(RUNS, *(lambda c=each: _first_picture(here, c) for each in commands))
        meanwhile = str(others)
    typical = statistics.median(ours)
    say("start", f"first picture after {spread(ours, 2)} s ({verdict(typical, GOAL, ' s')})")
    say("", f"a bare pygame window: {spread(hello, 2)} s; ratio {typical / statistics.median(hello):.1f}")
    say("", f"medians (lowest to highest) of {RUNS}, warm, in turn, the bundled film; {meanwhile}")


def _first_picture(here: Stage, command: list[str]) -> float:
    before = here.screen.pixels()
    with here.program(command) as program:
        while time.monotonic() < program.began + PATIENCE:
            if np.count_nonzero(here.screen.pixels() != before) > LEAST * before.size:
                return time.monotonic() - program.began
            time.sleep(0.002)
        raise RuntimeError(f"nothing came on screen of {Path(command[-1]).name}")
