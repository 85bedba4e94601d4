"""A film goes on in the engine's own process: without its window for a while, and in the next engine where one dies."""

from __future__ import annotations

import os
import re
import signal
import time

import pytest

from player.host.figures import Reader
from tests.host.test_process import Player, engines, linux, stamped, start, world  # noqa: F401  (fixtures)

RATE = 48_000
STRAY = 0.3  # seconds, in which the answer is on its way too
FILM = """
needledrop: 1
defaults: {fade-out: 0.1s}
songs: {a: {title: A, length: 90s}, b: {title: B, length: 90s}, c: {title: C, length: 90s}, d: {title: D, length: 90s}}
scenes:
- {id: one, title: One, at: 0:01, cues: [song: a]}
- {id: two, title: Two, at: 0:02.25, cues: [{song: b, to: 500ms, then: follow}, {song: c, pre-wait: 125ms}]}
- {id: three, title: Three, at: 0:05.5, cues: [{song: d, until: end}]}
- {id: four, title: Four, at: 0:09, cues: [song: a]}
"""


@pytest.fixture
def film(world):  # noqa: F811
    """Songs of silence."""
    (world[0] / "show.yaml").write_text(FILM, "utf-8")


def runs(player: Player) -> None:
    """Start the film. It begins with the engine's next block, a little after the line says so."""
    player.hear("in silence")  # the engine has answered
    player.say("film run")
    player.hear("film runs at 0:00.000")


def plays(player: Player, song: str) -> float:
    """The second of the engine's clock at which a song comes."""
    return stamped(player.hear(f"plays {song} "))


def begins(start) -> tuple[Player, float]:  # noqa: F811
    """The film runs, up to its first song; and the second of the engine's clock at which it began."""
    player = start()
    runs(player)
    return player, plays(player, "a") - 1


@linux
def test_a_window_that_hangs_for_five_seconds_holds_up_no_cue_and_no_chain(world, start, film):  # noqa: F811
    player = start()
    runs(player)
    reader = Reader(next((world[0] / "run").glob("*/*.figures")))
    player.process.send_signal(signal.SIGSTOP)
    time.sleep(5)
    figures = reader.read()
    player.process.send_signal(signal.SIGCONT)
    assert len(figures.voices) == 1  # c, by its chain
    begun = plays(player, "a") - 1
    assert figures.clock / RATE - begun == pytest.approx(5, abs=STRAY)
    assert [plays(player, song) - begun for song in "bcd"] == pytest.approx([2.25, 2.875, 5.5], abs=0.0011)
    player.say("state")
    assert "film runs at 0:05." in player.hear("state")
    assert player.quit() == 0


@linux
def test_after_an_engine_has_died_the_film_is_where_it_would_be(world, start, film):  # noqa: F811
    player, begun = begins(start)
    came = plays(player, "c")
    began = time.monotonic()
    os.kill(engines(world)[0], signal.SIGKILL)
    player.hear("the sound engine is back")
    player.say("state")
    line = player.hear("state")
    assert stamped(line) - came == pytest.approx(time.monotonic() - began, abs=STRAY)
    minutes, seconds = map(float, re.search(r"film runs at (\d+):([\d.]+)", line).groups())
    assert 60 * minutes + seconds == pytest.approx(stamped(line) - begun, abs=0.0021)
    assert plays(player, "d") - begun == pytest.approx(5.5, abs=0.0011)
    player.say("film -500ms")  # it still is a film that hands can move
    player.hear("film runs at")
    assert plays(player, "a") - begun == pytest.approx(9.5, abs=0.0011)
    assert player.quit() == 0


@linux
def test_a_cue_that_is_due_while_no_engine_lives_is_heard_from_where_it_would_be(world, start, film):  # noqa: F811
    player, begun = begins(start)
    plays(player, "c")
    player.process.send_signal(signal.SIGSTOP)  # so that nobody starts an engine before d is due
    os.kill(engines(world)[0], signal.SIGKILL)
    time.sleep(3)
    player.process.send_signal(signal.SIGCONT)
    player.hear("the sound engine is back")
    assert plays(player, "d") - begun == pytest.approx(5.5, abs=0.0011)
    player.say("state")
    line = player.hear("state")
    seconds = float(re.search(r'd "D" \([^)]*\) at 0:([\d.]+)', line)[1])
    assert seconds == pytest.approx(stamped(line) - begun - 5.5, abs=0.0021)
    assert player.quit() == 0
