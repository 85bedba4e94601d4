"""A mixer with material from arrays: what the tests of the engine play with."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from player.engine.commands import Command, Shape, Start
from player.engine.mixer import Mixer
from player.engine.source import SourceSpec

DC = SourceSpec("audio", "dc")  # ones, for ever
LEAVE = Shape(4800)
COUNT = SourceSpec("audio", "count")  # frame n is n / 2**20: exact in float32, tells where a voice reads


class ArrayFeed:
    """Frames worked out from their number."""

    def __init__(self, source: SourceSpec) -> None:
        self.source = source

    def view(self, at, n):
        if self.source.path == DC.path:
            return np.ones(2 * n, np.float32)
        return (np.repeat(np.arange(at, at + n), 2) / 2**20).astype(np.float32)


def mixer() -> Mixer:
    return Mixer(lambda token, source, begin: ArrayFeed(source))


def start(voice=1, source=DC, begin=0, end=1 << 20, gain_db=0.0, leave=LEAVE, **more) -> Start:
    return Start(voice, source, begin, end, gain_db, leave, **{"serial": 1, **more})


def play(script: Iterable[tuple[int, tuple[Command, ...]]], frames: int, block: Callable[[], int] = lambda: 256):
    """Run `script`, commands with the clock they arrive at, for `frames`; returns (samples (frames, 2), events)."""
    m = mixer()
    out, script = [], sorted(script, key=lambda entry: entry[0])
    while m.clock < frames:
        while script and script[0][0] == m.clock:
            m.inbox.append(script.pop(0)[1])
            m.take()
        until = script[0][0] if script else frames
        piece = np.empty((min(block(), until - m.clock, frames - m.clock), 2), np.float32)
        m.render(piece)
        out.append(piece)
    return np.concatenate(out), list(m.outbox)
