"""Rendered lines are kept while they are drawn, and no more of them than so many bytes."""

from __future__ import annotations

from player.ui.fonts import MOST_HELD
from player.ui.theme import DISPLAY, TEXT
from tests.ui.states import fonts

INK = (255, 255, 255)


def test_an_hour_of_a_large_clock_takes_no_more_memory_than_is_allowed() -> None:
    kept = fonts()
    for second in range(3600):
        kept.line(f"{second // 60}:{second % 60:02}", DISPLAY, 150, INK, 0)
    assert 0 < kept.held <= MOST_HELD


def test_what_is_drawn_all_the_time_is_rendered_once() -> None:
    kept = fonts()
    title = kept.line("The audition", TEXT, 20, INK, 0)
    for second in range(3600):
        kept.line(f"{second}", DISPLAY, 150, INK, 0)
        assert kept.line("The audition", TEXT, 20, INK, 0) is title
