"""`needledrop collect`: what lands in the folder or archive, and that it plays there."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
import soundfile

from player import cli
from player.opening import find_songs, read_plan
from player.recordings import collect
from tests.media import corpus

FILM = """\
needledrop: 1
film: {title: Night, video: night.mkv}
songs:
  tide: {title: Low Tide, media: audio/tide.flac}      # stays where it is
  ferry:
    title: Ferry
    media:
      - old/ferry.flac
      - {file: ../elsewhere/ferry.flac, gain: -2 dB}   # comes along
  curfew: {title: Curfew, artist: Mara, media: gone.flac}
  harbor: {title: Harbor, artist: Mara, stand-in: stand-ins/harbor.mid}
  twice: {title: Twice, media: ../other/ferry.flac, sheet: words.txt}
scenes:
  - {id: one, title: One, picture: ../stills/ferry.jpg, cues: [song: tide, song: ferry, song: curfew]}
  - {id: two, title: Two, cues: [song: harbor, song: twice]}
"""


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film with recordings in four folders, one of them the person's library."""
    monkeypatch.setenv("NEEDLEDROP_DATA", str(tmp_path / "data"))
    home = tmp_path / "home"
    corpus.write(home / "audio" / "tide.flac", 0.2)
    corpus.write(tmp_path / "elsewhere" / "ferry.flac", 0.3)
    corpus.write(tmp_path / "other" / "ferry.flac", 0.4)
    corpus.write(tmp_path / "library" / "c?rfew.mp3", 0.5, title="Curfew", artist="Mara")
    (home / "stand-ins").mkdir()
    (home / "stand-ins" / "harbor.mid").write_bytes(b"no MIDI, and nobody asks")
    corpus.write(home / "stand-ins" / "harbor.ogg", 0.6)
    (tmp_path / "stills").mkdir()
    (tmp_path / "stills" / "ferry.jpg").write_bytes(b"a picture")
    (home / "words.txt").write_text("words")
    (home / "night.mkv").write_bytes(b"a film")
    (home / "film.yaml").write_text(FILM)
    assert cli.main(["library", "add", str(tmp_path / "library")]) == 0
    monkeypatch.chdir(home)
    return home / "film.yaml"


PLACES = [
    "audio/tide.flac",
    "film.yaml",
    "media/c_rfew.mp3",
    "media/ferry 2.flac",
    "media/ferry.flac",
    "media/ferry.jpg",
    "night.mkv",
    "stand-ins/harbor.mid",
    "stand-ins/harbor.ogg",
    "words.txt",
]


def places(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_folder_holds_all_and_plays_elsewhere(film: Path, tmp_path: Path) -> None:
    assert cli.main(["collect", "film.yaml", "../out"]) == 0
    assert film.read_text() == FILM
    assert places(tmp_path / "out") == PLACES
    moved = tmp_path / "moved" / "there"
    moved.parent.mkdir()
    shutil.move(tmp_path / "out", moved)
    for name in ("home", "elsewhere", "other", "library", "data"):
        shutil.move(tmp_path / name, tmp_path / f"{name} away")
    plan = find_songs(read_plan(moved / "film.yaml"), moved)
    paths = {key: Path(song.spec.path) for key, song in plan.songs.items() if song.spec.path}
    plays = {key: path.relative_to(moved).as_posix() for key, path in paths.items()}
    assert plays["tide"] == "audio/tide.flac"
    assert plays["ferry"] == "media/ferry.flac"
    assert plays["curfew"] == "media/c_rfew.mp3"
    assert plays["twice"] == "media/ferry 2.flac"
    assert plan.songs["ferry"].spec.gain_db == -2.0
    assert soundfile.info(plan.songs["ferry"].spec.path).frames == 4_800
    assert not [problem for problem in plan.problems if problem.severity == "warning" and "portab" in problem.code]


def test_only_paths_change_in_the_timeline(film: Path, tmp_path: Path) -> None:
    cli.main(["collect", "film.yaml", "../out", "--no-video"])
    written = (tmp_path / "out" / "film.yaml").read_text()
    expected = (
        FILM.replace("../elsewhere/", "media/")
        .replace("../other/ferry.flac", "media/ferry 2.flac")
        .replace("../stills/", "media/")
        .replace("media: gone.flac", "media: [media/c_rfew.mp3, gone.flac]")
    )
    assert written == expected
    assert not (tmp_path / "out" / "night.mkv").exists()


def test_an_archive_holds_the_same(film: Path, tmp_path: Path) -> None:
    assert cli.main(["collect", "film.yaml", "../out.zip"]) == 0
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == PLACES
        archive.extractall(tmp_path / "out")
    assert (tmp_path / "out" / "audio" / "tide.flac").read_bytes() == (film.parent / "audio" / "tide.flac").read_bytes()


def test_what_is_missing_is_told_and_the_rest_comes(
    film: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (film.parent / "audio" / "tide.flac").unlink()
    assert cli.main(["collect", "film.yaml", "../out"]) == 1
    assert capsys.readouterr().err == "needledrop: audio/tide.flac is missing, and not in ../out\n"
    assert len(places(tmp_path / "out")) == len(PLACES) - 1


def test_nothing_stays_of_a_collection_that_was_stopped(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(collect, "_copy", stopped)
    for out in ("../out", "../out.zip"):
        with pytest.raises(KeyboardInterrupt):
            cli.main(["collect", "film.yaml", out])
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["nowhere.yaml", "../out"], "there is no such file"),
        (["film.yaml", "."], "not an empty folder"),
        (["film.yaml", "film.yaml"], "not an empty folder"),
        (["broken.yaml", "../out"], "has errors"),
    ],
)
def test_what_cannot_be_is_one_line(
    film: Path, call: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (film.parent / "broken.yaml").write_text(FILM.replace("song: tide", "song: tied"))
    assert cli.main(["collect", *call]) in (1, 2)
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_an_empty_folder_will_do(film: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert cli.main(["collect", "film.yaml", "../out"]) == 0
    assert places(tmp_path / "out") == PLACES
