"""Mixing 32 ramped stereo voices in blocks of 256 frames, beside the bare multiply and add that must be in it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from player.engine import RATE
from player.engine.commands import Shape, Start
from player.engine.feed import Feed
from player.engine.mixer import Mixer
from player.engine.ramp import Flat
from player.engine.source import SourceSpec
from scripts._bench.report import Others, say, verdict

NEEDS: Final = ()
GOAL: Final = 3.0  # per cent of the block's own time
VOICES: Final = 32
BLOCK: Final = 256
BLOCKS: Final = 3_200
TOGETHER: Final = 16  # blocks: as often a ramp works out its next gains, which must not fall under the table
SECONDS: Final = 20  # of material; every voice ramps all through it


class Memory:
    """A feed of sound that is there already."""

    def __init__(self, sound: Flat) -> None:
        self._sound = sound

    def view(self, at: int, n: int) -> Flat | None:
        """See Feed."""
        return self._sound[2 * at : 2 * (at + n)]


def run() -> None:
    """Print what a block takes, ours and the bare loop's, block by block in turn."""
    rng = np.random.default_rng(1)
    sounds = [rng.normal(0, 0.01, 2 * SECONDS * RATE).astype(np.float32) for _ in range(VOICES)]
    mixer, out, bare = _mixer(sounds), np.empty((BLOCK, 2), np.float32), np.empty(2 * BLOCK, np.float32)
    gain, scratch = np.linspace(0, 1, 2 * BLOCK, dtype=np.float32), np.empty(2 * BLOCK, np.float32)
    others, ours, control = Others(), list[float](), list[float]()
    for i in range(BLOCKS):
        ours.append(_timed(lambda: mixer.render(out)))
        control.append(_timed(partial(multiply_and_add, _parts(sounds, i), gain, scratch, bare)))
    ours, control, meanwhile = _each(ours), _each(control), str(others)
    block = BLOCK / RATE
    typical, floor = statistics.median(ours), statistics.median(control)
    share = 100 * typical / block
    met = verdict(share, GOAL, " %")
    say("mix", f"{VOICES} ramped voices: {typical * 1e6:.0f} µs, {share:.2f} % of a block ({met})")
    say("", f"multiply and add alone: {floor * 1e6:.0f} µs, {100 * floor / block:.2f} %; ratio {typical / floor:.2f}")
    say("", f"quickest tenth: {_tenth(ours) * 1e6:.0f} and {_tenth(control) * 1e6:.0f} µs")
    say("", f"medians of {BLOCKS} blocks of {BLOCK} frames, in turn; {meanwhile}")


def _mixer(sounds: list[Flat]) -> Mixer:
    def feed_for(token: int, source: SourceSpec, begin: int) -> Feed:
        return Memory(sounds[token - 1])

    mixer = Mixer(feed_for)
    end, rise = SECONDS * RATE, Shape((SECONDS - 1) * RATE)
    starts = (
        Start(voice, SourceSpec("audio"), 0, end, 0.0, Shape(4800), rise=rise, serial=1)
        for voice in range(1, VOICES + 1)
    )
    mixer.inbox.append(tuple(starts))
    mixer.render(np.empty((1, 2), np.float32))
    return mixer


def _parts(sounds: list[Flat], block: int) -> list[Flat]:
    """What a block holds of each sound."""
    return [sound[2 * BLOCK * block : 2 * BLOCK * (block + 1)] for sound in sounds]


def multiply_and_add(parts: list[Flat], gain: Flat, scratch: Flat, out: Flat) -> None:
    """What no mixer can do without: each part times its gain, added to `out`."""
    out[:] = 0.0
    for part in parts:
        np.multiply(part, gain, out=scratch)
        np.add(out, scratch, out=out)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _each(times: list[float]) -> list[float]:
    """The time of one block, from runs of several."""
    return [statistics.fmean(times[i : i + TOGETHER]) for i in range(0, len(times), TOGETHER)]


def _tenth(values: list[float]) -> float:
    return sorted(values)[len(values) // 10]
