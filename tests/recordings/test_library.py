"""`needledrop library`: what it says, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from player import cli
from tests.media import corpus


@pytest.fixture
def music(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two recordings, and a person whose library is empty."""
    monkeypatch.setenv("NEEDLEDROP_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    corpus.write(tmp_path / "music" / "a.mp3", 1.0, title="Low Tide", artist="The Breakwaters", date="1974")
    (tmp_path / "music" / "b.flac").write_bytes(b"fLaC but no more")
    return tmp_path / "music"


def test_from_an_empty_library_to_a_found_song(music: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["library", "status"]) == 0
    assert cli.main(["library", "add", "music"]) == 0
    assert cli.main(["library", "add"]) == 0
    assert cli.main(["library", "search", "LOW", "breakwaters"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "the library is empty: needledrop library add DIR",
        "2 recordings: 2 new or changed, 1 of them cannot be read (`needledrop library status` lists them)",
        "2 recordings: 0 new or changed",
        f"The Breakwaters – Low Tide  (1974, 0:01)  {music / 'a.mp3'}",
    ]


def test_for_programs(music: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["library", "add", "music", "--json"])
    assert json.loads(capsys.readouterr().out) == {"files": 2, "read": 2, "removed": 0, "damaged": 1, "troubles": []}
    cli.main(["library", "list", "--json"])
    first, second = json.loads(capsys.readouterr().out)
    assert (first["title"], first["year"], first["trouble"]) == ("Low Tide", 1974, None)
    assert (second["title"], second["trouble"]) == (None, "is not audio we can read")
    cli.main(["library", "status", "--json"])
    status = json.loads(capsys.readouterr().out)
    assert status["folders"] == [{"path": str(music), "files": 2, "there": True}]
    assert [Path(each["path"]).name for each in status["damaged"]] == ["b.flac"]


def test_a_folder_that_is_away_keeps_its_recordings(music: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["library", "add", "music"])
    music.rename(music.with_name("away"))
    capsys.readouterr()
    assert cli.main(["library", "add"]) == 1
    said = capsys.readouterr()
    assert said.err == f"needledrop: {music} is not there just now; its recordings are kept\n"
    cli.main(["library", "list"])
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert cli.main(["library", "list", "music"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_list_of_nothing_says_so(music: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["library", "list"]) == 0
    assert capsys.readouterr() == ("", "needledrop: the library is empty: needledrop library add DIR\n")
    cli.main(["library", "add", "music"])
    (music.parent / "other").mkdir()
    capsys.readouterr()
    assert cli.main(["library", "list", "other"]) == 0
    line = "needledrop: other: the library holds nothing from there: needledrop library add DIR\n"
    assert capsys.readouterr() == ("", line)
    assert cli.main(["library", "list", "other", "--json"]) == 0
    assert capsys.readouterr() == ("[]\n", "")


def test_to_remove(music: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["library", "add", "music"])
    assert cli.main(["library", "remove", "music"]) == 0
    assert "2 recordings of" in capsys.readouterr().out
    assert cli.main(["library", "remove", "music"]) == 1
    assert (music / "a.mp3").is_file()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (["library"], 2),
        (["library", "dance"], 2),
        (["library", "add"], 2),
        (["library", "add", "nowhere"], 2),
        (["library", "add", "music/a.mp3"], 2),
        (["library", "remove", "nowhere"], 1),
        (["library", "search", "nothing"], 1),
        (["library", "list", "nowhere"], 2),
        (["library", "list", "nowhere", "--json"], 2),
        (["library", "list", "music/a.mp3"], 2),
    ],
)
@pytest.mark.usefixtures("music")
def test_a_call_that_cannot_be_is_one_line(call: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(call) == code
    said = capsys.readouterr().err
    assert said.startswith("needledrop: ")
    assert said.count("\n") == 1
