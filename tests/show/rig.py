"""A show over recordings that are only lengths and formulas: what the tests of transport play with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from player import actions as act
from player.engine.loop import looped
from player.engine.source import SourceSpec
from player.host.local import LocalEngine
from player.media.resolve import Resolved
from player.plan import Plan
from player.session import Session
from player.show import Show
from timeline.order import running_order
from timeline.reader import read

LENGTH = 10 * 48_000  # every song of these tests lasts ten seconds


class Steady:
    """Material of one level a song: song n is a constant 2**-n, so that any sum tells who sounds."""

    frames = LENGTH

    def __init__(self, spec: SourceSpec) -> None:
        self.level = float(spec.path)

    def read(self, at, out):
        n = max(0, min(len(out), LENGTH - at))
        out[:n] = self.level
        return n

    def close(self):
        pass


class Rising(Steady):
    """Material whose every frame tells its number: frame n is n / 2**20."""

    def read(self, at, out):
        n = max(0, min(len(out), LENGTH - at))
        out[:n] = (np.arange(at, at + n) / 2**20)[:, np.newaxis]
        return n


def plan_of(text: str, whole: bool = True) -> Plan:
    """A plan of a timeline's text; its first song has level 1/2, the second 1/4, and so on.

    `whole`: the text has no error; else what survives of it plays.
    """
    reading = read("needledrop: 1\n" + text)
    assert reading.ok or not whole, reading.problems
    songs = {
        song: Resolved(song, "media", SourceSpec("audio", str(2.0**-n)), LENGTH, "as written", None, "recording")
        for n, song in enumerate(reading.timeline.songs, 1)
    }
    return Plan("test.yaml", reading.timeline, running_order(reading.timeline), songs)


class Stage:
    """A session in virtual time, and everything heard of it."""

    def __init__(
        self, text: str, block: int | Iterator[int] = 256, material=Steady, whole=True, *, limiter=False, **show
    ) -> None:
        self.blocks: list[np.ndarray] = []
        sizes = itertools.repeat(block) if isinstance(block, int) else block
        self.engine = LocalEngine(
            lambda spec: looped(material(spec), spec.loop), sizes, lambda b: self.blocks.append(b.copy()),
            limiter=limiter,
        )  # fmt: skip
        self.session = Session(Show(plan_of(text, whole), **show), self.engine)
        self.events = []

    @property
    def show(self) -> Show:
        return self.session.show

    def do(self, *actions: act.Action) -> Stage:
        for action in actions:
            self.session.do(action)
            self._poll()
        return self

    def go(self) -> Stage:
        return self.do(act.Go())

    def wait(self, seconds: float) -> Stage:
        frames = round(seconds * 48_000)
        while frames:
            frames -= self.engine.advance(frames)
            self._poll()
        return self

    def heard(self) -> np.ndarray:
        """The left channel so far."""
        return self.both()[:, 0]

    def both(self) -> np.ndarray:
        """Everything so far, (frames, 2)."""
        return np.concatenate(self.blocks) if self.blocks else np.zeros((0, 2), np.float32)

    def songs(self) -> list[str]:
        """Which songs sound now and are not leaving."""
        return [s.cue.song for s in self.show.sounding if not s.leaving]

    def _poll(self) -> None:
        while events := self.session.poll():
            self.events.extend(events)
