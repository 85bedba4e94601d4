"""Palette, type and the sizes everything else is built from. Colour means state, and only state.

Sizes are points on a 1280x720 grid; one point is `u` pixels (see layout). Contrast figures are WCAG 2 ratios,
held by a test on painted pixels.
"""

from __future__ import annotations

from typing import Final, NamedTuple

Colour = tuple[int, int, int]

BG: Final[Colour] = (0x0B, 0x0A, 0x0C)
PANEL: Final[Colour] = (0x13, 0x12, 0x15)
RAISE: Final[Colour] = (0x1D, 0x1B, 0x20)
RAISE2: Final[Colour] = (0x29, 0x26, 0x2C)
LINE: Final[Colour] = (0x34, 0x30, 0x38)
EDGE: Final[Colour] = (0x6E, 0x69, 0x63)  # 3:1 on PANEL: an edge that carries meaning
HI: Final[Colour] = (0xF5, 0xF0, 0xE8)
MID: Final[Colour] = (0xBD, 0xB6, 0xAC)
DIM: Final[Colour] = (0x8E, 0x87, 0x7F)  # 5.3:1 on PANEL; too weak on RAISE2 and NOW_BG
NOW: Final[Colour] = (0xFF, 0xB2, 0x24)
NOW_BG: Final[Colour] = (0x2E, 0x22, 0x10)
STANDBY: Final[Colour] = (0x62, 0xBE, 0xFF)
STANDBY_BG: Final[Colour] = (0x10, 0x22, 0x2F)
CHOSEN: Final[Colour] = (0x1F, 0x45, 0x5E)  # behind selected text
TROUBLE: Final[Colour] = (0xFF, 0x7A, 0x66)
TROUBLE_BG: Final[Colour] = (0x35, 0x16, 0x12)
INK: Final[Colour] = (0x14, 0x10, 0x06)  # on NOW, STANDBY and HI


class Face(NamedTuple):
    """A typeface by its role. `cap` is the height of its capitals in ems."""

    name: str
    cap: float


TITLE: Final = Face("title", 0.70)
DISPLAY: Final = Face("display", 0.727)
BOLD: Final = Face("bold", 0.727)
TEXT: Final = Face("text", 0.727)
MONO: Final = Face("mono", 0.73)
FACES: Final = (TITLE, DISPLAY, BOLD, TEXT, MONO)


TAGS: Final[dict[str, Colour]] = {  # what a person marks rows with: paler than the colours of state
    "red": (0xB8, 0x5A, 0x5E), "orange": (0xB5, 0x7D, 0x52), "yellow": (0xAD, 0x9D, 0x5C), "green": (0x6A, 0x9A, 0x66),
    "teal": (0x55, 0x98, 0x92), "blue": (0x5F, 0x82, 0xB0), "purple": (0x8E, 0x76, 0xB4), "pink": (0xB5, 0x74, 0x98),
    "grey": (0x8A, 0x86, 0x84),
}  # fmt: skip


def tag(colour: str) -> Colour:
    """A name of TAGS or `#rrggbb` as a mark on PANEL: dulled, and lightened where it would drown there."""
    if colour in TAGS:
        return TAGS[colour]
    value = int(colour[1:], 16)
    dull = mixed((value >> 16, value >> 8 & 255, value & 255), RAISE2, 0.6)
    return next(ink for share in range(11) if contrast(ink := mixed(HI, dull, share / 10), PANEL) >= 3)


def contrast(one: Colour, other: Colour) -> float:
    """The WCAG 2 contrast ratio of two colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(value / 255) for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of `one` over the rest of `other`."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue
