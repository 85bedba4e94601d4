"""What was measured once, kept by what a file holds: it stays known when the file is moved, renamed or copied."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from array import array
from pathlib import Path
from typing import Any, Final

from player.devices import synth
from player.devices.sound_font import font_path
from player.engine.source import SourceSpec
from player.media import table
from player.media.home import cache_folder
from player.media.levels import Level

_VERSION: Final = 1  # counts up when the same sound is measured differently: all is then measured anew
_SCHEMA: Final = """
DROP TABLE IF EXISTS files;
DROP TABLE IF EXISTS levels;
DROP TABLE IF EXISTS pictures;
CREATE TABLE files (path BLOB PRIMARY KEY, size INTEGER, modified INTEGER, content BLOB) WITHOUT ROWID;
CREATE TABLE levels (
    content BLOB PRIMARY KEY, frames INTEGER, integrated REAL, range REAL, true_peak REAL, peak REAL, clipped INTEGER,
    begins INTEGER, ends INTEGER, momentary BLOB
);
CREATE TABLE pictures (
    content BLOB, start INTEGER, gain REAL, frames INTEGER, low BLOB, high BLOB, PRIMARY KEY (content, start, gain)
);
"""
_BLOCK: Final = 1 << 20

Waves = tuple[int, tuple[float, ...], tuple[float, ...]]  # frames, and the lowest and highest sample of each column


class Measured:
    """An open store of measurements; for one thread at a time. Every method may raise TableError."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._table = connection

    def level(self, spec: SourceSpec) -> Level | None:
        """The level of what `spec` names, without its gain and offset, if it is known. Reads no sound."""
        content = self._content(spec)
        row = self._row("SELECT * FROM levels WHERE content = ?", content) if content else None
        if row is None:
            return None
        return Level(*row[1:10])

    def keep_level(self, spec: SourceSpec, level: Level) -> None:
        """Keep a level."""
        self._put(
            "INSERT OR REPLACE INTO levels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._identified(spec), level.frames, level.integrated, level.range, level.true_peak, level.peak,
            level.clipped, level.begins, level.ends, level.momentary,
        )  # fmt: skip

    def waves(self, spec: SourceSpec) -> Waves | None:
        """What a recording looks like, if it is known. Reads no sound."""
        content = self._content(spec)
        if content is None:
            return None
        row = self._row(
            "SELECT frames, low, high FROM pictures WHERE content = ? AND start = ? AND gain = ?",
            content, spec.offset, spec.gain_db,
        )  # fmt: skip
        return (row[0], tuple(array("f", row[1])), tuple(array("f", row[2]))) if row else None

    def keep_waves(self, spec: SourceSpec, waves: Waves) -> None:
        """Keep what a recording looks like."""
        frames, low, high = waves
        self._put(
            "INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?, ?, ?)",
            self._identified(spec), spec.offset, spec.gain_db, frames, array("f", low).tobytes(),
            array("f", high).tobytes(),
        )  # fmt: skip

    def identify(self, spec: SourceSpec) -> None:
        """Find out what a file holds, by reading it; what is known of the same content is then known of it."""
        self._identified(spec)

    def close(self) -> None:
        """Let go of the file."""
        self._table.close()

    def _content(self, spec: SourceSpec) -> bytes | None:
        """What a file holds, as long as it stays as it was when that was found out."""
        seen = _seen(spec.path)
        row = self._row("SELECT size, modified, content FROM files WHERE path = ?", os.fsencode(spec.path))
        return _with_synth(spec, row[2]) if row and seen == (row[0], row[1]) else None

    def _identified(self, spec: SourceSpec) -> bytes:
        known = self._content(spec)
        if known is not None:
            return known
        seen = _seen(spec.path) or (0, 0)
        content = _hashed(spec.path)
        self._put("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", os.fsencode(spec.path), *seen, content)
        return _with_synth(spec, content)

    def _row(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        with table.told(self._path):
            row: tuple[Any, ...] | None = self._table.execute(statement, values).fetchone()
            return row

    def _put(self, statement: str, *values: object) -> None:
        with table.told(self._path):
            self._table.execute(statement, values)


def default_path() -> Path:
    """The measurements of whoever runs this."""
    return cache_folder() / "measured.sqlite"


def open_measured(path: Path | None = None) -> Measured:
    """The measurements, made where there are none. Raises TableError."""
    return table.opened(Measured, path or default_path(), _SCHEMA, _VERSION)


def look_in(path: Path | None = None) -> Measured | None:
    """The measurements to be read, None where there are none yet. Raises TableError."""
    return table.looked_in(Measured, path or default_path(), _VERSION)


def _seen(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _hashed(path: str) -> bytes:
    """A number for all that a file holds; that of nothing where it cannot be read."""
    found = hashlib.blake2b(digest_size=16)
    with contextlib.suppress(OSError), open(path, "rb") as file:
        for block in iter(lambda: file.read(_BLOCK), b""):
            found.update(block)
    return found.digest()


def _with_synth(spec: SourceSpec, content: bytes) -> bytes:
    """MIDI sounds as its synthesizer and sound font make it."""
    if spec.kind != "midi":
        return content
    font = font_path()
    made_by = f"{synth.available()} {font} {_seen(str(font))}"
    return hashlib.blake2b(content + made_by.encode("utf-8", "replace"), digest_size=16).digest()
