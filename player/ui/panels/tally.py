"""The foot of a set's list: what is left, when it ends, and what to skip."""

from __future__ import annotations

from typing import Final

from player.ui.evening import Tally
from player.ui.ops import Rect, Sheet
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import DIM, DISPLAY, HI, LINE, MID, PANEL, TEXT, TROUBLE, Colour

HIGH: Final = 96.0  # points


def tally(rect: Rect, u: float, measure: Measure, says: Tally) -> Sheet:
    """The sheet: three figures, and below them one or two lines."""
    pen = Pen("tally", rect, u, measure)
    pen.fill(rect, PANEL, 8)
    pad, top = pen.q(16), rect.y + pen.q(15)
    room = rect.w - 2 * pad
    figures = (("LEFT", says.left), ("ENDS", says.ends), (says.songs.upper(), says.total))
    for place, (word, number) in enumerate(figures):
        x = rect.x + pad + (0, round(room * 0.5), room)[place]
        align = (0.0, 0.5, 1.0)[place]
        pen.text(x, top, word, TEXT, 11.5, DIM, align=align, track=1.4)
        pen.text(x, top + pen.q(19), number, DISPLAY, 23, MID if place == 2 else HI, align=align)
    pen.fill(Rect(rect.x + pad, rect.y + pen.q(50), room, max(1, pen.q(1))), LINE)
    ink: Colour = TROUBLE if says.late else HI if says.planned else DIM
    icon = "alert" if says.late else "check" if says.planned else "clock"
    lines = pen.lines(says.advice, TEXT, 13.5, room - pen.q(20), 2)
    middle = rect.y + pen.q(73 if len(lines) < 2 else 64)
    if lines:
        pen.icon(rect.x + pad + pen.q(6), middle, 12, icon, ink)
    for line in lines:
        pen.text(rect.x + pad + pen.q(20), middle, line, TEXT, 13.5, ink, room=room - pen.q(20))
        middle += pen.q(18)
    return pen.sheet()
