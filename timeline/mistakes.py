"""What a person did wrong where a YAML parser gave up, in plain words, with what to type instead.

The parser's own message is only a hint at which rule to try: it often stands a line or a hundred lines too
late. The text around it decides, so that libyaml and the pure Python parser lead to the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from timeline import spec
from timeline.nodes import DEEPEST, TooDeep
from timeline.words import shown


class Mistake(Struct, frozen=True):
    """What is wrong, where, and the smallest part of the text to leave out to go on."""

    code: str
    message: str
    start: int
    end: int
    hint: str | None
    region: tuple[int, int]


class Stop(Struct, frozen=True):
    """Where a parser gave up: `at`, what it was doing (`context`) since `since`, and what it says."""

    at: int
    context: str
    since: int | None
    problem: str
    too_deep: bool = False

    @classmethod
    def of(cls, error: Any) -> Stop:
        """From PyYAML's error, or from TooDeep."""
        mark, since = error.problem_mark, getattr(error, "context_mark", None)
        return cls(
            mark.index,
            getattr(error, "context", None) or "",
            since.index if since else None,
            getattr(error, "problem", None) or "",
            isinstance(error, TooDeep),
        )


_KEYS = frozenset(name for group in spec.GROUPS for name in group.known)
# Both halves of a key are written so that no line, however long, is looked at twice.
_PAIR = re.compile(
    r"(?P<lead> *(?:- +)*)(?!- )(?P<key>[^\s:#\"'\[{](?:[^:#\n\r]*[^\s:#])?) *:(?P<value>(?:[ \t].*)?)"
)
_TIGHT = re.compile(r" *(?:- +)*(?P<key>[a-z][a-z0-9-]*):(?P<value>[^\s:].*)")
_OPENING = re.compile(r"(?:^ *(?:- +)*|[:,\[{-][ \t]+|[\[{,])$")
_CONFLICT = re.compile(r"(?:<{7} [\s\S]*?^>{7}|[<=>|]{7}(?= |$)).*", re.MULTILINE)
_BREAK = re.compile(r"[\n\r]")
_RESERVED = "@`%&*!|>,]}?#"


def diagnose(text: str, stop: Stop) -> Mistake:
    """The mistake behind a parser's stop."""
    for rule in _RULES:
        if found := rule(text, stop):
            return found
    start, end = line_at(text, stop.at)
    first = stop.at if stop.at < end else content(text, start)
    return Mistake(
        "syntax", "this cannot be read here", first, max(end, first + 1), _STRUCTURE, _inside(text, start)
    )


_STRUCTURE = (
    "each line is key: value, or - for an item of a list; what belongs together stands at one indentation"
)


def line_at(text: str, at: int) -> tuple[int, int]:
    """Start and end, without its line break, of the line that holds an offset."""
    start = text.rfind("\n", 0, at) + 1
    start = text.rfind("\r", start, at) + 1 or start
    found = _BREAK.search(text, at)
    return start, found.start() if found else len(text)


def line_before(text: str, start: int) -> int | None:
    """The start of the nearest line above that says something."""
    while start > 0:
        start = (
            line_at(text, start - 1)[0]
            if text[start - 1 : start] != "\n"
            else line_at(text, max(start - 1, 0))[0]
        )
        first = content(text, start)
        if text[first : first + 1] not in ("", "\n", "\r", "#"):
            return start
    return None


def content(text: str, start: int) -> int:
    """The first place after a line's indentation."""
    while text[start : start + 1] in (" ", "\t"):
        start += 1
    return start


def block_end(text: str, line: int) -> int:
    """The end of a line with all that stands deeper below it, and of a key's list that does not."""
    depth = content(text, line) - line
    is_item = text[content(text, line) :].startswith("-")
    last = line_at(text, line)[1]
    for start, first in _lines_below(text, line):
        if first - start < depth or (first - start == depth and (is_item or text[first] != "-")):
            break
        last = line_at(text, first)[1]
    return last


def _lines_below(text: str, line: int) -> Iterator[tuple[int, int]]:
    """Start and first word of each line below that says something."""
    end = line_at(text, line)[1]
    while end < len(text):
        start = end + (2 if text.startswith("\r\n", end) else 1)
        end = line_at(text, start)[1]
        first = content(text, start)
        if first < end and text[first] != "#":
            yield start, first


def _end_of_deeper(text: str, line: int) -> int:
    """The end of a line with all below it that stand as deep or deeper: they share its mistake."""
    depth = content(text, line) - line
    last = line_at(text, line)[1]
    for start, first in _lines_below(text, line):
        if first - start < depth:
            break
        last = line_at(text, first)[1]
    return last


def _end_of_likes(text: str, line: int) -> int:
    """The end of an item with the items below it at the same depth: they share its mistake."""
    depth = content(text, line) - line
    last = line_at(text, line)[1]
    for start, first in _lines_below(text, line):
        if first - start < depth or (first - start == depth and text[first] != "-"):
            break
        last = line_at(text, first)[1]
    return last


def _inside(text: str, start: int) -> tuple[int, int]:
    """A line without its indentation and dashes."""
    end = line_at(text, start)[1]
    found = re.compile(r" *(?:- +)*").match(text, start, end)
    return (found.end() if found else start), end


def _value(text: str, start: int) -> tuple[int, int]:
    """What stands behind the key of a line, from its colon on; the whole line where there is no key."""
    begin, end = _inside(text, start)
    found = _PAIR.fullmatch(text, start, end)
    return (found.start("value"), end) if found else (begin, end)


def _said(text: str, start: int) -> str:
    """The value of a line, without a comment behind it."""
    begin, end = _value(text, start)
    return re.sub(r"(?<!\s)\s+#.*$", "", text[begin:end]).strip()


def _quoted(said: str) -> str:
    """`said` as a YAML text that means these very letters."""
    if len(said) > 1 and said[0] == said[-1] == "'":
        said = said[1:-1].replace("''", "'")
    if '"' not in said and "\\" not in said:
        return f'"{said}"'
    return "'" + said.replace("'", "''") + "'"


def _write(text: str, start: int) -> str:
    said = _said(text, start)
    return f"write {_quoted(said)}" if said and len(said) <= 60 else "put the whole value in quotes"


def _too_deep(text: str, stop: Stop) -> Mistake | None:
    if not stop.too_deep:
        return None
    start = line_at(text, stop.at)[0]
    region = (min(stop.at, _value(text, start)[0]), block_end(text, start))
    return Mistake("too-deep", f"nested deeper than {DEEPEST} levels", stop.at, stop.at + 1, None, region)


def _conflict(text: str, stop: Stop) -> Mistake | None:
    """The marks that a version control program leaves around two versions of some lines."""
    start = line_at(text, stop.at)[0]
    starts = [start, line_before(text, start)]
    if stop.since is not None:
        starts.append(line_at(text, stop.since)[0])
    for line in starts:
        found = None if line is None else _CONFLICT.match(text, line)
        if found:
            hint = "decide for one side and remove the marks"
            end = line_at(text, found.start())[1]
            return Mistake("conflict", "two versions stand here", found.start(), end, hint, found.span())
    return None


def _unclosed_quote(text: str, stop: Stop) -> Mistake | None:
    """A quote that opens a value and is closed by the next one, lines below, or by nothing."""
    opening = None
    if "quoted scalar" in stop.context and ("end of stream" in stop.problem or "document" in stop.problem):
        opening = stop.since
    else:
        before = text[: stop.at].rstrip()
        if before[-1:] in ("'", '"'):
            previous = before.rfind(before[-1], 0, len(before) - 1)
            if previous >= 0 and line_at(text, previous)[0] != line_at(text, len(before) - 1)[0]:
                line = line_at(text, previous)[0]
                opening = previous if _OPENING.search(text[line:previous]) else None
    if opening is None:
        return None
    start, end = line_at(text, opening)
    region = _value(text, start)
    if "{" in text[region[0] : opening] or "[" in text[region[0] : opening]:
        hint = f"close it with {text[opening]}"
    else:
        said = text[opening:end].strip()
        hint = f"write {said}{said[0]}" if len(said) <= 60 else f"close it with {text[opening]}"
    return Mistake("quote", "this quote is never closed", opening, max(end, opening + 1), hint, region)


def _after_quote(text: str, stop: Stop) -> Mistake | None:
    """Words behind a closing quote on the same line: `"Heroes" (live)`, `'it's'`."""
    start, end = line_at(text, stop.at)
    before = text[start : stop.at].rstrip()
    if before[-1:] not in ("'", '"') or stop.at >= end or "quoted scalar" in stop.context:
        return None
    flow = "flow " in stop.context
    if flow and text[stop.at] == ":":
        return None
    opening = re.search(r"""(?:^ *(?:- +)*|[:,\[{-][ \t]+|[\[{,])(['"])""", before)
    if opening is None:
        return None
    message = f"nothing can follow a closing quote: {shown(text[stop.at : end])}"
    hint = "put the whole text in quotes" if flow else _write(text, start)
    return Mistake("quote", message, stop.at, end, hint, _value(text, start))


def _escape(text: str, stop: Stop) -> Mistake | None:
    if "quoted scalar" not in stop.context:
        return None
    start = line_at(text, stop.at)[0]
    slash = text.rfind("\\", start, stop.at + 1)
    if slash < 0:
        return None
    hint = 'in "double quotes" a backslash is written \\\\; paths take / on every system'
    message = f"{shown(text[slash : slash + 2])} has no meaning in double quotes"
    return Mistake("escape", message, slash, slash + 2, hint, _value(text, start))


def _bracket(text: str, stop: Stop) -> Mistake | None:
    """A [ or { that is not closed, or a comma that is missing in it."""
    if "flow " not in stop.context or stop.since is None:
        return None
    opening = stop.since
    if text[opening : opening + 1] not in ("[", "{"):
        opening = max(text.rfind("[", 0, opening), text.rfind("{", 0, opening))
        if opening < 0:
            return None
    start, end = line_at(text, opening)
    closing = "]" if text[opening] == "[" else "}"
    region = (_value(text, start)[0], max(end, line_at(text, stop.at)[1]))
    if stop.at <= end:
        message = f"between {text[opening]} and {closing} items are parted by commas"
        first = max(opening + 1, _word_start(text, stop.at))
        hint = "a comma may be missing here; a text that holds , : [ ] { or } goes in quotes"
        return Mistake("bracket", message, first, max(stop.at, first + 1), hint, region)
    if comment := re.search(r"[ \t](#\S*)", text[opening:end]):
        hint = f"{shown(comment[1])} begins a comment, which hides what follows: put the text with the # in quotes"
        return Mistake(
            "bracket", f"this {text[opening]} is never closed", opening, opening + 1, hint, (region[0], end)
        )
    said = text[opening:end].strip().rstrip(",")
    alone = region[0] == _value(text, start)[0] and not text[region[0] : opening].strip()
    hint = f"close it: {said}{closing}" if alone and len(said) <= 60 else f"close it with {closing}"
    if alone and len(said) <= 60 and said[0] not in said[1:]:
        hint += f", or, for a text, write {_quoted(said)}"
    return Mistake(
        "bracket", f"this {text[opening]} is never closed", opening, opening + 1, hint, (region[0], end)
    )


def _word_start(text: str, at: int) -> int:
    """The start of the word that ends at an offset."""
    found = re.search(r"[^\s,\[\]{}:]+[\s:]*$", text[max(0, at - 80) : at])
    return max(0, at - 80) + found.start() if found else at


def _stray_bracket(text: str, stop: Stop) -> Mistake | None:
    start, end = line_at(text, stop.at)
    if text[stop.at : stop.at + 1] not in ("]", "}") or not text[start : stop.at].rstrip().endswith(
        ("]", "}")
    ):
        return None
    message = f"this {text[stop.at]} closes nothing"
    return Mistake("bracket", message, stop.at, stop.at + 1, "remove it", (stop.at, end))


def _after_bracket(text: str, stop: Stop) -> Mistake | None:
    start, end = line_at(text, stop.at)
    if (
        "block" not in stop.context
        or not text[start : stop.at].rstrip().endswith(("]", "}"))
        or stop.at >= end
    ):
        return None
    message = f"nothing can follow the closing bracket: {shown(text[stop.at : end])}"
    return Mistake("bracket", message, stop.at, end, _write(text, start), _value(text, start))


def _reserved(text: str, stop: Stop) -> Mistake | None:
    """A value that begins with a letter that YAML keeps for itself."""
    start, end = line_at(text, stop.at if stop.since is None or "flow" in stop.context else stop.since)
    begin, _ = _value(text, start)
    first = content(text, begin + (text[begin : begin + 1] == ":"))
    here = first <= stop.at < end or stop.since == first
    dash = text[first : first + 2] == "- " and first > _inside(text, start)[0]
    if not dash and not (here and text[first : first + 1] in _RESERVED):
        return None
    if first == _inside(text, start)[0] and not _said(text, start):
        return None
    letter = text[first]
    message = f"a value cannot begin with {letter}"
    return Mistake("reserved", message, first, first + 1, _write(text, start), _value(text, start))


def _tight_colon(text: str, stop: Stop) -> Mistake | None:
    """`gain:-6 dB`: no space behind the colon."""
    start = line_at(text, stop.at)[0]
    lines = [start, line_before(text, start)]
    if stop.since is not None:
        lines.insert(0, line_at(text, stop.since)[0])
    for line in lines:
        if line is None:
            continue
        end = line_at(text, line)[1]
        found = _TIGHT.fullmatch(text, line, end)
        if found and found["key"] in _KEYS:
            hint = f'add a space after the colon: "{found["key"]}: {shown(found["value"])}"'
            message = f"{shown(found['key'])}:{shown(found['value'])} is one word"
            return Mistake("no-space", message, found.start("key"), end, hint, _inside(text, line))
    return None


def _colon(text: str, stop: Stop) -> Mistake | None:
    """`title: Fever: live`, or a key deeper than the value above it."""
    if "mapping values are not allowed" not in stop.problem:
        return None
    start, end = line_at(text, stop.at)
    found = _PAIR.fullmatch(text, start, end)
    if found and found.start("value") <= stop.at and found["value"].strip():
        first = content(text, found.start("value"))
        message = "a value with a colon and a space in it goes in quotes"
        return Mistake("colon", message, first, end, _write(text, start), _value(text, start))
    first = content(text, start)
    above = line_before(text, start)
    if above is not None:
        begin, over = _inside(text, above)
        if begin - above == first - start and not _PAIR.fullmatch(text, above, over) and text[begin:over].strip():
            return _not_a_key(text, above)
    message = "this line stands deeper than the line above, which has its value already"
    region = (first, _end_of_deeper(text, start))
    return Mistake("indent", message, first, max(end, first + 1), "move it under the key above", region)


def _no_colon(text: str, stop: Stop) -> Mistake | None:
    """A line that is neither a key with a value nor an item."""
    if "simple key" not in stop.context or stop.since is None:
        return None
    return _not_a_key(text, line_at(text, stop.since)[0])


def _not_a_key(text: str, start: int) -> Mistake:
    first, end = _inside(text, start)
    words = text[first:end].strip()
    head, _, rest = words.partition(" ")
    hint = (
        f"write {head}: {shown(rest.strip())}" if head in _KEYS and rest.strip() else "a key ends in a colon"
    )
    if line_before(text, start) is not None and not words.startswith("-") and head not in _KEYS:
        hint = "write key: value; a value that goes on stands deeper than its key"
    message = f'"{shown(words)}" is not a key with a value'
    return Mistake("no-colon", message, first, max(end, first + 1), hint, (first, end))


def _tight_dash(text: str, stop: Stop) -> Mistake | None:
    start, end = line_at(text, stop.at)
    first = content(text, start)
    if not re.compile(r"-[^\s-]").match(text, first) or "block" not in stop.context:
        return None
    words = text[first:end].strip()
    hint = f"write - {shown(words[1:])}"
    return Mistake("no-space", "an item begins with - and a space", first, end, hint, (first, end))


def _document(text: str, stop: Stop) -> Mistake | None:
    if "document start" not in stop.problem and "directive" not in stop.context:
        return None
    line = line_at(text, stop.at)[0]
    while line > 0 and text[line : line + 1] not in (".", "%"):
        line = line_at(text, line - 1)[0]
    end = line_at(text, line)[1]
    if text.startswith("...", line):
        message = "... ends the file's one document here"
        return Mistake("second-document", message, line, end, "remove this line", (line, end))
    while line > 0 and text[line_at(text, line - 1)[0]] in "%#\r\n":
        line = line_at(text, line - 1)[0]
    first = text.find("%", line)
    if first < 0:
        return None
    if more := re.compile(r"(?:[\r\n]+%.*)+").match(text, end):
        end = more.end()
    message = "a line that begins with % is an instruction to the YAML reader"
    hint = "remove this line, or put the text in quotes"
    return Mistake("reserved", message, first, line_at(text, first)[1], hint, (line, end))


def _indent(text: str, stop: Stop) -> Mistake | None:
    """A line that lines up with nothing above it."""
    if "block" not in stop.context:
        return None
    start, end = line_at(text, stop.at)
    first = content(text, start)
    if text[first : first + 2] == "- " and first == stop.at:
        message = "an item of a list does not line up with anything above it"
    else:
        message = "this line does not line up with anything above it"
    region = (first, _end_of_likes(text, start)) if text[first : first + 1] == "-" else _inside(text, start)
    return Mistake("indent", message, first, max(end, first + 1), _STRUCTURE, region)


_RULES = (
    _too_deep,
    _conflict,
    _unclosed_quote,
    _escape,
    _tight_colon,
    _after_quote,
    _stray_bracket,
    _bracket,
    _after_bracket,
    _document,
    _colon,
    _tight_dash,
    _reserved,
    _no_colon,
    _indent,
)
