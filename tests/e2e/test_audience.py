"""The audience screen on a real screen: a second window, and a film whose flash and beep come together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.e2e import flash
from tests.e2e.conftest import STAGE
from tests.e2e.flash import Eye
from tests.e2e.music import tone
from tests.e2e.player import Player, started
from tests.e2e.sink import Sink, Sound
from tests.e2e.stage import Stage, until

pytestmark = pytest.mark.needs(*STAGE)

TIMES = tuple(range(3, 60, 2))
FILM = """\
needledrop: 1
film: {{title: Flash, video: flash.mkv}}
songs: {{beep: {{title: Beep, artist: The Clocks, media: beep.wav}}}}
scenes:
{scenes}
"""
SET = """\
needledrop: 1
songs: {tide: {title: Low Tide, artist: The Breakwaters, bpm: 120, meter: 4/4, media: tide.wav}}
scenes: [{id: pier, title: The pier}]
sets:
  friday:
    title: Friday late set
    songs:
      - {song: tide, count: 1 bar, note: Tune down}
      - {song: tide, gap: 30s}
"""
TOGETHER = 0.020


@pytest.fixture
def film(tmp_path: Path) -> Path:
    flash.film(tmp_path / "flash.mkv", TIMES, TIMES[-1] + 2)
    tone(tmp_path / "beep.wav", 1000, 0.2)
    scenes = [f"  - {{id: s{at}, title: At {at}, at: 0:{at:02}, cues: [song: beep]}}" for at in TIMES]
    path = tmp_path / "flash.yaml"
    path.write_text(FILM.format(scenes="\n".join(scenes)), "utf-8")
    return path


@pytest.fixture
def player(stage: Stage, film: Path) -> Iterator[Player]:
    with started(stage, film) as running:
        yield running


def opened(player: Player, name: str = "Flash - Audience") -> tuple[int, int, int, int]:
    """Where the audience's window is, once it is there and shows something."""
    player.press("F9")
    places: list[tuple[int, int, int, int] | None] = [None]

    def stands() -> bool:
        places.append(flash.window(player.stage, name))
        place = places[-1]
        return place is not None and place == places[-2] and bool(player.stage.pixels(*place).any())

    until(stands, "the audience screen")
    place = places[-1]
    assert place is not None
    return place


def onsets(sound: Sound) -> list[int]:
    """The frames at which a beep begins after silence."""
    places = np.flatnonzero(np.abs(sound) > 0.02)
    return [int(at) for n, at in enumerate(places) if not n or at - places[n - 1] > 24_000]


def test_f9_shows_a_second_window_and_takes_it_away(player: Player) -> None:
    _, _, wide, high = opened(player)
    assert (wide, high) == (960, 540)
    player.press("space")  # it goes to the show wherever the keys are
    until(lambda: player.status.voices, "the beep")
    player.press("F9")
    until(lambda: flash.window(player.stage, "Flash - Audience") is None, "the end of the audience screen")


def test_in_a_set_it_shows_the_songs_and_neither_count_in_nor_gap(stage: Stage, tmp_path: Path) -> None:
    tone(tmp_path / "tide.wav", 440, 2.0)
    path = tmp_path / "operators-file.yaml"
    path.write_text(SET, "utf-8")
    with started(stage, path, "--set", "friday") as player:
        x, y, wide, high = opened(player, "Friday late set - Audience")
        player.park()

        def seen() -> bool:
            return bool(stage.pixels(x + wide // 16, y + high // 8, wide * 7 // 8, high * 3 // 4).any())

        player.press("space")
        until(lambda: player.status.voices, "the count-in")
        until(lambda: not seen(), "black while it counts")
        until(seen, "the song")
        until(lambda: not seen(), "black in the gap")
        assert not player.status.voices
        player.press("Tab")
        until(lambda: flash.window(stage, "Needledrop - Audience"), "the name of a film without a title")


def test_flash_and_beep_come_together(player: Player, sink: Sink) -> None:
    """Three times in a row. A machine that has other things to do gets more than one chance; a lag has none."""
    x, y, wide, high = opened(player)
    begin = sink.frames
    eye = Eye(player.stage, x + wide // 4, y + high // 4)
    apart: list[float] = []

    def together() -> bool:
        heard = [sink.moment(begin + at) for at in onsets(sink.sound(begin, sink.frames - begin))]
        pairs = [(seen, min(heard, key=lambda at: abs(at - seen))) for seen in list(eye.rises) if heard]
        apart[:] = [seen - at for seen, at in pairs if abs(seen - at) < 0.5]
        return any(max(map(abs, apart[at : at + 3])) < TOGETHER for at in range(len(apart) - 2))

    player.press("c")
    try:
        until(together, lambda: f"three; flash after beep: {[round(each, 3) for each in apart]}", TIMES[-1] + 5)
    finally:
        eye.close()
