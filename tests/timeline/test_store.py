"""Files that give a text, and those that give none: one line each, and never a traceback."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from timeline import store
from timeline.store import Unreadable, load

FILM = """needledrop: 1
songs:
  a: {title: A, media: music/a.wav}
scenes: [{id: x, title: X, cues: [{song: a}]}]
"""


def why(path: Path) -> str:
    """The one line that is told of a file which cannot be read."""
    with pytest.raises(Unreadable) as caught:
        load(path)
    said = str(caught.value)
    assert said.startswith(f"{path}: ")
    assert "\n" not in said
    assert caught.value.path == path
    return caught.value.why


def test_a_file_is_read_with_what_lies_beside_it(tmp_path: Path) -> None:
    film = tmp_path / "film.yaml"
    film.write_text(FILM, encoding="utf-8")
    assert [problem.message for problem in load(film).problems] == ["music/a.wav is not there: silence plays"]
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "a.wav").touch()
    reading = load(film)
    assert reading.problems == ()
    assert reading.base == tmp_path
    assert reading.source.name == str(film)


def test_paths_are_those_of_the_files_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shows" / "music").mkdir(parents=True)
    (tmp_path / "shows" / "music" / "a.wav").touch()
    (tmp_path / "shows" / "film.yaml").write_text(FILM, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    reading = load("shows/film.yaml")
    assert reading.problems == ()
    assert reading.source.name == "shows/film.yaml"


def test_a_path_that_no_system_can_have_is_just_not_there(tmp_path: Path) -> None:
    film = tmp_path / "film.yaml"
    film.write_text(FILM.replace("music/a.wav", "a" * 5000), encoding="utf-8")
    assert [problem.code for problem in load(film).problems] == ["missing-media"]


def test_no_such_file(tmp_path: Path) -> None:
    assert why(tmp_path / "film.yaml") == "there is no such file"


def test_a_folder(tmp_path: Path) -> None:
    assert why(tmp_path) == "this is a folder; name a file in it"


def test_latin_1_is_told_with_the_letter(tmp_path: Path) -> None:
    film = tmp_path / "film.yaml"
    film.write_bytes("needledrop: 1\nfilm: {title: Étude}\n".encode("latin-1"))
    assert why(film) == 'not UTF-8: byte 0xC9, "É" in Windows-1252, at line 2, byte 15; save the file as UTF-8'


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(tmp_path: Path, encoding: str) -> None:
    film = tmp_path / "film.yaml"
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    film.write_bytes(mark + "needledrop: 1\n".encode(encoding))
    assert why(film) == "this is UTF-16; save it as UTF-8"


def test_a_binary(tmp_path: Path) -> None:
    film = tmp_path / "film.yaml"
    film.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert why(film) == "this is not a text file"


def test_a_binary_that_happens_to_be_utf_8_is_read_and_refused(tmp_path: Path) -> None:
    film = tmp_path / "film.yaml"
    film.write_bytes(b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0")
    problems = load(film).problems
    assert problems
    assert {problem.code for problem in problems} == {"control-character"}


def test_an_empty_file(tmp_path: Path) -> None:
    film = tmp_path / "film.yaml"
    film.touch()
    assert [problem.code for problem in load(film).problems] == ["empty"]


def test_a_file_over_64_mib(tmp_path: Path) -> None:
    film = tmp_path / "film.yaml"
    with film.open("wb") as stream:
        stream.truncate(64 * 1024 * 1024 + 1)
    assert why(film) == "larger than 64 MiB, which no timeline is"


def test_a_file_of_just_the_size_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = tmp_path / "film.yaml"
    film.write_text("needledrop: 1\n", encoding="utf-8")
    monkeypatch.setattr(store, "LARGEST", 14)
    assert load(film).problems == ()
    monkeypatch.setattr(store, "LARGEST", 13)
    why(film)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = tmp_path / "film.yaml"
    film.touch()

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "open", refuse)
    assert why(film) == "cannot be read (Permission denied)"


def test_reading_changes_nothing(tmp_path: Path) -> None:
    film = tmp_path / "film.yaml"
    raw = b"\xef\xbb\xbfneedledrop: 1\r\nfilm: {title: \tT, yeer: 1}   # no last line break"
    film.write_bytes(raw)
    before = film.stat().st_mtime_ns
    assert not load(film).ok
    assert (film.read_bytes(), film.stat().st_mtime_ns) == (raw, before)
    assert list(tmp_path.iterdir()) == [film]
