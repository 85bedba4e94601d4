"""Where an engine and the shows that talk to it meet: a folder of the person's own, names made from the timeline."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where one timeline's engine is found: the address it listens on, its figures, and the key to both."""

    address: str
    figures: Path
    key: Path
    owner: Path  # holds the process id of the engine
    lock: Path
    log: Path


def runtime_folder() -> Path:
    """The person's runtime folder for us, made private. Falls back to one in the temporary folder."""
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    user = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "me")
    for root in (base, tempfile.gettempdir()):
        folder = Path(root) / f"needledrop-{user}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="needledrop-"))


def place(timeline: str, apart: str = "") -> Place:
    """The place of a timeline's engine; `apart` sets a second engine for the same timeline apart."""
    folder = runtime_folder()
    name = hashlib.sha256(timeline.encode()).hexdigest()[:16] + apart
    address = rf"\\.\pipe\needledrop-{name}" if sys.platform == "win32" else str(folder / f"{name}.sock")
    ends = ("figures", "key", "pid", "lock", "log")
    return Place(address, *(folder / f"{name}.{end}" for end in ends))
