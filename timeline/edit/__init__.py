"""Edits of a timeline's text that change nothing but their own bytes.

An operation names its thing by id: `scenes/the-audition/cues/cold-song/gain`, `songs/fever/title`; `#2` is the second
item of a list. Every edit is read again and compared with what it was meant to do before it counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from msgspec import Struct

from timeline.calm import calm
from timeline.edit import search, snippet
from timeline.edit.change import Change
from timeline.edit.document import Document, document, follow, keep, words_of
from timeline.edit.doing import applied
from timeline.edit.ops import (
    Data,
    Delete,
    Insert,
    Move,
    Op,
    Piece,
    Put,
    Refused,
    Rename,
    Set,
    Unfold,
    from_json,
    to_json,
)
from timeline.edit.plan import plan, text_of
from timeline.edit.search import Value, pattern
from timeline.model import Timeline
from timeline.nodes import LOADER
from timeline.problems import Source

__all__ = [
    "Data", "Delete", "Edited", "Found", "Insert", "Move", "Op", "Piece", "Put", "Refused", "Rename", "Set", "address",
    "apply", "find", "from_json", "pattern", "ready", "source", "substitute", "to_json", "value_at",
]  # fmt: skip


class Edited(Struct, frozen=True):
    """A file after an edit; `inverse` leads back to the very bytes, `path` is where the edited thing is now."""

    raw: bytes
    inverse: tuple[Op, ...]
    path: str


@calm
def apply(raw: bytes, ops: Op | Sequence[Op], loader: str = LOADER) -> Edited:
    """The file after one edit or several in a row. Raises Refused, with nothing done, when one cannot be done."""
    doc, path, undo = document(raw, loader), "", list[Op]()
    for op in ops if isinstance(ops, Sequence) else (ops,):
        doc, path, back = _done(doc, op)
        undo = back + undo
    return Edited(keep(doc), tuple(undo), path)


def ready(raw: bytes) -> None:
    """Read a file for the edits to come, so that the first takes no longer than the others. Any thread."""
    with suppress(Refused):
        document(raw)


def _done(doc: Document, op: Op | Unfold) -> tuple[Document, str, list[Op]]:
    made = plan(doc, op)
    if isinstance(made, Change):
        after, back = applied(doc, made)
        return after, made.place(after), [back] if back.pieces else []
    path, undo = getattr(op, "path", ""), list[Op]()
    for one in made:
        doc, path, back_ops = _done(doc, one)
        undo = back_ops + undo
    return doc, path if not isinstance(op, Set) else op.path, undo


class Found(Struct, frozen=True):
    """A value that was found: where, in which field of what, and what it is to become."""

    path: str
    field: str
    line: int
    column: int
    text: str
    new: str | None = None


@calm
def find(raw: bytes, wanted: re.Pattern[str], fields: Sequence[str] = (), loader: str = LOADER) -> list[Found]:
    """Every value that holds `wanted`, in `fields` (`note`, `scene.note` …) or in all. Raises Refused."""
    return [_found(where, value) for where, value in _matching(document(raw, loader), wanted, fields)]


@calm
def substitute(
    raw: bytes,
    wanted: re.Pattern[str],
    new: Callable[[re.Match[str]], str],
    fields: Sequence[str] = (),
    loader: str = LOADER,
) -> tuple[Edited, list[Found]]:
    """The file with another text wherever `wanted` stands in a value, as one edit. Raises Refused.

    Without `fields` only free texts are looked at: titles, notes, names, paths. Ids have `Rename`.
    """
    doc = document(raw, loader)
    found = []
    for where, value in _matching(doc, wanted, fields):
        if value.is_id and (fields or value.is_free):
            raise Refused(f"{value.path} is an id; rename it instead, so that everything that points to it follows")
        text = wanted.sub(new, value.text)
        if (fields or value.is_free) and text != value.text:
            found.append((where, value, text))
    change = search.replacement(doc, [(value, text) for _, value, text in found])
    if not found:
        return Edited(raw, (), ""), []
    after, back = applied(doc, change)
    return Edited(keep(after), (back,), ""), [_found(where, value, text) for where, value, text in found]


def _matching(doc: Document, wanted: re.Pattern[str], fields: Sequence[str]) -> Iterator[tuple[tuple[int, int], Value]]:
    lines, asked = Source(doc.text, ""), search.fields_named(fields)
    for value in search.values(doc):
        if asked(value) and wanted.search(value.text):
            yield value.place(lines), value


def _found(where: tuple[int, int], value: Value, new: str | None = None) -> Found:
    name = f"{value.owner}.{value.field}" if value.owner else value.field
    return Found(value.path, name, *where, value.text, new)


def value_at(raw: bytes, path: str, text: str, loader: str = LOADER) -> Data:
    """What a person means who writes `text` for the value at `path`: in brackets a list or keys, where it takes such.

    Raises Refused.
    """
    if not text.startswith(("[", "{")):
        return text
    steps, rest = follow(document(raw, loader), words_of(path))
    if not search.takes_brackets(document(raw, loader), steps, rest):
        return text
    return snippet.as_data(text, loader)


def source(raw: bytes, path: str, loader: str = LOADER) -> str | None:
    """The YAML of a value or an item as it stands there, from column 0; None where nothing is.

    An item comes with its dash or its id and the comments that travel with it. Raises Refused for a file that
    cannot be read.
    """
    doc = document(raw, loader)
    steps, rest = follow(doc, words_of(path))
    if rest or not steps:
        return None
    return text_of(doc, steps)


def address(timeline: Timeline, name: str) -> str:
    """The path of a cue by its key, else of a scene, song or set by its id. Raises KeyError for none of them."""
    for number, scene in enumerate(timeline.scenes, 1):
        place = scene.id if not scene.id.startswith("#") else f"#{number}"
        for cue in scene.cues:
            if cue.key == name:
                return f"scenes/{place}/cues/{cue.id or '#' + cue.key.rpartition('#')[2]}"
    for number, scene in enumerate(timeline.scenes, 1):
        if scene.id == name:
            return f"scenes/{scene.id if not scene.id.startswith('#') else f'#{number}'}"
    if name in timeline.songs:
        return f"songs/{name}"
    if any(one.id == name for one in timeline.sets):
        return f"sets/{name}"
    raise KeyError(name)
