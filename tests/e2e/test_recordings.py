"""A person's own recordings: a folder added while music plays, a song settled, one loudness, all by key."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.e2e.conftest import STAGE
from tests.e2e.music import RATE, tone
from tests.e2e.player import started
from tests.e2e.sink import Sink
from tests.e2e.stage import Stage, until

pytestmark = pytest.mark.needs(*STAGE)

FILM = """\
needledrop: 1

songs:
  ferry: {title: Ferry, media: ferry.wav}
  harbor: {title: Harbor Lights, artist: The Breakwaters}

scenes:
  - {id: one, title: The ferry, cues: [{song: ferry, until: end}]}
  - {id: two, title: The harbor, cues: [song: harbor]}
"""


def recording(path: Path, hertz: int, seconds: float, album: str) -> None:
    """A tagged recording of a steady tone, 6 dB softer than the others."""
    wave = 0.125 * np.sin(2 * np.pi * hertz / RATE * np.arange(round(seconds * RATE)))
    path.parent.mkdir(parents=True, exist_ok=True)
    with soundfile.SoundFile(path, "w", RATE, 1) as file:
        file.title, file.artist, file.album = "Harbor Lights", "The Breakwaters", album
        file.write(wave)


def chosen(stage: Stage) -> list[str]:
    """The files that were chosen."""
    path = stage.home / ".local" / "share" / "needledrop" / "links.sqlite"
    if not path.is_file():
        return []
    with contextlib.closing(sqlite3.connect(path)) as table:
        try:
            return [Path(file.decode()).name for (file,) in table.execute("SELECT file FROM choices")]
        except sqlite3.OperationalError:  # it is being made
            return []


def test_a_folder_is_added_and_a_song_settled_while_music_plays(stage: Stage, sink: Sink, tmp_path: Path) -> None:
    tone(tmp_path / "ferry.wav", 400, 90)
    recording(tmp_path / "music" / "studio.flac", 600, 30, "The Studio")
    recording(tmp_path / "music" / "second.flac", 800, 40, "A Second Time")
    film = tmp_path / "film.yaml"
    film.write_text(FILM, "utf-8")
    with started(stage, film) as player:
        player.go()
        sink.hears(400)
        player.press("slash")
        player.type("add a folder")
        player.press("Return")
        player.type(f"{tmp_path}/music/")
        player.press("Return")
        library = stage.home / ".local" / "share" / "needledrop" / "library.sqlite"
        until(library.is_file, "the library")
        sink.goes_on(400, seconds=2.0)
        player.press("m", "Down")  # it opens at the song on the card
        until(lambda: player.press("1") or chosen(stage), "the choice")  # as soon as the scan has found them
        sink.goes_on(400)
        player.press("Escape")
        player.go()
        picked = {"studio.flac": 600, "second.flac": 800}[chosen(stage)[0]]
        sink.hears(400, picked)
        before = sink.amplitude(picked)
        assert film.read_text("utf-8") == FILM
        player.press("slash")
        player.type("match all")
        player.press("Return", "ctrl+s")
        until(lambda: "loudness: -16 LUFS" in film.read_text("utf-8"), "the loudness in the file")
        player.press("m", "ctrl+Return", "Escape")
        written = f"media: music/{chosen(stage)[0]}"
        until(lambda: player.press("ctrl+s") or written in film.read_text("utf-8"), "the recording in the file")
        assert sink.amplitude(picked) == pytest.approx(before, rel=0.05)  # what sounds is not touched
