"""Devices that are chosen, changed, lost and taken back, on fakes that ask for blocks when a test says so."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from player.devices.output import Rest, SilentOutput
from player.engine.source import Samples
from player.host.speaker import Speaker
from player.host.wanted import Patch, Wanted

BLOCK = 480


class Device:
    """An output that asks for a block when it is pulled."""

    layer = "fake"
    latency = 0.01

    def __init__(self, name: str) -> None:
        self.name = name
        self.alive = True
        self.xruns = 0
        self.stopped = False
        self.roused = 0
        self.rest: Rest | None = None
        self._render: Callable[[Samples], None] | None = None

    def start(self, render: Callable[[Samples], None], rest: Rest | None = None) -> None:
        self._render = render
        self.rest = rest

    def rouse(self) -> None:
        self.roused += 1

    def stop(self) -> None:
        self.stopped = True

    def pull(self, frames: int = BLOCK) -> list[float]:
        """The left side of its next block."""
        assert self._render is not None
        assert not self.stopped
        block = np.full((frames, 2), 9.0, np.float32)
        self._render(block)
        return block[:, 0].tolist()


class Rack:
    """The devices there are; opening one that is not there gives the first, or silence."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.opened: list[tuple[str, str]] = []
        self.calls = 0

    def __call__(self, prefer: str = "", buffer: str = "normal", *, no_other: bool = False, channels: int = 2):
        self.calls += 1
        self.channels = channels
        names = [name for name in self.names if prefer in name] or ([] if no_other else self.names)
        if not names or prefer == "silent":
            return SilentOutput()
        self.opened.append((names[0], buffer))
        return Device(names[0])


class Count:
    """Renders the numbers of frames, so that a lost or doubled frame shows; scaled so that edges can be told apart."""

    def __init__(self) -> None:
        self.frames = 0

    def __call__(self, out: Samples) -> None:
        out[:] = np.arange(self.frames + 1, self.frames + 1 + len(out))[:, np.newaxis]
        self.frames += len(out)


@pytest.fixture(autouse=True)
def hurries(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Who asks to run first: not the thread of the tests."""
    asked: list[None] = []
    monkeypatch.setattr("player.host.speaker.run_first", lambda: asked.append(None))
    return asked


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for devices is done at once, here."""
    monkeypatch.setattr(threading.Thread, "start", lambda thread: thread.run())


def speaker(rack: Rack, wanted: Wanted = Wanted()) -> tuple[Speaker, Count]:  # noqa: B008
    count = Count()
    made = Speaker(count, wanted, rack)
    made.play()
    return made, count


def test_the_device_named_plays_from_the_first_frame_on_untouched() -> None:
    here, _ = speaker(Rack("desk", "hall"), Wanted("hall", "safe"))
    assert here.output.name == "hall"
    assert here.output.pull() == list(range(1, BLOCK + 1))
    assert here.news() == "sound: hall"


def test_each_device_s_thread_asks_once_to_run_first(threads: None, hurries: list[None]) -> None:
    here, _ = speaker(Rack("desk", "hall"))
    here.output.pull()
    here.output.pull()
    assert len(hurries) == 1
    here.want(Wanted("hall"))
    here.tend(0.0)
    here._next.pull()
    assert len(hurries) == 2


def test_a_device_that_is_not_there_is_told() -> None:
    here, _ = speaker(Rack("desk"), Wanted("hall"))
    assert here.news() == 'sound: desk (there is no "hall")'


def test_another_device_goes_on_with_the_next_frame_and_neither_edge_jumps(threads: None) -> None:
    here, count = speaker(Rack("desk", "hall"))
    old = here.output
    old.pull()
    here.want(Wanted("hall"))
    assert here.tend(0.0) is None  # opened, and running in silence
    new = here._next
    assert new.pull() == [0.0] * BLOCK
    last = old.pull()
    assert last[: BLOCK - 240] == list(range(BLOCK + 1, 2 * BLOCK - 239))
    assert last[-1] == 0.0
    assert (np.diff(np.array(last[BLOCK - 240 :]) / np.arange(2 * BLOCK - 239, 2 * BLOCK + 1)) < 0).all()
    assert old.pull() == [0.0] * BLOCK
    first = new.pull()
    assert count.frames == 3 * BLOCK  # nothing was left out, nothing came twice
    assert first[0] == 0.0
    assert first[240:] == list(range(2 * BLOCK + 241, 3 * BLOCK + 1))
    assert here.tend(1.0) is None
    assert here.tend(1.1) is None
    assert not old.stopped  # it has yet to play what it was given
    assert here.tend(1.3) == "sound: hall"
    assert old.stopped
    assert here.output is new


@pytest.mark.parametrize("frames", [64, 128, 1000])
def test_the_edges_are_whole_at_any_block_size(threads: None, frames: int) -> None:
    here, _ = speaker(Rack("desk", "hall"))
    here._render = lambda out: out.fill(1.0)
    here.want(Wanted("hall"))
    here.tend(0.0)
    heard = here.output.pull(frames)
    assert heard[-1] == 0.0
    new = here._next
    heard = [sample for _ in range(8) for sample in new.pull(frames)]
    assert np.abs(np.diff(heard)).max() < 1 / 200
    assert heard[240:] == [1.0] * (len(heard) - 240)


def test_another_buffer_opens_the_device_again(threads: None) -> None:
    rack = Rack("desk")
    here, _ = speaker(rack)
    here.want(Wanted(buffer="low"))
    here.tend(0.0)
    here.output.pull()
    here.tend(1.0)
    assert here.tend(2.0) == "sound: desk"
    assert rack.opened == [("desk", "normal"), ("desk", "low")]


def test_more_channels_open_the_device_again(threads: None) -> None:
    rack = Rack("desk")
    here, _ = speaker(rack)
    assert rack.channels == 2
    here.want(Wanted(outputs=(Patch("click", channels=(3, 4)),)))
    here.tend(0.0)
    assert rack.channels == 4
    assert here._next.pull() == [0.0] * BLOCK


def test_what_is_wanted_already_opens_nothing(threads: None) -> None:
    rack = Rack("desk")
    here, _ = speaker(rack)
    here.want(Wanted(limiter=False))
    assert here.tend(0.0) is None
    assert rack.calls == 1


def test_a_wish_that_comes_while_another_is_opened_is_met_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[threading.Thread] = []

    def start(thread: threading.Thread) -> None:
        waiting.append(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    rack = Rack("desk", "hall", "foyer")
    here, _ = speaker(rack)
    here.want(Wanted("hall"))
    here.want(Wanted("foyer"))
    while waiting:
        waiting.pop().run()
    for now in range(6):
        if not here.tend(float(now)):
            here.output.pull()
    assert here.output.name == "foyer"


def test_a_lost_device_leaves_silence_and_is_looked_for_every_two_seconds(threads: None, silences: list) -> None:
    rack = Rack("desk")
    here, _ = speaker(rack)
    here.output.alive = False
    rack.names = []
    assert here.tend(10.0) == "desk is gone: the show goes on in silence until it is back"
    assert here.silent
    for now in (10.5, 11.9, 12.0, 13.0, 14.5):
        assert here.tend(now) is None
    assert rack.calls == 3
    rack.names = ["desk"]
    here.tend(17.0)
    silences[-1]()
    here.tend(17.1)
    assert here.tend(17.5) == "sound: desk"
    assert here.output.pull()[0] == 0.0  # it rises


def test_where_a_device_was_named_no_other_takes_its_place(threads: None, silences: list) -> None:
    rack = Rack("speakers", "desk")
    here, _ = speaker(rack, Wanted("desk"))
    here.output.alive = False
    rack.names = ["speakers"]
    here.tend(0.0)
    for now in range(1, 20):
        assert here.tend(float(now)) is None
    assert here.silent


def test_a_device_that_dies_while_another_takes_over_is_no_loss(threads: None) -> None:
    here, _ = speaker(Rack("desk", "hall"))
    here.want(Wanted("hall"))
    here.tend(0.0)
    here.output.alive = False
    assert here.tend(0.1) == "sound: hall"
    assert here.output.pull()[240:] == list(range(241, BLOCK + 1))


def test_a_wish_in_vain_keeps_the_device_that_plays(threads: None) -> None:
    rack = Rack("desk")
    here, _ = speaker(rack)
    rack.names = []
    here.want(Wanted("hall"))
    assert here.tend(0.0) is None
    assert here.output.name == "desk"
    assert not here.output.stopped


def test_gaps_are_counted_over_all_devices(threads: None) -> None:
    here, _ = speaker(Rack("desk", "hall"))
    here.output.xruns = 3
    here.want(Wanted("hall"))
    here.tend(0.0)
    here.output.pull()
    here.tend(1.0)
    here.tend(2.0)
    here.output.xruns = 2
    assert here.xruns == 5


@pytest.fixture
def silences(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """Silent clocks that tick when told to: each entry asks for one block."""
    ticks: list[Callable[[], None]] = []

    def start(silent: SilentOutput, render: Callable[[Samples], None], rest: Rest | None = None) -> None:
        ticks.append(lambda: render(np.zeros((256, 2), np.float32)))

    monkeypatch.setattr(SilentOutput, "start", start)
    return ticks


def test_the_device_that_plays_may_rest_but_never_while_another_takes_over(threads: None) -> None:
    due, passed = [True], []
    rest = Rest(lambda: due[0], lambda *told: passed.append(told))
    here = Speaker(Count(), Wanted("desk"), Rack("desk", "hall"), rest)
    here.play()
    old = here.output
    assert old.rest.due()
    old.rest.passed(4800, 480, 1.5)
    assert passed == [(4800, 480, 1.5)]
    here.rouse()
    assert old.roused == 1
    due[0] = False
    assert not old.rest.due()
    due[0] = True
    here.want(Wanted("hall"))
    here.tend(0.0)
    new = here._next
    assert not old.rest.due()  # it has an edge to play
    assert not new.rest.due()
    old.pull()
    new.pull(100)
    assert not new.rest.due()  # it rises still
    new.pull()
    here.tend(1.0)
    here.tend(2.0)
    assert here.output is new
    assert new.rest.due()
    assert not old.rest.due()
