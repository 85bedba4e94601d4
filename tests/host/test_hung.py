"""An engine that hangs: it lives and does nothing. It is killed, and replaced like one that died."""

from __future__ import annotations

import os
import signal
import time
from itertools import pairwise

import pytest

from player.engine import RATE
from player.engine.commands import Shape, Start
from player.engine.status import Passed, Started
from player.host.client import BACK, DIED, ProcessEngine
from player.host.figures import Reader, Writer
from player.host.places import place
from player.host.pulse import Pulse
from tests.host.test_process import (  # noqa: F401  (fixtures)
    PATIENCE,
    engines,
    in_a_song,
    linux,
    start,
    taken_up,
    world,
)
from tests.host.test_restart import NOTHING, SONG, STEP, STRAY, Heard, chain, engine  # noqa: F401

NOTICED = 1.5  # seconds; 0.75 to 0.9 on a machine that is not busy


class Looking:
    """Somebody who asks after an engine, on a clock of their own."""

    def __init__(self) -> None:
        self.now = 100.0
        self.beats = (0, 0.0)
        self.pulse = Pulse(lambda: self.beats, lambda: self.now)

    def after(self, seconds: float, *, plays: bool, listens: bool, looks: float = 0.1) -> bool:
        """Whether it counts as lost some time on, in which these threads of it move."""
        lost = False
        for _ in range(round(seconds / looks)):
            self.now += looks
            self.beats = self.beats[0] + plays, self.now if listens else self.beats[1]
            lost = self.pulse.lost()
        return lost


def test_an_engine_in_which_nothing_moves_is_lost_within_a_second():
    looking = Looking()
    assert not looking.after(60, plays=True, listens=True)
    assert not looking.after(0.7, plays=False, listens=False)
    assert looking.after(0.2, plays=False, listens=False)


def test_a_device_that_does_not_ask_for_sound_is_no_hung_engine():
    assert not Looking().after(60, plays=False, listens=True)


def test_an_engine_that_plays_and_does_not_listen_is_lost_after_five_seconds():
    looking = Looking()
    assert not looking.after(4.9, plays=True, listens=False)
    assert looking.after(0.2, plays=True, listens=False)


def test_what_a_suspended_machine_slept_does_not_count():
    looking = Looking()
    assert not looking.after(8 * 3600, plays=False, listens=False, looks=8 * 3600)
    assert not looking.after(0.1, plays=True, listens=True)
    assert not looking.after(0.7, plays=False, listens=False)


def test_beats_come_back_as_they_went(tmp_path):
    writer = Writer(tmp_path / "figures")
    reader = Reader(tmp_path / "figures")
    assert reader.beats() == (0, 0.0)
    writer.beat(12.5)
    assert reader.beats() == (0, 12.5)


@linux
def test_an_engine_that_hangs_is_replaced_by_one_that_stands_where_it_would(engine):  # noqa: F811
    heard = Heard(engine)
    engine.send((Start(1, NOTHING, 0, SONG, 0.0, Shape(4800), serial=1, song="a", cue="a"), *chain(200)))
    heard.until(lambda events: any(isinstance(e, Started) for e in events))
    zero = next(e.clock for e in heard.events if isinstance(e, Started))
    at_first, began = engine.status().clock, time.monotonic()
    stopped = int(place("a timeline").owner.read_text())
    os.kill(stopped, signal.SIGSTOP)
    assert heard.until(lambda events: heard.times(DIED)) < NOTICED
    heard.until(lambda events: heard.times(BACK))
    status = engine.status()
    assert [(v.voice, v.at) for v in status.voices] == [(1, status.clock - zero)]
    assert status.clock - at_first == pytest.approx((time.monotonic() - began) * RATE, abs=STRAY * RATE)
    seen = len(heard.events)
    heard.until(lambda events: len(events) > seen + 2)
    passed = [e.clock for e in heard.events if isinstance(e, Passed)]
    assert {after - before for before, after in pairwise(passed)} == {STEP}
    with pytest.raises(ProcessLookupError):
        os.kill(stopped, 0)


@linux
def test_an_engine_that_hangs_alone_does_not_hold_up_the_next_start(world, start):  # noqa: F811
    world[1]["XDG_STATE_HOME"] = str(world[0] / "state")
    first = start()
    in_a_song(first)
    (hung,) = engines(world)
    os.kill(hung, signal.SIGSTOP)
    first.process.kill()
    first.process.wait(PATIENCE)
    time.sleep(0.3)
    second = start()
    second.hear("resume: A was at")  # what the engine knew is lost; what is on the disk is not
    taken_up(second)
    assert hung not in engines(world)
    assert second.quit() == 0


@linux
def test_a_show_whose_engine_hangs_still_quits(engine: ProcessEngine):  # noqa: F811
    heard = Heard(engine)
    engine.send((Start(1, NOTHING, 0, SONG, 0.0, Shape(4800), serial=1, song="a", cue="a"),))
    heard.until(lambda events: any(isinstance(e, Started) for e in events))
    hung = int(place("a timeline").owner.read_text())
    os.kill(hung, signal.SIGSTOP)
    began = time.monotonic()
    engine.close()
    assert time.monotonic() - began < 10
    with pytest.raises(ProcessLookupError):
        os.kill(hung, 0)
