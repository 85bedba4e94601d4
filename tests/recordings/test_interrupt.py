"""Ctrl-C in the middle of a long scan, of the real program."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bad_input import conftest as machine
from tests.bad_input.program import Person, until
from tests.media import corpus

MANY = 20_000  # links to one recording: more than anybody reads before a test can say stop


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    with machine._person(tmp_path / "cache") as someone:
        yield someone


def kept(person: Person) -> int:
    """How many recordings the library holds."""
    path = person.home / ".local" / "share" / "needledrop" / "library.sqlite"
    if not path.exists():
        return 0
    with contextlib.closing(sqlite3.connect(path)) as table, contextlib.suppress(sqlite3.OperationalError):
        return int(table.execute("SELECT count(*) FROM files").fetchone()[0])
    return 0


@pytest.mark.skipif(sys.platform != "linux", reason="the data folder is elsewhere there")
def test_what_was_read_is_kept_and_said_so(person: Person, tmp_path: Path) -> None:
    music = tmp_path / "music"
    one = corpus.write(music / "one.mp3", title="One")
    for number in range(MANY):
        os.link(one, music / f"{number}.mp3")
    with person.start("library", "add", music) as scan:
        until(lambda: kept(person), "a first part of the scan")
        scan.interrupt()
        ran = scan.end()
    assert ran.code == 130
    assert ran.complaints == [
        "needledrop: what was read until now is kept; the same command goes on from there",
        "needledrop: interrupted",
    ]
    assert 0 < kept(person) < MANY
