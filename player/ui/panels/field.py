"""A text field: what is seen of its text, the selection, what is being composed, the caret."""

from __future__ import annotations

from player.ui import box
from player.ui.fields import Field
from player.ui.ops import Rect, Spot
from player.ui.pen import Pen
from player.ui.theme import CHOSEN, HI, STANDBY, Colour, Face

LEADING = 1.45  # from line to line, in ems


def lines(pen: Pen, of: Field, room: int, most: int, face: Face, size: float) -> int:
    """How many lines, at most so many, the text takes."""
    return len(box.shown(of, room, most, lambda text: pen.width(text, face, size)).lines)


def height(count: int, size: float) -> float:
    """Points that so many lines take."""
    return size * LEADING * count


def field(
    pen: Pen,
    rect: Rect,
    of: Field,
    face: Face,
    size: float,
    *,
    most: int = 1,
    row: int = 0,
    live: bool = True,
    ink: Colour = HI,
) -> None:
    """The text inside `rect`, from its top, in at most so many lines; `live`: with its caret. row: for the mouse."""

    def width(text: str) -> int:
        return pen.width(text, face, size)

    pitch = pen.q(size * LEADING) if most > 1 else rect.h
    thick = max(2, pen.q(2))
    room = rect.w - thick
    seen = box.shown(of, room, most, width)
    pen.hit(rect, "text", row, Spot(row, rect.x, rect.y, room, most, pitch, face, pen.em(size)))
    first, last = seen.marked
    high = min(pitch, pen.q(size * 1.35))
    for number, (start, end) in enumerate(seen.lines):
        middle = rect.y + pitch * number + pitch // 2
        low, top = max(start, first), min(end, last)
        if live and low < top:
            left = rect.x + width(seen.text(start, low))
            wide = min(width(seen.text(low, top)), rect.right - left)
            if of.composing:
                pen.fill(Rect(left, middle + high // 2 - thick, wide, thick), STANDBY)
            else:
                pen.fill(Rect(left, middle - high // 2, wide, high), CHOSEN)
        pen.text(rect.x, middle, seen.text(start, end).rstrip(), face, size, ink, room=rect.w)
    if live:
        line, place = seen.caret
        middle = rect.y + pitch * line + pitch // 2
        x = min(rect.x + width(seen.text(seen.lines[line][0], place)), rect.right - thick)
        spot = Rect(x, middle - high // 2, thick, high)
        pen.fill(spot, STANDBY)
        pen.hit(spot, "caret")
