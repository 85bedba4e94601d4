"""The words and chords of a song, beside its card; as much as has room, from the place of the music on."""

from __future__ import annotations

from itertools import accumulate
from typing import Final, NamedTuple

from player.sheets import Line, Piece, Sheet
from player.ui.ops import Rect
from player.ui.ops import Sheet as Drawn
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import BOLD, DIM, EDGE, HI, MID, MONO, PANEL, TEXT, Face

SIZE: Final = 17.0  # points
LEAST: Final = 11.0
READ: Final = 0.35  # of the height: where the line stands that is played


class Spot(NamedTuple):
    """A piece at a place of its row, in pixels from the left."""

    x: int
    piece: Piece


class Row(NamedTuple):
    """A row on screen: `high` points, and what stands in it."""

    kind: str
    high: float
    spots: tuple[Spot, ...]


class Rows(NamedTuple):
    """A sheet broken into rows of a width, in letters of `size` points."""

    rows: tuple[Row, ...]
    size: float
    fixed: bool


def rows(rect: Rect, u: float, measure: Measure, sheet: Sheet) -> Rows:
    """Break a sheet into rows that fit the panel. Of a plain text only the letters become smaller."""
    pen = Pen("sheet", rect, u, measure)
    room = rect.w - pen.q(40)
    size = SIZE
    if sheet.fixed:
        widest = max((line.words for line in sheet.lines), key=len, default="")
        while size > LEAST and pen.width(widest, MONO, size) > room:
            size -= 0.5
    made: list[Row] = []
    for line in sheet.lines:
        made += _rows(pen, line, room, size, sheet.fixed)
    return Rows(tuple(made), size, sheet.fixed)


def _rows(pen: Pen, line: Line, room: int, size: float, fixed: bool) -> list[Row]:
    if line.kind == "blank":
        return [Row("blank", size * 0.8, ())]
    if line.kind != "line":
        large = size * (1.25 if line.kind == "head" else 0.8)
        broken = pen.lines(line.words, BOLD, large, room, 3)
        return [Row(line.kind, large * 1.6, (Spot(0, Piece("", each)),)) for each in broken]
    if fixed:
        return [Row("line", size * 1.4, (Spot(0, line.pieces[0]),))]
    rows: list[list[Spot]] = [[]]
    x = 0
    for piece in _words(line):
        wide = _wide(pen, piece, size)
        if rows[-1] and x + pen.width(piece.words.rstrip(), TEXT, size) > room:
            rows.append([])
            x = 0
        rows[-1].append(Spot(x, piece))
        x += wide
    return [_line(row, size) for row in rows]


def _line(spots: list[Spot], size: float) -> Row:
    chords = any(spot.piece.chord for spot in spots)
    return Row("line", size * (2.35 if chords else 1.4), tuple(spots))


def _words(line: Line) -> list[Piece]:
    """The line in pieces of one word at most, each with the space behind it."""
    found: list[Piece] = []
    for piece in line.pieces:
        words = piece.words.split(" ")
        parts = [word + " " for word in words[:-1]] + ([words[-1]] if words[-1] else [])
        found += [Piece(piece.chord if i == 0 else "", part) for i, part in enumerate(parts or [""])]
    return found


def _wide(pen: Pen, piece: Piece, size: float) -> int:
    words = pen.width(piece.words, TEXT, size) if piece.words.strip() else pen.q(size * 0.28 * len(piece.words))
    chord = pen.width(piece.chord, BOLD, size * 0.85) + pen.q(size * 0.5) if piece.chord else 0
    return max(words, chord)


def first(rect: Rect, u: float, of: Rows, part: float) -> int:
    """The row to begin with when `part` of the song has been played: the line that is played stands at a third."""
    tops = [0.0, *accumulate(row.high for row in of.rows)]
    high = rect.h / u - 32
    wanted = min(part * tops[-1] - high * READ, tops[-1] - high)
    return next((i for i, top in enumerate(tops[:-1]) if top >= wanted), 0)


def panel(rect: Rect, u: float, measure: Measure, of: Rows, begin: int, trouble: str) -> Drawn:
    """The rows from `begin` on; or why there are none."""
    pen = Pen("sheet", rect, u, measure)
    pen.fill(rect, PANEL, 8)
    x = rect.x + pen.q(20)
    if trouble:
        middle = rect.y + pen.q(28)
        pen.icon(x + pen.q(6), middle, 13, "file", MID)
        for line in pen.lines(trouble, TEXT, 15, rect.w - pen.q(64), 3):
            pen.text(x + pen.q(22), middle, line, TEXT, 15, MID, room=rect.w - pen.q(60))
            middle += pen.q(22)
        return pen.sheet()
    y = rect.y / u + 16
    foot = rect.bottom / u - 12
    for row in of.rows[begin:]:
        if y + row.high > foot:
            break
        _row(pen, x, y, rect.right - pen.q(14), row, of)
        y += row.high
    _bar(pen, begin, of)
    return pen.sheet()


def _row(pen: Pen, x: int, y: float, right: int, row: Row, of: Rows) -> None:
    face: Face = MONO if of.fixed else TEXT
    low = pen.q(y + row.high - of.size * 0.7)
    for spot in row.spots:
        at = x + spot.x
        if row.kind == "line":
            if spot.piece.chord:
                chord = pen.q(y + of.size * 0.62)
                pen.text(at, chord, spot.piece.chord, BOLD, of.size * 0.85, MID, room=max(0, right - at))
            pen.text(at, low, spot.piece.words.rstrip(), face, of.size, HI, room=max(0, right - at))
        else:
            size = of.size * (1.25 if row.kind == "head" else 0.8)
            ink = HI if row.kind == "head" else DIM
            pen.text(at, pen.q(y + row.high / 2), spot.piece.words, BOLD, size, ink, room=max(0, right - at))


def _bar(pen: Pen, begin: int, of: Rows) -> None:
    """How far the sheet has gone."""
    total = sum(row.high for row in of.rows)
    shown = pen.rect.h / pen.u - 32
    if total <= shown:
        return
    track = pen.rect.h - pen.q(16)
    top = sum(row.high for row in of.rows[:begin])
    high = max(pen.q(18), round(track * shown / total))
    y = pen.rect.y + pen.q(8) + round(min(1.0, top / (total - shown)) * (track - high))
    pen.fill(Rect(pen.rect.right - pen.q(7), y, max(2, pen.q(3)), high), EDGE, 1.5)
