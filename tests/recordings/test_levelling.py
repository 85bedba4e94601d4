"""`loudness` in a timeline: what is heard is as loud as it says, whatever the recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from player import cli
from player.devices.av_loudness import Meter
from player.engine import RATE
from player.media import survey

FILM = """\
needledrop: 1
defaults: {loudness: -16 LUFS}
songs:
  loud: {title: Loud, media: loud.wav}
  soft: {title: Soft, media: {file: soft.flac, gain: -3 dB, offset: 1s}}
  part: {title: Part, media: part.wav}
  own: {title: Own, loudness: -20 LUFS, media: loud.wav}
  silent: {title: Silent, media: silent.wav}
scenes:
  - {id: a, title: A, cues: [song: loud]}
  - {id: b, title: B, cues: [song: soft]}
  - {id: c, title: C, cues: [{song: part, from: 0:04, to: 0:08}]}
  - {id: d, title: D, cues: [song: own]}
  - {id: e, title: E, cues: [{song: loud, gain: -6 dB}]}
  - {id: f, title: F, cues: [song: silent]}
"""


def noise(seconds: float, level: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return level * np.random.default_rng(1).standard_normal((round(seconds * RATE), 2))


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEEDLEDROP_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    soundfile.write("loud.wav", noise(4, 0.15), RATE)
    soundfile.write("soft.flac", noise(5, 0.02), RATE)
    soundfile.write("part.wav", np.concatenate([noise(4, 0.2), noise(4, 0.02), noise(4, 0.2)]), RATE)
    soundfile.write("silent.wav", np.zeros((4 * RATE, 2)), RATE)
    path = tmp_path / "film.yaml"
    path.write_text(FILM)
    return path


def loudness(sound: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    meter = Meter()
    meter.feed(np.ascontiguousarray(sound))
    return meter.finish()[0]


def test_every_cue_is_heard_at_its_loudness(film: Path) -> None:
    before = {path.name: path.read_bytes() for path in film.parent.glob("*.*a*")}
    assert cli.main(["render", "film.yaml", "-o", "out.wav", "--float"]) == 0
    sound, _ = soundfile.read("out.wav", dtype="float32")
    cues = [loudness(part) for part in np.split(sound, 6)[:5]]
    assert cues == pytest.approx([-16, -16, -16, -20, -22], abs=0.5)
    assert not sound[-4 * RATE :].any()
    after = {path.name: path.read_bytes() for path in film.parent.glob("*.*a*") if path.name != "out.wav"}
    assert after == before


def test_what_is_known_is_not_measured_again(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.main(["render", "film.yaml", "-o", "out.wav"])

    def nobody(*_: object) -> None:
        raise AssertionError("it is known")

    monkeypatch.setattr(survey.Survey, "__init__", nobody)
    assert cli.main(["render", "film.yaml", "-o", "again.wav"]) == 0
    assert Path("again.wav").read_bytes() == Path("out.wav").read_bytes()


def test_without_a_loudness_nothing_is_measured_and_nothing_changes(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film.write_text(FILM.replace("defaults: {loudness: -16 LUFS}\n", "").replace("loudness: -20 LUFS, ", ""))
    monkeypatch.delattr(survey.Survey, "__init__")
    assert cli.main(["render", "film.yaml", "-o", "out.wav", "--float"]) == 0
    sound, _ = soundfile.read("out.wav", dtype="float32")
    heard, _ = soundfile.read("loud.wav", dtype="float32")
    assert np.array_equal(sound[: 4 * RATE], heard)
