"""Only what changed is repainted, and it looks, byte for byte, as if all had been."""

from __future__ import annotations

from collections.abc import Sequence

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from player.ui.icons import ICONS
from player.ui.meters import Levels
from player.ui.model import Drawn, Model
from player.ui.ops import Backdrop, Bars, Fill, Op, Rect, Ring, Screen, Sheet
from player.ui.overlays import Help
from player.ui.painter import Painter, damage, icon
from player.ui.theme import HI, NOW, PANEL, STANDBY
from player.ui.view import View, wanted
from tests.ui import states, support

SIZE = (900, 506)


def pixels(surface: pygame.Surface) -> bytes:
    return pygame.image.tobytes(surface, "RGB")


def painted(screen: Screen, size: tuple[int, int] = SIZE) -> bytes:
    surface = pygame.Surface(size)
    Painter(surface, states.fonts()).paint(screen)
    return pixels(surface)


def same_all_the_way(models: Sequence[Model]) -> None:
    view, surface = View(states.fonts().measure), pygame.Surface(SIZE)
    painter = Painter(surface, states.fonts())
    for model in models:
        screen = view(model)
        painter.paint(screen)
        assert pixels(surface) == painted(screen)
        assert screen == View(states.fonts().measure)(model)  # a view without memory says the same


@settings(max_examples=12, deadline=None)
@given(st.lists(states.models(SIZE), min_size=2, max_size=5))
def test_a_walk_through_any_states_leaves_no_stale_pixel(cases: list[states.Case]) -> None:
    same_all_the_way([case.model for case in cases])


def test_a_song_that_plays_on_leaves_no_stale_pixel() -> None:
    plan = support.plan()
    show = support.show(plan, 11, 12, 11)
    spec = wanted(show)
    assert spec is not None
    models = [
        Model(
            replace(show, standby=12 + step // 20, paused=step % 17 == 0),
            support.status(show, step / 60),
            SIZE,
            levels=Levels((-step % 40 - 3.0, -9.0), (-3.0, -step / 3), (1, 1)),
            drawn=Drawn(spec, states.sketch(spec.kind, 7_000_000)),
            notice="locked: L" if step % 5 == 0 else "",
        )
        for step in range(60)
    ]
    same_all_the_way(models)


def test_a_moving_song_repaints_little() -> None:
    show = support.show(support.plan(), 11, 12, 11)
    view, surface = View(states.fonts().measure), pygame.Surface((1280, 720))
    painter = Painter(surface, states.fonts())
    painter.paint(view(Model(show, support.status(show, 0.4000), (1280, 720))))
    quiet = painter.paint(view(Model(show, support.status(show, 0.4000), (1280, 720))))
    later = painter.paint(view(Model(show, support.status(show, 0.4005), (1280, 720))))
    assert quiet == []
    assert 0 < sum(place.w * place.h for place in later) < 1280 * 720 * 0.08


def test_the_same_screen_gives_the_same_pixels() -> None:
    model = Model(show := support.show(support.plan(), 11, 12, 11), support.status(show), SIZE)
    assert painted(View(states.fonts().measure)(model)) == painted(View(states.fonts().measure)(model))


AREA = Rect(0, 0, 100, 100)


def sheet(*ops: Op, name: str = "one") -> Screen:
    return (Sheet(name, AREA, ops),)


FAR = Fill(Rect(70, 70, 20, 20), HI)
HALF = Bars(Rect(0, 0, 40, 20), ((0, 0, 30, 20),), 20, NOW, HI)
LIT = Ring(AREA, 25, 100, NOW, True)
RED, BLUE = Fill(Rect(0, 0, 20, 20), NOW), Fill(Rect(10, 10, 20, 20), STANDBY)


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        (sheet(RED), sheet(RED), []),
        (sheet(RED), sheet(RED, BLUE), [BLUE.rect]),
        (sheet(RED, BLUE), sheet(BLUE), [RED.rect]),
        (sheet(RED, BLUE), sheet(BLUE, RED), [Rect(0, 0, 30, 30)]),  # the same operations in another order
        (sheet(RED, RED), sheet(RED), [RED.rect]),  # drawn twice
        (sheet(RED, BLUE), sheet(RED, FAR, BLUE), [FAR.rect]),  # one more between the others
        (sheet(RED, FAR), sheet(BLUE), [Rect(0, 0, 30, 30), FAR.rect]),
        (sheet(RED), sheet(RED._replace(rect=Rect(6, 0, 20, 20))), [Rect(0, 0, 26, 20)]),
        (sheet(HALF), sheet(HALF._replace(split=23)), [Rect(20, 0, 3, 20)]),  # only what changes its colour
        (sheet(LIT), sheet(LIT._replace(part=26)), [Rect(48, 48, 52, 8)]),  # only the tip of the arc
        (sheet(RED), (*sheet(RED), *sheet(BLUE, name="two")), [AREA]),  # a sheet more
        ((*sheet(RED), *sheet(BLUE, name="two")), (*sheet(BLUE, name="two"), *sheet(RED)), [AREA]),
    ],
)
def test_damage_is_where_screens_differ(old: Screen, new: Screen, places: list[Rect]) -> None:
    assert damage(old, new) == places


@pytest.mark.parametrize("sweep", [True, False])
def test_a_ring_that_turns_is_repainted_where_it_changes_and_is_whole(sweep: bool) -> None:
    area, surface = Rect(0, 0, 120, 120), pygame.Surface((120, 120))
    painter = Painter(surface, states.fonts())
    parts = [*range(157, -1, -1), 40, 0, 157, 100, 39, 118, 78]  # as a song plays, then as one seeks
    for part in parts:
        ring = Ring(Rect(7, 5, 101, 101), part, 157, NOW, sweep)
        screen = (Sheet("one", area, (Fill(area, PANEL), Backdrop(area, "one", 8), ring)),)
        painter.paint(screen)
        assert pixels(surface) == painted(screen, (120, 120)), part


def test_what_a_panel_hides_is_not_painted_and_what_its_round_corners_leave_is() -> None:
    below, panel = Fill(AREA, HI), Fill(Rect(10, 10, 60, 60), PANEL, 8)
    surface = pygame.Surface((100, 100))
    painter = Painter(surface, states.fonts())
    painter.paint(sheet(below, panel))
    for mark in (Fill(Rect(30, 30, 4, 4), NOW), Fill(Rect(9, 9, 4, 4), NOW), Fill(Rect(66, 30, 8, 4), NOW)):
        painter.paint(sheet(below, panel, mark))
        painter.paint(sheet(below, panel))
        assert pixels(surface) == painted(sheet(below, panel), (100, 100))


def test_many_small_places_become_one() -> None:
    dots = [Fill(Rect(x * 3, 0, 2, 2), HI) for x in range(30)]
    assert damage(sheet(), sheet(*dots)) == [Rect(0, 0, 89, 2)]


def test_a_new_surface_is_painted_whole() -> None:
    painter = Painter(pygame.Surface((100, 100)), states.fonts())
    painter.paint(sheet(RED))
    painter.reset(pygame.Surface((100, 100)))
    assert painter.paint(sheet(RED)) == [pygame.Rect(0, 0, 100, 100)]


@pytest.mark.parametrize("part", [0, 1, 25, 50, 75, 99, 100])
def test_the_ring_is_lit_clockwise_back_to_the_top(part: int) -> None:
    surface = pygame.Surface((100, 100))
    Painter(surface, states.fonts()).paint(sheet(Fill(AREA, PANEL), Ring(AREA, part, 100, NOW, False)))
    lit = [near(surface.get_at(spot)[:3], NOW) for spot in ((60, 3), (96, 60), (40, 96), (3, 40))]
    assert lit == [part > 5, part > 30, part > 55, part > 80]


def near(one: Sequence[int], other: Sequence[int]) -> bool:
    return all(abs(a - b) < 60 for a, b in zip(one, other, strict=True))


def test_every_sign_can_be_drawn_and_none_looks_like_another() -> None:
    drawn = {name: pygame.image.tobytes(icon(name, 16, HI), "RGBA") for name in ICONS}
    assert len(set(drawn.values())) == len(drawn)
    assert all(any(each[3::4]) for each in drawn.values())


def test_an_overlay_dims_what_lies_below_and_its_end_brings_it_back() -> None:
    show = support.show(support.plan(), 11, 12, 11)
    model = Model(show, support.status(show), SIZE)
    view, surface = View(states.fonts().measure), pygame.Surface(SIZE)
    painter = Painter(surface, states.fonts())
    painter.paint(view(model))
    before = pixels(surface)
    painter.paint(view(replace(model, overlay=Help())))
    assert sum(pixels(surface)) < sum(before)
    painter.paint(view(model))
    assert pixels(surface) == before
