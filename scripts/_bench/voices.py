"""64 stereo recordings and 4 pieces of MIDI at once, in the engine itself: what they take of a block.

The engine runs in this process, with its feeds, its limiter and its figures, and is asked for blocks when they are due.
"""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np

from player.devices.buffers import SIZES
from player.engine import RATE
from player.engine.commands import DECLICK, Move, Start, Target
from player.engine.ramp import Flat
from player.engine.source import SourceSpec
from player.host.process import TICK, Host
from player.host.wanted import Wanted
from scripts._bench.material import pieces, recording
from scripts._bench.mix import multiply_and_add
from scripts._bench.report import Others, p99, say, verdict

NEEDS: Final = ()
GOAL: Final = 35.0  # per cent of the block's own time
RECORDINGS: Final = 64
PIECES: Final = 4
BLOCK: Final = SIZES["normal"].period_ms * RATE // 1000
SECONDS: Final = 8.0  # of each of the two measurements
SONG: Final = 30  # seconds
FILES: Final = 8
LEVEL: Final = -24.0  # dB of each, so that the sum stays within full scale
KINDS: Final = ("wav", "flac", "ogg", "mp3")
PATIENCE: Final = 60.0
EVERY: Final = 8  # blocks: as often the bare loop runs too


def run() -> None:
    """Print the share of a block, steady and with every voice on its way to another level."""
    with tempfile.TemporaryDirectory(prefix="needledrop-bench-") as name:
        sources = _sources(Path(name))
        with _engine(Path(name) / "figures") as host:
            _start(host, sources)
            starved = host.mixer.starved
            others, spent, began = Others(), time.process_time(), time.monotonic()
            steady, bare = _blocks(host)
            voices = range(1, len(sources) + 1)
            on_the_way = (Move(Target("voice", voice=each), LEVEL - 6, round(2 * SECONDS * RATE)) for each in voices)
            host.mixer.inbox.append(tuple(on_the_way))
            moving, _ = _blocks(host)
            share = 100 * (time.process_time() - spent) / (time.monotonic() - began)
            meanwhile, starved = str(others), host.mixer.starved - starved
            sounding = len(host.mixer.voices)
    floor = statistics.median(bare)
    say("voices", f"{RECORDINGS} recordings, {PIECES} pieces: {_words(steady)}, {verdict(_middle(steady), GOAL, ' %')}")
    say("", f"each on its way to another level: {_words(moving)}, {verdict(_middle(moving), GOAL, ' %')}")
    say("", f"multiply and add alone: {100 * floor:.1f} %; ratio {statistics.median(steady) / floor:.2f}")
    say("", f"with what reads ahead on other threads: {share:.0f} % of a core; {starved} feeds that were empty")
    say(
        "",
        f"{sounding} voices, limiter on; medians of {SECONDS:.0f} s of blocks of {BLOCK} frames, each when it is due;",
    )
    say("", f"processor time of the thread that mixes; {meanwhile}")


def _sources(folder: Path) -> list[SourceSpec]:
    tones = [recording(folder / f"tone-{i}.{KINDS[i % len(KINDS)]}", SONG, 110 * 2 ** (i / 3)) for i in range(FILES)]
    found = [SourceSpec("audio", str(tones[i % FILES])) for i in range(RECORDINGS)]
    return found + [SourceSpec("midi", str(piece)) for piece in pieces(PIECES)]


@contextmanager
def _engine(figures: Path) -> Iterator[Host]:
    """An engine without a device, tended as in its own process."""
    interval, over = sys.getswitchinterval(), threading.Event()
    sys.setswitchinterval(0.0005)
    host = Host(figures, Wanted(device="silent"))

    def tend() -> None:
        while not over.wait(TICK):
            host.tend()

    tending = threading.Thread(target=tend)
    tending.start()
    gc.collect()
    gc.disable()
    try:
        yield host
    finally:
        over.set()
        tending.join()
        for voice in host.mixer.voices:
            host.mixer.dead.append(voice.feed)
        host.tend()
        gc.enable()
        sys.setswitchinterval(interval)


def _start(host: Host, sources: Sequence[SourceSpec]) -> None:
    """Let all of them sound, each from a place of its own, and wait until none waits for its material."""
    out = np.empty((BLOCK, 2), np.float32)
    batch = tuple(
        Start(i + 1, source, i * RATE // 32, (SONG if source.kind == "audio" else 75) * RATE, LEVEL, DECLICK, serial=1)
        for i, source in enumerate(sources)
    )
    host.mixer.inbox.append(batch)
    host.render(out)
    until = time.monotonic() + PATIENCE
    while not all(voice.feed.view(voice.at, 1) is not None for voice in host.mixer.voices):
        if time.monotonic() > until:
            raise RuntimeError("the feeds are not ready")
        time.sleep(0.05)


def _blocks(host: Host) -> tuple[list[float], list[float]]:
    """What each block takes of its own time on this thread, and what the bare loop takes."""
    out, bare = np.empty((BLOCK, 2), np.float32), np.empty(2 * BLOCK, np.float32)
    sounds = np.random.default_rng(1).normal(0, 0.01, (RECORDINGS + PIECES, 2 * BLOCK)).astype(np.float32)
    parts: list[Flat] = list(sounds)
    gain, scratch = np.linspace(0, 1, 2 * BLOCK, dtype=np.float32), np.empty(2 * BLOCK, np.float32)
    ours, control = list[float](), list[float]()
    began = time.monotonic()
    for i in range(round(SECONDS * RATE / BLOCK)):
        time.sleep(max(0.0, began + i * BLOCK / RATE - time.monotonic()))
        before = time.thread_time()
        host.render(out)
        ours.append((time.thread_time() - before) * RATE / BLOCK)
        if i % EVERY == 0:
            before = time.thread_time()
            multiply_and_add(parts, gain, scratch, bare)
            control.append((time.thread_time() - before) * RATE / BLOCK)
    return ours, control


def _middle(shares: Sequence[float]) -> float:
    return 100 * statistics.median(shares)


def _words(shares: Sequence[float]) -> str:
    return f"{_middle(shares):.1f} % of a block (p99 {100 * p99(shares):.1f}, worst {100 * max(shares):.1f})"
