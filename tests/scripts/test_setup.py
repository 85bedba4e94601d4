"""The judgements behind the set-up: what is installed, what went wrong, what a killed run left."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.scripts.checkout import ROOT

LOCK = "crate==1.0\n# For the tests only\nprobe==2.0\n"


def load(name: str) -> ModuleType:
    """A module of the scripts folder, which is on nobody's path."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.pop(0)


setup = load("_setup")
install = load("_install")


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What an environment made from Python 3.11 looks like to the set-up, with `crate==1.0` installed."""
    base = tmp_path / "usr" / "python3.11"
    base.parent.mkdir()
    base.touch()
    venv = tmp_path / ".venv"
    python = Path(setup.python_in(str(venv)))
    python.parent.mkdir(parents=True)
    monkeypatch.setattr(setup, "base_python", lambda venv: str(Path(venv, "link").resolve()))
    (venv / "link").symlink_to(base)
    Path(setup.stamp(str(venv), "run")).write_text(f"{base.resolve()}\ncrate==1.0\n", encoding="utf-8")
    monkeypatch.setattr(install, "VENV", str(venv))
    monkeypatch.setattr(install, "OLD", f"{venv}.old")
    return venv


def test_the_lock_falls_into_what_the_player_needs_and_what_the_tests_add() -> None:
    assert setup.parts(LOCK) == {"run": "crate==1.0\n", "tests": "probe==2.0\n"}


def test_an_environment_is_ready_for_the_lines_it_was_made_from_and_no_others(venv: Path) -> None:
    assert setup.is_ready(str(venv), "run", "crate==1.0\n")
    assert not setup.is_ready(str(venv), "run", "crate==1.1\n")
    assert not setup.is_ready(str(venv), "tests", "probe==2.0\n")


def test_an_environment_whose_python_is_gone_is_not_ready(venv: Path) -> None:
    (venv / "link").resolve().unlink()
    assert not setup.is_ready(str(venv), "run", "crate==1.0\n")


def test_an_environment_whose_python_became_another_is_not_ready(venv: Path) -> None:
    (venv / "link").unlink()
    (venv / "link").symlink_to(sys.executable)
    assert not setup.is_ready(str(venv), "run", "crate==1.0\n")


def test_a_run_killed_while_it_replaced_an_environment_brings_the_old_one_back(venv: Path) -> None:
    venv.rename(install.OLD)
    venv.mkdir()
    install.restore()
    assert setup.is_ready(str(venv), "run", "crate==1.0\n")
    assert not Path(install.OLD).exists()


def test_a_run_killed_before_it_dropped_the_old_environment_keeps_the_new_one(venv: Path) -> None:
    Path(install.OLD).mkdir()
    install.restore()
    assert setup.is_ready(str(venv), "run", "crate==1.0\n")
    assert not Path(install.OLD).exists()


def test_a_linked_environment_is_dropped_without_touching_where_it_leads(venv: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "usr", target_is_directory=True)
    install.remove(str(link))
    assert not link.is_symlink()
    assert (tmp_path / "usr" / "python3.11").exists()


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("ERROR: Could not install: OSError: [Errno 28] No space left on device\n", "the disk is full"),
        (
            "WARNING: Retrying (Retry(total=1)) ...\nERROR: No matching distribution found for av==18.1.0\n",
            "no network (the first run fetches its packages once, about 70 MB)",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n    av==18.1.0:\n",
            "a package that arrived is not the one requirements.lock names",
        ),
        ("ERROR: Something new\nhint: none\n", "Something new"),
        ("", "pip failed and did not say why"),
    ],
)
def test_what_pip_prints_becomes_one_line(printed: str, told: str) -> None:
    assert install.cause(printed) == told


def test_a_package_without_a_build_for_this_python_is_named() -> None:
    told = install.cause("ERROR: No matching distribution found for pygame-ce==2.5.8\n")
    assert told.startswith(f"pygame-ce has no ready-made build for Python 3.{sys.version_info.minor} on ")


@pytest.mark.parametrize(
    ("line", "package"),
    [
        ("Collecting pygame-ce==2.5.8 (from -r /tmp/set/requirements.txt (line 474))\n", "pygame-ce"),
        ("Processing /my-2 wheels/av-18.1.0-cp311-abi3-linux.whl (from -r /tmp/requirements.txt)\n", "av"),
        ("Processing c:\\wheels\\pygame_ce-2.5.8-cp311-win_amd64.whl\n", "pygame_ce"),
        ("  Downloading av-18.1.0-cp311-abi3-linux.whl (37.1 MB)\n", None),
    ],
)
def test_the_package_that_pip_fetches_is_known(line: str, package: str | None) -> None:
    assert install.collected(line) == package


def test_progress_counts_only_what_this_platform_needs(capsys: pytest.CaptureFixture[str]) -> None:
    printed = "Ignoring tomli: \nCollecting av==18.1.0\nCollecting numpy==2.4.6\nInstalling collected\n"
    assert install.follow(printed.splitlines(keepends=True), total=3) == printed
    assert capsys.readouterr().err == "Fetching 2 packages\nInstalling them\n"
