"""Reading only the part of a large file that an edit touched.

A run of whole entries of one block, from the start of a line to the end of one, reads the same on its own as in its
place: what a parser knows before it is unchanged, and an entry put behind it as a sentinel, at the same column, shows
that nothing in it runs on into what follows. Where one of these is in doubt, the whole file is read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from timeline.edit.change import Change, Splice, changed, spliced
from timeline.edit.document import Document, Plain, Step, Steps, parsed
from timeline.edit.layout import body, column, count_of, head_of, line_end, line_start, next_line, opens_line, value_of
from timeline.edit.moved import Mark, Settling, Shift, branch_like, moved
from timeline.nodes import Branch, List, Node

LARGE = 20_000  # letters, from which on it is worth it
_SENTINEL = "needledrop-sentinel"
_SPACES = re.compile(r"[\r\n]*[\r\n][ \t]+(?:[\r\n]|\Z)")
_BREAK = re.compile(r"\r\n|\r|\n")
_OPEN = re.compile(r"\s*(?:#[^\r\n]*[\r\n]\s*)*#[^\r\n]*\Z")  # remarks to the end, the last line without an end
_BREAKS = re.compile(r"[\r\n]+")


class _Run(Struct, frozen=True):
    """Entries `first` to `last` of the block at the end of `steps`, and where their lines begin and end."""

    steps: Steps
    branch: Branch
    first: int
    last: int
    start: int
    end: int


class _Part(Struct, frozen=True):
    """A run that was read again: its items at their new places, what they say, and how far it moves the rest."""

    run: _Run
    items: list[Node]
    entries: list[Any]
    start: Any
    before: Shift
    after: Shift


def reread(doc: Document, text: str, change: Change) -> Document | None:
    """The document after a change, read again where it changed; None where the whole of it has to be read.

    Raises Refused for a text with a mistake of syntax.
    """
    parts, plain, shift = list[_Part](), doc.plain, Shift()
    runs = _runs(doc, change)
    for run, splices in runs:
        part = _read(doc, run, splices, shift)
        if part is None or (len(runs) > 1 and len(part.entries) != run.last - run.first + 1):
            return None  # the entries of the next run are counted as they were
        plain = changed(plain, run.steps, partial(_with_entries, part))
        parts.append(part)
        shift = part.after
    if not parts or (change.plain is not ... and plain != change.plain):
        return None
    return replace(doc, text=text, root=_rebuilt(doc.root, parts, 0, Shift()), plain=plain)


def _read(doc: Document, run: _Run, splices: Sequence[Splice], shift: Shift) -> _Part | None:
    """Reads a run again; `shift` is how far it has moved itself. None where it does not stand on its own."""
    old = doc.text[run.start : run.end]
    piece, _ = spliced(old, [Splice(one.start - run.start, one.end - run.start, one.new) for one in splices])
    depth = column(doc.text, head_of(doc.text, run.branch, run.first))
    is_list = isinstance(run.branch, List)
    sentinel = f"- {_SENTINEL}" if is_list else f"{_SENTINEL}: 0"
    part = parsed(f"{piece}\n{' ' * depth}{sentinel}\n", doc.loader)
    root = part.root
    if not isinstance(root, Branch) or isinstance(root, List) != is_list or part.refused or part.tabs or root.flow:
        return None
    *entries, end = _entries(part.plain)
    if end != ((None, _SENTINEL) if is_list else (_SENTINEL, "0")):
        return None
    after = Shift(shift.letters + len(piece) - len(old), shift.lines + _breaks(piece) - _breaks(old))
    first = value_of(run.branch, run.first).start_mark
    line = first.line - _breaks(doc.text[run.start : first.index])
    here = Shift(run.start + shift.letters, line + shift.lines)
    found = _BREAKS.match(doc.text, run.end)
    blanks = found.end() if found else run.end
    behind = Mark(blanks, line + _breaks(doc.text[run.start : blanks]), 0)
    settling = Settling(len(piece), here, after(_next(doc.text, run)), after(behind))
    items = [settling.settled(item) for item in root.items[: -1 if is_list else -2]]
    return _Part(run, items, entries, here(root.start_mark), shift, after)


def _next(text: str, run: _Run) -> Any:
    """The mark of what follows a run, where its blocks end."""
    if run.last == count_of(run.branch) - 1:
        return run.branch.end_mark
    if not isinstance(run.branch, List):
        return run.branch.items[2 * run.last + 2].start_mark
    at, mark = head_of(text, run.branch, run.last + 1), run.branch.items[run.last + 1].start_mark
    return Mark(at, mark.line - _breaks(text[at : mark.index]), column(text, at))


def _breaks(text: str) -> int:
    return len(_BREAK.findall(text))


def _with_entries(part: _Part, old: Plain) -> Plain:
    entries = _entries(old)
    made = [*entries[: part.run.first], *part.entries, *entries[part.run.last + 1 :]]
    if isinstance(old, list):
        return [value for _, value in made]
    return tuple(one for entry in made for one in entry)


def _rebuilt(node: Any, parts: Sequence[_Part], depth: int, shift: Shift) -> Branch:
    """The branch with `parts` in it, all below the first `depth` steps, and the rest moved as they move it."""
    width = 1 if isinstance(node, List) else 2
    items, done, start = list[Node](), 0, shift(node.start_mark)
    for index, group in groupby(parts, lambda part: _index(part, depth)):
        inside = list(group)
        run = inside[0].run
        if len(run.steps) == depth:
            items += _moved(node.items[done : width * index], shift)
            items += inside[0].items
            start = inside[0].start if index == 0 else start
            done = width * (run.last + 1)
        else:
            here = width * (index + 1) - 1
            items += _moved(node.items[done:here], shift)
            items.append(_rebuilt(node.items[here], inside, depth + 1, shift))
            done = here + 1
        shift = inside[-1].after
    items += _moved(node.items[done:], shift)
    return branch_like(node, items, start, shift(node.end_mark))


def _moved(items: list[Node], shift: Shift) -> list[Node]:
    return [moved(item, shift) for item in items] if any(shift) else items


def _index(part: _Part, depth: int) -> int:
    """The entry at a depth that a part is in, or begins with."""
    return part.run.first if len(part.run.steps) == depth else part.run.steps[depth].index


def _runs(doc: Document, change: Change) -> list[tuple[_Run, list[Splice]]]:
    """The entries that hold all splices, in one run or in several; none where they are too many or share lines."""
    text, splices = doc.text, change.splices
    if len(text) < LARGE or not splices or doc.refused or doc.tabs:
        return []
    one = _run(doc, change.inside, splices, up=change.plain is not ...)
    if one is not None and 2 * (one.end - one.start) < len(text):
        return [(one, list(splices))]
    return _apart(doc, splices) if change.plain is not ... else []


def _apart(doc: Document, splices: Sequence[Splice]) -> list[tuple[_Run, list[Splice]]]:
    """A run for each splice, where they are far from one another."""
    made: list[tuple[_Run, list[Splice]]] = []
    for splice in sorted(splices, key=lambda one: one.start):
        run = _run(doc, _down_to(doc, splice), [splice], up=True)
        if run is None:
            return []
        if made and made[-1][0].end > run.start:
            if (made[-1][0].start, made[-1][0].end) != (run.start, run.end):
                return []
            made[-1][1].append(splice)
        else:
            made.append((run, [splice]))
    return made if 2 * sum(run.end - run.start for run, _ in made) < len(doc.text) else []


def _down_to(doc: Document, splice: Splice) -> Steps:
    """The way to the innermost block that holds a place."""
    node, steps = doc.root, list[Step]()
    while isinstance(node, Branch) and not node.flow and node.items:
        steps.append(Step(node, _entry_at(node, splice.start)))
        node = steps[-1].node
    return tuple(steps[:-1])


def _run(doc: Document, inside: Steps, splices: Sequence[Splice], up: bool) -> _Run | None:
    """The entries of the block at the end of `inside` that hold all splices, or, `up`, of a block around it."""
    low, high = min(one.start for one in splices), max(one.end for one in splices)
    for depth in range(len(inside), -1, -1) if up else (len(inside),):
        steps = inside[:depth]
        node = steps[-1].node if steps else doc.root
        if isinstance(node, Branch) and not node.flow and node.items:
            run = _in_block(doc.text, steps, node, low, high)
            if run is not None:
                return run
    return None


def _entry_at(branch: Branch, place: int) -> int:
    """The last entry of which the value begins before a place, or the first."""
    found = bisect_right(range(count_of(branch)), place, key=lambda n: value_of(branch, n).start_mark.index)
    return max(0, found - 1)


def _in_block(text: str, steps: Steps, branch: Branch, low: int, high: int) -> _Run | None:
    first = last = _entry_at(branch, low)
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
    if _OPEN.match(text, end):
        return None  # there the parsers tell places that depend on what stands before
    return _Run(steps, branch, first, last, start, end)


def _entries(plain: Plain) -> list[Any]:
    if isinstance(plain, tuple):
        return list(zip(plain[::2], plain[1::2], strict=True))
    return [(None, item) for item in plain]
