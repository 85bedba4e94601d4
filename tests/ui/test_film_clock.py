"""The film clock at the window: its keys, its words, its place on the screen, and the times that T writes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from player import edits
from player.actions import Go, Lock
from player.engine import RATE
from player.projection import Reel
from player.ui import facts
from player.ui.model import Model
from player.ui.ops import Fill, Sheet, Text
from player.ui.theme import HI
from player.ui.view import View
from tests.ui import states, support, writing
from tests.ui.test_writing import Window

FILM = b"""needledrop: 1
film: {fps: 24, start: "01:00:00:00"}
songs:
  fever: {title: Fever}
scenes:
  - id: ferry
    title: The ferry
    at: ~0:00:02     # roughly
    cues:
      - song: fever
      - {song: fever, id: second}
  - {id: diner, title: The diner, at: 01:00:20:12}
  - {id: road, title: The road, at: ~+40s}
"""


def test_c_runs_and_stops_the_clock_and_alt_with_arrows_nudges_it() -> None:
    window = Window(FILM).keys("C").wait(1)
    assert window.desk.notice == "The film clock runs: 0:00:00.0"
    window.keys("Alt+Right", "Alt+Right", "Alt+Left")
    assert window.desk.notice == "The film clock runs: 0:00:01.1"
    window.keys("C").wait(5).keys("Alt+Left")
    assert window.desk.notice == "The film clock stands at 0:00:01.0"


def test_without_a_clock_its_keys_say_so() -> None:
    for stroke in ("Alt+Left", "N"):
        assert Window(FILM).keys(stroke).desk.notice == "No film clock runs"
    assert Window(FILM).keys("T").desk.notice == "No film clock runs: C starts it"


def test_shift_t_sets_the_clock_to_the_scene_in_standby_and_n_takes_standby_to_the_clock() -> None:
    window = Window(FILM).keys("C", "Down", "Down", "Shift+T")
    assert window.desk.notice == "The film clock runs: 0:00:20.5"
    window.keys("Home", "N")
    assert window.session.show.standby == 2


def test_g_with_a_film_time_moves_standby_and_a_clock_there_is() -> None:
    window = Window(FILM).keys("G", '"0:21', "Enter")
    assert (window.session.show.standby, window.session.show.reel) == (2, None)
    window.keys("C", "G", '"0:03', "Enter")
    assert window.desk.notice == "The film clock runs: 0:00:03.0"
    assert window.session.show.standby == 1  # behind what sounds, so that GO does not start it again
    assert [s.cue.song for s in window.session.show.sounding] == ["fever"]
    window.keys("C", "G", '"0:03', "Enter")  # a clock that stands brings nothing in
    assert window.session.show.standby == 0


def test_t_writes_the_clock_as_the_time_of_the_scene_in_standby_which_is_no_estimate_then() -> None:
    window = Window(FILM).keys("C").wait(1.2344).keys("T")
    assert b"    at: 0:00:01.234     # roughly\n" in window.draft.raw
    assert window.desk.notice == "The ferry: film time 0:00:01.234: Ctrl+Z brings it back"
    assert window.session.show.sounding == ()  # a key that writes starts nothing
    window.keys("Ctrl+Z")
    assert window.draft.raw == FILM


def test_a_time_in_timecode_stays_timecode() -> None:
    window = Window(FILM, standby=2).keys("C").wait(19).keys("T")
    assert b"title: The diner, at: 01:00:19:00}" in window.draft.raw


def test_a_relative_estimate_becomes_a_time_of_its_own() -> None:
    window = Window(FILM, standby=3).keys("C").wait(59.5).keys("T")
    assert b"title: The road, at: 0:00:59.5}" in window.draft.raw


def test_a_later_step_of_a_scene_gets_a_time_of_its_own() -> None:
    window = Window(FILM, standby=1).keys("C").wait(1).keys("T")
    assert b"{song: fever, id: second, at: 0:00:01}" in window.draft.raw


def test_t_is_an_edit_for_the_lock() -> None:
    window = Window(FILM).keys("C").wait(1)
    window.session.do(Lock(True))
    assert window.keys("T").desk.notice == "locked: L"
    assert window.draft.raw == FILM
    assert window.keys("C").desk.notice == "The film clock stands at 0:00:01.0"


def test_a_film_is_spotted_in_one_viewing() -> None:
    window = Window(FILM).keys("C")
    for seconds in (1.5, 9, 10):
        window.wait(seconds).keys("T", "Down")
        window.keys("Down") if window.session.show.standby == 1 else None
    plan = window.session.show.plan
    assert [(scene.at.seconds, scene.at.estimate) for scene in plan.timeline.scenes if scene.at] == [
        (1.5, False), (10.5, False), (20.5, False)
    ]  # fmt: skip
    assert window.session.show.sounding == ()


def test_shift_space_goes_with_what_should_be_sounding() -> None:
    window = Window(FILM, standby=1).keys("Shift+Space").wait(0.5)
    assert window.session.show.fired == 1
    assert len(window.session.show.history) == 1
    assert window.session.show.last_go is not None


def test_end_and_sets_have_no_film_time() -> None:
    plan = writing.plan_of(FILM)
    with pytest.raises(edits.Refused, match="this is END"):
        edits.set_time(plan, 4, 0)


# -- the screen


def texts(reel: Reel | None, size: tuple[int, int] = (1280, 720), **more: object) -> list[str]:
    plan = support.plan(estimates=True)
    show = replace(support.show(plan, 11, 12, 11), reel=reel, **more)
    screen = View(states.fonts().measure)(Model(show, support.status(show), size, wall="21:04"))
    clock = [sheet for sheet in screen if sheet.name == "film-clock"]
    return ["".join(op.text for op in sheet.ops if isinstance(op, Text)) for sheet in clock]


def test_the_clock_is_on_the_screen_once_there_is_one() -> None:
    at = Reel(3725 * RATE + 15_000, 10_000_000)
    assert texts(None) == []
    assert texts(at) == ["3.50:20:1FILM STANDS"]  # drawn from the right, sign by sign
    assert texts(replace(at, runs=True, armed=True))[0].endswith("FILM")
    assert texts(replace(at, runs=True))[0].endswith("NO CUES")
    assert texts(replace(at, runs=True, armed=True), paused=True)[0].endswith("FILM PAUSED")


def test_what_comes_by_the_film_counts_down_and_an_estimate_is_marked() -> None:
    plan = support.plan(estimates=True)
    show = support.show(plan, 11, 12)
    due = int(plan.scene(12).at.seconds) * RATE
    show = replace(show, reel=Reel(due - 7 * RATE, 0, runs=True, armed=True), pending={12: 5})
    status = support.status(show)
    left = facts.film_in(show, replace(status, clock=2 * RATE))
    assert left == 5 * RATE
    assert facts.estimated(plan, 12)
    assert facts.film_in(replace(show, paused=True), status) is None


def test_go_by_hand_needs_no_clock() -> None:
    window = Window(FILM)
    window.session.do(Go())
    assert window.session.show.reel is None


def playhead(reel: Reel | None, clock: int = 0, **more: object) -> tuple[str, int] | None:
    """The words of the strip's playhead, and how many thousandths of the strip from its left its stem stands."""
    show = replace(support.show(support.plan(), 11, 12), reel=reel, **more)
    screen = View(states.fonts().measure)(Model(show, support.status(show, clock=clock), (1280, 720)))
    (strip,) = (sheet for sheet in screen if sheet.name == "strip")
    heads = [op.text for op in strip.ops if isinstance(op, Text) and op.text.count(":") == 2]
    stems = [op.rect for op in strip.ops if isinstance(op, Fill) and op.colour == HI and op.rect.w == 2]
    if not heads:
        return None
    assert len(heads) == 1
    return heads[0], round(1000 * (stems[0].x + 1 - strip.rect.x) / strip.rect.w)


def test_the_playhead_follows_the_film_clock_once_there_is_one() -> None:
    assert playhead(None) == ("0:49:47", 453)  # where the scene on screen begins, of 1:50:00
    runs = Reel(600 * RATE, 0, runs=True, armed=True)
    assert playhead(runs) == ("0:10:00", 91)
    assert playhead(runs, 1000 * RATE) == ("0:26:40", 243)
    assert playhead(runs, 1000 * RATE, paused=True) == ("0:10:00", 91)
    assert playhead(replace(runs, runs=False), 1000 * RATE) == ("0:10:00", 91)
    assert playhead(replace(runs, at=7200 * RATE)) == ("2:00:00", 999)  # beyond the end


def test_the_playhead_follows_the_film_clock_also_before_the_first_go() -> None:
    assert playhead(Reel(60 * RATE, 0, runs=True), fired=None) == ("0:01:00", 9)


def test_between_two_seconds_of_the_film_the_strip_is_not_made_again() -> None:
    show = replace(support.show(support.plan(), 11, 12), reel=Reel(0, 0, runs=True, armed=True))
    view = View(states.fonts().measure)

    def strip(clock: int) -> Sheet:
        model = Model(show, support.status(show, clock=clock), (1280, 720))
        return next(sheet for sheet in view(model) if sheet.name == "strip")

    first = strip(RATE)
    assert strip(2 * RATE - 1) is first
    assert strip(2 * RATE) is not first


def test_a_film_without_times_has_no_playhead() -> None:
    plan = support.plan(timed=False)
    show = replace(support.show(plan, 11, 12), reel=Reel(600 * RATE, 0, runs=True))
    screen = View(states.fonts().measure)(Model(show, support.status(show), (1280, 720)))
    (strip,) = (sheet for sheet in screen if sheet.name == "strip")
    assert [op for op in strip.ops if isinstance(op, Fill) and op.colour == HI] == []
