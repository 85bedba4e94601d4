"""What GO will do."""

from __future__ import annotations

from typing import NamedTuple

from player.ui.ops import Rect, Sheet
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import BOLD, DISPLAY, HI, INK, MID, RAISE, STANDBY, STANDBY_BG, TEXT, TITLE, TROUBLE, Colour


class Next(NamedTuple):
    """What the panel says. `until`: time to the next GO hands-free, "" where nobody can tell."""

    number: str
    title: str
    words: str
    mark: str  # icon before the words: a stand-in, silence
    end: bool
    flash: bool
    ignored: str
    until: str
    key: tuple[str, ...]
    note: str = ""  # what the cue's own note tells the operator
    gone: str = ""  # what goes out because of it


def next_panel(rect: Rect, u: float, measure: Measure, says: Next) -> Sheet:
    """The sheet of the panel; a press on it is GO."""
    pen = Pen("next", rect, u, measure)
    ground: Colour = STANDBY if says.flash else RAISE if says.end else STANDBY_BG
    bright, plain, tint = (INK, INK, INK) if says.flash else (HI, MID, STANDBY if not says.end else MID)
    pen.box(rect, ground, MID if says.end else STANDBY, 2, 8)
    pen.hit(rect, "go")
    middle = rect.y + rect.h // 2
    pen.icon(rect.x + pen.q(32), middle, 20, "end" if says.end else "diamond", tint)
    right = rect.right - pen.q(28)
    caps = pen.keycaps_width(says.key)
    if says.key and rect.w > pen.q(300) and not says.flash:
        pen.keycaps(right - caps, middle, says.key)
        right -= caps + pen.q(17)
    if says.until and not says.flash:
        wide = pen.text(right, middle, says.until, TITLE, min(48, rect.h / u * 0.66), tint, align=1)
        right -= wide + pen.q(12)
        right -= pen.text(right, middle + pen.q(3), "in", TEXT, 18, plain, align=1) + pen.q(14)
    x = rect.x + pen.q(56)
    y1, y2 = rect.y + round(rect.h * 0.29), rect.y + round(rect.h * 0.64)
    label = "END" if says.end else f"NEXT  {says.number}"
    wide = pen.text(x, y1, label, BOLD, 13.5, tint, room=right - x, track=1.4)
    if says.ignored:
        room = right - x - wide - pen.q(18)
        pen.text(x + wide + pen.q(18), y1, says.ignored, BOLD, 13.5, bright, room=max(0, room))
    elif says.note:
        room = right - x - wide - pen.q(18)
        pen.text(x + wide + pen.q(18), y1, says.note, TEXT, 15, bright, room=max(0, room))
    above = x + wide + pen.q(18)
    wide = pen.text(x, y2, says.title, DISPLAY, 28 if rect.h / u > 64 else 22, bright, room=right - x)
    x += wide + pen.q(16)
    if says.mark and right - x > pen.q(90):
        mark_ink = TROUBLE if says.mark == "alert" and not says.flash else plain
        pen.icon(x + pen.q(7), y2 + pen.q(1), 13, says.mark, mark_ink)
        x += pen.q(22)
    if right - x > pen.q(60):
        size = 20 if rect.h / u > 64 else 16
        both = ", ".join(part for part in (says.gone, says.words) if part)
        apart = bool(says.gone and says.words) and pen.width(both, TEXT, size) > right - x
        words = f"{says.words}, {says.gone}" if apart else both  # where one is cut, what starts is said first
        if apart and not says.ignored and not says.note and right - above > pen.q(60):
            pen.text(above, y1, says.gone, TEXT, 15, plain, room=right - above)
            words = says.words
        pen.text(x, y2 + pen.q(1), words, TEXT, size, plain, room=right - x)
    return pen.sheet()
