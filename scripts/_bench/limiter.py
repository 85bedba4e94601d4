"""What the limiter of the main output takes of a block, far below its ceiling, near it and above."""

from __future__ import annotations

import statistics
import time
from typing import Final

import numpy as np

from player.engine import RATE
from player.engine.limiter import DELAY, Limiter
from scripts._bench.report import Others, say

NEEDS: Final = ()
BLOCK: Final = 256
BLOCKS: Final = 4000
LEVELS: Final = {"far below": -20, "near": -4, "above": 6}  # dB of the highest sample


def run() -> None:
    """Print the share of a block at each level."""
    others = Others()
    music = _music()
    for name, db in LEVELS.items():
        limiter, taken = Limiter(), []
        sound = music * np.float32(10 ** (db / 20))
        for i in range(BLOCKS):
            at = i * BLOCK % (len(sound) - BLOCK)
            block = sound[at : at + BLOCK].copy()
            began = time.thread_time()
            limiter.process(block)
            taken.append(time.thread_time() - began)
        middle, length = statistics.median(taken), BLOCK / RATE
        typical, mean = 100 * middle / length, 100 * statistics.fmean(taken) / length
        label = "limiter" if name == "far below" else ""
        say(label, f"{name} the ceiling ({db:+} dB): median {typical:.2f} %, mean {mean:.2f} % of a block of {BLOCK}")
    say("", f"it delays by {1000 * DELAY / RATE:.2f} ms; {BLOCKS} blocks each, processor time; {others}")


def _music() -> np.ndarray:
    """Ten seconds of noise as pink as music, its highest sample at full scale."""
    spectrum = np.fft.rfft(np.random.default_rng(1).normal(size=(10 * RATE, 2)), axis=0)
    pink = np.fft.irfft(spectrum / np.maximum(1, np.arange(len(spectrum)))[:, np.newaxis] ** 0.5, axis=0)
    return (pink / np.abs(pink).max()).astype(np.float32)
