"""Measuring many files in the background, in processes of their own, so that nothing that plays or draws waits."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Collection, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from player.engine.source import SourceSpec
from player.errors import AssetError
from player.media import measured
from player.media.measure import measure
from player.media.table import TableError

MOST: Final = 4  # processes at once


class Surveyed(Struct, frozen=True):
    """A file is done; `trouble` is why it could not be measured, as a clause, else empty."""

    spec: SourceSpec
    trouble: str


class Survey:
    """Measures files and keeps what it finds. One thread uses it; the work is done elsewhere."""

    def __init__(self, specs: Collection[SourceSpec], table: Path | None = None) -> None:
        """Begins at once with what is not known yet."""
        self.of = len(specs)
        self.done = 0
        self._running: dict[Connection, Any] = {}
        jobs = min(MOST, max(1, (os.cpu_count() or 1) - 1), len(specs))
        by_size = sorted(specs, key=_size, reverse=True)
        context = multiprocessing.get_context("spawn")
        for number in range(jobs):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(
                target=_work, args=(by_size[number::jobs], table or measured.default_path(), theirs, os.getpid()),
                daemon=True,
            )  # fmt: skip
            process.start()
            theirs.close()
            self._running[ours] = process

    def poll(self, seconds: float = 0.0) -> tuple[Surveyed, ...]:
        """What was done meanwhile; waits for so long for something."""
        news: list[Surveyed] = []
        for pipe in wait(list(self._running), seconds) if self._running else ():
            assert isinstance(pipe, Connection)
            try:
                while pipe.poll():
                    news.append(pipe.recv())
            except (EOFError, OSError):
                self._running.pop(pipe).join()
                pipe.close()
        self.done += len(news)
        return tuple(news)

    @property
    def over(self) -> bool:
        """Whether there is nothing more to come."""
        return not self._running

    def close(self) -> None:
        """End it, done or not; what was measured stays known."""
        for pipe, process in self._running.items():
            process.terminate()
            process.join()
            pipe.close()
        self._running.clear()


def _work(specs: Sequence[SourceSpec], table: Path, tell: Connection, parent: int) -> None:
    """Measure one file after another. Runs in a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits for this
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)

    def alone() -> bool:
        return hasattr(os, "getppid") and os.getppid() != parent

    try:
        with contextlib.closing(measured.open_measured(table)) as known:
            for spec in specs:
                tell.send(Surveyed(spec, _settle(spec, known, alone)))
    except (TableError, BrokenPipeError):
        return


def _settle(spec: SourceSpec, known: measured.Measured, unwanted: Any) -> str:
    try:
        known.identify(spec)
        if known.level(spec) is None:
            level = measure(spec, unwanted)
            if level is not None:
                known.keep_level(spec, level)
    except AssetError as error:
        return error.why
    return ""


def _size(spec: SourceSpec) -> int:
    try:
        return os.path.getsize(spec.path)
    except OSError:
        return 0
