"""Top line: the house, the film, what the show does, the time of day, the film's time."""

from __future__ import annotations

from typing import NamedTuple

from player.ui.ops import Rect, Sheet
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import BOLD, DIM, HI, LINE, MID, MONO, NOW, NOW_BG, RAISE, TEXT, TITLE, Colour


class Header(NamedTuple):
    """What the line says. `marks` are (icon, word, lit) from left to right, the state last."""

    film: str
    counts: str
    marks: tuple[tuple[str, str, bool], ...]
    wall: str
    film_time: str


def header(rect: Rect, u: float, measure: Measure, says: Header) -> Sheet:
    """The sheet of the top line."""
    pen = Pen("header", rect, u, measure)
    y = rect.y + pen.q(24)
    right = rect.right - pen.q(10)
    if says.film_time:
        right -= pen.text(right, y + pen.q(1), says.film_time, TITLE, 40, HI, align=1) + pen.q(15)
        right -= pen.text(right, y, "FILM", TEXT, 12, DIM, align=1, track=2) + pen.q(22)
    right -= pen.text(right, y, says.wall, MONO, 18, MID, align=1) + pen.q(18)
    x = rect.x + pen.q(14)
    for icon, word, lit in reversed(says.marks):
        wide = _pill_width(pen, word)
        if right - wide < x + pen.q(40):
            break
        _pill(pen, right - wide, y, wide, icon, word, lit)
        right -= wide + pen.q(8)
    _house(pen, x, y, right - pen.q(14), says)
    return pen.sheet()


def _house(pen: Pen, x: int, y: int, right: int, says: Header) -> None:
    """Logo, name and film, as much of them as there is room for; the film comes before the name."""
    pen.icon(x, y, 23, "disc", NOW)
    x += pen.q(20)
    film = pen.width(says.film, TEXT, 16)
    name = pen.width("NEEDLEDROP", TITLE, 26, 1.3)
    if x + name + pen.q(44) + min(film, pen.q(180)) <= right:
        pen.text(x, y + pen.q(0.5), "NEEDLEDROP", TITLE, 26, HI, track=1.3)
        x += name + pen.q(27)
        pen.fill(Rect(x, y - pen.q(10), max(1, pen.q(1)), pen.q(20)), LINE)
        x += pen.q(16)
    x += pen.text(x, y, says.film, TEXT, 16, MID, room=max(0, right - x)) + pen.q(12)
    if x + pen.width(says.counts, TEXT, 16) <= right:
        pen.text(x, y, says.counts, TEXT, 16, DIM)


def _pill_width(pen: Pen, word: str) -> int:
    return pen.width(word, BOLD, 12.5, 1.6) + pen.q(40)


def _pill(pen: Pen, x: int, y: int, wide: int, icon: str, word: str, lit: bool) -> None:
    ink: Colour = NOW if lit else MID
    high = pen.q(24)
    pen.fill(Rect(x, y - high // 2, wide, high), NOW_BG if lit else RAISE, 12)
    pen.icon(x + pen.q(17), y, 10, icon, ink)
    pen.text(x + pen.q(28), y, word, BOLD, 12.5, ink, track=1.6, room=wide)
