"""The list of what each song plays: one line a song, and all that is known of the one in focus."""

from __future__ import annotations

import os
from typing import Final

from player.plan import Plan
from player.ui import links
from player.ui.layout import Layout
from player.ui.links import Links, Row
from player.ui.ops import Rect, Sheet
from player.ui.panels.over import answers, panel
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import (
    BOLD,
    EDGE,
    HI,
    LINE,
    MID,
    MONO,
    PANEL,
    RAISE2,
    STANDBY,
    TEXT,
    TITLE,
    TROUBLE,
    Colour,
)

HEAD: Final = 84.0
FOOT: Final = 62.0
ROW: Final = 38.0
MORE: Final = 24.0  # a line below the title of the song in focus
OFFER: Final = 30.0
_HOME: Final = os.path.expanduser("~")
ANSWERS: Final = (
    (("Enter",), "choose", "link-search"),
    (("Delete",), "none", "link-none"),
    (("Backspace",), "ask the library again", "link-again"),
    (("Ctrl", "Enter"), "write into the file", "link-write"),
    (("Esc",), "close", "close"),
)


def links_panel(layout: Layout, measure: Measure, plan: Plan, of: Links) -> Sheet:
    """The sheet of the list."""
    rect = panel(layout, 1120, 640)
    pen = Pen("links", rect, layout.u, measure)
    pen.box(rect, PANEL, EDGE, 1, 10)
    pen.hit(rect, "inside")
    x, room = rect.x + pen.q(32), rect.w - pen.q(64)
    middle = rect.y + pen.q(42)
    wide = pen.text(x + room, middle + pen.q(4), links.counts(plan), TEXT, 16, MID, align=1, room=room // 2)
    pen.text(x, middle, "WHAT EACH SONG PLAYS", TITLE, 40, HI, room=room - wide - pen.q(20))
    pen.fill(Rect(rect.x + 1, rect.y + pen.q(HEAD - 8), rect.w - 2, max(1, pen.q(1))), LINE)
    foot = rect.bottom - pen.q(FOOT)
    pen.fill(Rect(rect.x + 1, foot, rect.w - 2, max(1, pen.q(1))), LINE)
    answers(pen, x, foot + pen.q(FOOT / 2), ANSWERS)
    top = rect.y + pen.q(HEAD)
    _rows(pen, Rect(rect.x + pen.q(16), top, rect.w - pen.q(32), foot - top), plan, of)
    return pen.sheet()


def _rows(pen: Pen, rect: Rect, plan: Plan, of: Links) -> None:
    named = links.songs(plan)
    if not named:
        return
    focus = named.index(of.song) if of.song in named else 0
    here = links.row(plan, named[focus])
    room = rect.h / pen.u - 4
    why = pen.lines(here.why, TEXT, 15, rect.w - pen.q(72), 2)
    offers = min(len(here.offered), max(0, int((room - ROW - 8 - MORE * (len(why) + bool(here.level))) / OFFER)))
    tall = ROW + MORE * (len(why) + bool(here.level)) + OFFER * offers + 8
    high = [tall if i == focus else ROW for i in range(len(named))]
    first, last = links.span(high, focus, max(room, tall))
    y = rect.y
    for index in range(first, last):
        row = here if index == focus else links.row(plan, named[index])
        line = Rect(rect.x, y, rect.w - pen.q(10), pen.q(high[index]) - pen.q(2)).cut(rect)
        _row(pen, line, row, index == focus)
        if index == focus:
            _more(pen, line, row, why, offers)
        y += pen.q(high[index])
    if last - first < len(named):
        _bar(pen, rect, first, last, len(named))


def _row(pen: Pen, line: Rect, row: Row, here: bool) -> None:
    pen.hit(line, "link-song", row.ident)
    if here:
        pen.fill(line, RAISE2, 6)
        pen.fill(Rect(line.x, line.y, max(2, pen.q(4)), line.h), STANDBY, 1)
    middle = line.y + pen.q(ROW / 2) - pen.q(1)
    sign: Colour = TROUBLE if row.mark == "alert" else MID
    pen.icon(line.x + pen.q(26), middle, 13, row.mark, sign)
    x, right = line.x + pen.q(48), line.right - pen.q(16)
    half = x + (right - x) * 55 // 100
    x += pen.text(x, middle, row.title, BOLD, 17, HI, room=half - x) + pen.q(12)
    if half - x > pen.q(30):
        pen.text(x, middle, row.artist, TEXT, 15.5, MID, room=half - x)
    x = half + pen.q(16)
    sort = pen.text(right, middle, row.sort, TEXT, 14.5, MID, align=1, room=(right - x) // 2)
    if row.offered:
        text = f"{len(row.offered)} to choose from"
        sort += pen.q(16) + pen.text(right - sort - pen.q(16), middle, text, BOLD, 14.5, HI, align=1, room=right - x)
    pen.text(x, middle, row.plays, TEXT, 15.5, HI if here else MID, room=right - x - sort - pen.q(16))


def _more(pen: Pen, line: Rect, row: Row, why: tuple[str, ...], offers: int) -> None:
    """Why it plays that, how loud it is, and what is offered."""
    x, right = line.x + pen.q(48), line.right - pen.q(16)
    y = line.y + pen.q(ROW)
    for number, text in enumerate(why):
        middle = y + pen.q(MORE / 2) - pen.q(3)
        if row.trouble and not number:
            x += pen.q(20)
            pen.icon(x - pen.q(14), middle, 12, "alert", TROUBLE)
        pen.text(x, middle, text, TEXT, 15, TROUBLE if row.trouble else MID, room=right - x)
        y += pen.q(MORE)
    x = line.x + pen.q(48)
    if row.level:
        pen.text(x, y + pen.q(MORE / 2) - pen.q(3), row.level, MONO, 13.5, MID, room=right - x)
        y += pen.q(MORE)
    for number, each in enumerate(row.offered[:offers]):
        spot = Rect(x, y, right - x, pen.q(OFFER))
        pen.hit(spot, "link-take", number)
        middle = spot.mid[1]
        left = x + pen.keycaps(x, middle, (str(number + 1),), 13) + pen.q(12)
        left += pen.text(left, middle, each.title, BOLD, 15.5, HI, room=(right - left) // 2) + pen.q(12)
        left += pen.text(left, middle, each.about, TEXT, 15, MID, room=max(0, (right - left) // 2)) + pen.q(16)
        if right - left > pen.q(60):
            pen.text(right, middle, links.short(each.path, _HOME), TEXT, 13.5, MID, align=1, room=right - left)
        y += pen.q(OFFER)


def _bar(pen: Pen, rect: Rect, first: int, last: int, of: int) -> None:
    high = max(pen.q(18), rect.h * (last - first) // of)
    top = rect.y + (rect.h - high) * first // max(1, of - (last - first))
    pen.fill(Rect(rect.right - max(2, pen.q(3)), top, max(2, pen.q(3)), high), LINE, 1.5)
