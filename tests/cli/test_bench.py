"""`needledrop bench`."""

from __future__ import annotations

import json
import math

import pytest

from player import bench, cli
from player.bench import Found, Load
from player.cli import bench as command

FOUND = Found("Speakers", False, 8.7, (3.0, 4.0, 9.0), (Load(1, 0.01), Load(64, 0.2)), 60.0, 2, 1)


def test_the_page_says_what_was_found_and_how(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(bench, "measure", lambda folder, goes, seconds, tell: FOUND)
    assert cli.main(["bench"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:6] == [
        "device      Speakers",
        "GO to sound 12.7 ms, at worst 17.7 (3 times)",
        "            4.0 to the engine's frame, 8.7 in the device's buffer and the limiter",
        "gaps        2 in 60 s with every core busy; 1 late blocks",
        "engine load 1 voices: 1.0% of a block's time",
        "            64 voices: 20.0% of a block's time",
    ]
    assert any("Not in it: keyboard" in line for line in lines)
    assert max(map(len, lines)) < 120


def test_an_engine_that_does_not_answer_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def measure(*_: object) -> Found:
        raise bench.NoEngine("the sound engine does not answer")

    monkeypatch.setattr(bench, "measure", measure)
    assert cli.main(["bench", "--json"]) == 1
    assert capsys.readouterr().err == "needledrop: the sound engine does not answer\n"


def test_a_real_engine_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
):
    monkeypatch.setenv("NEEDLEDROP_OUTPUT", "silent")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("r")))
    monkeypatch.setattr(command, "GOES_BRIEF", 3)
    monkeypatch.setattr(command, "BRIEF", 0.5)
    monkeypatch.setattr(bench, "VOICES", (1, 4))
    monkeypatch.setattr(bench, "SETTLING", 0.1)
    assert cli.main(["bench", "--brief", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["silent"] is True
    assert len(found["go_to_engine_ms"]) == 3
    assert any(found["go_to_engine_ms"])
    assert all(0 <= each < 1000 for each in found["go_to_engine_ms"])
    assert [each["voices"] for each in found["load"]] == [1, 4]
    assert all(math.isfinite(each["share"]) and each["share"] > 0 for each in found["load"])
