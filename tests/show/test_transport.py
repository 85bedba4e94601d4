"""What GO and its companions mean, heard: each test plays a show and listens to the recording."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from player import actions as act
from player.engine.status import Ended, Fired, Passed, Started
from tests.show.rig import Stage

S = 48_000
TWO = """
defaults: {fade-out: 1s linear}
songs:
  a: {title: A}
  b: {title: B}
scenes:
  - {id: one, title: One, cues: [{song: a}]}
  - {id: card, title: Card}
  - {id: two, title: Two, cues: [{song: b}]}
"""


def scenes(*cues: str, songs: str = "a: {title: A}, b: {title: B}, c: {title: C}") -> str:
    """A timeline of one scene with `cues`, and an empty one after it."""
    listed = "".join(f"\n    - {cue}" for cue in cues)
    return f"songs: {{{songs}}}\nscenes:\n- id: one\n  title: One\n  cues:{listed}\n- {{id: last, title: Last}}\n"


def starts(stage: Stage) -> list[int]:
    return [e.clock for e in stage.events if isinstance(e, Started)]


# -- GO and steps


def test_go_puts_the_first_sample_at_the_very_frame():
    stage = Stage(TWO).wait(1).go().wait(1)
    heard = stage.heard()
    assert not heard[:48_000].any()
    assert (heard[48_000:] == 0.5).all()


def test_go_advances_standby_and_ends_at_the_end():
    stage = Stage(TWO)
    seen = []
    for _ in range(4):
        seen.append(stage.show.standby)
        stage.go().wait(0.5)
    assert seen == [0, 1, 2, 3]
    assert stage.show.at_end
    assert [e.step for e in stage.events if isinstance(e, Fired)] == [0, 1, 2]


def test_a_second_go_within_250_ms_is_ignored_and_one_at_250_ms_is_taken():
    stage = Stage(TWO).go().wait(0.2499).go()
    assert stage.show.standby == 1
    assert stage.show.ignored_go == round(0.2499 * 48_000)
    assert stage.wait(0.0001).go().show.standby == 2


def test_leaving_a_scene_fades_its_music_over_the_default_fade_out():
    stage = Stage(TWO).go().wait(2).go().wait(2)
    heard = stage.heard()[96_000:]
    assert np.abs(heard[:48_000] - 0.5 * (1 - np.arange(48_000) / 48_000)).max() < 1e-6
    assert not heard[48_000:].any()


@pytest.mark.parametrize(
    ("until", "after_card", "after_two"), [("scene", [], []), ("two", ["a"], []), ("end", ["a"], ["a"])]
)
def test_until_keeps_a_song_as_long_as_it_says(until, after_card, after_two):
    text = TWO.replace("{song: a}", f"{{song: a, until: {until}}}").replace("cues: [{song: b}]", "cues: [{say: hush}]")
    stage = Stage(text).go().wait(1).go()
    assert stage.songs() == after_card
    assert stage.wait(1).go().songs() == after_two


def test_jumping_back_leaves_the_scene_as_well():
    stage = Stage(TWO).do(act.Standby(2)).go().wait(1).do(act.Standby(0)).go()
    assert stage.songs() == ["a"]


def test_moving_standby_never_touches_the_sound():
    stage = Stage(TWO).go().wait(1).do(act.MoveStandby(1), act.MoveStandby(-9), act.Standby(99))
    assert stage.show.standby == 3
    assert (stage.wait(1).heard() == 0.5).all()


def test_a_song_fired_again_is_a_second_voice():
    text = TWO.replace("{song: a}", "{song: a, gain: -6 dB}")
    stage = Stage(text).go().wait(1).do(act.Standby(0)).go().wait(0.5)
    assert np.abs(stage.heard()[-1] - 2 * 0.5 * 10 ** (-6 / 20)) < 1e-6


def test_two_steps_of_one_scene_do_not_stop_one_another():
    stage = Stage(scenes("song: a", "song: b")).go().wait(1).go().wait(1)
    assert (stage.heard()[48_000:] == 0.75).all()


# -- chains


def test_continue_starts_when_the_post_wait_is_over():
    stage = Stage(scenes("{song: a, then: continue, post-wait: 2s}", "{song: b, pre-wait: 500ms}")).wait(1).go().wait(4)
    assert starts(stage) == [48_000, 48_000 + 120_000]
    assert stage.show.standby == 1


def test_follow_starts_at_the_frame_after_the_end():
    stage = Stage(scenes("{song: a, to: 3s, then: follow}", "{song: b}")).go().wait(5)
    assert starts(stage) == [0, 144_000]


def test_a_crossfade_after_follow_starts_that_much_before_the_end():
    stage = Stage(scenes("{song: a, to: 3s, then: follow}", "{song: b, crossfade: 1s}")).go().wait(5)
    assert starts(stage) == [0, 96_000]


@pytest.mark.parametrize(
    ("first", "second", "begins", "over"),
    [
        ("to: 5s", "crossfade: 3s linear", 2, 3),
        ("to: 5s, fade-out: 4s linear", "crossfade: 3s linear", 2, 3),  # in place of its own fade-out
        ("gain: 0 dB", "crossfade: 2s linear", 8, 2),  # at a recording's own end too
        ("to: 5s, post-wait: 1s", "crossfade: 3s linear", 3, 2),  # what is left of it
    ],
)
def test_a_song_goes_out_under_the_one_that_follows_it_in_a_crossfade(first, second, begins, over):
    text = scenes(f"{{song: a, {first}, then: follow}}", f"{{song: b, {second}}}")
    stage = Stage(text).go().wait(12)
    assert starts(stage) == [0, begins * 48_000]
    heard, length = stage.heard(), float(second.split()[1][:-1])
    for second_in in (0.25, 0.5, 0.9):
        at = begins + second_in * over
        a = 0.5 * (1 - (at - begins) / over)
        b = 0.25 * (at - begins) / length
        assert heard[round(at * 48_000)] == pytest.approx(a + b, abs=1e-4)
    assert heard[round((begins - 0.01) * 48_000)] == 0.5
    assert next(event.natural for event in stage.events if isinstance(event, Ended))


def test_a_chain_into_the_next_scene_crosses_too():
    text = """songs: {a: {title: A}, b: {title: B}}
scenes:
- {id: one, title: One, cues: [{song: a, to: 5s, then: follow}]}
- {id: two, title: Two, cues: [{song: b, crossfade: 2s linear}]}
"""
    stage = Stage(text).go().wait(8)
    assert [(e.clock, e.step) for e in stage.events if isinstance(e, Fired)] == [(0, 0), (144_000, 1)]
    assert starts(stage) == [0, 144_000]
    heard = stage.heard()
    assert heard[[143_999, 192_000, 240_001]] == pytest.approx([0.5, 0.25 + 0.125, 0.25], abs=1e-4)


def test_a_third_song_of_the_step_does_not_go_out_with_the_one_that_is_followed():
    text = scenes("{song: c, then: continue}", "{song: a, to: 3s, then: follow}", "{song: b, crossfade: 1s linear}")
    heard = Stage(text).go().wait(5).heard()
    assert heard[round(2.5 * 48_000)] == pytest.approx(0.125 + 0.25 + 0.125, abs=1e-4)
    assert heard[round(3.5 * 48_000)] == pytest.approx(0.125 + 0.25, abs=1e-4)


def test_a_chain_on_the_last_cue_enters_the_next_scene():
    text = scenes("{song: a, to: 2s, then: follow, post-wait: 1s}")
    stage = Stage(text).go().wait(4)
    assert [(e.clock, e.step) for e in stage.events if isinstance(e, Fired)] == [(0, 0), (144_000, 1)]
    assert stage.show.at_end


THREE = """songs: {a: {title: A}, b: {title: B}, c: {title: C}}
scenes:
- {id: one, title: One, cues: [%s]}
- {id: two, title: Two, cues: [{song: b, until: end}]}
- {id: three, title: Three}
"""


@pytest.mark.parametrize(
    "cues",
    [
        "{song: a, until: end, then: continue, post-wait: 3s}",
        "{song: a, until: end, to: 2s, then: follow, post-wait: 1s}",
        "{say: hush, then: continue, post-wait: 3s}",
    ],
)
def test_a_scene_that_go_enters_early_is_not_entered_again_by_a_chain(cues):
    stage = Stage(THREE % cues).go().wait(1).go().wait(5)
    assert [(e.clock, e.step) for e in stage.events if isinstance(e, Fired)] == [(0, 0), (S, 1)]
    assert [s.cue.song for s in stage.show.sounding if s.cue.song == "b"] == ["b"]


@pytest.mark.parametrize(
    "cues",
    [
        "{song: a, pre-wait: 3s}",
        "{say: hush, then: continue, post-wait: 3s}, {song: a}",
        "{song: c, to: 2s, until: end, then: follow, post-wait: 1s}, {song: a}",
    ],
)
def test_a_song_that_waits_while_its_scene_is_left_does_not_come(cues):
    stage = Stage(THREE % cues).go().wait(1).go().wait(5)
    assert "a" not in stage.songs()


def test_a_song_that_plays_on_behind_its_scene_may_wait_behind_it_too():
    stage = Stage(THREE % "{song: a, pre-wait: 3s, until: end}").go().wait(1).go().wait(5)
    assert starts(stage) == [S, 3 * S]


def test_what_waits_in_a_scene_comes_while_that_scene_is_on():
    stage = Stage(THREE % "{song: a, pre-wait: 3s}, {song: c}").go().wait(1).go().wait(5)
    assert starts(stage) == [S, 3 * S]


def test_undoing_the_go_that_left_a_scene_lets_what_waited_there_come_once():
    text = THREE % "{song: a, pre-wait: 1s, then: continue, post-wait: 4s}, {song: c}"
    stage = Stage(text).go().wait(2).go().wait(1).do(act.UndoGo()).wait(4)
    assert stage.songs() == ["a", "c"]
    assert starts(stage) == [S, 2 * S, 5 * S]
    stage.wait(10)
    assert stage.engine.mixer.idle


def test_what_waits_for_a_faded_out_song_never_comes():
    stage = Stage(scenes("{song: a, then: follow}", "song: b")).go().wait(1).do(act.FadeOut()).wait(20)
    assert len(starts(stage)) == 1


def test_a_disarmed_cue_is_passed_at_once():
    stage = Stage(scenes("{song: a, armed: no, pre-wait: 5s, then: follow}", "song: b")).go().wait(1)
    assert [s.cue.song for s in stage.show.sounding] == ["b"]
    assert starts(stage) == [0]


def test_a_say_takes_a_go_and_tells_the_operator():
    stage = Stage(scenes("say: lights down", "song: a")).go()
    assert stage.show.said == "lights down"
    assert stage.show.standby == 1
    assert stage.wait(1).go().show.said is None


def test_a_hundred_small_waits_add_up_exactly():
    chain = ["{say: x, then: continue, post-wait: 0.00333s}"] * 100 + ["song: a"]
    stage = Stage(scenes(*chain)).go().wait(1)
    assert starts(stage) == [round(Fraction("0.333") * 48_000)]


# -- levels


def test_fade_moves_the_level_in_db_and_minus_inf_ends_the_song():
    stage = Stage(
        scenes(
            "{song: a, then: continue, post-wait: 1s}",
            "{fade: a, level: -12 dB, over: 2s}",
            "{fade: a, level: -inf dB, over: 1s}",
        )
    )
    stage.go().wait(2)
    assert abs(20 * np.log10(stage.wait(0.00003).heard()[-1] / 0.5) + 6) < 0.01
    stage.wait(2).go().wait(1.1)
    assert not stage.show.sounding


def test_stop_all_spares_what_its_own_step_fires():
    stage = (
        Stage(scenes("song: a", "{song: b, then: continue}", "{stop: all, fade-out: 100ms}")).go().wait(1).go().wait(1)
    )
    assert stage.songs() == ["b"]


def test_stop_by_cue_id_stops_that_cue_alone():
    stage = (
        Stage(scenes("{song: a, id: first}", "song: a", "{stop: first, fade-out: 0s}"))
        .go()
        .wait(1)
        .go()
        .wait(1)
        .go()
        .wait(1)
    )
    assert [s.cue.key for s in stage.show.sounding] == ["one#2"]


def test_crossfade_lets_until_end_songs_out_too():
    stage = Stage(scenes("{song: a, until: end}", "{song: b, crossfade: 2s}")).go().wait(1).go().wait(2)
    heard = stage.heard()[48_000:]
    p = np.arange(96_000) / 96_000
    assert np.abs(heard - 0.5 * np.cos(np.pi / 2 * p) - 0.25 * np.sin(np.pi / 2 * p)).max() < 1e-6
    assert stage.songs() == ["b"]


def test_defaults_give_what_a_cue_does_not_say():
    text = "defaults: {gain: -6 dB, fade-in: 1s linear}\n" + scenes("song: a", "{song: b, gain: 0 dB}")
    stage = Stage(text).go().wait(2)
    assert abs(stage.heard()[48_000] - 0.5 * 10 ** (-6 / 20)) < 1e-6
    assert abs(stage.heard()[24_000] - 0.25 * 10 ** (-6 / 20)) < 1e-6


def test_from_and_to_cut_a_part_out():
    stage = Stage(scenes("{song: a, from: 2s, to: 3s}")).go().wait(2)
    heard = stage.heard()
    assert heard[0] == 0.0
    assert (heard[240:48_000] == 0.5).all()
    assert heard[48_000] == 0.5
    assert not heard[48_240:].any()


def test_a_written_fade_out_shapes_a_written_to():
    stage = Stage(scenes("{song: a, to: 3s, fade-out: 1s linear}")).go().wait(4)
    heard = stage.heard()
    assert (heard[:96_000] == 0.5).all()
    assert np.abs(heard[96_000:144_000] - 0.5 * (1 - np.arange(48_000) / 48_000)).max() < 1e-6
    assert not heard[144_000:].any()


def test_a_recordings_own_end_is_never_faded():
    stage = Stage(scenes("{song: a, fade-out: 4s}")).go().wait(11)
    assert (stage.heard()[:480_000] == 0.5).all()
    assert not stage.heard()[480_000:].any()


# -- transport


def test_pause_freezes_and_resume_goes_on_to_the_frame():
    stage = Stage(scenes("{song: a, to: 3s, then: follow}", "song: b")).go().wait(1)
    stage.do(act.Pause()).wait(5).do(act.Pause()).wait(3)
    assert starts(stage) == [0, 48_000 * 8]
    assert not stage.heard()[48_240 : 6 * 48_000].any()


def test_go_while_paused_resumes_then_fires():
    stage = Stage(TWO.replace("{song: a}", "{song: a, until: end}")).do(act.Go()).wait(1).do(act.Pause()).wait(1)
    stage.do(act.Standby(2)).go().wait(0.1)
    assert not stage.show.paused
    assert stage.songs() == ["a", "b"]


def test_seek_moves_the_song_and_its_end():
    stage = Stage(scenes("song: a")).go().wait(1).do(act.SeekBy(Fraction(5))).wait(4)
    assert [e.clock for e in stage.events if isinstance(e, Ended)] == [48_000 * 5]


def test_seek_does_not_go_before_the_beginning():
    stage = Stage(scenes("{song: a, from: 2s}")).go().wait(1).do(act.SeekBy(Fraction(-9)))
    assert stage.session.position(stage.show.sounding[0].voice) == 96_000


def test_panic_fades_over_two_seconds_and_a_second_one_cuts():
    stage = Stage(scenes("song: a")).go().wait(1).do(act.Panic()).wait(1).do(act.Panic()).wait(1)
    heard = stage.heard()
    assert abs(heard[96_000 - 1] - 0.5 * np.cos(np.pi / 4)) < 1e-4
    assert not heard[96_000 + 240 :].any()


def test_after_a_panic_the_show_goes_on_at_once():
    stage = Stage(TWO).go().wait(1).do(act.Panic()).wait(0.1).go().wait(2).go().wait(1)
    assert stage.songs() == ["b"]


def test_panic_cancels_what_is_to_come():
    stage = Stage(scenes("{song: a, then: continue, post-wait: 3s}", "song: b")).go().wait(1).do(act.Panic()).wait(10)
    assert len(starts(stage)) == 1


def test_level_and_mute_act_on_everything():
    stage = Stage(scenes("song: a")).go().do(act.Level(-6)).wait(1)
    assert abs(stage.heard()[-1] - 0.5 * 10 ** (-6 / 20)) < 1e-6
    stage.do(act.Mute()).wait(1)
    assert stage.heard()[-1] == 0.0
    stage.do(act.Mute(), act.LevelBy(6)).wait(1)
    assert abs(stage.heard()[-1] - 0.5) < 1e-6


def test_preview_plays_the_standby_song_and_leaves_standby_where_it_is():
    stage = Stage(TWO).do(act.Preview()).wait(1)
    assert (stage.show.standby, stage.songs(), stage.show.fired) == (0, ["a"], None)
    stage.do(act.Preview()).wait(0.31)
    assert not stage.show.sounding
    assert stage.show.preview is None


def test_go_ends_a_preview():
    stage = Stage(TWO).do(act.Preview()).wait(1).go().wait(0.31)
    assert [s.preview for s in stage.show.sounding] == [False]


def test_fade_out_takes_the_song_started_last():
    stage = Stage(scenes("song: a", "song: b")).go().wait(1).go().wait(1).do(act.FadeOut())
    assert stage.songs() == ["a"]


def test_fade_out_takes_the_song_of_the_standby_row_first():
    stage = Stage(scenes("song: a", "song: b")).go().wait(1).go().wait(1).do(act.Standby(0), act.FadeOut())
    assert stage.songs() == ["b"]


# -- hands-free


def test_hands_free_goes_on_when_the_music_ends_and_holds_a_card_for_four_seconds():
    stage = Stage(TWO, auto=True).do(act.Go(by_hand=False)).wait(30)
    assert [(e.clock / 48_000, e.step) for e in stage.events if isinstance(e, Fired)] == [(0, 0), (10, 1), (14, 2)]


def test_hands_free_goes_earlier_by_the_next_songs_crossfade():
    stage = Stage(scenes("song: a", "{song: b, crossfade: 2s}"), auto=True).do(act.Go(by_hand=False)).wait(12)
    assert [e.clock / 48_000 for e in stage.events if isinstance(e, Fired)] == [0, 8]


def test_hands_free_lets_a_chain_finish_first():
    text = scenes("{song: a, to: 2s, then: follow, post-wait: 1s}", "{song: b, to: 2s}", "{song: c}")
    stage = Stage(text, auto=True).do(act.Go(by_hand=False)).wait(20)
    assert [e.clock / 48_000 for e in stage.events if isinstance(e, Fired)] == [0, 5, 15]


def test_go_by_hand_while_hands_free_does_not_fire_anything_twice():
    stage = Stage(TWO, auto=True).do(act.Go(by_hand=False)).wait(1).go().wait(30)
    assert [e.step for e in stage.events if isinstance(e, Fired)] == [0, 1, 2]


def test_hands_free_follows_a_standby_that_the_operator_moved():
    stage = Stage(TWO, auto=True).do(act.Go(by_hand=False)).wait(1).do(act.Standby(2)).wait(10)
    assert [e.step for e in stage.events if isinstance(e, Fired)] == [0, 2]


def test_the_chain_passes_its_cues_in_order():
    stage = Stage(scenes("{say: a, id: x, then: continue, post-wait: 1s}", "{say: b, id: y}")).go().wait(2)
    assert [(e.clock, e.cue) for e in stage.events if isinstance(e, Passed)] == [(0, "x"), (48_000, "y")]


def test_a_new_gain_moves_one_voice_alone_and_at_once():
    text = scenes("{song: a, then: continue}", "song: b")
    stage = Stage(text).go().wait(1)
    first = stage.show.sounding[0].voice
    heard = stage.do(act.SetGain(first, -6.0206)).wait(1).heard()
    assert heard[47_999].max() == pytest.approx(0.75)
    assert heard[-1].max() == pytest.approx(0.5, abs=1e-4)
