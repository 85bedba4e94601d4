"""Where an engine and the shows that talk to it meet: a folder of the person's own, names made from the timeline."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from msgspec import Struct

LONGEST: Final = 107 if sys.platform == "linux" else 103  # bytes of a socket's path
NAME: Final = len("/0123456789ab-1234567.sock")  # bytes of it that are ours


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the file `path` against other processes. The system lets go of it when a process dies."""
    with open(path, "a+b") as file:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415  (only there)

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl  # noqa: PLC0415  (not on Windows)

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def taken(path: Path) -> IO[bytes] | None:
    """The file `path`, held until it is closed; None where another process holds it. Raises OSError."""
    file = open(path, "a+b")  # noqa: SIM115  (it stays open)
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415  (only there)

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415  (not on Windows)

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


class Place(Struct, frozen=True):
    """Where one timeline's engine is found: the address it listens on, its figures, and the key to both."""

    address: str
    figures: Path
    key: Path
    owner: Path  # holds the process id of the engine
    plays: Path  # holds the name of the timeline that its show has gone over to, if it has
    lock: Path
    log: Path


def runtime_folder() -> Path:
    """The person's runtime folder for us, made private; else one in the temporary folder.

    Raises OSError where no folder can be had, whose path leaves room for a socket's name.
    """
    user = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "me")
    for root in _roots():
        folder = Path(root) / f"needledrop-{user}"
        if len(os.fsencode(folder)) + NAME <= LONGEST and _made_private(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="needledrop-"))


def _roots() -> Iterator[str]:
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isdir(named):
        yield named
    yield tempfile.gettempdir()  # only now: it tries to write there
    if os.path.isdir("/tmp"):  # the one above may have a long name
        yield "/tmp"


def _made_private(folder: Path) -> bool:
    """Whether `folder` is there now, and nobody else can have put anything into it."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if hasattr(os, "getuid"):
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
                return False
            if found.st_mode & 0o077:
                folder.chmod(0o700)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def place(timeline: str, apart: str = "") -> Place:
    """The place of a timeline's engine; `apart` sets a second engine for the same timeline apart."""
    return _place(runtime_folder(), named(timeline) + apart)


def named(timeline: str) -> str:
    """What a timeline is called there."""
    return hashlib.sha256(os.fsencode(timeline)).hexdigest()[:12]


def gone_over(timeline: str) -> list[Place]:
    """The places of engines, of other timelines once, whose shows have gone over to this one. They may have ended."""
    folder, name = runtime_folder(), named(timeline)
    return [_place(folder, path.stem) for path in sorted(folder.glob("*.plays")) if now_plays(path) == name]


def now_plays(plays: Path) -> str:
    """The name of the timeline that a show has gone over to; empty: to none."""
    try:
        return plays.read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


def _place(folder: Path, name: str) -> Place:
    address = rf"\\.\pipe\needledrop-{name}" if sys.platform == "win32" else str(folder / f"{name}.sock")
    ends = ("figures", "key", "pid", "plays", "lock", "log")
    return Place(address, *(folder / f"{name}.{end}" for end in ends))
