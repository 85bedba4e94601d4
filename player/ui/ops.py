"""Draw operations: what the view says and the painter does. Plain, hashable values, in pixels.

`rect` bounds every pixel an operation may touch; the painter clips to it, so a repaint of what changed is
exact. A trailing `kind` keeps operations of different types from being equal.
"""

from __future__ import annotations

from typing import NamedTuple, Union

from player.ui.theme import Colour, Face


class Rect(NamedTuple):
    """Left, top, width, height; the right and bottom edges are outside."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        return self.x + self.w

    @property
    def bottom(self) -> int:
        return self.y + self.h

    @property
    def mid(self) -> tuple[int, int]:
        return self.x + self.w // 2, self.y + self.h // 2

    def grown(self, by: int) -> Rect:
        """The same centre, every side `by` further out."""
        return Rect(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def holds(self, x: int, y: int) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom

    def meets(self, other: Rect) -> bool:
        """Whether the two share a pixel."""
        x, y, w, h = self
        left, top, wide, high = other
        return x < left + wide and left < x + w and y < top + high and top < y + h

    def within(self, other: Rect) -> bool:
        return self.x >= other.x and self.y >= other.y and self.right <= other.right and self.bottom <= other.bottom

    def cut(self, other: Rect) -> Rect:
        """What both hold; of no size where they do not meet."""
        x, y, w, h = self
        left, top, wide, high = other
        x1, y1, x2, y2 = max(x, left), max(y, top), min(x + w, left + wide), min(y + h, top + high)
        return Rect(x1, y1, max(0, x2 - x1), max(0, y2 - y1))


class Fill(NamedTuple):
    """A rectangle with round corners; `edge` is drawn inside it, `width` pixels wide."""

    rect: Rect
    colour: Colour
    radius: int = 0
    edge: Colour | None = None
    width: int = 0
    kind: str = "fill"


class Text(NamedTuple):
    """One line of text from `x` on the baseline `base`, `wide` pixels long. `px` is the em, `track` the
    pixels added after each letter."""

    rect: Rect
    x: int
    base: int
    wide: int
    text: str
    face: Face
    px: int
    colour: Colour
    track: int = 0
    kind: str = "text"

    @property
    def ink(self) -> Rect:
        """Where the letters stand, accents and descenders of Latin included."""
        top = self.base - round(self.px * (self.face.cap + 0.02))
        return Rect(self.x, top, self.wide, self.base + round(self.px * 0.2) - top)


class Icon(NamedTuple):
    """A sign of the house in a square."""

    rect: Rect
    name: str
    colour: Colour
    kind: str = "icon"


class Ring(NamedTuple):
    """The leader ring: `part` of `whole` is left, drawn back from the top. `sweep`: shade what is left."""

    rect: Rect
    part: int
    whole: int
    colour: Colour
    sweep: bool
    kind: str = "ring"


class Bars(NamedTuple):
    """A stretch of a waveform or a piano roll: boxes (x, y, w, h) from the rect's corner; those, or the
    parts, left of `split` are in `before`."""

    rect: Rect
    boxes: tuple[tuple[int, int, int, int], ...]
    split: int
    before: Colour
    after: Colour
    kind: str = "bars"


class Dots(NamedTuple):
    """Boxes of `size` in a row, one every `pitch` pixels: perforations of film, a dashed line."""

    rect: Rect
    size: tuple[int, int]
    pitch: int
    radius: int
    colour: Colour
    kind: str = "dots"


class Backdrop(NamedTuple):
    """Soft pools of light with grain, darker on the left where the text stands. `seed` gives the hues."""

    rect: Rect
    seed: str
    radius: int
    kind: str = "backdrop"


class Photo(NamedTuple):
    """A picture the painter was given under this name, its middle where it is larger. `state` tells one picture of
    a film from the next."""

    rect: Rect
    name: str
    state: int = 0
    kind: str = "photo"


class Veil(NamedTuple):
    """A colour that lets little through below and left of the corner (`right`, `top`), more and more above it and to
    its right. Both count from the rect's corner."""

    rect: Rect
    colour: Colour
    right: int
    top: int
    kind: str = "veil"


class Shade(NamedTuple):
    """Darkens what lies below: `share` of 255."""

    rect: Rect
    share: int
    kind: str = "shade"


Op = Union[Fill, Text, Icon, Ring, Bars, Dots, Backdrop, Photo, Veil, Shade]  # noqa: UP007  (a type at run time)


class Spot(NamedTuple):
    """Where the text of a field stands: `most` lines of `room` pixels from (x, y), `pitch` apart. row: which field."""

    row: int
    x: int
    y: int
    room: int
    most: int
    pitch: int
    face: Face
    px: int


class Hit(NamedTuple):
    """What a press of the mouse inside `rect` means: `what` names it, `value` says which."""

    rect: Rect
    what: str
    value: int | str = 0
    spot: Spot | None = None


class Sheet(NamedTuple):
    """Operations that change together, in drawing order, none of them outside `rect`."""

    name: str
    rect: Rect
    ops: tuple[Op, ...]
    hits: tuple[Hit, ...] = ()


Screen = tuple[Sheet, ...]
