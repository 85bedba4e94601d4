"""Trouble, in as many lines as it needs, up to three; the show goes on below it."""

from __future__ import annotations

from typing import NamedTuple

from player.ui.facts import Trouble
from player.ui.ops import Rect, Sheet
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import HI, MID, MONO, TEXT, TROUBLE, TROUBLE_BG

LINE = 22.0
MOST = 3


class Banner(NamedTuple):
    """The trouble, the keycap that opens its line in an editor, and what can be said besides."""

    trouble: Trouble
    key: tuple[str, ...]
    aside: str


class _Plan(NamedTuple):
    place: int  # widths in pixels
    right: int
    lines: tuple[str, ...]
    above: bool  # the place stands on a line of its own


def _plan(pen: Pen, wide: int, says: Banner) -> _Plan:
    """How the text falls in a banner `wide` pixels across."""
    trouble = says.trouble
    place = pen.width(trouble.place, MONO, 16) + pen.q(14) if trouble.place else 0
    right = pen.keycaps_width(says.key) + pen.q(8) + pen.width("edit", TEXT, 15) if says.key else 0
    right += pen.width(says.aside, TEXT, 15) + pen.q(20) if says.aside else 0
    inside = wide - pen.q(58)
    if right > inside // 3:
        right = 0
    room = inside - right - (pen.q(20) if right else 0)
    above = place > room // 3
    lines = pen.lines(trouble.text, TEXT, 16, room - (0 if above else place), MOST - above)
    return _Plan(place, right, lines, above)


def height(wide: int, u: float, measure: Measure, says: Banner) -> float:
    """How tall the banner wants to be, in points, in a window that gives it `wide` pixels."""
    plan = _plan(Pen("banner", Rect(0, 0, wide, 1), u, measure), wide, says)
    return 22 + LINE * (len(plan.lines) + plan.above)


def banner(rect: Rect, u: float, measure: Measure, says: Banner) -> Sheet:
    """The sheet of the banner; a press on it lists every problem."""
    pen = Pen("banner", rect, u, measure)
    plan = _plan(pen, rect.w, says)
    pen.fill(rect, TROUBLE_BG, 4)
    pen.fill(Rect(rect.x, rect.y, max(2, pen.q(4)), rect.h), TROUBLE, 1)
    pen.hit(rect, "command", "problems")
    pitch = pen.q(LINE)
    y = rect.y + rect.h // 2 - pitch * (len(plan.lines) + plan.above - 1) // 2
    pen.icon(rect.x + pen.q(25), rect.mid[1], 21, "alert", TROUBLE)
    x = rect.x + pen.q(44)
    trouble = says.trouble
    if trouble.place:
        pen.text(x, y, trouble.place, MONO, 16, TROUBLE, room=rect.right - pen.q(14) - x - plan.right)
        if plan.above:
            y += pitch
        else:
            x += plan.place
    for line in plan.lines:
        pen.text(x, y, line, TEXT, 16, HI)
        y += pitch
    if plan.right:
        _aside(pen, rect, says)
    return pen.sheet()


def _aside(pen: Pen, rect: Rect, says: Banner) -> None:
    right, middle = rect.right - pen.q(14), rect.mid[1]
    if says.aside:
        right -= pen.text(right, middle, says.aside, TEXT, 15, MID, align=1) + pen.q(20)
    if says.key:
        right -= pen.text(right, middle, "edit", TEXT, 15, MID, align=1) + pen.q(8)
        wide = pen.keycaps_width(says.key)
        pen.keycaps(right - wide, middle, says.key)
        pen.hit(Rect(right - wide, rect.y, rect.right - right + wide, rect.h), "command", "edit")
