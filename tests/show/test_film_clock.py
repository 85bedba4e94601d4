"""The film clock: what it shows, and what comes by it, to the frame."""

from __future__ import annotations

from fractions import Fraction

from msgspec.structs import replace

from player.film import Reel, film_time
from player.show import Show
from tests.show.rig import plan_of

NIGHT = """
songs: {a: {title: A}}
scenes:
- {id: one, title: One, at: 0:10, cues: [song: a]}
"""


def test_the_clock_shows_the_film_time_of_a_frame_while_it_runs_and_stands():
    show = Show(plan_of(NIGHT))
    assert film_time(show, 48_000) is None
    stands = replace(show, reel=Reel(at=96_000, since=1000))
    assert film_time(stands, 48_000) == 2
    runs = replace(show, reel=Reel(at=96_000, since=1000, runs=True))
    assert film_time(runs, 1000) == 2
    assert film_time(runs, 1001) == 2 + Fraction(1, 48_000)
    assert film_time(replace(runs, paused=True), 480_000) == 2
