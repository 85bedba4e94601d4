"""A piece of YAML on its way into a document or out of it: one item with its comments."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from timeline.edit.document import Document, Plain, parsed, plain_of
from timeline.edit.layout import column, content, end_of, line_end, line_start
from timeline.edit.ops import Data, Refused
from timeline.edit.scalars import fits_plain, scalar
from timeline.nodes import List, Map, Node, pairs


class Snippet(Struct, frozen=True):
    """One entry: its lines from column 0, with its dash or key, and on one line, where it has no comments."""

    lines: tuple[str, ...]
    one_line: str | None
    plain: Plain
    key: str | None
    node: Node


def read_item(yaml: str, loader: str) -> Snippet:
    """An item of a list, written with its dash or without. Raises Refused."""
    doc, text = _read(yaml, loader)
    root = doc.root
    dashed = isinstance(root, List) and not root.flow
    if dashed and len(root.items) != 1:
        raise Refused(f"this is {len(root.items)} items; put them in one by one")
    node = root.items[0] if dashed else root
    plain = plain_of(node)
    if plain is None or plain is ...:
        raise Refused("there is nothing in it")
    lines = _normal(text, node, root.start_mark.index) if dashed else _with_dash(text, node)
    return Snippet(tuple(lines), _one_line(text, node), plain, None, node)


def read_pair(yaml: str, loader: str) -> Snippet:
    """An entry of a table, written `id: {…}`, in braces of its own or not. Raises Refused."""
    doc, text = _read(yaml, loader)
    root = doc.root
    if not isinstance(root, Map) or len(root.items) != 2:
        raise Refused("write one entry with its id, like fever: {title: Fever}")
    key, value = root.items
    if key.value is None:
        raise Refused("an id is a plain word")
    name = scalar(key.value, key.style or "", True)
    short = _one_line(text, value)
    if root.flow:
        if short is None:
            raise Refused("write it without the braces around it, or on one line")
        return Snippet((f"{name}: {short}",), f"{name}: {short}", plain_of(value), key.value, value)
    return Snippet(
        tuple(text.split("\n")), None if short is None else f"{name}: {short}", plain_of(value), key.value, value
    )


def as_data(yaml: str, loader: str) -> Data:
    """What a piece of YAML says, as it is given to a `Set`. Raises Refused."""
    doc, _ = _read(yaml, loader)
    return _data(doc.root)


def _data(node: Node) -> Data:
    if isinstance(node, Map):
        return {str(key.value): _data(value) for key, value in pairs(node)}
    if isinstance(node, List):
        return [_data(item) for item in node.items]
    return str(node.value)


def _read(yaml: str, loader: str) -> tuple[Document, str]:
    lines = yaml.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    margins = [content(line, 0) for line in lines if line.strip()]
    margin = min(margins, default=0)
    text = "\n".join(line[margin:] if line.strip() else "" for line in lines)
    if text.startswith(("---", "%")):
        raise Refused("leave out the --- and what stands above it")
    try:
        text.encode("utf-8")
        doc = parsed(text + "\n", loader)  # as it will stand above other lines
    except UnicodeEncodeError:
        raise Refused("it holds half a character") from None
    except Refused as refused:
        raise Refused(f"this cannot be read as YAML ({refused})") from None
    if doc.root is None:
        raise Refused("there is nothing in it")
    if doc.refused:
        raise Refused("anchors, aliases and tags are not used here")
    return doc, text


def _normal(text: str, node: Node, dash: int) -> list[str]:
    """Lines of a dashed item with one space behind its dash, where that is possible."""
    start = node.start_mark.index
    if line_start(text, start) != line_start(text, dash) or column(text, dash):
        return text.split("\n")
    gap = start - dash - 1
    head = text[: dash + 1] + " " + text[start : line_end(text, start)]
    rest = text[line_end(text, start) + 1 :].split("\n") if line_end(text, start) < len(text) else []
    kept = [line[gap - 1 :] if line[: gap + 1].isspace() else line for line in rest]
    return [*head.split("\n"), *kept]


def _with_dash(text: str, node: Node) -> list[str]:
    start = line_start(text, node.start_mark.index)
    above = text[:start].split("\n")[:-1]
    first, *rest = text[start:].split("\n")
    return [*above, "- " + first, *("  " + line if line else line for line in rest)]


def _one_line(text: str, node: Node) -> str | None:
    """An entry on one line; None where a comment would be lost."""
    if has_comment(text, node) or "#" in text[: node.start_mark.index] or "#" in text[end_of(text, node) :]:
        return None
    return on_one_line(text, node)


def on_one_line(text: str, node: Node) -> str:
    """A node in brackets, with the quotes it has as far as they will do."""
    if isinstance(node, Map):
        items = [on_one_line(text, item) for item in node.items]
        return "{" + ", ".join(f"{key}: {value}" for key, value in zip(items[::2], items[1::2], strict=True)) + "}"
    if isinstance(node, List):
        return "[" + ", ".join(on_one_line(text, item) for item in node.items) + "]"
    if not node.style:
        if not node.value or fits_plain(node.value, True) or plain_of(node) is None:
            return str(node.value)
        return scalar(node.value, "", True, quote='"')
    return scalar(node.value, node.style if node.style in "'\"" else "", True, quote='"')


def has_comment(text: str, node: Node) -> bool:
    """Whether a comment stands inside the text of a node."""
    at = node.start_mark.index
    for leaf in _leaves(node):
        if "#" in text[at : leaf.start_mark.index]:
            return True
        at = end_of(text, leaf)
        if leaf.style in ("|", ">") and "#" in text[leaf.start_mark.index : line_end(text, leaf.start_mark.index)]:
            return True
    return "#" in text[at : end_of(text, node)]


def _leaves(node: Node) -> Iterator[Node]:
    if node.value is not None:
        yield node
        return
    for item in node.items:
        yield from _leaves(item)


def excerpt(text: str, start: int, end: int) -> str:
    """A piece of a text with its first line's column taken off the others, and plain line breaks."""
    depth = column(text, start)
    first, *rest = text[start:end].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join([first, *(line[min(depth, content(line, 0)) :] for line in rest)])
