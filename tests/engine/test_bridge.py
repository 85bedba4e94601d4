"""Two devices whose clocks differ, in virtual time: the delay between them holds, and nothing clicks."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import count

import numpy as np
import pytest
from numpy.typing import NDArray

from player.engine.bridge import Bridge

RATE = 48_000
TONE = 997.0
Sound = NDArray[np.float32]
SKEWS = [-200.0, 0.0, 200.0]  # millionths


def tone(first: int, n: int) -> Sound:
    mono = 0.5 * np.sin(2 * np.pi * TONE / RATE * np.arange(first, first + n))
    return np.repeat(mono.astype(np.float32)[:, np.newaxis], 2, axis=1)


def nothing(first: int, n: int) -> Sound:
    return np.zeros((n, 2), np.float32)


def pulled(
    bridge: Bridge,
    skew: float,
    sound: Callable[[int, int], Sound] = tone,
    *,
    late: Callable[[], float] = lambda: 0.0,
    blocks: tuple[int, int] = (480, 512),
    gap: tuple[float, float] = (0.0, 0.0),
) -> Iterator[tuple[float, Sound, float]]:
    """What a device reads whose clock is `skew` millionths faster: when, the left side, and the delay in seconds.

    late: by how much a thread comes late. gap: seconds between which the writer stands still.
    """
    written = 0
    for block in count():
        now = 0.0037 + block * blocks[1] / (RATE * (1 + skew * 1e-6))
        while written / RATE <= now:
            if not gap[0] <= written / RATE < gap[1]:
                bridge.write(sound(written, blocks[0]), written / RATE + late())
            written += blocks[0]
        out = np.empty((blocks[1], 2), np.float32)
        bridge.read(out, now + late())
        yield now, out[:, 0], now - (bridge._at + bridge._part - blocks[1] * bridge.pace) / RATE


def heard(run: Iterator[tuple[float, Sound, float]], seconds: float) -> tuple[Sound, NDArray[np.float64]]:
    sounds, delays = [], []
    for now, sound, delay in run:
        if now > seconds:
            break
        sounds.append(sound)
        delays.append(delay)
    return np.concatenate(sounds), np.array(delays)


def residual(sound: Sound, skew: float) -> float:
    """The largest sample that is left of a tenth of a second without its tone, of a level of 0.5."""
    k = np.arange(RATE // 10)
    turn = 2 * np.pi * TONE / (RATE * (1 + skew * 1e-6)) * k
    parts = np.stack([np.cos(turn), np.sin(turn), k * np.cos(turn), k * np.sin(turn)], axis=1)
    worst = 0.0
    for first in range(0, len(sound) - len(k), len(k)):
        piece = sound[first : first + len(k)].astype(float)
        worst = max(worst, float(np.abs(piece - parts @ np.linalg.lstsq(parts, piece, rcond=None)[0]).max()))
    return worst


@pytest.mark.parametrize("skew", [-200.0, 200.0])
def test_the_delay_holds_for_an_hour(skew: float) -> None:
    bridge = Bridge(2, 0.01)
    rng = random.Random(1)
    run = pulled(bridge, skew, nothing, late=lambda: rng.random() * 0.004, blocks=(1920, 2048))
    _, delays = heard(run, 3600)
    settled = delays[4:]
    assert np.ptp(settled) < 0.003
    assert np.ptp(settled[len(settled) // 12 :]) < 0.001  # once it is settled
    assert bridge.slips == 0


@pytest.mark.parametrize("skew", SKEWS)
def test_a_tone_stays_a_tone(skew: float) -> None:
    sound, _ = heard(pulled(Bridge(2, 0.01), skew), 30)
    assert residual(sound[RATE:], skew) < 0.5 * 10 ** (-55 / 20)  # while it finds the other's pace
    assert residual(sound[25 * RATE :], skew) < 0.5 * 10 ** (-80 / 20)
    assert np.abs(np.diff(sound)).max() < 0.5 * 2 * np.pi * TONE / RATE * 1.01


def test_threads_that_come_late_bend_the_tone_by_less_than_can_be_heard() -> None:
    rng = random.Random(1)
    sound, _ = heard(pulled(Bridge(2, 0.01), 200.0, late=lambda: abs(rng.gauss(0, 0.002))), 20)
    assert residual(sound[RATE:], 200.0) < 0.5 * 10 ** (-52 / 20)
    assert np.abs(np.diff(sound)).max() < 0.5 * 2 * np.pi * TONE / RATE * 1.01


def test_with_one_clock_it_is_a_delay_and_nothing_else() -> None:
    bridge = Bridge(2, 0.01)
    sound, delays = heard(pulled(bridge, 0.0, blocks=(256, 256)), 3)
    assert np.ptp(delays[4:]) < 1 / RATE
    k = np.arange(len(sound) - RATE, len(sound))
    turn = 2 * np.pi * TONE / RATE * k
    parts = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    level = np.hypot(*np.linalg.lstsq(parts, sound[-RATE:].astype(float), rcond=None)[0])
    assert level == pytest.approx(0.5, abs=1e-5)


def test_a_writer_that_stands_still_is_silence_with_no_click_and_comes_back() -> None:
    bridge = Bridge(2, 0.01)
    run = pulled(bridge, 50.0, lambda first, n: np.full((n, 2), 0.5, np.float32), gap=(2.0, 3.0))
    sound, _ = heard(run, 5)
    assert bridge.slips == 1
    assert np.abs(np.diff(sound)).max() < 0.5 / 100
    assert sound[int(2.2 * RATE) : int(2.9 * RATE)].max() == 0.0
    assert sound[int(3.3 * RATE) :].min() == pytest.approx(0.5, abs=1e-6)


def test_before_anything_is_written_there_is_silence() -> None:
    out = np.full((512, 2), 9.0, np.float32)
    Bridge(2, 0.01).read(out, 0.0)
    assert not out.any()


def test_sides_and_channels_stay_apart() -> None:
    def sound(first: int, n: int) -> Sound:
        out = np.zeros((n, 4), np.float32)
        out[:, 3] = 0.25
        return out

    bridge = Bridge(4, 0.01)
    out = np.empty((480, 4), np.float32)
    for block in range(200):
        bridge.write(sound(block * 480, 480), block * 0.01)
        bridge.read(out, block * 0.01)
    assert np.allclose(out, sound(0, 480), atol=1e-6)
