"""Operations to pixels, and only those pixels that changed. Main thread only.

Every operation draws the same pixels whatever the clip, so repainting what changed gives, byte for byte, the
picture a full repaint gives: a test holds that.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import pygame

from player.ui import backdrop
from player.ui.fonts import Fonts
from player.ui.icons import ICONS
from player.ui.ops import Backdrop, Bars, Dots, Fill, Icon, Op, Photo, Rect, Ring, Screen, Shade, Text, Veil
from player.ui.theme import BG, HI, LINE, MID, Colour, mixed

NEAR = 8  # pixels: places no further apart are repainted as one
MANY = 24  # more dirty places than this are repainted as one
FINE = 4  # shapes are drawn this many times larger and scaled down


class Painter:
    """Draws screens onto a surface, remembering the last one."""

    def __init__(
        self, surface: pygame.Surface, fonts: Fonts, photos: Callable[[str], pygame.Surface | None] | None = None
    ) -> None:
        """`photos` has the pictures that operations name, in the size in which they are drawn."""
        self.surface = surface
        self._fonts = fonts
        self._photos = photos
        self._last: Screen | None = None

    def reset(self, surface: pygame.Surface) -> None:
        """A new surface, or one whose pixels are lost: the next screen is drawn whole."""
        self.surface = surface
        self._last = None

    def paint(self, screen: Screen) -> list[pygame.Rect]:
        """Draw `screen`; returns the places that changed."""
        whole = Rect(0, 0, *self.surface.get_size())
        places = [whole] if self._last is None else [each.cut(whole) for each in damage(self._last, screen)]
        places = [each for each in places if each.w and each.h]
        self._last = screen
        for place in places:
            self._repaint(screen, place)
        self.surface.set_clip(None)
        return [pygame.Rect(place) for place in places]

    def _repaint(self, screen: Screen, place: Rect) -> None:
        for op, part in _seen(screen, place):
            self.surface.set_clip(part)
            self._draw(op)

    def _draw(self, op: Op) -> None:
        target = self.surface
        match op:
            case Text():
                self._fonts.draw(target, op.text, op.x, op.base, op.face, op.px, op.colour, op.track)
            case Fill():
                _fill(target, op)
            case Bars():
                _bars(target, op)
            case Icon():
                target.blit(icon(op.name, op.rect.w, op.colour), op.rect[:2])
            case Ring():
                _ring(target, op)
            case Dots():
                _dots(target, op)
            case Backdrop():
                target.blit(prepare(op), op.rect[:2])
            case Photo():
                photo = self._photos(op.name) if self._photos is not None else None
                if photo is not None:
                    x, y = op.rect.mid
                    target.blit(photo, (x - photo.get_width() // 2, y - photo.get_height() // 2))
            case Veil():
                _veil(target, op)
            case Shade():
                light = 255 - op.share
                target.fill((light, light, light), target.get_clip(), pygame.BLEND_RGB_MULT)


def _seen(screen: Screen, place: Rect) -> list[tuple[Op, tuple[int, int, int, int]]]:
    """What is to be drawn at a place, and the part of each: from the last operation on that hides all below it."""
    left, top, right, bottom = place.x, place.y, place.right, place.bottom
    found: list[tuple[Op, tuple[int, int, int, int]]] = [(Fill(place, BG), place)]
    for sheet in screen:
        x, y, w, h = sheet.rect
        if x >= right or y >= bottom or x + w <= left or y + h <= top:
            continue
        for op in sheet.ops:
            x, y, w, h = op.rect  # this runs for every operation near a change: no call, no rectangle
            x1, y1 = x if x > left else left, y if y > top else top  # noqa: FURB136
            x2, y2 = x + w if x + w < right else right, y + h if y + h < bottom else bottom  # noqa: FURB136
            if x1 < x2 and y1 < y2:
                part = x1, y1, x2 - x1, y2 - y1
                if part == place and _hides(op, part):
                    found.clear()
                found.append((op, part))
    return found


def _hides(op: Op, part: tuple[int, int, int, int]) -> bool:
    """Whether nothing below an operation is seen in this part of it."""
    if isinstance(op, Fill):
        return op.edge is None and _straight(op.rect, op.radius, part)
    return isinstance(op, Backdrop)


def damage(old: Screen, new: Screen) -> list[Rect]:
    """The places where two screens differ, few and not overlapping."""
    if [sheet.name for sheet in old] == [sheet.name for sheet in new]:
        pairs = [(one, other) for one, other in zip(old, new, strict=True) if one is not other]
        return _merged([place for one, other in pairs for place in _differences(one.ops, other.ops)])
    before = {sheet.name: sheet for sheet in old}
    after = {sheet.name: sheet for sheet in new}
    if [name for name in before if name in after] != [name for name in after if name in before]:
        return [_around([sheet.rect for sheet in (*old, *new)])]
    places = [sheet.rect for sheet in (*old, *new) if sheet.name not in before or sheet.name not in after]
    both = [(sheet.ops, after[sheet.name].ops) for sheet in old if sheet.name in after]
    return _merged(places + [place for one, other in both for place in _differences(one, other)])


def _differences(old: Sequence[Op], new: Sequence[Op]) -> list[Rect]:
    """Where it shows that these are drawn and not those: operation by operation, since where each is followed by the
    same ones as before, it shows nowhere else.
    """
    if len(old) != len(new):
        old, new = _middles(old, new)
    if len(old) != len(new):
        return [op.rect for op in (*old, *new)]
    pairs = [(one, other) for one, other in zip(old, new, strict=True) if one is not other and one != other]
    return [place for one, other in pairs for place in _moved(one, other)]


def _middles(old: Sequence[Op], new: Sequence[Op]) -> tuple[Sequence[Op], Sequence[Op]]:
    """Both without what they begin with alike, and what they end with alike."""
    shorter = min(len(old), len(new))
    first = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    last = next((i for i in range(shorter - first) if old[-1 - i] != new[-1 - i]), shorter - first)
    return old[first : len(old) - last], new[first : len(new) - last]


def _moved(old: Op, new: Op) -> Sequence[Rect]:
    """Where two operations differ. What goes on all the time changes little of what it draws."""
    match old, new:
        case Bars(), Bars() if old._replace(split=new.split) == new:
            left, right = sorted((old.split, new.split))
            return (Rect(old.rect.x + left, old.rect.y, right - left, old.rect.h),)
        case Ring(), Ring() if old._replace(part=new.part) == new:
            return (_sector(old.rect, old.part / old.whole, new.part / new.whole),)
    return old.rect, new.rect


def _sector(rect: Rect, one: float, other: float) -> Rect:
    """A place round the sector of a ring between two turns."""
    low, high = sorted((one, other))
    turns = low, high, *(quarter / 4 for quarter in range(5) if low < quarter / 4 < high)
    radius = rect.w / 2
    xs = [radius, *(radius + radius * math.sin(2 * math.pi * turn) for turn in turns)]
    ys = [radius, *(radius - radius * math.cos(2 * math.pi * turn) for turn in turns)]
    x, y = math.floor(min(xs)) - 2, math.floor(min(ys)) - 2  # edges are rounded to pixels
    return Rect(rect.x + x, rect.y + y, math.ceil(max(xs)) + 2 - x, math.ceil(max(ys)) + 2 - y).cut(rect)


def _around(places: Sequence[Rect]) -> Rect:
    x, y = min([each.x for each in places]), min([each.y for each in places])
    return Rect(x, y, max([each.right for each in places]) - x, max([each.bottom for each in places]) - y)


def _merged(places: Iterable[Rect]) -> list[Rect]:
    """The same places, with those that touch, or nearly so, joined."""
    found: list[tuple[int, int, int, int]] = []  # their edges: this runs at every picture
    for x, y, w, h in sorted({each for each in places if each.w and each.h}):
        place = x, y, x + w, y + h
        while near := [each for each in found if _near(each, place)]:
            found = [each for each in found if each not in near]
            lefts, tops, rights, bottoms = zip(place, *near, strict=True)
            place = min(lefts), min(tops), max(rights), max(bottoms)
        found.append(place)
    joined = [Rect(left, top, right - left, bottom - top) for left, top, right, bottom in found]
    return [_around(joined)] if len(joined) > MANY else joined


def _near(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = one
    return other[0] < right + NEAR and left < other[2] + NEAR and other[1] < bottom + NEAR and top < other[3] + NEAR


# ---- shapes


def _fill(target: pygame.Surface, op: Fill) -> None:
    rect, radius = op.rect, min(op.radius, op.rect.w // 2, op.rect.h // 2)
    if radius < 2 and op.edge is None:
        target.fill(op.colour, rect)
        return
    outer = op.colour if op.edge is None else op.edge
    _rounded(target, rect, radius, outer)
    if op.edge is not None:
        inner = rect.grown(-op.width)
        if inner.w > 0 and inner.h > 0:
            _rounded(target, inner, max(0, radius - op.width), op.colour)


def _straight(rect: Rect, radius: int, part: Iterable[int]) -> bool:
    """Whether a part of a rectangle holds nothing of its round corners."""
    x, y, w, h = part
    beside = x >= rect.x + radius and x + w <= rect.x + rect.w - radius
    return beside or (y >= rect.y + radius and y + h <= rect.y + rect.h - radius)


def _rounded(target: pygame.Surface, rect: Rect, radius: int, colour: Colour) -> None:
    x, y, w, h = rect
    if radius < 1 or _straight(rect, radius, target.get_clip()):
        target.fill(colour, rect)
        return
    target.fill(colour, (x + radius, y, w - 2 * radius, h))
    target.fill(colour, (x, y + radius, radius, h - 2 * radius))
    target.fill(colour, (x + w - radius, y + radius, radius, h - 2 * radius))
    disc = _disc(radius, colour)
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
        spot = x + dx * (w - radius), y + dy * (h - radius)
        target.blit(disc, spot, (dx * radius, dy * radius, radius, radius))


@lru_cache(maxsize=256)
def _disc(radius: int, colour: Colour) -> pygame.Surface:
    """A filled circle two radii wide, with a soft edge."""
    large = pygame.Surface((2 * radius * FINE, 2 * radius * FINE), pygame.SRCALPHA)
    large.fill((*colour, 0))
    pygame.draw.circle(large, (*colour, 255), (radius * FINE, radius * FINE), radius * FINE)
    return pygame.transform.smoothscale(large, (2 * radius, 2 * radius))


@lru_cache(maxsize=512)
def icon(name: str, size: int, colour: Colour) -> pygame.Surface:
    """A sign on a clear ground."""
    fine = 8
    side = size * fine
    large = pygame.Surface((side, side), pygame.SRCALPHA)
    large.fill((*colour, 0))
    solid, clear = (*colour, 255), (*colour, 0)

    def scaled(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * side, y * side) for x, y in points]

    for shape in ICONS[name]:
        match shape:
            case ("poly", points):
                pygame.draw.polygon(large, solid, scaled(points))
            case ("cut", points):
                pygame.draw.polygon(large, clear, scaled(points))
            case ("disc", x, y, r):
                pygame.draw.circle(large, solid, (x * side, y * side), r * side)
            case ("hole", x, y, r):
                pygame.draw.circle(large, clear, (x * side, y * side), r * side)
            case ("line", width, points):
                _stroke(large, solid, scaled(points), width * side)
    return pygame.transform.smoothscale(large, (size, size))


def _stroke(target: pygame.Surface, colour: tuple[int, ...], points: list[tuple[float, float]], width: float) -> None:
    """A thick line with round ends and corners."""
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        long = math.hypot(bx - ax, by - ay) or 1
        nx, ny = (by - ay) / long * width / 2, (ax - bx) / long * width / 2
        pygame.draw.polygon(
            target, colour, [(ax + nx, ay + ny), (bx + nx, by + ny), (bx - nx, by - ny), (ax - nx, ay - ny)]
        )
    for point in points:
        pygame.draw.circle(target, colour, point, width / 2)


def _bars(target: pygame.Surface, op: Bars) -> None:
    left, top = op.rect.x, op.rect.y
    for x, y, w, h in op.boxes:
        if x + w <= op.split:
            target.fill(op.before, (left + x, top + y, w, h))
        elif x >= op.split:
            target.fill(op.after, (left + x, top + y, w, h))
        else:
            target.fill(op.before, (left + x, top + y, op.split - x, h))
            target.fill(op.after, (left + op.split, top + y, x + w - op.split, h))


def _dots(target: pygame.Surface, op: Dots) -> None:
    wide, high = op.size
    for x in range(op.rect.x, op.rect.right - wide + 1, max(1, op.pitch)):
        if op.radius:
            _rounded(target, Rect(x, op.rect.y, wide, high), min(op.radius, wide // 2, high // 2), op.colour)
        else:
            target.fill(op.colour, (x, op.rect.y, wide, high))


DENSE = 0.80  # of 1: what the veil keeps back; letters on it are read over the brightest picture
THIN = 0.25  # of that, at its far edge
GRID = 64


def _veil(target: pygame.Surface, op: Veil) -> None:
    small = pygame.Surface((GRID, GRID), pygame.SRCALPHA)
    wide, high = op.rect.w, op.rect.h
    beyond = [_smooth((x * wide / (GRID - 1) - op.right) / max(1, wide - op.right)) for x in range(GRID)]
    across = [1 - (1 - THIN) * part for part in beyond]
    down = [_smooth(y * high / (GRID - 1) / max(1, op.top)) for y in range(GRID)]
    for y in range(GRID):
        for x in range(GRID):
            small.set_at((x, y), (*op.colour, round(255 * DENSE * across[x] * down[y])))
    target.blit(pygame.transform.smoothscale(small, op.rect[2:]), op.rect[:2])


def _smooth(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return part * part * (3 - 2 * part)


def prepare(op: Backdrop) -> pygame.Surface:
    """The picture of a backdrop; made at the first call, which may be before it is drawn."""
    return _backdrop(op.seed, op.rect[2:], op.radius)


def prepare_ring(op: Ring) -> None:
    """Make what the ring is drawn from, if that is not yet done."""
    _plate(op.rect.w)
    _wedge(op.rect.w)
    _lit(op.rect.w, op.colour)


@lru_cache(maxsize=6)
def _backdrop(seed: str, size: tuple[int, int], radius: int) -> pygame.Surface:
    """The picture with the corners of the window's ground laid over it."""
    picture = backdrop.paint(size, seed)
    mask = pygame.Surface((2 * radius, 2 * radius))
    mask.fill(BG)
    corner = _disc(radius, (255, 0, 255))
    hole = pygame.Surface((2 * radius, 2 * radius), pygame.SRCALPHA)
    hole.fill((*BG, 255))
    hole.blit(corner, (0, 0), special_flags=pygame.BLEND_RGBA_SUB)
    hole.fill((*BG, 0), special_flags=pygame.BLEND_RGBA_MAX)
    wide, high = size
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
        spot = dx * (wide - radius), dy * (high - radius)
        picture.blit(hole, spot, (dx * radius, dy * radius, radius, radius))
    return picture


# ---- the leader ring


def _ring(target: pygame.Surface, op: Ring) -> None:
    """Rim, hair lines and what is left of the song, drawn back to the top as it goes."""
    size = op.rect.w
    place = Rect(*target.get_clip()).cut(op.rect)  # only there: pixels of the whole ring are many
    part = Rect(place.x - op.rect.x, place.y - op.rect.y, place.w, place.h)
    target.blit(_plate(size), place[:2], part)
    turn = op.part / op.whole
    if turn <= 0:
        return
    lit = _lit(size, op.colour)
    if op.sweep:
        target.blit(_pie(_wedge(size), turn, part), place[:2])
    target.blit(_pie(lit, turn, part) if turn < 1 else lit.subsurface(part), place[:2])


@lru_cache(maxsize=3)
def _plate(size: int) -> pygame.Surface:
    """What stays: a dark disc, two circles, the cross of a film leader."""
    fine = 3
    side = size * fine
    large = pygame.Surface((side, side), pygame.SRCALPHA)
    large.fill((*MID, 0))
    c = side / 2
    pygame.draw.circle(large, (*MID, 255), (c, c), c)
    pygame.draw.circle(large, (0x10, 0x0E, 0x12, 190), (c, c), c - side * 0.006)
    pygame.draw.circle(large, (*LINE, 255), (c, c), c - side * 0.040, max(1, round(side * 0.004)))
    thin = max(fine, round(side * 0.0035))
    for rect in (
        (c - thin / 2, side * 0.045, thin, side * 0.91),
        (side * 0.045, c - thin / 2, side * 0.91, thin),
    ):
        pygame.draw.rect(large, (*LINE, 190), rect)
    for turn in range(60):
        if turn % 5 == 0:
            angle = turn / 60 * 2 * math.pi
            inner, outer = c - side * 0.062, c - side * 0.046
            ax, ay = c + inner * math.sin(angle), c - inner * math.cos(angle)
            bx, by = c + outer * math.sin(angle), c - outer * math.cos(angle)
            pygame.draw.line(large, (*mixed(MID, LINE, 0.5), 255), (ax, ay), (bx, by), thin)
    return pygame.transform.smoothscale(large, (size, size))


@lru_cache(maxsize=8)
def _lit(size: int, colour: Colour) -> pygame.Surface:
    """The whole bright arc."""
    fine = 3
    side = size * fine
    large = pygame.Surface((side, side), pygame.SRCALPHA)
    large.fill((*colour, 0))
    c = side / 2
    pygame.draw.circle(large, (*colour, 255), (c, c), c - side * 0.008)
    pygame.draw.circle(large, (*colour, 0), (c, c), c - side * 0.036)
    return pygame.transform.smoothscale(large, (size, size))


@lru_cache(maxsize=3)
def _wedge(size: int) -> pygame.Surface:
    """The leader's sweep: a veil over what is left."""
    fine = 3
    side = size * fine
    large = pygame.Surface((side, side), pygame.SRCALPHA)
    large.fill((*HI, 0))
    c = side / 2
    pygame.draw.circle(large, (*HI, 16), (c, c), c - side * 0.042)
    return pygame.transform.smoothscale(large, (size, size))


def _pie(picture: pygame.Surface, turn: float, part: Rect) -> pygame.Surface:
    """That part of `picture`, with only the first `turn` of its circle, clockwise from the top, left."""
    size = picture.get_width()
    cut = picture.subsurface(part).copy()
    c, far = size / 2, size
    angles = [2 * math.pi * (turn + (1 - turn) * i / 4) for i in range(5)]  # straight lines well outside the circle
    points = [(c, c), *((c + far * math.sin(a), c - far * math.cos(a)) for a in angles)]
    clear = (*picture.get_at((0, 0))[:3], 0)
    pygame.draw.polygon(cut, clear, [(int(x) - part.x, int(y) - part.y) for x, y in points])
    return cut
