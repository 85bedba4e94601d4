"""An engine in this process, whose sound goes into a file."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from player.engine.commands import DECLICK, Start
from player.engine.limiter import Limiter
from player.engine.source import Samples, SourceSpec
from player.host.local import LocalEngine


class Counting:
    """Material that tells where it is read; frame n is n / 2**20."""

    frames = 1 << 20

    def read(self, at: int, out: Samples) -> int:
        out[:] = (np.arange(at, at + len(out)) / 2**20)[:, np.newaxis]
        return len(out)

    def close(self) -> None:
        pass


def test_what_is_interrupted_in_the_midst_of_a_block_has_all_frames_before_it_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[Samples] = []
    engine = LocalEngine(
        lambda _: Counting(), itertools.repeat(256), lambda block: heard.append(block.copy()), limiter=True
    )
    engine.send((Start(1, SourceSpec("audio", "x"), 0, 1 << 20, 0.0, DECLICK, serial=1),))
    engine.advance(10 * 256)
    process = Limiter.process

    def interrupted(limiter: Limiter, out: Samples, peak: tuple[float, float] | None) -> None:
        process(limiter, out, peak)
        raise KeyboardInterrupt

    monkeypatch.setattr(Limiter, "process", interrupted)
    with pytest.raises(KeyboardInterrupt):
        engine.advance(10 * 256)
    monkeypatch.undo()
    engine.close()
    assert (np.concatenate(heard)[:, 0] * 2**20).tolist() == list(range(10 * 256))
