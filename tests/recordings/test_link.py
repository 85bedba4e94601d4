"""`needledrop link`: questions and answers, choices that are kept, and what follows them."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from player import cli
from player.media.relink import moved_folder
from player.recordings import link
from tests.media import corpus

FILM = """\
needledrop: 1
# three songs
songs:
  tide: {title: Low Tide, artist: The Breakwaters, media: old/one/tide.flac}   # the first
  ferry: {title: Ferry, artist: The Breakwaters, media: {file: old/two/ferry.flac, gain: -2 dB}}
  curfew:
    title: Curfew
    artist: The Breakwaters
    media:
      - old/curfew.flac      # gone
      - {file: old/curfew.mp3}
  harbor: {title: Harbor, artist: The Breakwaters}
scenes:
  - {id: one, title: One, cues: [song: tide, song: ferry, song: curfew, song: harbor]}
"""


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film whose recordings were moved from `old` to `music`, and an empty library."""
    monkeypatch.setenv("NEEDLEDROP_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    for name in ("one/tide.flac", "two/ferry.flac", "curfew.mp3", "harbor a.flac", "harbor b.flac"):
        album = {"album": name} if "harbor" in name else {}
        corpus.write(tmp_path / "music" / name, title=name[4:7], artist="x", **album)
    path = tmp_path / "film.yaml"
    path.write_text(FILM)
    return path


def add_harbors(folder: Path) -> None:
    for name in "ab":
        corpus.write(folder / f"harbor {name}.flac", title="Harbor", artist="Breakwaters", album=name)
    assert cli.main(["library", "add", str(folder)]) == 0


def why(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    capsys.readouterr()
    cli.main(["link", "film.yaml", "--json"])
    return {each["song"]: each["why"] for each in json.loads(capsys.readouterr().out)}


def test_it_says_what_each_song_plays(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["link", "film.yaml"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == (
        "tide: The Breakwaters – Low Tide: old/one/tide.flac is missing; there is no stand-in"
    )


def test_relinking_one_brings_its_siblings_and_leaves_the_file_alone(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["link", "film.yaml", "tide", "music/one/tide.flac"]) == 0
    said = capsys.readouterr().out
    assert f"ferry: follows, {film.parent / 'music' / 'two' / 'ferry.flac'}" in said
    assert why(capsys) == {
        "tide": "old/one/tide.flac is missing; tide.flac plays, as you chose",
        "ferry": "old/two/ferry.flac is missing; ferry.flac plays, as you chose",
        "curfew": "old/curfew.flac is missing; old/curfew.mp3 is missing; curfew.mp3 plays, as you chose",
        "harbor": "no recording is named; there is no stand-in",
    }
    assert film.read_text() == FILM


def test_in_the_file_only_the_paths_change(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["link", "film.yaml", "tide", "music/one/tide.flac", "--in-file"]) == 0
    expected = FILM.replace("old/one", "music/one").replace("old/two", "music/two")
    assert film.read_text() == expected.replace("old/curfew.mp3", "music/curfew.mp3")
    assert why(capsys)["tide"] == "music/one/tide.flac plays"


def test_in_the_file_another_recording_goes_before_the_others(film: Path) -> None:
    chosen = {"harbor": "music/harbor a.flac", "tide": "music/curfew.mp3", "curfew": "music/one/tide.flac"}
    for song, path in chosen.items():
        assert cli.main(["link", "film.yaml", song, path, "--in-file"]) == 0
    said = film.read_text()
    assert "harbor: {title: Harbor, artist: The Breakwaters, media: music/harbor a.flac}" in said
    assert "media: [music/curfew.mp3, old/one/tide.flac]" in said
    assert "      - music/one/tide.flac\n      - old/curfew.flac      # gone\n" in said.replace('"', "")


def test_none_and_forget(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    harbors = film.parent / "harbors"
    add_harbors(harbors)
    assert cli.main(["link", "film.yaml", "harbor", "harbors/harbor a.flac"]) == 0
    assert why(capsys)["harbor"] == "harbor a.flac plays, as you chose"
    cli.main(["link", "film.yaml", "harbor", "--none"])
    assert why(capsys)["harbor"] == "you chose no recording; there is no stand-in"
    cli.main(["link", "film.yaml", "harbor", "--forget"])
    assert why(capsys)["harbor"].startswith("your library has 2 recordings that fit it")


def test_a_choice_survives_a_song_that_moves_with_its_film(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["link", "film.yaml", "harbor", "music/harbor a.flac"])
    shutil.move(film, film.parent / "renamed.yaml")
    cli.main(["link", "renamed.yaml"])
    assert "harbor a.flac plays, as you chose in another timeline" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["nowhere"], "there is no such file"),
        (["film.yaml", "nobody"], 'no song has the id "nobody"'),
        (["film.yaml", "tide", "nowhere.flac"], "is missing"),
        (["film.yaml", "tide", "film.yaml"], "is not audio we can read"),
        (["film.yaml", "--none"], "needs the id of a song"),
        (["film.yaml", "tide", "--none", "--in-file"], "leave out --in-file"),
    ],
)
@pytest.mark.usefixtures("film")
def test_what_cannot_be_is_one_line(call: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["link", *call]) in (1, 2)
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_a_choice_that_nobody_would_hear_is_refused(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree("music", "old")
    assert cli.main(["link", "film.yaml", "tide", "music/curfew.mp3"]) == 1
    words = "tide plays what the file names (old/one/tide.flac plays); only the file can put another one before it"
    assert f"{words} (--in-file)\n" in capsys.readouterr().err


# ---- questions and answers


def talk(film: Path, answers: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    monkeypatch.setattr(link, "_asks", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    capsys.readouterr()
    assert cli.main(["link", film.name]) == 0
    return capsys.readouterr().out.splitlines()


def test_each_open_song_is_asked_for_and_siblings_are_not(
    film: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_harbors(film.parent / "harbors")
    said = talk(film, "music/one/tide.flac\n2\n", monkeypatch, capsys)
    assert [line for line in said if " of 4: " in line] == [
        "1 of 4: The Breakwaters – Low Tide [tide]",
        "4 of 4: The Breakwaters – Harbor [harbor]",
    ]
    assert said[-1] == "  harbor b.flac plays, as you chose"


def test_words_are_searched_for_and_what_is_wrong_is_asked_again(
    film: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_harbors(film.parent / "harbors")
    said = talk(film, "./nowhere.flac\nno such words\nharbor\n1\nq\n", monkeypatch, capsys)
    assert "  nothing found" in said
    assert "  old/one/tide.flac is missing; harbor a.flac plays, as you chose" in said
    assert [line for line in said if " of 4: " in line][-1] == "2 of 4: The Breakwaters – Ferry [ferry]"


def test_enter_leaves_a_song_and_n_means_none(
    film: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_harbors(film.parent / "harbors")
    talk(film, "\n\n\nn\n", monkeypatch, capsys)
    assert why(capsys)["harbor"] == "you chose no recording; there is no stand-in"
    assert "you chose" not in why(capsys)["tide"]


@pytest.mark.parametrize(
    ("was", "now", "folders"),
    [
        ("/a/music/one/x.flac", "/b/one/x.flac", ("/a/music", "/b")),
        ("/a/x.flac", "/b/c/x.flac", ("/a", "/b/c")),
        ("/a/x.flac", "/b/y.flac", None),
    ],
)
def test_which_folder_was_moved(was: str, now: str, folders: tuple[str, str] | None) -> None:
    assert moved_folder(was, now) == folders
