"""Where things stand in the text of a document: lines, comments, and where a value really ends.

Positions are code point offsets. The end of a range is exclusive, and is before a line break.
"""

from __future__ import annotations

import re

from timeline.nodes import Branch, List, Node

_BREAK = re.compile(r"\r\n|\r|\n")
_TO_BREAK = re.compile(r"[^\r\n]*")
_GAP = re.compile(r"[ \t\r\n]*")
_BLANKS = re.compile(r"[ \t]*")


def line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_end(text: str, at: int) -> int:
    """The end of the line that holds `at`, before its break."""
    found = _TO_BREAK.match(text, at)
    return found.end() if found else len(text)


def next_line(text: str, end: int) -> int | None:
    """The start of the line below the one that ends at `end`; None at the end of the text."""
    found = _BREAK.match(text, end)
    return found.end() if found else None


def line_above(text: str, start: int) -> int | None:
    """The start of the line above the one that starts at `start`."""
    if start == 0:
        return None
    end = start - 2 if text.startswith("\r\n", start - 2) and start >= 2 else start - 1
    return line_start(text, end)


def break_at(text: str, at: int) -> str:
    """The line break that lines near `at` end with."""
    if found := _BREAK.search(text, at):
        return found[0]
    start = line_start(text, at)
    if start >= 2 and text.startswith("\r\n", start - 2):
        return "\r\n"
    return text[start - 1] if start else "\n"


def content(text: str, start: int) -> int:
    """The first letter of a line, or its end."""
    found = _BLANKS.match(text, start)
    return found.end() if found else start


def column(text: str, at: int) -> int:
    return at - line_start(text, at)


def is_blank(text: str) -> bool:
    return not text.strip(" \t\r\n")


def opens_line(text: str, at: int) -> bool:
    """Nothing but spaces before it on its line."""
    return not text[line_start(text, at) : at].strip(" \t")


def end_of(text: str, node: Node) -> int:
    """Where the text of a node ends: neither trailing blank lines nor comments are part of it."""
    while node.value is None and not node.flow and node.items:
        node = node.items[-1]
    if node.value is not None and node.style in ("|", ">"):
        return _block_end(text, node.start_mark.index, node.end_mark.index)
    if node.value == "" and not node.style:
        return null_at(text, node)
    end: int = node.end_mark.index
    return end


def null_at(text: str, node: Node) -> int:
    """Where a value that is not there would stand; parsers put it behind blanks or before them."""
    at: int = node.start_mark.index
    while at and text[at - 1] in " \t":
        at -= 1
    return at


def keeps_blanks(text: str, node: Node) -> bool:
    """Whether blank lines below a node are part of it."""
    while node.value is None and not node.flow and node.items:
        node = node.items[-1]
    start = node.start_mark.index
    return node.style in ("|", ">") and "+" in text[start : line_end(text, start)].partition("#")[0]


def _block_end(text: str, start: int, end: int) -> int:
    """The end of a block scalar's last line; blank lines count where it keeps them."""
    head = line_end(text, start)
    piece = text[head:end]
    if "+" not in text[start:head].partition("#")[0]:
        piece = piece.rstrip(" \t\r\n")
        return line_end(text, head + len(piece))
    for ending in ("\r\n", "\n", "\r"):
        if piece.endswith(ending):
            return head + len(piece) - len(ending)
    return head + len(piece)


def head_of(text: str, branch: Branch, index: int) -> int:
    """Where an entry begins: its dash, its key; in a flow list the item itself."""
    if not isinstance(branch, List):
        at: int = branch.items[2 * index].start_mark.index
        return at
    item = branch.items[index]
    at = item.start_mark.index
    if branch.flow:
        return at
    if index == 0:
        return int(branch.start_mark.index)
    depth = column(text, branch.start_mark.index)
    start: int | None = line_start(text, at)
    while start is not None:
        if text[start + depth : start + depth + 1] == "-" and not text[start : start + depth].strip(" "):
            return start + depth
        start = line_above(text, start)
    return at


def value_of(branch: Branch, index: int) -> Node:
    return branch.items[index] if isinstance(branch, List) else branch.items[2 * index + 1]


def count_of(branch: Branch) -> int:
    return len(branch.items) if isinstance(branch, List) else len(branch.items) // 2


def tail_end(text: str, branch: Branch, index: int) -> int:
    """Where an entry ends, without comments; in a flow mapping a key may have no value at all."""
    end = end_of(text, value_of(branch, index))
    if isinstance(branch, List):
        return end
    return max(end, int(branch.items[2 * index].end_mark.index))


def body(text: str, branch: Branch, index: int) -> tuple[int, int]:
    """An entry with the comments that travel with it.

    Those are: the lines directly above it at its column, the rest of its last line, and in block style what
    stands below it and deeper than it.
    """
    head = head_of(text, branch, index)
    floor = tail_end(text, branch, index - 1) if index else 0
    begin = attached(text, head, floor)
    end = tail_end(text, branch, index)
    if branch.flow:
        return begin, end
    return begin, below(text, line_end(text, end), column(text, head))


def attached(text: str, head: int, floor: int) -> int:
    """Where the comments begin that stand directly above `head`, at its column and after `floor`."""
    if not opens_line(text, head):
        return head
    start = line_start(text, head)
    depth, begin = head - start, head
    above = line_above(text, start)
    while above is not None and above >= floor:
        first = content(text, above)
        if text[first : first + 1] != "#" or first - above != depth:
            break
        begin = first
        above = line_above(text, above)
    return begin


def below(text: str, end: int, depth: int) -> int:
    """The end of the comments below the line that ends at `end`, as far as they stand deeper than `depth`."""
    last = end
    start = next_line(text, end)
    while start is not None:
        end = line_end(text, start)
        first = content(text, start)
        if first < end:
            if text[first] != "#" or first - start <= depth:
                break
            last = end
        start = next_line(text, end)
    return last


def blank_lines(text: str, start: int) -> int:
    """How many blank lines follow the line that ends at `start`."""
    found = _GAP.match(text, start)
    gap = found[0] if found else ""
    return max(0, len(_BREAK.findall(gap)) - 1)


def comment_free(text: str, start: int, end: int) -> bool:
    """Whether the text between two entries, or around one, holds no comment."""
    return "#" not in text[start:end]


def comma(text: str, at: int) -> int | None:
    """The comma that follows an entry of a flow collection, past blanks and comments."""
    while at < len(text):
        letter = text[at]
        if letter == ",":
            return at
        if letter == "#":
            at = line_end(text, at)
        elif letter in " \t\r\n":
            at += 1
        else:
            return None
    return None


def remark(text: str, at: int) -> int:
    """The end of a comment that stands behind `at` on its line; `at` where there is none."""
    first = content(text, at)
    return line_end(text, first) if text[first : first + 1] == "#" and first > at else at
