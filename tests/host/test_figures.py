"""The engine's figures as the screen reads them, block by block."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from player.engine.commands import Pause
from player.engine.status import Status, VoiceStatus
from player.host.figures import Reader, Writer
from player.host.process import PUBLISH, SELDOM, Host
from player.host.wanted import Wanted

BLOCK = 384  # frames


def engine(folder: Path) -> tuple[Host, Reader, Callable[[], None]]:
    """One whose device is a test that asks for a block, what reads its figures, and the asking."""
    host = Host(folder / "figures", Wanted("silent"))
    out = np.zeros((BLOCK, 2), np.float32)
    return host, Reader(folder / "figures"), lambda: host.render(out)


def test_the_clock_is_fresh_also_where_nothing_sounds(tmp_path: Path) -> None:
    host, reader, block = engine(tmp_path)
    for _ in range(200):
        block()
        assert host.mixer.clock - reader.read().clock < PUBLISH
        assert reader.read().show == reader.read().clock


def test_what_changes_where_nothing_sounds_is_read_within_a_tenth_of_a_second(tmp_path: Path) -> None:
    host, reader, block = engine(tmp_path)
    for _ in range(20):
        block()
    host.take(("batch", (Pause(),), None))
    assert not reader.read().paused
    for _ in range(SELDOM // BLOCK + 1):
        block()
    assert reader.read().paused


def test_a_tick_changes_the_clocks_and_their_moment_alone(tmp_path: Path) -> None:
    writer, reader = Writer(tmp_path / "figures"), Reader(tmp_path / "figures")
    voice = VoiceStatus(7, 100, 200, 0.5, leaving=False, held=True, looping=False)
    before = Status(480, 240, True, (voice,), (0.25, 0.5), load=0.125, late=2, xruns=1, silent=True)
    writer.write(before, 1.5)
    count = reader.beats()[0]
    writer.tick(960, 480, 2.5)
    read = reader.read()
    assert (read.clock, read.show, reader.moment) == (960, 480, 2.5)
    assert (read.voices, read.peak, read.load, read.late, read.xruns) == (before.voices, (0.25, 0.5), 0.125, 2, 1)
    assert (read.paused, read.silent) == (True, True)
    assert reader.beats()[0] == count + 1
