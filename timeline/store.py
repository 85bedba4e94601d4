"""The one module of the timeline that touches the disk."""

from __future__ import annotations

import os
from pathlib import Path

from timeline.nodes import LOADER
from timeline.reader import Reading, read
from timeline.syntax import undecodable

LARGEST = 64 * 1024 * 1024


class Unreadable(Exception):
    """A file that gives no text at all; str() is one line that says which, why and what to do."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


def load(path: str | os.PathLike[str], loader: str = LOADER) -> Reading:
    """Read and check a timeline with everything beside it. Raises Unreadable when there is no text."""
    file = Path(path)
    raw = _bytes(file)
    if why := undecodable(raw):
        raise Unreadable(file, why)
    base = file.parent
    return read(raw, str(path), lambda name: _exists(base, name), base, loader)


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise Unreadable(file, "there is no such file") from None
    except IsADirectoryError:
        raise Unreadable(file, "this is a folder; name a file in it") from None
    except ValueError:  # a NUL in the name
        raise Unreadable(file, "no file can be called that") from None
    except OSError as error:
        if os.path.isdir(file):  # Windows says "permission denied" of a folder; Path.is_dir may raise
            raise Unreadable(file, "this is a folder; name a file in it") from None
        raise Unreadable(file, f"cannot be read ({error.strerror or error})") from None
    if len(raw) > LARGEST:
        raise Unreadable(file, "larger than 64 MiB, which no timeline is")
    return raw


def _exists(base: Path, name: str) -> bool:
    try:
        return (base / name).exists()
    except (OSError, ValueError):
        return False
