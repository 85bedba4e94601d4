"""What is to come, in words and by the clock."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from player.engine import RATE
from player.engine.source import Region
from player.show import Show, Sounding
from player.ui import outlook
from player.ui.model import Model
from player.ui.ops import Text
from player.ui.view import View
from tests.ui import support, writing

FILM = """needledrop: 1
songs:
  fever: {title: Fever, media: a.flac}
  bomb: {title: Cherry Bomb, media: b.flac}
  wind: {title: Wind, media: c.flac}
scenes:
  - {id: one, title: One, cues: [{song: fever, id: hot}, {song: wind, until: end}]}
  - {id: two, title: Two, cues: [{song: bomb}]}
  - {id: three, title: Three}
"""


def sounding(show: Show, step: int, voice: int) -> Sounding:
    cue = show.plan.steps[step].songs[0]
    return Sounding(voice, cue, step, voice, 0, 180 * RATE, 0)


def said(standby: int, *playing: int, film: str = FILM, **more: object) -> str:
    """What GO will do while these steps sound."""
    show = Show(writing.plan_of(film.encode()), standby)
    heard = tuple(replace(sounding(show, step, n), **more) for n, step in enumerate(playing, 1))  # type: ignore[arg-type]
    return outlook.go(replace(show, sounding=heard))


def test_a_song_starts_where_nothing_sounds() -> None:
    assert said(0) == "starts Fever"


def test_what_belongs_to_another_scene_goes_out_and_what_stays_is_not_named() -> None:
    assert said(2, 0, 1) == "fades Fever, starts Cherry Bomb"
    assert said(1, 0) == "starts Wind"  # in the same scene
    assert said(3, 2) == "fades Cherry Bomb"
    assert said(3) == "no music"


def test_what_goes_out_already_or_is_a_preview_is_not_named() -> None:
    assert said(2, 0, leaving=True) == "starts Cherry Bomb"
    assert said(2, 0, preview=True) == "starts Cherry Bomb"


def test_a_crossfade_takes_everything_with_it() -> None:
    film = FILM.replace("{song: bomb}", "{song: bomb, crossfade: 3s}")
    assert said(2, 0, 1, film=film) == "fades Fever and Wind, starts Cherry Bomb"


def test_what_has_no_fade_stops() -> None:
    film = FILM.replace("id: hot", "id: hot, fade-out: 0s")
    assert said(2, 0, film=film) == "stops Fever, starts Cherry Bomb"


@pytest.mark.parametrize(
    ("cue", "words"),
    [
        ("{stop: hot}", "fades Fever"),
        ("{stop: hot, fade-out: 0s}", "stops Fever"),
        ("{stop: all}", "fades Fever and Wind"),
        ("{fade: wind, level: -6 dB}", "fades Wind to -6 dB"),
        ("{fade: all, level: -inf}", "fades Fever and Wind out"),
        ("{pause: fever}", "pauses Fever"),
        ("{stop: bomb}", "stops Cherry Bomb"),  # which does not sound: as the plan has it
        ("{say: Lights}", "says: Lights"),
    ],
)
def test_what_a_cue_does_to_what_sounds(cue: str, words: str) -> None:
    film = FILM.replace("{song: wind, until: end}", f"{{song: wind, until: end}}, {cue}")
    assert said(2, 0, 1, film=film) == words


def test_a_stop_of_what_goes_out_anyway_is_not_said_twice() -> None:
    film = FILM.replace("{song: bomb}", "{stop: fever, then: continue}, {song: bomb}")
    assert said(2, 0, film=film) == "fades Fever, starts Cherry Bomb"


def test_a_loop_that_waits_for_go_is_left_at_the_end_too() -> None:
    assert said(1, 0, region=Region(0, 10, 0)) == "leaves the loop of Fever, starts Wind"
    assert said(4, 1, region=Region(0, 10, 0)) == "leaves the loop of Wind"


# ---- by the clock


def test_each_step_comes_when_the_music_before_it_is_over() -> None:
    plan = writing.plan_of(FILM.encode())
    assert outlook.offsets(outlook.lasts(plan, 0), 0) == (0, 180, 360, 540, 540)
    assert outlook.offsets(outlook.lasts(plan, 4 * RATE), 2) == (0, 180, 184)


def test_a_crossfade_comes_before_the_end() -> None:
    plan = writing.plan_of(FILM.replace("{song: bomb}", "{song: bomb, crossfade: 3s}").encode())
    assert outlook.offsets(outlook.lasts(plan, 0), 0) == (0, 180, 357, 537, 537)


def test_the_list_tells_when_each_step_would_come_and_the_show_would_end() -> None:
    scenes = (("One", "Fever", "", 0, 600), ("Two", "Bomb", "", 900, 300), ("Three", "", "", 1900, 0))
    show = support.show(support.plan(scenes), 0, 1, 0)
    status = support.status(show, 0.5)  # five minutes of the first song are left

    def told(day: int | None) -> list[str]:
        screen = View(support.fake_measure)(Model(show, status, (1280, 720), day=day))
        words = [op.text for sheet in screen if sheet.name == "list" for op in sheet.ops if isinstance(op, Text)]
        return [word for word in words if word.count(":") == 1 and len(word) == 5]

    assert told(23 * 3600 + 50 * 60) == ["10:00", "23:55", "00:00", "00:00"]  # the first is a length
    assert told(None) == ["10:00"]


def test_nothing_sounds_so_standby_would_come_now() -> None:
    show = support.show(support.plan(), None, 0)
    assert outlook.begins(show, support.status(show)) == 0
    playing = support.show(support.plan(), 11, 12, 11)
    assert outlook.begins(playing, support.status(playing, 0.5)) == 80
