"""Where nothing sounds and nobody is there, the device is closed; the first key has it back."""

from __future__ import annotations

import time

import pytest

from player.engine import RATE
from player.engine.commands import Later, Pass, Pause, Shape, Start
from player.engine.status import Started
from player.host.client import ProcessEngine
from player.host.places import place
from player.host.speaker import Speaker
from player.host.wanted import Wanted
from tests.host.test_restart import NOTHING, PATIENCE, SONG, Heard
from tests.host.test_speaker import Device, Rack

AFTER = 0.4  # seconds, here


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """An engine that falls asleep soon."""
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("NEEDLEDROP_OUTPUT", "silent")
    monkeypatch.setenv("NEEDLEDROP_ASLEEP_AFTER", str(AFTER))
    engine = ProcessEngine("a timeline")
    engine.start()
    assert engine.connected.wait(PATIENCE)
    yield engine
    engine.close()


def falls_asleep(engine: ProcessEngine, within: float = PATIENCE) -> bool:
    until = time.monotonic() + within
    while not engine.status().asleep and time.monotonic() < until:
        time.sleep(0.01)
    return engine.status().asleep


def stands(engine: ProcessEngine) -> bool:
    """Whether the clock stands, as it does where no device asks for sound."""
    before = engine.status().clock
    time.sleep(0.1)
    return engine.status().clock == before


def test_an_engine_that_nobody_needs_sleeps_and_any_word_wakes_it(engine):
    began, at_first = time.monotonic(), engine.status().clock
    assert falls_asleep(engine)
    assert stands(engine)
    engine.stir()
    until = time.monotonic() + PATIENCE
    while stands(engine) and time.monotonic() < until:
        pass
    status = engine.status()
    assert not status.asleep
    assert status.clock - at_first == pytest.approx((time.monotonic() - began) * RATE, abs=RATE / 4)
    assert falls_asleep(engine)


def test_a_go_wakes_it_and_is_heard_from_its_first_frame(engine):
    heard = Heard(engine)
    assert falls_asleep(engine)
    began = time.monotonic()
    engine.send((Start(1, NOTHING, 0, SONG, 0.0, Shape(4800), serial=1, song="a", cue="a"),))
    assert heard.until(lambda events: any(isinstance(e, Started) for e in events)) < 1.0
    zero = next(e.clock for e in heard.events if isinstance(e, Started))
    (voice,) = engine.status().voices
    assert voice.at == engine.status().clock - zero
    assert voice.at / RATE < time.monotonic() - began


@pytest.mark.parametrize(
    "batch",
    [
        (Start(1, NOTHING, 0, SONG, 0.0, Shape(4800), serial=1, song="a", cue="a"),),
        (Start(1, NOTHING, 0, SONG, 0.0, Shape(4800), serial=1, song="a", cue="a"), Pause()),
        (Later(7, (Pass("said"),), 3600 * RATE, after=0),),
    ],
    ids=["a song", "a pause", "a wait of an hour"],
)
def test_what_runs_or_waits_keeps_it_awake(engine, batch):
    engine.send(batch)
    assert not falls_asleep(engine, 4 * AFTER)


def test_an_engine_that_sleeps_does_not_hang(engine):
    owner = place("a timeline").owner.read_text()
    assert falls_asleep(engine)
    time.sleep(2.0)
    assert place("a timeline").owner.read_text() == owner
    assert [event.text for event in engine.events()] == ["no sound device: the show runs in silence"]


# -- the device


def looked(speaker: Speaker) -> None:
    """Have the thread that opens a device end."""
    until = time.monotonic() + PATIENCE
    while not speaker._opened and time.monotonic() < until:
        time.sleep(0.001)


def blocks(out):
    out[:] = 1.0


def test_a_device_that_slept_is_opened_anew_and_plays_the_next_frame():
    rack = Rack("speakers")
    speaker = Speaker(blocks, Wanted(), rack)
    speaker.play()
    first = speaker.output
    assert isinstance(first, Device)
    first.pull()
    first.xruns = 3
    assert speaker.sleep()
    assert first.stopped
    assert speaker.tend(1.0) is None
    speaker.wake()
    looked(speaker)
    assert speaker.tend(2.0) is None
    assert speaker.output is not first
    assert set(speaker.output.pull()) == {1.0}
    assert speaker.xruns == 3


def test_a_device_that_is_gone_when_it_is_woken_is_told_and_looked_for():
    rack = Rack("speakers")
    speaker = Speaker(blocks, Wanted("speakers"), rack)
    speaker.play()
    assert speaker.sleep()
    rack.names = ["headphones"]
    speaker.wake()
    looked(speaker)
    assert speaker.tend(2.0) == "speakers is gone: the show goes on in silence until it is back"
    assert speaker.silent
    rack.names = ["headphones", "speakers"]
    until, now = time.monotonic() + PATIENCE, 5.0
    while speaker.silent and time.monotonic() < until:
        now += 0.1
        speaker.tend(now)
        if speaker._next is not None and isinstance(speaker._next, Device):
            speaker._next.pull()
    assert speaker.output.name == "speakers"
    speaker.stop()


def test_no_device_is_closed_while_another_one_is_on_its_way():
    rack = Rack("speakers", "headphones")
    speaker = Speaker(blocks, Wanted("speakers"), rack)
    speaker.play()
    speaker.want(Wanted("headphones"))
    looked(speaker)
    assert not speaker.sleep()
