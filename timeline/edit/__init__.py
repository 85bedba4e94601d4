"""Edits of a timeline's text that change nothing but their own bytes.

An operation names its thing by id: `scenes/the-audition/cues/cold-song/gain`, `songs/fever/title`; `#2` is the second
item of a list. Every edit is read again and compared with what it was meant to do before it counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from timeline.edit.change import Change, applied
from timeline.edit.document import Document, document, follow, words_of
from timeline.edit.ops import Data, Delete, Insert, Move, Op, Piece, Put, Refused, Rename, Set, from_json, to_json
from timeline.edit.plan import plan, text_of
from timeline.model import Timeline
from timeline.nodes import LOADER

__all__ = [
    "Data", "Delete", "Edited", "Insert", "Move", "Op", "Piece", "Put", "Refused", "Rename", "Set", "address",
    "apply", "from_json", "source", "to_json",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edited:
    """A file after an edit; `inverse` leads back to the very bytes, `path` is where the edited thing is now."""

    raw: bytes
    inverse: tuple[Op, ...]
    path: str


def apply(raw: bytes, ops: Op | Sequence[Op], loader: str = LOADER) -> Edited:
    """The file after one edit or several in a row. Raises Refused, with nothing done, when one cannot be done."""
    doc, path, undo = document(raw, loader), "", list[Op]()
    for op in ops if isinstance(ops, Sequence) else (ops,):
        doc, path, back = _done(doc, op)
        undo = back + undo
    return Edited(doc.raw, tuple(undo), path)


def _done(doc: Document, op: Op) -> tuple[Document, str, list[Op]]:
    made = plan(doc, op)
    if isinstance(made, Change):
        after, back = applied(doc, made)
        return after, made.place(after), [back] if back.pieces else []
    path, undo = getattr(op, "path", ""), list[Op]()
    for one in made:
        doc, path, back_ops = _done(doc, one)
        undo = back_ops + undo
    return doc, path if not isinstance(op, Set) else op.path, undo


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
