"""What `scripts/play` and `scripts/test` share: is the environment ready, and start a module in it.

Standard library only. This file is on the way of every start, so it imports next to nothing; `_install` does
the work of a first run and is loaded only then.
"""

from __future__ import annotations

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
LOCK = os.path.join(ROOT, "requirements.lock")
VENV = os.path.join(ROOT, ".venv")
TESTS_BEGIN = "# For the tests only"

INTERRUPTED = 130  # what a shell makes of Ctrl-C


class Failed(Exception):
    """Set-up cannot go on; the text is the one line to show."""


def parts(lock: str) -> dict[str, str]:
    """The lock file's lines by what needs them: "run" for the player, "tests" for what the tests add."""
    run, _, tests = lock.partition(TESTS_BEGIN + "\n")
    return {"run": run, "tests": tests}


def wanted(tests: bool) -> dict[str, str]:
    """The parts of this checkout's lock file that must be installed."""
    try:
        with open(LOCK, encoding="utf-8") as file:
            found = parts(file.read())
    except OSError as problem:
        raise Failed(f"cannot read {LOCK}: {problem.strerror}") from problem
    return found if tests else {"run": found["run"]}


def stamp(venv: str, part: str) -> str:
    """The file that says which lines of `part` the environment holds."""
    return os.path.join(venv, f"installed-{part}.txt")


def stamp_text(venv: str, lines: str) -> str:
    """What the stamp holds once `lines` are installed: the Python below the environment, then the lines."""
    return f"{base_python(venv)}\n{lines}"


def is_ready(venv: str, part: str, lines: str) -> bool:
    """Whether all of `lines` is installed, under a Python that is still there. Reads two small files."""
    try:
        with open(stamp(venv, part), encoding="utf-8") as file:
            held = file.read()
    except (OSError, UnicodeDecodeError):
        return False
    return os.path.isfile(base_python(venv)) and held == stamp_text(venv, lines)


def python_in(venv: str) -> str:
    """The environment's own Python."""
    return os.path.join(venv, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))


def base_python(venv: str) -> str:
    """The Python that the environment was made from, by its full name; "" if nothing tells.

    A new minor version has another name, so an environment left behind by an upgrade is seen.
    """
    if os.name != "nt":
        return os.path.realpath(python_in(venv))
    try:
        with open(os.path.join(venv, "pyvenv.cfg"), encoding="utf-8") as file:
            entries = dict(line.rstrip("\n").split(" = ", 1) for line in file if " = " in line)
    except (OSError, UnicodeDecodeError):
        return ""
    return os.path.join(entries.get("home", ""), "python.exe")


def start(command: list[str]) -> int:
    """Become `command`, run by the environment's Python; on Windows, run it and return its exit code.

    -I keeps the working folder and PYTHONPATH off the module path: a `yaml.py` lying beside somebody's film
    must not be imported. The checkout is found through a .pth file in the environment.
    """
    os.environ.pop("__PYVENV_LAUNCHER__", None)  # set on macOS: the next Python would take itself for this
    command = [python_in(VENV), "-I", *command]
    try:
        if os.name != "nt":
            os.execv(command[0], command)
        import subprocess  # noqa: PLC0415  only Windows pays for it

        process = subprocess.Popen(command)
    except OSError as problem:
        cure = "delete the folder .venv and try again"
        raise Failed(f"cannot start {command[0]}: {problem.strerror}; {cure}") from problem
    with process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # it got the same Ctrl-C, and decides
                pass


def run(module: list[str], tests: bool) -> int:
    """Set up what is missing, then start `module`, a name and its arguments. Returns the exit code."""
    try:
        needed = wanted(tests)
        if not all(is_ready(VENV, part, lines) for part, lines in needed.items()):
            import _install  # noqa: PLC0415  a start that finds everything ready must not load it

            _install.set_up(needed)
        return start(["-m", *module])
    except KeyboardInterrupt:
        print("Stopped; nothing was left half made.", file=sys.stderr)
        return INTERRUPTED
    except Failed as failure:
        print(f"Set-up failed: {failure}", file=sys.stderr)
        return 1
