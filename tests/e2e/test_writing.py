"""A film of three scenes written from nothing, with the keyboard alone, saved, changed from outside, and played."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import STAGE
from tests.e2e.music import tone
from tests.e2e.player import Player, started
from tests.e2e.sink import Sink
from tests.e2e.stage import Stage, until

pytestmark = pytest.mark.needs(*STAGE)

EMPTY = "needledrop: 1\nfilm:\n  title: The Long Night\n"
WRITTEN = """\
needledrop: 1
film:
  title: The Long Night

songs:
  harbor-lights: {title: Harbor Lights, media: ferry.wav}

scenes:
  - id: the-last-ferry
    title: The last ferry
    cues:
      - song: harbor-lights

  - id: the-diner
    title: The diner
    note: She orders nothing.

  - id: the-bridge
    title: The bridge
    cues:
      - song: harbor-lights
        gain: -6 dB
"""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Three lines, and a recording beside them."""
    tone(tmp_path / "ferry.wav", 400, 30)
    path = tmp_path / "night.yaml"
    path.write_text(EMPTY, "utf-8")
    return path


def scene(player: Player, title: str) -> None:
    player.press("shift+a")
    player.type(title)
    player.press("Return")


def cue(player: Player, song: str) -> None:
    player.press("a")
    player.type(song)
    player.press("Return")


def field(player: Player, downs: int, text: str) -> None:
    """Fill in the field so far below the first of the form, keep it, close."""
    player.press(*["Down"] * downs)
    player.type(text)
    player.press("ctrl+Return")


def test_a_film_is_written_from_nothing_with_keys_alone(stage: Stage, sink: Sink, film: Path) -> None:
    with started(stage, film) as player:
        scene(player, "The last ferry")
        cue(player, "Harbor Lights")
        player.press("e", "ctrl+Next")  # from the cue to its song
        field(player, 2, "ferry.wav")  # below title and artist
        scene(player, "The diner")
        player.press("Return")
        player.type("She orders nothing.")
        player.press("Return")
        scene(player, "The bridge")
        cue(player, "harb")
        player.press("e")
        field(player, 4, "-6 dB")  # below song, note, from and to
        player.press("ctrl+s")
        until(lambda: film.read_text("utf-8") == WRITTEN, f"the file; it is\n{film.read_text('utf-8')}")
        player.press("Home")
        player.go()
        sink.hears(400)
        film.write_text(WRITTEN.replace("The bridge", "The old bridge"), "utf-8")  # another program, while it plays
        sink.goes_on(400, seconds=1.5)
        player.press("End", "Up", "F2")
        player.press("End")
        player.type(" again")
        player.press("Return", "ctrl+s")
        until(lambda: "title: The old bridge again\n" in film.read_text("utf-8"), "both changes in the file")
        player.press("Home", "Down")
        player.go()
        player.go()
        sink.hears(400)
        player.press("Escape", "Escape", "ctrl+q")
        player.process.wait(10)
        assert player.process.returncode == 0


def test_quitting_with_unsaved_edits_asks_and_saves(stage: Stage, sink: Sink, film: Path) -> None:
    with started(stage, film) as player:
        scene(player, "The diner")
        player.press("ctrl+q")
        player.press("s")
        player.process.wait(10)
        assert "title: The diner" in film.read_text("utf-8")


def test_edits_of_a_player_that_was_killed_are_offered_again(stage: Stage, sink: Sink, film: Path) -> None:
    with started(stage, film) as player:
        scene(player, "The pier")
        kept = stage.home / ".local" / "share" / "needledrop" / "edits"
        until(lambda: any(b"The pier" in each.read_bytes() for each in kept.glob("*.edits")), "the journal")
        player.process.kill()
        player.process.wait(10)
    assert film.read_text("utf-8") == EMPTY
    with started(stage, film) as player:
        player.press("Return", "ctrl+s")
        until(lambda: "title: The pier" in film.read_text("utf-8"), "the edit in the file")
