"""A GO taken back: what it fired goes, what it stopped or moved is where it would have been."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from player import actions as act
from player.engine.status import Ended, Fired, Revived, Started, Unlooped
from tests.show.rig import Rising, Stage
from tests.show.test_transport import TWO, scenes, starts
from tests.show.test_verbs import SET, S, events, near

N = (np.arange(480_000) / 2**20).astype(np.float32)  # what Rising sounds like
OUT = np.cos(np.pi / 2 * np.arange(14_400) / 14_400)
UP = np.arange(14_400) / 14_400


def test_what_it_fired_fades_in_300_ms_and_standby_returns():
    stage = Stage(TWO).do(act.Standby(2)).go().wait(1).do(act.UndoGo()).wait(1)
    near(stage.heard()[S : S + 14_400], 0.25 * OUT)
    assert not stage.heard()[S + 14_400 :].any()
    show = stage.show
    assert (show.standby, show.fired, show.done, show.sounding) == (2, None, frozenset(), ())
    assert show.undone == "GO 3 is undone"


def test_what_it_stopped_is_back_where_it_would_have_been():
    text = "defaults: {fade-out: 1s linear}\n" + scenes("song: a")
    stage = Stage(text, material=Rising).go().wait(2).go().wait(0.5).do(act.UndoGo()).wait(2)
    heard, at = stage.heard(), 2 * S + S // 2
    near(heard[2 * S : at], N[2 * S : at] * (1 - np.arange(S // 2) / S))
    left = 1 - (np.arange(14_400) + S // 2) / S
    near(heard[at : at + 14_400], N[at : at + 14_400] * (left * (1 - UP) + UP))
    near(heard[at + 14_400 :], N[at + 14_400 : len(heard)])
    assert stage.songs() == ["a"]
    assert (stage.show.standby, stage.show.fired) == (1, 0)


def test_what_has_ended_since_comes_back_too_in_its_place():
    text = "defaults: {fade-out: 1s linear}\n" + scenes("song: a")
    stage = Stage(text, material=Rising).go().wait(2).go().wait(4).do(act.UndoGo()).wait(2)
    near(stage.heard()[6 * S : 6 * S + 14_400], N[6 * S : 6 * S + 14_400] * UP)
    near(stage.heard()[6 * S + 14_400 :], N[6 * S + 14_400 : 8 * S])
    stage.wait(3)
    assert [e.clock / S for e in stage.events if isinstance(e, Ended)] == [3, 10]


def test_what_would_be_over_by_now_stays_away():
    stage = Stage(scenes("song: a")).go().wait(8).go().wait(3).do(act.UndoGo()).wait(1)
    assert not stage.show.sounding
    assert not events(stage, Revived)


def test_a_level_that_was_moved_comes_back():
    stage = Stage(scenes("{song: a, gain: -6 dB}", "{fade: a, level: -40 dB, over: 1s}"))
    stage.go().wait(1).go().wait(2).do(act.UndoGo()).wait(1)
    heard, low, full = stage.heard(), 0.5 * 10 ** (-40 / 20), 0.5 * 10 ** (-6 / 20)
    near(heard[3 * S : 3 * S + 14_400], low * (1 - UP) + full * UP)
    near(heard[3 * S + 14_400 :], full)


def test_a_move_that_was_on_its_way_goes_on_as_it_would_have():
    text = scenes("{song: a, fade-in: 8s linear}", "{fade: a, level: -20 dB, over: 100ms}")
    stage = Stage(text).go().wait(1).go().wait(1).do(act.UndoGo()).wait(1)
    near(stage.heard()[-1], 0.5 * (3 * S - 1) / (8 * S))


def test_waiting_chain_cues_are_cancelled():
    text = scenes("{song: a, then: continue, post-wait: 2s}", "{song: b, to: 1s, then: follow}", "song: c")
    stage = Stage(text).go().wait(1).do(act.UndoGo()).wait(20)
    assert starts(stage) == [0]
    assert stage.engine.quiet
    assert not stage.show.cast


def test_what_waited_for_a_stopped_song_waits_for_it_again():
    text = scenes("{song: a, then: follow, post-wait: 1s}", "song: b")
    stage = Stage(text).go().wait(2).go().wait(4).do(act.UndoGo()).wait(20)
    assert starts(stage) == [0, 11 * S]


def test_what_waited_for_a_song_that_was_only_moved_still_does():
    text = scenes("{song: a, then: follow}", "song: b", "{fade: a, level: -6 dB}")
    stage = Stage(text).go().wait(2).go().wait(1).do(act.UndoGo()).wait(20)
    assert starts(stage) == [0, 10 * S]


def test_a_chain_into_the_next_scene_is_taken_back_with_its_go():
    text = """
defaults: {fade-out: 1s linear}
songs: {a: {title: A}, b: {title: B}, c: {title: C}}
scenes:
  - {id: one, title: One, cues: [song: c]}
  - {id: two, title: Two, cues: [{song: a, until: end, then: continue, post-wait: 1s}]}
  - {id: three, title: Three, cues: [song: b]}
  - {id: four, title: Four}
"""
    stage = Stage(text).go().wait(1).go().wait(3)
    assert (stage.songs(), stage.show.standby) == (["a", "b"], 3)
    stage.do(act.UndoGo()).wait(1)
    assert (stage.songs(), stage.show.standby, stage.show.fired, stage.show.done) == (["c"], 1, 0, {0})
    near(stage.heard()[-1], 0.125)


def test_a_paused_song_plays_on_as_if_it_had_never_been_paused():
    stage = Stage(scenes("song: a", "pause: a"), material=Rising).go().wait(1).go().wait(2).do(act.UndoGo()).wait(1)
    near(stage.heard()[3 * S + 14_400 :], N[3 * S + 14_400 : 4 * S])
    assert not stage.show.sounding[0].held


def test_a_resumed_song_stands_again_where_it_stood():
    stage = Stage(scenes("song: a", "pause: a", "resume: a"), material=Rising)
    stage.go().wait(1).go().wait(1).go().wait(1).do(act.UndoGo()).wait(1)
    assert [(v.at / S, v.held) for v in stage.session.status.voices] == [(1, True)]
    assert not stage.heard()[3 * S + 14_400 :].any()
    near(stage.go().wait(1).heard()[-1], N[2 * S - 1])


def test_a_vamp_that_was_left_turns_again():
    text = scenes("{song: a, loop: {from: 1s, to: 3s, times: until-go}}", "say: on")
    stage = Stage(text, material=Rising).go().wait(4).go().wait(2).do(act.UndoGo()).wait(1)
    assert events(stage, Unlooped) == [5]
    voice = stage.session.status.voices[-1]
    assert (voice.at / S, voice.looping) == (1, True)  # 7 s in: passes end at 3, 5, 7
    stage.wait(20).go().wait(20)
    assert events(stage, Ended)[-1] == 29 + 7


def test_a_duck_is_lifted_with_the_song_that_ducked():
    stage = Stage(scenes("song: a", "{song: b, duck: -20 dB}")).go().wait(1).go().wait(1).do(act.UndoGo()).wait(2)
    near(stage.heard()[-1], 0.5)


def test_a_song_that_ducks_ducks_again():
    text = "defaults: {fade-out: 1s linear}\n" + scenes("{song: a, until: end}", "{song: b, duck: -20 dB}")
    stage = Stage(text).go().wait(1).go().wait(1).go().wait(1.5).do(act.UndoGo()).wait(1)
    near(stage.heard()[-1], 0.05 + 0.25)


def test_what_the_operator_faded_out_stays_out():
    text = scenes("song: a", "{fade: a, level: -6 dB}")
    stage = Stage(text).go().wait(1).go().wait(1).do(act.FadeOut()).wait(1).do(act.UndoGo()).wait(3)
    assert not stage.show.sounding


def test_what_an_earlier_go_has_ended_in_the_meantime_stays_out():
    text = scenes("song: a", "{song: b, then: continue, post-wait: 2s}", "stop: a", "{stop: a, fade-out: 0s}")
    stage = Stage(text).go().wait(1).go().wait(1).go().wait(2).do(act.UndoGo()).wait(1)
    assert stage.songs() == ["b"]


def test_where_the_operator_moved_a_song_to_it_stays():
    text = scenes("song: a", "{fade: a, level: -6 dB}")
    stage = Stage(text, material=Rising).go().wait(1).go().wait(1).do(act.SeekBy(Fraction(4))).wait(1)
    near(stage.do(act.UndoGo()).wait(1).heard()[-1], N[8 * S - 1])


def test_a_panic_is_not_undone():
    stage = Stage(TWO).go().wait(1).do(act.Standby(2)).go().wait(1).do(act.Panic()).wait(1).do(act.UndoGo()).wait(3)
    assert not stage.show.sounding
    assert stage.show.standby == 2


def test_undo_goes_back_twenty_times_and_says_when_there_is_no_more():
    stage = Stage(scenes(*[f"{{song: a, id: c{n}, until: end, to: 9s}}" for n in range(25)]))
    for _ in range(25):
        stage.go().wait(0.3)
    for n in range(22):
        stage.do(act.UndoGo()).wait(0.05)
        assert stage.show.standby == max(5, 24 - n)
    stage.wait(0.3)
    # those of the first five GOs sound on, as far as they have not come to their end
    assert [s.cue.key for s in stage.show.sounding] == ["c0", "c1", "c2", "c3", "c4"]


def test_undo_after_undo_lets_each_song_find_its_place():
    text = """
defaults: {fade-out: 500ms linear}
songs: {a: {title: A}, b: {title: B}, c: {title: C}}
scenes:
  - {id: one, title: One, cues: [song: a]}
  - {id: two, title: Two, cues: [song: b]}
  - {id: three, title: Three, cues: [song: c]}
"""
    stage = Stage(text, material=Rising).go().wait(1).go().wait(1).go().wait(1).do(act.UndoGo()).wait(1)
    assert stage.songs() == ["b"]
    near(stage.heard()[-1], N[3 * S - 1])
    stage.do(act.UndoGo()).wait(1)
    assert stage.songs() == ["a"]
    near(stage.heard()[-1], N[5 * S - 1])
    assert stage.go().wait(1).songs() == ["b"]


def test_undo_leaves_what_a_hotkey_fired():
    stage = Stage(scenes("song: a", "{song: b, hotkey: k}")).go().wait(1).do(act.Hotkey("K")).wait(1).do(act.UndoGo())
    assert stage.wait(1).songs() == ["b"]


def test_undo_of_a_set_between_two_songs():
    text = SET + scenes("set: s")
    stage = Stage(text).go().wait(11).go().wait(0.5).do(act.UndoGo()).wait(30)
    assert events(stage, Started) == [0, 12, 22]


def test_what_would_have_followed_in_the_meantime_comes_with_the_undo():
    text = scenes("{song: a, to: 3s, then: follow}", "song: b")
    stage = Stage(text).go().wait(2).go().wait(4).do(act.UndoGo()).wait(1)
    assert starts(stage) == [0, 6 * S]


def test_hands_free_waits_for_a_person_after_an_undo():
    stage = Stage(TWO, auto=True).do(act.Go(by_hand=False)).wait(11).do(act.UndoGo()).wait(30)
    assert [e.step for e in stage.events if isinstance(e, Fired)] == [0, 1]
    assert stage.show.standby == 1
    stage.go().wait(5)
    assert [e.step for e in stage.events if isinstance(e, Fired)] == [0, 1, 1, 2]


def test_messages_are_not_unsent_and_the_undo_says_so():
    stage = Stage(scenes("{send: osc /lamp 1, number: 7}")).go().do(act.UndoGo())
    assert stage.show.undone == "GO 7 is undone; its messages are not unsent"


def test_undo_with_nothing_to_undo_does_nothing():
    stage = Stage(TWO)
    before = stage.show
    assert stage.do(act.UndoGo()).show == before


@pytest.mark.parametrize("paused", [False, True])
def test_undo_is_the_same_bytes_at_any_block_size(paused):
    text = (
        "defaults: {fade-out: 2s}\n"
        + SET
        + scenes(
            "{song: a, pan: 20, loop: {from: 500ms, to: 900ms, times: until-go}}",
            "{song: b, duck: -9 dB, then: continue}",
            "{fade: a, level: -20 dB}",
            "{song: c, crossfade: 700ms}",
            "pause: c",
        )
    )
    rng = random.Random(8)
    sounds = []
    for block in (256, 64, 4096, (rng.randint(1, 999) for _ in itertools.count())):
        stage = Stage(text, block=block, material=Rising).go().wait(1.1)
        for seconds in (0.777, 1.234, 0.4):
            stage.go().wait(seconds)
        if paused:
            stage.do(act.Pause()).wait(0.1)
        for seconds in (0.1, 0.5, 0.31, 1):
            stage.do(act.UndoGo()).wait(seconds)
        if paused:
            stage.do(act.Pause()).wait(1)
        stage.do(act.Panic()).wait(3)
        assert stage.engine.quiet
        sounds.append(stage.both())
    assert all((sound == sounds[0]).all() for sound in sounds)
