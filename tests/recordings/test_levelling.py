"""`loudness` in a timeline: what is heard is as loud as it says, whatever the recordings."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from player import cli
from player.devices.av_loudness import Meter
from player.engine import RATE
from player.media import survey
from player.paths import assets
from tests.devices import make

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


MIXED = """\
needledrop: 1
songs:
  speech: {title: Speech, media: speech.mp3}
  tone: {title: Tone, media: tone.opus}
  band: {title: Band, media: band.ogg}
  band-again: {title: Band again, media: band.m4a}
  keys: {title: Keys, stand-in: keys.mid}
  quiet: {title: Quiet, media: quiet.aiff}
scenes:
  - id: evening
    title: Evening
    cues:
      - {song: speech, to: 0:08}
      - {song: tone, from: 0:01, to: 0:09}
      - {song: band, from: 0:20, to: 0:28}
      - {song: band-again, from: 0:02, to: 0:10}
      - {song: keys, from: 0:10, to: 0:18}
      - {song: quiet, to: 0:08}
"""


def test_a_mixed_show_is_heard_at_one_loudness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six formats and a stand-in, of 16 to 48 kHz, in one channel and two, 30 LU apart before."""
    monkeypatch.setenv("NEEDLEDROP_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    stand_ins = assets() / "films" / "stand-ins"
    shutil.copy(stand_ins / "fever.ogg", "band.ogg")
    band, rate = soundfile.read("band.ogg", dtype="float32", start=20 * RATE, frames=12 * RATE)
    make.encode(Path("band.m4a"), band * 0.2, rate, "aac")
    shutil.copy(stand_ins / "johnny-b-goode.mid", "keys.mid")
    shutil.copy(stand_ins / "johnny-b-goode.ogg", "keys.ogg")
    swell = np.clip(np.sin(np.arange(10 * 16_000) / 16_000 * 5)[:, None], 0.02, 1)
    make.write(Path("speech.mp3"), make.noise(10 * 16_000, 1) * swell.astype(np.float32), 16_000, "MPEG_LAYER_III")
    make.write(Path("tone.opus"), make.sweep(10 * RATE, RATE) * 0.9, RATE, "OPUS")
    make.write(Path("quiet.aiff"), make.noise(9 * 22_050) * 0.15, 22_050, "PCM_24")
    film = tmp_path / "film.yaml"
    film.write_text(MIXED)
    assert cli.main(["level", "film.yaml", "--to", "-16"]) == 0
    assert cli.main(["render", "film.yaml", "-o", "out.wav", "--float"]) == 0
    sound, _ = soundfile.read("out.wav", dtype="float32")
    heard = [sound[at * RATE : (at + 8) * RATE] for at in range(0, 48, 8)]
    assert [loudness(part) for part in heard] == pytest.approx([-16] * 6, abs=0.5)


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
