"""A song's picture as boxes for the lane: bars of a waveform, notes of a piano roll, cut into tiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

Box = tuple[int, int, int, int]

TILE = 48  # points


class Picture(Protocol):
    """What media/peaks gives: of a recording the loudest of each column, of MIDI the notes."""

    @property
    def frames(self) -> int: ...

    @property
    def low(self) -> Sequence[float]: ...

    @property
    def high(self) -> Sequence[float]: ...

    @property
    def notes(self) -> Sequence[tuple[int, int, int, int]]: ...


class Tile(NamedTuple):
    """A stretch of the lane, `x` from its left, with boxes from the tile's own corner."""

    x: int
    w: int
    boxes: tuple[Box, ...]


def tiles(picture: Picture, begin: int, end: int, wide: int, high: int, u: float) -> tuple[Tile, ...]:
    """The picture of frames [begin, end) in a lane of `wide` by `high` pixels. Material that is shorter
    repeats.
    """
    if end <= begin or picture.frames <= 0 or wide < 8 or high < 8:
        return ()
    boxes = _roll(picture, begin, end, wide, high, u) if picture.notes else _bars(picture, begin, end, wide, high, u)
    return _cut(boxes, wide, max(8, round(TILE * u)))


def _bars(picture: Picture, begin: int, end: int, wide: int, high: int, u: float) -> list[Box]:
    """Bars of two points, two apart, as tall as the loudest sample under each; the loudest of all fills
    the lane.
    """
    thick, pitch = max(1, round(2 * u)), max(2, round(4 * u))
    count = len(picture.high)
    top = max(*(abs(each) for each in picture.low), *(abs(each) for each in picture.high)) or 1
    middle, half = high // 2, high / 2 - 1
    span = (end - begin) * pitch / wide
    found: list[Box] = []
    for number in range(wide // pitch):
        start = (begin + number * span) % picture.frames
        first = min(int(start * count / picture.frames), count - 1)
        last = max(first + 1, min(count, int((start + span) * count / picture.frames)))
        up = round(max(picture.high[first:last]) / top * half)
        down = round(-min(picture.low[first:last]) / top * half)
        found.append((number * pitch, middle - max(up, 1), thick, max(up, 1) + max(down, 1)))
    return found


def _roll(picture: Picture, begin: int, end: int, wide: int, high: int, u: float) -> list[Box]:
    """A line for each note; pitches share the height, and what falls on the same pixels is drawn once."""
    pitches = [note[2] for note in picture.notes]
    lowest, reach = min(pitches), max(1, max(pitches) - min(pitches))
    thick = max(2, min(round(4 * u), round(high / (reach + 1) * 0.8)))
    scale = wide / (end - begin)
    found: dict[Box, None] = {}
    lap = begin // picture.frames * picture.frames
    while lap < end:
        for start, stop, pitch, _ in picture.notes:
            if stop + lap <= begin or start + lap >= end:
                continue
            x = max(0, round((start + lap - begin) * scale))
            right = min(wide, max(x + max(2, round(2 * u)), round((stop + lap - begin) * scale) - 1))
            y = round((high - thick) * (1 - (pitch - lowest) / reach))
            found[(x, y, max(1, right - x), thick)] = None
        lap += picture.frames
    return list(found)


def _cut(boxes: list[Box], wide: int, tile: int) -> tuple[Tile, ...]:
    """Boxes sorted into tiles, cut where one ends."""
    parts: list[list[Box]] = [[] for _ in range(-(-wide // tile))]
    for x, y, w, h in boxes:
        right = min(x + w, wide)
        while x < right:
            index = x // tile
            stop = min(right, (index + 1) * tile)
            parts[index].append((x - index * tile, y, stop - x, h))
            x = stop
    return tuple(Tile(i * tile, min(tile, wide - i * tile), tuple(each)) for i, each in enumerate(parts))
