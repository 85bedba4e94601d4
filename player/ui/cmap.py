"""Which characters a font file has, read from its `cmap` table: enough for choosing a system font.

pygame cannot tell: `Font.metrics` gives the box of the missing glyph as if it were one.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple


class Coverage(NamedTuple):
    """Sorted, half-open ranges of code points: `starts[i]` to `ends[i]`."""

    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def has(self, code: int) -> bool:
        at = bisect_right(self.starts, code) - 1
        return at >= 0 and code < self.ends[at]


def coverage(ranges: Iterable[tuple[int, int]]) -> Coverage:
    """Coverage of ranges (first, last), ends included, in any order."""
    starts: list[int] = []
    ends: list[int] = []
    for first, last in sorted(ranges):
        if ends and first <= ends[-1]:
            ends[-1] = max(ends[-1], last + 1)
        else:
            starts.append(first)
            ends.append(last + 1)
    return Coverage(tuple(starts), tuple(ends))


def read(path: Path) -> Coverage:
    """What this TrueType or OpenType file, or the first font of a collection, covers.

    Empty for what is no font. Raises OSError where it cannot be read.
    """
    with path.open("rb") as file:
        try:
            return _read(file)
        except (struct.error, IndexError):
            return Coverage()


def _read(file: BinaryIO) -> Coverage:
    start = 0
    if file.read(4) == b"ttcf":
        file.seek(12)
        (start,) = struct.unpack(">I", file.read(4))
    file.seek(start + 4)
    (count,) = struct.unpack(">H6x", file.read(8))
    for _ in range(count):
        tag, offset, length = struct.unpack(">4s4xII", file.read(16))
        if tag == b"cmap":
            file.seek(offset)
            return _best(file.read(min(length, 1 << 22)))
    return Coverage()


def _best(table: bytes) -> Coverage:
    """The widest Unicode subtable."""
    found = Coverage()
    for at in range(struct.unpack_from(">H", table, 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * at)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            kind = struct.unpack_from(">H", table, offset)[0]
            covered = {4: _format_4, 12: _format_12}.get(kind, _nothing)(table, offset)
            found = max(found, covered, key=_size)
    return found


def _size(covered: Coverage) -> int:
    return sum(covered.ends) - sum(covered.starts)


def _nothing(table: bytes, offset: int) -> Coverage:
    return Coverage()


def _format_4(table: bytes, offset: int) -> Coverage:
    double = struct.unpack_from(">H", table, offset + 6)[0]
    ends = struct.unpack_from(f">{double // 2}H", table, offset + 14)
    starts = struct.unpack_from(f">{double // 2}H", table, offset + 16 + double)
    spans = zip(starts, ends, strict=True)
    return coverage((first, last) for first, last in spans if first <= last and first != 0xFFFF)


def _format_12(table: bytes, offset: int) -> Coverage:
    count = struct.unpack_from(">I", table, offset + 12)[0]
    return coverage(struct.unpack_from(">II", table, offset + 16 + 12 * at) for at in range(count))
