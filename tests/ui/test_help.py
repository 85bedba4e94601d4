"""The page of keys: whatever the window and the size of its text, it holds every key whole."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from player.commands import COMMANDS, DEFAULT
from player.ui.model import Model
from player.ui.ops import Icon, Text
from player.ui.overlays import Help
from player.ui.panels.over import SIGNS
from player.ui.view import View
from tests.ui import states, support
from tests.ui.test_layout import astray, collisions

WINDOWS = [
    (640, 400), (800, 600), (1024, 768), (1280, 720), (1280, 800), (1366, 768), (1600, 900), (1920, 1080),
    (2560, 1080), (1080, 1920), (3840, 2160),
]  # fmt: skip
ZOOMS = range(80, 151, 10)  # from the smallest text that a key gives to the largest
LONGEST = "Standby to the scene at the film clock"


def pages(size: tuple[int, int], zoom: int) -> tuple[list[str], set[str]]:
    """All words and all signs of the page of keys, leafed through to where it begins again."""
    show = support.show(support.plan(), 11, 12, 11)
    model = Model(show, support.status(show), size, zoom=zoom)
    view, words, icons, first = View(states.fonts().measure), list[str](), set[str](), None
    for page in range(20):
        screen = view(replace(model, overlay=Help(page)))
        (sheet,) = (sheet for sheet in screen if sheet.name == "help")
        if sheet == first:
            return words, icons
        first = first or sheet
        assert astray((sheet,)) == []
        assert collisions((sheet,)) == []
        words += [op.text for op in sheet.ops if isinstance(op, Text)]
        icons |= {op.name for op in sheet.ops if isinstance(op, Icon)}
    raise AssertionError("more than 20 pages")


@pytest.mark.parametrize("size", WINDOWS)
def test_no_key_is_cut_in_any_window_at_any_size_of_text(size: tuple[int, int]) -> None:
    for zoom in ZOOMS:
        words, icons = pages(size, zoom)
        assert [word for word in words if "…" in word] == [], f"at {zoom} %"
        assert LONGEST in words, f"at {zoom} %"
        assert icons == {name for name, _, _ in SIGNS}, f"at {zoom} %"


def test_every_command_with_a_key_is_there_by_its_title_or_shares_a_line_with_its_opposite() -> None:
    words, _ = pages((1280, 720), 100)
    assert {word for _, _, word in SIGNS} <= set(words)
    assert {each.id for each in COMMANDS if DEFAULT.keys(each.id) and each.title not in words} == {
        "up", "down", "page-up", "page-down", "first", "last", "back", "forward", "back-1", "forward-1", "film-back",
        "film-on", "softer", "louder", "bigger", "smaller", "write-up", "write-down", "write-copy", "write-cut",
        "write-from", "write-to", "hear-from", "hear-to", "write-louder", "write-softer", "write-undo", "write-redo",
    }  # fmt: skip


def test_at_the_usual_size_two_pages_hold_them() -> None:
    words, _ = pages((1280, 720), 100)
    assert [word for word in words if word.startswith("page ")] == [
        "page 1 of 2: ↓    ? or Esc closes",
        "page 2 of 2: ↓    ? or Esc closes",
    ]
