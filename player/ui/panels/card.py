"""The title card of the scene on screen, or of the film before the show; the leader ring; the meters."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from player.ui.facts import Film
from player.ui.ops import Backdrop, Rect, Ring, Sheet
from player.ui.pen import Pen, headline
from player.ui.text import Measure
from player.ui.theme import (
    BOLD,
    DISPLAY,
    HI,
    MID,
    NOW,
    RAISE,
    TEXT,
    TITLE,
    TROUBLE,
    Colour,
    Face,
)


class Card(NamedTuple):
    """What the card says of a scene. `sounding`: its music plays now. `also`: icon and words on
    other songs heard, and on what is not played. `link`: the keycaps that link an own recording, where none plays.
    """

    seed: str
    label: str
    place: str
    people: tuple[str, ...]
    title: str
    song: str
    artist: str
    material: tuple[str, str]  # icon and words where no recording plays, ("", "") where one does
    note: str
    said: bool  # the note is what a `say` cue tells the operator
    cue: str  # the playing cue's own note
    sounding: bool
    also: tuple[tuple[str, str], ...]
    link: tuple[str, ...] = ()


class Count(NamedTuple):
    """The countdown. `part` of 1000 is left."""

    text: str
    word: str
    icon: str
    part: int
    hot: bool
    paused: bool
    leaving: bool


class Inner(NamedTuple):
    """The parts of the card in pixels. Without music the text has all of it."""

    text: Rect
    ring: Rect | None
    meters: Rect | None


def inner(card: Rect, u: float, music: bool) -> Inner:
    """Where text, ring and meters stand in the card."""
    pad = round((28 if card.h / u >= 220 and card.w / u >= 560 else 16) * u)
    meters = ring = None
    right = card.right - pad
    if card.w / u >= 380:
        meters = Rect(card.right - round(56 * u), card.y + round(26 * u), round(40 * u), card.h - round(48 * u))
        right = meters.x - round(16 * u)
    if music:
        size = round(min(card.h * 0.65, (right - card.x) * 0.3, 340 * u))
        if card.h / u < 220:
            size = min(card.h - round(28 * u), round((right - card.x) * 0.34))
        if size >= 84 * u:
            ring = Rect(right - size, card.y + (card.h - size) // 2 - round(size * 0.0), size, size)
            right = ring.x - round(22 * u)
    top, foot = round(min(24, card.h / u * 0.09) * u), round(min(22, card.h / u * 0.07) * u)
    return Inner(Rect(card.x + pad, card.y + top, right - card.x - pad, card.h - top - foot), ring, meters)


def card(rect: Rect, u: float, measure: Measure, says: Card, music: bool) -> Sheet:
    """The card of a scene; `music`: leave room for the ring."""
    pen = Pen("card", rect, u, measure)
    pen.add(Backdrop(rect, says.seed, pen.q(8)))
    text = inner(rect, u, music).text
    y = _label(pen, text, says)
    notes = _notes(pen, text, says, y)
    _names(pen, Rect(text.x, y, text.w, text.bottom - notes - y), says)
    return pen.sheet()


def _label(pen: Pen, text: Rect, says: Card) -> int:
    """Scene number and place; returns where they end."""
    y = text.y + pen.q(8)
    x = text.x + pen.text(text.x, y, says.label, BOLD, 13.5, NOW if says.sounding else HI, room=text.w, track=1.4)
    if says.place and text.right - x > pen.q(84):
        x += pen.q(14)
        x += pen.text(x, y, says.place, TEXT, 13.5, MID, room=text.right - x, track=1.2)
    x += pen.q(14)
    people = _people(pen, says.people, text.right - x)
    if people:
        pen.text(x, y, people, TEXT, 13.5, MID, room=text.right - x, track=1.2)
    return y + pen.q(10)


def _people(pen: Pen, people: tuple[str, ...], room: int) -> str:
    """As many whole names as there is room for, and how many more there are."""
    for count in range(len(people), 0, -1):
        more = f" +{len(people) - count}" if count < len(people) else ""
        words = ", ".join(people[:count]) + more
        if pen.width(words, TEXT, 13.5, track=1.2) <= room:
            return words
    return ""


class _Line(NamedTuple):
    """A line below the title; `high` in points is what it takes of the card."""

    text: str
    face: Face
    size: float
    ink: Colour
    high: float
    icon: str = ""
    link: _Link | None = None  # behind the text
    aside: _Aside | None = None  # the same


class _Aside(NamedTuple):
    """Smaller words in a line of larger ones, as far as there is room for them."""

    text: str
    size: float
    ink: Colour


class _Link(NamedTuple):
    """Keycaps, and what they do."""

    caps: tuple[str, ...]
    words: str


LINKS = ("links your own recording", "links your own")


def _link(pen: Pen, caps: tuple[str, ...], size: float, room: int) -> _Link | None:
    """What there is room for of the keys that link a recording; None for no keys, and where none of it fits."""
    wide = pen.keycaps_width(caps, size * 0.86) + pen.q(8)
    fits = (words for words in LINKS if wide + pen.width(words, TEXT, size) <= room)
    words = next(fits, "") if caps else ""
    return _Link(caps, words) if words else None


def _linked(pen: Pen, x: int, middle: int, link: _Link, size: float) -> None:
    """Draws that; a press on it does it."""
    wide = pen.keycaps(x, middle, link.caps, size * 0.86) + pen.q(8)
    wide += pen.text(x + wide, middle, link.words, TEXT, size, MID)
    pen.hit(Rect(x, middle - pen.q(12), wide, pen.q(24)).cut(pen.rect), "command", "links")


SHORT: Final = {"stand-in": "a stand-in plays", "alert": "silence"}  # what plays, where why has no room


def _below(pen: Pen, says: Card, wide: int, high: float) -> list[_Line]:
    """What stands below the title in a room of `wide` pixels and `high` points, as much as leaves the title the larger
    part. Where that is little, what plays goes before who plays it: the artist stands beside the song.
    """
    if not says.song:
        lines = []
    elif high >= 210:
        lines = [_Line(says.song, DISPLAY, 38, HI, 46), _Line(says.artist, TEXT, 24, MID, 36)]
    elif high >= 120:
        lines = [_Line(says.song, DISPLAY, 28, HI, 36), _Line(says.artist, TEXT, 18, MID, 27)]
    else:
        lines = [_Line(says.song, DISPLAY, 24, HI, 30), _Line(says.artist, TEXT, 17, MID, 24)]
    lines = [line for line in lines if line.text]
    material = _material(pen, says, wide)
    if lines and material and _crowded([*lines, material[0]], high):
        beside = lines[1:] and _Aside(says.artist, lines[1].size, MID)
        lines = [lines[0]._replace(aside=beside or None)]
        if _crowded([*lines, material[0]], high):
            icon = says.material[0]
            lines, material = [lines[0]._replace(icon=icon, aside=_Aside(SHORT[icon], 15, _ink(icon)))], []
    lines += [*material, *(_Line(words, TEXT, 15, _ink(icon), 25, icon) for icon, words in says.also)]
    while lines and _crowded(lines, high):
        lines.pop()
    return lines


def _crowded(lines: list[_Line], high: float) -> bool:
    """Whether these lines leave the title too little of so many points."""
    return high - sum(line.high for line in lines) < max(64.0, high * 0.36)


def _material(pen: Pen, says: Card, wide: int) -> list[_Line]:
    """What plays in place of a recording, and the keys that link one: beside it, else below."""
    icon, words = says.material
    if not words:
        return []
    if pen.width(words, TEXT, 13) > wide - pen.q(22):
        words = SHORT[icon] if icon == "stand-in" else words
    beside = _link(pen, says.link, 15, wide - pen.q(22 + 16) - pen.width(words, TEXT, 15))
    below = None if beside else _link(pen, says.link, 15, wide)
    first = _Line(words, TEXT, 15, _ink(icon), 25, icon, beside)
    return [first, _Line("", TEXT, 15, MID, 25, link=below)] if below else [first]


def _ink(icon: str) -> Colour:
    return TROUBLE if icon == "alert" else MID


def _names(pen: Pen, room: Rect, says: Card) -> None:
    """Title, song and artist, a little above the middle of the room."""
    high = room.h / pen.u
    lines = _below(pen, says, room.w, high)
    lower = sum(line.high for line in lines)
    top, gap = _gap(high), min(34.0, max(8.0, high * 0.11)) if lines else 0.0
    largest = 116 if says.song else 150
    size, title = headline(pen, says.title, TITLE, room.w, max(30.0, high - lower - top - gap), largest)
    step = size * 0.93
    tall = size * 0.72 + step * (len(title) - 1) + gap + lower
    y = room.y + pen.q(max(top, min((high - tall) * 0.48, 96.0)))
    for line in title:
        middle = y + pen.q(size * 0.35)
        pen.text(room.x - pen.q(size * 0.02), middle, line, TITLE, size, HI, room=room.w + pen.q(4))
        y += pen.q(step)
    y += pen.q(size * 0.72 - step + gap)
    for each in lines:
        middle, x = y + pen.q(each.high * 0.42), room.x
        if each.icon:
            pen.icon(x + pen.q(7), middle, 13, each.icon, _ink(each.icon))
            x += pen.q(22)
        large = each.size
        while large > each.size * 0.66 and pen.width(each.text, each.face, large) > room.right - x:
            large -= 1
        if each.aside:
            large = _made_room(pen, each, large, room.right - x)
        wide = pen.text(x, middle, each.text, each.face, large, each.ink, room=room.right - x)
        if each.link:
            _linked(pen, x + wide + pen.q(16 if wide else 0), middle, each.link, each.size)
        if each.aside:
            _put_aside(pen, x + wide + pen.q(16), middle + pen.q(2), room.right, each.aside)
        y += pen.q(each.high)


def _made_room(pen: Pen, line: _Line, size: float, room: int) -> float:
    """The size at which what stands beside the text fits too; `size` where a little smaller does not do it."""
    assert line.aside, "a line with something beside it"
    beside = pen.width(line.aside.text, TEXT, line.aside.size) + pen.q(16)
    smaller = size
    while pen.width(line.text, line.face, smaller) + beside > room:
        smaller -= 1
        if smaller < line.size * 0.75:
            return size
    return smaller


def _put_aside(pen: Pen, x: int, middle: int, right: int, aside: _Aside) -> None:
    """Smaller words behind the song, cut where they must be."""
    if right - x >= min(pen.q(60), pen.width(aside.text, TEXT, aside.size)):
        pen.text(x, middle, aside.text, TEXT, aside.size, aside.ink, room=right - x)


def _gap(high: float) -> float:
    """Points between the label and the title."""
    return 20.0 if high > 170 else 8.0


def _notes(pen: Pen, text: Rect, says: Card, top: int) -> int:
    """The note at the card's foot; returns the height it takes, in pixels."""
    if not says.note and not says.cue:
        return 0
    high = (text.bottom - top) / pen.u
    size = 22.0 if says.said else 19.0
    most = int((high - (146 if says.song else 100)) / (size * 1.33))
    if says.said:
        most = max(1, most)
    if most < 1:
        return 0
    pitch = pen.q(size * 1.33)
    room = text.w - pen.q(18)
    own = pen.lines(says.cue, BOLD, size, room, min(most, 2)) if says.cue and not says.said else ()
    rest = min(most, 4) - len(own)
    scene = pen.lines(says.note, BOLD if says.said else TEXT, size, room, rest) if says.note and rest > 0 else ()
    lines = [*((line, True) for line in own), *((line, says.said) for line in scene)]
    tall = pitch * len(lines)
    y = text.bottom - tall
    bar = Rect(text.x, y + pen.q(1), max(2, pen.q(3)), tall - pen.q(2))
    pen.fill(bar, NOW if says.sounding or says.said else MID, 1)
    for line, bold in lines:
        pen.text(text.x + pen.q(18), y + pitch // 2, line, BOLD if bold else TEXT, size, HI, room=room)
        y += pitch
    return tall + pen.q(10)


# ---- the film before the show


def title_card(
    rect: Rect,
    u: float,
    measure: Measure,
    film: Film,
    hint: tuple[tuple[str, ...], str] | None,
    link: tuple[str, ...] = (),
) -> Sheet:
    """The film's own card. `hint`: keycaps and what they do, for who sees this for the first time. `link`: those that
    link own recordings, told where some are lacking.
    """
    pen = Pen("card", rect, u, measure)
    pen.add(Backdrop(rect, "", pen.q(8)))
    text = inner(rect, u, False).text
    high = text.h / u
    y = text.y + pen.q(8)
    x = text.x + pen.text(text.x, y, "READY", BOLD, 13.5, HI, track=2) + pen.q(14)
    if film.director:
        pen.text(x, y, f"directed by {film.director}", TEXT, 13.5, MID, room=max(0, text.right - x), track=1.2)
    rows = list(film.material[: 1 if high < 200 else 2])
    foot = text.bottom - pen.q(30) * len(rows) - (pen.q(38) if hint and high > 240 else 0)
    figures = pen.q(54) if high > 170 else 0
    room = Rect(text.x, y + pen.q(14), text.w, foot - figures - y - pen.q(14))
    size, lines = headline(pen, film.title, TITLE, room.w, max(34.0, room.h / u - 16), 140)
    step = size * 0.93
    tall = size * 0.72 + step * (len(lines) - 1)
    y = room.y + pen.q(max(6.0, (room.h / u - tall) * 0.55))
    for line in lines:
        pen.text(room.x - pen.q(size * 0.02), y + pen.q(size * 0.35), line, TITLE, size, HI, room=room.w + pen.q(4))
        y += pen.q(step)
    y += pen.q(size * 0.72 - step)
    if figures:
        _figures(pen, Rect(text.x, y + pen.q(36), text.w, 0), film.figures)
    y = foot + pen.q(15)
    for icon, words in rows:
        ink = TROUBLE if icon == "alert" else MID
        pen.icon(text.x + pen.q(8), y, 15, icon, ink)
        x = text.x + pen.q(28)
        x += pen.text(x, y, words, TEXT, 18, HI, room=text.w - pen.q(28)) + pen.q(18)
        beside = _link(pen, link, 16, text.right - x) if film.lacks and words == rows[0][1] else None
        if beside:
            _linked(pen, x, y, beside, 16)
        y += pen.q(30)
    if hint and high > 240:
        wide = pen.keycaps(text.x, y + pen.q(6), hint[0], 15)
        pen.text(text.x + wide + pen.q(12), y + pen.q(6), hint[1], TEXT, 18, MID, room=text.w - wide - pen.q(12))
    return pen.sheet()


def _figures(pen: Pen, at: Rect, figures: tuple[tuple[str, str], ...]) -> None:
    """Numbers and what they count, on one line; those that have no room are left out."""
    x = at.x
    for number, word in figures:
        wide = pen.width(number, DISPLAY, 25) + (pen.q(9) + pen.width(word, TEXT, 18) if word else 0)
        if x + wide > at.right:
            return
        x += pen.text(x, at.y, number, DISPLAY, 25, HI)
        if word:
            x += pen.q(9)
            x += pen.text(x, at.y, word, TEXT, 18, MID)
        x += pen.q(28)


# ---- what moves


def ring(rect: Rect, u: float, measure: Measure, says: Count, still: bool) -> Sheet:
    """The leader ring round the countdown."""
    pen = Pen("ring", rect, u, measure)
    ink: Colour = TROUBLE if says.hot else HI if says.leaving else MID if says.paused else NOW
    steps = max(60, round(rect.w * math.pi / 2))  # two pixels of the rim each
    pen.add(Ring(rect, math.ceil(says.part * steps / 1000), steps, ink, not still))
    x, y = rect.mid
    size = rect.w / u * 0.52
    room = round(rect.w * 0.8)
    while size > 16 and pen.width(says.text, TITLE, size) > room:
        size -= 2
    pen.text(x, y - round(rect.w * 0.01), says.text, TITLE, size, ink, align=0.5, room=rect.w)
    word_y = y + round(rect.w * 0.315)
    small = min(13.5, max(10.0, rect.w / u * 0.06))
    wide = pen.width(says.word, BOLD, small, 1.8)
    if wide > rect.w * 0.66:
        return pen.sheet()
    shift = pen.q(8) if says.icon else 0
    if says.icon:
        pen.icon(x - wide // 2 - pen.q(6), word_y, 10, says.icon, HI)
    pen.text(x + shift, word_y, says.word, BOLD, small, HI, align=0.5, room=rect.w, track=1.8)
    return pen.sheet()


def meters(rect: Rect, u: float, measure: Measure, levels: tuple[int, int, int, int], level: str, mark: str) -> Sheet:
    """Two bars from -60 dB to 0, their peaks, and the master level. Levels are thousandths of the height."""
    pen = Pen("meters", rect, u, measure)
    foot = pen.q(30)
    wide = max(3, pen.q(8))
    top, high = rect.y, rect.h - foot
    left = rect.x + rect.w // 2 - wide - max(1, pen.q(1))
    for side in (0, 1):
        x = left + side * (wide + 2 * max(1, pen.q(1)))
        pen.fill(Rect(x, top, wide, high), RAISE)
        tall = high * levels[side] // 1000
        pen.fill(Rect(x, top + high - tall, wide, tall), MID)
        peak = high * levels[2 + side] // 1000
        if peak > 2:
            pen.fill(Rect(x, top + high - peak, wide, max(2, pen.q(2))), HI)
    for db in (-6, -20, -40):
        y = top + high - round(high * (60 + db) / 60)
        pen.fill(Rect(left - pen.q(6), y, pen.q(4), max(1, pen.q(1))), MID)
    y = rect.bottom - pen.q(12)
    if mark:
        pen.icon(rect.x + rect.w // 2, y, 18, mark, HI)
    else:
        pen.text(rect.x + rect.w // 2, y, level, BOLD, 12, MID, align=0.5, room=rect.w)
    return pen.sheet()
