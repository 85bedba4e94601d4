"""A session on a virtual clock, with music that never was, for tests that need the show to go on."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from player.engine import RATE
from player.engine.source import Samples, SourceSpec
from player.engine.status import Event
from player.host.local import LocalEngine
from player.plan import Plan
from player.session import Session
from player.show import Show
from tests.ui import support


class Hum:
    """A tone that swells, of any length."""

    def __init__(self, frames: int) -> None:
        self.frames = frames

    def read(self, at: int, out: Samples) -> int:
        count = max(0, min(len(out), self.frames - at))
        t = np.arange(at, at + count) / RATE
        out[:count] = (0.2 * np.sin(440 * 2 * np.pi * t) * (1 + np.sin(t * 1.7)))[:, None]
        return count

    def close(self) -> None: ...


class Live(Session):
    """A session whose engine moves by as much as `clock` has moved since the last look. Times in seconds."""

    def __init__(self, show: Show, clock: Callable[[], float]) -> None:
        lengths = {each.spec: each.length for each in show.plan.songs.values()}
        self.local = LocalEngine(lambda spec: Hum(lengths[spec]), itertools.repeat(256))
        self._clock, self._seen = clock, clock()
        super().__init__(show, self.local)

    def poll(self) -> tuple[Event, ...]:
        now = self._clock()
        frames = int((now - self._seen) * RATE)
        self._seen += frames / RATE
        while frames > 0:
            frames -= self.local.advance(frames)
        return super().poll()


def picture(plan: Plan) -> Callable[[SourceSpec, Callable[[], bool]], support.Sketch]:
    """Makes a sketch for any song of the plan."""
    lengths = {each.spec: each.length for each in plan.songs.values()}

    def make(spec: SourceSpec, unwanted: Callable[[], bool]) -> support.Sketch:
        return (support.roll if spec.kind == "midi" else support.waveform)(lengths[spec])

    return make
