"""YAML as light nodes that know their place: PyYAML's events, without its types and without recursion.

A scalar is PyYAML's own `ScalarEvent`; a mapping or list holds its children in a flat list (a mapping
key, value, key, value …). What the format refuses on principle (anchors, aliases, tags, a second
document) is gathered on the way, each at its own position.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

LOADERS: dict[str, Any] = {"pure": yaml.SafeLoader}
if yaml.__with_libyaml__:
    LOADERS["libyaml"] = yaml.CSafeLoader
LOADER: str = "libyaml" if "libyaml" in LOADERS else "pure"

DEEPEST = 32


class Branch:
    """A mapping or a list. `value` is always None, so that one look tells it from a scalar."""

    __slots__ = ("end_mark", "flow", "items", "start_mark")
    value: None = None
    style: None = None

    def __init__(self, start_mark: Any, flow: bool) -> None:
        self.start_mark = start_mark
        self.end_mark = start_mark
        self.flow = flow
        self.items: list[Any] = []


class Map(Branch):
    __slots__ = ()


class List(Branch):
    __slots__ = ()


class Gone(Branch):
    """What stood here was refused and has been reported: nobody complains about it again."""

    __slots__ = ()


Node = Any  # Map, List, Gone, or a ScalarEvent, which PyYAML leaves untyped


class TooDeep(Exception):
    """A collection opens below the deepest level that is read; `mark` is its place."""

    def __init__(self, mark: Any) -> None:
        super().__init__("too deep")
        self.mark = mark


Refused = tuple[str, str, int, int, str]  # code, message, start and end in the text, hint


@dataclass(slots=True)
class Tree:
    """The first document: its root (None when there is none) and what was refused in it."""

    root: Node | None = None
    refused: list[Refused] = field(default_factory=list)


def end_of(node: Node) -> int:
    """Where the text of a node ends. A block collection's own end mark runs on to the next token."""
    while isinstance(node, Branch) and not node.flow and node.items:
        node = node.items[-1]
    end: int = node.end_mark.index
    return end


def build(text: str, loader: str = LOADER) -> Tree:
    """The nodes of `text`. Raises yaml.YAMLError at the first mistake of syntax, TooDeep below depth 32."""
    source = LOADERS[loader](text)
    try:
        return _build(text, source.get_event)
    finally:
        source.dispose()


def _build(text: str, get: Any) -> Tree:
    tree = Tree()
    top = List(None, False)
    node: Branch = top
    stack: list[Branch] = []
    items = top.items
    while True:
        event = get()
        kind = type(event)
        if kind is ScalarEvent:
            if event.anchor is not None or event.tag is not None:
                _refuse_properties(tree, text, event)
            items.append(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if len(stack) == DEEPEST:
                raise TooDeep(event.start_mark)
            if event.anchor is not None or event.tag is not None:
                _refuse_properties(tree, text, event)
            stack.append(node)
            node = (Map if kind is MappingStartEvent else List)(event.start_mark, event.flow_style)
            items.append(node)
            items = node.items
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            node.end_mark = event.end_mark
            node = stack.pop()
            items = node.items
        elif kind is AliasEvent:
            _refuse_alias(tree, event)
            gone = Gone(event.start_mark, True)
            gone.end_mark = event.end_mark
            items.append(gone)
        elif kind is DocumentStartEvent:
            if top.items:
                _refuse_document(tree, text, event)
                break
            if event.tags:
                _refuse_directive(tree, text)
        elif kind is StreamEndEvent:
            break
    tree.root = top.items[0] if top.items else None
    return tree


_PROPERTY = re.compile(r"([&!])\S*")


def _refuse_properties(tree: Tree, text: str, event: Any) -> None:
    at = event.start_mark.index
    for _ in range(2):  # an anchor and a tag may stand in either order
        found = _PROPERTY.match(text, at)
        if found is None:
            return
        word = found[0].rstrip(",]}") if found[1] == "&" else found[0]
        quote = "an ordinary word that begins like this goes in quotes"
        if found[1] == "&":
            tree.refused.append(("anchor", f"anchors are not used here: {word}", at, at + len(word), quote))
        else:
            tree.refused.append(("tag", f"tags are not used here: {word}", at, at + len(word), quote))
        at += len(word)
        while text[at : at + 1] in (" ", "\t") and at < len(text):
            at += 1


def _refuse_alias(tree: Tree, event: Any) -> None:
    start, end = event.start_mark.index, event.end_mark.index
    hint = "write the value itself; a word that begins with * goes in quotes"
    tree.refused.append(("alias", f"aliases are not used here: *{event.anchor}", start, end, hint))


def _refuse_document(tree: Tree, text: str, event: Any) -> None:
    start = event.start_mark.index
    end = start + 3 if text.startswith("---", start) else start + 1
    hint = "one file holds one timeline: remove this line, or move what follows to a file of its own"
    tree.refused.append(("second-document", "a second document begins here", start, end, hint))


def _refuse_directive(tree: Tree, text: str) -> None:
    if found := re.search(r"^%TAG.*", text, re.MULTILINE):
        tree.refused.append(("tag", "tags are not used here", found.start(), found.end(), "remove this line"))
