"""Every value of a file with its field, for finding and replacing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from timeline import spec
from timeline.edit.change import Change, Splice, changed
from timeline.edit.document import Document, Plain, Step, Steps, group_of, inner, kind_of, path_of
from timeline.edit.ops import Refused
from timeline.edit.plan import scalar_splices
from timeline.nodes import List, Map, Node
from timeline.problems import Source
from timeline.spec import Group, Kind, Listing, Scalar
from timeline.words import closest

OWNERS: dict[str, Group] = {
    "film": spec.FILM,
    "defaults": spec.DEFAULTS,
    "song": spec.SONG,
    "writer": spec.WRITER,
    "media": spec.MEDIA,
    "mark": spec.MARK,
    "scene": spec.SCENE,
    "cue": spec.CUE,
    "loop": spec.LOOP,
    "set": spec.SET,
    "entry": spec.ENTRY,
}


class Value(Struct, frozen=True):
    """One value: of `field` in an `owner` (cue, scene …; empty outside of all), with the way to it.

    `is_id`: it is an id, or points to one.
    """

    owner: str
    field: str
    text: str
    steps: Steps
    is_free: bool
    is_id: bool

    @property
    def path(self) -> str:
        return path_of(self.steps)

    def place(self, source: Source) -> tuple[int, int]:
        """Line and column from 1."""
        return source.position(self.steps[-1].node.start_mark.index)


def values(doc: Document) -> Iterator[Value]:
    """All values in the order of the file."""
    if isinstance(doc.root, Map):
        yield from _values(doc.root, spec.ROOT, (), "", "")


def _values(node: Node, kind: Kind | None, steps: Steps, owner: str, field: str) -> Iterator[Value]:
    if node.value is not None:
        one = kind.of if isinstance(kind, Listing) else kind
        free = isinstance(one, Scalar) and one.free
        named = isinstance(one, Scalar) and one.parse in (spec.ident, spec.reference)
        yield Value(owner, field, node.value, steps, free, named)
        return
    if isinstance(node, List):
        for index, item in enumerate(node.items):
            yield from _values(item, inner(kind, node, None), (*steps, Step(node, index)), owner, field)
    elif isinstance(node, Map):
        group = group_of(kind)
        owner = next((name for name, one in OWNERS.items() if one is group), owner)
        for index in range(len(node.items) // 2):
            key, value = node.items[2 * index], node.items[2 * index + 1]
            yield from _values(value, inner(kind, node, key.value), (*steps, Step(node, index)), owner, key.value or "")


def fields_named(wanted: Sequence[str]) -> Callable[[Value], bool]:
    """Whether a value is of one of the fields, written `note` or `scene.note`. Raises Refused for unknown ones."""
    known = {name for group in spec.GROUPS for name in group.known}
    pairs = set()
    for one in wanted:
        owner, dot, field = one.rpartition(".")
        if dot and owner not in OWNERS:
            near = closest(owner, OWNERS)
            raise Refused(
                f'--field {one}: "{owner}" is none of {", ".join(OWNERS)}' + (f"; did you mean {near}?" if near else "")
            )
        names = OWNERS[owner].known if dot else known
        if field not in names and not field.startswith("x-"):
            near = closest(field, names)
            raise Refused(f"--field {one}: there is no such field" + (f"; did you mean {near}?" if near else ""))
        pairs.add((owner, field))
    return lambda value: not pairs or ("", value.field) in pairs or (value.owner, value.field) in pairs


def pattern(text: str, *, regex: bool = False, case: bool = False) -> re.Pattern[str]:
    """What is looked for: the text as it is, or a regular expression. Raises Refused."""
    if not text:
        raise Refused("nothing to look for")
    try:
        return re.compile(text if regex else re.escape(text), 0 if case else re.IGNORECASE)
    except re.error as error:
        raise Refused(f'"{text}" is not a regular expression ({error})') from None


def replacement(doc: Document, found: Sequence[tuple[Value, str]]) -> Change:
    """One change that gives many values other texts."""
    splices, plain = list[Splice](), doc.plain
    for value, text in found:
        splices += scalar_splices(doc, value.steps, text)
        plain = changed(plain, value.steps, partial(_instead, text))
    return Change(tuple(splices), plain, (), lambda _: "")


def _instead(text: str, _: Plain) -> Plain:
    return text


def takes_brackets(doc: Document, steps: Steps, rest: Sequence[str]) -> bool:
    """Whether a place takes a list or keys, so that a text in brackets there is not meant as a text."""
    kind = kind_of(steps)
    for word in rest:
        kind = inner(kind, Map(None, False), word)
    return not isinstance(kind, Scalar)
