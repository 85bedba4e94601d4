"""Whatever the show, the size of the window and of the text: every word stays in its panel and clear of others."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.ui.layout import layout
from player.ui.model import Model
from player.ui.ops import Rect, Screen, Text
from player.ui.view import View
from tests.ui import states, support

OVER = {"shade", "help", "figures", "ask", "picker", "form", "line", "clashes", "links"}


def texts(screen: Screen) -> list[tuple[str, Rect, Text]]:
    return [(sheet.name, sheet.rect, op) for sheet in screen for op in sheet.ops if isinstance(op, Text)]


def astray(screen: Screen) -> list[str]:
    """Words that leave their panel, or the panel the window."""
    return [f"{name}: {op.text!r} {op.ink} in {rect}" for name, rect, op in texts(screen) if not op.ink.within(rect)]


def collisions(screen: Screen) -> list[str]:
    """Pairs of words that touch, on the screen itself and on what lies over it."""
    found = []
    for over in (False, True):
        words = [(name, op) for name, _, op in texts(screen) if (name in OVER) == over]
        for (name, one), (_, other) in combinations(words, 2):
            shared = one.ink.cut(other.ink)
            if shared.w > 1 and shared.h > max(2, one.px // 6):  # a comma's tail may reach the accents below it
                found.append(f"{name}: {one.text!r} {one.ink} and {other.text!r} {other.ink}")
    return found


@settings(max_examples=60, deadline=None)
@given(states.models())
def test_no_text_leaves_its_panel_and_no_two_touch(case: states.Case) -> None:
    model = case.model
    screen = View(states.fonts().measure)(model)
    window = Rect(0, 0, *model.size)
    assert [sheet.name for sheet in screen if not sheet.rect.within(window)] == []
    assert astray(screen) == []
    assert collisions(screen) == []


@settings(max_examples=60, deadline=None)
@given(states.models())
def test_no_operation_draws_outside_its_sheet(case: states.Case) -> None:
    for sheet in View(states.fonts().measure)(case.model):
        assert [op for op in sheet.ops if not op.rect.within(sheet.rect)] == []


@given(
    st.tuples(st.integers(640, 5120), st.integers(360, 2880)),
    st.integers(80, 150),
    st.sampled_from((0.0, 44.0, 66.0, 88.0)),
)
def test_panels_stand_apart_in_every_window(size: tuple[int, int], zoom: int, banner: float) -> None:
    where = layout(size, zoom, banner)
    panels = [where.header, where.banner, where.list, where.card, where.next, where.lower, where.footer]
    there = [panel for panel in panels if panel is not None]
    assert all(panel.within(Rect(0, 0, *size)) and panel.w > 0 and panel.h > 0 for panel in there)
    assert not [1 for one, other in combinations(there, 2) if one.meets(other)]


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (3840, 2160), (1024, 768), (900, 506)])
def test_every_panel_is_there_at_the_usual_sizes(size: tuple[int, int]) -> None:
    where = layout(size, 100)
    assert None not in (where.list, where.lower, where.strip, where.wave)


def test_larger_text_gives_up_the_wave_first_and_the_list_never_at_1280() -> None:
    where = layout((1280, 720), 150)
    assert where.wave is None
    assert where.strip is not None
    assert where.list is not None


def test_a_touch_is_seen() -> None:
    """The test above can fail: two words on one spot."""
    model = Model(
        support.show(support.plan(), None, 0),
        support.status(support.show(support.plan(), None, 0)),
        (1280, 720),
    )
    screen = View(support.fake_measure)(model)
    header = screen[0]
    word = next(op for op in header.ops if isinstance(op, Text))
    twice = header._replace(ops=(*header.ops, word._replace(x=word.x + 3)))
    assert collisions((twice, *screen[1:])) != []
    assert astray((header._replace(rect=Rect(0, 0, 20, 20)),)) != []
