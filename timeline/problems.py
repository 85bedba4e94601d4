"""Where a problem stands, and how it is told: with its line and a caret, or as data."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from timeline.model import Problem, Span
from timeline.words import visible

_BREAK = re.compile(r"\r\n|\r|\n")
_WIDEST = 100  # columns of a source line that are shown


class Source:
    """The text of one file and its name; finds lines and columns the way editors count them.

    Lines end at CR LF, CR or LF. Columns count code points from 1. A byte order mark is not part of `text`.
    """

    __slots__ = ("_starts", "name", "text")

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self._starts: list[int] | None = None

    def starts(self) -> list[int]:
        """The offset of each line's first character."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _BREAK.finditer(self.text))]
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a code point offset."""
        starts = self.starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        return Span(start, end, *self.position(start))

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its line break."""
        starts = self.starts()
        start = starts[number - 1]
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


def render(problem: Problem, source: Source) -> str:
    """`file:line:column: severity: message [code]`, the source line, a caret under the words, the hint."""
    span = problem.span
    head = f"{source.name}:{span.line}:{span.column}: {problem.severity}: {problem.message} [{problem.code}]"
    line = source.line(span.line)
    first = span.column - 1
    last = min(max(first + 1, first + span.end - span.start), max(len(line), first + 1))
    shown, first, last = _window(line, first, last)
    gutter = f"{span.line:>6} | "
    rows = [head]
    if shown.strip():
        rows.append(gutter + _seen(shown))
        before, until = width(_seen(shown[:first])), width(_seen(shown[:last]))
        rows.append(" " * 6 + " | " + " " * before + "^" * max(1, until - before))
    if problem.hint:
        rows.append(" " * 6 + f" = {problem.hint}")
    return "\n".join(rows)


def as_json(problem: Problem, source: Source) -> dict[str, str | int | None]:
    """The problem as plain data; lines and columns from 1, the end exclusive."""
    span = problem.span
    end_line, end_column = source.position(max(span.start, span.end))
    return {
        "file": source.name,
        "line": span.line,
        "column": span.column,
        "end_line": end_line,
        "end_column": end_column,
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def _window(line: str, first: int, last: int) -> tuple[str, int, int]:
    """The part of a long line that holds the marked words, and where they are in it."""
    if len(line) <= _WIDEST:
        return line, first, last
    begin = max(0, min(first - 20, len(line) - _WIDEST))
    shown = line[begin : begin + _WIDEST]
    first, last = first - begin, min(last - begin, _WIDEST)
    if begin:
        shown = "…" + shown[1:]
    if begin + _WIDEST < len(line):
        shown = shown[:-1] + "…"
    return shown, first, last


def _seen(text: str) -> str:
    """`text` as it can be shown: tabs at every fourth column, what would move the cursor as U+FFFD."""
    return visible(text.expandtabs(4))


def width(text: str) -> int:
    """How many columns of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    return sum(_cell(letter) for letter in text)


def _cell(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
