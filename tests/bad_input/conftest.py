"""A person with a machine of their own for each test, and a folder of shows that go wrong."""

from __future__ import annotations

import contextlib
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bad_input import material
from tests.bad_input.program import Person


@pytest.fixture(scope="session", autouse=True)
def _heard_signals() -> None:
    """Tests that run in the background or under nohup ignore signals, and so would the programs they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda number, frame: None)  # as deaf as before, but nobody inherits it


@contextlib.contextmanager
def _person(cache: Path) -> Iterator[Person]:
    base = Path(tempfile.mkdtemp(prefix="nd-"))
    for name in ("home", "run", "tmp"):
        (base / name).mkdir(mode=0o700)
    someone = Person(base, cache)
    yield someone
    left = someone.engines()
    for engine in left:
        engine.kill()
    shutil.rmtree(base, ignore_errors=True)
    assert not left, f"engines still ran: {left}"


@pytest.fixture
def person(cache: Path) -> Iterator[Person]:
    """Somebody who has a home, no display and a silent sound device; nothing of theirs runs on."""
    with _person(cache) as someone:
        yield someone


@pytest.fixture(scope="module")
def someone(cache: Path) -> Iterator[Person]:
    """The same, for what several tests look at."""
    with _person(cache) as someone:
        yield someone


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the program keeps what it has unpacked."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of recordings and MIDI files, good and bad; not to be written to."""
    return material.fill(tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for this test."""
    return tmp_path
