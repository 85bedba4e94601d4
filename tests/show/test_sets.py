"""Sets as shows of their own: songs one after another, by GO or by themselves, counted in to the frame."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from player import actions as act
from player.devices.clicks import ClickSource
from player.engine.commands import starts
from player.engine.loop import looped
from player.engine.status import Started
from player.host.local import LocalEngine
from player.score import score
from player.session import Session
from player.sets import in_set
from player.show import Show, undo_elsewhere
from tests.show.rig import Stage, Steady, plan_of

S = 48_000
SONGS = """
songs:
  a: {title: A, bpm: 120, meter: 4/4}
  b: {title: B, bpm: 90, meter: 3/4}
  c: {title: C, bpm: 132, meter: 6/8}
scenes: [{id: one, title: One, cues: [song: a]}]
"""


def entries(*songs: str) -> str:
    """A timeline with one film scene, and a set of these songs."""
    return SONGS + "sets: {friday: {songs: [" + ", ".join(songs) + "]}}"


class SetStage(Stage):
    """A stage on the set `friday`; what counts in is generated as it is in a show."""

    def __init__(self, *songs: str, **show) -> None:
        self.blocks = []

        def opened(spec):
            return ClickSource(spec.clicks) if spec.kind == "clicks" else looped(Steady(spec), spec.loop)

        self.engine = LocalEngine(opened, iter(lambda: 256, None), lambda b: self.blocks.append(b.copy()))
        self.session = Session(Show(in_set(plan_of(entries(*songs)), "friday"), **show), self.engine)
        self.events = []

    def began(self) -> list[tuple[str, int]]:
        """Each song (not its count-in), and the frame it began at."""
        parts = {event.voice: event.clock for event in self.events if isinstance(event, Started)}
        heard = {**self.show.past, **{s.voice: s for s in self.show.sounding}}
        found = [(heard[voice].cue.song, at) for voice, at in parts.items() if not heard[voice].count]
        return sorted(found, key=lambda each: each[1])


def test_without_a_gap_a_song_waits_for_go():
    stage = SetStage("{song: a}", "{song: b}").go().wait(15)
    assert stage.began() == [("a", 0)]
    assert stage.show.standby == 1
    stage.go().wait(1)
    assert stage.began() == [("a", 0), ("b", 15 * S)]


def test_with_a_gap_a_song_starts_by_itself_that_long_after_the_one_before_has_ended():
    stage = SetStage("{song: a}", "{song: b, gap: 2.5s}", "{song: c, gap: 0s}").go().wait(30)
    assert stage.began() == [("a", 0), ("b", 600_000), ("c", 1_080_000)]
    assert stage.show.at_end


def test_clicks_come_before_the_song_at_their_frames_the_first_of_each_bar_louder():
    stage = SetStage("{song: b, count: 2 bars}").go().wait(6)
    assert stage.began() == [("b", 4 * S)]  # six beats at 90 a minute
    heard = stage.heard()[: 4 * S]
    beats = [beat * 32_000 for beat in range(6)]
    assert [float(heard[beat]) for beat in beats] == [0.5, np.float32(0.35), np.float32(0.35)] * 2
    silent = np.ones(4 * S, bool)
    for beat in beats:
        silent[beat : beat + 2400] = False
    assert not heard[silent].any()
    assert stage.heard()[4 * S] == 0.25


def test_beats_are_those_of_the_meter_and_of_a_tempo_that_does_not_fall_on_frames():
    stage = SetStage("{song: c, count: 7 beats}").go().wait(5)
    assert stage.began() == [("c", 152_727)]  # 7 * 60 / 132 s = 152727.27 frames
    heard = stage.heard()
    assert [float(heard[beat]) for beat in (0, 21_818, 43_636, 65_455, 87_273, 109_091, 130_909)] == [
        0.5, *[np.float32(0.35)] * 5, 0.5,
    ]  # fmt: skip
    assert heard[21_817] == 0


def test_the_count_comes_after_the_gap():
    stage = SetStage("{song: a}", "{song: a, gap: 3s, count: 1 bar}").go().wait(20)
    assert stage.began() == [("a", 0), ("a", 15 * S)]
    assert stage.heard()[13 * S - 1] == 0
    assert stage.heard()[13 * S] == 0.5


def test_go_during_the_gap_starts_the_song_now_and_only_once():
    stage = SetStage("{song: a}", "{song: b, gap: 5s}").go().wait(11).go().wait(12)
    assert stage.began() == [("a", 0), ("b", 11 * S)]


def test_go_during_a_count_goes_on_to_the_next_song():
    stage = SetStage("{song: a, count: 2 bars}", "{song: b}").go().wait(1).go().wait(8)
    assert stage.began() == [("b", S)]


def test_panic_and_fade_out_cancel_what_would_come_by_itself():
    for stops in (act.Panic(), act.FadeOut()):
        stage = SetStage("{song: a}", "{song: b, gap: 1s}").go().wait(5).do(stops).wait(20)
        assert stage.began() == [("a", 0)]
        assert stage.show.standby == 1


def test_a_count_that_is_faded_out_brings_no_song():
    stage = SetStage("{song: a, count: 2 bars}").go().wait(1).do(act.FadeOut()).wait(9)
    assert stage.began() == []


def test_a_song_that_standby_skips_does_not_come():
    stage = SetStage("{song: a}", "{song: b, gap: 1s}", "{song: c, gap: 2s}").go().wait(5)
    stage.do(act.MoveStandby(1)).wait(20)
    assert stage.began() == [("a", 0), ("c", 12 * S)]


def test_standby_moved_during_a_gap_waits_for_go():
    stage = SetStage("{song: a}", "{song: b, gap: 5s}", "{song: c, gap: 5s}").go().wait(11)
    stage.do(act.MoveStandby(1)).wait(20)
    assert stage.began() == [("a", 0)]


def test_stop_after_this_song():
    stage = SetStage("{song: a}", "{song: b, gap: 1s}").go().wait(5).do(act.StopAfter()).wait(20)
    assert stage.began() == [("a", 0)]
    stage.go().wait(1)
    assert stage.began() == [("a", 0), ("b", 25 * S)]
    assert not stage.show.stop_after


def test_stop_after_this_song_taken_back():
    stage = SetStage("{song: a}", "{song: b, gap: 1s}").go().wait(5).do(act.StopAfter(), act.StopAfter()).wait(10)
    assert stage.began() == [("a", 0), ("b", 11 * S)]


def test_repeat_this_song_once_and_then_go_on():
    stage = SetStage("{song: a, count: 1 bar}", "{song: b, gap: 1s}").go().wait(5).do(act.Repeat()).wait(40)
    assert stage.began() == [("a", 2 * S), ("a", 14 * S), ("b", 25 * S)]


def test_a_song_that_is_over_is_repeated_by_standby():
    stage = SetStage("{song: a}", "{song: b}").go().wait(12).do(act.Repeat())
    assert stage.show.standby == 0


def test_hands_free_a_set_plays_through_with_its_gaps():
    stage = SetStage("{song: a}", "{song: b, count: 1 bar}", "{song: c, gap: 3s}", auto=True)
    stage.go().wait(60)
    assert stage.began() == [("a", 0), ("b", 12 * S), ("c", 25 * S)]


def test_undo_of_go_takes_the_gap_with_it():
    stage = SetStage("{song: a}", "{song: b, gap: 1s}").go().wait(5).do(act.UndoGo()).wait(20)
    assert stage.began() == [("a", 0)]
    assert stage.show.standby == 0


def test_what_sounds_goes_on_over_tab_and_standby_is_kept_on_both_sides():
    stage = SetStage("{song: a}", "{song: b, gap: 1s}").go().wait(5)
    stage.session.turn(None)
    assert (stage.show.standby, stage.show.fired, stage.songs()) == (0, None, ["a"])
    stage.wait(3)
    stage.session.turn("friday")
    assert (stage.show.standby, stage.show.fired, stage.show.done) == (1, 0, {0})
    assert stage.show.sounding[0].step == 0
    stage.wait(4)
    assert stage.began() == [("a", 0), ("b", 11 * S)]


def test_a_go_can_be_taken_back_after_a_look_at_the_other_side():
    stage = SetStage("{song: a}", "{song: b}").go().wait(5)
    stage.session.turn(None)
    stage.do(act.UndoGo()).wait(1)
    assert (stage.songs(), stage.show.undone) == (["a"], None)  # nothing was fired here
    assert undo_elsewhere(stage.show)
    stage.session.turn("friday")
    stage.do(act.UndoGo()).wait(1)
    assert (stage.songs(), stage.show.standby, stage.show.fired) == ([], 0, None)
    assert stage.show.undone == "GO 1 is undone"


def test_of_gos_on_both_sides_the_last_one_is_taken_back_first():
    stage = SetStage("{song: b}", "{song: c}").go().wait(2)
    stage.session.turn(None)
    stage.go().wait(2)
    assert stage.songs() == ["a"]  # and no more the set's
    stage.session.turn("friday")
    stage.do(act.UndoGo()).wait(1)
    assert stage.songs() == ["a"]  # the last one was the film's
    stage.session.turn(None)
    stage.do(act.UndoGo()).wait(1)
    assert stage.songs() == ["b"]  # is back
    stage.session.turn("friday")
    assert not undo_elsewhere(stage.show)
    stage.do(act.UndoGo()).wait(1)
    assert (stage.songs(), stage.show.standby) == ([], 0)
    assert stage.do(act.UndoGo()).show.undone is None  # nothing is left


def test_after_a_change_of_the_file_what_was_fired_elsewhere_stays():
    stage = SetStage("{song: a}", "{song: b}").go().wait(5)
    stage.session.turn(None)
    stage.session.reload(replace(stage.show.plan))
    stage.session.turn("friday")
    stage.do(act.UndoGo()).wait(1)
    assert stage.songs() == ["a"]


def test_a_set_that_is_not_on_screen_does_not_go_on_by_itself():
    stage = SetStage("{song: a}", "{song: b, gap: 1s}").go().wait(5)
    stage.session.turn(None)
    stage.wait(20)
    stage.session.turn("friday")
    stage.wait(20)
    assert stage.began() == [("a", 0)]
    assert stage.show.standby == 1


def test_go_in_the_set_ends_the_music_of_the_film():
    stage = SetStage("{song: b}")
    stage.session.turn(None)
    stage.go().wait(2)
    stage.session.turn("friday")
    stage.go().wait(2)
    assert stage.songs() == ["b"]


def test_clicks_are_heard_on_the_output_click_where_there_is_one_else_on_the_main_one():
    text = entries("{song: a, count: 1 bar}")
    for outputs, heard in (("", ["main", "main"]), ("outputs: [main, click]\n", ["click", "main"])):
        batch = score(in_set(plan_of(outputs + text), "friday"), 0, 1).batch
        assert [start.output for start in starts(batch)] == heard
