"""What is told of the running order: silent targets, steps that never come, overlaps, keys without effect."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from timeline.reader import Host, Reading, read

Read = Callable[[str], Reading]

SONGS = """\
songs:
  a: {title: A, length: 3:00}
  b: {title: B, length: 3:00}
"""
ABOUT = ("unused-song", "not-yet-played", "estimates")


def told(read_film: Read, scenes: str, more: str = "") -> list[str]:
    """What is told of two songs and some scenes, as `code: message`."""
    problems = read_film(SONGS + f"scenes:\n{scenes}\n" + more).problems
    return [f"{problem.code}: {problem.message}" for problem in problems if problem.code not in ABOUT]


def of_cues(read_film: Read, *cues: str, more: str = "") -> list[str]:
    return told(read_film, "\n".join([" - {id: x, title: X, at: 0:10:00, cues: [", ", ".join(cues), "]}"]), more)


def of_scenes(read_film: Read, *scenes: str, more: str = "") -> list[str]:
    """Scenes of cues, called one, two, three."""
    names = ("one", "two", "three")
    lines = [f" - {{id: {name}, title: T, cues: [{cues}]}}" for name, cues in zip(names, scenes, strict=False)]
    return told(read_film, "\n".join(lines), more)


# Targets


@pytest.mark.parametrize(
    "cues",
    [
        ["song: a", "stop: a"],
        ["song: a", "fade: a, level: -6"],
        ["song: a, id: one", "stop: one"],
        ["song: a", "stop: all"],
        ["stop: all"],
        ["song: a", "pause: a", "resume: a"],
        ["song: a", "pause: all", "resume: a"],
        ["song: a, id: one", "pause: one", "resume: a"],
        ["song: a", "pause: a", "resume: all"],
        ["song: a", "stop: a", "song: a", "stop: a"],
        ["song: a", "fade: a, level: -60", "stop: a"],
        ["stop: a", "song: a, hotkey: K"],
        ["song: a", "stop: a, hotkey: K", "stop: a"],
        ["song: a", "stop: a, armed: no", "stop: a"],
        ["stop: a, armed: no", "song: a"],
        ["song: a", "song: b, then: continue", "stop: all", "fade: b, level: -6"],
    ],
)
def test_targets_that_sound(read_film: Read, cues: list[str]) -> None:
    made = (f"{{{cue}, fade-in: 0s}}" if cue.startswith("song") else f"{{{cue}}}" for cue in cues)
    assert of_cues(read_film, *made) == []


@pytest.mark.parametrize(
    ("cues", "says"),
    [
        (["{stop: a}"], "a cannot be sounding here: nothing above plays it"),
        (["{stop: a}", "{song: a}"], "a cannot be sounding here: nothing above plays it"),
        (["{say: Hello, id: hello}", "{stop: hello}"], "hello cannot be sounding here: nothing above plays it"),
        (["{song: a}", "{stop: a}", "{fade: a, level: -6}"], "a cannot be sounding here: it has been stopped"),
        (["{song: a, id: one}", "{stop: a}", "{stop: one}"], "one cannot be sounding here: it has been stopped"),
        (["{song: a}", "{stop: all}", "{stop: a}"], "a cannot be sounding here: it has been stopped"),
        (["{song: a}", "{fade: a, level: -inf}", "{stop: a}"], "a cannot be sounding here: it has been stopped"),
        (["{song: a}", "{resume: a}"], "a cannot be resumed here: nothing above pauses it"),
        (["{resume: all}"], "all cannot be resumed here: nothing above pauses it"),
    ],
)
def test_targets_that_cannot_be_sounding(read_film: Read, cues: list[str], says: str) -> None:
    assert of_cues(read_film, *cues) == [f"not-sounding: {says}"]


LEFT = ["not-sounding: a cannot be sounding here: it has left with its scene"]


@pytest.mark.parametrize(
    ("scenes", "found"),
    [
        (["{song: a}", "{stop: a}"], LEFT),
        (["{song: a, until: end}", "{stop: a}"], []),
        (["{song: a, until: three}", "{stop: a}", ""], []),
        (["{song: a, until: three}", "{say: S}", "{stop: a}"], LEFT),
        (["{song: a, then: continue}", "{stop: a}"], []),  # no GO enters the second scene
        (["{song: a, then: continue}", "{say: S}", "{stop: a}"], LEFT),
        (["{song: a}", "", "{stop: a}"], LEFT),
        (["{song: a}", "{song: a}", "{stop: a}"], LEFT),
        (["{song: a}", "{song: a, until: end}", "{stop: a}"], []),
        (["{song: a, hotkey: K}", "{stop: a}"], []),
    ],
)
def test_a_song_that_leaves_with_its_scene(read_film: Read, scenes: list[str], found: list[str]) -> None:
    assert of_scenes(read_film, *scenes) == found


def test_the_defaults_say_how_long_songs_stay(read_film: Read) -> None:
    assert of_scenes(read_film, "{song: a}", "{stop: a}", more="defaults: {until: end}\n") == []


def test_a_set_plays_its_songs(read_film: Read) -> None:
    sets = "sets: {friday: {songs: [{song: a}, {song: b}]}}\n"
    assert of_scenes(read_film, "{set: friday, id: before}", "{stop: b}", more=sets) == []
    assert of_scenes(read_film, "{set: friday, id: before}", "{stop: before}", more=sets) == []
    assert of_scenes(read_film, "{set: friday, id: before}, {stop: before}", "{stop: b}", more=sets) == [
        "not-sounding: b cannot be sounding here: it has been stopped"
    ]


def test_what_could_not_be_read_may_have_played_it(read_film: Read) -> None:
    found = of_cues(read_film, "{song: a, say: both}", "{stop: a}")
    assert [line.partition(":")[0] for line in found] == ["two-verbs"]


# Steps


def test_what_follows_a_set_that_repeats_never_comes(read_film: Read) -> None:
    sets = "sets: {friday: {songs: [{song: a}]}}\n"
    never = "unreachable: this set begins again whenever it is over, so that what follows it never comes"
    assert of_cues(read_film, "{set: friday, repeat: yes, then: follow}", "{say: S}", more=sets) == [never]
    assert of_cues(read_film, "{set: friday, repeat: yes, then: continue}", "{say: S}", more=sets) == []
    assert of_cues(read_film, "{set: friday, repeat: no, then: follow}", "{say: S}", more=sets) == []


def test_a_set_without_songs(read_film: Read) -> None:
    assert of_cues(read_film, more="sets: {friday: {title: F}, monday: {songs: []}}\n") == [
        "empty-set: friday has no songs",
        "empty-set: monday has no songs",
    ]
    assert of_cues(read_film, more="sets: {friday: {songs: [{song: z}]}}\n") == ['no-song: there is no song "z"']


@pytest.mark.parametrize(
    ("cues", "says"),
    [
        (
            ["{song: a, then: follow}", "{song: b, at: +4s}"],
            "the cue above brings this one, so that its at changes nothing",
        ),
        (["{song: a, post-wait: 4s}"], "post-wait counts before the next cue, and here that one waits for GO"),
        (["{song: a, crossfade: 1s, fade-in: 1s}"], "it comes in over its crossfade, so that fade-in changes nothing"),
    ],
)
def test_keys_that_change_nothing(read_film: Read, cues: list[str], says: str) -> None:
    assert of_cues(read_film, *cues) == [f"no-effect: {says}"]


def test_the_first_cue_of_a_scene_has_an_at_of_its_own(read_film: Read) -> None:
    text = " - {id: x, title: X, at: 0:10, cues: [{song: a, then: follow}]}\n"
    assert told(read_film, text + " - {id: y, title: Y, at: 0:20, cues: [{song: b, at: +4s}]}") == []


# Order in the film


def test_cues_out_of_order(read_film: Read) -> None:
    assert of_cues(read_film, "{song: a, at: +9s}", "{song: b, at: +4s}") == [
        "time-order: +4s is earlier than +9s of the cue above"
    ]
    assert of_cues(read_film, "{song: a, at: -4s}", "{say: S, at: +4s}") == []


def test_a_cue_after_the_next_scene_has_begun(read_film: Read) -> None:
    text = " - {id: x, title: X, at: 0:10:00, cues: [{song: a, at: %s}]}\n - {id: y, title: Y, at: %s}"
    late = ["time-order: the next scene has begun by then, at 0:10:30"]
    assert told(read_film, text % ("+31s", "0:10:30")) == late
    assert told(read_film, text % ("+30s", "0:10:30")) == []
    assert told(read_film, text % ("+31s", "~0:10:30")) == []


# Overlaps

MIXED = ["overlap: a still sounds when this begins, and neither of them fades"]


@pytest.mark.parametrize(
    ("cues", "found"),
    [
        (["song: a, at: +0s", "song: b, at: +1m"], MIXED),
        (["song: a, at: +0s", "song: b, at: +3m"], []),
        (["song: a, at: +0s, to: 0:50", "song: b, at: +1m"], []),
        (["song: a, at: +0s, from: 2:30", "song: b, at: +1m"], []),
        (["song: a, at: +0s", "song: b, at: +1m, crossfade: 2s"], []),
        (["song: a, at: +0s", "song: b, at: +1m, fade-in: 0s"], []),
        (["song: a, at: +0s, fade-out: 2s", "song: b, at: +1m"], []),
        (["song: a, at: +0s", "stop: a, at: +50s", "song: b, at: +1m"], []),
        (["song: a, at: +0s", "fade: a, level: -20, at: +50s", "song: b, at: +1m"], []),
        (["song: a, at: +0s", "song: b, at: +0s"], []),
        (["song: a", "song: b"], []),  # nobody knows when GO comes
        (["song: a, then: continue, post-wait: 20s", "song: b"], MIXED),
        (["song: a, then: continue", "song: b, pre-wait: 20s"], MIXED),
        (["song: a, then: continue", "say: S, then: continue, post-wait: 9s", "song: b"], MIXED),
        (["song: a, then: continue", "song: b"], []),  # both at once, as one sound
        (["song: a, then: follow", "song: b"], []),
        (["song: a, then: continue, post-wait: 20s", "song: b, duck: -9"], []),
        (["song: a, then: continue, post-wait: 20s", "song: b, armed: no"], []),
        (["song: a, at: +0s", "song: a, at: +1m"], MIXED),
    ],
)
def test_overlaps(read_film: Read, cues: list[str], found: list[str]) -> None:
    assert of_cues(read_film, *(f"{{{cue}}}" for cue in cues)) == found


def test_defaults_that_fade_are_fades(read_film: Read) -> None:
    cues = ["{song: a, at: +0s}", "{song: b, at: +1m}"]
    assert of_cues(read_film, *cues, more="defaults: {crossfade: 2s}\n") == []
    assert of_cues(read_film, *cues, more="defaults: {fade-in: 2s}\n") == []


# Hotkeys


def test_two_cues_on_one_key(read_film: Read) -> None:
    assert of_cues(read_film, "{song: a, hotkey: K}", "{song: b, hotkey: k}") == [
        "duplicate-hotkey: the key K fires a cue already"
    ]


def test_a_key_that_the_player_has(loader: str) -> None:
    cues = "{song: a, hotkey: g}, {song: b, hotkey: K}"
    text = f"needledrop: 1\n{SONGS}scenes: [{{id: x, title: X, cues: [{cues}]}}]\n"
    reading = read(text, loader=loader, base=Path(), host=Host(taken={"G": "go to"}.get))
    assert [(problem.code, problem.message) for problem in reading.problems if problem.severity == "warning"] == [
        ("taken-hotkey", "the player has G for itself: go to")
    ]
