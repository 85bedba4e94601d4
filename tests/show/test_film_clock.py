"""The film clock: what it shows, and what comes by it, to the frame."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest

from player import actions as act
from player.engine.status import Fired, Started
from player.film import film_time
from player.reload import names
from player.session import Session
from player.show import Show
from tests.show.rig import Rising, Stage, plan_of

RATE = 48_000
NIGHT = """
defaults: {fade-out: 1s}
songs: {a: {title: A}, b: {title: B}, c: {title: C}, d: {title: D}}
scenes:
- {id: one, title: One, at: 0:02, cues: [song: a]}
- {id: two, title: Two, at: 0:05, cues: [{song: b, at: +1s}]}
- {id: three, title: Three, cues: [song: c]}
- {id: four, title: Four, at: 0:20, cues: [song: d]}
"""
RUN = act.RollFilm(True)
STAND = act.RollFilm(False)


def began(stage: Stage) -> list[tuple[int, str]]:
    """(frame, song) of every start so far."""
    songs = {voice: song for song, voice in _voices(stage)}
    return [(e.clock, songs[e.voice]) for e in stage.events if isinstance(e, Started)]


def _voices(stage: Stage) -> list[tuple[str, int]]:
    return [(s.cue.song, s.voice) for s in (*stage.show.sounding, *stage.show.past.values())]


def film(stage: Stage) -> Fraction | None:
    return film_time(stage.show, stage.session.status.clock)


def test_cues_come_at_their_film_times_to_the_frame():
    stage = Stage(NIGHT, block=997).wait(1).do(RUN).wait(25)
    assert began(stage) == [(3 * RATE, "a"), (7 * RATE, "b"), (21 * RATE, "d")]
    left = stage.heard()
    assert left[3 * RATE - 1] == 0.0
    assert left[3 * RATE] == 0.5
    assert (left[7 * RATE + RATE // 2], left[21 * RATE]) == (0.25, 0.0625)
    fired = [(e.clock, e.step, e.opens) for e in stage.events if isinstance(e, Fired)]
    assert fired == [(3 * RATE, 0, False), (6 * RATE, 1, True), (7 * RATE, 1, False), (21 * RATE, 3, False)]


def test_a_scene_without_a_time_waits_for_go_and_standby_waits_there():
    stage = Stage(NIGHT).do(RUN).wait(10)
    assert stage.show.standby == 2
    stage.wait(11)
    assert stage.show.standby == 2
    stage.go().wait(0.1)
    assert stage.songs() == ["c"]
    assert stage.show.standby == 4


def test_the_clock_is_unknown_until_it_is_started_and_then_counts_from_0():
    stage = Stage(NIGHT).wait(3)
    assert film(stage) is None
    stage.do(RUN)
    assert film(stage) == 0
    assert film(stage.wait(1.25)) == Fraction(5, 4)


def test_stop_holds_the_clock_and_what_is_to_come_and_what_sounds_sounds_on():
    stage = Stage(NIGHT).do(RUN).wait(4).do(STAND).wait(3)
    assert film(stage) == 4
    assert stage.songs() == ["a"]
    stage.do(RUN).wait(3)
    assert began(stage) == [(2 * RATE, "a"), (9 * RATE, "b")]


def test_pause_freezes_the_clock_with_everything():
    stage = Stage(NIGHT).do(RUN).wait(1).do(act.Pause(True)).wait(5)
    assert film(stage) == 1
    stage.do(act.Pause(False)).wait(2)
    assert film(stage) == 3
    assert began(stage) == [(7 * RATE, "a")]


def test_a_nudge_moves_what_is_to_come_and_leaves_what_sounds():
    stage = Stage(NIGHT, material=Rising).do(RUN).wait(2.5)
    for _ in range(5):
        stage.do(act.NudgeFilm(Fraction(1, 10)))
    assert film(stage) == 3
    stage.do(act.NudgeFilm(Fraction(-1, 10))).wait(4)
    assert began(stage) == [(2 * RATE, "a"), (round(5.6 * RATE), "b")]
    heard = stage.heard()
    assert heard[3 * RATE] == RATE / 2**20


def test_what_a_nudge_passes_comes_at_once_and_what_has_come_does_not_come_again():
    stage = Stage(NIGHT).do(RUN).wait(1.95).do(act.NudgeFilm(Fraction(1, 10))).wait(0.01)
    assert began(stage) == [(round(1.95 * RATE), "a")]
    stage.do(act.NudgeFilm(Fraction(-1, 10))).wait(1)
    assert [song for _, song in began(stage)] == ["a"]


def test_go_brings_the_standby_step_early_and_it_does_not_come_again():
    stage = Stage(NIGHT).do(RUN).wait(1).go().wait(2)
    assert began(stage) == [(RATE, "a")]
    assert stage.show.standby == 1
    stage.wait(4)
    assert [song for _, song in began(stage)] == ["a", "b"]
    assert stage.songs() == ["b"]


def test_a_run_without_a_time_of_its_own_comes_when_the_cue_before_it_ends_early_go_or_not():
    text = """
songs: {a: {title: A}, b: {title: B}}
scenes:
- {id: one, title: One, at: 0:05, cues: [{song: a, to: 3s}, song: b]}
"""
    stage = Stage(text).do(RUN).wait(9)
    assert began(stage) == [(5 * RATE, "a"), (8 * RATE, "b")]
    stage = Stage(text).do(RUN).wait(1).go().wait(4)
    assert began(stage) == [(RATE, "a"), (4 * RATE, "b")]


def test_one_that_is_stopped_cancels_what_waits_for_its_end():
    text = """
songs: {a: {title: A}, b: {title: B}}
scenes:
- {id: one, title: One, at: 0:05, cues: [{song: a, to: 3s}, song: b]}
"""
    stage = Stage(text).do(RUN).wait(6).do(act.FadeOut()).wait(8)
    assert [song for _, song in began(stage)] == ["a"]


def test_an_undone_go_comes_again_at_its_film_time():
    stage = Stage(NIGHT).do(RUN).wait(1).go().wait(0.5).do(act.UndoGo()).wait(2)
    assert [frame for frame, _ in began(stage)] == [RATE, 2 * RATE]
    assert stage.songs() == ["a"]


def test_after_a_panic_the_clock_runs_on_and_nothing_comes_before_it_is_asked_for():
    stage = Stage(NIGHT).do(RUN).wait(3).do(act.Panic()).wait(5)
    assert film(stage) == 8
    assert stage.show.sounding == ()
    stage.wait(1).do(act.RollFilm()).wait(12)
    assert film(stage) == 21
    assert began(stage)[-1] == (20 * RATE, "d")
    assert len(began(stage)) == 2


def test_the_first_start_touches_nothing_that_sounds():
    stage = Stage(NIGHT).do(act.Standby(3)).go().wait(1).do(RUN).wait(0.5)
    assert stage.songs() == ["d"]
    assert film(stage) == Fraction(1, 2)


def test_a_change_of_the_file_moves_what_is_to_come():
    stage = Stage(NIGHT).do(RUN).wait(3)
    changed = NIGHT.replace("at: 0:20", "at: 0:08").replace("at: 0:02", "at: 0:03.5")
    stage.session.reload(plan_of(changed))
    stage.wait(8)
    assert began(stage) == [(2 * RATE, "a"), (6 * RATE, "b"), (8 * RATE, "d")]


def test_a_scene_whose_time_is_over_after_a_change_waits_for_go():
    stage = Stage(NIGHT).do(RUN).wait(9)
    stage.session.reload(plan_of(NIGHT.replace("at: 0:20", "at: 0:08")))
    stage.wait(15)
    assert [song for _, song in began(stage)] == ["a", "b"]
    stage.do(act.Standby(3)).go().wait(0.1)
    assert stage.songs() == ["d"]


@pytest.mark.parametrize("block", [1, 64, 48_000])
def test_any_block_size_gives_the_same_sound(block):
    def sound(size: int) -> bytes:
        text = NIGHT.replace("0:02", "0:00.2").replace("0:05", "0:00.4").replace("+1s", "+0.1001s")
        stage = Stage(text, block=size, material=Rising).wait(0.05).do(RUN).wait(0.3)
        stage.do(act.NudgeFilm(Fraction(1, 10))).wait(0.31)
        return stage.heard().tobytes()

    assert sound(block) == sound(997)


def test_a_go_at_the_moment_at_which_the_cue_comes_by_itself_is_that_one_cue():
    stage = Stage(NIGHT).do(RUN).wait(1.999)
    stage.engine.advance(RATE)
    stage.engine.advance(48)  # the engine has begun the song, and the show has not heard of it yet
    stage.go().wait(1)
    assert began(stage) == [(2 * RATE, "a")]
    assert stage.show.standby == 1
    assert len(stage.show.history) == 1


def test_the_film_goes_on_without_a_window_and_another_one_takes_it_over():
    stage = Stage(NIGHT).do(RUN).wait(1)
    left = pickle.dumps((pickle.dumps(names(stage.show.plan)), stage.session._state()))
    stage.engine.advance(2 * RATE)
    stage.engine.left = lambda: left if stage.session.show.reel is None else b""
    stage.session = Session(Show(plan_of(NIGHT)), stage.engine)
    stage.wait(4)
    assert began(stage) == [(2 * RATE, "a"), (6 * RATE, "b")]
    assert stage.songs() == ["b"]
    assert film(stage) == stage.session.status.clock / Fraction(RATE)
    assert (stage.show.standby, stage.show.pending.keys()) == (2, {3})


def test_a_cue_that_comes_by_the_film_crosses_what_was_fired_by_hand():
    text = """
songs: {a: {title: A}, b: {title: B}}
scenes:
- {id: one, title: One, cues: [{song: a, until: end}]}
- {id: two, title: Two, at: 0:05, cues: [{song: b, crossfade: 1s}]}
"""
    stage = Stage(text).do(RUN).wait(2).go().wait(5)
    assert stage.songs() == ["b"]
    assert [s.cue.song for s in stage.show.sounding] == ["b"]


def test_going_over_to_a_set_stops_the_clock():
    text = NIGHT + "sets: {eve: {songs: [{song: c}]}}\n"
    stage = Stage(text).do(RUN).wait(1)
    stage.session.turn("eve")
    stage.wait(3).do(RUN, act.NudgeFilm(Fraction(1)), act.TapFilm()).wait(1)
    assert began(stage) == []
    stage.session.turn(None)
    assert film(stage) == 1
    stage.do(RUN).wait(1.5)
    assert began(stage) == [(6 * RATE, "a")]


LEAD = """
defaults: {fade-out: 100ms}
songs: {a: {title: A}, b: {title: B}}
scenes:
- {id: one, title: One, at: 0:01, cues: [{song: a}]}
- {id: two, title: Two, at: 0:05, cues: [{song: b, at: -2s}]}
"""


def test_music_that_leads_its_scene_lets_the_scene_before_sound_until_then_unless_go_brings_it():
    stage = Stage(LEAD).do(RUN).wait(4)
    assert stage.songs() == ["a", "b"]
    assert stage.wait(1.2).songs() == ["b"]
    early = Stage(LEAD).do(RUN).wait(2).go().wait(0.2)
    assert early.songs() == ["b"]
    assert early.wait(5).songs() == ["b"]


def test_a_scene_is_entered_behind_its_lead_also_where_the_file_has_changed_meanwhile():
    stage = Stage(LEAD).do(RUN).wait(4)
    stage.session.reload(plan_of(LEAD))
    assert stage.songs() == ["a", "b"]
    assert stage.wait(1.2).songs() == ["b"]


def test_a_jump_enters_a_scene_whose_lead_is_over():
    text = """
defaults: {fade-out: 100ms}
songs: {a: {title: A}, b: {title: B}, c: {title: C}}
scenes:
- {id: one, title: One, at: 0:00, cues: [{song: a, at: 0:09}]}
- {id: two, title: Two, at: 0:10, cues: [{song: b, at: 0:01, to: 1s}, {song: c, at: 0:08, pre-wait: 1s, until: end}]}
"""
    stage = Stage(text).do(RUN, act.SetFilm(Fraction(12)))
    assert (stage.songs(), stage.show.fired) == (["c"], 1)


@pytest.mark.parametrize(("number", "first", "later"), [(1, "a", ["b"]), (8, "b", [])])
def test_a_jump_finds_a_set_in_an_order_of_chance_whichever_song_came_first(number, first, later):
    text = """
songs: {a: {title: A}, b: {title: B}}
sets: {s: {songs: [{song: a}, {song: b, gap: 20s}]}}
scenes:
- {id: one, title: One, at: 0:00, cues: [{set: s, shuffle: yes}, {say: hush, at: 0:21}, {say: hush, at: 0:22}]}
"""
    assert Stage(text, number=number).do(RUN, act.SetFilm(Fraction(5))).songs() == [first]
    assert Stage(text, number=number).do(RUN, act.SetFilm(Fraction(35))).songs() == later


AGAIN = """
songs: {a: {title: A}, b: {title: B}, c: {title: C}}
sets: {s: {songs: [{song: a}, {song: b}]}}
scenes:
- {id: one, title: One, at: 0:00, cues: [{set: s, repeat: yes}, {song: c}, {say: hush, at: 0:55}, {say: ho, at: 0:56}]}
- {id: two, title: Two, at: 2:00}
"""


@pytest.mark.parametrize(("at", "heard"), [(15, ["b"]), (45, ["a"]), (95, ["b"]), (125, [])])
def test_a_set_that_begins_again_is_found_by_a_jump_in_any_round(at, heard):
    assert Stage(AGAIN).do(RUN, act.SetFilm(Fraction(at))).songs() == heard
    assert Stage(AGAIN).do(RUN).wait(at + 0.01).songs() == heard


def test_what_waits_for_a_set_that_begins_again_does_not_come_after_a_change_of_the_file_either():
    stage = Stage(AGAIN).do(RUN).wait(15)
    stage.session.reload(plan_of(AGAIN))
    assert stage.wait(70).songs() == ["a"]
    assert stage.show.done == {0, 2, 3}


@pytest.mark.parametrize("verb", ["stop: a", "pause: a", "fade: a, level: -inf dB", "stop: all", "pause: it"])
def test_after_a_jump_what_waited_for_a_song_that_was_acted_on_has_come_or_not_as_in_a_straight_run(verb):
    text = """
songs: {a: {title: A}, b: {title: B}}
scenes:
- {id: one, title: One, at: 0:00, cues: [{id: it, song: a}, {song: b, to: 3s}, {%s, at: 0:05}, {resume: all, at: 0:08}]}
- {id: two, title: Two, at: 0:25}
- {id: three, title: Three, at: 0:40}
"""
    ran, jumped = Stage(text % verb).do(RUN).wait(45), Stage(text % verb).do(RUN, act.SetFilm(Fraction(45)))
    assert jumped.show.done == ran.show.done


@pytest.mark.parametrize("more", ["", ", {say: hush}"])
def test_what_waits_for_a_fade_comes_when_that_is_over_also_where_the_file_has_changed_meanwhile(more):
    text = f"""
songs: {{a: {{title: A}}, b: {{title: B}}}}
scenes:
- {{id: one, title: One, at: 0:00, cues: [song: a, {{fade: a, level: -9 dB, over: 5s, at: 0:02}}{more}, song: b]}}
"""
    stage = Stage(text).do(RUN).wait(4)
    stage.session.reload(plan_of(text))
    assert began(stage.wait(4)) == [(0, "a"), (7 * RATE, "b")]
