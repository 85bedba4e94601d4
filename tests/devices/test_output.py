"""Sound outputs: the silent clock, the watchdog, and which layer is taken."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pytest

from player.devices import output
from player.devices.gaps import Gaps
from player.devices.out_silent import SilentOutput
from player.devices.quiet import quiet_stderr
from player.devices.watchdog import Watchdog
from player.engine.source import Samples
from player.errors import DeviceError


class Clock:
    """Time that moves only when somebody waits, `late` seconds more than asked; ends the waiter at `until`."""

    def __init__(self, until: float, late: Callable[[float], float] = lambda now: 0.0) -> None:
        self.now = 100.0
        self._until = 100.0 + until
        self._late = late

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        assert seconds >= 0
        self.now += seconds + self._late(self.now - 100.0)
        return self.now > self._until


def blocks_in(clock: Clock) -> list[tuple[float, int]]:
    """When a silent output asked for blocks, in seconds from its start, and how long they were."""
    asked: list[tuple[float, int]] = []
    silent = SilentOutput(now=clock, wait=clock.wait)
    silent.start(lambda block: asked.append((clock.now - 100.0, len(block))))
    silent.join()
    return asked


def test_the_silent_clock_asks_for_a_block_when_it_is_due() -> None:
    asked = blocks_in(Clock(until=1.0))
    assert [frames for _, frames in asked] == [256] * 187  # the 188th would end at 1.0027 s
    assert [at for at, _ in asked] == pytest.approx([256 * (i + 1) / 48_000 for i in range(187)])


def test_the_silent_clock_makes_up_for_a_late_turn() -> None:
    asked = blocks_in(Clock(until=1.0, late=lambda now: 0.1 if 0.5 < now < 0.55 else 0.0))
    assert len(asked) == 187
    assert sum(0.6 < at < 0.61 for at, _ in asked) > 15  # what the pause left over, at once


def test_after_a_long_standstill_time_goes_on_from_there() -> None:
    asked = blocks_in(Clock(until=3601.0, late=lambda now: 3600.0 if 0.5 < now < 0.51 else 0.0))
    assert 187 <= len(asked) <= 190


def test_a_silent_output_can_be_stopped_twice_and_unstarted() -> None:
    silent = SilentOutput()
    silent.stop()
    silent.stop()
    assert silent.alive


def test_a_beat_keeps_a_device_alive() -> None:
    clock = Clock(until=0)
    watchdog = Watchdog(clock)
    for _ in range(200):
        watchdog.beat()
        clock.now += 0.4
        assert watchdog.alive()


def test_half_a_second_without_a_beat_ends_it() -> None:
    clock = Clock(until=0)
    watchdog = Watchdog(clock)
    watchdog.beat()
    assert watchdog.alive()
    asked = [clock.now]
    while watchdog.alive():
        clock.now += 0.01
        asked.append(clock.now)
    assert asked[-1] - asked[0] == pytest.approx(0.5, abs=0.011)


def test_a_device_may_take_its_time_for_the_first_block() -> None:
    clock = Clock(until=0)
    watchdog = Watchdog(clock)
    for _ in range(290):
        clock.now += 0.01
        assert watchdog.alive()
    for _ in range(20):
        clock.now += 0.01
        watchdog.alive()
    assert not watchdog.alive()


def test_a_machine_that_stood_still_is_no_lost_device() -> None:
    clock = Clock(until=0)
    watchdog = Watchdog(clock)
    watchdog.beat()
    clock.now += 30.0  # the asker slept as well
    assert watchdog.alive()


# ---- which layer


class Fake:
    """An output by name, for the tests of the choice."""

    def __init__(self, name: str) -> None:
        self.name = name


@pytest.fixture
def layers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say which layers open, and which devices each has."""

    def install(**devices: list[str]) -> None:
        def opener(layer: str) -> Callable[[str], Fake]:
            def open_it(device: str, buffer: str, channels: int) -> Fake:
                if layer not in devices or (device and device not in devices[layer]):
                    raise DeviceError(device or layer, "does not open")
                return Fake(f"{layer} {device or 'default'}")

            return open_it

        monkeypatch.setattr(output, "PulseOutput", opener("libpulse"))
        monkeypatch.setattr(output, "SoundDeviceOutput", opener("sounddevice"))
        monkeypatch.setattr(output, "MiniaudioOutput", opener("miniaudio"))

    return install


def test_a_sound_server_comes_first_then_portaudio_then_miniaudio_then_the_silent_clock(
    layers: Callable[..., None],
) -> None:
    layers(libpulse=[], sounddevice=[], miniaudio=[])
    assert output.open_output().name == "libpulse default"
    layers(sounddevice=[], miniaudio=[])
    assert output.open_output().name == "sounddevice default"
    layers(miniaudio=[])
    assert output.open_output().name == "miniaudio default"
    layers()
    assert output.open_output().name == "no sound device (silent)"


def test_a_layer_may_be_asked_for(layers: Callable[..., None]) -> None:
    layers(sounddevice=[], miniaudio=["stage"])
    assert output.open_output("miniaudio").name == "miniaudio default"
    assert output.open_output("miniaudio:stage").name == "miniaudio stage"
    assert output.open_output("silent").name == "no sound device (silent)"


def test_a_device_asked_for_is_looked_for_in_every_layer(layers: Callable[..., None]) -> None:
    layers(sounddevice=["desk"], miniaudio=["desk", "stage"])
    assert output.open_output("desk").name == "sounddevice desk"
    assert output.open_output("stage").name == "miniaudio stage"


def test_a_device_that_is_gone_leaves_the_default(layers: Callable[..., None]) -> None:
    layers(sounddevice=[], miniaudio=[])
    assert output.open_output("stage").name == "sounddevice default"
    assert output.open_output("miniaudio:stage").name == "miniaudio default"


def test_a_device_that_must_be_the_one_named_leaves_silence(layers: Callable[..., None]) -> None:
    layers(sounddevice=["desk"], miniaudio=[])
    assert output.open_output("desk", no_other=True).name == "sounddevice desk"
    assert output.open_output("stage", no_other=True).name == "no sound device (silent)"
    assert output.open_output("", no_other=True).name == "sounddevice default"


# ---- how often a device ran dry


def fed(waits: list[float], holds: float = 0.010) -> int:
    """Gaps of a device that asks for 480 frames after each of these seconds."""
    clock = Clock(until=0)
    gaps = Gaps(holds, clock)
    for wait in waits:
        clock.now += wait
        gaps.beat(480)
    return gaps.count


def test_a_device_that_is_fed_in_time_has_no_gaps() -> None:
    assert fed([0.010] * 1000) == 0


def test_a_device_whose_clock_is_not_ours_has_no_gaps() -> None:
    assert fed([0.010 * 1.0005] * 6000) == 0
    assert fed([0.010 * 0.9995] * 6000) == 0


def test_a_late_thread_that_makes_up_for_it_is_no_gap() -> None:
    assert fed(([0.010] * 20 + [0.018, 0.002] + [0.010] * 20) * 20) == 0


def test_each_time_it_stays_behind_is_a_gap() -> None:
    assert fed([0.010] * 50 + [0.015] + [0.010] * 50 + [0.110] + [0.010] * 50) == 2


def test_a_device_that_fills_itself_as_it_starts_has_no_gap() -> None:
    assert fed([0.0, 0.001, 0.001] + [0.010] * 100) == 0


def test_gaps_close_to_one_another_are_one() -> None:
    assert fed([0.010] * 54 + [0.015, 0.010, 0.015] + [0.010] * 50) == 1


def test_a_standstill_of_a_laptop_that_slept_is_one_gap() -> None:
    assert fed([0.010] * 50 + [3600.0] + [0.010] * 500) == 1


def test_what_c_code_says_on_standard_error_is_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_stderr():
        os.write(2, b"ALSA lib pcm.c:2721: Unknown PCM\n")
    os.write(2, b"this stays\n")
    assert capfd.readouterr().err == "this stays\n"


def test_a_block_of_the_silent_clock_is_as_the_engine_wants_it() -> None:
    clock = Clock(until=0.006)
    blocks: list[Samples] = []
    silent = SilentOutput(now=clock, wait=clock.wait)
    silent.start(blocks.append)
    silent.join()
    (block,) = blocks
    assert block.shape == (256, 2)
    assert block.dtype == np.float32
