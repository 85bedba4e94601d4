"""The engine figures: true, calm, and in nobody's way."""

from __future__ import annotations

from player.engine import RATE
from player.engine.status import Status, VoiceStatus
from player.ui.model import Model
from player.ui.ops import Text
from player.ui.overlays import Figures
from player.ui.panels.figures import Figure, figures
from player.ui.view import View
from tests.ui import support
from tests.ui.test_desk import Stage

WELL = Status(
    clock=3725 * RATE,
    voices=(VoiceStatus(1, 0, 9, 1.0, False), VoiceStatus(2, 0, 9, 1.0, True)),
    load=0.034,
    worst=0.121,
    latency=0.0213,
)


def test_figures_of_an_engine_that_is_well() -> None:
    assert figures(WELL) == (
        Figure("Load", "3 %", False, 34),
        Figure("Worst in 10 s", "12 %", False, 121),
        Figure("Late blocks", "0"),
        Figure("Dropouts of the device", "0"),
        Figure("Voices", "2"),
        Figure("Limiter", "untouched"),
        Figure("Latency", "21.3 ms"),
        Figure("Runs for", "1:02:05"),
    )


def test_what_is_no_good_sign_is_marked() -> None:
    ill = Status(load=0.4, worst=1.4, late=2, xruns=1, silent=True, limited_db=-1.24)
    assert [each.name for each in figures(ill) if each.bad] == [
        "Worst in 10 s", "Late blocks", "Dropouts of the device", "Latency",
    ]  # fmt: skip
    assert figures(ill)[1].part == 1000
    assert Figure("Limiter", "−1.2 dB") in figures(ill)


def test_an_engine_that_does_not_answer_has_no_figures() -> None:
    assert figures(Status(alive=False, load=0.3)) == (Figure("Engine", "does not answer", True),)


def test_the_figures_stand_in_the_place_of_the_list() -> None:
    show = support.show(support.plan(), 11, 12, 11)
    screen = View(support.fake_measure)(Model(show, support.status(show), (1280, 720), overlay=Figures(), figures=WELL))
    words = {sheet.name: [op.text for op in sheet.ops if isinstance(op, Text)] for sheet in screen}
    assert "list" not in words
    assert words["figures"][:3] == ["F10 or Esc closes", "ENGINE", "Built-in audio"]
    assert words["figures"][3:5] == ["3 %", "Load"]


def test_f10_opens_and_closes_them_and_every_other_key_works_on() -> None:
    stage = Stage()
    stage.keys("F10", "Down", "Space")
    assert (stage.desk.overlay, stage.show.fired) == (Figures(), 1)
    stage.keys("Esc")
    assert stage.desk.overlay is None
    assert stage.show.panic_at is None
    stage.keys("L", "F10", "F10")
    assert (stage.desk.overlay, stage.desk.notice) == (None, "")
