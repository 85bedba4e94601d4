"""Reading only the part of a large file that an edit touched.

A run of whole entries of one block, from the start of a line to the end of one, reads the same on its own as in its
place: what a parser knows before it is unchanged, and an entry put behind it as a sentinel, at the same column, shows
that nothing in it runs on into what follows. Where one of these is in doubt, the whole file is read.
"""

from __future__ import annotations

import copy
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from timeline.edit.change import Change, Splice, changed, spliced
from timeline.edit.document import Document, Plain, Steps, parsed
from timeline.edit.layout import body, column, count_of, head_of, line_end, line_start, next_line, opens_line, value_of
from timeline.nodes import Branch, List

LARGE = 20_000  # letters, from which on it is worth it
_SENTINEL = "needledrop-sentinel"
_SPACES = re.compile(r"[\r\n]*[\r\n][ \t]+(?:[\r\n]|\Z)")


@dataclass(frozen=True, slots=True)
class _Run:
    """Entries `first` to `last` of the block at the end of `steps`, and where their lines begin and end."""

    steps: Steps
    branch: Branch
    first: int
    last: int
    start: int
    end: int


def reread(doc: Document, text: str, change: Change) -> Document | None:
    """The document after a change, read again where it changed; None where the whole of it has to be read.

    Its nodes tell names and not places (`rough`). Raises Refused for a text that does not say what it should.
    """
    run = _run(doc, change)
    if run is None:
        return None
    moved = [Splice(one.start - run.start, one.end - run.start, one.new) for one in change.splices]
    piece, _ = spliced(doc.text[run.start : run.end], moved)
    depth = column(doc.text, head_of(doc.text, run.branch, run.first))
    is_list = isinstance(run.branch, List)
    sentinel = f"- {_SENTINEL}" if is_list else f"{_SENTINEL}: 0"
    part = parsed(f"{piece}\n{' ' * depth}{sentinel}\n", doc.loader)
    if not isinstance(part.root, type(run.branch)) or part.refused or part.root.flow:
        return None
    *entries, end = _entries(part.plain)
    if end != ((None, _SENTINEL) if is_list else (_SENTINEL, "0")) or (part.tabs and not doc.tabs):
        return None
    whole = doc.plain
    for step in run.steps:
        whole = whole[step.index if isinstance(step.branch, List) else 2 * step.index + 1]
    old = _entries(whole)
    new = [*old[: run.first], *entries, *old[run.last + 1 :]]
    plain = changed(doc.plain, run.steps, lambda _: _joined(new, is_list))
    if change.plain is not ... and plain != change.plain:
        return None
    width = 1 if is_list else 2
    items = run.branch.items
    items = [*items[: width * run.first], *part.root.items[:-width], *items[width * (run.last + 1) :]]
    return Document(text, doc.bom, _patched(doc.root, run.steps, items), plain, doc.refused, doc.loader, doc.tabs, True)


def _run(doc: Document, change: Change) -> _Run | None:
    """The entries that hold all splices; None where they are too many, or share a line with something else."""
    text, splices = doc.text, change.splices
    if len(text) < LARGE or not splices:
        return None
    low, high = min(one.start for one in splices), max(one.end for one in splices)
    depths = range(len(change.inside), -1, -1) if change.plain is not ... else (len(change.inside),)
    for depth in depths:
        steps = change.inside[:depth]
        node = steps[-1].node if steps else doc.root
        if isinstance(node, Branch) and not node.flow and node.items:
            run = _in_block(text, steps, node, low, high)
            if run is not None:
                return run if 2 * (run.end - run.start) < len(text) else None
    return None


def _in_block(text: str, steps: Steps, branch: Branch, low: int, high: int) -> _Run | None:
    starts = [value_of(branch, n).start_mark.index for n in range(count_of(branch))]
    first = last = max(0, bisect_right(starts, low) - 1)
    begin, end = body(text, branch, first)
    while first and line_start(text, begin) > low:
        first -= 1
        begin = body(text, branch, first)[0]
    while last < count_of(branch) - 1 and end < high:
        last += 1
        end = body(text, branch, last)[1]
    start = line_start(text, begin)
    if not (start <= low and high <= end) or not opens_line(text, begin):
        return None
    if "+" in text[start:end] and any(mark in text[start:end] for mark in ("|+", ">+", "|1", ">1")):
        return None  # blank lines behind it may be part of it
    if next_line(text, line_end(text, end)) is None:
        return None  # the end of the file may end a text
    if _SPACES.match(text, end):
        return None  # a line of spaces may be the last one of a text
    return _Run(steps, branch, first, last, start, end)


def _entries(plain: Plain) -> list[Any]:
    if isinstance(plain, tuple):
        return list(zip(plain[::2], plain[1::2], strict=True))
    return [(None, item) for item in plain]


def _joined(entries: Sequence[Any], is_list: bool) -> Plain:
    if is_list:
        return [value for _, value in entries]
    return tuple(part for entry in entries for part in entry)


def _patched(node: Any, steps: Steps, items: list[Any]) -> Any:
    """The nodes with other items for one block; what is not on the way to it is shared."""
    made = copy.copy(node)
    if not steps:
        made.items = items
        return made
    made.items = list(node.items)
    place = steps[0].index if isinstance(node, List) else 2 * steps[0].index + 1
    made.items[place] = _patched(made.items[place], steps[1:], items)
    return made
