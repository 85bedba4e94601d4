"""From text to nodes past mistakes of syntax: each is told in plain words, and the rest is read on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from timeline.model import Problem, Span
from timeline.nodes import LOADER, Node, TooDeep, build
from timeline.problems import Source
from timeline.walk import Walker


@dataclass(slots=True)
class Parsed:
    """The nodes of a text, the walker that made values of them, and the mistakes of syntax.

    `text` is what was parsed: as long as the file's, with spaces where a mistake had to be left out.
    """

    root: Node | None
    walker: Walker
    text: str
    problems: list[Problem] = field(default_factory=list)


def parse(source: Source, loader: str = LOADER) -> Parsed:
    """The nodes of a text and everything that is wrong with its syntax."""
    walker = Walker(source)
    parsed = Parsed(None, walker, source.text)
    try:
        tree = build(source.text, loader, walker)
    except (yaml.YAMLError, TooDeep) as error:
        mark: Any = getattr(error, "problem_mark", None)
        span = source.span(mark.index, mark.index + 1) if mark else Span()
        parsed.problems.append(Problem("error", "syntax", getattr(error, "problem", str(error)), span))
        return parsed
    parsed.root = tree.root
    for code, message, start, end, hint in tree.refused:
        parsed.problems.append(Problem("error", code, message, source.span(start, end), hint))
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
