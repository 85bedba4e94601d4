"""Every way out: the exit code, and nothing left behind but, after a crash, the music."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import FERRY, HARBOUR, STAGE
from tests.e2e.player import Player, left_over, process, started
from tests.e2e.sink import Sink
from tests.e2e.stage import Stage, until

pytestmark = pytest.mark.needs(*STAGE)
CTRL_C = b"\x03"
TYPED_HERE = ("setsid", "--ctty")  # a terminal of the program's own: what is typed there reaches it as a signal


@pytest.fixture
def player(stage: Stage, sink: Sink, film: Path) -> Iterator[Player]:
    with started(stage, film) as running:
        yield running


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """A terminal: the end where a person types and reads, and the program's end."""
    ours, theirs = os.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def test_ctrl_q_quits_and_leaves_nothing(player: Player) -> None:
    player.press("ctrl+q")
    assert player.ends() == 0
    assert left_over(player.stage) == []


def test_ctrl_q_asks_while_something_plays(player: Player, sink: Sink) -> None:
    player.go()
    sink.hears(FERRY)
    player.press("ctrl+q")
    sink.goes_on(FERRY)
    player.press("Escape")  # the question goes, the music stays
    sink.goes_on(FERRY)
    player.press("ctrl+q", "Return")
    assert player.ends() == 0
    sink.hears()
    assert left_over(player.stage) == []


def test_a_window_that_is_asked_to_end_takes_the_music_with_it(player: Player, sink: Sink) -> None:
    player.go()
    sink.hears(FERRY)
    player.process.send_signal(signal.SIGTERM)
    assert player.ends() == 143
    sink.hears()
    assert left_over(player.stage) == []


def test_ctrl_c_in_the_terminal_ends_the_window(
    stage: Stage, film: Path, sink: Sink, terminal: tuple[int, int]
) -> None:
    ours, theirs = terminal
    with process(stage, film, before=TYPED_HERE, stdin=theirs, stdout=theirs, stderr=theirs) as running:
        player = Player(stage, running)
        player.appear()
        player.go()
        sink.hears(FERRY)
        os.write(ours, CTRL_C)
        assert player.ends() == 130
        sink.hears()
        assert left_over(stage) == []
    assert "Traceback" not in os.read(ours, 1 << 16).decode()


def test_ctrl_c_ends_a_show_in_the_terminal(
    stage: Stage, film: Path, sink: Sink, terminal: tuple[int, int]
) -> None:
    ours, theirs = terminal
    command = (film, "--text")
    with process(stage, *command, before=TYPED_HERE, stdin=theirs, stdout=theirs, stderr=theirs) as running:
        os.write(ours, b"go\n")
        sink.hears(FERRY)
        os.write(ours, CTRL_C)
        assert running.wait(10) == 130
        sink.hears()
        until(lambda: left_over(stage) == [], "the engine to end")
    assert "Traceback" not in os.read(ours, 1 << 16).decode()


def test_the_music_outlives_a_killed_window_and_a_new_window_takes_over(
    stage: Stage, film: Path, sink: Sink
) -> None:
    with started(stage, film) as first:
        first.go()
        sink.hears(FERRY)
        first.process.kill()
        first.process.wait()
        sink.goes_on(FERRY, seconds=1.0)
        with started(stage, film) as second:
            sink.goes_on(FERRY)
            second.go()
            sink.hears(HARBOUR)
