"""The change that an operation makes: what is replaced in the text, and what the text must then say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from timeline.edit.document import Document, Plain, Steps, path_of, steps_at
from timeline.edit.ops import Data, Piece, Put, Refused
from timeline.nodes import List

_TAB = re.compile(r"(?:\A|(?<=\s))[-?:]\t")
_AROUND = 80  # letters on each side by which a place is known again


class Splice(Struct, frozen=True):
    """`new` takes the place of the text from `start` to `end`."""

    start: int
    end: int
    new: str


class Change(Struct, frozen=True):
    """Splices and the data they must lead to.

    `inside` leads to what alone may read differently; all that is asked where `plain` is `...`. `place` tells where
    the thing that was meant is afterwards.
    """

    splices: tuple[Splice, ...]
    plain: Plain
    inside: Steps
    place: Callable[[Document], str]


def spliced(text: str, splices: Sequence[Splice]) -> tuple[str, list[Splice]]:
    """The text after all splices, and the splices that lead back, in its own offsets."""
    parts, back, at, shift = [], [], 0, 0
    for splice in sorted(splices, key=lambda one: (one.start, one.end)):
        if splice.start < at:
            raise Refused("two parts of this edit meet in one place; do it in two steps")
        parts += [text[at : splice.start], splice.new]
        begin = splice.start + shift
        back.append(Splice(begin, begin + len(splice.new), text[splice.start : splice.end]))
        shift += len(splice.new) - (splice.end - splice.start)
        at = splice.end
    parts.append(text[at:])
    after = "".join(parts)
    for splice, made in zip(sorted(splices, key=lambda one: (one.start, one.end)), back, strict=True):
        if _tab_in(after, made) and not _tab_in(text, splice):
            raise Refused("a tab would be left behind a dash or colon, where not every program can read it")
    return after, back


def _tab_in(text: str, place: Splice) -> bool:
    return _TAB.search(text, max(0, place.start - 2), place.end + 1) is not None


def put_back(after: Document, change: Change, back: Sequence[Splice]) -> Put:
    """The operation that undoes a change, once it is done."""
    text = after.text
    pieces = tuple(
        Piece(
            one.start,
            text[one.start : one.end],
            one.new,
            text[max(0, one.start - _AROUND) : one.start],
            text[one.end : one.end + _AROUND],
        )
        for one in back
    )
    return Put(path_of(steps_at(after, change.inside)), pieces)


# -- the same change to plain data


def as_plain(data: Data) -> Plain:
    match data:
        case str():
            return data
        case dict():
            return tuple(part for key, value in data.items() for part in (key, as_plain(value)))
        case list():
            return [as_plain(item) for item in data]


def changed(plain: Plain, steps: Steps, make: Callable[[Plain], Plain]) -> Plain:
    """`plain` with another value at the end of `steps`."""
    if not steps:
        return make(plain)
    step, rest = steps[0], steps[1:]
    place = step.index if isinstance(step.branch, List) else 2 * step.index + 1
    items = list(plain)
    items[place] = changed(items[place], rest, make)
    return items if isinstance(step.branch, List) else tuple(items)


def without(plain: Plain, index: int) -> Plain:
    """A list or mapping without one entry."""
    if isinstance(plain, list):
        return [*plain[:index], *plain[index + 1 :]]
    return (*plain[: 2 * index], *plain[2 * index + 2 :])


def with_entry(plain: Plain, index: int, key: str | None, value: Plain) -> Plain:
    """A list or mapping with one entry more."""
    if isinstance(plain, list):
        return [*plain[:index], value, *plain[index:]]
    return (*plain[: 2 * index], key, value, *plain[2 * index :])


def moved(plain: Plain, index: int, position: int) -> Plain:
    width = 1 if isinstance(plain, list) else 2
    items: list[Any] = [plain[n : n + width] for n in range(0, len(plain), width)]
    items.insert(position, items.pop(index))
    flat = [part for item in items for part in item]
    return flat if isinstance(plain, list) else tuple(flat)
