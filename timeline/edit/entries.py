"""Entries of a mapping or list as text: taking one away, putting one in, in the manner of their neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from timeline.edit.change import Splice
from timeline.edit.layout import (
    blank_lines,
    body,
    break_at,
    column,
    comma,
    comment_free,
    content,
    count_of,
    head_of,
    is_blank,
    keeps_blanks,
    line_above,
    line_end,
    line_start,
    next_line,
    opens_line,
    remark,
    tail_end,
    value_of,
)
from timeline.edit.ops import Refused
from timeline.nodes import Branch, List, Map


def indented(lines: list[str], depth: int, ending: str) -> str:
    """Lines of an entry at column `depth`; the first is put where it belongs by whoever asks."""
    pad = " " * depth
    return ending.join(line if place == 0 or not line.strip() else pad + line for place, line in enumerate(lines))


# -- taking one away


def removal(text: str, branch: Branch, index: int) -> Iterator[Splice]:
    """Takes one entry of several away. What stands between the others stays as it is found."""
    if branch.flow:
        yield from _flow_removal(text, branch, index)
        return
    begin, end = body(text, branch, index)
    last = index == count_of(branch) - 1
    if not opens_line(text, begin):
        yield from _removal_from_shared_line(text, branch, index, begin)
    elif last:
        before = body(text, branch, index - 1)[1]
        start = before if is_blank(text[before:begin]) else _break_before(text, begin)
        yield Splice(start, end, "")
    else:
        yield from _inner_removal(text, branch, index, begin, end)


def _inner_removal(text: str, branch: Branch, index: int, begin: int, end: int) -> Iterator[Splice]:
    after = body(text, branch, index + 1)[0]
    before = body(text, branch, index - 1)[1] if index else begin
    if not is_blank(text[end:after]):
        below = next_line(text, end)
        yield Splice(line_start(text, begin), end if below is None else below, "")
    elif index and keeps_blanks(text, value_of(branch, index - 1)):
        yield Splice(begin, after, "")
    elif index and is_blank(text[before:begin]) and blank_lines(text, before) < blank_lines(text, end):
        yield Splice(before, end, "")
    else:
        yield Splice(begin, after, "")


def _removal_from_shared_line(text: str, branch: Branch, index: int, begin: int) -> Iterator[Splice]:
    """The first entry stands behind the dash of an item: the second takes its place."""
    if index or (isinstance(branch, List) and not text[begin] == "-"):
        raise Refused("it shares its line with something else; put it on a line of its own first")
    end = body(text, branch, 0)[1]
    after, head = body(text, branch, 1)[0], head_of(text, branch, 1)
    between = [line.strip(" \t") for line in text[end:head].splitlines() if line.strip()]
    start = line_start(text, begin)
    if between and text[start:begin].strip() == "-":
        margin = text[start : content(text, start)]
        ending = break_at(text, begin)
        yield Splice(start, start, "".join(margin + line + ending for line in between))
        yield Splice(begin, head, "")
    elif is_blank(text[end:after]):
        yield Splice(begin, after, "")
    else:
        yield Splice(begin, end, "")


def _break_before(text: str, at: int) -> int:
    """Where the break before the line of `at` begins."""
    start = line_start(text, at)
    above = line_above(text, start)
    return 0 if above is None else line_end(text, above)


def _flow_removal(text: str, branch: Branch, index: int) -> Iterator[Splice]:
    begin = body(text, branch, index)[0]
    end = tail_end(text, branch, index)
    if index < count_of(branch) - 1:
        mark = comma(text, end)
        kept = remark(text, mark + 1) if mark is not None else end
        after = max(body(text, branch, index + 1)[0], kept)
        yield Splice(begin, after, "")
        return
    before = tail_end(text, branch, index - 1)
    if comment_free(text, before, begin):
        yield Splice(before, end, "")
        return
    mark = comma(text, before)
    if mark is not None and comma(text, end) is None:
        yield Splice(mark, mark + 1, "")
    trailing = comma(text, end)
    stop = remark(text, end if trailing is None else trailing + 1)
    start = _break_before(text, begin) if opens_line(text, begin) else begin
    yield Splice(start, stop if trailing is None or stop > trailing + 1 else trailing + 1, "")


# -- putting one in


def insertion(text: str, branch: Branch, index: int, lines: list[str], blanks: int) -> Iterator[Splice]:
    """Puts an entry before the one at `index` of a block that has some; `lines` are its text from column 0.

    `blanks`: how many blank lines stand between it and the entry above, or below where it is the first.
    """
    depth = column(text, head_of(text, branch, 0))
    if index:
        at = body(text, branch, index - 1)[1]
        ending = break_at(text, at)
        yield Splice(at, at, ending * (1 + blanks) + " " * depth + indented(lines, depth, ending))
    else:
        at = body(text, branch, 0)[0]
        ending = break_at(text, at)
        yield Splice(at, at, indented(lines, depth, ending) + ending * (1 + blanks) + " " * depth)


_NEAR = 3  # gaps on each side that tell how entries are kept apart


def usual_blanks(text: str, branch: Branch, index: int) -> int | None:
    """Blank lines that all neighbours of a place keep between them; None where there are not two."""
    first, last = max(1, index - _NEAR), min(count_of(branch), index + _NEAR)
    gaps = [_blanks_above(text, body(text, branch, place)[0]) for place in range(first, last)]
    return min(gaps) if gaps else None


def _blanks_above(text: str, begin: int) -> int:
    """Blank lines above a line, and above the comment paragraphs that stand on their own there."""
    found, above = 0, line_above(text, line_start(text, begin))
    while above is not None and text[content(text, above) : content(text, above) + 1] in ("", "\r", "\n", "#"):
        found, above = found + (text[content(text, above) : content(text, above) + 1] != "#"), line_above(text, above)
    return found


def flow_insertion(text: str, branch: Branch, index: int, entry: str) -> Iterator[Splice]:
    """Puts an entry, on one line, before the one at `index` of a collection in brackets."""
    start, end = branch.start_mark.index, branch.end_mark.index
    count = count_of(branch)
    if isinstance(branch, Map) and text[start] != "{":  # one pair in a list, without braces
        yield Splice(start, start, "{" + (f"{entry}, " if index == 0 else ""))
        yield Splice(end, end, (f", {entry}" if index else "") + "}")
        return
    if count == 0:
        inside = text[start + 1 : end - 1]
        if inside.strip():
            yield Splice(start + 1, start + 1, entry + " ")
        else:
            yield Splice(start + 1, end - 1, entry)
        return
    if index < count:
        at = body(text, branch, index)[0]
        own_line = opens_line(text, at)
        pad = break_at(text, at) + " " * column(text, at) if own_line else " "
        yield Splice(at, at, f"{entry},{pad}")
        return
    at = tail_end(text, branch, count - 1)
    head = head_of(text, branch, count - 1)
    mark = comma(text, at)
    if not opens_line(text, head):
        if mark is None:
            yield Splice(at, at, f", {entry}")
        else:
            yield Splice(mark + 1, mark + 1, f" {entry},")
        return
    if mark is None:
        yield Splice(at, at, ",")
    line = remark(text, at if mark is None else mark + 1)
    pad = break_at(text, at) + " " * column(text, head)
    yield Splice(line, line, pad + entry + ("" if mark is None else ","))


# -- changing their order


def reordering(text: str, branch: Branch, index: int, position: int) -> Iterator[Splice]:
    """Brings an entry to a position; blank lines and comments between entries stay where they are."""
    low, high = min(index, position), max(index, position)
    bodies = [_movable(text, branch, place) for place in range(low, high + 1)]
    order = list(range(len(bodies)))
    order.insert(position - low, order.pop(index - low))
    for place, source in enumerate(order):
        if place != source:
            for (start, end), (begin, stop) in zip(bodies[place], bodies[source], strict=True):
                yield Splice(start, end, text[begin:stop])


def _movable(text: str, branch: Branch, index: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The two ranges of an entry that travel: itself, and in brackets the comment behind its comma."""
    begin, end = body(text, branch, index)
    if not branch.flow:
        return (begin, end), (end, end)
    mark = comma(text, end)
    behind = end if mark is None else mark + 1
    return (begin, end), (behind, remark(text, behind))
