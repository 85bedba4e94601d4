"""The stage: a screen and a sound server of our own, the programs that play on it, and the files they play."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import psutil

from scripts._bench.screen import Screen
from scripts._bench.sound import RATE, Server

PEERS: Final = Path(__file__).parent / "peers"


class Stage:
    """Everything outside the program that is measured. `sinks` are the places programs may play to."""

    def __init__(self, folder: Path, sinks: tuple[str, ...], *, recorded: bool = True) -> None:
        self.folder = folder
        self.sound = Server(folder, sinks, shares=not recorded)
        self.screen = Screen(folder)

    @contextlib.contextmanager
    def program(self, command: list[str], sink: str = "stage") -> Iterator[Program]:
        """Run a program here; it is ended with the block."""
        running = Program(command, self.environment(sink), self.folder / "program.log")
        try:
            yield running
        finally:
            running.end()

    def environment(self, sink: str) -> dict[str, str]:
        """What leads a program to this screen and this sound."""
        kept = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        place = {"DISPLAY": self.screen.name, "PULSE_SINK": sink, "SDL_VIDEODRIVER": "x11"}
        return {**kept, **self.sound.environment, **place}

    def spent(self) -> float:
        """Processor seconds of the screen and the sound server so far."""
        return sum(_spent(psutil.Process(each.pid())) for each in (self.screen, self.sound))

    def close(self) -> None:
        """End the servers."""
        self.screen.close()
        self.sound.close()


@contextlib.contextmanager
def stage(*sinks: str, recorded: bool = True) -> Iterator[Stage]:
    """A stage for the length of a block. recorded: somebody listens to what plays."""
    with tempfile.TemporaryDirectory(prefix="needledrop-bench-") as folder:
        built = Stage(Path(folder), sinks or ("stage",), recorded=recorded)
        try:
            yield built
        finally:
            built.close()


class Program:
    """A program on the stage, with whatever processes it starts."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.began = time.monotonic()
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file
            )

    def all(self) -> list[psutil.Process]:
        """The program and what it started."""
        with contextlib.suppress(psutil.Error):
            first = psutil.Process(self.process.pid)
            return [first, *first.children(recursive=True)]
        return []

    def spent(self) -> float:
        """Processor seconds of all of them so far."""
        return sum(_spent(each) for each in self.all())

    def settle(self) -> None:
        """Wait until it is at rest: three looks in a row that find it taking little and evenly."""
        shares: list[float] = []
        until = time.monotonic() + 20
        while time.monotonic() < until:
            before = self.spent()
            time.sleep(0.2)
            shares = [*shares[-2:], (self.spent() - before) / 0.2]
            if len(shares) == 3 and max(shares) < 0.75 and max(shares) - min(shares) < 0.1:
                return

    def end(self) -> None:
        """Ask it to end, then make it; the processes it started too."""
        started = self.all()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        _, alive = psutil.wait_procs(started, 3)
        for each in alive:
            with contextlib.suppress(psutil.Error):
                each.kill()
        self.process.wait()


def player(film: Path, *options: str) -> list[str]:
    """The command that opens `film` in our window."""
    return [sys.executable, "-m", "player", "play", str(film), *options]


def peer(name: str, *options: str) -> list[str]:
    """The command that runs one of the programs in `peers`."""
    return [sys.executable, str(PEERS / f"{name}.py"), *options]


def compiled(folder: Path) -> str:
    """The bare C program, compiled."""
    program = folder / "floor"
    source = Path(__file__).with_name("floor.c")
    subprocess.run(
        ["cc", "-O2", str(source), "-o", str(program), "-lX11", "-lpulse", "-lm"],
        check=True,
        capture_output=True,
    )
    return str(program)


def tone(path: Path, seconds: float, pitch: float) -> Path:
    """A tone at half of full scale that begins at its crest, so that its very first frame is heard; 16 bit."""
    wavelet = 0.5 * np.cos(2 * np.pi * pitch / RATE * np.arange(round(seconds * RATE)))
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, RATE, 0, "NONE", ""))
        file.writeframes(np.repeat(np.rint(wavelet * 32767).astype("<i2"), 2).tobytes())
    return path


def film(path: Path, files: list[Path], scenes: int) -> Path:
    """A timeline of scenes with one cue each, that play `files` in turn."""
    lines = ["needledrop: 1", "film: {title: The Bench}", "songs:"]
    lines += [f"  tone-{i}: {{title: Tone {i}, media: {file.name}}}" for i, file in enumerate(files)]
    lines.append("scenes:")
    for i in range(scenes):
        lines.append(f"  - {{id: scene-{i}, title: Scene {i}, cues: [{{song: tone-{i % len(files)}}}]}}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
        return float(times.user + times.system)
    except psutil.Error:
        return 0.0
