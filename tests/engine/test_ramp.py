from __future__ import annotations

import math

import numpy as np
import pytest

from player.engine import ramp

CURVES = {
    "linear": lambda p: p,
    "equal-power": lambda p: np.sin(np.pi * p / 2),
    "s-curve": lambda p: (1 - np.cos(np.pi * p)) / 2,
    "exponential": lambda p: np.where(p <= 0, 0.0, 10 ** ((-60 + 60 * p) / 20)),
}


def whole(r: ramp.Ramp) -> np.ndarray:
    """All gains of a ramp, taken in uneven pieces."""
    found, k, room = [], 0, np.empty(2 * 1000, np.float32)
    while k < r.frames:
        piece = r.gains(k, 777, room)
        found.append(piece.copy())
        k += len(piece) // 2
    stereo = np.concatenate(found).reshape(-1, 2)
    assert (stereo[:, 0] == stereo[:, 1]).all()
    return stereo[:, 0]


@pytest.mark.parametrize("k", [240, 241, 10_000])
def test_behind_its_end_a_ramp_has_no_gains(k):
    assert not len(ramp.fade(240, "linear", rising=False).gains(k, 100, np.ones(200, np.float32)))


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("frames", [1, 240, 4800, 100_003])
def test_a_fade_follows_the_formula_of_the_format(curve, frames):
    p = np.arange(frames) / frames
    rising, falling = ramp.fade(frames, curve, rising=True), ramp.fade(frames, curve, rising=False)
    assert np.abs(whole(rising) - CURVES[curve](p)).max() < 3e-7
    assert np.abs(whole(falling) - CURVES[curve](1 - p)).max() < 3e-7
    assert (rising.first, rising.last, falling.first, falling.last) == (0.0, 1.0, 1.0, 0.0)


def test_two_fades_across_one_another_keep_their_power():
    up, down = (whole(ramp.fade(48_000, "equal-power", rising=r)).astype(float) for r in (True, False))
    assert np.abs(up**2 + down**2 - 1).max() < 1e-6


def test_a_level_moves_linearly_in_db():
    gains = whole(ramp.move(48_000, -6.0, -18.0))
    assert np.abs(20 * np.log10(gains[[0, 12_000, 24_000]]) - [-6, -9, -12]).max() < 1e-4


def test_a_level_goes_out_through_minus_60_db():
    r = ramp.move(48_000, 0.0, -math.inf)
    gains = whole(r)
    assert abs(20 * math.log10(gains[24_000]) + 30) < 1e-4
    assert 20 * math.log10(gains[-1]) == pytest.approx(-60, abs=0.01)
    assert r.last == 0.0


def test_a_level_comes_from_silence_through_minus_60_db():
    gains = whole(ramp.move(48_000, -math.inf, 0.0))
    assert gains[0] == 0.0
    assert abs(20 * math.log10(gains[24_000]) + 30) < 1e-4


@pytest.mark.parametrize("curve", CURVES)
def test_the_gain_of_one_frame_is_that_of_the_block(curve):
    r = ramp.fade(5000, curve, rising=True)
    gains = whole(r)
    for k in (0, 1, 1023, 1024, 3333, 4999):
        assert r.gain(k) == pytest.approx(gains[k], abs=2e-7)
    assert (r.gain(-5), r.gain(5000), r.gain(9000)) == (0.0, 1.0, 1.0)
