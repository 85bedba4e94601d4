"""When things come in film mode, from the commands alone."""

from __future__ import annotations

from player.engine.commands import Enter, Later, Roll, Start
from player.film import film_score
from tests.show.rig import plan_of


def times(text: str) -> list[tuple[float, str]]:
    """(seconds, what) of everything in the order it is planned: film time, or time after what a word names.

    Runs are later numbers of their own: "after 1" waits for the run or cue 1, "at end of 3" for voice 3.
    """
    (roll,) = film_score(plan_of(text), 1).batch
    assert isinstance(roll, Roll)
    found = []
    for later in roll.batch:
        for command in later.batch:
            inner = command if isinstance(command, Later) else Later(0, (command,))
            own = inner if inner.after or inner.end_of else later
            waits = f" after {own.after}" if own.after else f" at end of {own.end_of}" if own.end_of else ""
            seconds = (inner.frames + (0 if own is inner else later.frames)) / 48_000
            for each in inner.batch:
                match each:
                    case Enter(step, early=early, opens=opens):
                        word = "opens" if opens else "leads" if early else "enter"
                        found.append((seconds, f"{word} {step}{waits}"))
                    case Start(voice, song=song):
                        found.append((seconds, f"{song}={voice}{waits}"))
    return found


def test_a_run_comes_at_its_own_time_else_after_the_cue_before_else_with_its_scene():
    text = """
songs: {a: {title: A}}
scenes:
- {id: one, title: One, at: 0:10, cues: [song: a, song: a, {song: a, at: +30s}]}
"""
    assert times(text) == [
        (10, "enter 0"), (10, "a=3"), (40, "enter 2"), (40, "a=9"), (0, "enter 1 at end of 3"), (0, "a=6 at end of 3")
    ]  # fmt: skip


def test_music_may_lead_its_scene_and_a_pre_wait_adds():
    text = """
songs: {a: {title: A}}
scenes:
- {id: one, title: One, at: 0:10, cues: [{song: a, at: -2s, pre-wait: 500ms}]}
"""
    assert times(text) == [(8, "leads 0"), (8.5, "a=5"), (10, "opens 0")]


def test_a_scene_comes_before_a_run_that_has_a_later_time():
    text = """
songs: {a: {title: A}}
scenes:
- {id: one, title: One, at: 0:10, cues: [{song: a, at: +4s}]}
"""
    assert times(text) == [(10, "opens 0"), (14, "enter 0"), (14, "a=5")]


def test_a_scene_without_a_time_waits_for_go_unless_a_chain_leads_into_it():
    text = """
songs: {a: {title: A}}
scenes:
- {id: one, title: One, at: 0:10, cues: [{song: a, then: follow}]}
- {id: two, title: Two, cues: [song: a]}
- {id: three, title: Three, cues: [song: a]}
"""
    assert times(text) == [
        (10, "enter 0"), (10, "a=3"), (0, "enter 1 at end of 3"), (0, "a=6 after 5")
    ]  # fmt: skip


def test_a_chain_does_not_run_into_a_scene_that_has_its_own_time():
    text = """
songs: {a: {title: A}}
scenes:
- {id: one, title: One, at: 0:10, cues: [{song: a, then: follow}]}
- {id: two, title: Two, at: 0:12, cues: [song: a]}
"""
    assert times(text) == [(10, "enter 0"), (10, "a=3"), (12, "enter 1"), (12, "a=6")]


def test_a_run_whose_cue_before_is_disarmed_comes_with_its_scene():
    text = """
songs: {a: {title: A}}
scenes:
- {id: one, title: One, at: 0:10, cues: [{song: a, armed: no}, song: a]}
"""
    assert [entry for entry in times(text) if entry[1].startswith("a")] == [(0, "a=5 after 1")]


def test_a_run_after_a_cue_that_takes_its_time_waits_for_that():
    text = """
songs: {a: {title: A}}
scenes:
- {id: one, title: One, at: 0:10, cues: [{fade: a, level: -6 dB, over: 3s}, song: a]}
"""
    assert times(text) == [(10, "enter 0"), (3, "enter 1 after 1"), (3, "a=5 after 1")]
