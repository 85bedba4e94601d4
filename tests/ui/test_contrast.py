"""Every word can be read: 4.5 to 1 against the very pixels it stands on."""

from __future__ import annotations

import pygame
import pytest

from player.ui import theme
from player.ui.meters import Levels
from player.ui.model import Drawn, Model
from player.ui.ops import Screen, Shade, Text
from player.ui.overlays import Ask, Figures, Help, Picker, found
from player.ui.painter import Painter
from player.ui.view import View, wanted
from tests.ui import states, support

SIZE = (1280, 720)


def ground(screen: Screen) -> pygame.Surface:
    """The screen without its words."""
    bare = tuple(sheet._replace(ops=tuple(op for op in sheet.ops if not isinstance(op, Text))) for sheet in screen)
    surface = pygame.Surface(SIZE)
    Painter(surface, states.fonts()).paint(bare)
    return surface


def faint(screen: Screen) -> list[str]:
    """Words with too little contrast somewhere. Below a shade lies what is not meant to be read."""
    surface, words = ground(screen), []
    shaded = any(isinstance(op, Shade) for sheet in screen for op in sheet.ops)
    sheets = screen[-1:] if shaded else screen
    for op in (op for sheet in sheets for op in sheet.ops if isinstance(op, Text)):
        x, y, w, h = op.ink
        step = max(1, w // 24)
        spots = [(x + i, y + j) for i in range(0, w, step) for j in range(0, h, max(1, h // 5))]
        inside = [spot for spot in spots if surface.get_rect().collidepoint(spot)]
        worst = min(theme.contrast(op.colour, tuple(surface.get_at(spot))[:3]) for spot in inside)  # type: ignore[arg-type]
        if worst < 4.5:
            words.append(f"{op.text!r}: {worst:.2f}")
    return words


def case(name: str) -> Model:
    plan = support.plan(silent=(14,), problems=(support.LONG,) if name == "trouble" else ())
    show = {
        "idle": support.show(plan, None, 0),
        "card": support.show(plan, 9, 11),
        "end": support.show(plan, 23, 24),
        "flash": support.show(plan, 11, 12, 11, ignored_go=10_000_000),
        "paused": support.show(plan, 14, 15, 13, paused=True, muted=True, locked=True, auto=True),
        "said": support.show(plan, 11, 12, 11, said="Lights down, then wait for the door."),
    }.get(name, support.show(plan, 11, 12, 11))
    status = support.status(show, 0.97 if name == "hot" else 0.4, silent=name == "end", late=3, worst=0.8)
    spec = wanted(show)
    drawn = Drawn(spec, states.sketch(spec.kind, 7_000_000)) if spec else None
    over = {
        "help": Help(),
        "ask": Ask(),
        "figures": Figures(),
        "palette": found(Picker("palette"), show, states.DEFAULT, lambda text: ()),
        "goto": found(Picker("goto"), show, states.DEFAULT, lambda text: ()),
    }.get(name)
    levels = Levels((-6, -9), (-3, -4), (1, 1))
    return Model(show, status, SIZE, levels=levels, drawn=drawn, overlay=over, newcomer=True, wall="21:04")


CASES = (
    "idle", "main", "card", "end", "flash", "paused", "said", "hot", "trouble", "help", "ask", "palette", "goto",
    "figures",
)  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_every_word_stands_out(name: str) -> None:
    assert faint(View(states.fonts().measure)(case(name))) == []


@pytest.mark.parametrize("scene", range(24))
def test_the_card_can_be_read_over_the_light_of_every_scene(scene: int) -> None:
    plan = support.plan()
    show = support.show(plan, scene, min(scene + 1, 24))
    assert faint(View(states.fonts().measure)(Model(show, support.status(show), SIZE))) == []


def test_what_is_too_faint_is_seen() -> None:
    screen = View(states.fonts().measure)(case("main"))
    head = screen[0]
    dull = tuple(op._replace(colour=theme.LINE) if isinstance(op, Text) else op for op in head.ops)
    assert faint((head._replace(ops=dull), *screen[1:])) != []


def test_ratios_are_those_of_wcag() -> None:
    assert theme.contrast((255, 255, 255), (0, 0, 0)) == pytest.approx(21)
    assert theme.contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_edges_that_mean_something_stand_out_three_to_one() -> None:
    for ink, on in ((theme.EDGE, theme.PANEL), (theme.STANDBY, theme.STANDBY_BG), (theme.NOW, theme.NOW_BG)):
        assert theme.contrast(ink, on) >= 3
