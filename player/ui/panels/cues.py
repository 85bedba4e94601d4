"""The cue list: one line a step, its state as a sign, and END below the last."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from player.ui.facts import Row
from player.ui.ops import Rect, Sheet
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import (
    BOLD,
    DIM,
    EDGE,
    HI,
    LINE,
    MID,
    MONO,
    NOW,
    NOW_BG,
    PANEL,
    STANDBY,
    STANDBY_BG,
    TEXT,
    TROUBLE,
    Colour,
    tag,
)

PITCH = 46.0


class Cues(NamedTuple):
    """What the list shows: `steps` of them, the first row on screen, and who is what."""

    steps: int
    first: int
    standby: int
    fired: int | None
    sounding: tuple[int, ...]  # steps
    done: frozenset[int]
    paused: bool
    planned: tuple[str, ...] | None = None  # for the rows on screen: when they would come; None: film times


def capacity(rect: Rect, u: float) -> int:
    """Whole rows the list has room for, at least one."""
    return max(1, int((rect.h / u - 8) / PITCH))


def first_row(count: int, standby: int, fired: int | None, rows: int) -> int:
    """The row to begin with: standby in the lower half of the list, what plays above it where both fit."""
    total = count + 1
    anchor = standby if fired is None or not 0 <= standby - fired < rows else fired
    above = max(0, rows * 2 // 5)
    first = anchor - above
    first = max(min(first, standby), standby - rows + 1)
    return max(0, min(first, total - rows))


def cues(rect: Rect, u: float, measure: Measure, says: Cues, row_of: Callable[[int], Row]) -> Sheet:
    """The sheet of the list. Only the rows on screen are looked at."""
    pen = Pen("list", rect, u, measure)
    pen.fill(rect, PANEL, 8)
    rows = capacity(rect, u)
    high = (rect.h - pen.q(8)) / rows  # the rows share what would be left over
    bar = says.steps + 1 > rows
    for place in range(min(rows, says.steps + 1 - says.first)):
        top = rect.y + pen.q(4) + round(place * high)
        bottom = rect.y + pen.q(4) + round((place + 1) * high)
        line = Rect(rect.x + pen.q(4), top + pen.q(1.5), rect.w - pen.q(14 if bar else 8), bottom - top - pen.q(3))
        index = says.first + place
        if index < says.steps:
            row = row_of(index)
            _row(pen, line, index, row if says.planned is None else row._replace(at=says.planned[place]), says)
        else:
            _end(pen, line, says, says.planned[place] if says.planned is not None else "")
        pen.hit(line, "row", index)
    if bar:
        _bar(pen, says.first, rows, says.steps + 1)
    return pen.sheet()


def _row(pen: Pen, line: Rect, index: int, row: Row, says: Cues) -> None:
    now = index in says.sounding
    standby = index == says.standby
    shown = index == says.fired
    done = index in says.done and not now and not shown
    _ground(pen, line, now or shown, standby)
    icon, ink = _sign(index, row, says)
    y1, y2 = line.y + round(line.h * 0.335), line.y + round(line.h * 0.735)
    middle = line.y + line.h // 2
    pen.icon(line.x + pen.q(22), middle, 14 if icon != "circle" else 9, icon, ink)
    number_ink = STANDBY if standby else NOW if now or shown else DIM if done else MID
    pen.text(line.x + pen.q(67), middle, row.number, MONO, 16, number_ink, align=1, room=pen.q(34))
    if row.colour:
        strip = Rect(line.x + pen.q(72.5), line.y + pen.q(7), max(2, pen.q(3)), line.h - pen.q(14))
        pen.fill(strip, tag(row.colour), 1.5)
    x, right = line.x + pen.q(80), line.right - pen.q(10)
    room = right - x - pen.width(row.at, MONO, 14) - pen.q(10)
    spare = room >= min(pen.width(row.title, BOLD, 16) + pen.q(0 if row.opens else 17), pen.q(150))
    ink_at = DIM if done else HI if now or standby else MID
    times = pen.text(right, y1, row.at, MONO, 14, ink_at, align=1) if spare else 0
    first = right - (times + pen.q(10) if times else 0) - x
    title_ink = DIM if done else HI
    if not row.opens:
        pen.icon(x + pen.q(5), y1, 11, "branch", DIM if done else EDGE if not (now or standby) else MID)
        pen.text(x + pen.q(17), y1, row.title, BOLD, 16, title_ink, room=max(0, first - pen.q(17)))
    else:
        pen.text(x, y1, row.title, BOLD, 16, title_ink, room=max(0, first))
    second: Colour = DIM if done else MID
    span = pen.text(right, y2, row.length, MONO, 13.5, second, align=1)
    if row.stand_in:
        pen.icon(right - span - pen.q(13), y2, 11, "stand-in", second)
        span += pen.q(20)
    _song(pen, x, y2, right - (span + pen.q(10) if span else 0), row, second)


def _song(pen: Pen, x: int, y: int, right: int, row: Row, ink: Colour) -> None:
    """Song, artist and what else the step does, as separate fields: each may have a direction of its own."""
    if row.trouble:
        pen.icon(x + pen.q(6), y, 12, "alert", TROUBLE)
        pen.text(x + pen.q(18), y, f"{row.song}: silent", TEXT, 13.5, TROUBLE, room=max(0, right - x - pen.q(18)))
        return
    for field in (row.song, row.artist, row.others):
        if not field or right - x < pen.q(46):
            continue
        if field is not row.song and row.song:
            pen.icon(x + pen.q(7), y, 4, "dot", ink)
            x += pen.q(14)
        x += pen.text(x, y, field, TEXT, 13.5, ink, room=max(0, right - x))


def _end(pen: Pen, line: Rect, says: Cues, at: str) -> None:
    standby = says.standby == says.steps
    _ground(pen, line, False, standby)
    ink = STANDBY if standby else DIM
    middle = line.y + line.h // 2
    pen.icon(line.x + pen.q(22), middle, 14 if standby else 11, "diamond" if standby else "end", ink)
    wide = pen.text(line.right - pen.q(10), middle, at, MONO, 14, STANDBY if standby else MID, align=1)
    pen.text(line.x + pen.q(80), middle, "END", BOLD, 14, ink, room=line.w - pen.q(100) - wide, track=2)


def _ground(pen: Pen, line: Rect, now: bool, standby: bool) -> None:
    if now:
        pen.fill(line, NOW_BG, 6)
        pen.fill(Rect(line.x, line.y, max(2, pen.q(4)), line.h), NOW, 2)
    if standby:
        pen.box(line, NOW_BG if now else STANDBY_BG, STANDBY, 2, 6)


def _sign(index: int, row: Row, says: Cues) -> tuple[str, Colour]:
    if index == says.standby:
        return "diamond", STANDBY
    if index in says.sounding:
        return ("pause" if says.paused else "play"), NOW
    if index == says.fired:
        return "card", NOW
    if index in says.done:
        return "check", DIM
    if row.trouble:
        return "alert", TROUBLE
    return "circle", DIM


def _bar(pen: Pen, first: int, rows: int, total: int) -> None:
    """The scroll bar: which part of the list is on screen."""
    rect = pen.rect
    track = rect.h - pen.q(12)
    high = max(pen.q(18), round(track * rows / total))
    y = rect.y + pen.q(6) + round((track - high) * first / max(1, total - rows))
    wide = max(2, pen.q(3))
    pen.fill(Rect(rect.right - pen.q(4) - wide, y, wide, high), LINE, 1.5)


def progress(rect: Rect, u: float, measure: Measure, says: Cues, parts: tuple[tuple[int, int], ...]) -> Sheet:
    """Thin bars under the sounding rows: (step, pixels of 1000 played)."""
    pen = Pen("progress", rect, u, measure)
    rows = capacity(rect, u)
    high = (rect.h - pen.q(8)) / rows
    for index, played in parts:
        place = index - says.first
        if not 0 <= place < rows:
            continue
        bottom = rect.y + pen.q(4) + round((place + 1) * high) - pen.q(1.5)
        x = rect.x + pen.q(84)
        room = rect.w - pen.q(84) - pen.q(20)
        thick = max(1, pen.q(2))
        pen.fill(Rect(x, bottom - thick - pen.q(0.5), round(room * played / 1000), thick), NOW)
    return pen.sheet()
