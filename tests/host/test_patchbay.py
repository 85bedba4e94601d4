"""From buses to devices, on fakes that ask for blocks when a test says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from player import settings
from player.devices.output import Rest, SilentOutput
from player.engine.commands import Batch, Pause, Resume
from player.engine.limiter import Limiter
from player.engine.source import Samples
from player.engine.status import DeviceNews
from player.host.patchbay import Patchbay
from player.host.process import Host
from player.host.routes import Bus, Routes, routes
from player.host.wanted import Patch, Wanted
from tests.engine.rig import COUNT, mixer, start

BLOCK = 480
RING = 1680  # frames that wait in front of another device at the usual buffer
CLICK = Patch("click", "USB")


class Device:
    """An output that asks for a block when it is pulled."""

    layer = "fake"
    latency = 0.01
    xruns = 0

    def __init__(self, name: str, channels: int) -> None:
        self.name, self.channels = name, channels
        self.alive = True
        self.stopped = False
        self._render: Callable[[Samples], None] | None = None

    def start(self, render: Callable[[Samples], None], rest: Rest | None = None) -> None:
        self._render = render

    def rouse(self) -> None:
        return

    def stop(self) -> None:
        self.stopped = True

    def pull(self) -> NDArray[np.float32]:
        assert self._render is not None
        block = np.full((BLOCK, self.channels), 9.0, np.float32)
        self._render(block)
        return block


class Rack:
    """The devices there are, each with its channels; what is not there opens as silence."""

    def __init__(self, **devices: int) -> None:
        self.devices = devices
        self.opened: list[Device] = []
        self.calls = 0

    def __call__(self, prefer: str = "", buffer: str = "normal", *, no_other: bool = False, channels: int = 2):
        self.calls += 1
        if prefer not in self.devices:
            return SilentOutput()
        self.opened.append(Device(prefer, min(channels, self.devices[prefer])))
        return self.opened[-1]


@pytest.fixture(autouse=True)
def threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a thread would do happens at once."""
    monkeypatch.setattr(threading.Thread, "start", lambda thread: thread.run())


def playing(wanted: Wanted, rack: Rack) -> tuple[Patchbay, Callable[..., NDArray[np.float32]]]:
    """A bay with ones on main and the numbers of frames on `click`, and what fills a block of the main device."""
    bay, m = Patchbay(wanted, rack), mixer()
    m.inbox.append((start(1), start(2, COUNT, output="click")))

    def block(channels: int = 2, frames: int = BLOCK) -> NDArray[np.float32]:
        out = np.full((frames, channels), 9.0, np.float32)
        bay.render(m, out)
        return out

    return bay, block


def awaited(block: Callable[..., NDArray[np.float32]]) -> int:
    """How many frames of silence come before the first sound on main; the rest of its block is whole."""
    silent = 0
    while not (sound := block()[:, 0]).any():
        silent += BLOCK
    first = int(np.argmax(sound))
    assert sound[first:].tolist() == [1.0] * (BLOCK - first)
    return silent + first


def unlimited(*outputs: Patch, device: str = "") -> Wanted:
    return Wanted(device, limiter=False, outputs=outputs)


def test_without_settings_all_is_one_stereo_device() -> None:
    assert routes(Wanted()) == Routes((Bus(("main",)),))
    assert routes(Wanted()).plain
    assert routes(Wanted("silent", outputs=(CLICK,))) == Routes()


def test_outputs_share_a_bus_where_they_share_channels() -> None:
    found = routes(unlimited(Patch("a", "usb"), Patch("b", "USB", (1, 2)), Patch("c", "Desk"), device="desk"))
    assert found == Routes((Bus(("main", "c")), Bus(("a", "b"), 1)), ("usb",))
    assert found.of == {"main": 0, "c": 0, "a": 1, "b": 1}


def test_an_output_without_a_place_is_heard_with_main() -> None:
    _, block = playing(unlimited(), Rack())
    assert block()[:, 0].tolist() == [np.float32(1 + n / 2**20) for n in range(BLOCK)]


def test_channels_of_the_same_device_take_what_is_theirs() -> None:
    _, block = playing(unlimited(Patch("main", channels=(2, 1)), Patch("click", channels=(4,))), Rack())
    out = block(4)
    assert out[:, 0].tolist() == out[:, 1].tolist() == [1.0] * BLOCK
    assert not out[:, 2].any()
    assert out[:, 3].tolist() == [n / 2**20 for n in range(BLOCK)]


def test_channels_that_a_device_has_not_take_nothing_and_that_is_told() -> None:
    bay, block = playing(unlimited(Patch("click", channels=(3, 4))), Rack())
    assert block(2)[:, 0].tolist() == [1.0] * BLOCK
    assert bay.trouble(Device("desk", 2)) == "desk has 2 channels, not 4: no sound of click"
    assert bay.trouble(Device("desk", 4)) == ""
    assert bay.trouble(SilentOutput()) == ""  # nothing at all is heard, which is told elsewhere


def test_another_device_gets_its_output_through_a_ring() -> None:
    rack = Rack(USB=2)
    bay, block = playing(unlimited(CLICK), rack)
    assert bay.tend(0.0) == []
    assert bay.tend(0.01) == ["click: USB, fake"]
    assert awaited(block) == RING - BLOCK  # main waits for the ring
    for _ in range(10):
        assert block()[:, 0].tolist() == [1.0] * BLOCK
    (usb,) = rack.opened
    usb.pull()  # it rises
    numbers = usb.pull()[:, 0] * 2**20
    assert np.diff(numbers) == pytest.approx(1.0, abs=0.01)


def test_a_device_that_is_not_there_is_told_once_and_looked_for_every_two_seconds() -> None:
    rack = Rack()
    bay, block = playing(unlimited(CLICK), rack)
    desk = Device("desk", 2)
    bay.tend(0.0)
    assert bay.tend(0.1) == ['there is no "USB": no sound of click until there is']
    assert bay.trouble(desk) == 'there is no "USB": no sound of click until there is'
    assert awaited(block) == RING - BLOCK  # as if it were there, so that nothing changes when it comes
    assert block()[:, 0].tolist() == [1.0] * BLOCK  # nothing of it on main
    assert [bay.tend(now) for now in (0.2, 1.0, 2.0, 2.2, 2.3, 4.0)] == [[]] * 6
    assert rack.calls == 2
    rack.devices["USB"] = 2
    bay.tend(4.4)
    assert bay.tend(4.5) == ["click: USB, fake"]
    assert bay.trouble(desk) == ""


def test_a_device_that_is_lost_is_told_and_taken_back() -> None:
    rack = Rack(USB=2)
    bay, block = playing(unlimited(CLICK), rack)
    bay.tend(0.0)
    bay.tend(0.1)
    awaited(block)
    rack.opened[0].alive = False
    assert bay.tend(1.0) == ["USB is gone: no sound of click until it is back"]
    assert rack.opened[0].stopped
    assert block()[:, 0].tolist() == [1.0] * BLOCK
    bay.tend(3.0)
    assert bay.tend(3.1) == ["click: USB, fake"]
    assert bay.trouble(Device("desk", 2)) == ""
    assert block()[:, 0].tolist() == [1.0] * BLOCK
    bay.stop()
    assert rack.opened[1].stopped


def test_places_change_while_playing_and_a_device_that_stays_plays_on() -> None:
    rack = Rack(USB=2, Band=2)
    bay, block = playing(unlimited(CLICK), rack)
    bay.tend(0.0)
    bay.tend(0.1)
    block()
    bay.want(unlimited(CLICK, Patch("cues", "Band")), 1.0)
    bay.tend(1.0)
    bay.tend(1.1)
    assert [device.name for device in rack.opened] == ["USB", "Band"]
    bay.want(unlimited(), 2.0)
    heard = block()[:, 0]
    assert heard[240:].tolist() == [np.float32(1 + n / 2**20) for n in range(BLOCK + 240, 2 * BLOCK)]
    assert np.abs(np.diff(heard)).max() < 1 / 200
    assert not rack.opened[0].stopped  # it has yet to play what it was given
    bay.tend(2.6)
    assert [device.stopped for device in rack.opened] == [True, True]


def test_each_bus_has_a_limiter_of_its_own() -> None:
    wanted = Wanted(outputs=(Patch("click", channels=(3, 4)),))
    bay, m = Patchbay(wanted, Rack()), mixer()
    m.inbox.append((start(1, gain_db=12.0), start(2, gain_db=-6.0, output="click")))
    for _ in range(20):
        out = np.empty((BLOCK, 4), np.float32)
        bay.render(m, out)
    assert out[:, 0].max() < 10 ** (-0.9 / 20)
    assert out[:, 2].tolist() == [np.float32(10 ** (-6 / 20))] * BLOCK
    bay.want(Wanted(limiter=False, outputs=wanted.outputs), 0.0)
    for _ in range(200):
        bay.render(m, out)
    assert out[:, 0].max() == np.float32(10 ** (12 / 20))


@pytest.mark.parametrize("limiter", [True, False])
def test_rests_between_sounds_change_no_frame_of_them(limiter: bool) -> None:
    """The short way of a block in which nothing sounds, beside the mixer and a limiter alone."""
    bay, m = Patchbay(Wanted(limiter=limiter), Rack()), mixer()
    alone, straight = mixer(), Limiter()
    script: dict[int, Batch] = {20: (start(1, COUNT, end=BLOCK + 7, gain_db=12.0),), 40: (Pause(),), 50: (Resume(),)}
    heard, expected = [], []
    for number in range(60):
        for each in (m, alone) if number in script else ():
            each.inbox.append(script[number])
        out = np.full((BLOCK, 2), 9.0, np.float32)
        bay.render(m, out)
        heard.append(out)
        out = np.zeros((BLOCK, 2), np.float32)
        alone.render(out)
        if limiter:
            straight.process(out)
        expected.append(out)
        assert (m.clock, m.show, m.peak) == (alone.clock, alone.show, alone.peak)
    assert np.array_equal(np.concatenate(heard), np.concatenate(expected))
    assert np.count_nonzero(heard) > BLOCK


def test_a_limiter_that_has_acted_tells_of_it_no_longer_once_all_is_silent() -> None:
    bay, m = Patchbay(Wanted(), Rack()), mixer()
    assert bay.limiter is not None
    m.inbox.append((start(1, end=BLOCK, gain_db=12.0),))
    for _ in range(2):
        bay.render(m, np.zeros((BLOCK, 2), np.float32))
    assert bay.limiter.reduction_db > 0
    for _ in range(2 * 48_000 // BLOCK):  # 12 dB come back at 20 dB a second
        bay.render(m, np.zeros((BLOCK, 2), np.float32))
    assert bay.limiter.rests
    assert bay.limiter.reduction_db == 0


def test_long_blocks_are_filled_in_pieces() -> None:
    _, block = playing(unlimited(Patch("click", channels=(3, 4))), Rack())
    assert block(4, 20_000)[:, 2].tolist() == [n / 2**20 for n in range(20_000)]


def test_a_loud_beginning_of_a_long_block_is_limited_too() -> None:
    bay, m = Patchbay(Wanted(), Rack()), mixer()
    m.inbox.append((start(gain_db=12.0, end=2000),))
    out = np.empty((20_000, 2), np.float32)
    bay.render(m, out)
    assert 0.8 < np.abs(out).max() <= 10 ** (-1 / 20)


def test_the_settings_say_what_has_a_place() -> None:
    own, problems = settings.parse(
        'device = "desk"\n[outputs]\nmain = {device = "Scarlett", channels = [3, 4]}\n'
        'click = {channels = [1]}\nband = "USB"\n'
    )
    assert problems == ()
    assert settings.sound(own) == Wanted(
        "Scarlett",
        outputs=(Patch("main", "Scarlett", (3, 4)), Patch("click", "", (1,)), Patch("band", "USB")),
    )
    assert routes(settings.sound(own)) == Routes(
        (Bus(("main",), 0, (2, 3)), Bus(("click",), 0, (0,)), Bus(("band",), 1)), ("USB",)
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("outputs = 3", "outputs is a table: write [outputs] on a line of its own"),
        (
            "[outputs]\nclick = 3",
            'outputs: click is a "device" or {device = "a part of its name", channels = [1, 2]}',
        ),
        ("[outputs]\nclick = {device = 3}", 'outputs: the device of click is a text in "quotes"'),
        *(
            (f"[outputs]\nclick = {{channels = {channels}}}",
             "outputs: the channels of click are one or two numbers from 1 on, as in [3, 4]")
            for channels in ("3", "[0]", "[1, 2, 3]", "[true]", '["1"]', "[65]")
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_place_is_one_line(text: str, problem: str) -> None:
    own, problems = settings.parse(text)
    assert problems == (f"settings.toml: {problem}",)
    assert own.outputs == ()


def test_an_engine_tells_of_an_output_that_is_not_heard_also_to_a_later_show(tmp_path: Path) -> None:
    host = Host(tmp_path / "figures", Wanted("silent"))
    host._bay = Patchbay(Wanted("desk", outputs=(CLICK,)), Rack())
    host.tend()
    (news,) = host.tend().events
    assert news == DeviceNews(0, 'there is no "USB": no sound of click until there is', True, about="outputs")
    assert host.tend().events == []
    assert host.device_news()[1:] == [news]
