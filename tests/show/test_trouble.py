"""What the show keeps of what the engine complains of, and until when."""

from __future__ import annotations

from player.engine.status import Broke, DeviceNews
from player.show import Show, step
from tests.show.rig import plan_of

ONE = "songs: {a: {title: A}}\nscenes: [{id: x, title: X, cues: [{song: a}]}]\n"
GONE = DeviceNews(0, "hall is gone", True)
WELL = DeviceNews(0, "sound: hall", False)
CLICK = DeviceNews(0, "no sound of click", True, "outputs")
ALL = DeviceNews(0, "all outputs are heard", False, "outputs")
DIED = DeviceNews(0, "the engine has died", True, "engine")
BACK = DeviceNews(0, "the engine is back", False, "engine")
UNREAD = Broke(0, 1, "a.flac cannot be read on")


def after(*news: DeviceNews | Broke, offered: str | None = None) -> str | None:
    show = Show(plan_of(ONE), offered=offered)
    for each in news:
        show, commands = step(show, each, 0)
        assert commands == ()
    return show.trouble


def test_a_lost_device_is_told_until_it_is_back() -> None:
    assert after(GONE) == "hall is gone"
    assert after(GONE, WELL) is None


def test_what_is_well_ends_no_complaint_of_something_else() -> None:
    assert after(GONE, ALL) == "hall is gone"
    assert after(CLICK, BACK) == "no sound of click"
    assert after(UNREAD, WELL) == after(UNREAD, ALL) == "a.flac cannot be read on"


def test_a_device_that_plays_has_an_engine_that_lives() -> None:
    assert after(DIED, BACK) is None
    assert after(DIED, WELL) is None  # a new window may have missed the engine's return


def test_an_engine_that_is_back_without_its_device_says_so() -> None:
    assert after(DIED, BACK, GONE) == "hall is gone"


def test_a_run_that_can_be_taken_up_is_offered_again_once_all_is_well() -> None:
    assert after(GONE, offered="Fever was at 1:02") == "hall is gone"
    told = "the last run broke off: Fever was at 1:02; resume it from the palette"
    assert after(GONE, WELL, offered="Fever was at 1:02") == told
