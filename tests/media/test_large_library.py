"""A library of twenty thousand recordings in five formats; with `--long` only, and in time of the processor alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from player.media.catalogue import open_library
from player.media.names import title_of
from tests.media import corpus

FILES = 20_000
KINDS = ("mp3", "flac", "opus", "m4a", "aiff")
KEYS = ("title", "artist", "album", "date", "isrc")

pytestmark = pytest.mark.skipif(os.environ.get("NEEDLEDROP_LONG") != "1", reason="takes a minute: --long")


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Copies of a hundred recordings, each with tags of its own."""
    folder = tmp_path_factory.mktemp("music")
    made = [
        corpus.write(folder / "first" / f"{i}.{KINDS[i % 5]}", title=f"Song {i}", artist=f"Band {i % 17}", date="1974")
        for i in range(100)
    ]
    for number in range(FILES // len(made) - 1):
        (folder / f"album {number}").mkdir()
        for file in made:
            shutil.copy(file, folder / f"album {number}" / file.name)
    return sorted(folder.rglob("*.*"))


def worked(work: Callable[[], object]) -> float:
    """Seconds of the processor that some work takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def test_a_scan_takes_no_more_than_twice_what_mutagen_takes_and_again_under_two_seconds(
    music: list[Path], tmp_path: Path
) -> None:
    mutagen = pytest.importorskip("mutagen")
    folder = str(music[0].parent.parent)

    def theirs() -> None:
        for path in music:
            found = mutagen.File(path, easy=True)
            for key in KEYS:
                with contextlib.suppress(KeyError, ValueError):
                    (found.tags or {}).get(key)
            _ = found.info.length

    with contextlib.closing(open_library(tmp_path / "library.sqlite")) as library:
        ours = worked(lambda: library.add([folder]))
        assert ours <= 2 * worked(theirs)
        assert library.status().files == FILES
        assert worked(lambda: library.add([folder])) < 2.0
        assert library.add([folder]).read == 0
        assert len(library.by_title(title_of("Song 42"))) == FILES // 100
