"""Measures the player on the machine at hand, as far as that can be done without a microphone.

Nothing is heard of it: the songs are noise 90 dB below full scale.
"""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from msgspec import Struct

from player import actions as act
from player.engine import RATE
from player.engine.commands import DECLICK, Panic, Start
from player.engine.source import SourceSpec
from player.engine.status import Started
from player.host.client import ProcessEngine
from player.opening import find_songs, read_plan
from player.session import Session
from player.show import Show

PATIENCE: Final = 20.0
GAP: Final = 0.3  # seconds from one GO to the next, above the guard of GO
SETTLING: Final = 1.5  # seconds after which the engine's smoothed load stands
VOICES: Final = (1, 8, 32, 64)
SONG: Final = 20  # seconds
FILES: Final = 4


class NoEngine(Exception):
    """The engine does not start, or died; the text says so in one line."""


class Load(Struct, frozen=True):
    """What mixing so many voices takes: the share of the time a block lasts."""

    voices: int
    share: float


class Found(Struct, frozen=True):
    """What was measured. Times in milliseconds; `go` to the frame in the engine, `latency` from there to the device."""

    device: str
    silent: bool
    latency: float
    go: tuple[float, ...]
    load: tuple[Load, ...]
    seconds: float  # how long gaps were counted
    gaps: int
    late: int


def measure(folder: Path, goes: int, seconds: float, tell: Callable[[str], None]) -> Found:
    """Measure, with material written to `folder`. Raises NoEngine."""
    files = [_noise(folder / f"noise-{n}.wav", n) for n in range(FILES)]
    film = _film(folder / "bench.yaml", files, goes)
    engine = ProcessEngine(f"bench {os.getpid()}")
    engine.start()
    try:
        if not engine.connected.wait(PATIENCE):
            raise NoEngine("the sound engine does not answer")
        tell("from GO to the engine …")
        go = tuple(_goes(engine, film, goes))
        tell("engine load …")
        load = tuple(_loads(engine, files))
        tell(f"gaps in {seconds:g} s with every core busy …")
        gaps, late = _gaps(engine, files, seconds)
        status = engine.status()
    finally:
        engine.close()
    return Found(status.device, status.silent, 1000 * status.latency, go, load, seconds, gaps, late)


def _noise(path: Path, seed: int) -> Path:
    second = struct.pack(f"<{2 * RATE}h", *random.Random(seed).choices((-1, 0, 1), k=2 * RATE))
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, RATE, 0, "NONE", ""))
        file.writeframes(second * SONG)
    return path


def _film(path: Path, files: list[Path], scenes: int) -> Path:
    lines = ["needledrop: 1", "songs:"]
    lines += [f"  s{n}: {{title: Noise {n}, media: {file.name}}}" for n, file in enumerate(files)]
    lines += ["scenes:"]
    lines += [f"- {{id: c{n}, title: Scene {n}, cues: [song: s{n % len(files)}]}}" for n in range(scenes)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _goes(engine: ProcessEngine, film: Path, count: int) -> Iterator[float]:
    """Milliseconds from each GO to the frame at which the engine begins its song."""
    session = Session(Show(find_songs(read_plan(film), film.parent)), engine)
    _until(engine, lambda: bool(session.poll()) or session.status.clock > 0)
    for _ in range(count):
        over = time.monotonic() + GAP
        _until(engine, lambda over=over: bool(session.poll()) or time.monotonic() > over)  # type: ignore[misc]
        time.sleep(max(0.0, over - time.monotonic()))
        began = time.monotonic()
        session.do(act.Go())
        started: list[Started] = []

        def heard(started: list[Started] = started) -> bool:
            started += [event for event in session.poll() if isinstance(event, Started)]
            return bool(started)

        _until(engine, heard)
        clock, moment = engine.moment()
        # a clock that makes up for a stall counts the frames of what it lost: a GO in its midst may lie before itself
        yield max(0.0, 1000 * (moment + (started[-1].clock - clock) / RATE - began))
    session.do(act.StopNow())


def _loads(engine: ProcessEngine, files: list[Path]) -> Iterator[Load]:
    for voices in VOICES:
        _play(engine, files, voices)
        time.sleep(SETTLING)
        status = engine.status()
        yield Load(len(status.voices), status.load)
        engine.send((Panic(DECLICK),))
        _until(engine, lambda: not engine.status().voices)


def _play(engine: ProcessEngine, files: list[Path], voices: int) -> None:
    """So many voices at once, each from a place of its own."""
    sources = [SourceSpec("audio", str(files[n % len(files)])) for n in range(voices)]
    engine.send(
        tuple(
            Start(10_000 + n, source, n * RATE // 32, SONG * RATE, 0.0, DECLICK, serial=10_000 + n, song="s", cue="s")
            for n, source in enumerate(sources)
        )
    )
    _until(engine, lambda: len(engine.status().voices) == voices)


def _gaps(engine: ProcessEngine, files: list[Path], seconds: float) -> tuple[int, int]:
    """How often the device ran dry, and how many blocks came late, while four songs sound and every core is busy."""
    with _busy():
        before = engine.status()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            _play(engine, files, 4)
            time.sleep(min(SONG - 2.0, max(0.0, until - time.monotonic())))
            engine.send((Panic(DECLICK),))
            _until(engine, lambda: not engine.status().voices)
        after = engine.status()
    return after.xruns - before.xruns, after.late - before.late


@contextmanager
def _busy() -> Iterator[None]:
    """A program that only counts on every core, each as polite as programs are that work in the background."""
    count = [sys.executable, "-c", "import os\ngetattr(os, 'nice', int)(10)\nwhile True: pass"]
    programs = [subprocess.Popen(count) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for each in programs:
            each.kill()
            each.wait()


def _until(engine: ProcessEngine, true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        if not engine.status().alive or time.monotonic() > end:
            raise NoEngine("the sound engine does not answer")
        time.sleep(0.001)
