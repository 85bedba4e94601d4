"""A small SQLite file of a person's own: opened, kept in order, and its troubles told in one line.

Any number may read while one writes; a process that dies in the middle leaves what was committed before.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from player.errors import NeedledropError

Made = TypeVar("Made")

PATIENCE: Final = 10.0  # seconds to wait for another process that writes


class TableError(NeedledropError):
    """A file of ours that cannot be used."""


def opened(made: Callable[[Path, sqlite3.Connection], Made], path: Path, schema: str, version: int) -> Made:
    """What `made` makes of the file at `path`, which is made and brought up to `version` where needed.

    Raises TableError.
    """
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            _bring_up(connection, path, schema, version)
        except BaseException:
            connection.close()
            raise
    return made(path, connection)


def looked_in(made: Callable[[Path, sqlite3.Connection], Made], path: Path, version: int) -> Made | None:
    """The same to be read; None where there is no such file yet, or one that only a writer brings up to date.

    Raises TableError.
    """
    with told(path):
        if not path.is_file():
            return None
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA query_only = ON")
            if connection.execute("PRAGMA user_version").fetchone()[0] == version:
                return made(path, connection)
        except BaseException:
            connection.close()
            raise
        connection.close()
        return None


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Whatever goes wrong with the file at `path` becomes a TableError."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        why = getattr(error, "strerror", None) or error
        raise TableError(str(path), f"cannot be used ({why})") from error


def _bring_up(connection: sqlite3.Connection, path: Path, schema: str, version: int) -> None:
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found == version:
        return
    if found > version:
        raise TableError(str(path), "was made by a later version of Needledrop")
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
