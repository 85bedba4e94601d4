"""The engine's figures as the screen reads them, block by block."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from player.engine.status import Status, VoiceStatus
from player.host.figures import Reader, Writer
from player.host.process import PUBLISH, SELDOM, Host
from player.host.wanted import Wanted

BLOCK = 384  # frames


def test_the_clock_is_fresh_also_where_nothing_sounds(tmp_path: Path) -> None:
    host = Host(tmp_path / "figures", Wanted("silent"))
    reader = Reader(tmp_path / "figures")
    out = np.zeros((BLOCK, 2), np.float32)
    for _ in range(200):
        host.render(out)
        assert host.mixer.clock - reader.read().clock < PUBLISH
        assert reader.read().show == reader.read().clock


def test_what_changes_where_nothing_sounds_is_read_within_a_tenth_of_a_second(tmp_path: Path) -> None:
    host = Host(tmp_path / "figures", Wanted("silent"))
    reader = Reader(tmp_path / "figures")
    out = np.zeros((BLOCK, 2), np.float32)
    for _ in range(20):
        host.render(out)
    host._late = 3
    for _ in range(SELDOM // BLOCK + 1):
        host.render(out)
    assert reader.read().late == 3


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
