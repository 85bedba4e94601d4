"""What all tests share: the marker `needs` for programs and libraries that no Python package brings, and `--long`."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

# What a test may need -> the Debian package that brings it. Names that begin with "lib" are shared libraries.
PACKAGES = {
    "Xvfb": "xvfb",
    "ffmpeg": "ffmpeg",
    "libportaudio": "libportaudio2",
    "openbox": "openbox",
    "pacat": "pulseaudio-utils",
    "pactl": "pulseaudio-utils",
    "parec": "pulseaudio-utils",
    "pulseaudio": "pulseaudio",
    "xdotool": "xdotool",
    "xprop": "x11-utils",
    "xwininfo": "x11-utils",
}

# Set where every package can be installed, so that a test cannot go missing unnoticed.
REQUIRE = "NEEDLEDROP_REQUIRE_PACKAGES"

# Set where a test of random cases is to take its time; read when such a test is imported.
LONG = "NEEDLEDROP_LONG"


def is_there(name: str) -> bool:
    """Whether the program, or for a name that begins with "lib" the library, can be found."""
    if name.startswith("lib"):
        return ctypes.util.find_library(name.removeprefix("lib")) is not None
    return shutil.which(name) is not None


def missing(names: tuple[str, ...]) -> str | None:
    """What is missing and the one command that brings it; None if all of `names` are there."""
    packages = {name: PACKAGES[name] for name in names}  # an unknown name fails, there or not
    absent = [name for name in names if not is_there(name)]
    if not absent:
        return None
    install = " ".join(dict.fromkeys(packages[name] for name in absent))
    return f"needs {', '.join(absent)}: apt install {install}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="try far more cases where tests try cases of chance")


def heed_signals() -> None:
    """Let programs started here hear an interrupt and a hang-up, also where whoever runs the tests ignores these.

    A program inherits what its parent ignores, as under nohup or in the background of a script, but no handler.
    """
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


def pytest_configure(config: pytest.Config) -> None:
    heed_signals()
    if config.getoption("--long"):
        os.environ[LONG] = "1"
    if os.environ.get(REQUIRE) == "1":  # the same cases each time: what CI finds, everybody can find
        settings.register_profile("steady", derandomize=True)
        settings.load_profile("steady")
    config.addinivalue_line("markers", "needs(*names): skip where these programs or libraries are missing")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        reason = missing(mark.args)
        if reason and os.environ.get(REQUIRE) == "1":
            pytest.fail(reason, pytrace=False)
        if reason:
            pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _nobodys_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEEDLEDROP_DATA", str(tmp_path_factory.mktemp("data")))
        yield
