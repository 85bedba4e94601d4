"""An engine that is killed at any moment: the next one stands where it would stand. Real processes, no device."""

from __future__ import annotations

import os
import random
import time

import pytest

from player.engine import RATE
from player.engine.commands import Later, Pass, Shape, Start, Stop, Target
from player.engine.source import SourceSpec
from player.engine.status import DeviceNews, Ended, Passed, Started
from player.host import client
from player.host.client import BACK, DIED, ProcessEngine
from player.host.history import Base, History
from player.host.places import place
from tests.conftest import LONG
from tests.engine.rig import mixer, start

PATIENCE = 30.0
KILLS = 100 if LONG in os.environ else 3
NOTICED = 0.25
STRAY = 0.1  # seconds: three times what the clock strays here by, a block each way, on a busy machine
SONG = 500 * RATE
STEP = RATE // 5
NOTHING = SourceSpec("silence", frames=SONG)


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """An engine without a device, which may die as often as it likes."""
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("NEEDLEDROP_OUTPUT", "silent")
    monkeypatch.setattr(client, "DEATHS", KILLS)
    engine = ProcessEngine("a timeline")
    engine.start()
    yield engine
    engine.close()


class Heard:
    """All that an engine has told."""

    def __init__(self, engine: ProcessEngine) -> None:
        self._engine = engine
        self.events: list = []

    def until(self, wanted) -> float:
        """Wait for what `wanted` finds among the events; returns how long that took."""
        began = time.monotonic()
        while not wanted(self.events):
            assert time.monotonic() - began < PATIENCE, self.events
            time.sleep(0.002)
            self.events += self._engine.events()
        return time.monotonic() - began

    def times(self, text: str) -> int:
        return sum(isinstance(event, DeviceNews) and event.text == text for event in self.events)


def killed(heard: Heard) -> None:
    """Kill the engine, and wait for the next."""
    died, back = heard.times(DIED), heard.times(BACK)
    os.kill(int(place("a timeline").owner.read_text()), 9)
    assert heard.until(lambda events: heard.times(DIED) > died) < NOTICED
    heard.until(lambda events: heard.times(BACK) > back)


def chain(links: int) -> tuple[Later, ...]:
    """Something that happens every 0.2 s, each time because it happened before."""
    return tuple(Later(1000 + n, (Pass(f"{n}"),), STEP, after=1000 + n - 1 if n else 0) for n in range(links))


def test_a_song_goes_on_where_it_would_be_and_every_link_of_a_chain_comes_once_at_its_frame(engine):
    rng = random.Random(4)
    heard = Heard(engine)
    song = Start(1, NOTHING, 0, SONG, 0.0, Shape(4800), serial=1, song="a", cue="a")
    engine.send((song, *chain(2400)))
    heard.until(lambda events: any(isinstance(e, Started) for e in events))
    zero = next(e.clock for e in heard.events if isinstance(e, Started))
    at_first, began = engine.status().clock, time.monotonic()
    for _ in range(KILLS):
        pause = rng.uniform(0.0, 0.8)
        seen = len(heard.events)
        until = time.monotonic() + pause
        heard.until(lambda events, until=until: time.monotonic() > until)
        killed(heard)
        now, status = time.monotonic(), engine.status()
        assert [(v.voice, v.at) for v in status.voices] == [(1, status.clock - zero)]
        assert status.clock - at_first == pytest.approx((now - began) * RATE, abs=STRAY * RATE)
        assert len(heard.events) > seen
    seen = len(heard.events)
    heard.until(lambda events: len(events) > seen + 2)
    passed = [e for e in heard.events if isinstance(e, Passed)]
    assert passed == [Passed(zero + (n + 1) * STEP, f"{n}") for n in range(len(passed))]
    assert [e for e in heard.events if isinstance(e, Started | Ended)] == [Started(zero, 1)]


def test_what_is_sent_while_no_engine_is_there_is_done_by_the_next(engine):
    heard = Heard(engine)
    engine.send((Start(1, NOTHING, 0, SONG, 0.0, Shape(4800), serial=1, song="a", cue="a"),))
    heard.until(lambda events: any(isinstance(e, Started) for e in events))
    os.kill(int(place("a timeline").owner.read_text()), 9)
    engine.send((Start(2, NOTHING, 0, SONG, 0.0, Shape(4800), serial=2, song="b", cue="b"),))
    engine.send((Stop(Target("song", "a")),))
    heard.until(lambda events: any(isinstance(e, Ended) for e in events))
    assert [(type(e), e.voice) for e in heard.events if isinstance(e, Started | Ended)] == [
        (Started, 1), (Started, 2), (Ended, 1),
    ]  # fmt: skip


# -- the history


def test_a_batch_that_the_engine_never_took_is_no_part_of_the_history():
    history = History()
    for cue in ("one", "two", "three"):
        history.send((Pass(cue),), 0)
    history.took([(1, 500), (3, 900)])
    assert history.taken == [(500, (Pass("one"),)), (900, (Pass("three"),))]
    assert not history.sent


def test_what_may_not_have_been_taken_counts_from_when_it_was_sent_but_not_before_what_was():
    history = History()
    history.send((Pass("one"),), 100)
    history.send((Pass("two"),), 110)
    history.send((Pass("three"),), 400)
    history.took([(1, 256)])
    history.settled()
    assert [clock for clock, _ in history.taken] == [256, 256, 400]


def test_a_history_that_begins_anew_stands_where_the_one_before_it_stood():
    history = History()
    history.send((start(1),), 0)
    history.took([(1, 0)])
    history.begin(Base(9000, 5000, 0.5, paused=True))
    m = mixer()
    history.run(m)
    assert (m.clock, m.show, m.level(), m.paused, m.voices) == (9000, 5000, 0.5, True, [])
