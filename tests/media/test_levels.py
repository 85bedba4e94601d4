"""Loudness and true peak against the sine cases of EBU Tech 3341, and against ffmpeg's own measurement."""

from __future__ import annotations

import math
import re
import subprocess
from array import array
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from player.devices.av_loudness import Meter
from player.engine import RATE
from player.engine.source import SourceSpec
from player.media import levels
from player.media.measure import measure

Sound = NDArray[np.float32]


def tones(*parts: tuple[float, float], frequency: float = 1000.0) -> Sound:
    """Stereo sine tones one after another: (dBFS of the peak, seconds)."""
    gains = np.concatenate([np.full(round(seconds * RATE), 10 ** (level / 20)) for level, seconds in parts])
    wave = gains * np.sin(2 * np.pi * frequency * np.arange(len(gains)) / RATE)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def metered(sound: Sound, layout: str = "stereo", block: int = 30_000) -> Meter:
    meter = Meter(layout)
    for at in range(0, len(sound), block):
        meter.feed(np.ascontiguousarray(sound[at : at + block]))
    return meter


@pytest.mark.parametrize(
    ("parts", "loudness"),
    [
        (((-23, 20),), -23.0),
        (((-33, 20),), -33.0),
        (((-36, 10), (-23, 60), (-36, 10)), -23.0),
        (((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)), -23.0),
        (((-26, 20), (-20, 20.1), (-26, 20)), -23.0),
    ],
    ids=["case 1", "case 2", "case 3", "case 4", "case 5"],
)
def test_integrated_loudness_of_tech_3341(parts: tuple[tuple[float, float], ...], loudness: float) -> None:
    meter = metered(tones(*parts))
    assert meter.finish()[0] == pytest.approx(loudness, abs=0.1)
    whole = levels.integrated(array("f", meter.momentary[3:]))
    assert whole == pytest.approx(loudness, abs=0.1)  # what parts of a recording are measured from


def test_a_sound_may_end_anywhere() -> None:
    assert metered(tones((-23, 3.1234))).finish()[0] == pytest.approx(-23.0, abs=0.1)
    assert metered(tones((-23, 0.05))).finish()[0] == -math.inf  # too short for a single value


def test_integrated_loudness_of_five_channels() -> None:
    wave = np.sin(2 * np.pi * 1000 * np.arange(20 * RATE) / RATE)
    gains = 10 ** (np.array([-28, -28, -24, -30, -30]) / 20)
    sound = (wave[:, None] * gains).astype(np.float32)
    assert metered(sound, "5.0").finish()[0] == pytest.approx(-23.0, abs=0.1)  # case 6


@pytest.mark.parametrize(
    ("divisor", "phase", "level", "true_peak"),
    [(4, 0.0, 0.5, -6.0), (4, 45.0, 0.5, -6.0), (6, 60.0, 0.5, -6.0), (8, 67.5, 0.5, -6.0), (4, 45.0, 1.41, 3.0)],
    ids=["case 15", "case 16", "case 17", "case 18", "case 19"],
)
def test_true_peak_of_tech_3341(divisor: int, phase: float, level: float, true_peak: float) -> None:
    n = np.arange(RATE)
    wave = level * np.sin(2 * np.pi * n / divisor + np.radians(phase))
    rise = np.minimum(1, np.minimum(n, n[::-1]) / (RATE / 100))
    meter = metered(np.repeat((wave * rise)[:, None], 2, axis=1).astype(np.float32))
    meter.finish()
    assert true_peak - 0.4 <= 20 * math.log10(meter.true_peak) <= true_peak + 0.2


def write(path: Path, sound: Sound) -> SourceSpec:
    soundfile.write(path, sound, RATE, subtype="FLOAT")
    return SourceSpec("audio", str(path))


@pytest.mark.needs("ffmpeg")
def test_as_loud_as_ffmpeg_says_for_twenty_files(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for i in range(20):
        envelope = np.repeat(rng.uniform(0.001, 0.4, 12), RATE // 2)[:, None]
        noise = rng.standard_normal((6 * RATE, 2)) * envelope * 0.5
        noise[1:-1] = noise[:-2] / 4 + noise[1:-1] / 2 + noise[2:] / 4  # as in music, little near half the rate
        spec = write(tmp_path / f"{i}.wav", noise.astype(np.float32))
        call = ["ffmpeg", "-hide_banner", "-nostats", "-i", spec.path, "-af", "ebur128", "-f", "null", "-"]
        said = subprocess.run(call, capture_output=True, text=True, check=True).stderr.rpartition("Summary:")[2]
        found = measure(spec)
        assert found is not None
        theirs = [float(re.search(rf"{name}:\s+(\S+)", said)[1]) for name in ("I", "LRA")]  # type: ignore[index]
        assert [found.integrated, found.range] == pytest.approx(theirs, abs=0.1)


def test_true_peak_is_that_of_the_curve_between_the_samples(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).standard_normal((RATE, 2)) * 0.1
    noise[1:-1] = noise[:-2] / 4 + noise[1:-1] / 2 + noise[2:] / 4
    noise *= np.hanning(RATE)[:, None]
    spectrum = np.concatenate([np.fft.rfft(noise, axis=0), np.zeros((RATE * 3 // 2, 2))])
    exact = float(np.abs(np.fft.irfft(spectrum, 4 * RATE, axis=0)).max() * 4)
    found = measure(write(tmp_path / "x.wav", noise.astype(np.float32)))
    assert found is not None
    assert found.true_peak == pytest.approx(20 * math.log10(exact), abs=0.02)
    assert found.true_peak > found.peak


def test_a_part_of_a_recording(tmp_path: Path) -> None:
    level = measure(write(tmp_path / "x.wav", tones((-30, 10), (-20, 10), (-40, 10))))
    assert level is not None
    assert levels.between(level, 0, 10 * RATE) == pytest.approx(-30, abs=0.1)
    assert levels.between(level, 10 * RATE, 20 * RATE) == pytest.approx(-20, abs=0.1)
    assert levels.between(level, 21 * RATE, 21 * RATE + 100) == level.integrated == levels.between(level, 0, 30 * RATE)


def test_what_else_is_measured(tmp_path: Path) -> None:
    sound = np.zeros((4 * RATE, 2), np.float32)
    sound[RATE : 3 * RATE] = tones((-12, 2))
    sound[RATE + 100 : RATE + 110, 0] = 1.0
    sound[2 * RATE - 2 : 2 * RATE + 2, 1] = -1.0  # across two reads
    sound[2 * RATE + 100 : 2 * RATE + 102] = 1.0  # touches full scale, and no more
    level = measure(write(tmp_path / "x.wav", sound))
    assert level is not None
    assert (level.frames, level.clipped, level.peak) == (4 * RATE, 2, 0.0)
    assert level.begins == pytest.approx(RATE, abs=5)
    assert level.ends == pytest.approx(3 * RATE, abs=5)
    assert level.true_peak >= 0.0


def test_silence_has_no_loudness_and_gets_no_gain(tmp_path: Path) -> None:
    level = measure(write(tmp_path / "x.wav", np.zeros((RATE, 2), np.float32)))
    assert level is not None
    assert (level.integrated, level.true_peak, level.begins, level.ends) == (-math.inf, -math.inf, 0, 0)
    assert levels.gain(-16.0, level.integrated) == 0.0


@pytest.mark.parametrize(("loudness", "gain"), [(-23.0, 7.0), (-9.0, -7.0), (-50.0, 20.0)])
def test_the_gain_to_a_target(loudness: float, gain: float) -> None:
    assert levels.gain(-16.0, loudness) == gain


def test_nobody_waits_for_what_is_not_wanted(tmp_path: Path) -> None:
    assert measure(write(tmp_path / "x.wav", tones((-20, 1))), lambda: True) is None
