"""The command line: what it prints, and the exit codes that programs rely on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from player import cli

GOOD = """needledrop: 1
songs:
  a: {title: A, media: a.wav}
scenes:
  - {id: one, title: One, cues: [song: a]}
  - {id: card, title: Card}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    soundfile.write(tmp_path / "a.wav", np.full((48_000, 2), 0.25), 48_000)
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(GOOD.replace("[song: a]", "[song: b]"))
    (tmp_path / "latin.yaml").write_bytes("title: Étude".encode("latin-1"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_version_is_the_one_of_the_package(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0
    project = Path(__file__).parents[2] / "pyproject.toml"
    stated = re.search(r'^version = "(.+)"', project.read_text(), re.MULTILINE)
    assert capsys.readouterr().out == f"needledrop {stated[1]}\n"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["good.yaml"], 0),
        (["bad.yaml"], 1),
        (["good.yaml", "bad.yaml"], 1),
        (["bad.yaml", "latin.yaml"], 2),
        (["."], 2),
        (["no"], 2),
    ],
)
def test_check_exits_with_the_highest_of_its_files(folder, files, code):
    assert cli.main(["check", *files]) == code


def test_check_as_json_has_every_file_and_problem(folder, capsys):
    cli.main(["check", "--json", "good.yaml", "bad.yaml", "no.yaml"])
    said = json.loads(capsys.readouterr().out)
    assert [(f["file"], f["ok"]) for f in said["files"]] == [
        ("good.yaml", True),
        ("bad.yaml", False),
        ("no.yaml", False),
    ]
    errors = [p for p in said["files"][1]["problems"] if p["severity"] == "error"]
    assert [(p["line"], p["column"], p["code"]) for p in errors] == [(5, 40, "no-song")]


def test_order_lists_steps_and_what_plays(folder, capsys):
    assert cli.main(["order", "good.yaml"]) == 0
    said = capsys.readouterr().out
    assert "One [one]" in said
    assert "song a: A, 0:01, recording" in said
    assert "card  Card [card]" in said


def test_order_as_json_has_exact_frames(folder, capsys):
    assert cli.main(["order", "good.yaml", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [(s["scene"], s["frames"]) for s in said["steps"]] == [("one", 48_000), ("card", None)]
    assert said["songs"]["a"]["frames"] == 48_000


def test_render_writes_the_programme(folder):
    assert cli.main(["render", "good.yaml", "-o", "out.flac"]) == 0
    sound, rate = soundfile.read("out.flac")
    assert (sound.shape, rate, set(sound.flat)) == ((48_000, 2), 48_000, {0.25})


def test_virtual_time_records_to_the_frame(folder, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", iter(["wait 1s\n", "go\n", "wait 12000 frames\n"]))
    assert cli.main(["play", "good.yaml", "--text", "--virtual", "--record", "out.wav"]) == 0
    sound, _ = soundfile.read("out.wav", dtype="float32")
    assert soundfile.info("out.wav").subtype == "FLOAT"
    assert len(sound) == 60_000
    assert not sound[:48_000].any()
    assert (sound[48_000:] == 0.25).all()
    assert '0:00:01.000 plays a "A" (recording)' in capsys.readouterr().out


def test_hands_free_in_virtual_time_plays_to_the_end(folder, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", iter([]))
    assert cli.main(["good.yaml", "--text", "--virtual", "--auto"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "0:00:01.000 standby end"


@pytest.mark.parametrize(
    "call",
    [
        ["check"],
        ["render", "good.yaml"],
        ["render", "good.yaml", "-o", "out.mp3"],
        ["render", "good.yaml", "-o", "out.flac", "--float"],
        ["play", "good.yaml", "--record", "x.wav"],
        ["play", "good.yaml", "--virtual", "--from", "nowhere"],
        ["play", "good.yaml", "--nonsense"],
        ["nowhere.yaml", "--virtual"],
    ],
)
def test_a_wrong_call_is_one_line_and_2(folder, capsys, call):
    assert cli.main(call) == 2
    said = capsys.readouterr()
    assert said.err.startswith("needledrop: ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(("typed", "meant"), [("chekc", "check"), ("ordr", "order"), ("rendr", "render")])
def test_a_mistyped_command_comes_with_the_one_that_was_meant(folder, capsys, typed, meant):
    assert cli.main([typed, "good.yaml"]) == 2
    told = f'needledrop: there is no command "{typed}"; did you mean {meant}? (needledrop --help tells more)\n'
    assert capsys.readouterr().err == told


def test_from_stands_by_at_a_scene(folder, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", iter([]))
    assert cli.main(["play", "good.yaml", "--virtual", "--from", "card"]) == 0
    assert capsys.readouterr().out.startswith("0:00:00.000 standby 2 card")
