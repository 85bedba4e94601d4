"""`needledrop check --media`: what decoding everything tells, by code."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from player import cli
from player.engine import RATE

TEN = "media: ten.flac"
HEAD = "needledrop: 1\nsongs:\n"
SCENES = "scenes:\n  - {id: a, title: A, at: 0:00:10, cues: [CUE]}\n  - {id: b, title: B, at: 0:00:20}\n"


def tone(seconds: float, level: float = 0.1) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return level * np.sin(np.arange(round(seconds * RATE)) * 0.13)[:, None] * [1, 1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEEDLEDROP_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    soundfile.write("ten.flac", tone(10), RATE)
    return tmp_path


def found(song: str, capsys: pytest.CaptureFixture[str], cue: str = "song: s", head: str = "") -> dict[str, str]:
    """The problems of one song and its cue, by code; those that need no decoding left out."""
    songs = f"  s: {{title: S, {song}}}\n"
    Path("film.yaml").write_text(HEAD.replace("songs:", f"{head}songs:") + songs + SCENES.replace("CUE", cue))
    capsys.readouterr()
    cli.main(["check", "--media", "--json", "film.yaml"])
    problems = json.loads(capsys.readouterr().out)["files"][0]["problems"]
    return {each["code"]: each["message"] for each in problems if each["code"].startswith("media-")}


@pytest.mark.usefixtures("folder")
def test_what_is_fine_has_no_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert found("media: ten.flac, length: 0:10", capsys) == {}


def test_a_recording_that_breaks_off_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = (folder / "ten.flac").read_bytes()
    (folder / "cut.flac").write_bytes(whole[: len(whole) // 2])
    (message,) = found("media: cut.flac", capsys).values()
    assert message.startswith("cut.flac breaks off at 0:0")
    assert cli.main(["check", "--media", "film.yaml"]) == 1
    assert cli.main(["check", "film.yaml"]) == 0


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("song", "cue", "code", "message"),
    [
        (f"{TEN}, length: 3:12", "song: s", "media-length", "s: length says 3:12, and the recording lasts 0:10"),
        (TEN, "{song: s, to: 0:14}", "media-short", "s is to play to 0:14, and the recording ends at 0:10"),
        (TEN, "{song: s, from: 0:14}", "media-short", "s begins at 0:14, and the recording ends at 0:10"),
        (TEN, "{song: s, at: +5s}", "media-scene", "s plays 0:10, 0:05 more than its scene has"),
        (TEN, "{song: s, to: 0:04}", "media-scene", "s plays 0:04, and 0:06 of its scene is silent after it"),
    ],
)
def test_lengths(song: str, cue: str, code: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(song, capsys, cue)[code] == message


@pytest.mark.usefixtures("folder")
def test_silence_and_clipping(capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write("silent.flac", np.zeros((10 * RATE, 2)), RATE)
    assert found("media: silent.flac", capsys) == {"media-silent": "silent.flac holds nothing that can be heard"}
    soundfile.write("late.flac", np.concatenate([np.zeros((3 * RATE, 2)), tone(7)]), RATE)
    assert found("media: late.flac", capsys) == {"media-silence": "s begins with 3.0 s of silence"}
    clipped = tone(10)
    clipped[RATE : RATE + 20, 0] = clipped[2 * RATE : 2 * RATE + 20, 1] = 1.0
    soundfile.write("clipped.wav", clipped, RATE)
    assert found("media: clipped.wav", capsys) == {"media-clipped": "clipped.wav is cut off at full scale in 2 places"}


@pytest.mark.usefixtures("folder")
def test_the_spread_of_loudness(capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write("soft.flac", tone(10, 0.02), RATE)
    songs = "media: ten.flac}\n  t: {title: T, media: ten.flac}\n  u: {title: U, media: soft.flac"
    cues = "song: s, song: t, {song: u, at: +1s}"
    assert found(songs, capsys, cues)["media-loudness"] == "u is 14.0 LU softer than the cues in the middle"
    assert "media-loudness" not in found(songs, capsys, cues, "defaults: {loudness: -20 LUFS}\n")


@pytest.mark.usefixtures("folder")
def test_it_is_no_thing_to_watch(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--media", "--watch", "film.yaml"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
