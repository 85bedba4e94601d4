"""When things come in film mode, from the commands alone."""

from __future__ import annotations

from player.engine.commands import Enter, Later, Start
from player.film import film_score
from tests.show.rig import plan_of


def times(text: str) -> list[tuple[float, str]]:
    """(seconds, what) of everything that has a time of its own; what waits for another has a word for it."""
    found = []
    for command in film_score(plan_of(text), 1).batch:
        later = command if isinstance(command, Later) else Later(0, (command,))
        waits = f" after {later.end_of or later.after}" if later.end_of or later.after else ""
        for inner in later.batch:
            match inner:
                case Enter(step):
                    found.append((later.frames / 48_000, f"enter {step}{waits}"))
                case Start(voice, song=song):
                    found.append((later.frames / 48_000, f"{song}={voice}{waits}"))
    return found


def test_a_run_comes_at_its_own_time_else_after_the_cue_before_else_with_its_scene():
    text = """
songs: {a: {title: A}}
scenes:
- {id: one, title: One, at: 0:10, cues: [song: a, song: a, {song: a, at: +30s}]}
"""
    assert times(text) == [(10, "enter 0"), (0, "a=3 after 2"), (0, "a=5 after 3"), (40, "a=7")]


def test_music_may_lead_its_scene_and_a_pre_wait_adds():
    text = """
songs: {a: {title: A}}
scenes:
- {id: one, title: One, at: 0:10, cues: [{song: a, at: -2s, pre-wait: 500ms}]}
"""
    assert times(text) == [(10, "enter 0"), (8.5, "a=3")]


def test_a_scene_without_a_time_waits_for_go_unless_a_chain_leads_into_it():
    text = """
songs: {a: {title: A}}
scenes:
- {id: one, title: One, at: 0:10, cues: [{song: a, then: follow}]}
- {id: two, title: Two, cues: [song: a]}
- {id: three, title: Three, cues: [song: a]}
"""
    assert [what for _, what in times(text)] == ["enter 0", "a=3 after 2", "enter 1 after 3", "a=7 after 6"]


def test_a_run_whose_cue_before_is_disarmed_comes_with_its_scene():
    text = """
songs: {a: {title: A}}
scenes:
- {id: zero, title: Zero, at: 0:01, cues: [song: a]}
- {id: one, title: One, at: 0:10, cues: [{song: a, armed: no}, song: a]}
"""
    assert times(text)[2:] == [(10, "enter 1"), (0, "a=7 after 6")]
