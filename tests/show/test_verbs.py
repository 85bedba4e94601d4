"""The rest of the cue language, heard: pan, pause and resume, loops, ducks, hotkeys, sets."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest

from player import actions as act
from player.engine.status import Ended, Fired, Held, Passed, Started, Unlooped
from tests.show.rig import Rising, Stage
from tests.show.test_transport import scenes, starts

S = 48_000
RISE = np.sin(np.pi / 2 * np.arange(240) / 240)
FALL = np.cos(np.pi / 2 * np.arange(240) / 240)


def near(found, wanted):
    assert np.abs(np.asarray(found, float) - wanted).max() < 1e-6


def events(stage: Stage, kind: type) -> list[float]:
    """When something was told, in seconds."""
    return [e.clock / S for e in stage.events if isinstance(e, kind)]


# -- pan


@pytest.mark.parametrize(("pan", "left", "right"), [(0, 1, 1), (-100, 1, 0), (100, 0, 1), (-25, 1, 0.75), (60, 0.4, 1)])
def test_pan_lets_the_far_side_fall_and_the_near_one_be(pan, left, right):
    sound = Stage(scenes(f"{{song: a, pan: {pan}, gain: -6 dB}}")).go().wait(1).both()
    near(sound[100], np.array([left, right]) * 0.5 * 10 ** (-6 / 20))


def test_pan_stays_while_the_level_moves():
    stage = Stage(scenes("{song: a, pan: 50, then: continue, post-wait: 1s}", "{fade: a, level: -6 dB, over: 1s}"))
    sound = stage.go().wait(3).both()
    near(sound[S : 2 * S, 0], 0.5 * sound[S : 2 * S, 1])
    near(sound[2 * S :, 1], 0.5 * 10 ** (-6 / 20))


# -- pause and resume


def test_a_paused_song_stands_still_and_goes_on_with_the_frame_it_stood_at():
    stage = Stage(scenes("song: a", "pause: a", "resume: a"), material=Rising)
    stage.go().wait(1).go().wait(3).go().wait(1)
    heard, n = stage.heard(), np.arange(480_000) / 2**20
    near(heard[S : S + 240], n[S : S + 240] * FALL)
    assert not heard[S + 240 : 4 * S].any()
    near(heard[4 * S : 4 * S + 240], n[S : S + 240] * RISE)
    near(heard[4 * S + 240 :], n[S + 240 : 2 * S])
    assert [(e.clock / S, e.on) for e in stage.events if isinstance(e, Held)] == [(1, True), (4, False)]


def test_a_paused_song_pushes_its_end_and_what_waits_for_that():
    text = scenes("{song: a, to: 3s, then: follow}", "song: b", "pause: a", "resume: a")
    stage = Stage(text).go().wait(1).do(act.Standby(1)).go().wait(5).go().wait(4)
    assert events(stage, Started) == [0, 8]
    assert events(stage, Ended) == [8]


def test_a_pause_freezes_the_songs_own_fade_and_no_other():
    text = scenes("{song: a, fade-in: 4s linear}", "{song: b, fade-in: 4s linear}", "pause: a", "resume: a")
    stage = Stage(text).go().wait(0.5).go().wait(0.5).go().wait(1).go().wait(1)
    # at 2 s: a went on from a quarter of its rise, b stands at 1.5 s of its own
    heard = stage.heard()[2 * S + 240 :]
    t = np.arange(240, S) / S
    near(heard, 0.5 * (1 + t) / 4 + 0.25 * (1.5 + t) / 4)


def test_pause_all_spares_what_its_own_step_fires():
    text = scenes("song: a", "song: b", "{song: c, then: continue}", "pause: all", "resume: all")
    stage = Stage(text).go().wait(1).go().wait(1).go().wait(1)
    assert [s.cue.song for s in stage.show.sounding if s.held] == ["a", "b"]
    near(stage.heard()[-1], 0.125)
    assert not any(s.held for s in stage.go().wait(1).show.sounding)
    near(stage.heard()[-1], 0.875)


def test_the_great_pause_stands_on_top_of_a_small_one():
    stage = Stage(scenes("song: a", "song: b", "pause: a", "resume: a"), material=Rising)
    stage.go().wait(1).go().wait(1).go().wait(1).do(act.Pause()).wait(2).do(act.Pause()).wait(1)
    near(stage.heard()[-1], (2 * S + S - 1) / 2**20)  # b alone, 3 s in but for the last frame
    at = {v.voice: (v.at / S, v.held) for v in stage.session.status.voices}
    assert list(at.values()) == [(2, True), (3, False)]


def test_a_paused_song_that_is_made_to_leave_is_gone_at_once():
    stage = Stage(scenes("song: a", "pause: a", "stop: a")).go().wait(1).go().wait(1).go()
    assert not stage.show.sounding
    assert events(stage, Ended) == [2]
    assert not stage.heard()[S + 240 :].any()


def test_the_level_of_a_paused_song_can_be_moved_unheard():
    stage = Stage(scenes("song: a", "pause: a", "{fade: a, level: -6 dB, over: 9s}", "resume: a"))
    stage.go().wait(1).go().wait(1).go().wait(1).go().wait(1)
    near(stage.heard()[3 * S + 240 :], 0.5 * 10 ** (-6 / 20))


def test_a_paused_song_ends_with_a_panic():
    stage = Stage(scenes("song: a", "pause: a")).go().wait(1).go().wait(1).do(act.Panic())
    assert not stage.show.sounding
    assert stage.engine.quiet


def test_hands_free_does_not_wait_for_a_paused_song():
    text = scenes("{song: a, then: continue, post-wait: 2s}", "pause: a", "{song: b, to: 1s}", "resume: a")
    stage = Stage(text, auto=True).do(act.Go(by_hand=False)).wait(20)
    assert events(stage, Fired)[:2] == [0, 2]


# -- loops


def test_a_loop_plays_its_region_as_often_as_it_says():
    stage = Stage(scenes("{song: a, loop: {from: 1s, to: 2s, times: 3}, then: follow}", "song: b"), material=Rising)
    heard, n = stage.go().wait(13).heard(), (np.arange(480_000) / 2**20).astype(np.float32)
    assert (heard[: 2 * S] == n[: 2 * S]).all()
    w = np.arange(240) / 240
    for seam in (2 * S, 3 * S):
        near(heard[seam : seam + 240], n[S : S + 240] * w + n[2 * S : 2 * S + 240] * (1 - w))
        assert (heard[seam + 240 : seam + S] == n[S + 240 : 2 * S]).all()
    assert (heard[4 * S : 12 * S] == n[2 * S :]).all()
    assert starts(stage) == [0, 12 * S]


def test_a_loop_over_one_level_cannot_be_heard():
    stage = Stage(scenes("{song: a, loop: {from: 1.00003s, to: 1.5s, times: 4}}")).go().wait(5)
    assert (stage.heard() == 0.5).all()


def test_a_loop_to_the_end_of_the_recording_joins_it_as_it_is():
    stage = Stage(scenes("{song: a, loop: {from: 9s, to: 10s, times: 2}}"), material=Rising).go().wait(11)
    heard = stage.heard()
    assert (heard[10 * S :] == (np.arange(9 * S, 10 * S) / 2**20).astype(np.float32)).all()
    assert events(stage, Ended) == [11]


def test_go_lets_a_vamp_leave_at_the_end_of_its_region_without_a_seam():
    text = scenes("{song: a, loop: {from: 1s, to: 2s, times: until-go}, then: follow}", "song: b", "say: go on")
    stage = Stage(text, material=Rising).go().wait(4.25).go().wait(10)
    heard, n = stage.heard(), (np.arange(480_000) / 2**20).astype(np.float32)
    assert (heard[5 * S - 1000 : 5 * S] == n[2 * S - 1000 : 2 * S]).all()
    assert (heard[5 * S : 13 * S] == n[2 * S :]).all()
    assert events(stage, Unlooped) == [5]
    assert starts(stage) == [0, 13 * S]


def test_a_vamp_goes_on_for_ever_and_tells_song_time():
    stage = Stage(scenes("{song: a, from: 500ms, loop: {from: 1s, to: 2s, times: until-go}}")).go().wait(60.25)
    voice = stage.session.status.voices[0]
    assert (voice.at / S, voice.turn, voice.looping) == (1.75, 59, True)
    assert voice.end == 10 * S


def test_go_at_the_end_of_the_show_still_leaves_a_vamp():
    loop = "loop: {from: 1s, to: 2s, times: until-go}"
    text = f"songs: {{a: {{title: A}}}}\nscenes: [{{id: x, title: X, cues: [{{song: a, {loop}}}]}}]"
    stage = Stage(text).go().wait(3.5).go().wait(9)
    assert stage.show.ignored_go is None
    assert events(stage, Ended) == [12]
    assert stage.wait(1).go().show.ignored_go == round(13.5 * S)


def test_a_key_leaves_loops_with_a_count_too():
    stage = Stage(scenes("{song: a, loop: {from: 1s, to: 2s, times: 9}}")).go().wait(1.5).do(act.LeaveLoops()).wait(12)
    assert events(stage, Ended) == [10]
    assert (stage.heard()[: 10 * S] == 0.5).all()


def test_a_seek_inside_a_loop_keeps_its_pass():
    stage = Stage(scenes("{song: a, loop: {from: 1s, to: 3s, times: 3}}"), material=Rising).go().wait(4.5)
    assert stage.session.status.voices[0].turn == 1
    stage.do(act.SeekBy(Fraction(-1)))
    assert [(v.at / S, v.turn) for v in stage.session.status.voices] == [(1.5, 1)]
    stage.wait(20)  # half a second is left of the pass, then comes the third one, then the rest
    assert events(stage, Ended) == [4.5 + 1.5 + 2 + 7]


def test_a_seek_behind_a_vamp_leaves_it():
    stage = Stage(scenes("{song: a, loop: {from: 1s, to: 3s, times: until-go}}"), material=Rising).go().wait(9.5)
    stage.do(act.SeekBy(Fraction(5))).wait(20)
    assert events(stage, Unlooped) == [9.5]
    assert events(stage, Ended) == [9.5 + 10 - 6.5]


def test_a_seek_after_a_vamp_was_left_meets_the_song():
    stage = Stage(scenes("{song: a, loop: {from: 1s, to: 3s, times: until-go}}", "say: on"), material=Rising)
    stage.go().wait(4).go().wait(2).do(act.SeekBy(Fraction(-3))).wait(0.5)
    voice = stage.session.status.voices[0]
    assert (voice.at / S, voice.looping) == (1.5, False)
    near(stage.heard()[-1], (1.5 * S - 1) / 2**20)


def test_hands_free_plays_a_vamp_twice():
    text = scenes("{song: a, loop: {from: 1s, to: 3s, times: until-go}}", "song: b")
    stage = Stage(text, auto=True).do(act.Go(by_hand=False)).wait(15)
    assert events(stage, Fired)[:2] == [0, 12]
    assert stage.show.plan.length(0) == 12 * S


# -- duck


def test_a_duck_holds_all_others_lower_until_its_song_ends():
    text = scenes("song: a", "{song: b, to: 4s, duck: -12 dB}", "song: c")
    stage = Stage(text).go().wait(1).go().wait(2).go().wait(4)
    heard, low = stage.heard(), 10 ** (-12 / 20)
    t = np.arange(14_400)
    near(heard[S : S + 14_400], 0.5 * 10 ** (-12 * t / 14_400 / 20) + 0.25)
    near(heard[S + 14_400 : 3 * S], 0.5 * low + 0.25)
    near(heard[3 * S : 5 * S], (0.5 + 0.125) * low + 0.25)  # one that starts later is down from its first frame
    up = 10 ** (-12 * (1 - np.arange(S) / S) / 20)
    near(heard[5 * S + 240 : 6 * S], 0.625 * up[240:])
    near(heard[6 * S :], 0.625)


def test_a_duck_ends_when_its_song_begins_to_leave():
    text = "defaults: {fade-out: 2s linear}\n" + scenes("song: a", "{song: b, duck: -24 dB}", "stop: b")
    stage = Stage(text).go().wait(1).go().wait(0.25).go().wait(1.5)
    assert stage.songs() == ["a"]
    up = 10 ** (-20 * (1 - np.arange(S) / S) / 20)  # from where it stood on its way down
    near(stage.heard()[S + 12_000 : 2 * S + 12_000], 0.5 * up + 0.25 * (1 - np.arange(S) / 96_000))


def test_the_deepest_duck_wins_and_ducks_meet_one_another():
    text = scenes("song: a", "{song: b, duck: -6 dB}", "{song: c, duck: -12 dB}")
    stage = Stage(text).go().wait(1).go().wait(1).go().wait(1)
    six, twelve = 10 ** (-6 / 20), 10 ** (-12 / 20)
    near(stage.heard()[-1], 0.5 * twelve + 0.25 * twelve + 0.125 * six)


# -- hotkeys


def test_a_hotkey_fires_its_cue_and_leaves_standby_and_the_scene_alone():
    text = """
songs: {a: {title: A}, b: {title: B}}
scenes:
  - {id: one, title: One, cues: [song: a]}
  - {id: two, title: Two, cues: [{song: b, hotkey: k}]}
"""
    stage = Stage(text, locked=True).go().wait(1).do(act.Hotkey("K"), act.Hotkey("K")).wait(1)
    assert stage.songs() == ["a", "b", "b"]
    assert (stage.show.standby, stage.show.fired, stage.show.done) == (1, 0, {0})
    assert starts(stage) == [0, S, S]
    assert stage.do(act.Hotkey("Z")).songs() == ["a", "b", "b"]


def test_a_hotkey_brings_the_chain_behind_its_cue():
    text = scenes("{song: a, then: continue}", "{song: b, hotkey: k, then: continue, post-wait: 1s}", "song: c")
    stage = Stage(text).do(act.Hotkey("K")).wait(2)
    assert [s.cue.song for s in stage.show.sounding] == ["b", "c"]
    assert starts(stage) == [0, S]
    assert stage.show.standby == 0


def test_what_a_hotkey_fired_leaves_with_the_scene_it_was_fired_in():
    text = """
songs: {a: {title: A}, b: {title: B}}
scenes:
  - {id: one, title: One, cues: [song: a, say: still here]}
  - {id: two, title: Two}
  - {id: bell, title: Bell, cues: [{song: b, hotkey: k}]}
"""
    stage = Stage(text).go().wait(1).do(act.Hotkey("K")).wait(1).go().wait(1)
    assert stage.songs() == ["a", "b"]
    assert stage.go().wait(0.1).songs() == []


def test_a_hotkey_under_pause_waits_with_everything_else():
    stage = Stage(scenes("song: a", "{song: b, hotkey: k}")).go().wait(1).do(act.Pause(), act.Hotkey("K")).wait(1)
    assert not stage.heard()[S + 240 :].any()
    near(stage.do(act.Pause()).wait(1).heard()[-1], 0.75)


# -- sets


SET = "sets: {s: {title: The set, songs: [{song: a}, {song: b, gap: 2s}, {song: c}]}}\n"


def test_a_set_plays_its_songs_in_order_with_their_gaps():
    stage = Stage(SET + scenes("{set: s, then: follow}", "song: a")).go().wait(33)
    assert events(stage, Started) == [0, 12, 22, 32]
    assert stage.show.plan.length(0) == 42 * S


def test_a_set_crosses_its_songs_where_there_is_no_gap():
    stage = Stage(SET + scenes("song: a", "{set: s, crossfade: 2s linear}")).go().wait(1).go().wait(33)
    assert events(stage, Started) == [0, 1, 13, 21]
    heard, t = stage.heard(), np.arange(2 * S) / (2 * S)
    near(heard[S : 3 * S], 0.5 * (1 - t) + 0.5 * t)
    near(heard[21 * S : 23 * S], 0.25 * (1 - t) + 0.125 * t)
    near(heard[23 * S : 31 * S], 0.125)
    assert events(stage, Ended)[-1] == 31


def test_a_set_leaves_with_its_scene_also_between_two_songs():
    stage = Stage(SET + scenes("set: s")).go().wait(11).go().wait(30)
    assert events(stage, Started) == [0]
    assert stage.engine.quiet


def test_a_set_is_paused_between_two_songs_as_well():
    text = SET + scenes("{set: s, id: pre}", "pause: pre", "resume: pre")
    stage = Stage(text).go().wait(11).go().wait(9).go().wait(10)
    assert events(stage, Started) == [0, 21]
    stage = Stage(text).go().wait(11).go().wait(9).do(act.UndoGo()).wait(3)  # due at 12, and so at once
    assert events(stage, Started) == [0, 20]
    stage = Stage(text).go().wait(11).go().wait(9).do(act.Panic()).wait(1).do(act.Standby(2)).go().wait(30)
    assert events(stage, Started) == [0]


def test_a_set_is_stopped_as_one():
    stage = Stage(SET + scenes("{set: s, id: pre}", "stop: pre")).go().wait(5).go().wait(30)
    assert events(stage, Started) == [0]
    stage = Stage(SET + scenes("{set: s, id: pre}", "stop: pre")).go().wait(11).go().wait(30)
    assert events(stage, Started) == [0]


def test_a_set_that_repeats_begins_again_until_it_is_stopped():
    stage = Stage(SET + scenes("{set: s, repeat: yes}", "stop: all")).go().wait(100)
    assert events(stage, Started) == [0, 12, 22, 32, 44, 54, 64, 76, 86, 96]
    stage.go().wait(60)
    assert len(events(stage, Started)) == 10
    assert not stage.show.sounding


def test_hands_free_plays_a_set_that_repeats_once():
    stage = Stage(SET + scenes("{set: s, repeat: yes}", "{song: a, to: 1s}"), auto=True).do(act.Go(by_hand=False))
    stage.wait(60)
    assert events(stage, Started) == [0, 12, 22, 32]


def test_a_shuffled_set_plays_each_song_once_and_the_same_way_each_time():
    many = ", ".join(f"s{n}" for n in range(9))
    songs = ", ".join(f"{{song: s{n}}}" for n in range(9))
    text = f"sets: {{x: {{songs: [{songs}]}}}}\n" + scenes(
        "{set: x, shuffle: yes}", songs=", ".join(f"s{n}: {{title: S}}" for n in range(9))
    )
    runs = []
    for _ in range(2):
        stage = Stage(text)
        parts = stage.go().show.cast.values()
        runs.append([stage.show.sounding[0].cue.song, *(part.cue.song for part in parts)])
    assert sorted(runs[0]) == many.split(", ")
    assert runs[0] == runs[1] != many.split(", ")


# -- send


def test_messages_are_shown_as_not_sent():
    stage = Stage(scenes("send: [midi program 3 channel 1, osc /lamp 0.4]", "say: x")).go()
    assert events(stage, Passed) == [0]
    assert stage.show.unsent == ("midi program 3 channel 1", "osc /lamp 0.4")
    assert stage.wait(1).go().show.unsent == ()


# -- any block size


def test_all_of_it_is_the_same_bytes_at_any_block_size():
    text = SET + scenes(
        "{song: a, pan: -30, fade-in: 1s, loop: {from: 300ms, to: 700ms, times: until-go}}",
        "{song: b, duck: -9 dB, then: continue, post-wait: 333ms}",
        "pause: a",
        "{song: c, duck: -14 dB, pan: 70, loop: {from: 1s, to: 1.25s, times: 3}}",
        "{resume: a, then: continue, post-wait: 123ms}",
        "{stop: b, fade-out: 700ms}",
        "{set: s, crossfade: 1s}",
    )
    rng = random.Random(5)
    sounds = []
    for block in (256, 64, 4096, (rng.randint(1, 999) for _ in itertools.count())):
        stage = Stage(text, block=block, material=Rising).go().wait(2.1)
        for seconds in (0.777, 1.234, 3.21, 0.4, 5.0):
            stage.go().wait(seconds)
        stage.do(act.Pause()).wait(0.3).do(act.Pause()).wait(1).do(act.Panic()).wait(3)
        assert stage.engine.quiet
        sounds.append(stage.both())
    assert all((sound == sounds[0]).all() for sound in sounds)
