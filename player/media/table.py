"""A small SQLite file of a person's own: opened, kept in order, and its troubles told in one line.

Any number may read while one writes; a process that dies in the middle leaves what was committed before.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from player.errors import NeedledropError

PATIENCE: Final = 10.0  # seconds to wait for another process that writes


class TableError(NeedledropError):
    """A file of ours that cannot be used."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path, why)
        self.path = path
        self.why = why

    def __str__(self) -> str:
        return f"{self.path} {self.why}"


def connect(path: Path, schema: str, version: int, *, read_only: bool = False) -> sqlite3.Connection | None:
    """A connection to `path`, made and brought up to `version` where needed. Raises TableError.

    read_only: None where there is no such file yet, or one of a version that only a writer brings up to date.
    """
    try:
        if read_only:
            return _to_read(path, version)
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            _bring_up(connection, path, schema, version)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise TableError(path, f"cannot be used ({error})") from error
    except OSError as error:
        raise TableError(path, f"cannot be made ({error.strerror or error})") from error
    return connection


def _to_read(path: Path, version: int) -> sqlite3.Connection | None:
    if not path.is_file():
        return None
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA query_only = ON")
        if connection.execute("PRAGMA user_version").fetchone()[0] == version:
            return connection
    except BaseException:
        connection.close()
        raise
    connection.close()
    return None


def _bring_up(connection: sqlite3.Connection, path: Path, schema: str, version: int) -> None:
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found == version:
        return
    if found > version:
        raise TableError(path, "was made by a later version of Needledrop")
    with writing(connection):
        for statement in filter(str.strip, schema.split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version}")


@contextlib.contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; waits for whoever writes just now."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextlib.contextmanager
def held(path: Path) -> Iterator[bool]:
    """Whether this process is the only one to hold `path`, which it does until the end of the block.

    The system lets go of it when a process dies.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        got = True
    except sqlite3.OperationalError:
        got = False
    try:
        yield got
    finally:
        connection.close()
