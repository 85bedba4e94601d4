"""The film clock at the keys of a real window: cues come at their film times, to be heard where they should be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.e2e.conftest import DINER, FERRY, HARBOUR, STAGE, songs
from tests.e2e.music import second, stairs, tone
from tests.e2e.player import Player, started
from tests.e2e.sink import RATE, Sink, breaks, strength
from tests.e2e.stage import Stage, until

pytestmark = pytest.mark.needs(*STAGE)

NEAR = 0.1  # seconds
NIGHT = f"""\
needledrop: 1
film: {{title: The Night Film}}
defaults: {{fade-out: 0.1s}}
{songs("ferry", "harbour", "diner", "stairs")}\
scenes:
  - {{id: ferry, title: The ferry, at: 0:00:03, cues: [song: ferry]}}
  - {{id: harbour, title: The harbour, at: 0:00:05, cues: [song: harbour]}}
  - {{id: diner, title: The diner, at: "~0:00:07", cues: [song: diner]}}
  - {{id: stairs, title: The stairs, at: 0:10:00, cues: [song: stairs]}}
  - {{id: last, title: The last, at: 1:00:00}}
"""


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A film with a tone for each scene, and one that tells its seconds."""
    for name, hertz in (("ferry", FERRY), ("harbour", HARBOUR), ("diner", DINER)):
        tone(tmp_path / f"{name}.wav", hertz, 60)
    stairs(tmp_path / "stairs.wav", 60)
    path = tmp_path / "night.yaml"
    path.write_text(NIGHT, "utf-8")
    return path


@pytest.fixture
def player(stage: Stage, night: Path) -> Iterator[Player]:
    """The night film in its window, nothing started."""
    with started(stage, night) as running:
        yield running


def begins(sound: np.ndarray, hertz: int) -> float:
    """The second of `sound` at which a tone begins, to 10 ms."""
    step = RATE // 100
    windows = range(0, len(sound) - step, step)
    return next(at / RATE for at in windows if strength(sound[at : at + step], hertz) > 0.1)


def played(sound: np.ndarray, begin: float, end: float) -> float:
    """The seconds of `sound` from `begin` to `end` less its gaps, which a sound server makes on a busy machine."""
    step = RATE // 100
    pieces = [sound[at : at + step] for at in range(round(begin * RATE), round(end * RATE), step)]
    return sum(len(piece) for piece in pieces if np.abs(piece).max() > 0.01) / RATE


def test_cues_come_at_their_film_times_after_c(player: Player, sink: Sink) -> None:
    pressed = sink.frames
    player.press("c")
    sink.hears(DINER, within=20)
    sound = sink.sound(pressed, sink.frames - pressed)
    ferry, harbour, diner = (begins(sound, hertz) for hertz in (FERRY, HARBOUR, DINER))
    assert 2.9 < ferry < 4.5  # the key, the way to the engine and the sink's own delay; the song itself comes at 3
    assert played(sound, ferry, harbour) == pytest.approx(2, abs=NEAR)
    assert played(sound, ferry, diner) == pytest.approx(4, abs=NEAR)


def test_c_again_holds_what_is_to_come_and_alt_right_brings_it_nearer(player: Player, sink: Sink) -> None:
    player.press("c")
    sink.hears(FERRY, within=10)
    player.press("c")
    sink.goes_on(FERRY, seconds=3)
    player.press(*["alt+Right"] * 15)
    pressed = sink.frames
    player.press("c")
    sink.hears(HARBOUR)
    assert begins(sink.sound(pressed, sink.frames - pressed), HARBOUR) < 1.5  # without the nudges about 1.9


def test_g_jumps_to_a_film_time_and_the_song_comes_in_where_it_would_be(player: Player, sink: Sink) -> None:
    player.press("c", "g")
    player.type("0:10:20")
    pressed = sink.frames
    player.press("Return")
    first = second(sink.pitch(lambda hertz: second(hertz) >= 19))
    waited = (sink.frames - pressed) / RATE
    assert 20 <= first <= 20 + waited
    before, at = first, sink.frames
    later = second(sink.pitch(lambda hertz: second(hertz) >= before + 3))
    assert later - before == pytest.approx((sink.frames - at) / RATE, abs=1.1)


def test_shift_t_takes_the_clock_to_the_row_in_standby(player: Player, sink: Sink) -> None:
    player.press("c", "Down", "Down")
    pressed = sink.frames
    player.press("shift+t")
    sink.hears(DINER)
    assert begins(sink.sound(pressed, sink.frames - pressed), DINER) < 1.5
    player.press("Home", "shift+t")  # and back
    sink.hears(FERRY)
    sink.hears(HARBOUR, within=6)  # 2 s on in the film


def test_t_makes_an_estimate_a_time_that_the_file_and_the_next_viewing_have(
    player: Player, sink: Sink, night: Path
) -> None:
    clock = player.layout.next
    plain = player.picture(clock)
    player.press("c", "Down", "Down")
    until(lambda: not player.shows(clock, plain), "NEXT to tell of the diner")
    sink.hears(FERRY, within=10)
    player.press("t")  # at 3 s of the film and a little
    player.press("ctrl+s")
    until(lambda: "~" not in night.read_text("utf-8"), "the file to be saved")
    line = next(line for line in night.read_text("utf-8").splitlines() if "id: diner" in line)
    found = float(line.partition("at: ")[2].partition(",")[0].strip('"').rpartition(":")[2])
    assert 3 < found < 5
    assert line.startswith("  - {id: diner, title: The diner, at: ")
    player.press("c", "Escape", "Escape", "Home", "Down", "Down", "shift+t", "c")  # the clock stands at the new time
    sink.hears(DINER)


def test_no_sample_is_lost_where_a_cue_comes_by_the_film(player: Player, sink: Sink) -> None:
    player.press("c")
    sink.hears(FERRY, within=10)
    assert min(breaks(sink.next(0.2), FERRY) for _ in range(4)) < 1e-4
