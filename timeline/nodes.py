"""YAML as light nodes that know their place: PyYAML's events, without its types and without recursion.

A scalar is PyYAML's own `ScalarEvent`; a mapping or list holds its children in a flat list (a mapping
key, value, key, value …). What the format refuses on principle (anchors, aliases, tags, a second
document) is gathered on the way, each at its own position.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import yaml
from msgspec import Struct, field
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

from timeline.model import Span

LOADERS: dict[str, Any] = {"pure": yaml.SafeLoader}
if yaml.__with_libyaml__:
    LOADERS["libyaml"] = yaml.CSafeLoader
LOADER: str = "libyaml" if "libyaml" in LOADERS else "pure"

DEEPEST = 32



class Branch:
    """A mapping or a list. `value` is always None, so that one look tells it from a scalar.

    `kind` is what its place in the file asks for, `inner` what its items are, and `head` the key that names it,
    all from the `Visitor`; `said` is what the visitor made of it, `bad` whether it had to leave a value out,
    `meant` the keys that misspelt ones were taken for. `end` is where its own text ends (a block's end mark runs
    on to the next token).
    """

    value: None = None
    style: None = None
    kind: Any = None
    inner: Any = None
    head: Any = None
    said: Any = None
    bad = False
    meant: tuple[str, ...] = ()
    end = -1

    def __init__(self, start_mark: Any, flow: bool) -> None:
        self.start_mark = start_mark
        self.end_mark = start_mark
        self.flow = flow
        self.items: list[Any] = []


class Map(Branch):
    pass


class List(Branch):
    pass


class Gone(Branch):
    """What stood here was refused and has been reported: nobody complains about it again."""


Node = Any  # Map, List, Gone, or a ScalarEvent, which PyYAML leaves untyped


class Visitor(Protocol):
    """Looks at collections while they are read, so that a large file never lies in memory as events."""

    def opens(self, parent: Branch, node: Branch) -> None:
        """`node` begins as the next child of `parent`: give it its kind."""

    def closes(self, node: Branch) -> None:
        """All of `node` has been read. Only called where it has a kind."""


class TooDeep(Exception):
    """A collection opens below the deepest level that is read; `mark` is its place."""

    def __init__(self, mark: Any) -> None:
        super().__init__("too deep")
        self.problem_mark = mark


Refused = tuple[str, str, int, int, str]  # code, message, start and end in the text, hint


class Tree(Struct):
    """The first document: its root (None when there is none) and what was refused in it."""

    root: Node | None = None
    refused: list[Refused] = field(default_factory=list)


def end_of(node: Node) -> int:
    """Where the text of a node ends."""
    end: int = node.end if node.value is None and node.end >= 0 else node.end_mark.index
    return end


def span_of(node: Node) -> Span:
    """The whole of a node's text."""
    start = node.start_mark
    return Span(start.index, end_of(node), start.line + 1, start.column + 1)


def pairs(node: Map) -> Iterator[tuple[Node, Node]]:
    """Keys and values of a mapping."""
    items = iter(node.items)
    return zip(items, items)  # noqa: B905


def build(
    text: str, loader: str = LOADER, visitor: Visitor | None = None, back: dict[int, str] | None = None
) -> Tree:
    """The nodes of `text`. Raises yaml.YAMLError at the first mistake of syntax, TooDeep below depth 32.

    `back` maps letters of scalars back to what stood in the file before `text` was made fit for the parser.
    """
    source = LOADERS[loader](text)
    try:
        return _build(text, source.get_event, visitor, back)
    finally:
        source.dispose()


def _build(text: str, get: Any, visitor: Visitor | None, back: dict[int, str] | None) -> Tree:
    tree = Tree()
    opens, closes = (visitor.opens, visitor.closes) if visitor else (None, _nothing)
    special = back or (
        ("&" in text or "!" in text) and _MARKED.search(text)
    )  # most texts have nothing to look for
    top = List(None, False)
    node: Branch = top
    stack: list[Branch] = []
    items = top.items
    while True:
        event = get()
        kind = type(event)
        if kind is ScalarEvent:
            if special:
                if event.anchor is not None or event.tag is not None:
                    _refuse_properties(tree, text, event)
                    event = event if event.value or event.style else _gone(event)
                elif back:
                    event.value = event.value.translate(back)
            items.append(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if len(stack) == DEEPEST:
                raise TooDeep(event.start_mark)
            if event.anchor is not None or event.tag is not None:
                _refuse_properties(tree, text, event)
            stack.append(node)
            inner = (Map if kind is MappingStartEvent else List)(event.start_mark, event.flow_style)
            if opens:
                opens(node, inner)
            items.append(inner)
            node, items = inner, inner.items
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            node.end_mark = event.end_mark
            if items and not node.flow:
                last = items[-1]
                node.end = last.end_mark.index if last.value is not None else end_of(last)
            if node.kind is not None:
                closes(node)
            node = stack.pop()
            items = node.items
        elif kind is AliasEvent:
            items.append(_refuse_alias(tree, event))
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


def _nothing(node: Branch) -> None:
    """Nobody looks at a collection that is read without a visitor."""


_MARKED = re.compile(r"(?:\A|[\s\[\]{},:])(?:&\S|!)")  # wherever an anchor or a tag can begin
_PROPERTY = re.compile(r"([&!])\S*")


def _refuse_properties(tree: Tree, text: str, event: Any) -> None:
    at = event.start_mark.index
    hint = "an ordinary word that begins like this goes in quotes"
    for _ in range(2):  # an anchor and a tag may stand in either order
        found = _PROPERTY.match(text, at)
        if found is None:
            return
        word = found[0].rstrip(",]}")
        if found[1] == "&":
            tree.refused.append(("anchor", f"anchors are not used here: {word}", at, at + len(word), hint))
        else:
            tree.refused.append(("tag", f"tags are not used here: {word}", at, at + len(word), hint))
        at += len(word)
        at += len(text[at : at + 200]) - len(text[at : at + 200].lstrip())


def _refuse_alias(tree: Tree, event: Any) -> Gone:
    start, end = event.start_mark.index, event.end_mark.index
    hint = "write the value itself; a word that begins with * goes in quotes"
    tree.refused.append(("alias", f"aliases are not used here: *{event.anchor}", start, end, hint))
    return _gone(event)


def _gone(event: Any) -> Gone:
    gone = Gone(event.start_mark, True)
    gone.end_mark = event.end_mark
    return gone


def _refuse_document(tree: Tree, text: str, event: Any) -> None:
    start = event.start_mark.index
    end = start + 3 if text.startswith("---", start) else start + 1
    hint = "one file holds one timeline: remove this line, or move what follows to a file of its own"
    tree.refused.append(("second-document", "a second document begins here", start, end, hint))


def _refuse_directive(tree: Tree, text: str) -> None:
    if found := re.search(r"^%TAG.*", text, re.MULTILINE):
        tree.refused.append(("tag", "tags are not used here", found.start(), found.end(), "remove this line"))


def find(text: str, item: Span, keys: Sequence[str], loader: str = LOADER, of_key: bool = False) -> Span:
    """The place of the value under `keys` in one item of a text that has been read; else the item's words.

    Only this item is parsed again, up to that value. A block value is shown by its key, as is any with
    `of_key`.
    """
    margin = item.column - 1
    piece = " " * margin + text[item.start : item.end]
    source = LOADERS[loader](piece)
    try:
        start, end, line, column = _find(source.get_event, keys, of_key)
    except yaml.YAMLError:
        return Span(item.start, item.start + 1, item.line, item.column)
    finally:
        source.dispose()
    return Span(item.start + start - margin, item.start + end - margin, item.line + line, column + 1)


def _find(get: Any, keys: Sequence[str], of_key: bool) -> tuple[int, int, int, int]:
    """Start, end, line and column from 0 of what `keys` lead to in a stream of events."""
    depth, wanted, first = 0, 0, None
    is_key = False
    key: Any = None
    begun: Any = None  # the flow collection that is the value, until it ends
    while True:
        event = get()
        kind = type(event)
        if kind is StreamEndEvent or event is None:
            break
        opens = kind is MappingStartEvent or kind is SequenceStartEvent
        closes = kind is MappingEndEvent or kind is SequenceEndEvent
        if not (opens or closes or kind is ScalarEvent or kind is AliasEvent):
            continue
        if kind is ScalarEvent and first is None:
            first = event
            if not keys:
                break
        if closes:
            depth -= 1
            if begun is not None and depth == wanted + 1:
                return _place(begun.start_mark, event.end_mark)
            continue
        if depth == wanted + 1 and begun is None:
            is_key = not is_key
            if is_key:
                key = event if kind is ScalarEvent and event.value == keys[wanted] else None
            elif key is not None:
                if wanted + 1 < len(keys):
                    if kind is not MappingStartEvent:
                        return _place(key.start_mark, key.end_mark)
                    wanted, is_key, key = wanted + 1, False, None
                elif of_key:
                    return _place(key.start_mark, key.end_mark)
                elif not opens:
                    return _place(event.start_mark, event.end_mark)
                elif not event.flow_style:
                    return _place(key.start_mark, key.end_mark)
                else:
                    begun = event
        if opens:
            depth += 1
    return _place(first.start_mark, first.end_mark) if first is not None else (0, 1, 0, 0)


def _place(start: Any, end: Any) -> tuple[int, int, int, int]:
    return start.index, end.index, start.line, start.column
