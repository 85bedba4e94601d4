"""The editor: every field of a scene, a cue, a song or the film, one below the other; and one field in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from player.ui.form import MOST, Choice, Form, Line, Row
from player.ui.ops import Rect, Sheet
from player.ui.panels.field import field, height, lines
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import (
    BG,
    BOLD,
    DIM,
    EDGE,
    HI,
    LINE,
    MID,
    MONO,
    PANEL,
    RAISE2,
    STANDBY,
    STANDBY_BG,
    TEXT,
    TITLE,
    TROUBLE,
)
from timeline.spec import Scalar

HEAD = 102.0
PITCH = 37.0
BOX = 30.0
ITEM = 29.0
ABOUT = 23.0
SIZE = 16.0
LONGEST = 7  # lines of a note that are seen


class Says(NamedTuple):
    """What the head says besides the form: the scene's number, what plays, and how long still."""

    number: str
    playing: str


def form(rect: Rect, u: float, measure: Measure, says: Says, of: Form) -> Sheet:
    """The sheet of the editor."""
    pen = Pen("form", rect, u, measure)
    pen.box(rect, PANEL, EDGE, 1, 8)
    pen.hit(rect, "inside")
    pad = pen.q(28)
    high = rect.h / u
    head = HEAD if high >= 240 else 70.0
    middle = rect.y + pen.q(36 if head == HEAD else 23)
    _title(pen, middle, pad, says, of, 38 if head == HEAD else 24)
    divider = Rect(rect.x + 1, rect.y + pen.q(head) - pen.q(6), rect.w - 2, max(1, pen.q(1)))
    pen.fill(divider, LINE)
    _tabs(pen, Rect(rect.x + pad, divider.bottom - pen.q(31), rect.w - 2 * pad, pen.q(31)), of)
    top = rect.y + pen.q(head) + pen.q(4)
    _rows(pen, Rect(rect.x + pad, top, rect.w - 2 * pad, rect.bottom - pen.q(8) - top), of)
    return pen.sheet()


def _title(pen: Pen, y: int, pad: int, says: Says, of: Form, size: float) -> None:
    rect = pen.rect
    x, right = rect.x + pad, rect.right - pad
    if says.playing:
        wide = pen.text(right, y, says.playing, MONO, 14, MID, align=1, room=rect.w // 3)
        pen.icon(right - wide - pen.q(14), y, 11, "play", MID)
        right -= wide + pen.q(40)
    if says.number:
        x += pen.text(x, y, says.number, TITLE, size, STANDBY, room=max(0, (right - x) // 3)) + pen.q(14)
    pen.text(x, y, of.here.title, TITLE, size, HI, room=max(0, right - x))


def _tabs(pen: Pen, rect: Rect, of: Form) -> None:
    """The things that can be edited; where there is no room for all, those near the one that is open."""
    gap = pen.q(22)
    names = [_tab_name(pen, i, of) for i in range(len(of.tabs))]
    wides = [pen.width(name, BOLD if i == of.tab else TEXT, 14.5) + gap for i, name in enumerate(names)]
    first = last = of.tab
    room = rect.w - wides[of.tab]
    while True:
        if last + 1 < len(wides) and wides[last + 1] <= room:
            last += 1
            room -= wides[last]
        elif first and wides[first - 1] <= room:
            first -= 1
            room -= wides[first]
        else:
            break
    x = rect.x
    for i in range(first, last + 1):
        here = i == of.tab
        wide = min(wides[i] - gap, rect.right - x)
        pen.text(x, rect.mid[1], names[i], BOLD if here else TEXT, 14.5, HI if here else MID, room=wide)
        if here:
            thick = max(2, pen.q(3))
            pen.fill(Rect(x, rect.bottom - thick, wide, thick), STANDBY)
        pen.hit(Rect(x - gap // 2, rect.y, wide + gap, rect.h), "tab", i)
        x += wides[i]


def _tab_name(pen: Pen, i: int, of: Form) -> str:
    tab = of.tabs[i]
    name = tab.label if tab.label in ("Scene", "Film", "Defaults") else f"{tab.label}  {tab.title}"
    return name if len(name) <= 26 else name[:25].rstrip() + "…"


# ---- rows


class _Block(NamedTuple):
    """How a row falls: lines of text, and points it takes with all that stands under it."""

    lines: int
    high: float
    about: tuple[str, ...]
    problem: tuple[str, ...]
    items: int


def _label_width(pen: Pen, wide: int) -> int:
    return min(pen.q(128), wide // 4)


def _block(pen: Pen, row: Row, of: Form, wide: int, room: float) -> _Block:
    here = row is of.row
    inside = wide - _label_width(pen, wide) - pen.q(26 if not row.problem else 52)
    most = max(1, min(LONGEST, int((room - PITCH) / height(1, SIZE))))
    count = lines(pen, row.field, inside, most, TEXT, SIZE) if row.long else 1
    high = PITCH - BOX + (BOX if count == 1 else height(count, SIZE) + 9)
    if not here:
        return _Block(count, high, (), (), 0)
    under = wide - _label_width(pen, wide)
    spare = room - high
    problem: tuple[str, ...] = ()
    if row.problem and spare >= ABOUT:
        most = min(3, int(spare / ABOUT))
        problem = pen.lines(row.problem, TEXT, 14.5, under - pen.q(24), most)
        spare -= ABOUT * len(problem)
    about: tuple[str, ...] = ()
    if spare >= ABOUT and not (row.problem and spare < 2 * ABOUT):
        about = pen.lines(_about(row), TEXT, 14, under - pen.q(4), 2 if spare >= 4 * ABOUT else 1)
        spare -= ABOUT * len(about)
    items = min(len(of.items), MOST, max(0, int((spare - 6) / ITEM))) if of.open else 0
    more = ABOUT * (len(problem) + len(about)) + (ITEM * items + 6 if items else 0)
    return _Block(count, high + more + (4 if more else 0), about, problem, items)


def _about(row: Row) -> str:
    kind = row.spec.kind
    about = row.spec.about
    if isinstance(kind, Scalar) and not kind.free and not row.choosable and kind.example not in about:
        about += f" Like {kind.example}."
    return about if row.spec.played else f"{about} Not yet played."


def _rows(pen: Pen, rect: Rect, of: Form) -> None:
    """The rows around the one in focus, as many as there is room for."""
    room = rect.h / pen.u
    bar = pen.q(10)
    wide = rect.w - bar
    blocks: dict[int, _Block] = {of.focus: _block(pen, of.row, of, wide, room)}

    def block(index: int) -> _Block:
        if index not in blocks:
            blocks[index] = _block(pen, of.rows[index], of, wide, room)
        return blocks[index]

    count = len(of.rows)
    first = _first(of, room, block)
    y, index = rect.y, first
    while index < count and y + pen.q(block(index).high) <= rect.bottom:
        _row(pen, Rect(rect.x, y, wide, pen.q(block(index).high)), index, block(index), of)
        y += pen.q(block(index).high)
        index += 1
    if index == first:  # a window so low that not even the row in focus fits
        _row(pen, Rect(rect.x, rect.y, wide, rect.h), first, block(first)._replace(about=(), problem=(), items=0), of)
        index += 1
    if index - first < count:
        track = rect.h
        high = max(pen.q(18), track * (index - first) // count)
        top = rect.y + (track - high) * first // max(1, count - (index - first))
        pen.fill(Rect(rect.right - max(2, pen.q(3)), top, max(2, pen.q(3)), high), LINE, 1.5)


def _first(of: Form, room: float, block: Callable[[int], _Block]) -> int:
    """The row to begin with: the one in focus stands in the upper half, and no room is left over below."""
    first, spare = of.focus, room - block(of.focus).high
    above = spare / 2
    while first > 0 and above >= block(first - 1).high:
        first -= 1
        above -= block(first).high
        spare -= block(first).high
    below = of.focus + 1
    while below < len(of.rows) and spare >= block(below).high:
        spare -= block(below).high
        below += 1
    while below == len(of.rows) and first > 0 and spare >= block(first - 1).high:
        first -= 1
        spare -= block(first).high
    return first


def _row(pen: Pen, rect: Rect, index: int, fall: _Block, of: Form) -> None:
    row, here = of.rows[index], index == of.focus
    label = _label_width(pen, rect.w)
    high = pen.q(BOX if fall.lines == 1 else height(fall.lines, SIZE) + 9)
    box = Rect(rect.x + label, rect.y + pen.q(2), rect.w - label, min(high, rect.h - pen.q(4)))
    middle = box.y + min(pen.q(BOX), box.h) // 2
    if row.changed:
        pen.icon(rect.x - pen.q(12), middle, 6, "dot-full", HI)
    ink = HI if here else MID
    pen.text(rect.x, middle, row.key, BOLD if row.changed else TEXT, 15, ink, room=label - pen.q(10))
    edge = TROUBLE if row.problem else STANDBY if here else LINE
    pen.box(box, BG if here else PANEL, edge, 2 if here else 1, 5)
    pen.hit(rect, "row-field", index)
    right = pen.q(13)
    if row.problem and not here:
        pen.icon(box.right - pen.q(18), middle, 13, "alert", TROUBLE)
        right = pen.q(36)
    elif here and row.choosable:
        pen.icon(box.right - pen.q(18), middle, 10, "down", MID)
        pen.hit(Rect(box.right - pen.q(36), box.y, pen.q(36), box.h), "open-list", index)
        right = pen.q(36)
    inside = Rect(box.x + pen.q(12), box.y, box.w - pen.q(12) - right, box.h)
    if fall.lines > 1:
        inside = Rect(inside.x, box.y + pen.q(4), inside.w, box.h - pen.q(8))
    elif box.h > pen.q(BOX):
        inside = inside._replace(h=pen.q(BOX))
    text = row.field.text or row.field.composing
    aside = row.aside if fall.lines == 1 else ""
    spare = inside.w - pen.width(row.field.text, TEXT, SIZE) - pen.q(24)
    if aside and spare > pen.q(60):
        wide = min(pen.width(aside, TEXT, SIZE - 1.5), spare)
        pen.text(inside.right, middle, aside, TEXT, SIZE - 1.5, MID, align=1, room=wide)
        inside = inside._replace(w=inside.w - wide - pen.q(12))
    if not text and row.absent:
        pen.text(
            inside.x + (pen.q(8) if here else 0), middle, row.absent, TEXT, SIZE - 1, DIM, room=inside.w - pen.q(8)
        )
    if text or here:
        field(pen, inside, row.field, TEXT, SIZE, most=fall.lines, row=index, live=here)
    if here:
        _under(pen, Rect(box.x, box.bottom + pen.q(2), box.w, rect.bottom - box.bottom - pen.q(2)), row, fall, of)


def _under(pen: Pen, rect: Rect, row: Row, fall: _Block, of: Form) -> None:
    """Problem, explanation and list of the row in focus."""
    y = rect.y
    for place, line in enumerate(fall.problem):
        middle = y + pen.q(ABOUT / 2)
        if not place:
            pen.icon(rect.x + pen.q(8), middle, 13, "alert", TROUBLE)
        pen.text(rect.x + pen.q(22), middle, line, TEXT, 14.5, TROUBLE, room=rect.w - pen.q(22))
        y += pen.q(ABOUT)
    for line in fall.about:
        pen.text(rect.x + pen.q(2), y + pen.q(ABOUT / 2), line, TEXT, 14, MID, room=rect.w - pen.q(4))
        y += pen.q(ABOUT)
    if not fall.items:
        return
    first = min(max(0, of.chosen - fall.items + 1 + (of.chosen < len(of.items) - 1)), len(of.items) - fall.items)
    for index in range(first, first + fall.items):
        _item(pen, Rect(rect.x, y, rect.w, pen.q(ITEM) - pen.q(2)), of.items[index], index, index == of.chosen)
        y += pen.q(ITEM)


def _item(pen: Pen, line: Rect, item: Choice, index: int, chosen: bool) -> None:
    if chosen:
        pen.fill(line, RAISE2, 4)
        pen.fill(Rect(line.x, line.y, max(2, pen.q(3)), line.h), STANDBY, 1)
    pen.hit(line, "choice", index)
    middle = line.mid[1]
    x, right = line.x + pen.q(14), line.right - pen.q(12)
    x += pen.text(x, middle, item.title or item.value, BOLD, 15, HI, room=right - x) + pen.q(12)
    if item.title and right - x > pen.q(40):
        x += pen.text(x, middle, item.value, MONO, 13, MID, room=right - x) + pen.q(12)
    if item.aside and right - x > pen.q(40):
        pen.text(x, middle, item.aside, TEXT, 14, MID, room=right - x)


# ---- one field in its place


def line_rect(where: Rect, u: float, measure: Measure, of: Line) -> Rect:
    """The panel of one field: it stands on NEXT and grows upward with its text."""
    pen = Pen("line", where, u, measure)
    size = _line_size(of, where.h / u)
    inside = where.w - pen.q(56 + 28)
    count = lines(pen, of.field, inside, _line_most(of), TEXT if of.what == "note" else BOLD, size)
    high = pen.q(46 + height(count, size) + (26 if of.problem else 0))
    high = max(where.h, high)
    return Rect(where.x, where.bottom - high, where.w, high)


def _line_size(of: Line, high: float) -> float:
    return 18.0 if of.what == "note" else 26.0 if high > 64 else 20.0


def _line_most(of: Line) -> int:
    return 5 if of.what == "note" else 1


def line(where: Rect, u: float, measure: Measure, of: Line) -> Sheet:
    """The sheet of one field in its place; `where` is NEXT."""
    rect = line_rect(where, u, measure, of)
    pen = Pen("line", rect, u, measure)
    pen.box(rect, STANDBY_BG, TROUBLE if of.problem else STANDBY, 2, 8)
    pen.hit(rect, "inside")
    pen.icon(rect.x + pen.q(32), rect.y + pen.q(22), 13, "pen", STANDBY)
    x, right = rect.x + pen.q(56), rect.right - pen.q(28)
    y = rect.y + pen.q(22)
    aside = "Tab: the other note" if of.other else ""
    if aside and rect.w > pen.q(520):
        right -= pen.text(right, y, aside, TEXT, 13.5, MID, align=1) + pen.q(20)
    pen.text(x, y, of.label, BOLD, 13.5, STANDBY, room=max(0, right - x), track=1.4)
    size = _line_size(of, where.h / u)
    bottom = rect.bottom - pen.q(8) - (pen.q(26) if of.problem else 0)
    face = TEXT if of.what == "note" else BOLD
    inside = Rect(x, rect.y + pen.q(36), rect.right - pen.q(28) - x, bottom - rect.y - pen.q(36))
    count = lines(pen, of.field, inside.w - max(2, pen.q(2)), _line_most(of), face, size)
    if count == 1:
        inside = inside._replace(h=min(inside.h, pen.q(height(1, size))))
    field(pen, inside, of.field, face, size, most=_line_most(of) if count > 1 else 1)
    if of.problem:
        middle = rect.bottom - pen.q(20)
        pen.icon(x + pen.q(8), middle, 13, "alert", TROUBLE)
        pen.text(x + pen.q(22), middle, of.problem, TEXT, 14.5, TROUBLE, room=rect.right - pen.q(28) - x - pen.q(22))
    return pen.sheet()
