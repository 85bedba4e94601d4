"""The film clock in words: what is asked for, and what is told."""

from __future__ import annotations

from fractions import Fraction

import pytest

from player import actions as act
from player import text
from tests.show.rig import Stage
from tests.show.test_film_clock import NIGHT


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
    assert text.action(line, Stage(NIGHT).show) == asked


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
        "0:00:03.600 film runs, and no cue comes by it at 0:02.700",
    ]
