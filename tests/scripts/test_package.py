"""What is installed and how: the lock file, the wheel, and the packages that CI installs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from player.cli import VERSION
from tests import conftest
from tests.scripts.checkout import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w-]", requirement, maxsplit=1)[0].lower() for requirement in requirements}


def test_the_lock_pins_every_dependency_by_hash_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    run, tests = lock.split("# For the tests only\n")
    pins = re.compile(r"^([\w-]+)==\S+.* \\\n(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", re.MULTILINE)
    assert names(PROJECT["dependencies"]) <= set(pins.findall(run))
    assert names(PROJECT["optional-dependencies"]["test"]) <= set(pins.findall(tests))
    assert re.sub(r"^#.*\n", "", pins.sub("", lock), flags=re.MULTILINE).strip() == ""
    assert "//" not in lock


def test_the_package_and_the_command_name_the_same_version() -> None:
    assert PROJECT["version"] == VERSION


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel as `pip install .` would build it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return zipfile.ZipFile(next(folder.glob("needledrop-*.whl")))


def test_the_wheel_holds_both_packages_and_every_asset(wheel: zipfile.ZipFile) -> None:
    files = (path for path in (ROOT / "assets").rglob("*") if path.is_file())
    assets = {f"player/{path.relative_to(ROOT).as_posix()}" for path in files}
    modules = {"player/__main__.py", "player/cli/__init__.py", "player/engine/mixer.py", "timeline/reader.py"}
    assert modules | assets | {"player/assets/films/the-runaways.yaml"} <= set(wheel.namelist())


def test_the_wheel_brings_the_command(wheel: zipfile.ZipFile) -> None:
    entry = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert wheel.read(entry).decode() == "[console_scripts]\nneedledrop = player.cli:main\n"


def test_the_assets_are_found_in_a_checkout_and_inside_an_installed_package(tmp_path: Path) -> None:
    package = tmp_path / "player"
    package.mkdir()
    shutil.copy(ROOT / "player" / "paths.py", package)
    ask = [sys.executable, "-c", "import paths; print(paths.assets())"]

    def found() -> str:
        return subprocess.run(ask, cwd=package, capture_output=True, text=True, check=True).stdout.strip()

    assert found() == str(tmp_path / "assets")
    (package / "assets").mkdir()
    assert found() == str(package / "assets")


def test_ci_installs_every_package_that_a_test_may_need() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    listed = re.search(r"packages=\((.*?)\)", script, re.DOTALL)
    assert listed is not None
    assert set(conftest.PACKAGES.values()) <= set(listed[1].split())


def needing(*things: str) -> pytest.Item:
    """A test marked `needs(*things)`, as far as the hook looks at it."""
    return SimpleNamespace(iter_markers=lambda _: [SimpleNamespace(args=things)])  # type: ignore[return-value]


def test_a_test_without_its_packages_is_skipped_with_the_command_that_helps(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(conftest.REQUIRE, raising=False)
    reason = r"^needs Xvfb, pactl, parec: apt install xvfb pulseaudio-utils$"
    with pytest.raises(pytest.skip.Exception, match=reason):
        conftest.pytest_runtest_setup(needing("Xvfb", "pactl", "parec"))


def test_where_packages_are_required_such_a_test_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(conftest.REQUIRE, "1")
    with pytest.raises(pytest.fail.Exception, match="needs xdotool: apt install xdotool"):
        conftest.pytest_runtest_setup(needing("xdotool"))


def test_a_test_cannot_need_what_no_package_is_known_for() -> None:
    with pytest.raises(KeyError, match="no-such-program"):
        conftest.missing(("no-such-program",))
