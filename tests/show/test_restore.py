"""A straight run and a jump with restore agree from there on, to the sample."""

from __future__ import annotations

import os
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from player import actions as act
from player import projection, restore
from player.engine.status import Fired
from player.restore import goes
from tests.show.rig import Rising, Stage, plan_of
from tests.show.test_film_clock import NIGHT, RUN, film
from tests.show.test_random import timelines

RATE = 48_000
EDGE = 14_400 + 2400  # frames in which the one goes and the other comes
LONG = bool(os.environ.get("NEEDLEDROP_LONG"))
LONGER = settings(
    max_examples=1000 if LONG else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def stage_of(text: str, block: int = 997) -> Stage:
    return Stage(text, material=Rising, block=block, whole=False)


def straight(text: str, at: int, more: float) -> np.ndarray:
    """What a film sounds like from film frame `at` on."""
    return stage_of(text).do(RUN).wait(at / RATE + more).both()[at:]


def jumped(text: str, at: int, more: float) -> np.ndarray:
    """The same, where the clock was set to that frame and then started."""
    return stage_of(text).do(act.SetFilm(Fraction(at, RATE)), RUN).wait(more).both()


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two runs agree to the bit behind the edge."""
    return one.shape == other.shape and bool((one[EDGE:] == other[EDGE:]).all())


# -- the film


def test_a_jump_into_a_song_brings_it_in_where_it_would_be():
    assert same(jumped(NIGHT, 158_401, 5), straight(NIGHT, 158_401, 5))


def test_what_begins_at_the_very_frame_begins_with_its_first_frame():
    stage = stage_of(NIGHT).do(RUN, act.SetFilm(Fraction(2))).wait(0.01)
    assert stage.songs() == ["a"]
    assert (stage.heard()[:4] * 2**20).tolist() == [0, 1, 2, 3]


def test_a_jump_while_the_clock_runs_lets_go_of_what_sounds_and_goes_on_from_there():
    stage = stage_of(NIGHT).do(RUN).wait(2.5).do(act.SetFilm(Fraction(7))).wait(0.4)
    assert stage.songs() == ["b"]
    assert [s.cue.song for s in stage.show.sounding] == ["b"]
    assert film(stage) == Fraction(74, 10)
    assert stage.show.done == {0, 1}
    assert stage.show.standby == 2
    stage.do(act.SetFilm(Fraction(1))).wait(2)
    assert stage.songs() == ["a"]
    assert stage.show.standby == 1


def test_a_tap_sets_the_clock_to_the_step_in_standby():
    stage = stage_of(NIGHT).do(RUN).wait(0.3).do(act.Standby(3), act.TapFilm()).wait(0.2)
    assert film(stage) == Fraction(202, 10)
    assert stage.songs() == ["d"]


def test_a_clock_that_is_set_while_it_stands_brings_nothing_in_before_it_runs():
    stage = stage_of(NIGHT).do(RUN, act.RollFilm(False), act.SetFilm(Fraction(3))).wait(1)
    assert stage.show.sounding == ()
    assert film(stage) == 3
    stage.do(RUN).wait(1)
    assert film(stage) == 4
    assert stage.songs() == ["a"]


def test_standby_goes_to_the_scene_at_the_clock():
    stage = stage_of(NIGHT).do(RUN).wait(6).do(act.Standby(3), act.StandbyAtFilm())
    assert stage.show.standby == 1


@st.composite
def films(draw: st.DrawFn, apart: int = 0) -> str:
    """A timeline whose scenes have film times, but for some. `apart`: milliseconds between two, at least."""
    text = draw(timelines()).replace(", shuffle: yes", "")  # an order of chance is another one each time
    at = 0
    for number in range(1, 5):
        at += apart + draw(st.integers(0, 4000))
        written = f"  title: S\n  at: 0:{at // 60_000:02}:{at // 1000 % 60:02}.{at % 1000:03}\n"
        written = written if draw(st.integers(0, 5)) else "  title: S\n"
        text = text.replace(f"- id: s{number}\n  title: S\n", f"- id: s{number}\n{written}")
    return text


@LONGER
@given(films(), st.integers(0, 14 * RATE))
def test_any_film_jumped_into_anywhere_goes_on_as_if_it_had_run(text, at):
    assert same(jumped(text, at, 3), straight(text, at, 3))


@LONGER
@given(films(apart=12_000), st.integers(20 * RATE, 75 * RATE))
def test_a_jump_far_into_a_film_goes_on_as_if_it_had_run_from_its_beginning(text, at):
    ran = stage_of(text, 16_384).do(RUN).wait(at / RATE)
    jumped_to = stage_of(text, 16_384).do(act.SetFilm(Fraction(at, RATE)), RUN)
    assert (jumped_to.show.fired, jumped_to.show.said) == (ran.show.fired, ran.show.said)
    assert jumped_to.show.standby == max(ran.show.done, default=-1) + 1
    assert jumped_to.show.done == ran.show.done
    assert same(jumped_to.wait(3).both(), ran.wait(3).both()[at:])


def test_what_waits_for_a_set_without_end_does_not_come():
    text = """
songs: {a: {title: A}, b: {title: B}}
sets: {s: {songs: [{song: b}]}}
scenes:
- {id: one, title: One, at: 0:00, cues: [{set: s, repeat: yes, then: follow}, {song: a}, {say: hush}]}
"""
    stage = stage_of(text).do(RUN, act.SetFilm(Fraction(95))).wait(1)
    assert stage.songs() == ["b"]
    assert stage.show.done == {0}


THOUSANDS = "songs: {a: {title: A}, b: {title: B}}\nscenes:\n" + "".join(
    f"- {{id: s{n}, title: S, at: 0:{n // 60:02}:{n % 60:02}, cues: [{{song: {'ab'[n % 2]}, to: 5s}}]}}\n"
    for n in range(2000)
)


def test_a_jump_plays_no_more_of_the_film_than_reaches_it(monkeypatch):
    stage = stage_of(THOUSANDS).do(RUN)
    written = []
    monkeypatch.setattr(projection, "_write", lambda *what: written.append(what))
    fired = []
    step = restore.step
    monkeypatch.setattr(restore, "step", lambda show, what, now: fired.append(what) or step(show, what, now))
    stage.do(act.SetFilm(Fraction(1990)))
    assert stage.songs() == ["a"]
    assert len(stage.show.done) == 1991
    assert written == []
    assert sum(isinstance(each, Fired) for each in fired) < 10


# -- steps

SCENES = """
defaults: {fade-out: 1s}
songs: {a: {title: A}, b: {title: B}, c: {title: C}}
scenes:
- {id: one, title: One, at: 0:10, cues: [{song: a, until: end, gain: -6 dB}]}
- {id: two, title: Two, at: 0:12, cues: [{fade: a, level: -12 dB, over: 1s}]}
- {id: three, title: Three, at: 0:14.5, cues: [{song: b}]}
- {id: four, title: Four, cues: [{song: c, to: 2s}]}
- {id: five, title: Five, cues: [{say: hush}]}
"""


def test_a_go_comes_at_its_film_time_or_when_the_music_before_it_is_over():
    assert goes(plan_of(SCENES), 4) == [
        (0, 0), (1, 2 * RATE), (2, round(4.5 * RATE)), (3, round(14.5 * RATE)), (4, round(16.5 * RATE))
    ]  # fmt: skip


def test_each_step_of_a_straight_run_is_looked_at_a_few_times_and_no_more(monkeypatch):
    looked = []
    due = restore.due
    monkeypatch.setattr(restore, "due", lambda plan, step: looked.append(step) or due(plan, step))
    text = "songs: {a: {title: A}}\nscenes:\n"
    plan = plan_of(text + "".join(f"- {{id: s{n}, title: S, cues: [{{song: a}}]}}\n" for n in range(500)))
    assert goes(plan, 499)[-1] == (499, 4990 * RATE)
    assert len(looked) <= 1500


def test_go_with_what_should_be_sounding_brings_in_what_outlasts_its_scene_at_its_level():
    stage = Stage(SCENES).do(act.Standby(2), act.Go(restore=True)).wait(1.2)
    assert stage.songs() == ["a", "b"]
    status = {v.voice: v for v in stage.session.status.voices}
    a, b = (status[s.voice] for s in stage.show.sounding)
    assert (a.at, b.at) == (round(5.7 * RATE), round(1.2 * RATE))
    assert a.gain == pytest.approx(10 ** (-12 / 20))
    assert (stage.show.fired, stage.show.standby) == (2, 3)


def test_a_plain_go_brings_in_nothing_else():
    assert Stage(SCENES).do(act.Standby(2)).go().wait(0.5).songs() == ["b"]


def test_undo_takes_back_what_was_restored_and_brings_back_what_went():
    stage = Stage(SCENES).do(act.Standby(3)).go().wait(1).do(act.Standby(2), act.Go(restore=True)).wait(0.5)
    assert stage.songs() == ["a", "b"]
    stage.do(act.UndoGo()).wait(0.4)
    assert stage.songs() == ["c"]
    assert stage.session.status.voices[0].at == round(1.9 * RATE)
    assert stage.show.standby == 2


def test_a_second_go_at_once_is_not_taken():
    stage = Stage(SCENES).do(act.Standby(1)).go().do(act.Go(restore=True))
    assert stage.show.fired == 1
    assert stage.show.ignored_go == 0


def runs_straight(text: str, wanted: int, more: float) -> np.ndarray:
    """What a show sounds like from the moment at which step `wanted` is fired."""
    stage = stage_of(text)
    for step, frame in goes(stage.show.plan, wanted):
        stage.wait((frame - stage.session.status.clock) / RATE)
        stage.do(act.Standby(step), act.Go(by_hand=False))
    while wanted not in stage.show.done and not stage.engine.quiet:
        left = stage.engine.mixer.until_next()
        if left > restore.LONGEST:  # it waits for something without end, and never comes by itself
            break
        assume(stage.engine.mixer.clock + left < 300 * RATE)  # else it takes gigabytes to be heard
        stage.engine.advance(left)
        stage._poll()
    if wanted not in stage.show.done:
        stage.do(act.Standby(wanted), act.Go(by_hand=False))
    begun = stage.session.status.clock
    return stage.wait(more).both()[begun:]


@LONGER
@given(films(), st.integers(0, 8))
def test_any_show_jumped_into_anywhere_goes_on_as_if_every_step_had_been_fired(text, place):
    steps = len(plan_of(text, whole=False).steps)
    if not steps:
        return
    wanted = place % steps
    stage = stage_of(text).do(act.Standby(wanted), act.Go(restore=True)).wait(3)
    assert same(stage.both(), runs_straight(text, wanted, 3))
