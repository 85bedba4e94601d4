"""The film clock in words: what is asked for, and what is told."""

from __future__ import annotations

from fractions import Fraction

import pytest
from msgspec.structs import replace

from player import actions as act
from player import text
from player.projection import Reel
from tests.show.rig import Rising, Stage
from tests.show.test_film_clock import NIGHT

RATE = 48_000


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("film run", act.RollFilm(True)),
        ("film stop", act.RollFilm(False)),
        ("film", act.RollFilm()),
        ("film here", act.TapFilm()),
        ("film 0:24:00.5", act.SetFilm(Fraction(2881, 2))),
        ("film +0.1s", act.NudgeFilm(Fraction(1, 10))),
        ("film -100ms", act.NudgeFilm(Fraction(-1, 10))),
        ("standby film", act.StandbyAtFilm()),
    ],
)
def test_a_line_asks_for_the_clock(line, asked):
    assert text.action(line, Stage(NIGHT, reel=Reel()).show) == asked


@pytest.mark.parametrize("line", ["film 24", "film +later", "film sooner"])
def test_a_line_that_is_no_film_time_is_told(line):
    with pytest.raises(text.Mistake):
        text.action(line, Stage(NIGHT).show)


def test_the_clock_is_told_when_a_hand_moves_it_and_what_comes_by_it():
    stage = Stage(NIGHT)
    said: list[str] = []
    script = ["film run", "wait 2.5s", "film +0.1s", "film stop", "wait 1s", "film run", "wait 100ms", "panic"]
    text.run_virtual(stage.session, stage.engine, script, said.append)
    assert [line for line in said if " film " in line or " plays " in line.partition('"')[0]] == [
        "0:00:00.000 film runs at 0:00.000",
        '0:00:02.000 plays a "A" (recording)',
        "0:00:02.500 film runs at 0:02.600",
        "0:00:02.500 film stands at 0:02.600",
        "0:00:03.500 film runs at 0:02.600",
        "0:00:03.600 film runs, and no cue comes by it, at 0:02.700",
    ]


def played(*script: str) -> tuple[list[int], list[str]]:
    """The song frame that is heard at each frame of a script (0: silence, or a song's first), and what was told."""
    stage = Stage(NIGHT.replace("{fade-out: 1s}", "{fade-out: 0s}"), block=997, material=Rising)
    said: list[str] = []
    text.run_virtual(stage.session, stage.engine, script, said.append)
    return (stage.heard() * 2**20).round().astype(int).tolist(), said


def test_the_words_of_the_clock_hold_to_the_frame():
    heard, said = played("wait 7 frames", "film run", "wait 2s", "wait 3 frames", "state")
    begins = 7 + 2 * RATE
    assert heard[begins - 1 : begins + 3] == [0, 0, 1, 2]
    assert said[-1] == (
        '0:00:02.000 state running; film runs at 0:02.000; standby 2 two "Two": plays B; '
        'plays a "A" (recording) at 0:00.000 of 0:10.000 (0.0 dB); level +0 dB'
    )


def test_a_pause_of_everything_holds_the_clock_to_the_frame():
    script = ("film run", "wait 1s", "pause", "wait 12345 frames", "state", "resume", "wait 1s", "wait 3 frames")
    heard, said = played(*script)
    begins = 2 * RATE + 12_345
    assert heard[begins - 1 : begins + 3] == [0, 0, 1, 2]
    assert any("state paused; film is paused at 0:01.000;" in line for line in said)


def test_a_stopped_clock_holds_what_is_to_come_to_the_frame():
    heard, _ = played("film run", "wait 1s", "film stop", "wait 999 frames", "film run", "wait 1s", "wait 3 frames")
    begins = 2 * RATE + 999
    assert heard[begins - 1 : begins + 3] == [0, 0, 1, 2]


def test_a_nudge_moves_what_is_to_come_to_the_frame():
    heard, said = played("film run", "wait 1s", "film +0.25s", "film -1ms", "wait 1s")
    begins = 2 * RATE - 12_000 + 48
    assert heard[begins - 1 : begins + 3] == [0, 0, 1, 2]
    assert said[2:4] == ["0:00:01.000 film runs at 0:01.250", "0:00:01.000 film runs at 0:01.249"]


def test_a_jump_brings_in_a_song_at_the_frame_where_it_would_be_and_goes_on_from_there():
    heard, said = played("film run", "wait 100 frames", "film 0:00:04.5", "wait 2s")
    assert said[1:5] == [
        "0:00:00.000 film runs at 0:00.000",
        "0:00:00.002 film runs at 0:04.500",
        '0:00:00.002 plays a "A" (recording)',
        '0:00:00.002 standby 2 two "Two": plays B',
    ]
    assert heard[100 + 20_000] == 5 * RATE // 2 + 20_000  # behind the edge of the jump
    begins = 100 + 3 * RATE // 2
    assert heard[begins - 1 : begins + 3] == [0, 0, 1, 2]
    assert '0:00:01.502 plays b "B" (recording)' in said


def test_a_jump_of_a_standing_clock_waits_for_it_to_run():
    heard, said = played("film run", "film stop", "film 0:00:20.0", "wait 10 frames", "film run", "wait 4 frames")
    assert heard[8:14] == [0, 0, 0, 1, 2, 3]
    assert said[3] == "0:00:00.000 film stands at 0:20.000"


def test_a_jump_tells_each_song_that_it_brings_in_once():
    _, said = played("film run", "film 0:00:04.5", "wait 1s", "state", "film 0:00:20", "wait 1s", "film stop")
    assert [line for line in said if " plays " in line.partition('"')[0]] == [
        '0:00:00.000 plays a "A" (recording)',
        '0:00:01.000 plays d "D" (recording)',
    ]


def test_go_there_tells_the_songs_that_it_brings_in():
    _, said = played("standby two", "go there", "wait 1s", "undo")
    assert '0:00:00.000 plays b "B" (recording)' in said


def test_a_time_for_a_standing_clock_moves_standby_to_its_scene_as_g_does():
    _, said = played("film run", "film stop", "film 0:00:06", "film 0:00:01", "film run", "film 0:00:21")
    assert [line[12:] for line in said[3:]] == [
        "film stands at 0:06.000",
        'standby 2 two "Two": plays B',
        "film stands at 0:01.000",  # before the first scene: standby stays
        "film runs at 0:01.000",
        'standby 1 one "One": plays A',  # what comes next
        "film runs at 0:21.000",
        'plays d "D" (recording)',
        "standby end",
    ]


def test_a_time_sets_a_clock_that_was_not_started_too():
    _, said = played("standby end", "film 0:00:03", "film run")
    assert [line[12:] for line in said[2:]] == [
        "film stands at 0:03.000",
        'standby 1 one "One": plays A',
        "film runs at 0:03.000",
        'plays a "A" (recording)',
        'standby 2 two "Two": plays B',
    ]


def test_what_asks_too_much_of_the_clock_is_told():
    show = Stage(NIGHT).show
    for line in ("film stop", "film +1s", "standby film"):
        with pytest.raises(text.Mistake, match="no film clock was started; film run starts it"):
            text.action(line, show)
    with pytest.raises(text.Mistake, match="the scene in standby has no film time"):
        text.action("film here", replace(show, standby=2))
    in_a_set = replace(show, plan=replace(show.plan, set_id="friday"))
    for line in ("film run", "film 0:00:06", "film here", "standby film"):
        with pytest.raises(text.Mistake, match="a set has no film times"):
            text.action(line, in_a_set)


def test_film_here_takes_the_clock_to_the_step_in_standby():
    heard, said = played("film run", "standby four", "film here", "wait 4 frames", "state")
    assert heard == [0, 1, 2, 3]
    assert "film runs at 0:20.000" in said[-1]
