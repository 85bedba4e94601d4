"""What a person has chosen for songs: kept among their own things, so that a shared timeline names no one's folders."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Final

from msgspec import Struct

from player.media import names, table
from player.media.home import data_folder
from timeline.model import Song

_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE choices (
    timeline BLOB NOT NULL, song TEXT NOT NULL, who TEXT NOT NULL, file BLOB, instead TEXT NOT NULL, made REAL NOT NULL,
    PRIMARY KEY (timeline, song)
) WITHOUT ROWID;
CREATE INDEX choices_who ON choices (who, made);
"""


class Choice(Struct, frozen=True):
    """What a person chose for a song: a file, absolute, or None: no recording.

    `instead`: the file, as the timeline writes it, whose place it takes with its offset and gain; else empty.
    `elsewhere`: it was chosen in another timeline, for the same title and artist.
    """

    file: str | None
    instead: str = ""
    elsewhere: bool = False


class Links:
    """The choices, open; for one thread at a time. Every method may raise TableError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._table = connection

    def choice(self, timeline: str, song: Song) -> Choice | None:
        """What was chosen for a song of the timeline at this path; else for the same song in another one."""
        with table.told(self._path):
            row = self._table.execute(
                "SELECT file, instead FROM choices WHERE timeline = ? AND song = ?", (os.fsencode(timeline), song.id)
            ).fetchone()
            if row is not None:
                return Choice(None if row[0] is None else os.fsdecode(row[0]), row[1])
            who = _who(song)
            row = who and self._table.execute(
                "SELECT file FROM choices WHERE who = ? AND file IS NOT NULL ORDER BY made DESC LIMIT 1", (who,)
            ).fetchone()
            return Choice(os.fsdecode(row[0]), elsewhere=True) if row else None

    def choose(self, timeline: str, song: Song, file: str | None, instead: str = "") -> None:
        """Keep a choice, in place of an earlier one."""
        raw = None if file is None else os.fsencode(file)
        with table.told(self._path):
            self._table.execute(
                "INSERT OR REPLACE INTO choices VALUES (?, ?, ?, ?, ?, ?)",
                (os.fsencode(timeline), song.id, _who(song), raw, instead, time.time()),
            )

    def forget(self, timeline: str, song: Song) -> bool:
        """Let a song be found by itself again; False where nothing had been chosen."""
        with table.told(self._path):
            gone = self._table.execute(
                "DELETE FROM choices WHERE timeline = ? AND song = ?", (os.fsencode(timeline), song.id)
            ).rowcount
        return gone > 0

    def close(self) -> None:
        """Let go of the file."""
        self._table.close()


def default_path() -> Path:
    """The choices of whoever runs this."""
    return data_folder() / "links.sqlite"


def open_links(path: Path | None = None) -> Links:
    """The choices, made where there are none. Raises TableError."""
    return table.opened(Links, path or default_path(), _SCHEMA, _VERSION)


def look_in(path: Path | None = None) -> Links | None:
    """The choices to be read, None where there are none yet. Raises TableError."""
    return table.looked_in(Links, path or default_path(), _VERSION)


def _who(song: Song) -> str:
    """What makes a song the same in another timeline; empty where nothing does."""
    if song.isrc:
        return song.isrc.replace("-", "").upper()
    title, artists = names.title_of(song.title), names.artists_of(song.artist or "")
    if not artists:
        return ""
    return "|".join((title.full, " ".join(sorted(title.version)), title.detail, *sorted(artists)))
