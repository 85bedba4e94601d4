"""The words of the screen say true things."""

from __future__ import annotations

from fractions import Fraction

import pytest
from msgspec.structs import replace

from player.engine import RATE
from player.plan import Plan
from player.show import Affair
from player.ui import facts, theme
from player.ui.view import film_strip
from tests.ui import support, writing
from timeline import spec
from timeline.model import Fade, FadeCue, Film, SayCue, Scene, Song, SongCue, StopCue, Timeline, When
from timeline.order import running_order


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(101.0, "1:41"), (100.01, "1:41"), (10.01, "0:11"), (10.0, "10.0"), (6.41, "6.5"), (0.01, "0.1"), (0.0, "0.0"),
     (3725.0, "1:02:05")],
)  # fmt: skip
def test_time_left_counts_up_to_the_next_second_and_shows_tenths_at_the_end(seconds: float, shown: str) -> None:
    assert facts.left(int(seconds * RATE)) == shown


@pytest.mark.parametrize(("frames", "shown"), [(None, ""), (161 * RATE, "2:41"), (10, "0:01"), (RATE * 3 // 2, "0:02")])
def test_lengths_are_to_the_nearest_second(frames: int | None, shown: str) -> None:
    assert facts.length(frames) == shown


def test_film_times_mark_estimates() -> None:
    assert facts.film_time(When(Fraction(1440), True)) == "~0:24:00"
    assert facts.film_time(When(Fraction(3600))) == "1:00:00"
    assert facts.film_time(None) == ""


def small(*cues: object, songs: int = 2) -> Plan:
    """Two scenes: one with these cues, one without any."""
    names = {f"song-{i}": Song(id=f"song-{i}", title=f"Song {i}", artist="Band") for i in range(songs)}
    scenes = (
        Scene(id="one", title="One", at=When(Fraction(60), True), cues=cues),  # type: ignore[arg-type]
        Scene(id="two", title="Two"),
    )
    timeline = Timeline(film=Film(), songs=names, scenes=scenes)
    resolved = {key: support.resolved(key, 0, 60, False, False) for key in names}
    return Plan("small.yaml", timeline, running_order(timeline), resolved)


def song(n: int, key: str, **more: object) -> SongCue:
    return SongCue(key=key, scene="one", song=f"song-{n}", **more)  # type: ignore[arg-type]


def test_a_row_says_what_its_step_plays() -> None:
    row = facts.row(small(song(0, "one#1")), 0)
    assert (row.number, row.title, row.song, row.artist, row.length, row.at) == (
        "1", "One", "Song 0", "Band", "1:00", "~0:01:00",
    )  # fmt: skip


def test_a_further_step_of_a_scene_says_so_and_repeats_no_film_time() -> None:
    plan = small(song(0, "one#1"), song(1, "one#2"))
    assert [facts.row(plan, i).opens for i in (0, 1, 2)] == [True, False, True]
    assert facts.row(plan, 1).at == ""


def test_a_step_with_several_songs_says_how_many_more() -> None:
    plan = small(song(0, "one#1", then="continue"), song(1, "one#2"))
    assert facts.row(plan, 0).others == "+1 more"


def test_steps_without_songs_say_what_they_do() -> None:
    plan = small(
        StopCue(key="one#1", scene="one", target="all"),
        FadeCue(key="one#2", scene="one", target="song-0", level=-6.0),
        SayCue(key="one#3", scene="one", text="watch the door"),
    )
    said = [facts.row(plan, i).others for i in range(4)]
    assert said == ["Stops everything", "Fades Song 0 to -6 dB", "Says: watch the door", "No music"]


def test_silence_is_trouble_with_its_reason() -> None:
    row = facts.row(support.plan(silent=(1,)), 1)
    assert row.trouble == "audio/song-1.flac is missing and there is no stand-in"


@pytest.mark.parametrize(
    ("stand_ins", "silent", "lines"),
    [
        ((), (), (("check", "Every recording is here."),)),
        (range(24), (), (("stand-in", "Every song plays its stand-in: no recordings are here."),)),
        ((3,), (), (("stand-in", "1 of 21 songs plays a stand-in for a recording."),)),
        ((), (1,), (("alert", "1 of 21 songs stays silent: The Long Way Home (Main Title)."),)),
    ],
)
def test_the_title_card_says_what_the_songs_resolved_to(
    stand_ins: range, silent: tuple[int, ...], lines: tuple[tuple[str, str], ...]
) -> None:
    assert facts.film(support.plan(stand_ins=stand_ins, silent=silent)).material == lines


def test_a_film_without_music_or_scenes_says_that() -> None:
    assert facts.film(support.plan(support.SCENES[:1])).material == (("circle", "No scene has music yet."),)
    assert facts.film(support.plan(())).material == (("alert", "This file has no scenes yet."),)


def test_figures_of_the_film() -> None:
    assert facts.film(support.plan()).figures == (
        ("1974", ""), ("1:50:00", "running time"), ("24", "scenes"), ("21", "songs"), ("1:01:15", "of music"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "playing", "word"),
    [
        ({}, (), "STOPPED"),
        ({}, (11,), "PLAYING"),
        ({"paused": True}, (11,), "PAUSED"),
        ({"standby": 24}, (), "END"),
    ],
)
def test_the_state_in_one_word(more: dict[str, object], playing: tuple[int, ...], word: str) -> None:
    show = replace(support.show(support.plan(), 11, 12, *playing), **more)  # type: ignore[arg-type]
    assert facts.state(show)[1] == word


def test_ready_fading_and_preview() -> None:
    plan = support.plan()
    show = support.show(plan, 11, 12, 11)
    fading = replace(show, sounding=(replace(show.sounding[0], leaving=True),))
    preview = replace(show, sounding=(replace(show.sounding[0], preview=True),))
    assert facts.state(support.show(plan, None, 0))[1] == "READY"
    assert facts.state(fading)[1] == "FADING"
    assert facts.state(preview)[1] == "PREVIEW"


def test_hands_free_the_next_go_comes_when_the_music_ends_or_a_crossfade_earlier() -> None:
    plan = support.plan()
    show = replace(support.show(plan, 11, 12, 11), auto=True)
    status = support.status(show, 0.5)
    left = status.voices[0].end - status.voices[0].at
    assert facts.next_in(show, status) == left
    cue = replace(plan.steps[12].cues[0], crossfade=Fade(Fraction(3)))  # type: ignore[call-arg]
    steps = tuple(replace(step, cues=(cue,)) if step.index == 12 else step for step in plan.steps)
    crossed = replace(show, plan=replace(plan, steps=steps))
    assert facts.next_in(crossed, status) == left - 3 * RATE


def test_by_hand_nobody_knows_when_the_next_go_comes() -> None:
    show = support.show(support.plan(), 11, 12, 11)
    assert facts.next_in(show, support.status(show)) is None


def test_an_ignored_go_flashes_shortly_and_is_told_a_little_longer() -> None:
    show = support.show(support.plan(), 11, 12, 11, ignored_go=48_000)
    assert [facts.flashes(show, 48_000 + at) for at in (0, 19_199, 19_200)] == [True, True, False]
    assert facts.ignored(show, 100_000) == "GO ignored: too soon after the last"
    assert facts.ignored(show, 130_000) == ""
    assert facts.ignored(replace(show, standby=24), 48_000) == "GO ignored: nothing is left to fire"


def test_the_banner_tells_the_gravest_first_and_counts_the_rest() -> None:
    plan = support.plan(problems=(support.TWO_SONGS, support.LONG))
    show = support.show(plan, 11, 12, 11)
    first = facts.trouble(show, (), True)
    assert first is not None
    assert (first.place, first.more, first.line) == ("the-long-way-home.yaml:47:12", 1, 47)
    assert first.text == 'at "0:52:7x" is not a time; write it like 0:52:42'
    lost = facts.trouble(replace(show, trouble="the device went away"), ("settings.toml: x",), True)
    assert lost is not None
    assert (lost.text, lost.more) == ("The device went away", 3)
    dead = facts.trouble(show, (), False)
    assert dead is not None
    assert dead.text == "The sound engine does not answer: quit and start again"
    assert facts.trouble(support.show(support.plan(), 1, 2), (), True) is None


def test_a_row_has_the_colour_of_its_cue_else_of_its_scene() -> None:
    text = """needledrop: 1
songs: {fever: {title: Fever, media: a.flac}}
scenes:
  - {id: one, title: One, colour: teal, cues: [{song: fever}, {song: fever, colour: red}]}
  - {id: two, title: Two}
"""
    plan = writing.plan_of(text.encode())
    assert [facts.row(plan, index).colour for index in range(3)] == ["teal", "red", ""]
    assert [block.colour for block in film_strip(plan).blocks] == ["teal", ""]


def test_every_colour_a_row_may_have_can_be_seen_and_is_not_one_of_state() -> None:
    for name in (*spec.COLOURS, "#000000", "#ffffff", "#00ff00", "#0000ff"):
        mark = theme.tag(name)
        assert theme.contrast(mark, theme.PANEL) >= 3
        assert mark not in (theme.NOW, theme.STANDBY, theme.TROUBLE)


NO_ENGINE = "The sound engine does not answer: quit and start again"
NO_DEVICE = "No sound device: the show runs in silence; " + facts.CONNECT
UNREAD = "fever.flac cannot be read on"


@pytest.mark.parametrize(
    ("about", "told", "alive", "silent", "text", "more"),
    [
        ("sound", None, False, True, NO_ENGINE, 0),
        ("sound", UNREAD, False, True, NO_ENGINE, 1),
        ("device", "USB is gone", False, True, NO_ENGINE, 0),
        ("engine", "it stopped: start again", False, True, "It stopped: start again", 0),
        ("engine", "it died: another one is being started", True, True, "It died: another one is being started", 0),
        ("sound", None, True, True, NO_DEVICE, 0),
        ("device", "USB is gone", True, True, "USB is gone; " + facts.CONNECT, 0),
        ("sound", UNREAD, True, True, NO_DEVICE, 1),
        ("sound", UNREAD, True, False, UNREAD, 0),
        ("outputs", "no sound of click", True, False, "No sound of click", 0),
        # Names of a person's own that hold our words decide nothing.
        ("sound", "silence.flac cannot be read on", True, True, NO_DEVICE, 1),
        ("sound", "engine room.flac cannot be read on", False, True, NO_ENGINE, 1),
    ],
)
def test_a_lost_engine_or_device_is_one_line_that_says_what_to_do(
    about: Affair, told: str | None, alive: bool, silent: bool, text: str, more: int
) -> None:
    show = support.show(support.plan(), 1, 2, trouble=told, about=about)
    found = facts.trouble(show, (), alive, silent)
    assert found is not None
    assert (found.text, found.more) == (text, more)


def test_what_was_said_long_enough_goes_and_a_lost_device_stays() -> None:
    show = support.show(support.plan(), 1, 2, trouble="too loud by 2.0 dB")
    assert facts.trouble(show, (), True, known="too loud by 2.0 dB") is None
    gone = support.show(support.plan(), 1, 2, trouble="USB is gone: silence", about="device")
    assert facts.trouble(gone, (), True, silent=True, known="USB is gone: silence") is not None
