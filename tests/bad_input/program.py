"""The real program as a person runs it: calls of it, and runs that are still going on.

Whatever a test here does, the program may never show a traceback: every run is looked at for one.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds: a guard against hanging, far above what anything here takes
PROGRAM = (sys.executable, "-m", "player")

# What a bug looks like. Threads, callbacks and destructors print theirs without ending the program.
BUGS = ("Traceback", "Exception ignored", "Exception in thread", "Fatal Python error", "Error: ")

# What the tests' own surroundings must not bring in.
_NOT_OURS = (
    "ALSA_", "DISPLAY", "LANG", "LC_", "NEEDLEDROP_", "PULSE_", "PYTHON", "SDL_", "TMPDIR", "WAYLAND_", "XDG_",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines on standard output."""
        return self.out.splitlines()

    @property
    def complaints(self) -> list[str]:
        """The lines on standard error."""
        return self.err.splitlines()

    @property
    def complaint(self) -> str:
        """The one line on standard error."""
        assert len(self.complaints) == 1, self
        return self.complaints[0]


def sane(ran: Ran) -> Ran:
    """`ran`, which shows no bug and no empty complaint."""
    said = f"{ran.out[-2000:]}\n{ran.err[-2000:]}"
    for bug in BUGS:
        assert bug not in ran.out + ran.err, said
    assert all(line.strip() for line in ran.complaints), said
    return ran


@dataclass(frozen=True, slots=True)
class Person:
    """Whose program it is: home, runtime and temporary folder lie in `base`.

    `base` has a short name: a socket's path has to fit in about a hundred bytes.
    """

    base: Path
    cache: Path  # that of several people: to unpack the sound font takes seconds

    @property
    def home(self) -> Path:
        return self.base / "home"

    @property
    def runtime(self) -> Path:
        return self.base / "run"

    @property
    def temporary(self) -> Path:
        return self.base / "tmp"

    def environment(self, **more: str | None) -> dict[str, str]:
        """What the program finds. None takes a variable away."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
        ours: dict[str, str | None] = {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_CACHE_HOME": str(self.cache),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "C.UTF-8",
            "NEEDLEDROP_OUTPUT": "silent",
        }
        return {name: value for name, value in {**kept, **ours, **more}.items() if value is not None}

    def run(
        self,
        *arguments: str | bytes | os.PathLike[str],
        stdin: str | bytes = b"",
        cwd: Path = ROOT,
        within: str = "",
        **more: str | None,
    ) -> Ran:
        """One call from start to end; `within` are commands of the shell it is started from."""
        shell = ["sh", "-c", f'{within}; exec "$@"', "sh"] if within else []
        call = subprocess.run(
            [*shell, *PROGRAM, *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=cwd,
            env=self.environment(**more),
            timeout=PATIENCE,
            check=False,
        )
        return sane(Ran(call.returncode, _text(call.stdout), _text(call.stderr)))

    def pipe(self, arguments: list[Any], reader: str, stdin: str = "") -> Ran:
        """One call whose lines go to `reader`, a command of the shell."""
        call = subprocess.run(
            ["bash", "-c", f'"$@" | {reader}; exit ${{PIPESTATUS[0]}}', "bash", *PROGRAM, *arguments],
            input=stdin.encode(),
            capture_output=True,
            cwd=ROOT,
            env=self.environment(),
            timeout=PATIENCE,
            check=False,
        )
        return sane(Ran(call.returncode, _text(call.stdout), _text(call.stderr)))

    def each(self, *calls: list[Any], **how: Any) -> list[Ran]:
        """Several calls at once, which has to be all the same to them."""
        with ThreadPoolExecutor(4) as at_once:
            return list(at_once.map(lambda call: self.run(*call, **how), calls))

    @contextlib.contextmanager
    def start(
        self,
        *arguments: str | os.PathLike[str],
        program: tuple[str, ...] = PROGRAM,
        stdin: int = subprocess.PIPE,
        **more: str | None,
    ) -> Iterator[Live]:
        """A run to talk with, through `stdin` if that is given; it is ended where the test does not see to that."""
        live = Live([*program, *map(os.fspath, arguments)], self.environment(**more), stdin)
        try:
            yield live
        finally:
            live.stop()

    def engines(self) -> list[psutil.Process]:
        """The engines that run for this person."""
        return list(_engines(str(self.base)))

    def left(self) -> list[str]:
        """What engines left behind, except logs and locks."""
        files = [path for folder in (self.runtime, self.temporary) for path in folder.rglob("*")]
        return sorted(path.name for path in files if path.suffix in (".sock", ".key", ".figures", ".pid"))


class Live:
    """A program that runs beside the test."""

    def __init__(self, call: list[str], environment: dict[str, str], stdin: int) -> None:
        self.process = subprocess.Popen(
            call,
            cwd=ROOT,
            env=environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._news = threading.Condition()
        self._said: dict[str, list[str]] = {"out": [], "err": []}
        self._readers = [
            self._reader("out", self.process.stdout),
            self._reader("err", self.process.stderr),
        ]

    @property
    def out(self) -> str:
        return "\n".join(self._said["out"])

    @property
    def err(self) -> str:
        return "\n".join(self._said["err"])

    def say(self, *lines: str) -> None:
        """Type lines."""
        assert self.process.stdin is not None
        self.process.stdin.write("".join(line + "\n" for line in lines).encode())
        self.process.stdin.flush()

    def hear(self, words: str, times: int = 1) -> str:
        """The line that holds `words`, said or soon to be; with `times`, the last of so many."""

        def found() -> list[str]:
            return [line for line in self._said["out"] + self._said["err"] if words in line]

        with self._news:
            came = self._news.wait_for(lambda: len(found()) >= times, PATIENCE)
        assert came, f"never said {words!r} ({self.process.poll()}):\n{self.out[-2000:]}\n{self.err[-2000:]}"
        return found()[times - 1]

    def interrupt(self) -> None:
        """What Ctrl-C does in a terminal: all in the foreground hear it."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> Ran:
        """Wait for it to end, its input being over."""
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        self._finish()
        return sane(Ran(code, self.out, self.err))

    def stop(self) -> None:
        """End it the hard way, if it has not ended."""
        if self.process.poll() is None:
            self.process.kill()
        self._finish()

    def _finish(self) -> None:
        self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        for pipe in filter(None, (self.process.stdin, self.process.stdout, self.process.stderr)):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()

    def _reader(self, name: str, pipe: IO[bytes] | None) -> threading.Thread:
        thread = threading.Thread(target=self._read, args=(name, pipe), daemon=True)
        thread.start()
        return thread

    def _read(self, name: str, pipe: IO[bytes]) -> None:
        for line in pipe:
            with self._news:
                self._said[name].append(_text(line).rstrip("\n"))
                self._news.notify_all()


def until(true: Callable[[], object], what: str) -> None:
    """Wait for something that no line tells of."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.01)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def _engines(mark: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            words = process.cmdline()  # none where it has ended and nobody has taken note
        except psutil.Error:
            continue
        if "player.host.process" in words and any(mark in word for word in words):
            yield process
