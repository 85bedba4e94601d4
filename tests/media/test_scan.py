"""Folders looked through in a process of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from player.media import table
from player.media.catalogue import Scanned, open_library
from player.media.scan import Ended, Scan
from tests.media import corpus


def over(folders: Sequence[str], library: Path) -> Ended:
    """What a scan comes to."""
    with contextlib.closing(Scan(folders, library)) as scan:
        for _ in range(100):
            for news in scan.poll(0.5):
                if isinstance(news, Ended):
                    return news
    raise AssertionError("it never ended")


def test_folders_are_looked_through_and_again(tmp_path: Path) -> None:
    corpus.write(tmp_path / "music" / "one.flac", title="Low Tide", artist="The Breakwaters")
    (tmp_path / "music" / "two.mp3").write_bytes(b"nothing that plays")
    library, music = tmp_path / "library.sqlite", str(tmp_path / "music")
    assert over([music], library) == Ended(Scanned(2, 2, 0, 1))
    corpus.write(tmp_path / "music" / "three.ogg", title="Ferry")
    assert over([], library) == Ended(Scanned(3, 1, 0, 0))
    with contextlib.closing(open_library(library)) as found:
        assert [each.title for each in found.search("tide")] == ["Low Tide"]


def test_one_scan_at_a_time_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    with table.held(tmp_path / "library.scan"):
        ended = over([str(tmp_path / "music")], tmp_path / "library.sqlite")
    assert ended == Ended(None, "another scan of the library is under way; try again when it is done")


def test_a_scan_that_is_closed_leaves_nothing_locked(tmp_path: Path) -> None:
    corpus.write(tmp_path / "music" / "one.flac", title="Low Tide")
    Scan([str(tmp_path / "music")], tmp_path / "library.sqlite").close()
    assert over([str(tmp_path / "music")], tmp_path / "library.sqlite").done is not None


def test_a_scan_that_dies_is_told(tmp_path: Path) -> None:
    scan = Scan([str(tmp_path)], tmp_path / "no folder" / "\0" / "library.sqlite")
    with contextlib.closing(scan):
        news = next(filter(None, (scan.poll(0.5) for _ in range(100))))
    assert news == (Ended(None, "the scan of the library broke off; what was read until then is kept"),)
