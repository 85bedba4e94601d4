"""Whole numbers from samples: what rounding and dither do, and that two files are the same."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from player.export.depth import Quantiser
from player.export.render import render
from tests.show.rig import Steady, plan_of

BIT = 1 / 32_768
SONG = "songs: {a: {title: A}}\nscenes: [{id: one, title: One, cues: [{song: a, gain: -80 dB, fade-out: 4s}]}]\n"


def stereo(sound: np.ndarray) -> np.ndarray:
    return np.stack((sound, sound), axis=1).astype(np.float32)


def tone(peak: float) -> np.ndarray:
    """A second of a tone with 375 turns."""
    return stereo(peak * np.sin(2 * np.pi * 375 * np.arange(48_000) / 48_000 + 0.1))


def test_24_bits_are_the_nearest() -> None:
    block = np.array([[0.5, -0.5], [1.0, -1.0], [1.4 / (1 << 23), -1.6 / (1 << 23)]], np.float32)
    assert Quantiser(24)(block).tolist() == [[1 << 22, -(1 << 22)], [(1 << 23) - 1, -(1 << 23)], [1, -2]]


def test_a_tone_below_the_last_bit_stays_a_tone_at_16_bits() -> None:
    sound = Quantiser(16)(tone(0.4 * BIT))[:, 0]
    assert set(np.unique(sound)) == {-1, 0, 1}
    assert abs(np.fft.rfft(sound)[375]) * 2 / 48_000 == pytest.approx(0.4, rel=0.02)


def test_rounding_alone_would_have_lost_it() -> None:
    assert not np.rint(tone(0.4 * BIT) * 32_768).any()


@pytest.mark.parametrize("level", [0.3, 1.5, 100.25])
def test_the_error_is_noise_of_half_a_bit_at_every_level(level: float) -> None:
    sound = tone(level * BIT)
    error = (Quantiser(16)(sound) - sound.astype(float) * 32_768)[:, 0]
    assert error.mean() == pytest.approx(0, abs=0.01)
    assert error.std() == pytest.approx(0.5, rel=0.02)  # two draws of a bit and the rounding: three times 1/12
    overtones = np.abs(np.fft.rfft(error))[375 * np.arange(1, 20)] * 2 / 48_000
    assert overtones.max() < 0.02


def test_silence_is_silent() -> None:
    sound = tone(0.5)
    sound[10_000:20_000] = 0.0
    assert not Quantiser(16)(sound)[10_000:20_000].any()


def test_full_scale_stays_within_16_bits() -> None:
    assert np.abs(Quantiser(16)(stereo(np.full(9999, 1.0)))).max() == 32_767
    assert Quantiser(16)(stereo(np.full(9999, -1.0))).min() == -32_768


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_the_sizes_of_blocks_do_not_matter(size: int) -> None:
    quantise, sound = Quantiser(16), tone(3 * BIT)[:9000]
    pieces = [quantise(sound[i : i + size]) for i in range(0, len(sound), size)]
    assert np.array_equal(np.concatenate(pieces), Quantiser(16)(sound))


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_two_renders_at_16_bits_are_the_same_file(tmp_path, suffix: str) -> None:
    files = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for file in files:
        render(plan_of(SONG), file, Steady, bits=16)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert soundfile.info(files[0]).subtype == "PCM_16"
    sound = soundfile.read(files[0], dtype="int16")[0][:, 0]
    assert len(sound) == 480_000
    assert sound[:200_000].mean() == pytest.approx(0.5 * 10**-4 * 32_768, abs=0.01)


def test_wav_and_flac_hold_the_same_16_bits(tmp_path) -> None:
    for name in ("a.wav", "a.flac"):
        render(plan_of(SONG), tmp_path / name, Steady, bits=16)
    wav, flac = (soundfile.read(tmp_path / name, dtype="int16")[0] for name in ("a.wav", "a.flac"))
    assert np.array_equal(wav, flac)
