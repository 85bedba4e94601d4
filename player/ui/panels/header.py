"""Top line: the house, the film, what the show does, the time of day, the film's time."""

from __future__ import annotations

from typing import Final, NamedTuple

from player.ui.ops import Rect, Sheet
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import BOLD, DIM, HI, LINE, MID, MONO, NOW, NOW_BG, RAISE, TEXT, TITLE, TROUBLE, Colour

SIZE: Final = 40
POINT: Final = 0.5  # how wide a colon stands, in digits
WORD: Final = 126  # points for the word beside the clock


class Header(NamedTuple):
    """What the line says. `marks` are (icon, word, lit) from left to right, the state last."""

    film: str
    counts: str
    marks: tuple[tuple[str, str, bool], ...]
    wall: str
    film_time: str
    clock: bool = False  # the film clock has its place at the right


class Clock(NamedTuple):
    """The film clock: `0:24:00.3`, and what it does."""

    time: str
    icon: str
    word: str


def header(rect: Rect, u: float, measure: Measure, says: Header) -> Sheet:
    """The sheet of the top line."""
    pen = Pen("header", rect, u, measure)
    y = rect.y + pen.q(24)
    right = rect.right - pen.q(10)
    if says.clock:
        right = _clock_left(pen) - pen.q(22)
    if says.film_time:
        right -= pen.text(right, y + pen.q(1), says.film_time, TITLE, 40, HI, align=1) + pen.q(15)
        right -= pen.text(right, y, "FILM", TEXT, 12, DIM, align=1, track=2) + pen.q(22)
    right -= pen.text(right, y, says.wall, MONO, 18, MID, align=1) + pen.q(18)
    x = rect.x + pen.q(14)
    for icon, word, lit in reversed(says.marks):
        wide = _pill_width(pen, word)
        if right - wide < x + pen.q(40):
            break
        _pill(pen, right - wide, y, wide, icon, word, lit)
        right -= wide + pen.q(8)
    _house(pen, x, y, right - pen.q(14), says)
    return pen.sheet()


def film_clock(rect: Rect, u: float, measure: Measure, says: Clock) -> Sheet:
    """The sheet of the film clock. Its digits stand still while they count."""
    left = _clock_left(Pen("film-clock", rect, u, measure))
    pen = Pen("film-clock", Rect(left, rect.y, rect.right - left, rect.h), u, measure)
    y = rect.y + pen.q(24)
    ink, tint = {"play": (HI, MID), "alert": (HI, TROUBLE)}.get(says.icon, (MID, MID))
    digit = _digit(pen)
    x = rect.right - pen.q(10)
    for sign in reversed(says.time):
        wide = digit if sign.isdigit() else round(digit * POINT)
        x -= wide
        pen.text(x + wide // 2, y + pen.q(1), sign, TITLE, SIZE, ink, align=0.5)
    left = _clock_left(pen)
    x -= pen.q(9)
    x -= pen.text(x, y, says.word, BOLD, 11, tint, track=1, room=pen.q(WORD) - pen.q(26), align=1)
    pen.icon(x - pen.q(12), y, 11, says.icon, tint)
    return pen.sheet()


def _digit(pen: Pen) -> int:
    return max(pen.width(sign, TITLE, SIZE) for sign in "0123456789")


def _clock_left(pen: Pen) -> int:
    """Where the film clock begins: with room for ten hours and the longest word."""
    digit = _digit(pen)
    return pen.rect.right - pen.q(10) - 7 * digit - 3 * round(digit * POINT) - pen.q(WORD)


def _house(pen: Pen, x: int, y: int, right: int, says: Header) -> None:
    """Logo, name and film, as much of them as there is room for; the film comes before the name."""
    pen.icon(x, y, 23, "disc", NOW)
    x += pen.q(20)
    film = pen.width(says.film, TEXT, 16)
    name = pen.width("NEEDLEDROP", TITLE, 26, 1.3)
    if x + name + pen.q(44) + min(film, pen.q(180)) <= right:
        pen.text(x, y + pen.q(0.5), "NEEDLEDROP", TITLE, 26, HI, track=1.3)
        x += name + pen.q(27)
        pen.fill(Rect(x, y - pen.q(10), max(1, pen.q(1)), pen.q(20)), LINE)
        x += pen.q(16)
    x += pen.text(x, y, says.film, TEXT, 16, MID, room=max(0, right - x)) + pen.q(12)
    if x + pen.width(says.counts, TEXT, 16) <= right:
        pen.text(x, y, says.counts, TEXT, 16, DIM)


def _pill_width(pen: Pen, word: str) -> int:
    return pen.width(word, BOLD, 12.5, 1.6) + pen.q(40)


def _pill(pen: Pen, x: int, y: int, wide: int, icon: str, word: str, lit: bool) -> None:
    ink: Colour = NOW if lit else MID
    high = pen.q(24)
    pen.fill(Rect(x, y - high // 2, wide, high), NOW_BG if lit else RAISE, 12)
    pen.icon(x + pen.q(17), y, 10, icon, ink)
    pen.text(x + pen.q(28), y, word, BOLD, 12.5, ink, track=1.6, room=wide)
