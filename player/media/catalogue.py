"""The person's library: which recordings lie in their folders, and what is written into them."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import stat
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from player.devices.tags import ENDINGS, Tags
from player.errors import AudioFileError, NeedledropError
from player.media import names, table
from player.media.home import data_folder

Progress = Callable[[int, int], None]  # so many files are done, of so many

BATCH: Final = 0.5  # seconds of reading that at most are lost when a process dies
COUNTED: Final = 500  # files between two tellings that they are being counted
_VERSION: Final = 100 * 1 + names.RULES
_SCHEMA: Final = """
DROP TABLE IF EXISTS files;
CREATE TABLE IF NOT EXISTS roots (path BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE files (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, trouble TEXT NOT NULL,
    title TEXT NOT NULL, artist TEXT NOT NULL, album TEXT NOT NULL, year INTEGER NOT NULL, isrc TEXT NOT NULL,
    seconds REAL NOT NULL, lossless INTEGER NOT NULL,
    base TEXT NOT NULL, full TEXT NOT NULL, words TEXT NOT NULL
);
CREATE INDEX files_isrc ON files (isrc) WHERE isrc != '';
CREATE INDEX files_base ON files (base);
CREATE INDEX files_full ON files (full);
"""
_HIDDEN: Final = re.compile(r"\.[^. ]|@eaDir$")  # folders of systems; "...And So On" is an album
_COLUMNS: Final = "path, size, trouble, title, artist, album, year, isrc, seconds, lossless"


class Recording(Struct, frozen=True):
    """A file of the library. `trouble`: why its tags could not be read, as a clause; else empty."""

    path: str
    size: int
    trouble: str
    title: str
    artist: str
    album: str
    year: int
    isrc: str
    seconds: float
    lossless: bool

    @property
    def name(self) -> str:
        """What to call it in a line."""
        title = self.title or Path(self.path).stem
        return f"{self.artist} – {title}" if self.artist else title


class Scanned(Struct, frozen=True):
    """What a scan came to, in files. `stopped`: it was not finished."""

    there: int
    read: int
    removed: int
    damaged: int
    stopped: bool = False
    unreadable: tuple[str, ...] = ()  # folders, with the reason


class Root(Struct, frozen=True):
    """A folder that was added; `there` tells whether it can be found just now."""

    path: str
    files: int
    there: bool


class Status(Struct, frozen=True):
    """The library in figures."""

    path: Path
    roots: tuple[Root, ...]
    files: int
    damaged: int
    seconds: float
    bytes: int


class Busy(NeedledropError):
    """Another scan is under way."""


def default_path() -> Path:
    """The library of whoever runs this."""
    return data_folder() / "library.sqlite"


class Library:
    """An open library; for one thread at a time. Every method may raise TableError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._table = connection

    # -- what is in it

    def by_isrc(self, isrc: str) -> tuple[Recording, ...]:
        """The recordings that carry this ISRC, written without hyphens."""
        return self._select("isrc = ? AND isrc != ''", (isrc,))

    def by_title(self, title: names.Title) -> tuple[Recording, ...]:
        """The recordings whose title, or name where they have none, may be this one."""
        keys = tuple({title.base, title.full})
        marks = ", ".join("?" * len(keys))
        return self._select(f"(base IN ({marks}) OR full IN ({marks})) AND trouble = ''", keys + keys)

    def search(self, words: str, most: int = -1) -> tuple[Recording, ...]:
        """The recordings in whose title, artist, album or path all the words are found, or that have this ISRC.

        most: no more than so many of them; below 0: all.
        """
        found = tuple(f"%{_literal(word)}%" for word in names.folded(words).split())
        if not found:
            return ()
        every = " AND ".join(["words LIKE ? ESCAPE '\\'"] * len(found))
        return self._select(f"({every}) OR isrc = ?", (*found, words.replace("-", "").upper()), most)

    def listed(self, root: str | None = None) -> Iterator[Recording]:
        """All recordings, or those in one folder, by path."""
        where, values = ("1", ()) if root is None else _under(root)
        with table.told(self.path):
            for row in self._table.execute(f"SELECT {_COLUMNS} FROM files WHERE {where} ORDER BY path", values):
                yield _recording(row)

    def get(self, path: str) -> Recording | None:
        """The recording at this path."""
        return next(iter(self._select("path = ?", (os.fsencode(path),))), None)

    def status(self) -> Status:
        """What there is."""
        with table.told(self.path):
            roots = tuple(
                Root(os.fsdecode(path), self._count(os.fsdecode(path)), os.path.isdir(os.fsdecode(path)))
                for (path,) in self._table.execute("SELECT path FROM roots ORDER BY path").fetchall()
            )
            files, damaged, seconds, size = self._table.execute(
                "SELECT count(*), count(nullif(trouble, '')), total(seconds), total(size) FROM files"
            ).fetchone()
        return Status(self.path, roots, files, damaged, seconds, int(size))

    # -- what changes it

    def add(
        self, folders: Iterable[str], progress: Progress | None = None, unwanted: Callable[[], bool] = lambda: False
    ) -> Scanned:
        """Look through folders, absolute, and remember them; only what is new or has changed is read.

        Whatever ends it early (Ctrl-C, `unwanted`) leaves what was read until then, and the next scan goes on from
        there. `progress` is told of 0 files while they are still being counted. Raises Busy.
        """
        with table.told(self.path), table.held(self.path.with_suffix(".scan")) as alone:
            if not alone:
                raise Busy("another scan of the library", "is under way; try again when it is done")
            folders = list(folders)
            with table.writing(self._table):
                self._table.executemany(
                    "INSERT OR IGNORE INTO roots VALUES (?)", [(os.fsencode(folder),) for folder in folders]
                )
            return self._scan(folders, progress or (lambda done, of: None), unwanted)

    def again(
        self, progress: Progress | None = None, unwanted: Callable[[], bool] = lambda: False
    ) -> Scanned:
        """Look through all folders that were added and can be found just now. Raises Busy."""
        return self.add([root.path for root in self.status().roots if root.there], progress, unwanted)

    def remove(self, path: str) -> int:
        """Forget a folder or a file, and what was read there; returns how many files that were. No file is touched."""
        where, values = _under(path)
        with table.told(self.path), table.writing(self._table):
            gone = self._table.execute(f"DELETE FROM files WHERE {where}", values).rowcount
            self._table.execute(f"DELETE FROM roots WHERE {where}", values)
        return gone

    def close(self) -> None:
        """Let go of the file."""
        self._table.close()

    # -- scanning

    def _scan(self, folders: list[str], progress: Progress, unwanted: Callable[[], bool]) -> Scanned:
        from player.devices.tinytag_tags import read_tags  # noqa: PLC0415  (looking needs no reader of tags)

        unreadable: list[str] = []
        there: dict[bytes, tuple[int, int]] = {}
        lost: list[bytes] = []
        fresh: list[bytes] = []
        for folder in folders:
            found = _found(folder, unreadable, lambda here: progress(len(there) + here, 0))
            known = {path: (size, modified) for path, size, modified in self._known(folder)}
            fresh += [path for path, seen in found.items() if known.get(path) != seen and path not in there]
            there.update(found)
            if known and not found:  # a drive that is not there leaves an empty folder behind
                unreadable.append(f"{folder} holds no recordings now; what was there is kept")
            elif not unreadable:  # what cannot be read just now may hold what it held
                lost += [path for path in known if path not in found]
        read = damaged = 0
        for batch in _batches(fresh, there, read_tags):
            with table.writing(self._table):
                self._table.executemany(_INSERT, batch)
            read += len(batch)
            damaged += sum(bool(row[3]) for row in batch)
            progress(len(there) - len(fresh) + read, len(there))
            if unwanted():
                return Scanned(len(there), read, 0, damaged, stopped=True, unreadable=tuple(unreadable))
        with table.writing(self._table):
            self._table.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in lost])
        return Scanned(len(there), read, len(lost), damaged, unreadable=tuple(unreadable))

    def _known(self, folder: str) -> list[tuple[bytes, int, int]]:
        where, values = _under(folder)
        return self._table.execute(f"SELECT path, size, modified FROM files WHERE {where}", values).fetchall()

    def _count(self, folder: str) -> int:
        where, values = _under(folder)
        return int(self._table.execute(f"SELECT count(*) FROM files WHERE {where}", values).fetchone()[0])

    def _select(self, where: str, values: tuple[str | bytes, ...], most: int = -1) -> tuple[Recording, ...]:
        with table.told(self.path):
            rows = self._table.execute(
                f"SELECT {_COLUMNS} FROM files WHERE {where} ORDER BY path LIMIT ?", (*values, most)
            )
            return tuple(_recording(row) for row in rows)


def open_library(path: Path | None = None) -> Library:
    """The library, made where there is none. Raises TableError."""
    return table.opened(Library, path or default_path(), _SCHEMA, _VERSION)


def look_in(path: Path | None = None) -> Library | None:
    """The library to be read, None where there is none yet. Raises TableError."""
    return table.looked_in(Library, path or default_path(), _VERSION)


_INSERT: Final = "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_Row = tuple[bytes, int, int, str, str, str, str, int, str, float, int, str, str, str]


def _batches(
    paths: Collection[bytes], there: dict[bytes, tuple[int, int]], read: Callable[[str], Tags]
) -> Iterator[list[_Row]]:
    """Rows for files, some at a time; at Ctrl-C first what has been read."""
    rows: list[_Row] = []
    began = time.monotonic()
    try:
        for path in paths:
            rows.append(_row(path, there[path], read))
            if time.monotonic() - began > BATCH:
                yield rows
                rows, began = [], time.monotonic()
    except KeyboardInterrupt:
        if rows:
            yield rows
        raise
    if rows:
        yield rows


def _row(path: bytes, seen: tuple[int, int], read: Callable[[str], Tags]) -> _Row:
    name, trouble = os.fsdecode(path), ""
    try:
        tags = read(name)
    except AudioFileError as error:
        tags, trouble = Tags(), error.why
    artist, title = tags.artist, tags.title
    if not title:
        artist_of_name, title = names.name_of_file(Path(name).stem)
        artist = artist or artist_of_name
    apart = names.title_of(title, tags.album)
    words = names.folded(" ".join(_plain(part) for part in (title, artist, tags.album, name)))
    return (
        path, *seen, trouble, _plain(tags.title), _plain(tags.artist), _plain(tags.album), tags.year, tags.isrc,
        tags.seconds, int(tags.lossless), _plain(apart.base), _plain(apart.full), words,
    )  # fmt: skip


def _plain(text: str) -> str:
    """Text that SQLite takes: a file's name may hold bytes that are no letters."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _found(
    folder: str, unreadable: list[str], count: Callable[[int], None]
) -> dict[bytes, tuple[int, int]]:
    found: dict[bytes, tuple[int, int]] = {}
    for path, seen in _files(folder, unreadable):
        found[path] = seen
        if len(found) % COUNTED == 0:
            count(len(found))
    return found


def _files(root: str, unreadable: list[str]) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """The recordings in a folder and all below, with size and time of change; links are followed, once."""
    waiting, seen = [root], set[tuple[int, int]]()
    while waiting:
        folder = waiting.pop()
        try:
            status = os.stat(folder)
            if (status.st_dev, status.st_ino) in seen and status.st_ino:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.lower().endswith(ENDINGS) and not entry.name.startswith("._"):
                        yield from _file(entry)
                    elif not _HIDDEN.match(entry.name) and entry.is_dir():
                        waiting.append(entry.path)
        except OSError as error:
            unreadable.append(f"{folder} cannot be read ({error.strerror or error})")


def _file(entry: os.DirEntry[str]) -> Iterator[tuple[bytes, tuple[int, int]]]:
    with contextlib.suppress(OSError):  # a link that leads nowhere
        status = entry.stat()
        if stat.S_ISREG(status.st_mode):
            yield os.fsencode(entry.path), (status.st_size, status.st_mtime_ns)


def _under(path: str) -> tuple[str, tuple[bytes, bytes, bytes]]:
    """What is at `path` or below it, as a condition."""
    raw = os.fsencode(path)
    below = raw if raw.endswith(os.fsencode(os.sep)) else raw + os.fsencode(os.sep)
    return "(path = ? OR (path >= ? AND path < ?))", (raw, below, below[:-1] + bytes([below[-1] + 1]))


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _recording(row: tuple[bytes, int, str, str, str, str, int, str, float, int]) -> Recording:
    return Recording(os.fsdecode(row[0]), *row[1:9], lossless=bool(row[9]))
