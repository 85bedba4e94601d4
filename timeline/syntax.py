"""From text to nodes past mistakes of syntax: each is told in plain words, and the rest is read on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from timeline.model import Problem, Span
from timeline.nodes import LOADER, Node, TooDeep, build
from timeline.problems import Source


@dataclass(slots=True)
class Parsed:
    """The nodes of a text and what its syntax cost.

    `damage`: half-open ranges of the text that had to be left out. `hashes`: ends of values behind which
    a comment begins without a space after its `#`.
    """

    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)
    damage: list[tuple[int, int]] = field(default_factory=list)
    hashes: frozenset[int] = frozenset()


_HASH = re.compile(r"[ \t]+#(?=[^\s#])")


def parse(source: Source, loader: str = LOADER) -> Parsed:
    parsed = Parsed()
    try:
        tree = build(source.text, loader)
    except (yaml.YAMLError, TooDeep) as error:
        mark: Any = getattr(error, "problem_mark", None) or getattr(error, "mark", None)
        span = source.span(mark.index, mark.index + 1) if mark else Span()
        parsed.problems.append(Problem("error", "syntax", getattr(error, "problem", str(error)), span))
        return parsed
    parsed.root = tree.root
    for code, message, start, end, hint in tree.refused:
        parsed.problems.append(Problem("error", code, message, source.span(start, end), hint))
    parsed.hashes = frozenset(found.start() for found in _HASH.finditer(source.text))
    return parsed


def undecodable(raw: bytes) -> str | None:
    """Why `raw` is not UTF-8 text, with the place of the first wrong byte; None when it is."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "this is UTF-16; save it as UTF-8"
        line = raw.count(b"\n", 0, error.start) + 1
        byte = raw[error.start]
        letter = bytes([byte]).decode("cp1252", "replace")
        meant = f' ("{letter}" in Windows-1252)' if letter.isprintable() and letter != "\ufffd" else ""
        return f"not UTF-8: byte 0x{byte:02X}{meant} in line {line}; save it as UTF-8"
    return None
