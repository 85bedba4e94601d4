"""A minute of tone while the window's process stands still for 100 ms every 2 s, beside a bare C program's tone.

Both play at the same time, each to a sink of its own, so that both meet the same weather: what the machine
does to any program shows in both, what the standing still does to ours shows only in ours.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Final

import numpy as np

from player.devices.buffers import SIZES
from scripts._bench.report import Others, say
from scripts._bench.sound import RATE, Mono, Recorder
from scripts._bench.stage import compiled, film, player, stage, tone
from scripts._bench.system import COMPILER, STAGE

NEEDS: Final = (*STAGE, *COMPILER)
SECONDS: Final = 60
EVERY: Final = 2.0  # seconds from stall to stall
STALL: Final = 0.1
PITCH: Final = 997.0
HELD, REQUEST = SIZES["normal"].server
# The bare C program's, which a server asks for a quarter of at a time: so that it answers as soon as we do.
BUFFER_MS: Final = round((HELD - REQUEST / 2) / (1 - 1 / 8))


def run() -> None:
    """Print the gaps of both tones."""
    report("dropouts", SECONDS)


def report(part: str, seconds: int, burners: int = 0) -> None:
    """Print the gaps of both tones in so many seconds, while `burners` niced programs want all they can get."""
    with stage("stage", "control") as here:
        sound = tone(here.folder / "tone.wav", seconds + 30, PITCH)
        ours = player(film(here.folder / "film.yaml", [sound], 2))
        bare = [compiled(here.folder), "tone", str(BUFFER_MS)]
        with _burning(burners), here.program(bare, "control"), here.program(ours) as program:
            here.screen.wait_for_window(program.process)
            program.settle()
            recorders = [Recorder(here.sound, sink) for sink in ("stage", "control")]
            here.screen.press("space")
            time.sleep(1)
            others = Others(lambda: here.spent() + program.spent())
            first = [recorder.frames for recorder in recorders]
            stalls = _stall(program.process.pid, seconds)
            last = [recorder.frames for recorder in recorders]
            meanwhile = str(others)
        tones = [
            recorder.stop()[0][begin:end]
            for recorder, begin, end in zip(recorders, first, last, strict=True)
        ]
    mine, control = (breaks(each, PITCH) for each in tones)
    met = "met" if mine <= control else "MISSED"
    beside = f", {burners} niced programs beside" if burners else ""
    say(part, f"in {seconds} s with {stalls} stalls of {STALL * 1000:.0f} ms{beside}: {mine}")
    say("", f"bare C with a buffer of {BUFFER_MS} ms, at the same time: {control} (goal no more than that: {met})")
    say("", meanwhile)


@contextlib.contextmanager
def _burning(programs: int) -> Iterator[None]:
    """Programs that take all the time that nobody else wants."""
    command = ["nice", "-n", "19", sys.executable, "-c", "while True: pass"]
    burning = [subprocess.Popen(command) for _ in range(programs)]
    try:
        yield
    finally:
        for each in burning:
            each.kill()
            each.wait()


def _stall(pid: int, seconds: int) -> int:
    """Let a process stand still for a moment again and again; returns how often."""
    began, stalls = time.monotonic(), 0
    while time.monotonic() < began + seconds:
        time.sleep(EVERY - STALL)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(STALL)
        os.kill(pid, signal.SIGCONT)
        stalls += 1
    return stalls


def breaks(sound: Mono, pitch: float) -> int:
    """How often a steady tone breaks: where a sample does not follow from the two before it.

    A tone obeys x[n+1] = 2 cos(w) x[n] - x[n-1]; what breaks the rule within 50 ms counts once. Silence
    altogether counts as one break, since it obeys any rule.
    """
    x = sound.astype(np.float64)
    loudest = float(np.percentile(np.abs(x), 99)) if len(x) else 0.0
    if loudest < 0.01:
        return 1
    rest = np.abs(x[2:] + x[:-2] - 2 * np.cos(2 * np.pi * pitch / RATE) * x[1:-1])
    wrong = np.flatnonzero(rest > max(0.01 * loudest, 10 * float(np.median(rest))))
    return 0 if not len(wrong) else 1 + int(np.count_nonzero(np.diff(wrong) > RATE // 20))
