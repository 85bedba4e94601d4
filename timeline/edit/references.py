"""Ids and what points to them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from msgspec import Struct

from timeline import spec
from timeline.edit.document import Document, Steps, group_of, inner, kind_of, path_of
from timeline.edit.moved import unmoved
from timeline.edit.ops import Op, Refused, Set
from timeline.nodes import List, Map, Node, pairs
from timeline.spec import Kind, Listing, Scalar
from timeline.times import Refusal

_POINTS = {  # what an id is of -> the kinds of value that name it
    "song": (spec.SONG_ID, spec.TARGET),
    "cue": (spec.TARGET,),
    "scene": (spec.UNTIL,),
    "set": (spec.SET_ID,),
    "output": (spec.OUTPUT,),
}


class Renaming(Struct, frozen=True):
    """Every word that changes, each with the way to it in the plain data."""

    places: list[tuple[Node, tuple[int, ...]]]


def renaming(doc: Document, steps: Steps, new_id: str) -> Renaming | list[Op]:
    """What giving something another id means. Raises Refused where it has none, or the new one will not do."""
    what, head, way = _named(doc, steps)
    try:
        spec.ident(new_id)
    except Refusal as refusal:
        hint = f"; {refusal.hint}" if refusal.hint else ""
        raise Refused(f"{refusal.message}{hint}") from None
    if head is not None and head.value == new_id:
        return Renaming([])
    if taken := _taken(doc, what, new_id):
        raise Refused(f'there is {taken} "{new_id}" already')
    if head is None:
        return [Set(f"{path_of(steps)}/id", new_id)]
    kinds = _POINTS[what]
    places = [(head, way)]
    for kind, node, at in _scalars(_said(doc.text, head.value), doc.root, spec.ROOT, ()):
        if any(kind is one for one in kinds) and node.value == head.value and node.value not in spec.RESERVED:
            places.append((node, at))
    return Renaming(places)


def _named(doc: Document, steps: Steps) -> tuple[str, Node | None, tuple[int, ...]]:
    """What is at the end of a path, the node of its id, and the way to that."""
    step, kind = steps[-1], kind_of(steps)
    way = _way(steps[:-1])
    match kind:
        case spec.SONG if isinstance(step.branch, Map):
            return "song", step.branch.items[2 * step.index], (*way, 2 * step.index)
        case spec.SET if isinstance(step.branch, Map):
            return "set", step.branch.items[2 * step.index], (*way, 2 * step.index)
        case spec.ID if len(steps) == 2 and steps[0].key == "outputs":
            return "output", step.node, (*way, step.index)
    if kind is spec.ID and step.key == "id":
        return _named(doc, steps[:-1])
    group = group_of(kind)
    if group in (spec.SCENE, spec.CUE) and isinstance(step.node, Map):
        for place, (key, value) in enumerate(pairs(step.node)):
            if key.value == "id":
                return _word(group), value, (*_way(steps), 2 * place + 1)
        return _word(group), None, ()
    raise Refused(f"{path_of(steps)} has no id; songs, scenes, cues, sets and outputs have")


def _word(group: object) -> str:
    return "scene" if group is spec.SCENE else "cue"


def _way(steps: Steps) -> tuple[int, ...]:
    return tuple(step.index if isinstance(step.branch, List) else 2 * step.index + 1 for step in steps)


def _taken(doc: Document, what: str, name: str) -> str | None:
    """What else has this id."""
    spaces = ("song", "cue") if what in ("song", "cue") else (what,)
    for kind, found in ids(doc):
        if found == name and kind in spaces:
            return f"a {kind}"
    return None


def ids(doc: Document) -> Iterator[tuple[str, str]]:
    """Every id of a document, with what it is of."""
    root = doc.root
    if not isinstance(root, Map):
        return
    for key, value in pairs(root):
        if key.value in ("songs", "sets") and isinstance(value, Map):
            yield from ((key.value[:-1], name.value) for name, _ in pairs(value) if name.value)
        elif key.value == "outputs":
            items = value.items if isinstance(value, List) else [value]
            yield from (("output", item.value) for item in items if item.value)
        elif key.value == "scenes" and isinstance(value, List):
            for scene in value.items:
                yield from _scene_ids(scene)


def _scene_ids(scene: Node) -> Iterator[tuple[str, str]]:
    if not isinstance(scene, Map):
        return
    for key, value in pairs(unmoved(scene)):
        if key.value == "id" and value.value:
            yield "scene", value.value
        elif key.value == "cues" and isinstance(value, List):
            for cue in map(unmoved, unmoved(value).items):
                if isinstance(cue, Map):
                    yield from (("cue", word.value) for name, word in pairs(cue) if name.value == "id" and word.value)


def _said(text: str, name: str) -> list[int]:
    """Where a text may say a name: all places of the word itself, and of what may stand for letters of it."""
    word = re.escape(name)  # to look back behind it is thirty times faster than before it
    whole = rf"{word}(?<![a-z0-9-]{word})(?![a-z0-9-])"
    return sorted(found.start() for one in (whole, r"\\") for found in re.finditer(one, text))


def _scalars(
    said: list[int], node: Node, kind: Kind | None, way: tuple[int, ...]
) -> Iterator[tuple[Kind, Node, tuple[int, ...]]]:
    """Scalars whose place the format knows, with their kinds and the ways to them; all in which one of `said` is."""
    if kind is None:
        return
    if node.value is not None:
        one = kind.of if isinstance(kind, Listing) else kind
        if isinstance(one, Scalar):
            yield one, node, way
        return
    first = bisect_left(said, node.start_mark.index)
    if first == len(said) or said[first] >= node.end_mark.index:  # most parts say nothing of it
        return
    if isinstance(node, Map):
        for place, (key, value) in enumerate(pairs(node)):
            yield from _scalars(said, value, inner(kind, node, key.value), (*way, 2 * place + 1))
    elif isinstance(node, List):
        for place, item in enumerate(node.items):
            yield from _scalars(said, item, inner(kind, node, None), (*way, place))
