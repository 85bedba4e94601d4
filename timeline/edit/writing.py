"""New values as text, in the manner of the document they go into."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from timeline import spec
from timeline.edit.document import Document, inner
from timeline.edit.layout import column, head_of, opens_line
from timeline.edit.ops import Data
from timeline.edit.scalars import block_scalar, flow, scalar
from timeline.nodes import Branch, List, Map, Node, pairs
from timeline.spec import Kind, Listing, Scalar, Table

WIDE = 100  # columns that a line may fill
_SHORT = 60  # letters of a mapping that stands in braces
_LOOKED_AT = 600  # nodes that tell a document's manner
_ALWAYS_BLOCKS = (spec.FILM, spec.SONG, spec.SCENE, spec.CUE, spec.SET, spec.ROOT)


class Manner(Struct, frozen=True):
    """How a document is written: spaces before a key's keys, and before its dashes; the quote it prefers."""

    step: int = 2
    dash: int = 2
    quote: str = '"'


def manner(doc: Document) -> Manner:
    """The manner of a document, from its first part."""
    steps, dashes, quotes = list[int](), list[int](), list[str]()
    for depth, key, value in islice(_pairs(doc.text, doc.root), _LOOKED_AT):
        if isinstance(value, Branch):
            if not value.flow and value.items and opens_line(doc.text, head_of(doc.text, value, 0)):
                found = column(doc.text, head_of(doc.text, value, 0)) - depth
                (dashes if isinstance(value, List) else steps).append(found)
        elif value.style in ("'", '"'):
            quotes.append(value.style)
        del key
    return Manner(
        max(1, _usual(steps, 2)),
        max(0, _usual(dashes, 2)),
        '"' if quotes.count('"') >= quotes.count("'") else "'",
    )


def _usual(found: list[int], otherwise: int) -> int:
    return max(set(found), key=found.count) if found else otherwise


def _pairs(text: str, node: Node | None) -> Iterator[tuple[int, Node, Node]]:
    """Keys and values of all mappings, and the column of the key."""
    if isinstance(node, Map):
        for key, value in pairs(node):
            yield column(text, key.start_mark.index), key, value
            yield from _pairs(text, value)
    elif isinstance(node, List):
        for item in node.items:
            if item.value is None:
                yield from _pairs(text, item)
            elif item.style:
                yield 0, item, item


def is_text(kind: Kind | None) -> bool:
    """Whether a place takes any text, so that a number there is meant as one."""
    if isinstance(kind, Listing):
        kind = kind.of
    return isinstance(kind, Scalar) and (kind.free or kind.parse in (spec.ident, spec.reference))


def laid_out(
    value: Data, kind: Kind | None, how: Manner, depth: int, in_flow: bool, lead: int = 0
) -> tuple[str, list[str]]:
    """What stands behind a key at column `depth`, and the lines below it, from the key's column.

    `lead`: how many letters stand before the value on its line.
    """
    if isinstance(value, str):
        return _scalar(value, kind, how, depth, in_flow, lead)
    short = one_line(value, kind, how, within=in_flow)
    if in_flow or not value or (_is_plain(value, kind) and lead + len(short) <= WIDE):
        return short, []
    offset = how.dash if isinstance(value, list) else how.step
    return "", [" " * offset + line if line else line for line in block(value, kind, how, depth + offset)]


def _scalar(text: str, kind: Kind | None, how: Manner, depth: int, in_flow: bool, lead: int) -> tuple[str, list[str]]:
    if not in_flow:
        style = "|" if "\n" in text.strip("\n") else ">" if " " in text and lead + len(text) > WIDE else ""
        made = block_scalar(text, style, depth + how.step, WIDE) if style and is_text(kind) else None
        if made and made[0][0] == style:
            return made[0], [" " * how.step + line if line else line for line in made[1]]
    return scalar(text, "", in_flow, is_text=is_text(kind), quote=how.quote), []


def _is_plain(value: Data, kind: Kind | None) -> bool:
    """Whether a person would write this in brackets."""
    if isinstance(kind, Table):
        return False
    if isinstance(value, list):
        return all(isinstance(item, str) or (isinstance(item, dict) and _is_plain(item, kind)) for item in value)
    if isinstance(value, dict):
        group = (kind.or_group or kind.of) if isinstance(kind, Listing) else kind
        return (
            not any(group is one for one in _ALWAYS_BLOCKS)
            and all(isinstance(item, str) for item in value.values())
            and sum(len(key) + len(str(item)) + 4 for key, item in value.items()) <= _SHORT
        )
    return True


def one_line(value: Data, kind: Kind | None, how: Manner, within: bool = True) -> str:
    """`value` on one line; scalars quoted as their own places ask for."""
    match value:
        case str():
            return scalar(value, "", within, is_text=is_text(kind), quote=how.quote)
        case list():
            return "[" + ", ".join(one_line(item, _item(kind, item), how) for item in value) + "]"
        case dict():
            inside = (f"{key_text(key)}: {one_line(item, _field(kind, key), how)}" for key, item in value.items())
            return "{" + ", ".join(inside) + "}"


def key_text(key: str) -> str:
    return flow(key)


def _item(kind: Kind | None, item: Data) -> Kind | None:
    if not isinstance(kind, Listing):
        return None
    return (kind.or_group or kind.of) if isinstance(item, dict) else kind.of


_MAP = Map(None, True)


def _field(kind: Kind | None, key: str) -> Kind | None:
    return inner(kind, _MAP, key)


def block(value: Data, kind: Kind | None, how: Manner, depth: int) -> list[str]:
    """A list or mapping over several lines, from column 0; it will stand at column `depth`."""
    lines: list[str] = []
    if isinstance(value, dict):
        for key, item in value.items():
            lines += pair_lines(key, item, _field(kind, key), how, depth)
    elif isinstance(value, list):
        for item in value:
            lines += item_lines(item, _item(kind, item), how, depth)
    return lines


def pair_lines(key: str, value: Data, kind: Kind | None, how: Manner, depth: int) -> list[str]:
    """A key and its value, from column 0; it will stand at column `depth`."""
    name = key_text(key)
    head, tail = laid_out(value, kind, how, depth, False, depth + len(name) + 2)
    return [f"{name}: {head}" if head else f"{name}:", *tail]


def item_lines(value: Data, kind: Kind | None, how: Manner, depth: int) -> list[str]:
    """An item of a list with its dash."""
    if isinstance(value, dict) and value and not (_is_plain(value, kind) and len(value) > 1):
        inside = block(value, kind, how, depth + 2)
    else:
        head, tail = laid_out(value, kind, how, depth, False, depth + 2)
        inside = [head, *tail] if head else ["", *tail]
    return ["- " + inside[0], *("  " + line if line else line for line in inside[1:])]
