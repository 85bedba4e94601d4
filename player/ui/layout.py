"""Where the panels are, for any window and any size of text."""

from __future__ import annotations

from typing import NamedTuple

from player.ui.ops import Rect

SMALL = (1125, 632)  # points that still hold the whole screen; a smaller window makes the points smaller
FLOOR = (640, 360)  # text is never so large that fewer points than these are left
LEAST = 0.64  # pixels of a point: smaller letters are none
GUTTER = 12


class Layout(NamedTuple):
    """Panels in pixels; `u` is the size of a point. A panel that has no room is None."""

    u: float
    size: tuple[int, int]
    header: Rect
    banner: Rect | None
    list: Rect | None
    card: Rect
    next: Rect
    lower: Rect | None  # strip and wave stand in it
    strip: Rect | None
    wave: Rect | None
    footer: Rect
    tally: Rect | None = None  # of a set, below its list
    sheet: Rect | None = None  # of a song, beside the card


def point(size: tuple[int, int], zoom: int) -> float:
    """The size of a point in pixels."""
    wide, high = size
    fit = max(min(wide / 1280, high / 720), min(0.8, wide / SMALL[0], high / SMALL[1]))
    return min(max(fit * zoom / 100, LEAST), wide / FLOOR[0], high / FLOOR[1])


def layout(size: tuple[int, int], zoom: int, banner: float = 0, strip: bool = True) -> Layout:
    """The panels of a window of `size` pixels with text at `zoom` per cent; `banner` is its height in
    points. strip: whether there is to be one.
    """
    u = point(size, zoom)
    wide, high = size[0] / u, size[1] / u

    def rect(x: float, y: float, right: float, bottom: float) -> Rect:
        left, top = round(x * u), round(y * u)
        return Rect(left, top, round(right * u) - left, round(bottom * u) - top)

    head, foot = 48.0, 50.0 if high >= 560 else 40.0
    top = head + (banner + 8 if banner else 0)
    lower, wave = _lower(high - top - foot) if strip else (0.0, 0.0)
    bottom = high - foot
    next_high = 72.0 if high >= 480 else 58.0
    middle = bottom - (lower + GUTTER if lower else 0)
    left = _list(wide)
    card_x = GUTTER + left + GUTTER if left else GUTTER
    right = wide - GUTTER
    next_y = middle - next_high
    strip_y = bottom - lower
    return Layout(
        u,
        size,
        rect(GUTTER, 0, right, head),
        rect(GUTTER, head, right, head + banner) if banner else None,
        rect(GUTTER, top, GUTTER + left, middle) if left else None,
        rect(card_x, top, right, next_y - GUTTER),
        rect(card_x, next_y, right, middle),
        rect(GUTTER, strip_y, right, bottom) if lower else None,
        rect(2 * GUTTER, strip_y + 4, right - GUTTER, strip_y + 88) if lower else None,
        rect(2 * GUTTER, strip_y + 88, right - GUTTER, bottom - 8) if wave else None,
        rect(GUTTER, bottom, right, high),
    )


def with_tally(where: Layout, high: float) -> Layout:
    """A panel of `high` points below the list, where the list keeps room for four rows."""
    if where.list is None:
        return where
    tall, gap = round(high * where.u), round(8 * where.u)
    rest = where.list.h - tall - gap
    if rest < 190 * where.u:
        return where
    tally = Rect(where.list.x, where.list.bottom - tall, where.list.w, tall)
    return where._replace(list=where.list._replace(h=rest), tally=tally)


def with_sheet(where: Layout) -> Layout:
    """The card makes room for a sheet on its right, where both can be read."""
    wide = where.card.w / where.u
    if wide < 640 or where.card.h / where.u < 170:
        return where
    gap = round(GUTTER * where.u)
    right = round(min(wide * 0.47, 620.0) * where.u)
    card = where.card._replace(w=where.card.w - right - gap)
    return where._replace(card=card, sheet=Rect(card.right + gap, card.y, right, card.h))


def _lower(room: float) -> tuple[float, float]:
    """Height of the strip's panel and of the wave within it, from the height between header and footer."""
    if room < 330:
        return 0, 0
    if room < 460:
        return 96, 0
    wave = 96 + min(140.0, max(0.0, (room - 622) * 0.3))
    return 92 + wave, wave


def _list(wide: float) -> float:
    """Width of the list; a narrow screen does without."""
    if wide < 700:
        return 0
    return min(max(wide * 0.278, 330 if wide >= 900 else 296), 440)
