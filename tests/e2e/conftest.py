"""One stage with its recording for all tests here; the keys are real, and so is the sound."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e import stage as stages
from tests.e2e.music import stairs, tone
from tests.e2e.player import Player, started
from tests.e2e.sink import Sink
from tests.e2e.stage import Stage

# What a stage is made of; a test that uses one says @pytest.mark.needs(*STAGE).
STAGE = ("Xvfb", "openbox", "xdotool", "xprop", "xwininfo", "pulseaudio", "pactl", "parec")

FERRY, HARBOUR, DINER, LAST = 400, 500, 600, 700  # Hz: the songs of the film below


def songs(*names: str) -> str:
    """The songs of a timeline, each with the recording that is called like it."""
    return "songs:\n" + "".join(f"  {name}: {{title: {name.capitalize()}, media: {name}.wav}}\n" for name in names)


FILM = f"""\
needledrop: 1
film: {{title: The Tone Film}}
defaults: {{fade-out: 0.5s}}
{songs("ferry", "harbour", "diner", "last", "stairs")}\
scenes:
  - {{id: ferry, number: "1", title: The ferry, cues: [song: ferry]}}
  - {{id: harbour, number: "2", title: The harbour, cues: [song: harbour]}}
  - {{id: diner, number: "3", title: The diner, cues: [song: diner]}}
  - {{id: bridge, number: "4", title: The bridge}}
  - {{id: stairs, number: "5", title: The stairs, cues: [song: stairs]}}
  - {{id: tower, number: "6", title: The tower}}
  - {{id: roof, number: "7", title: The roof}}
  - {{id: rain, number: "8", title: The rain}}
  - {{id: bus, number: "9", title: The bus}}
  - {{id: station, number: "10", title: The station}}
  - {{id: train, number: "11", title: The train}}
  - {{id: border, number: "12", title: The border, cues: [song: last]}}
"""


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """A virtual screen and a sound server, for all tests."""
    with stages.stage() as made:
        yield made


@pytest.fixture(scope="session")
def recording(stage: Stage) -> Iterator[Sink]:
    """The sink's monitor, recorded from the first test to the last."""
    made = Sink(stage, (FERRY, HARBOUR, DINER, LAST))
    yield made
    made.close()


@pytest.fixture
def sink(recording: Sink) -> Sink:
    """The recording, which is silent when a test begins."""
    recording.hears()
    return recording


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tone film: 12 scenes, 5 with a song, each a tone of its own."""
    folder = tmp_path_factory.mktemp("tones")
    for name, hertz in (("ferry", FERRY), ("harbour", HARBOUR), ("diner", DINER), ("last", LAST)):
        tone(folder / f"{name}.wav", hertz, 60)
    stairs(folder / "stairs.wav", 60)
    path = folder / "tones.yaml"
    path.write_text(FILM, encoding="utf-8")
    return path


class Keeper:
    """One player for the tests of a module: starting one takes longer than most of them."""

    def __init__(self, stage: Stage, film: Path) -> None:
        self._stage, self._film = stage, film
        self._stack = ExitStack()
        self._player: Player | None = None
        self._failed = 0

    def player(self, failed: int) -> Player:
        """The player, silent and at its first scene; a new one after a test that failed."""
        if self._player is None or failed != self._failed:
            self.close()
            self._player = self._stack.enter_context(started(self._stage, self._film))
            self._failed = failed
        else:
            self._player.rewind()
        return self._player

    def close(self) -> None:
        """End the player."""
        self._stack.close()
        self._player = None


@pytest.fixture(scope="module")
def keeper(stage: Stage, film: Path) -> Iterator[Keeper]:
    """Keeps the player of a module."""
    made = Keeper(stage, film)
    yield made
    made.close()


@pytest.fixture
def player(request: pytest.FixtureRequest, keeper: Keeper, recording: Sink) -> Player:
    """The tone film in its window, silent, standby at the first scene, everything as it was set at the start."""
    given = keeper.player(request.session.testsfailed)
    recording.hears()
    return given
