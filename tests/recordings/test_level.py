"""`needledrop level`: the table, and one loudness for all."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from player import cli
from player.engine import RATE

FILM = """\
needledrop: 1
songs:
  loud: {title: Loud, media: loud.wav}     # as it is
  soft: {title: Soft, media: {file: soft.wav, gain: -2 dB}}
  none: {title: None of it, length: 0:10}
scenes:
  - {id: a, number: "1", title: A, cues: [song: loud]}
  - {id: b, number: "2", title: B, cues: [song: soft, song: none]}
"""


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEEDLEDROP_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    t = np.arange(3 * RATE)[:, None] / RATE
    for name, level in (("loud", -14), ("soft", -30)):
        tone = 10 ** (level / 20) * np.sin(2 * np.pi * 1000 * t) * [1, 1]
        soundfile.write(f"{name}.wav", tone, RATE, subtype="FLOAT")
    path = tmp_path / "film.yaml"
    path.write_text(FILM)
    return path


def test_without_a_target_it_says_how_far_apart_they_are(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["level", "film.yaml"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "cue  song                    measured  target  gain   true peak",
        "1    Loud                  -14.0 LUFS                -14.0 dBTP",
        "2    Soft                  -32.0 LUFS                -32.0 dBTP",
        "2    None of it (silence)",
        "film.yaml: 18.0 LU between the softest and the loudest; --to -16 brings all to -16 LUFS",
    ]
    assert film.read_text() == FILM


def test_one_loudness_for_all_is_one_line_in_the_file(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["level", "film.yaml", "--to", "-16"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[-6:] for line in said[1:3]] == [
        ["-16.0", "LUFS", "-2.0", "dB", "-16.0", "dBTP"],
        ["-16.0", "LUFS", "+16.0", "dB", "-16.0", "dBTP"],
    ]
    assert said[-1] == "film.yaml: 0.0 LU between the softest and the loudest as played"
    written = film.read_text()
    assert "loudness: -16 LUFS" in written
    assert set(FILM.splitlines()) <= set(written.splitlines())


def test_for_programs(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["level", "film.yaml", "--to", "-20 LUFS", "--json"])
    loud, soft, none = json.loads(capsys.readouterr().out)
    assert (loud["song"], loud["target"], loud["gain"]) == ("loud", -20.0, -6.0)
    assert soft["loudness"] == pytest.approx(-32.0, abs=0.1)
    assert (none["plays"], none["loudness"], none["gain"]) == ("silence", None, 0.0)


@pytest.mark.parametrize("call", [["nowhere.yaml"], ["film.yaml", "--to", "loud"], ["film.yaml", "--to", "3"]])
@pytest.mark.usefixtures("film")
def test_what_cannot_be_is_one_line(call: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["level", *call]) == 2
    assert capsys.readouterr().err.count("\n") == 1
