"""Writes one sheet: turns points into pixels, measures text, keeps it inside."""

from __future__ import annotations

from player.ui import text as words
from player.ui.ops import Fill, Hit, Icon, Op, Rect, Sheet, Spot, Text
from player.ui.text import Measure
from player.ui.theme import BOLD, HI, LINE, RAISE2, Colour, Face

SMALLEST = 9  # pixels: an em below this is no text


class Pen:
    """Collects the operations of one sheet. `u` is the size of a point in pixels; positions are pixels."""

    def __init__(self, name: str, rect: Rect, u: float, measure: Measure) -> None:
        self.name = name
        self.rect = rect
        self.u = u
        self.ops: list[Op] = []
        self.hits: list[Hit] = []
        self._measure = measure

    def q(self, points: float) -> int:
        """Points in whole pixels."""
        return round(points * self.u)

    def sheet(self) -> Sheet:
        return Sheet(self.name, self.rect, tuple(self.ops), tuple(self.hits))

    def add(self, *ops: Op) -> None:
        self.ops += ops

    def hit(self, rect: Rect, what: str, value: int | str = 0, spot: Spot | None = None) -> None:
        self.hits.append(Hit(rect, what, value, spot))

    def em(self, size: float) -> int:
        return max(self.q(size), SMALLEST)

    def width(self, text: str, face: Face, size: float, track: float = 0) -> int:
        """How wide a line of `size` points is, in pixels."""
        return self._measure(words.clean(text), face, self.em(size), self.q(track))

    def fill(self, rect: Rect, colour: Colour, radius: float = 0) -> None:
        if rect.w > 0 and rect.h > 0:
            self.ops.append(Fill(rect, colour, self.q(radius)))

    def box(self, rect: Rect, colour: Colour, edge: Colour, width: float = 1, radius: float = 8) -> None:
        """A panel with an edge of `width` points."""
        self.ops.append(Fill(rect, colour, self.q(radius), edge, max(1, self.q(width))))

    def icon(self, x: int, y: int, size: float, name: str, colour: Colour) -> None:
        """A sign of `size` points with its centre at (x, y)."""
        px = max(5, self.q(size))
        self.ops.append(Icon(Rect(x - px // 2, y - px // 2, px, px), name, colour))

    def text(
        self,
        x: int,
        middle: int,
        text: str,
        face: Face,
        size: float,
        colour: Colour,
        *,
        align: float = 0,
        room: int | None = None,
        track: float = 0,
    ) -> int:
        """One line whose capitals are centred on `middle`; returns its width in pixels.

        align: 0 begins at x, 0.5 is centred on it, 1 ends there. What does not fit `room`, by default the
        rest of the sheet, ends with an ellipsis.
        """
        px, tracked = self.em(size), self.q(track)
        if room is None:
            room = (self.rect.right - x, self.rect.w, x - self.rect.x)[round(align * 2)]
        shown = words.fitted(words.clean(text), room, lambda part: self._measure(part, face, px, tracked))
        if not shown.strip():
            return 0
        wide = self._measure(shown, face, px, tracked)
        left = x - round(align * wide)
        base = middle + round(face.cap * px / 2)
        around = Rect(left - px // 4, base - round(px * 1.25), wide + px // 2, round(px * 1.8))
        self.ops.append(Text(around.cut(self.rect), left, base, wide, shown, face, px, colour, tracked))
        return wide

    def lines(self, text: str, face: Face, size: float, room: int, most: int, *, even: bool = False) -> tuple[str, ...]:
        """`text` in at most `most` lines of `room` pixels; `even`: of like length."""
        px = self.em(size)
        breaker = words.balanced if even else words.lines
        joined = words.clean(" ".join(text.split()))
        return breaker(joined, room, most, lambda part: self._measure(part, face, px, 0))

    def keycap(self, x: int, middle: int, label: str, size: float = 13) -> int:
        """A keycap with its left edge at `x`; returns its width in pixels."""
        wide = max(self.width(label, BOLD, size) + 2 * self.q(size * 0.5), self.q(size * 1.8))
        high = self.q(size * 1.65)
        self.box(Rect(x, middle - high // 2, wide, high), RAISE2, LINE, 1, 4)
        self.text(x + wide // 2, middle, label, BOLD, size, HI, align=0.5, room=wide)
        return wide

    def keycaps(self, x: int, middle: int, labels: tuple[str, ...], size: float = 13) -> int:
        """Keycaps side by side; returns their width in pixels."""
        start = x
        for label in labels:
            x += self.keycap(x, middle, label, size) + self.q(5)
        return max(0, x - start - self.q(5))

    def keycaps_width(self, labels: tuple[str, ...], size: float = 13) -> int:
        """The width `keycaps` would take."""
        each = (max(self.width(label, BOLD, size) + 2 * self.q(size * 0.5), self.q(size * 1.8)) for label in labels)
        return sum(each) + self.q(5) * max(0, len(labels) - 1)


def headline(
    pen: Pen, text: str, face: Face, wide: int, high: float, largest: float
) -> tuple[float, tuple[str, ...]]:
    """The largest size and the lines at which `text` stands in `wide` pixels and `high` points."""
    most = 3 if high > 90 else 2
    best: tuple[float, tuple[str, ...]] | None = None
    for count in range(1, most + 1):
        size = min(largest if count == 1 else largest * 0.9, high / (0.84 + 0.93 * (count - 1)))
        while size >= 26:
            lines = pen.lines(text, face, size, wide, count, even=True)
            if lines and not _broken(lines, text):
                if best is None or size > best[0] * 1.25:
                    best = (size, lines)
                break
            size *= 0.94
    if best:
        return best
    size = min(44.0, high / (0.84 + 0.93 * (most - 1)))
    return size, pen.lines(text, face, size, wide, most)


def _broken(lines: tuple[str, ...], text: str) -> bool:
    return "".join("".join(lines).split()) != "".join(text.split())
