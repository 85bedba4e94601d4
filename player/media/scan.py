"""Looking through folders of music in the background, in a process of its own, so that nothing that draws waits."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from msgspec import Struct

from player.errors import NeedledropError
from player.media import catalogue
from player.media.catalogue import Scanned

_EVERY: Final = 0.1  # seconds between two tellings


class Counted(Struct, frozen=True):
    """So many files are done, of so many; of 0 while they are still being counted."""

    done: int
    of: int


class Ended(Struct, frozen=True):
    """It is over: what it came to, or why it came to nothing, as a sentence."""

    done: Scanned | None
    trouble: str = ""


News = Counted | Ended


class Scan:
    """Looks through folders and keeps what it finds. One thread uses it; the work is done elsewhere."""

    def __init__(self, folders: Sequence[str], library: Path | None = None) -> None:
        """Begins at once. folders: absolute; none for all that were ever added and can be found just now."""
        context = multiprocessing.get_context("spawn")
        self._news, theirs = context.Pipe(duplex=False)
        path = library or catalogue.default_path()
        self._process = context.Process(target=_work, args=(list(folders), path, theirs, os.getpid()), daemon=True)
        self._process.start()
        theirs.close()

    def poll(self, seconds: float = 0.0) -> tuple[News, ...]:
        """What happened meanwhile; waits for so long for something. The last of all is Ended."""
        news: list[News] = []
        try:
            while self._news.poll(0.0 if news else seconds):
                news.append(self._news.recv())
        except (EOFError, OSError):
            if not any(isinstance(each, Ended) for each in news):
                news.append(Ended(None, "the scan of the library broke off; what was read until then is kept"))
        return tuple(news)

    def close(self) -> None:
        """End it, done or not; what was read stays known."""
        self._process.terminate()
        self._process.join()
        self._news.close()


def _work(folders: Sequence[str], path: Path, tell: Connection, parent: int) -> None:
    """Look through folders. Runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits for this
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)
    told = 0.0

    def progress(done: int, of: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _EVERY:
            told = now
            tell.send(Counted(done, of))

    def alone() -> bool:
        return hasattr(os, "getppid") and os.getppid() != parent

    with contextlib.suppress(BrokenPipeError):
        try:
            with contextlib.closing(catalogue.open_library(path)) as library:
                tell.send(Ended(library.add(folders, progress, alone) if folders else library.again(progress, alone)))
        except NeedledropError as error:
            tell.send(Ended(None, str(error)))
