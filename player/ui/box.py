"""Where the text of a field stands in its box: lines, the part that is seen, the caret, and what the mouse meant.

Places count clusters, as in `fields`. A field of one line scrolls to its caret, one of several wraps and scrolls
by lines. Pure: the same field in the same room always shows the same part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from player.ui.fields import Field
from player.ui.text import clusters

Width = Callable[[str], int]
JUMP = 12  # clusters: a long line scrolls in steps, so that the caret has room to move in


class Shown(NamedTuple):
    """The text with what is being composed in it, and how much of it is seen.

    lines: [first, last) places of the lines on screen. caret: its line among those, and its place in the text.
    marked: the selection, or what is being composed. above, below: whether there is more.
    """

    parts: tuple[str, ...]
    lines: tuple[tuple[int, int], ...]
    caret: tuple[int, int]
    marked: tuple[int, int]
    above: bool
    below: bool

    def text(self, first: int, last: int) -> str:
        return "".join(self.parts[first:last])


def shown(field: Field, room: int, most: int, width: Width) -> Shown:
    """What of a field is seen in `most` lines of `room` pixels."""
    parts, caret, marked = _composed(field)
    if most <= 1:
        first, last = _part(parts, caret, room, width)
        return Shown(parts, ((first, last),), (0, caret), marked, first > 0, last < len(parts))
    lines = wrapped(parts, room, width)
    line = max(i for i, (first, _) in enumerate(lines) if first <= caret)
    top = max(0, min(line - most + 1 + (line < len(lines) - 1), len(lines) - most))
    seen = tuple(lines[top : top + most])
    return Shown(parts, seen, (line - top, caret), marked, top > 0, top + most < len(lines))


def _composed(field: Field) -> tuple[tuple[str, ...], int, tuple[int, int]]:
    first, last = field.span
    if not field.composing:
        return field.parts, field.caret, (first, last)
    inside = clusters(field.composing)
    parts = field.parts[:first] + inside + field.parts[last:]
    return parts, first + len(inside), (first, first + len(inside))


def _part(parts: tuple[str, ...], caret: int, room: int, width: Width) -> tuple[int, int]:
    """The part of one line that holds the caret."""
    if width("".join(parts)) <= room:
        return 0, len(parts)
    first = 0
    while first < caret and width("".join(parts[first:caret])) > room - room // 16:
        first = min(caret, first + JUMP)
    return first, first + _fitting(parts[first:], room, width)


def _fitting(parts: tuple[str, ...], room: int, width: Width) -> int:
    """How many clusters fit."""
    low, high = 0, len(parts)
    while low < high:
        half = (low + high + 1) // 2
        if width("".join(parts[:half])) <= room:
            low = half
        else:
            high = half - 1
    return low


def wrapped(parts: tuple[str, ...], room: int, width: Width) -> list[tuple[int, int]]:
    """The lines of a text, broken at its own breaks, and after spaces where that can be; at least one."""
    lines: list[tuple[int, int]] = []
    first = 0
    while True:
        fits = max(1, _fitting(parts[first:], room, width))
        hard = next((i for i in range(first, min(first + fits + 1, len(parts))) if parts[i] == "\n"), None)
        if hard is not None:
            lines.append((first, hard + 1))
            first = hard + 1
            continue
        if first + fits >= len(parts):
            return [*lines, (first, len(parts))]
        last = first + fits
        space = next((i for i in range(last, first, -1) if parts[i - 1] == " "), 0)
        if parts[last] == " ":
            space = last + 1  # the space itself may hang over the edge
        last = space or last
        lines.append((first, last))
        first = last


def place(view: Shown, line: int, x: int, width: Width) -> int:
    """The place nearest to `x` pixels into a line on screen."""
    first, last = view.lines[min(max(line, 0), len(view.lines) - 1)]
    count = _fitting(view.parts[first:last], max(0, x), width)
    if first + count < last:
        before = width(view.text(first, first + count))
        after = width(view.text(first, first + count + 1))
        count += x - before > after - x
    place = first + count
    hangs = last > first and (view.parts[last - 1] == "\n" or (view.parts[last - 1] == " " and last < len(view.parts)))
    return place - 1 if place == last and hangs else place


def step(field: Field, by: int, room: int, width: Width) -> int | None:
    """The place a line above or below the caret of a wrapped field; None from the first or last line."""
    lines = wrapped(field.parts, room, width)
    line = max(i for i, (first, _) in enumerate(lines) if first <= field.caret)
    if not 0 <= line + by < len(lines):
        return None
    x = width("".join(field.parts[lines[line][0] : field.caret]))
    view = Shown(field.parts, tuple(lines), (0, 0), (0, 0), False, False)
    return place(view, line + by, x, width)
