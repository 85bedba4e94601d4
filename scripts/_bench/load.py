"""Processor time while music plays at 60 pictures a second and while nothing moves, beside a bare pygame player."""

from __future__ import annotations

import time
from typing import Final

from scripts._bench.report import Others, say, verdict
from scripts._bench.screen import SIZE
from scripts._bench.stage import Program, Stage, film, peer, player, stage, tone
from scripts._bench.system import STAGE

NEEDS: Final = STAGE
PLAYING: Final = 12.0  # per cent of one core, all our processes together
IDLE: Final = 4.0
SECONDS: Final = 5.0
ROUNDS: Final = 3


def run() -> None:
    """Print what the program takes of one core, in a window that fills the screen."""
    with stage(recorded=False) as here:
        sound = tone(here.folder / "tone.wav", 120, 440)
        ours = player(film(here.folder / "film.yaml", [sound], 3), "--full-screen")
        bare = peer("mixer", *map(str, SIZE), str(sound))
        others = Others(here.spent)
        shares = [(_shares(here, ours), _shares(here, bare)) for _ in range(ROUNDS)]
        meanwhile = str(others)
    for i, (what, goal) in enumerate((("playing", PLAYING), ("idle", IDLE))):
        least, most = (pick(mine[i] for mine, _ in shares) for pick in (min, max))
        theirs = min(bare[i] for _, bare in shares)
        share = f"{least:.1f} to {most:.1f} % of a core ({verdict(least, goal, ' %')})"
        say("" if i else "load", f"{what}: {share}, bare pygame player {theirs:.1f} %")
    say("", f"{SIZE[0]}x{SIZE[1]}, window and engine, the sound server apart")
    say("", f"lowest of {ROUNDS} rounds of {SECONDS:.0f} s; {meanwhile}")


def _shares(here: Stage, command: list[str]) -> tuple[float, float]:
    """What the program takes of one core, in per cent: while it plays, and before."""
    with here.program(command) as program:
        here.screen.wait_for_window(program.process)
        program.settle()
        time.sleep(1)
        idle = _share(program)
        here.screen.press("space")
        time.sleep(1)
        return _share(program), idle


def _share(program: Program) -> float:
    spent, began = program.spent(), time.monotonic()
    time.sleep(SECONDS)
    return 100 * (program.spent() - spent) / (time.monotonic() - began)
