"""Bottom line: the keys that matter now, and the sound device; for a moment, an answer to a key."""

from __future__ import annotations

from typing import NamedTuple

from player.ui.ops import Rect, Sheet
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import BOLD, DIM, HI, MID, NOW, TEXT, TROUBLE


class Hint(NamedTuple):
    """Keycaps, what they do, and the command a press of the mouse runs. Where room is short, the hints of
    little `weight` stay."""

    caps: tuple[str, ...]
    words: str
    command: str
    weight: int = 0


class Footer(NamedTuple):
    """What the line says. `notice` takes the place of the hints."""

    hints: tuple[Hint, ...]
    notice: str
    device: str
    silent: bool
    sounding: bool
    busy: str = ""  # what goes on in the background
    unsaved: str = ""  # how many edits are not saved, and the key that saves them
    save: tuple[str, ...] = ()


def footer(rect: Rect, u: float, measure: Measure, says: Footer) -> Sheet:
    """The sheet of the bottom line."""
    pen = Pen("footer", rect, u, measure)
    middle = rect.y + rect.h // 2 + pen.q(1)
    right = rect.right - pen.q(8)
    if says.device:
        ink = TROUBLE if says.silent else MID
        wide = pen.text(right, middle, says.device, TEXT, 14.5, ink, align=1, room=min(rect.w // 3, pen.q(300)))
        right -= wide + pen.q(16)
        icon = "alert" if says.silent else "dot-full" if says.sounding else "circle"
        pen.icon(
            right,
            middle,
            13 if says.silent else 8,
            icon,
            TROUBLE if says.silent else NOW if says.sounding else DIM,
        )
        right -= pen.q(24)
    if says.unsaved:
        right = _unsaved(pen, right, middle, says)
    if says.busy:
        right = _busy(pen, right, middle, says.busy)
    x = rect.x + pen.q(8)
    if says.notice:
        pen.text(x, middle, says.notice, BOLD, 16, HI, room=right - x)
        return pen.sheet()
    for hint in _fitting(pen, says.hints, right - x):
        wide = _width(pen, hint)
        caps = pen.keycaps(x, middle, hint.caps)
        pen.text(x + caps + pen.q(8), middle, hint.words, TEXT, 14.5, MID)
        if hint.command:
            what = ("close", 0) if hint.command == "close" else ("command", hint.command)
            pen.hit(Rect(x, rect.y, wide, rect.h), *what)
        x += wide + pen.q(20)
    return pen.sheet()


def _unsaved(pen: Pen, right: int, middle: int, says: Footer) -> int:
    """How many edits are not saved, right-aligned; returns where that begins."""
    rect = pen.rect
    wide = pen.width(says.unsaved, BOLD, 14.5) + pen.q(10)
    caps = pen.keycaps_width(says.save) if right - rect.x > pen.q(520) else 0
    x = right - wide - caps - (pen.q(8) if caps else 0)
    if x < rect.x + pen.q(120):
        return right
    pen.hit(Rect(x, rect.y, right - x, rect.h), "command", "write-save")
    pen.icon(x, middle, 8, "dot-full", HI)
    pen.text(x + pen.q(10), middle, says.unsaved, BOLD, 14.5, HI)
    if caps:
        pen.keycaps(right - caps, middle, says.save)
    return x - pen.q(24)


def _busy(pen: Pen, right: int, middle: int, words: str) -> int:
    """What goes on in the background, right-aligned; a press stops what can be stopped. Returns where that begins."""
    room = min(pen.q(260), (right - pen.rect.x) // 2)
    wide = pen.text(right, middle, words, TEXT, 14.5, MID, align=1, room=room)
    x = right - wide - pen.q(14)
    pen.icon(x, middle, 11, "auto", MID)
    pen.hit(Rect(x - pen.q(8), pen.rect.y, right - x + pen.q(8), pen.rect.h), "command", "library-stop")
    return x - pen.q(24)


def _width(pen: Pen, hint: Hint) -> int:
    return pen.keycaps_width(hint.caps) + pen.q(8) + pen.width(hint.words, TEXT, 14.5)


def _fitting(pen: Pen, hints: tuple[Hint, ...], room: int) -> list[Hint]:
    """The weightiest hints that fit, in their own order."""
    kept: list[Hint] = []
    for hint in sorted(hints, key=lambda each: each.weight):
        wide = _width(pen, hint)
        if wide <= room:
            kept.append(hint)
            room -= wide + pen.q(20)
    return [hint for hint in hints if hint in kept]
