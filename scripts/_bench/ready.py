"""From the start of the program until a GO that waited for it is carried out: shows of 100, 1,000 and 10,000 cues."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from scripts._bench.report import Others, say, spread, verdict
from scripts._bench.stage import tone

NEEDS: Final = ()
GOALS: Final = {100: 0.7, 1_000: 0.9, 10_000: 2.0}  # seconds
FILES: Final = 64
CUES: Final = 4  # a scene
RUNS: Final = 5


def run() -> None:
    """Print how long a person waits who has typed GO already."""
    with tempfile.TemporaryDirectory(prefix="needledrop-bench-") as name:
        folder = Path(name)
        for i in range(FILES):
            tone(folder / f"tone-{i}.wav", 4, 200 + 10 * i)
        for cues, goal in GOALS.items():
            film = folder / f"{cues}.yaml"
            film.write_text(_film(cues), encoding="utf-8")
            _until_go(film, folder)  # from here on everything is warm
            others = Others()
            taken = [_until_go(film, folder) for _ in range(RUNS)]
            typical = statistics.median(taken)
            say("ready", f"{cues:,} cues: GO after {spread(taken, 2)} s ({verdict(typical, goal, ' s')}); {others}")
    say("", f"in text mode, {FILES} recordings, this machine's sound; medians (lowest to highest) of {RUNS}, warm")


def _film(cues: int) -> str:
    lines = ["needledrop: 1", "songs:"]
    lines += [f"  tone-{i}: {{title: Tone {i}, media: tone-{i}.wav}}" for i in range(FILES)]
    lines.append("scenes:")
    for scene in range(cues // CUES):
        lines += [f"  - id: scene-{scene}", f"    title: Scene {scene}", "    cues:"]
        lines += [f"      - song: tone-{(scene * CUES + cue) % FILES}" for cue in range(CUES)]
    return "\n".join(lines) + "\n"


def _until_go(film: Path, folder: Path) -> float:
    environment = {**os.environ, "HOME": str(folder), "XDG_STATE_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
    began = time.monotonic()
    program = subprocess.Popen(
        [sys.executable, "-m", "player", "play", "--text", str(film)],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert program.stdin is not None
    assert program.stdout is not None
    with program:
        program.stdin.write("go\n")
        program.stdin.flush()
        if not any(" plays " in line for line in program.stdout):
            raise RuntimeError("no GO was carried out")
        taken = time.monotonic() - began
        program.stdin.write("stop\nquit\n")
        program.stdin.close()
    return taken
