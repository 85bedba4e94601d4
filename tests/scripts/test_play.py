"""`scripts/play` on a machine that has nothing but Python, with and without luck."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scripts.checkout import Checkout, make_checkout

NO_NETWORK = (
    "Set-up failed: no network (the first run fetches its packages once, about 70 MB); "
    "nothing was left half made"
)
NO_ENSUREPIP = "sys.modules['ensurepip'] = None"
NOBODY_LISTENS = {"PIP_FIND_LINKS": "", "PIP_NO_INDEX": "0", "PIP_INDEX_URL": "http://127.0.0.1:9/"}


@pytest.fixture
def fresh(tmp_path: Path) -> Checkout:
    """A checkout that nothing was set up in."""
    return make_checkout(tmp_path)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout after its first run; what a test changes in it, it puts back."""
    made = make_checkout(tmp_path_factory.mktemp("ready"))
    made.venv.mkdir()
    (made.venv / "half made").touch()
    (made.root / "first run.txt").write_text(made.play().stderr, encoding="utf-8")
    return made


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of what a failed run said, after checking that all before it are steps of the work."""
    *steps, last = done.stderr.splitlines()
    assert all(step.startswith(("Making ", "Fetching ", "Installing ", "Unpacking ")) for step in steps)
    assert done.stdout == ""
    return last


def test_a_first_run_tells_each_step_and_starts_the_player(ready: Checkout) -> None:
    steps = (ready.root / "first run.txt").read_text(encoding="utf-8").splitlines()
    assert steps[0].startswith("Making an environment for Python 3.")
    assert steps[1:3] == ["Fetching 1 packages", "Installing them"]
    assert steps[3] == "Unpacking the sound font"
    assert steps[4].startswith("Ready after ")
    assert len(steps) == 5


def test_what_a_killed_run_left_is_replaced(ready: Checkout) -> None:
    assert not (ready.venv / "half made").exists()


def test_arguments_folder_and_exit_code_pass_through_untouched(ready: Checkout, tmp_path: Path) -> None:
    done = ready.play("", "two words", "--three=*", "fail", folder=tmp_path)
    told = json.loads(done.stdout)
    assert told["arguments"] == ["", "two words", "--three=*", "fail"]
    assert told["folder"] == str(tmp_path)
    assert done.returncode == 7


def test_modules_lying_in_the_working_folder_are_not_taken_for_ours(ready: Checkout, tmp_path: Path) -> None:
    (tmp_path / "crate.py").write_text("raise SystemExit('the wrong crate')", encoding="utf-8")
    done = ready.play(folder=tmp_path, changes={"PYTHONPATH": str(tmp_path)})
    assert json.loads(done.stdout)["crate"].startswith(str(ready.venv))


def test_a_later_run_needs_neither_pip_nor_network(ready: Checkout) -> None:
    done = ready.play(changes={"PIP_FIND_LINKS": "nowhere"})
    assert (done.returncode, done.stderr) == (0, "")


def test_a_checkout_that_moved_still_plays(ready: Checkout) -> None:
    moved = Checkout(root=ready.root.with_name("moved"), index=ready.index)
    ready.root.rename(moved.root)
    try:
        done = moved.play()
    finally:
        moved.root.rename(ready.root)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_changed_lock_is_installed_and_without_network_all_stays_as_it_was(
    ready: Checkout, fresh: Checkout
) -> None:
    assert fresh.play(pretend=ready.quick).returncode == 0
    fresh.lock("2.0")
    assert one_line(fresh.play(pretend=ready.quick, changes=NOBODY_LISTENS)) == NO_NETWORK
    assert not fresh.root.joinpath(".venv.old").exists()
    fresh.lock("1.0")
    assert fresh.play(changes={"PIP_FIND_LINKS": "nowhere"}).stderr == ""
    fresh.lock("2.0")
    assert fresh.play(pretend=ready.quick).returncode == 0
    assert [path.name for path in fresh.venv.rglob("crate-*.dist-info")] == ["crate-2.0.dist-info"]


def test_a_first_run_without_network_leaves_nothing(ready: Checkout, fresh: Checkout) -> None:
    done = fresh.play(pretend=ready.quick, changes=NOBODY_LISTENS)
    assert one_line(done) == NO_NETWORK
    assert done.returncode == 1
    assert sorted(path.name for path in fresh.root.iterdir()) == ["player", "requirements.lock", "scripts"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_while_fetching_leaves_nothing(
    ready: Checkout, fresh: Checkout, number: signal.Signals
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        environment = fresh.environment({**NOBODY_LISTENS, "PIP_INDEX_URL": index})
        command = fresh.command(pretend=ready.quick)
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as playing:
            silent.settimeout(60)
            with silent.accept()[0]:  # pip has come as far as asking for a package, and waits for the answer
                playing.send_signal(number)
                said = playing.communicate(timeout=60)[1]
    assert said.splitlines()[1:] == ["Stopped; nothing was left half made."]
    assert playing.returncode == 130
    assert not fresh.venv.exists()


def test_a_python_that_is_too_old_is_told_in_one_line(fresh: Checkout) -> None:
    done = fresh.play(pretend="sys.version_info = (3, 9, 18, 'final', 0)")
    assert one_line(done) == "scripts/play needs Python 3.10 or newer; this is Python 3.9."
    assert done.returncode == 1


def programs(folder: Path, *names: str) -> str:
    """A PATH on which just these programs lie; none of them does anything."""
    for name in names:
        (folder / name).write_text("", encoding="utf-8")
        (folder / name).chmod(0o755)
    return str(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Debian's split of Python")
def test_debian_without_venv_gets_the_one_command_that_helps(fresh: Checkout, tmp_path: Path) -> None:
    done = fresh.play(pretend=NO_ENSUREPIP, changes={"PATH": programs(tmp_path, "apt-get")})
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    sudo = "" if os.geteuid() == 0 else "sudo "
    assert one_line(done) == (
        f"Set-up failed: Python {version} lacks its venv module; run this, then try again: "
        f"{sudo}apt install python{version}-venv"
    )
    assert not fresh.venv.exists()


def test_another_system_without_venv_is_told_what_lacks(fresh: Checkout, tmp_path: Path) -> None:
    done = fresh.play(pretend=NO_ENSUREPIP, changes={"PATH": programs(tmp_path)})
    assert one_line(done).endswith("lacks its venv and ensurepip modules; install all of it, then try again")


def test_a_folder_that_cannot_be_written_is_named(fresh: Checkout) -> None:
    refuse = "def refuse(*_): raise PermissionError(13, 'Permission denied')\nos.mkdir = refuse"
    done = fresh.play(pretend=refuse)
    assert one_line(done) == f"Set-up failed: {fresh.venv}: Permission denied; nothing was left half made"


def test_a_missing_lock_file_is_one_line(fresh: Checkout) -> None:
    lock = fresh.root / "requirements.lock"
    lock.unlink()
    assert one_line(fresh.play()) == f"Set-up failed: cannot read {lock}: No such file or directory"
