"""Make the environment of `scripts/play` and `scripts/test`, or bring it up to date. Loaded when that is due.

Either all of it succeeds or nothing changes: an environment counts only once its stamp is written, which is
the last step, and the one it replaces waits beside it until then.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType

from _setup import LOCK, ROOT, VENV, Failed, is_ready, python_in, stamp, stamp_text

OLD = f"{VENV}.old"
NOTHING_CHANGED = "nothing was left half made"

# What pip prints -> what to tell. The first row whose pattern is found wins.
CAUSES = (
    (r"No space left on device|not enough space on the disk", "the disk is full"),
    (r"CERTIFICATE_VERIFY_FAILED", "the package index shows a certificate that this computer does not trust"),
    (r"DO NOT MATCH THE HASHES", "a package that arrived is not the one requirements.lock names"),
    (
        r"Retrying \(|Connection(?:Error| refused| broken| aborted)|ConnectTimeout|ReadTimeout|ProxyError",
        "no network (the first run fetches its packages once, about 70 MB)",
    ),
    (r"Permission denied", "no permission to write here"),
)


class Stopped(KeyboardInterrupt):
    """Ctrl-C, or another signal that asks us to end."""


def set_up(needed: dict[str, str]) -> None:
    """Install the parts of the lock file that are `needed`: part name -> its lines.

    Raises Failed with one line when that cannot be done, KeyboardInterrupt when it is stopped; after either,
    all is as before.
    """
    with only_one(), stoppable():
        restore()
        missing = {part: lines for part, lines in needed.items() if not is_ready(VENV, part, lines)}
        if not missing:
            return  # another run did it while this one waited
        began = time.monotonic()
        try:
            if "run" in missing:
                replace_environment(needed)
                unpack_font()
            else:
                install(missing)
        except OSError as problem:
            raise Failed(f"{VENV}: {problem.strerror}; {NOTHING_CHANGED}") from problem
        say(f"Ready after {time.monotonic() - began:.0f} s.")


def replace_environment(needed: dict[str, str]) -> None:
    """A new environment in the place of the old one, which comes back if anything goes wrong."""
    require_modules()
    if os.path.exists(VENV):
        os.rename(VENV, OLD)
    try:
        say(f"Making an environment for Python {platform.python_version()} in {VENV}")
        make_environment()
        install(needed)
    except BaseException:
        with unstoppable():
            remove(VENV)
            restore()
        raise
    remove(OLD)


def restore() -> None:
    """Put things right after a run was killed: the old environment stays unless the new one is complete."""
    if os.path.exists(OLD):
        if os.path.exists(stamp(VENV, "run")):
            remove(OLD)
        else:
            remove(VENV)
            os.rename(OLD, VENV)


def require_modules() -> None:
    """Debian and its children split Python: say which package brings the missing part."""
    if all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        return
    version = "{}.{}".format(*sys.version_info)
    if shutil.which("apt-get"):
        sudo = "sudo " if hasattr(os, "geteuid") and os.geteuid() else ""
        cure = f"{sudo}apt install python{version}-venv"
        raise Failed(f"Python {version} lacks its venv module; run this, then try again: {cure}")
    raise Failed(f"Python {version} lacks its venv and ensurepip modules; install all of it, then try again")


def make_environment() -> None:
    """A bare environment with pip, and the checkout on its module path, wherever both are moved together."""
    os.mkdir(VENV)  # by ourselves first: its errors are clearer than a program's last words
    with child([sys.executable, "-I", "-m", "venv", VENV]) as made:
        printed = made.communicate()[0]
    if made.returncode:
        lines = printed.strip().splitlines() or ["python -m venv failed"]
        raise Failed(f"cannot make {VENV}: {lines[-1]}; {NOTHING_CHANGED}")
    packages = next(iter(Path(VENV).glob("[Ll]ib/**/site-packages")))
    relative = os.path.relpath(ROOT, packages)
    (packages / "needledrop-checkout.pth").write_text(f"{relative}\n", encoding="utf-8")


def install(needed: dict[str, str]) -> None:
    """Fetch and install the lines of the lock file with pip, then write the stamps that make them count."""
    for part in needed:
        Path(stamp(VENV, part)).unlink(missing_ok=True)
    lines = "\n".join(needed.values())
    with tempfile.TemporaryDirectory(prefix="needledrop-") as folder:
        listed = Path(folder, "requirements.txt")
        listed.write_text(lines, encoding="utf-8")
        pip(listed, total=len(re.findall(r"^\w", lines, re.MULTILINE)))
    for part, text in needed.items():
        Path(stamp(VENV, part)).write_text(stamp_text(VENV, text), encoding="utf-8")


def pip(requirements: Path, total: int) -> None:
    """Install `requirements`, at most `total` packages. The lock is complete: pip has nothing to work out."""
    command = [python_in(VENV), "-I", "-m", "pip", "install", "-r", str(requirements)]
    command += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--retries", "2", "--no-input"]
    command += ["--progress-bar", "off", "--disable-pip-version-check", "--no-warn-script-location"]
    with child(command) as process:
        assert process.stdout is not None
        printed = follow(process.stdout, total)
    if process.returncode:
        raise Failed(f"{cause(printed)}; {NOTHING_CHANGED}")


@contextlib.contextmanager
def child(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run `command` with its output in one pipe; it and all it started end when the block fails."""
    environment = {**os.environ, "PIP_USER": "0"}  # a person's own `user = true` would install elsewhere
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
        start_new_session=True,  # a group of its own, so that it can be ended with its children (POSIX only)
    ) as process:
        try:
            yield process
        except BaseException:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            raise


def unpack_font() -> None:
    """Unpack the sound font now, rather than in the middle of the first song: it takes some seconds, once.

    Where that fails the player tries again by itself, and says what is wrong.
    """
    say("Unpacking the sound font")
    code = "from player.devices.sound_font import font_path; font_path()"
    with child([python_in(VENV), "-I", "-c", code]) as process:
        process.communicate()


def follow(output: Iterable[str], total: int) -> str:
    """Show how far pip has come; returns all it printed."""
    printed, fetched, announced = [], 0, False
    for line in output:
        printed.append(line)
        if line.startswith("Ignoring "):
            total -= 1
        elif name := collected(line):
            if not announced:
                say(f"Fetching {total} packages")
                announced = True
            fetched += 1
            show(f"  {fetched} of {total}: {name}")
        elif line.startswith("Installing "):
            show("")
            say("Installing them")
    show("")
    return "".join(printed)


def collected(line: str) -> str | None:
    """The package that pip begins to fetch, from afar or from this disk, if this line of its output tells."""
    found = re.match(r"Collecting ([\w.-]+)|Processing .*?([\w.]+)-\d[^/\\]*\.whl", line)
    return found and (found[1] or found[2])


def cause(printed: str) -> str:
    """The one line that tells a person why pip failed."""
    for pattern, meaning in CAUSES:
        if re.search(pattern, printed):
            return meaning
    if found := re.search(r"No matching distribution found for ([\w.-]+)", printed):
        version = "{}.{}".format(*sys.version_info)
        where = f"Python {version} on {platform.system()} {platform.machine()}"
        return f"{found[1]} has no ready-made build for {where}; try another Python from 3.10 on"
    errors = [line for line in printed.splitlines() if line.startswith("ERROR: ")]
    return errors[-1].removeprefix("ERROR: ") if errors else "pip failed and did not say why"


def remove(folder: str) -> None:
    """Delete `folder` if it is there. What cannot be deleted has no stamp and is replaced by the next run."""
    with contextlib.suppress(OSError):
        os.unlink(stamp(folder, "run"))
    with contextlib.suppress(OSError):
        os.unlink(folder)  # somebody's link to another place
    shutil.rmtree(folder, ignore_errors=True)


def say(line: str) -> None:
    """One step of the work. Standard output belongs to the program that follows."""
    print(line, file=sys.stderr, flush=True)


def show(line: str) -> None:
    """On a terminal, the line that changes in place; "" clears it."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Let one set-up at a time work in this checkout. The lock is on an open file: a crash frees it too."""
    with open(LOCK, "rb") as file:
        lock = lock_function()
        if not lock(file.fileno(), False):
            say("Another set-up is at work in this folder; waiting for it")
            while not lock(file.fileno(), True):
                pass
        yield


def lock_function() -> Callable[[int, bool], bool]:
    """How this platform locks an open file: (descriptor, wait for it) -> whether it is locked now."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415

        def lock(descriptor: int, wait: bool) -> bool:
            os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # past the end: others may go on reading the text
            try:
                msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                return False
            return True
    else:
        import fcntl  # noqa: PLC0415

        def lock(descriptor: int, wait: bool) -> bool:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            except OSError:  # a file system without locks; two first runs at once are unlikely there
                return True
            return True

    return lock


def signals() -> list[signal.Signals]:
    """The signals that ask us to end, less those that our parent told us to ignore (nohup)."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) != signal.SIG_IGN]


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Every signal that asks us to end raises Stopped, so that what was begun is taken back."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise Stopped(number)

    with handled(stop):
        yield


def unstoppable() -> contextlib.AbstractContextManager[None]:
    """Signals wait for nobody here: a second Ctrl-C must not stop the tidying up after the first."""
    return handled(signal.SIG_IGN)


@contextlib.contextmanager
def handled(handler: Callable[[int, FrameType | None], None] | signal.Handlers) -> Iterator[None]:
    """Give the signals that ask us to end to `handler` for the length of a block."""
    before = {number: signal.signal(number, handler) for number in signals()}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)
