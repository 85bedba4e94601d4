"""Nodes that stand elsewhere since an edit, so that a large file is not parsed again for the next one.

What follows an edit has all moved by as many letters and lines. A branch tells its new place at once and makes its
children only when somebody looks at them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec import Struct

from timeline.nodes import Branch, Gone, List, Map, Node


class Mark(Struct):
    """A place in a text, all from 0."""

    index: int
    line: int
    column: int


class Shift(NamedTuple):
    """How far nodes have moved. Whole lines move, so that columns stay."""

    letters: int = 0
    lines: int = 0

    def __call__(self, mark: Any) -> Mark:
        return Mark(mark.index + self.letters, mark.line + self.lines, mark.column)


class Word(Struct):
    """A scalar."""

    value: str
    style: str | None
    start_mark: Mark
    end_mark: Mark


class _Moved:
    """The children of a moved branch, made when they are asked for."""

    origin: Branch
    shift: Shift

    def __getattr__(self, name: str) -> Any:
        if name != "items":
            raise AttributeError(name)
        self.items = [moved(item, self.shift) for item in self.origin.items]
        return self.items


class _MovedMap(_Moved, Map):
    pass


class _MovedList(_Moved, List):
    pass


def moved(node: Node, shift: Shift) -> Node:
    """The same node at its new place."""
    if node.value is not None:
        return Word(node.value, node.style, shift(node.start_mark), shift(node.end_mark))
    origin = node
    if isinstance(node, _Moved):  # nothing is kept of the places it had on its way
        origin, shift = node.origin, Shift(node.shift.letters + shift.letters, node.shift.lines + shift.lines)
    made: Any
    if isinstance(origin, Gone):
        made = Gone(None, True)
    else:
        made = object.__new__(_MovedMap if isinstance(origin, Map) else _MovedList)
        made.origin, made.shift, made.flow = origin, shift, origin.flow
    made.start_mark, made.end_mark = shift(origin.start_mark), shift(origin.end_mark)
    return made


def unmoved(node: Node) -> Node:
    """The node as it was read, for those who ask what it says and not where."""
    return node.origin if isinstance(node, _Moved) else node


def branch_like(branch: Branch, items: list[Node], start: Any, end: Any) -> Branch:
    """A block of the same kind with other items."""
    made = (List if isinstance(branch, List) else Map)(start, branch.flow)
    made.end_mark, made.items = end, items
    return made


class Settling(Struct, frozen=True):
    """From a part of `letters` that was read on its own to its place in the whole.

    What ends behind the part ends in the whole at the next word, `beyond`; but a text over several lines does so
    behind the blank lines that follow it, at `blanks`.
    """

    letters: int
    shift: Shift
    beyond: Mark
    blanks: Mark

    def settled(self, node: Node) -> Node:
        """A node of the part at its place in the whole."""
        start = self._place(node.start_mark, self.beyond)
        if node.value is not None:
            behind = self.blanks if node.style else self.beyond
            return Word(node.value, node.style, start, self._place(node.end_mark, behind))
        items = [self.settled(item) for item in node.items]
        return branch_like(node, items, start, self._place(node.end_mark, self.beyond))

    def _place(self, mark: Any, behind: Mark) -> Mark:
        return self.shift(mark) if mark.index <= self.letters else behind
