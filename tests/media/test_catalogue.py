"""The library: what a scan finds, what it leaves alone, and what survives."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from player.devices import tinytag_tags
from player.devices.tags import Tags
from player.media import catalogue as room
from player.media import names
from player.media.catalogue import Busy, Library, Recording, look_in, open_library
from player.media.table import TableError, held
from tests.media import corpus

TAGS = {"title": "Étude #9", "artist": "The Breakwäters", "album": "Tides", "date": "1974", "isrc": "GB-AYE-74-00123"}
ISRC = "GBAYE7400123"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with contextlib.closing(open_library(tmp_path / "own" / "library.sqlite")) as opened:
        yield opened


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """A folder of four recordings, one of them damaged, and a few things that are none."""
    folder = tmp_path / "music"
    corpus.write(folder / "a.mp3", **TAGS)
    corpus.write(folder / "deep" / "b.flac", title="Low Tide", artist="The Breakwäters")
    corpus.write(folder / "c.wav")
    (folder / "d.m4a").write_bytes(b"no music")
    (folder / "notes.txt").write_text("no music")
    (folder / "._a.mp3").write_bytes(b"what a Mac leaves behind")
    return folder


@pytest.mark.parametrize("kind", ["mp3", "flac", "ogg", "opus", "aiff"])
def test_tags_of_every_format_are_read(library: Library, tmp_path: Path, kind: str) -> None:
    path = corpus.write(tmp_path / "music" / f"x.{kind}", 1.0, **TAGS)
    library.add([str(path.parent)])
    (found,) = library.by_isrc(ISRC)
    assert (found.title, found.artist, found.album, found.year) == ("Étude #9", "The Breakwäters", "Tides", 1974)
    assert found.seconds == pytest.approx(1.0, abs=0.1)
    assert found.lossless == (kind in ("flac", "aiff"))


@pytest.mark.parametrize("kind", ["m4a", "wav"])
def test_formats_that_our_maker_gives_no_isrc(library: Library, tmp_path: Path, kind: str) -> None:
    path = corpus.write(tmp_path / "music" / f"x.{kind}", 1.0, **TAGS)
    library.add([str(path.parent)])
    (found,) = library.by_title(names.title_of("Etude No 9"))
    assert (found.title, found.artist, found.album, found.year) == ("Étude #9", "The Breakwäters", "Tides", 1974)
    assert found.seconds == pytest.approx(1.0, abs=0.1)


def test_a_rare_format_is_read_too(library: Library, tmp_path: Path) -> None:
    corpus.write(tmp_path / "music" / "x.mka", 0.5, title="Low Tide", artist="Mara")
    library.add([str(tmp_path / "music")])
    (found,) = library.by_title(names.title_of("Low Tide"))
    assert (found.artist, found.lossless) == ("Mara", True)
    assert found.seconds == pytest.approx(0.5, abs=0.1)


def test_a_scan_finds_what_is_there(library: Library, music: Path) -> None:
    done = library.add([str(music)])
    assert (done.there, done.read, done.removed, done.damaged) == (4, 4, 0, 1)
    assert [os.path.relpath(each.path, music) for each in library.listed()] == [
        "a.mp3",
        "c.wav",
        "d.m4a",
        os.path.join("deep", "b.flac"),
    ]
    (damaged,) = (each for each in library.listed() if each.trouble)
    assert damaged.trouble == "is not audio we can read"


def test_only_what_has_changed_is_read_again(library: Library, music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library.add([str(music)])
    read: list[str] = []

    def reading(path: str) -> Tags:
        read.append(os.path.basename(path))
        return Tags(title="New")

    monkeypatch.setattr(tinytag_tags, "read_tags", reading)
    assert library.add([str(music)]).read == 0
    corpus.write(music / "e.ogg")
    os.utime(music / "a.mp3", ns=(1, 1))
    (music / "c.wav").unlink()
    done = library.add([str(music)])
    assert sorted(read) == ["a.mp3", "e.ogg"]
    assert (done.there, done.read, done.removed) == (4, 2, 1)
    assert {each.title for each in library.listed(str(music / "deep"))} == {"Low Tide"}


def test_what_was_read_stays_when_a_scan_is_stopped(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(10):
        corpus.write(tmp_path / "music" / f"{i}.mp3", title=f"Song {i}")
    real, count = tinytag_tags.read_tags, 0

    def stopped(path: str) -> Tags:
        nonlocal count
        count += 1
        if count == 5:
            raise KeyboardInterrupt
        return real(path)

    monkeypatch.setattr(tinytag_tags, "read_tags", stopped)
    with pytest.raises(KeyboardInterrupt):
        library.add([str(tmp_path / "music")])
    assert len(list(library.listed())) == 4
    assert library.add([str(tmp_path / "music")]).read == 6


def test_a_scan_that_nobody_wants_any_more_ends(library: Library, music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "BATCH", -1.0)
    done = library.add([str(music)], unwanted=lambda: True)
    assert (done.stopped, done.read) == (True, 1)


def test_progress_counts_first_and_then_reads(library: Library, music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "BATCH", -1.0)
    monkeypatch.setattr(room, "COUNTED", 2)
    told: list[tuple[int, int]] = []
    library.add([str(music)], lambda done, of: told.append((done, of)))
    assert told == [(2, 0), (4, 0), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_folder_that_turned_empty_keeps_what_was_there(library: Library, music: Path) -> None:
    library.add([str(music)])
    shutil.move(music, music.with_name("elsewhere"))
    music.mkdir()
    done = library.add([str(music)])
    assert done.removed == 0
    assert done.unreadable == (f"{music} holds no recordings now; what was there is kept",)
    assert library.status().files == 4


def test_a_link_in_a_ring_is_followed_once(library: Library, music: Path) -> None:
    (music / "deep" / "up").symlink_to(music)
    assert library.add([str(music)]).there == 4


def test_names_that_are_no_text(library: Library, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("other systems have no such names")
    path = corpus.write(tmp_path / "music" / "x.flac", title="Low Tide")
    odd = os.fsdecode(os.fsencode(tmp_path / "music") + b"/\xff\xfe.flac")
    shutil.copy(path, odd)
    library.add([str(tmp_path / "music")])
    assert {each.path for each in library.by_title(names.title_of("low tide"))} == {str(path), odd}


def test_search_finds_words_anywhere(library: Library, music: Path) -> None:
    library.add([str(music)])

    def found(words: str) -> list[str]:
        return [os.path.basename(each.path) for each in library.search(words)]

    assert found("etude breakwaters") == ["a.mp3"]
    assert found("BREAKWÄTERS") == ["a.mp3", "b.flac"]
    assert found("gb-aye-74-00123") == ["a.mp3"]
    assert found("100%") == found("") == []


def test_to_remove_forgets_a_folder_and_touches_no_file(library: Library, music: Path) -> None:
    library.add([str(music)])
    assert library.remove(str(music / "deep")) == 1
    assert library.remove(str(music)) == 3
    assert library.status().roots == ()
    assert (music / "a.mp3").is_file()


def test_a_folder_with_a_longer_name_is_another_one(library: Library, music: Path) -> None:
    corpus.write(music.with_name("music-2") / "z.mp3")
    library.add([str(music), str(music.with_name("music-2"))])
    assert library.remove(str(music)) == 4
    assert [os.path.basename(each.path) for each in library.listed()] == ["z.mp3"]


def test_one_scan_at_a_time(library: Library, music: Path) -> None:
    with held(library.path.with_suffix(".scan")) as got:
        assert got
        with pytest.raises(Busy, match="another scan"):
            library.add([str(music)])
    assert library.add([str(music)]).read == 4


def test_reading_goes_on_while_somebody_writes(library: Library, music: Path) -> None:
    library.add([str(music)])
    with contextlib.closing(sqlite3.connect(library.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM files")
        reading = look_in(library.path)
        assert reading is not None
        with contextlib.closing(reading):
            assert len(list(reading.listed())) == 4


def _scan_until_killed(path: Path, music: Path) -> None:
    room.BATCH = -1.0  # type: ignore[misc]

    def kill(done: int, of: int) -> None:
        if done == 2 and of:
            os.kill(os.getpid(), signal.SIGKILL)

    open_library(path).add([str(music)], kill)


@pytest.mark.skipif(sys.platform == "win32", reason="nothing kills so there")
def test_a_scan_that_is_killed_leaves_what_it_had_and_nothing_locked(tmp_path: Path, music: Path) -> None:
    path = tmp_path / "library.sqlite"
    child = multiprocessing.get_context("spawn").Process(target=_scan_until_killed, args=(path, music))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    with contextlib.closing(open_library(path)) as library:
        assert len(list(library.listed())) == 2
        assert library.add([str(music)]).read == 2


def test_a_library_that_is_no_library_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"no database at all, " * 100)
    for opening in (open_library, look_in):
        with pytest.raises(TableError, match=r"library\.sqlite cannot be used"):
            opening(path)


def test_without_a_library_there_is_nothing_to_look_in(tmp_path: Path) -> None:
    assert look_in(tmp_path / "library.sqlite") is None


def test_a_recording_is_called_by_its_tags_else_by_its_file() -> None:
    bare = Recording("/m/low-tide.flac", 1, "", "", "", "", 0, "", 1.0, lossless=True)
    assert bare.name == "low-tide"
