"""`needledrop log`: the shows that were played, and one of them in three forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from player import settings
from player.cli import main

ROWS = """\
{"time": "2025-03-14T20:15:00.000+01:00", "clock": 0.0, "what": "go", "number": "1", "scene": "Ferry", "by": "Space"}
{"time": "2025-03-14T20:16:01.500+01:00", "clock": 61.5, "what": "played", "title": "Fever", "seconds": 61.5}
"""


@pytest.fixture(autouse=True)
def shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shows"
    monkeypatch.setattr(settings, "shows_path", lambda: folder)
    return folder


def keep(folder: Path, *names: str) -> None:
    folder.mkdir()
    for name in names:
        (folder / f"{name}.jsonl").write_text(ROWS)


def test_nothing_was_played_yet(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log"]) == 0
    assert capsys.readouterr().out == "no show has been played here yet\n"


def test_the_newest_show_stands_first(shows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(shows, "2025-03-13 20.00.00 a.yaml", "2025-03-14 20.00.00 b.yaml")
    assert main(["log"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "  1  2025-03-14 20.00.00 b.yaml",
        "  2  2025-03-13 20.00.00 a.yaml",
    ]


def test_one_show_in_lines_for_programs_and_for_tables(shows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(shows, "2025-03-14 20.00.00 b.yaml")
    assert main(["log", "last"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        '20:15:00  go  1 "Ferry"  [Space]',
        "20:16:01  played  Fever  1:01.500",
    ]
    assert main(["log", "1", "--json"]) == 0
    assert [row["what"] for row in json.loads(capsys.readouterr().out)] == ["go", "played"]
    assert main(["log", "1", "--csv"]) == 0
    head, first, _ = capsys.readouterr().out.splitlines()
    assert head.startswith("time,clock,what,number,scene,")
    assert first.startswith("2025-03-14T20:15:00.000+01:00,0.0,go,1,Ferry,")


def test_into_a_file_and_never_over_one(shows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(shows, "2025-03-14 20.00.00 b.yaml")
    assert main(["log", "last", "--csv", "-o", str(tmp_path / "out.csv")]) == 0
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbftime,clock,")
    assert main(["log", "last", "-o", str(tmp_path / "out.csv")]) == 1
    assert capsys.readouterr().err == f"needledrop: {tmp_path / 'out.csv'}: is there already; give another name\n"


@pytest.mark.parametrize("show", ["2", "0", "nowhere.jsonl"])
def test_a_show_that_is_not_there(show: str, shows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(shows, "2025-03-14 20.00.00 b.yaml")
    assert main(["log", show]) == 2
    assert "`needledrop log` lists" in capsys.readouterr().err
