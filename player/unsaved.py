"""Where unsaved edits are kept until they are saved: in the person's data folder, so that no crash loses one."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import sys
from pathlib import Path
from typing import Final

from timeline import journal
from timeline.draft import Change, Draft, unsaved

END: Final = ".edits"


class Journal:
    """The edits of one timeline that no file holds yet. Each is out of our hands when a call returns.

    Another program that has the same timeline open has a journal of its own. Raises OSError where nothing can be
    written.
    """

    def __init__(self, folder: Path, path: Path) -> None:
        self._folder = folder
        self._path = path
        self._name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
        self._own = f"{self._name}-{secrets.token_hex(6)}"  # all files of this run
        self._count = 0
        self._number: int | None = None
        self._file: Path | None = None

    def begin(self, draft: Draft) -> None:
        """Keep all unsaved edits of a draft, and nothing else."""
        before = self._number, self._file
        if unsaved(draft):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._count += 1
            self._file = self._folder / f"{self._own}-{self._count:06}{END}"
            self._number = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | _BINARY, 0o600)
            _lock(self._number)
            self._write(journal.begun(draft, str(self._path)))
        else:
            self._number = self._file = None
        _remove(*before)

    def add(self, change: Change, draft: Draft) -> None:
        """One edit more, which led to `draft`."""
        self._go_on(journal.done(change), draft)

    def undone(self, draft: Draft) -> None:
        """The last edit was taken back."""
        self._go_on(journal.UNDONE, draft)

    def redone(self, draft: Draft) -> None:
        """It was done again."""
        self._go_on(journal.REDONE, draft)

    def sync(self) -> None:
        """Have it on the disk for good. May take its time; any thread."""
        number = self._number
        if number is not None:
            with contextlib.suppress(OSError):
                os.fsync(number)

    def drop(self) -> None:
        """Forget all of it."""
        _remove(self._number, self._file)
        self._number = self._file = None

    def leave(self) -> None:
        """Let the next program have what is kept."""
        if self._number is not None:
            os.close(self._number)
        self._number = self._file = None

    def offered(self) -> tuple[Path, Draft] | None:
        """The newest edits that a program left which is not there any more."""
        try:
            files = sorted(self._folder.glob(f"{self._name}-*{END}"), key=lambda file: (file.stat().st_mtime, file))
        except OSError:
            return None
        for file in reversed(files):
            if not file.name.startswith(self._own) and _left_alone(file):
                with contextlib.suppress(OSError):
                    draft = journal.read(file.read_bytes())
                    if draft is not None:
                        return file, draft
        return None

    def _go_on(self, line: bytes, draft: Draft) -> None:
        if self._number is None or not unsaved(draft):
            self.begin(draft)
        else:
            self._write(line)

    def _write(self, raw: bytes) -> None:
        assert self._number is not None
        left = memoryview(raw)
        while left:
            left = left[os.write(self._number, left) :]


_BINARY: Final = getattr(os, "O_BINARY", 0)


def forget(file: Path) -> None:
    """Remove what was offered, and what the same program kept before."""
    with contextlib.suppress(OSError):
        for each in file.parent.glob(f"{file.name.rpartition('-')[0]}-*{END}"):
            each.unlink()


def _remove(number: int | None, file: Path | None) -> None:
    if number is not None:
        os.close(number)
    if file is not None:
        with contextlib.suppress(OSError):
            file.unlink()


def _lock(number: int) -> bool:
    """Hold an open file as long as we live; False where another program does."""
    if sys.platform == "win32":
        return True  # there a file that is open cannot be removed, and that is told apart when it is offered
    import fcntl  # noqa: PLC0415  (not on Windows)

    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True


def _left_alone(file: Path) -> bool:
    if sys.platform == "win32":
        try:
            file.rename(file)
        except OSError:
            return False
        return True
    try:
        number = os.open(file, os.O_RDONLY)
    except OSError:
        return False
    try:
        return _lock(number)
    finally:
        os.close(number)
