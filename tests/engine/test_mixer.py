from __future__ import annotations

import itertools
import math
import os
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.engine.commands import (
    UNTIL_END,
    Auto,
    Enter,
    Hold,
    Later,
    LeaveLoops,
    Master,
    Move,
    Panic,
    Pass,
    Pause,
    Release,
    Resume,
    Seek,
    Shape,
    Start,
    Stop,
    Target,
    Undo,
)
from player.engine.mixer import LONGEST, Mixer
from player.engine.source import Region, SourceSpec
from player.engine.status import Ended, Fired, Left, Over, Passed, Started, Unlooped
from tests.conftest import LONG
from tests.engine.rig import COUNT, DC, mixer, play, start

DECLICK = np.cos(np.pi / 2 * np.arange(240) / 240)  # 5 ms going out
RISE = np.sin(np.pi / 2 * np.arange(240) / 240)


VAMP = SourceSpec("audio", "count", loop=Region(900, 1300, 0))
TWICE = SourceSpec("audio", "dc", loop=Region(950, 1700, 2))


def near(found, wanted):
    assert np.abs(np.asarray(found, float) - wanted).max() < 1e-6


def test_a_voice_begins_at_the_very_frame_and_ends_before_its_end():
    sound, events = play([(1000, (start(source=COUNT, end=500),))], 2000)
    assert not sound[:1000].any()
    assert (sound[1000:1500, 0] == (np.arange(500) / 2**20).astype(np.float32)).all()
    assert not sound[1500:].any()
    assert events == [Started(1000, 1), Ended(1500, 1, natural=True)]


def test_a_recording_that_begins_at_its_first_frame_gets_no_ramp():
    sound, _ = play([(0, (start(),))], 10)
    assert (sound == 1.0).all()


def test_an_offset_begins_a_song_inside_its_recording():
    late = SourceSpec("audio", "dc", offset=4800)
    sound, _ = play([(0, (start(source=late),)), (1000, (Seek(1, 0, 7),))], 3000)
    near(sound[:240, 0], RISE)
    near(sound[1000:1240, 0], RISE + DECLICK)
    near(sound[1240:, 0], 1.0)


def test_what_precedes_a_recording_ends_without_a_ramp():
    early = SourceSpec("audio", "dc", offset=-100)
    sound, _ = play([(0, (start(source=early, begin=50),))], 400)
    assert (sound == 1.0).all()  # in a recording, 50 frames of silence and then its first


@pytest.mark.parametrize(("off", "on"), [(Pause(), Resume()), (Hold(Target("all")), Release(Target("all")))])
def test_what_goes_on_where_its_cue_begins_comes_in_again(off, on):
    script = [(0, (start(begin=48_000),)), (1000, (off,)), (2000, (Seek(1, 48_000, 7),)), (3000, (on,))]
    sound, _ = play(script, 4000)
    near(sound[3000:3240, 0], RISE)


@pytest.mark.parametrize(("off", "on"), [(Pause(), Resume()), (Hold(Target("all")), Release(Target("all")))])
def test_what_was_paused_before_its_first_frame_begins_as_written(off, on):
    sound, _ = play([(0, (start(), off)), (1000, (on,))], 2000)
    assert not sound[:1000].any()
    assert (sound[1000:] == 1.0).all()


def test_a_start_inside_a_recording_rises_over_5_ms():
    sound, _ = play([(100, (start(begin=48_000),))], 1000)
    near(sound[100:340, 0], RISE)
    assert (sound[340:] == 1.0).all()


def test_an_end_inside_a_recording_goes_out_over_5_ms_from_its_frame():
    sound, events = play([(0, (start(end=1000, cut=True),))], 2000)
    assert (sound[:1000] == 1.0).all()
    near(sound[1000:1240, 0], DECLICK)
    assert not sound[1240:].any()
    assert events[-1] == Ended(1000, 1, natural=True)


def test_a_written_fade_out_ends_exactly_at_the_end():
    sound, _ = play([(0, (start(end=10_000, shape=Shape(4000, "linear")),))], 12_000)
    assert (sound[:6000] == 1.0).all()
    near(sound[6000:10_000, 0], 1 - np.arange(4000) / 4000)
    assert not sound[10_000:].any()


def test_gain_is_in_db():
    sound, _ = play([(0, (start(gain_db=-6.0),))], 10)
    near(sound, 10 ** (-6 / 20))


def test_a_stop_lets_each_voice_out_over_its_own_fade():
    script = [(0, (start(1, leave=Shape(1000)), start(2, leave=Shape(2000, "linear")))), (500, (Stop(Target("all")),))]
    sound, events = play(script, 4000)
    p = np.arange(500) / 1000, np.arange(500) / 2000
    near(sound[500:1000, 0], np.cos(np.pi / 2 * p[0]) + 1 - p[1])
    assert events[-2:] == [Ended(1500, 1, False), Ended(2500, 2, False)]


def test_a_stop_with_its_own_time_takes_that():
    sound, _ = play([(0, (start(),)), (100, (Stop(Target("voice", voice=1), Shape(100, "linear")),))], 400)
    near(sound[100:200, 0], 1 - np.arange(100) / 100)
    assert not sound[200:].any()


def test_a_stop_without_any_time_takes_5_ms():
    sound, _ = play([(0, (start(),)), (100, (Stop(Target("all"), Shape(0)),))], 400)
    near(sound[100:340, 0], DECLICK)
    assert not sound[340:].any()


def test_all_spares_the_voices_of_its_own_step():
    script = [(0, (start(1, serial=1), start(2, serial=2))), (100, (Stop(Target("all", serial=2), Shape(0)),))]
    _, events = play(script, 1000)
    assert [e.voice for e in events if isinstance(e, Left)] == [1]


def test_a_crossfade_lets_earlier_firings_out_while_it_rises():
    script = [
        (0, (start(1, serial=1, until=UNTIL_END),)),
        (1000, (start(2, serial=2, crossfade=Shape(4800)),)),
    ]
    sound, events = play(script, 8000)
    p = np.arange(4800) / 4800
    near(sound[1000:5800, 0], np.cos(np.pi / 2 * p) + np.sin(np.pi / 2 * p))
    assert (sound[5800:] == 1.0).all()
    assert Ended(5800, 1, False) in events


def test_a_crossfade_takes_the_place_of_the_leave_that_the_same_go_began():
    script = [
        (0, (start(1, serial=1, scene=0, leave=Shape(9600)),)),
        (1000, (Enter(1, 1, 2), start(2, COUNT, serial=2, scene=1, crossfade=Shape(480, "linear")))),
    ]
    _, events = play(script, 20_000)
    assert Ended(1480, 1, False) in events
    assert events.count(Left(1000, 1)) == 1  # and is told once


@pytest.mark.parametrize(
    ("until", "entered", "leaves"),
    [(-1, 0, False), (-1, 1, True), (-2, 1, False), (2, 1, False), (2, 2, True), (2, 3, True)],
)
def test_until_says_which_scene_ends_a_voice(until, entered, leaves):
    script = [(0, (start(1, serial=1, scene=0, until=until),)), (100, (Enter(9, entered, 2),))]
    _, events = play(script, 200)
    assert Fired(100, 9, 2) in events
    assert (Left(100, 1) in events) is leaves


def test_a_level_moves_linearly_in_db_from_its_frame():
    sound, _ = play([(0, (start(gain_db=-6.0),)), (1000, (Move(Target("all"), -18.0, 48_000),))], 60_000)
    assert 20 * math.log10(sound[1000 + 24_000, 0]) == pytest.approx(-12, abs=1e-4)
    near(sound[49_000:, 0], 10 ** (-18 / 20))


def test_a_level_to_minus_inf_ends_the_voice_and_what_waits_for_it_comes():
    script = [
        (0, (start(1), Later(9, (start(2, COUNT),), end_of=1))),
        (1000, (Move(Target("all"), -math.inf, 4800),)),
    ]
    sound, events = play(script, 8000)
    assert [e for e in events if not isinstance(e, Left)][1:] == [Ended(5800, 1, True), Started(5800, 2)]
    near(sound[1000:5800, 0], 10 ** (-60 * np.arange(4800) / 4800 / 20))


def test_what_follows_starts_at_the_frame_after_the_end():
    later = Later(9, (start(2, COUNT, end=300),), frames=48, end_of=1)
    sound, events = play([(7, (start(1, end=1000), later))], 2000)
    assert Started(1055, 2) in events
    assert not sound[1007:1055].any()
    assert sound[1056, 0] == np.float32(1 / 2**20)


def test_a_lead_starts_before_the_end():
    later = Later(9, (start(2),), end_of=1, lead=400)
    _, events = play([(0, (start(1, end=1000), later))], 2000)
    assert Started(600, 2) in events


def test_what_follows_a_stopped_voice_never_comes_nor_what_waits_for_that():
    script = [
        (0, (start(1), Later(10, (start(2),), end_of=1), Later(11, (start(3),), 100, after=10),
             Later(12, (start(4),), end_of=2))),
        (500, (Stop(Target("voice", voice=1), Shape(100)),)),
    ]  # fmt: skip
    _, events = play(script, 5000)
    assert [e.voice for e in events if isinstance(e, Started)] == [1]


def test_a_wait_owned_by_a_stopped_voice_is_dropped():
    script = [
        (0, (start(1), Later(10, (Pass("b"),), 1000, owner=1), Later(11, (Pass("c"),), 10, after=10))),
        (500, (Stop(Target("voice", voice=1), Shape(100)),)),
    ]
    _, events = play(script, 5000)
    assert not [e for e in events if isinstance(e, Passed)]


def test_a_chain_counts_from_the_frame_each_link_comes():
    script = [
        (5, (Later(1, (Pass("a"),), 100), Later(2, (Pass("b"),), 50, after=1), Later(3, (Pass("c"),), 0, after=2)))
    ]
    _, events = play(script, 1000)
    assert events == [Passed(105, "a"), Passed(155, "b"), Passed(155, "c")]


def test_a_pause_freezes_everything_at_its_frame_and_resume_goes_on_with_it():
    script = [
        (0, (start(source=COUNT), Later(5, (Pass("x"),), 3000))),
        (1000, (Pause(),)),
        (6000, (Resume(),)),
    ]
    sound, events = play(script, 10_000)
    n = np.arange(20_000) / 2**20
    near(sound[1000:1240, 0], n[1000:1240] * DECLICK)
    assert not sound[1240:6000].any()
    near(sound[6000:6240, 0], n[1000:1240] * RISE)
    near(sound[6240:9000, 0], n[1240:4000])
    assert Passed(8000, "x") in events


def test_a_pause_freezes_a_fade():
    script = [
        (0, (start(),)),
        (100, (Stop(Target("all"), Shape(1000, "linear")),)),
        (600, (Pause(),)),
        (5600, (Resume(),)),
    ]
    sound, events = play(script, 8000)
    near(sound[5600 + 240 : 6100, 0], 1 - np.arange(740, 1000) / 1000)
    assert Ended(6100, 1, False) in events


def test_a_seek_goes_on_elsewhere_clean():
    script = [(0, (start(source=COUNT),)), (1000, (Seek(1, 50_000, 7),))]
    sound, _ = play(script, 3000)
    n = np.arange(100_000) / 2**20
    near(sound[1000:1240, 0], n[1000:1240] * DECLICK + n[50_000:50_240] * RISE)
    near(sound[1240:, 0], n[50_240 : 50_240 + 1760])


def test_a_seek_moves_the_end_and_what_follows_it():
    script = [(0, (start(end=100_000), Later(5, (Pass("x"),), end_of=1))), (1000, (Seek(1, 99_000, 7),))]
    _, events = play(script, 5000)
    assert events[-2:] == [Ended(2000, 1, True), Passed(2000, "x")]


def test_a_panic_takes_everything_out_and_drops_what_is_to_come():
    script = [
        (0, (start(1), start(2), Later(5, (start(3),), 2000), Later(6, (start(4),), end_of=1))),
        (1000, (Panic(Shape(4800)),)),
    ]
    sound, events = play(script, 200_000)
    near(sound[1000:5800, 0], 2 * np.cos(np.pi / 2 * np.arange(4800) / 4800))
    assert not sound[5800:].any()
    assert [e.voice for e in events if isinstance(e, Started)] == [1, 2]


def test_a_second_panic_cuts_in_5_ms():
    script = [(0, (start(),)), (1000, (Panic(Shape(96_000)),)), (2000, (Panic(Shape(240)),))]
    sound, _ = play(script, 4000)
    assert sound[2239, 0] > 0
    assert not sound[2240:].any()


def test_a_panic_while_paused_leaves_nothing_behind():
    script = [(0, (start(),)), (100, (Pause(),)), (1000, (Panic(Shape(96_000)),)), (1500, (start(2, end=10),))]
    sound, events = play(script, 3000)
    assert Ended(1000, 1, False) in events
    assert not sound[340:1500].any()
    assert (sound[1500:1510] == 1.0).all()


def test_the_master_level_is_reached_within_5_ms():
    sound, _ = play([(0, (start(),)), (1000, (Master(0.5),)), (2000, (Master(0.0),))], 3000)
    near(sound[1000:1240, 0], 1 - 0.5 * np.arange(240) / 240)
    near(sound[1240:2000, 0], 0.5)
    assert not sound[2240:].any()


def test_sums_above_full_scale_are_reported_once_a_second():
    _, events = play([(0, (start(1), start(2)))], 100_000, block=lambda: 777)
    assert [(e.clock, e.peak) for e in events if isinstance(e, Over)] == [(0, 2.0), (48_000, 2.0), (96_000, 2.0)]


def test_hands_free_comes_when_the_music_of_its_firing_is_over():
    script = [
        (0, (Enter(0, 0, 50), start(1, serial=50, end=1000), Later(3, (start(2, serial=50, end=500),), 800, serial=50),
             Auto(50, (Pass("next"),)))),
    ]  # fmt: skip
    _, events = play(script, 3000)
    assert Passed(1300, "next") in events


def test_hands_free_can_lead_and_can_wait():
    _, early = play([(0, (start(1, serial=50, end=1000), Auto(50, (Pass("next"),), lead=100)))], 3000)
    _, late = play([(0, (Auto(50, (Pass("next"),), delay=700),))], 3000)
    assert Passed(900, "next") in early
    assert Passed(700, "next") in late


def test_a_new_hands_free_batch_replaces_the_one_that_waits():
    _, events = play([(0, (Auto(50, (Pass("a"),), delay=700),)), (300, (Auto(50, (Pass("b"),), delay=700),))], 3000)
    assert [e for e in events if isinstance(e, Passed)] == [Passed(1000, "b")]


def test_a_voice_whose_feed_is_empty_keeps_its_time():
    class Empty:
        def view(self, at, n):
            return None

    m = mixer()
    m._feed_for = lambda token, source, begin: Empty()
    m.inbox.append((start(1, end=1000),))
    out = np.ones((2000, 2), np.float32)
    m.render(out)
    assert not out.any()
    assert m.starved > 0
    assert list(m.outbox)[-1] == Ended(1000, 1, True)


# -- any block size, any commands


@st.composite
def scripts(draw):
    """Commands of every kind at odd frames, with voices that overlap, chain, seek and pause."""
    numbers = itertools.count(1)
    curves = st.sampled_from(["linear", "equal-power", "s-curve", "exponential"])
    shapes = st.builds(Shape, st.integers(1, 3000) | st.just(6000), curves)
    ends = st.integers(0, 5000) | st.sampled_from([1300, 1700, 9000])

    def new_start():
        return Start(
            next(numbers), draw(st.sampled_from([DC, COUNT, VAMP, TWICE])), begin := draw(st.integers(0, 900)),
            max(begin, draw(ends)), draw(st.sampled_from([0.0, -6.0, 3.0, -math.inf])), draw(shapes),
            rise=draw(st.none() | shapes), shape=draw(st.none() | shapes), cut=draw(st.booleans()),
            crossfade=draw(st.none() | shapes), serial=draw(st.integers(1, 4)), song="s", cue="c",
            scene=draw(st.integers(0, 3)), until=draw(st.sampled_from([-1, -2, 2])), exit=next(numbers),
            pan=draw(st.sampled_from([0.0, -100.0, 33.0])), duck_db=draw(st.sampled_from([0.0, 0.0, -12.0, -math.inf])),
        )  # fmt: skip

    def command():
        some = st.integers(1, 8)
        target = draw(st.sampled_from([Target("all", serial=2), Target("song", "s"), Target("cue", "c")]))
        match draw(st.integers(0, 15)):
            case 0 | 1 | 2:
                return new_start()
            case 3:
                return Move(target, draw(st.sampled_from([0.0, -12.0, -math.inf])), draw(st.integers(0, 2000)))
            case 4:
                return Stop(target, draw(st.none() | shapes))
            case 5:
                return Seek(draw(some), draw(st.integers(0, 5000)), next(numbers))
            case 6:
                return Enter(1, draw(st.integers(0, 3)), draw(st.integers(1, 4)))
            case 7:
                return Pause()
            case 8:
                return Resume()
            case 9:
                return Panic(draw(shapes))
            case 10:
                return Master(draw(st.sampled_from([0.0, 0.5, 1.0])))
            case 11:
                return Hold(target)
            case 12:
                return Release(target)
            case 13:
                return LeaveLoops(target, draw(st.booleans()))
            case 14:
                return Undo(tuple(draw(st.lists(st.integers(1, 4), max_size=2))), 1000 * next(numbers))
            case _:
                s = new_start()
                how = draw(st.sampled_from(["frames", "end", "lead"]))
                if how == "frames":
                    return Later(next(numbers), (s,), draw(st.integers(0, 2000)))
                lead = draw(st.integers(1, 500)) if how == "lead" else 0
                return Later(next(numbers), (s,), draw(st.integers(0, 100)), end_of=draw(some), lead=lead)

    times = draw(st.lists(st.integers(0, 6000), min_size=1, max_size=14))
    return [(at, (command(),)) for at in sorted(times)]


def sorted_events(events):
    """Sums are looked at block by block, so `Over` comes after what happened later in its block."""
    return [e for e in events if not isinstance(e, Over)], [e for e in events if isinstance(e, Over)]


@given(scripts(), st.integers(0, 1 << 30))
@settings(max_examples=1000 if LONG in os.environ else 150, deadline=None)
def test_any_block_size_gives_the_same_bytes_and_events(script, seed):
    rng = random.Random(seed)
    sound, events = play(script, 9000, block=lambda: 256)
    for block in (lambda: 64, lambda: 1000, lambda: rng.randint(1, 700)):
        other, other_events = play(script, 9000, block=block)
        assert other.tobytes() == sound.tobytes()
        assert sorted_events(other_events) == sorted_events(events)


@given(scripts())
@settings(max_examples=40 if LONG in os.environ else 8, deadline=None)
def test_one_frame_at_a_time_gives_the_same_bytes(script):
    sound, events = play(script, 7000)
    other, other_events = play(script, 7000, block=lambda: 1)
    assert other.tobytes() == sound.tobytes()
    assert sorted_events(other_events) == sorted_events(events)


def test_the_master_level_is_there_at_once_while_nothing_sounds():
    sound, _ = play([(100, (Master(0.5), start()))], 200)
    assert (sound[100:] == 0.5).all()


def test_a_leaving_voice_says_where_it_will_be_silent():
    m = mixer()
    m.inbox.append((start(end=40_000),))
    m.take()
    m.render(np.empty((1000, 2), np.float32))
    assert [voice.end for voice in m.status().voices] == [40_000]
    m.inbox.append((Stop(Target("voice", voice=1), Shape(4800)),))
    m.take()
    assert [(voice.at, voice.end) for voice in m.status().voices] == [(1000, 5800)]
    m.render(np.empty((800, 2), np.float32))
    assert [(voice.at, voice.end) for voice in m.status().voices] == [(1800, 5800)]


# -- what ends where its loop does


def left_loop(*more, until=22_000, **how):
    """A voice that turns in [4800, 20000) and is told at frame 1000 to leave; `more` comes later."""
    loop = SourceSpec("audio", "dc", loop=Region(4800, 20_000, 0))
    left = (1000, (LeaveLoops(Target("all")),))
    return play([(0, (start(source=loop, exit=2, **{"end": 20_000, **how}),)), left, *more], until)


def test_a_written_fade_out_ends_with_the_loop_that_was_left():
    sound, events = left_loop(shape=Shape(8000, "linear"))
    near(sound[:12_000], 1.0)
    near(sound[12_000:20_000, 0], 1 - np.arange(8000) / 8000)
    assert not sound[20_000:].any()
    assert events[-1] == Ended(20_000, 1, True)


def test_a_written_fade_out_that_begins_inside_the_last_pass_goes_on_behind_the_loop():
    sound, _ = left_loop(end=25_000, shape=Shape(8000, "linear"), until=26_000)
    near(sound[:17_000], 1.0)
    near(sound[17_000:25_000, 0], 1 - np.arange(8000) / 8000)


def test_an_end_where_the_loop_ends_goes_out_over_5_ms_from_there():
    sound, _ = left_loop(cut=True)
    near(sound[:20_000], 1.0)
    near(sound[20_000:20_240, 0], DECLICK)
    assert not sound[20_240:].any()


@pytest.mark.parametrize("command", [Pause(), Hold(Target("all")), Seek(1, 3000, 7)], ids=["pause", "hold", "seek"])
def test_what_stops_just_before_the_end_of_a_loop_that_was_left_sounds_no_longer_than_that(command):
    fade = 1 - np.arange(7900, 8000) / 8000
    sound, _ = left_loop(
        (2000, (Move(Target("all"), 0.0, 240),)), (19_900, (command,)), shape=Shape(8000, "linear"), until=19_990
    )
    rise = RISE[:90] if isinstance(command, Seek) else 0.0
    near(sound[19_900:, 0], fade[:90] * DECLICK[:90] + rise)


# -- loops of notes


def test_notes_go_over_to_what_lies_behind_a_loop_before_its_end():
    notes = SourceSpec("midi", "count", loop=Region(1000, 5000, 0))
    script = [(0, (start(source=notes, end=20_000, exit=2),)), (6000, (LeaveLoops(Target("all")),))]
    sound, events = play(script, 30_000)
    n, w = np.arange(6600, 9000), np.arange(2400) / 2400  # the rig's feeds do not unroll: in pass 2 they tell more
    near(sound[:6600, 0], np.arange(6600) / 2**20)
    near(sound[6600:9000, 0], (n * (1 - w) + (n - 4000) * w) / 2**20)
    near(sound[9000:24_000, 0], np.arange(5000, 20_000) / 2**20)
    assert events[1:] == [Unlooped(6600, 1), Ended(24_000, 1, True)]


def test_notes_told_late_go_over_in_what_is_left_of_the_pass():
    notes = SourceSpec("midi", "dc", loop=Region(1000, 5000, 0))
    script = [(0, (start(source=notes, end=20_000, exit=2),)), (4900, (LeaveLoops(Target("all")),))]
    sound, events = play(script, 21_000)
    near(sound[:20_000], 1.0)
    assert events[1:] == [Unlooped(4900, 1), Ended(20_000, 1, True)]


class Once:
    """A feed of one sample of -0.75 on one side, and 0.125 elsewhere."""

    def __init__(self, frames: int, place: int, side: int) -> None:
        self.sound = np.full((frames, 2), 0.125, np.float32)
        self.sound[place, side] = -0.75

    def view(self, at: int, n: int) -> np.ndarray:
        return self.sound[at : at + n].reshape(-1)


@pytest.mark.parametrize("block", [1, 7, 16, 23, 64, 2177])
@pytest.mark.parametrize(("side", "peak"), [(0, (0.75, 0.125)), (1, (0.125, 0.75))])
def test_the_peak_of_a_block_is_the_size_of_its_largest_sample_on_either_side(block, side, peak) -> None:
    for place in range(0, block, 1 + block // 100):
        m = Mixer(lambda *_, place=place: Once(block, place, side))
        m.inbox.append((start(end=block),))
        m.render(np.zeros((block, 2), np.float32))
        assert m.peak == peak


def test_the_peak_of_a_block_that_is_mixed_in_pieces_is_that_of_all_of_it() -> None:
    for place in (0, LONGEST, 2 * LONGEST + 5):
        m = Mixer(lambda *_, place=place: Once(2 * LONGEST + 10, place, 1))
        m.inbox.append((start(end=2 * LONGEST + 10),))
        m.render(np.zeros((2 * LONGEST + 10, 2), np.float32))
        assert m.peak == (0.125, 0.75)


@pytest.mark.parametrize("block", [5, 64, 71])
@pytest.mark.parametrize("side", [0, 1])
def test_a_sample_that_is_no_number_shows_in_the_peak_of_its_side(block, side) -> None:
    for place in range(block):
        feed = Once(block, place, side)
        feed.sound[place, side] = math.nan
        m = Mixer(lambda *_, feed=feed: feed)
        m.inbox.append((start(end=block),))
        m.render(np.zeros((block, 2), np.float32))
        assert [math.isnan(size) for size in m.peak] == [side == 0, side == 1]


def test_a_sample_that_is_no_number_on_another_bus_shows_too() -> None:
    feed = Once(64, 9, 1)
    feed.sound[9, 1] = math.nan
    m = Mixer(lambda *_: feed)
    m.route({"click": 1})
    m.inbox.append((start(end=64, output="click"),))
    m.render(np.zeros((64, 2), np.float32), np.zeros((64, 2), np.float32))
    assert m.peak[0] == 0.125
    assert math.isnan(m.peak[1])
