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


def test_the_clock_goes_on_in_silence_that_was_announced_and_no_further(tmp_path: Path) -> None:
    now = [10.0]
    writer, reader = Writer(tmp_path / "figures"), Reader(tmp_path / "figures", lambda: now[0])
    writer.write(Status(4800, 2400), 10.5, ahead=480)
    for moment, passed in ((10.0, 0), (10.5, 0), (10.505, 240), (10.51, 480), (11.0, 480)):
        now[0] = moment
        read = reader.read()
        assert (read.clock, read.show) == (4800 + passed, 2400 + passed)
        assert reader.moment == 10.5 + passed / 48_000
    writer.tick(9600, 4800, 10.6)
    assert (reader.read().clock, reader.moment) == (9600, 10.6)
    writer.write(Status(9600, 4800, paused=True), 11.0, ahead=480)
    now[0] = 12.0
    assert (reader.read().clock, reader.read().show) == (10_080, 4800)


def test_silence_that_is_not_rendered_passes_on_both_clocks_and_what_was_asked_for_comes_after_it(
    tmp_path: Path,
) -> None:
    host, reader, block = engine(tmp_path)
    assert not host.rests()  # its buses are laid out with the first block
    for _ in range(3):
        block()
    before = host.mixer.clock
    assert host.rests()
    host.take(("batch", (Pause(),), None))
    assert not host.rests()
    host.rested(4800, 0, 0.0)
    assert (host.mixer.clock, host.mixer.show) == (before + 4800, before + 4800)
    assert not host.mixer.taken
    block()
    assert list(host.mixer.taken) == [before + 4800]
    assert (host.mixer.clock, host.mixer.show) == (before + 4800 + BLOCK, before + 4800)
    assert reader.read().clock == before + 4800


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
