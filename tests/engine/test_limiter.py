"""The limiter: untouched below -1 dB of true peak, never above it, and the same bytes whatever the blocks."""

from __future__ import annotations

import itertools
import os

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from player.engine.limiter import ATTACK, DELAY, RELEASE_DB, Limiter
from tests.conftest import LONG

RATE = 48_000


def limited(sound: np.ndarray, blocks=(256,), *, told: bool = False) -> np.ndarray:
    """What leaves the limiter, its delay taken away. told: it need not look for the peaks itself."""
    limiter, out = Limiter(), []
    rest = np.concatenate((stereo(sound), np.zeros((DELAY, 2), np.float32)))
    sizes = itertools.cycle(blocks)
    while len(rest):
        block, rest = np.split(rest, [next(sizes)])
        block = block.copy()
        left, right = np.abs(block).max(axis=0, initial=0.0).tolist()
        limiter.process(block, (left, right) if told else None)
        out.append(block)
    return np.concatenate(out)[DELAY:]


def stereo(sound: np.ndarray) -> np.ndarray:
    both = sound if sound.ndim == 2 else np.stack((sound, sound), axis=1)
    return np.ascontiguousarray(both, np.float32)


def tone(hertz: float, peak: float, seconds: float = 0.3, phase: float = 0.3) -> np.ndarray:
    """A sine that rises and falls over 20 ms, so that all its sound lies below half the rate."""
    t = np.arange(round(seconds * RATE)) / RATE
    edge = np.clip(np.minimum(t, t[::-1]) / 0.02, 0, 1)
    return peak * np.sin(2 * np.pi * hertz * t + phase) * np.square(np.sin(edge * np.pi / 2))


def true_peak_db(sound: np.ndarray) -> float:
    """The highest point of the curve through the samples, by 16 times oversampling in the frequency domain."""
    quiet = np.zeros((2000, 2))
    spectrum = np.fft.rfft(np.concatenate((quiet, sound, quiet)), axis=0)
    n = 16 * (len(sound) + 4000)
    return decibels(np.abs(np.fft.irfft(spectrum, n, axis=0)).max() * 16)


def decibels(gain: float) -> float:
    return float(20 * np.log10(gain))


def recording(seed: int, n: int = RATE) -> np.ndarray:
    """Something as loud as recordings are made: pink, pressed against full scale, in stereo, nothing above 20 kHz."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=(n, 2)), axis=0)
    pink = np.fft.irfft(spectrum / np.maximum(1, np.arange(len(spectrum)))[:, np.newaxis] ** 0.5, axis=0)
    pressed = np.fft.rfft(np.tanh(3 * pink / np.abs(pink).max()), axis=0)
    pressed[round(20_000 * n / RATE) :] = 0
    loud = np.fft.irfft(pressed, n, axis=0)
    return loud / np.abs(loud).max()


# ---- below the ceiling


@pytest.mark.parametrize("hertz", [30, 440, 5000, 12_000, 17_000, 20_000])
def test_what_stays_below_the_ceiling_passes_bit_for_bit(hertz: float) -> None:
    sound = stereo(tone(hertz, 10 ** (-1.05 / 20)))
    assert np.array_equal(limited(sound), sound)


def test_a_loud_recording_below_the_ceiling_passes_bit_for_bit() -> None:
    sound = recording(1)
    sound = stereo(sound * 10 ** ((-1.05 - true_peak_db(sound)) / 20))
    assert true_peak_db(sound) == pytest.approx(-1.05, abs=0.001)
    assert np.array_equal(limited(sound), sound)


def test_an_onset_stays_at_its_frame() -> None:
    sound = np.zeros((1000, 2), np.float32)
    sound[500:] = 0.5
    out = limited(sound)
    assert not out[:500].any()
    assert (out[500:] == 0.5).all()


def test_it_delays_by_less_than_a_millisecond_and_a_half() -> None:
    block = np.full((DELAY + 1, 2), 0.25, np.float32)
    Limiter().process(block)
    assert not block[:DELAY].any()
    assert block[DELAY].tolist() == [0.25, 0.25]
    assert DELAY <= 72


# ---- above it

HARD = {
    "between the samples at a quarter of the rate": tone(12_000, 2**0.5, phase=np.pi / 4),
    "the same, far above": tone(12_000, 5.0, phase=np.pi / 4),
    "bass": tone(40, 3.0),
    "a high tone": tone(17_000, 1.6),
    "eight loud recordings": sum(recording(seed) for seed in range(8)),
    "one recording, pressed": 1.3 * recording(9),
    "bursts": sum(tone(997, 4.0) * (np.arange(14_400) // 2400 % 2) * w for w in (0.5, 0.5)),
}


@pytest.mark.parametrize("name", HARD)
def test_the_true_peak_never_goes_above_the_ceiling(name: str) -> None:
    sound = stereo(HARD[name])
    assert true_peak_db(sound) > 0
    assert true_peak_db(limited(sound)) <= -0.9


@settings(max_examples=400 if LONG else 80, deadline=None)
@given(st.floats(-3.0, 3.0), st.floats(3.0, 22.0), st.floats(0.0, 1.0), st.sampled_from((1.0, -1.0)))
@example(-0.6, 22.0, 0.5, 1.0)
def test_a_pulse_between_two_samples_is_seen_however_soft_these_are(
    peak_db: float, kilohertz: float, part: float, way: float
) -> None:
    t = np.arange(-1000, 1000) - part
    pulse = np.sinc(t * kilohertz / 24) * np.cos(t * np.pi / 2002)
    sound = stereo(way * pulse * 10 ** (peak_db / 20))
    out = limited(sound)
    assert true_peak_db(out) <= -0.9
    assert peak_db > -1.02 or np.array_equal(out, sound)


def test_no_sample_leaves_full_scale_whatever_comes() -> None:
    noise = np.random.default_rng(1).uniform(-1, 1, (20_000, 2)) * 10.0 ** np.arange(-4, 6).repeat(2000)[:, np.newaxis]
    assert np.abs(limited(noise)).max() <= 1.0


def test_a_steady_level_above_the_ceiling_comes_down_to_it() -> None:
    out = limited(np.full(9600, 4.0))
    assert decibels(out[4800, 0]) == pytest.approx(-1.08, abs=0.01)
    assert np.ptp(out[4800:9000, 0]) == 0


def test_both_sides_go_down_together() -> None:
    sound = np.stack((tone(440, 3.0), tone(440, 0.3)), axis=1)
    out, sound = limited(sound), stereo(sound)
    heard = np.abs(sound[:, 1]) > 0.1
    gains = out / np.where(sound == 0, 1, sound)
    assert gains[heard][:, 0] == pytest.approx(gains[heard][:, 1], abs=1e-6)
    assert gains[heard].min() < 0.31


def test_the_gain_comes_back_at_a_steady_rate_to_exactly_one() -> None:
    sound = np.full(3 * RATE, 0.25)
    sound[1000:1010] = 4.0
    gains = limited(sound)[:, 0] / np.float32(0.25)
    down = 20 * np.log10(gains[2000:10_000])
    assert np.diff(down) == pytest.approx(RELEASE_DB / RATE, abs=1e-5)
    assert (gains[: 1000 - ATTACK - 1] == 1.0).all()
    assert (gains[-RATE:] == 1.0).all()


# ---- no click


@pytest.mark.parametrize("peak", [1.2, 2.0, 8.0])
def test_the_gain_moves_less_from_sample_to_sample_than_a_fade_of_half_a_millisecond(peak: float) -> None:
    sound = np.full(RATE // 4, 0.5)
    sound[6000] = peak  # one loud sample: the hardest that the attack can meet
    gains = np.delete(limited(sound)[:, 0], 6000) / 0.5
    assert np.abs(np.diff(gains)).max() < 1 / 24 * (1 - gains.min()) * 1.3


def test_direct_current_that_fades_in_never_jumps() -> None:
    rise = 2.0 * np.sin(np.minimum(np.arange(9600) / 240, 1) * np.pi / 2)
    out = limited(rise)[:, 0].astype(float)
    assert np.abs(np.diff(out)).max() <= np.abs(np.diff(rise)).max()


# ---- whatever comes


def test_silence_stays_silence() -> None:
    assert not limited(np.zeros(5000)).any()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("sides", [slice(0, 1), slice(1, 2), slice(0, 2)])
@pytest.mark.parametrize("told", [False, True])
def test_what_is_no_number_is_silence_and_leaves_no_trace(bad: float, sides: slice, told: bool) -> None:
    sound = stereo(tone(440, 0.5))
    sound[5000, sides] = bad
    out = limited(sound, told=told)
    assert np.isfinite(out).all()
    sound[5000, sides] = 0.0
    assert np.array_equal(out, sound)


@settings(max_examples=200 if LONG in os.environ else 30, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 3000), min_size=1, max_size=6),
    gain=st.sampled_from([0.3, 0.7, 1.0, 4.0]),
    seed=st.integers(0, 99),
    told=st.booleans(),
)
def test_the_sizes_of_blocks_do_not_matter(sizes: list[int], gain: float, seed: int, told: bool) -> None:
    sound = gain * recording(seed, 4000)
    sound[1500:2500] = 0.0
    assert np.array_equal(limited(sound, sizes, told=told), limited(sound, (4000,)))


def test_one_frame_at_a_time_is_the_same_too() -> None:
    sound = 2.0 * recording(5, 600)
    assert np.array_equal(limited(sound, (1,)), limited(sound))


# ---- switched off


def test_switched_off_it_only_delays() -> None:
    limiter = Limiter()
    limiter.on = False
    block = stereo(tone(440, 3.0))
    before = block.copy()
    limiter.process(block)
    assert np.array_equal(block[DELAY:], before[:-DELAY])


def test_switched_off_while_it_acts_the_gain_comes_back_without_a_jump() -> None:
    limiter = Limiter()
    block = np.full((4800, 2), 2.0, np.float32)
    limiter.process(block)
    limiter.on = False
    after = np.full((4800, 2), 0.5, np.float32)
    limiter.process(after)
    joined = np.concatenate((block[DELAY + ATTACK :], after[:DELAY])) / 2, after[DELAY:] / 0.5
    assert np.abs(np.diff(np.concatenate(joined)[:, 0])).max() < 1e-3


def test_it_tells_how_far_it_turned_down() -> None:
    limiter = Limiter()
    limiter.process(np.full((2400, 2), 0.5, np.float32))
    assert limiter.reduction_db == 0.0
    for _ in range(3):  # the curve through a sudden step overshoots, and that has to be released first
        limiter.process(np.full((2400, 2), 1.0, np.float32))
    assert limiter.reduction_db == pytest.approx(1.08, abs=0.01)
