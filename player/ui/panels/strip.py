"""The film as a strip: every scene a block at its film time, the music in it, the playhead."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from player.ui.ops import Dots, Rect, Sheet
from player.ui.pen import Pen
from player.ui.text import Measure
from player.ui.theme import (
    BG,
    DIM,
    EDGE,
    HI,
    INK,
    LINE,
    MID,
    MONO,
    NOW,
    RAISE,
    RAISE2,
    STANDBY,
    STANDBY_BG,
    TEXT,
    Colour,
    tag,
)


class Block(NamedTuple):
    """A scene on the strip, in thousandths of the whole: where it begins and ends, and its music in it."""

    begin: float
    end: float
    number: str
    music: tuple[tuple[float, float], ...]
    estimate: bool
    colour: str = ""  # what a person marked it with


class Strip(NamedTuple):
    """The film laid out. `seconds` is its length, 0 where no scene has a film time."""

    blocks: tuple[Block, ...]
    seconds: int
    estimated: bool  # every time is an estimate


class Places(NamedTuple):
    """Who is what, by scene."""

    now: int | None
    standby: int | None
    done: frozenset[int]
    label: str  # the playhead's film time, "" where there is none
    at: int | None = None  # the second at which the film clock stands; None: the playhead is where its scene begins


class Group(NamedTuple):
    """Scenes that share a few pixels: the first, the one after the last; where they stand from the strip's left;
    where there is music in them."""

    first: int
    last: int
    x: int
    w: int
    music: tuple[tuple[int, int], ...]


def crowd(film: Strip, wide: int) -> tuple[Group, ...]:
    """The scenes of a film that has more of them than a strip of `wide` pixels can show apart; () for others.

    So any film takes a bounded number of operations.
    """
    blocks = film.blocks
    if len(blocks) <= wide // 4:
        return ()
    lane = Rect(0, 0, wide, 1)
    found: list[Group] = []
    start = 0
    for i, block in enumerate(blocks):
        if (block.end - blocks[start].begin) * wide < 4000 and i < len(blocks) - 1:
            continue
        x = _x(lane, blocks[start].begin)
        right = max(x + 2, _x(lane, block.end))
        heard = [span for each in blocks[start : i + 1] for span in each.music]
        spans = {(max(x, _x(lane, begin)), min(right, _x(lane, end) + 1)) for begin, end in heard}
        music = tuple((begin, end - begin) for begin, end in _joined(sorted(spans)) if end > begin)
        found.append(Group(start, i + 1, x, right - x, music))
        start = i + 1
    return tuple(found)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans, in order, with those that touch made one."""
    done: list[tuple[int, int]] = []
    for begin, end in spans:
        if done and begin <= done[-1][1]:
            done[-1] = done[-1][0], max(end, done[-1][1])
        else:
            done.append((begin, end))
    return done


def marks(rect: Rect, u: float, measure: Measure, film: Strip, places: Places) -> Sheet:
    """The blocks of the scene on screen and of standby, over a crowd."""
    pen = Pen("marks", rect, u, measure)
    room = _room(pen)
    for index in dict.fromkeys((places.standby, places.now)):
        if index is not None and index < len(film.blocks):
            _block(pen, room, film, index, places)
    return pen.sheet()


def _room(pen: Pen) -> Rect:
    """Where the blocks stand: between the perforations."""
    rect, top = pen.rect, pen.q(24) + pen.q(9)
    return Rect(rect.x, rect.y + top, rect.w, rect.h - top - pen.q(9))


def strip(rect: Rect, u: float, measure: Measure, film: Strip, places: Places, groups: tuple[Group, ...] = ()) -> Sheet:
    """The sheet of the strip. groups: what `crowd` gave for its width; over those belong `marks`."""
    pen = Pen("strip", rect, u, measure)
    ruler = pen.q(24)
    track = Rect(rect.x, rect.y + ruler, rect.w, rect.h - ruler)
    at = _at(film, places)
    x = _x(track, at) if at is not None else 0
    head = _head(pen, track, x, places.label) if at is not None else None
    _ruler(pen, film, head)
    _film(pen, track)
    room = _room(pen)
    for group in groups:
        _group(pen, room, group, places.done)
    alone = range(0 if groups else len(film.blocks))
    marked = () if groups else (places.standby, places.now)
    for index in (*(i for i in alone if i not in marked), *dict.fromkeys(marked)):
        if index is not None and index < len(film.blocks):
            _block(pen, room, film, index, places)
    if head is not None:
        _playhead(pen, track, x, head, places.label)
    return pen.sheet()


def _at(film: Strip, places: Places) -> float | None:
    """Where the playhead stands, in thousandths of the whole; None where nothing has a film time."""
    if places.at is not None:
        return places.at * 1000 / film.seconds if film.seconds else None
    if not places.label or places.now is None or places.now >= len(film.blocks):
        return None
    return film.blocks[places.now].begin


def _x(rect: Rect, part: float) -> int:
    return rect.x + round(rect.w * min(max(part, 0), 1000) / 1000)


def _head(pen: Pen, track: Rect, x: int, label: str) -> Rect:
    """Where the label of the playhead stands."""
    wide = pen.width(label, MONO, 14) + pen.q(14)
    left = min(max(x - pen.q(8), track.x), track.right - wide)
    return Rect(left, pen.rect.y, wide, pen.q(21))


def _ruler(pen: Pen, film: Strip, head: Rect | None) -> None:
    rect = pen.rect
    y = rect.y + pen.q(11)
    if not film.seconds:
        if not head:
            pen.text(
                rect.x,
                y,
                "The scenes in their order; the file gives no film times",
                TEXT,
                13,
                DIM,
                room=rect.w,
            )
        return
    note = "~ estimated film times" if film.estimated else ""
    last = rect.right
    if note:
        wide = pen.width(note, TEXT, 13)
        spot = Rect(rect.right - wide - pen.q(8), rect.y, wide + pen.q(8), pen.q(22))
        if wide < rect.w // 4 and not (head and head.grown(pen.q(6)).meets(spot)):
            pen.text(rect.right, y, note, TEXT, 13, DIM, align=1)
            last = spot.x
    every = _every(film.seconds, rect.w / pen.u)
    for second in range(0, film.seconds + 1, every):
        x = _x(rect, second * 1000 / film.seconds)
        pen.fill(Rect(min(x, rect.right - 1), rect.y + pen.q(5), 1, pen.q(17)), LINE)
        label = f"{second // 3600}:{second // 60 % 60:02}" + (f":{second % 60:02}" if every < 60 else "")
        label = f"~{label}" if film.estimated and second else label
        wide = pen.width(label, MONO, 13)
        spot = Rect(x, rect.y, wide + pen.q(10), pen.q(22))
        if spot.right <= last and not (head and head.grown(pen.q(4)).meets(spot)):
            pen.text(x + pen.q(5), y, label, MONO, 13, DIM)


def _every(seconds: int, wide: float) -> int:
    """Seconds between two labels."""
    for every in (10, 30, 60, 120, 300, 600, 900, 1800, 3600):
        if seconds / every <= wide / 88:
            return every
    return 7200 * (1 + seconds // (7200 * max(1, int(wide / 88))))


def _film(pen: Pen, track: Rect) -> None:
    """The base with its perforations."""
    pen.fill(track, BG, 3)
    hole = pen.q(6), max(2, pen.q(4))
    pitch = pen.q(12.5)
    for y in (track.y + pen.q(2.5), track.bottom - pen.q(2.5) - hole[1]):
        line = Rect(track.x + pen.q(4), y, track.w - pen.q(8), hole[1])
        pen.add(Dots(line, hole, pitch, max(1, pen.q(1)), RAISE2))


def _group(pen: Pen, room: Rect, group: Group, done: frozenset[int]) -> None:
    fill, ink = _colours(False, False, all(i in done for i in range(group.first, group.last)))
    rect = Rect(room.x + group.x, room.y, group.w, room.h)
    pen.fill(rect, fill)
    thick = max(2, pen.q(4))
    for x, wide in group.music:
        pen.fill(Rect(room.x + x, rect.bottom - thick - pen.q(3), wide, thick), ink if ink != MID else EDGE)


def _block(pen: Pen, room: Rect, film: Strip, index: int, places: Places) -> None:
    block = film.blocks[index]
    gap = max(1, pen.q(2)) if (block.end - block.begin) * room.w > 6000 else 0
    x = _x(room, block.begin)
    rect = Rect(x, room.y, max(2, _x(room, block.end) - x - gap), room.h)
    now, standby = places.now == index, places.standby == index
    fill, ink = _colours(now, standby, index in places.done and not now and not standby)
    radius = 2.5 if rect.w > pen.q(8) else 0
    if standby:
        pen.box(rect, fill, STANDBY, 3 if now else 2, radius)
    else:
        pen.fill(rect, fill, radius)
    _music(pen, room, rect, block, ink)
    if block.colour:
        side = pen.q(3) if rect.w > pen.q(10) else 0
        pen.fill(Rect(rect.x + side, rect.y + pen.q(3), rect.w - 2 * side, max(2, pen.q(3))), tag(block.colour), 1)
    if block.estimate and rect.w > pen.q(10) and not film.estimated:
        dash = max(2, pen.q(3)), max(1, pen.q(1))
        top = rect.y + pen.q(8 if block.colour else 3)
        pen.add(Dots(Rect(rect.x + pen.q(3), top, rect.w - pen.q(6), dash[1]), dash, dash[0] * 2, 0, ink))
    size = 13.0 if pen.width(block.number, MONO, 13) <= rect.w - pen.q(6) else 11.0
    if pen.width(block.number, MONO, size) <= rect.w - pen.q(4):
        middle = rect.y + round(rect.h * 0.43)
        pen.text(rect.mid[0], middle, block.number, MONO, size, ink, align=0.5, room=rect.w)


def _colours(now: bool, standby: bool, done: bool) -> tuple[Colour, Colour]:
    if now:
        return NOW, INK
    if standby:
        return STANDBY_BG, STANDBY
    return (RAISE, DIM) if done else (RAISE2, MID)


def _music(pen: Pen, room: Rect, rect: Rect, block: Block, ink: Colour) -> None:
    """A bar at the block's foot for each stretch of music in it; two of them never touch."""
    thick = max(2, pen.q(4))
    y = rect.bottom - thick - pen.q(3)
    past = rect.x
    for begin, end in sorted(block.music):
        left = max(_x(room, begin), rect.x + pen.q(3), past + 1)
        right = min(max(_x(room, end), left + pen.q(4)), rect.right - pen.q(3))
        if right > left:
            pen.fill(Rect(left, y, right - left, thick), ink if ink != MID else EDGE, 1)
            past = right


def _playhead(pen: Pen, track: Rect, x: int, head: Rect, label: str) -> None:
    """The label with a short stem down to the film: numbers stay free."""
    stem = max(2, pen.q(2))
    x = min(max(x - stem // 2, track.x), track.right - stem)
    pen.fill(Rect(x, head.bottom - 1, stem, track.y + pen.q(9) - head.bottom + 1), HI)
    pen.fill(Rect(x, track.bottom - pen.q(9), stem, pen.q(9)), HI)
    pen.fill(head, HI, 3)
    pen.text(head.mid[0], head.mid[1], label, MONO, 14, INK, align=0.5, room=head.w)


def lay_out(
    times: tuple[tuple[float | None, bool], ...],
    numbers: Callable[[int], str],
    music: dict[int, tuple[tuple[float, float], ...]],
    runtime: float,
) -> Strip:
    """A film's strip from each scene's (film time in seconds or None, estimate), and stretches of music by
    scene, in seconds from the scene's own time. Scenes without a time stand evenly between their
    neighbours."""
    known = [at for at, _ in times if at is not None]
    if not known:
        count = max(1, len(times))
        even = tuple(
            Block(i * 1000 / count, (i + 1) * 1000 / count, numbers(i), _even_music(i, count, music), False)
            for i in range(len(times))
        )
        return Strip(even, 0, False)
    total = max(runtime, max(known) + 60.0)
    starts = _filled([at for at, _ in times], total)
    ordered = sorted(set(starts))
    later = dict(zip(ordered, [*ordered[1:], total], strict=True))
    scale = 1000 / total
    blocks = tuple(
        Block(
            start * scale,
            later[start] * scale,
            numbers(i),
            tuple(((start + begin) * scale, (start + end) * scale) for begin, end in music.get(i, ())),
            at is None or estimate,
        )
        for i, (start, (at, estimate)) in enumerate(zip(starts, times, strict=True))
    )
    return Strip(blocks, max(1, round(total)), all(block.estimate for block in blocks))


def _even_music(
    i: int, count: int, music: dict[int, tuple[tuple[float, float], ...]]
) -> tuple[tuple[float, float], ...]:
    return (((i + 0.0) * 1000 / count, (i + 0.6) * 1000 / count),) if music.get(i) else ()


def _filled(times: list[float | None], total: float) -> list[float]:
    """Every scene's time; those without one evenly between the known ones around them."""
    ahead: list[tuple[int, float]] = []
    known = len(times), total
    for i in range(len(times) - 1, -1, -1):
        at = times[i]
        known = (i, at) if at is not None else known
        ahead.append(known)
    found: list[float] = []
    for i, (place, at) in enumerate(reversed(ahead)):
        before = found[-1] if found else 0.0
        found.append(at if place == i else before + (max(at, before) - before) / (place - i + 1))
    return found
