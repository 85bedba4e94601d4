"""From the start of the program until a GO that waited for it is carried out: shows of 100, 1,000 and 10,000 cues."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from scripts._bench import linux_show_player
from scripts._bench.night import Ear
from scripts._bench.report import Others, say, spread, verdict
from scripts._bench.stage import stage, tone
from scripts._bench.system import STAGE, missing

NEEDS: Final = ()
GOALS: Final = {100: 0.7, 1_000: 0.9, 10_000: 2.0}  # seconds
FILES: Final = 64
CUES: Final = 4  # a scene
RUNS: Final = 5
THEIRS: Final = {100: 3, 1_000: 1}  # shows of so many cues that Linux Show Player opens, and how often
PATIENCE: Final = 180.0  # seconds


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
    _beside()


def _beside() -> None:
    """Print how long Linux Show Player takes, where it is."""
    if not linux_show_player.is_there():
        say("", linux_show_player.ABSENT)
        return
    if lacking := missing(STAGE):
        say("", f"Linux Show Player is left out: needs {lacking}")
        return
    for cues, runs in THEIRS.items():
        taken = [seconds for _ in range(runs) if (seconds := _until_sound(cues)) is not None]
        words = f"after {spread(taken, 2)} s" if taken else f"not within {PATIENCE:.0f} s"
        say("", f"Linux Show Player, {cues:,} cues: first sound {words}")
    say("", "from its start, a key pressed four times a second from its first picture on, to 0.1 s; not warmed up")


def _until_sound(cues: int) -> float | None:
    with stage() as here:
        files = [tone(here.folder / f"tone-{i}.wav", 4, 200 + 10 * i) for i in range(FILES)]
        session = linux_show_player.session(here.folder / "show.lsp", files, cues)
        command = linux_show_player.command(session)
        with here.program(command) as program, contextlib.closing(Ear(here.sound, "stage")) as ear:
            until, seen = program.began + PATIENCE, False
            while time.monotonic() < until and program.process.poll() is None:
                if not seen:
                    with contextlib.suppress(RuntimeError):  # none yet
                        here.screen.wait_for_window(program.process)
                        seen = True
                    continue
                here.screen.press("space")
                pressed = time.monotonic()
                while time.monotonic() < pressed + 0.25:
                    if ear.pitch():
                        return time.monotonic() - program.began
                    time.sleep(0.02)
    return None


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
