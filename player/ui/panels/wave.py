"""The song that plays, as a waveform or a piano roll, with the playhead; before it plays, the standby
song.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from player.ui.ops import Bars, Rect, Sheet
from player.ui.pen import Pen
from player.ui.shapes import Tile
from player.ui.text import Measure
from player.ui.theme import BOLD, EDGE, HI, INK, LINE, MID, MONO, NOW, PANEL, STANDBY, TEXT, Colour


class Wave(NamedTuple):
    """What the lane says. Frames are song time. label: whose shape it is, "" where the card tells.

    voice: None while the song is only in standby. drag: where a drag would seek to.
    """

    label: str
    voice: int | None
    begin: int
    end: int
    at: int
    drag: int | None
    marks: tuple[tuple[int, str], ...]
    empty: str  # said in place of tiles that are not there
    preview: bool


class Shape(NamedTuple):
    """The picture of a song, an operation for each tile of it: before it has played, and behind. ends: of the tiles."""

    ahead: tuple[Bars, ...]
    past: tuple[Bars, ...]
    ends: tuple[int, ...]


def shape(lane: Rect, tiles: tuple[Tile, ...], preview: bool) -> Shape:
    """These tiles in their lane."""
    ink = STANDBY if preview else NOW
    spots = [(Rect(lane.x + tile.x, lane.y, tile.w, lane.h), tile.boxes) for tile in tiles]
    return Shape(
        tuple(Bars(spot, boxes, 0, ink, EDGE) for spot, boxes in spots),
        tuple(Bars(spot, boxes, spot.w, ink, EDGE) for spot, boxes in spots),
        tuple(spot.right for spot, _ in spots),
    )


def drawing(rect: Rect, u: float) -> Rect:
    """Where the shape itself is drawn: it leaves the foot free for the time."""
    return Rect(rect.x, rect.y + round(6 * u), rect.w, rect.h - round(10 * u))


def wave(rect: Rect, u: float, measure: Measure, says: Wave, shape: Shape, clock: tuple[str, str]) -> Sheet:
    """The sheet of the lane. clock: the time at the playhead, and where the drag stands."""
    pen = Pen("wave", rect, u, measure)
    lane = drawing(rect, u)
    if not shape.ahead and (says.voice is None or says.end <= says.begin):
        _empty(pen, rect, says)
        return pen.sheet()
    head = _x(lane, says, says.at) if says.voice is not None else lane.x
    pen.add(*_played(shape, head))
    taken = [_tag(pen, lane, says)] if says.label and says.drag is None else []
    _marks(pen, lane, says, taken)
    if says.voice is None:
        return pen.sheet()
    pen.hit(rect, "wave", says.voice)
    _line(pen, rect, head, clock[0], HI, INK)
    if says.drag is not None:
        _line(pen, rect, _x(lane, says, says.drag), clock[1], STANDBY, INK, top=True)
    if not shape.ahead:
        _empty(pen, rect, says)
    return pen.sheet()


def _played(shape: Shape, head: int) -> list[Bars]:
    """The shape, played up to a pixel: only the tile that holds it is not as it stood there before."""
    over = bisect_right(shape.ends, head)
    tiles = [*shape.past[:over], *shape.ahead[over:]]
    if over < len(tiles):
        tiles[over] = tiles[over]._replace(split=max(0, head - tiles[over].rect.x))
    return tiles


def _empty(pen: Pen, rect: Rect, says: Wave) -> None:
    """Why there is no shape; no line goes through the words."""
    x, y = rect.mid
    wide = min(pen.width(says.empty, TEXT, 16) + pen.q(16), rect.w)
    high = pen.q(22)
    pen.fill(Rect(x - wide // 2, y - high // 2, wide, high), PANEL)
    pen.text(x, y, says.empty, TEXT, 16, MID, align=0.5, room=wide)


def frame_at(rect: Rect, u: float, begin: int, end: int, x: int) -> int:
    """The frame of the song under a pixel of the lane."""
    lane = drawing(rect, u)
    part = min(max(x - lane.x, 0), lane.w)
    return begin + (end - begin) * part // max(1, lane.w)


def _x(lane: Rect, says: Wave, frame: int) -> int:
    span = max(1, says.end - says.begin)
    return lane.x + (min(max(frame, says.begin), says.end) - says.begin) * (lane.w - 1) // span


def _line(pen: Pen, rect: Rect, x: int, label: str, ground: Colour, ink: Colour, *, top: bool = False) -> None:
    """A line over the lane with the time in a tab at its foot or head."""
    thick = max(2, pen.q(2))
    high, wide = pen.q(18), pen.width(label, MONO, 14) + pen.q(12)
    left = min(max(x - wide // 2, rect.x), rect.right - wide)
    y = rect.y if top else rect.bottom - high
    left_line = min(max(x - thick // 2, rect.x), rect.right - thick)
    pen.fill(Rect(left_line, rect.y, thick, rect.h), ground)
    pen.fill(Rect(left, y, wide, high), ground, 3)
    pen.text(left + wide // 2, y + high // 2, label, MONO, 14, ink, align=0.5, room=wide)


def _tag(pen: Pen, lane: Rect, says: Wave) -> Rect:
    """Whose shape it is, where that is not plain."""
    ink = STANDBY if says.voice is None or says.preview else HI
    wide = min(pen.width(says.label, BOLD, 13) + pen.q(16), lane.w)
    spot = Rect(lane.x, lane.y, wide, pen.q(20))
    pen.fill(spot, PANEL, 3)
    pen.text(spot.x + pen.q(4), spot.mid[1], says.label, BOLD, 13, ink, room=wide - pen.q(8))
    return spot


def _marks(pen: Pen, lane: Rect, says: Wave, taken: list[Rect]) -> None:
    """The song's own marks; a label that would cover another is left out."""
    marks = [(at, _x(lane, says, at), text) for at, text in says.marks if says.begin <= at < says.end]
    past = [says.voice is not None and at <= says.at for at, _, _ in marks]
    for gone, (_, x, _) in zip(past, marks, strict=True):
        pen.fill(Rect(x, lane.y, max(1, pen.q(2)), lane.h), LINE if gone else HI)
    for gone, (_, x, text) in zip(past, marks, strict=True):
        wide = pen.width(text, BOLD, 13) + pen.q(12)
        spot = Rect(x, lane.y, wide, pen.q(19))
        covers = any(spot.grown(pen.q(2)).meets(other) for other in taken)
        if covers or says.drag is not None or spot.right > lane.right:
            continue
        taken.append(spot)
        pen.fill(spot, LINE if gone else HI, 2)
        pen.text(x + pen.q(6), spot.mid[1], text, BOLD, 13, HI if gone else INK, room=wide)
