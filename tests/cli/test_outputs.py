"""Outputs in the commands: rendered together or one alone, listed, and where the settings do not place them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from player import cli, settings
from timeline.outputs import counts_on, heard_on, outputs, used
from timeline.reader import read

FILM = """\
needledrop: 1
outputs: [main, click]
songs:
  low: {title: Low, length: 0:01, media: low.wav}
  high: {title: High, length: 0:01, media: high.wav}
scenes:
  - id: a
    title: A
    cues:
      - {song: low, then: continue}
      - {song: high, output: click}
"""


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, level in (("low", 0.25), ("high", 0.125)):
        soundfile.write(tmp_path / f"{name}.wav", np.full((48_000, 2), level, np.float32), 48_000, subtype="FLOAT")
    (tmp_path / "film.yaml").write_text(FILM)
    monkeypatch.setattr(settings, "default_path", lambda: tmp_path / "settings.toml")
    return tmp_path / "film.yaml"


@pytest.mark.parametrize(("only", "level"), [((), 0.375), (("--only", "main"), 0.25), (("--only", "click"), 0.125)])
def test_a_render_mixes_all_outputs_or_takes_one(film: Path, only: tuple[str, ...], level: float) -> None:
    out = film.with_name("out.wav")
    assert cli.main(["render", str(film), "-o", str(out), "--float", *only]) == 0
    sound, _ = soundfile.read(out, dtype="float32")
    assert len(sound) == 48_000
    assert (sound[1000:-1000] == np.float32(level)).all()


def test_an_output_that_there_is_not_is_refused(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["render", str(film), "-o", str(film.with_name("out.wav")), "--only", "clack"]) == 2
    assert 'there is no output "clack", only main, click' in capsys.readouterr().err


def test_the_order_says_which_outputs_have_no_place(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["order", str(film)])
    assert "click is heard with main: the settings have no [outputs] for it" in capsys.readouterr().out
    film.with_name("settings.toml").write_text('[outputs]\nclick = "USB"\n')
    cli.main(["order", str(film)])
    assert "heard with main" not in capsys.readouterr().out


def test_devices_lists_the_places_of_outputs(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film.with_name("settings.toml").write_text('[outputs]\nclick = {channels = [3, 4]}\nband = "USB"\n')
    assert cli.main(["devices"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-2:] == ["output click: the device of main, channel 3 and 4", 'output band: "USB"']


@pytest.mark.parametrize(
    ("written", "usual", "counts", "every"),
    [
        ("", "main", "main", ("main",)),
        ("outputs: [click, main]", "main", "click", ("main", "click")),
        ("outputs: [house, stage]", "house", "house", ("house", "stage")),
    ],
)
def test_what_says_no_output_is_heard_on_main_else_the_first(
    written: str, usual: str, counts: str, every: tuple[str, ...]
) -> None:
    timeline = read(f"needledrop: 1\n{written}\n").timeline
    assert (heard_on(timeline, None), counts_on(timeline), outputs(timeline)) == (usual, counts, every)
    assert heard_on(timeline, "other") == "other"


def test_outputs_that_nothing_uses_need_no_place() -> None:
    timeline = read("needledrop: 1\noutputs: [main, click]\n").timeline
    assert used(timeline) == ()
    assert settings.unplaced(timeline, settings.Settings()) == ""


def test_clicks_before_the_songs_of_a_set_use_the_click() -> None:
    song = "songs: {a: {title: A, length: 0:10, bpm: 96, meter: 4/4}}"
    film = f"needledrop: 1\noutputs: [main, click]\n{song}\nsets: {{s: {{songs: [{{song: a, count: 1 bar}}]}}}}\n"
    timeline = read(film).timeline
    assert used(timeline) == ("click",)
    assert settings.unplaced(timeline, settings.Settings()) == (
        "click is heard with main: the settings have no [outputs] for it"
    )
