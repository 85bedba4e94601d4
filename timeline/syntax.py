"""From text to nodes past mistakes of syntax: each is told, and the rest is read on.

A YAML parser stops at the first mistake. Here the value, the line or the block around it is then overwritten
with spaces, so that every other place keeps its offset, and the text is parsed again: until nothing is wrong,
or too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from msgspec import Struct, field

from timeline.mistakes import Mistake, Stop, block_end, content, diagnose, line_at, line_before
from timeline.model import Problem
from timeline.nodes import LOADER, Node, TooDeep, build
from timeline.problems import Source
from timeline.walk import Walker

MOST_MISTAKES = 50  # of syntax, after which a file is left alone
MOST_WORK = {"libyaml": 4_000_000, "pure": 400_000}  # characters parsed in search of what can be saved
LEAST_PARSES = 8  # of a large file
MOST_LETTERS = 10  # unprintable ones that are told one by one


class Parsed(Struct):
    """The nodes of a text, the walker that made values of them, and the mistakes of syntax.

    `text` is what was parsed: each place in it is the same place in the file.
    """

    root: Node | None
    walker: Walker
    text: str
    problems: list[Problem] = field(default_factory=list)


def parse(source: Source, loader: str = LOADER) -> Parsed:
    """The nodes of a text and everything that is wrong with its syntax."""
    text, back = without_odd_letters(source.text)
    problems: list[Problem] = []
    walker = Walker(source, text)
    try:
        tree = build(text, loader, walker, back)
    except (yaml.YAMLError, TooDeep, UnicodeEncodeError):
        repair = _Repair(source, loader)
        text = repair.repaired(text)
        walker = Walker(source, text, repair.damage)
        tree = build(text, loader, walker, back)
        problems = repair.problems
    for code, message, start, end, hint in tree.refused:
        problems.append(Problem("error", code, message, source.span(start, end), hint))
    return Parsed(tree.root, walker, text, problems)


def undecodable(raw: bytes) -> str | None:
    """Why `raw` is not UTF-8 text, with the place of the first wrong byte; None when it is."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or (len(raw) > 1 and b"\0" in raw[:2] != b"\0\0"):
        return "this is UTF-16; save it as UTF-8"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        byte = raw[error.start]
        if b"\0" in raw[:4096]:
            return "this is not a text file"
        letter = bytes([byte]).decode("cp1252", "replace")
        meant = f', "{letter}" in Windows-1252,' if letter.isprintable() and letter != "\ufffd" else ""
        return f"not UTF-8: byte 0x{byte:02X}{meant} at line {line}, byte {column}; save the file as UTF-8"
    return None


# YAML 1.1 ends lines at the first three too, which editors, YAML 1.2 and people do not; the last is a byte order
# mark somewhere inside, of which every parser thinks differently.
_ODD_LETTERS = "\x85\u2028\u2029\ufeff"


def without_odd_letters(text: str) -> tuple[str, dict[int, str]]:
    """`text` with stand-ins for the letters that parsers do not take for letters, and the way back."""
    found = [letter for letter in _ODD_LETTERS if letter in text]
    if not found:
        return text, {}
    free = (code for code in range(0xE000, 0xF8FF) if chr(code) not in text)
    back = {code: letter for letter, code in zip(found, free, strict=False)}
    return text.translate({ord(letter): code for code, letter in back.items()}), back


_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # as both parsers have it
)


class _Repair:
    """Finds the mistakes of one text one after the other, each time going on without the last.

    `damage`: ranges that were left out because of them.
    """

    def __init__(self, source: Source, loader: str) -> None:
        self.source = source
        self.loader = loader
        self.problems: list[Problem] = []
        self.damage: list[tuple[int, int]] = []
        self.work = max(MOST_WORK[loader], LEAST_PARSES * len(source.text))
        self.tabs_told = False

    def repaired(self, text: str) -> str:
        """The text as far as it can be read; nothing but spaces where that is too little."""
        text = self.printable(text)
        stop = self.stop(text)
        for _ in range(MOST_MISTAKES):
            if stop is None:
                return text
            text, stop = self.past(text, stop)
            if self.work < 0:
                break
        if stop is None:
            return text
        start = line_at(text, stop.at)[0]
        message = "there are too many mistakes to read on from here"
        self.problems.append(Problem("error", "syntax", message, self.source.span(start, start + 1)))
        return self.cut(text, start)

    def cut(self, text: str, start: int) -> str:
        """The text up to a line, or to the last section before it that stands on its own."""
        while True:
            self.damage.append((start, len(text)))
            cut = blank(text, start, len(text))
            if self.stop(cut) is None:
                return cut
            lines = [found.start() for found in re.finditer(r"^[^\s#]", text[:start], re.MULTILINE)]
            start = lines[-1] if lines else 0

    def stop(self, text: str) -> Stop | None:
        """Where a parser gives up on `text`; None when it does not."""
        try:
            build(text, self.loader)
        except (yaml.YAMLError, TooDeep) as error:
            stop = Stop.of(error)
            self.work -= stop.at + len(text) // 8  # parsers read ahead
            return stop
        self.work -= len(text)
        return None

    def printable(self, text: str) -> str:
        """The text without the characters that no YAML may hold, each told."""
        found = list(_UNPRINTABLE.finditer(text))
        for one in found[:MOST_LETTERS]:
            self.problems.append(_unprintable(self.source, one.start(), one[0]))
        if len(found) > MOST_LETTERS:
            one = found[MOST_LETTERS]
            message = (
                f"{len(found) - MOST_LETTERS} more characters that a text cannot hold; this may not be a text"
            )
            span = self.source.span(one.start(), one.end())
            self.problems.append(Problem("error", "control-character", message, span))
        return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text) if found else text

    def past(self, text: str, stop: Stop) -> tuple[str, Stop | None]:
        """The text without its first mistake, and where a parser gives up then."""
        if text[stop.at : stop.at + 1] == "\t" or "tab character" in stop.problem:
            without = self.without_tabs(text, stop)
            if without != text:
                return without, self.stop(without)
        mistake = diagnose(text, stop)
        if not (self.tabs_told and "\t" in self.indent(mistake.start)):
            span = self.source.span(mistake.start, mistake.end)
            self.problems.append(Problem("error", mistake.code, mistake.message, span, mistake.hint))
        reached = max(stop.at, mistake.region[1])
        for start, end in _regions(text, mistake):
            without = blank(text, start, end)
            after = self.stop(without)
            if after is None or after.at > max(reached, end):
                break
            if self.work < 0:
                break
        self.damage.append((len(text[:start].rstrip()), len(text) - len(text[end:].lstrip())))
        return without, after

    def indent(self, at: int) -> str:
        """What stands before the first word of a line in the file."""
        text = self.source.text
        line = line_at(text, at)[0]
        return text[line : content(text, line)]

    def without_tabs(self, text: str, stop: Stop) -> str:
        """The text with spaces for the tabs that stop the parser here, and for all that are like them."""
        line, end = line_at(text, stop.at)
        first = content(text, line)
        if text[first:end].startswith("#") or first >= end:
            return re.sub(r"^[ \t]+(?=#|$|\r)", _spaces, text, flags=re.MULTILINE)
        if not text[line : stop.at].strip(" -\t"):
            return self.without_tab_indents(text)
        rest = content(text, stop.at)
        if rest >= end or text[rest] == "#":
            return re.sub(r"(?<=\S)[ \t]*\t[ \t]*(?=#|$|\r)", _spaces, text, flags=re.MULTILINE)
        return blank(text, stop.at, rest)

    def without_tab_indents(self, text: str) -> str:
        indents = list(re.finditer(r"^[ \t-]*\t[ \t-]*(?=[^\s#])", text, re.MULTILINE))
        if not indents or self.tabs_told:
            return text
        self.tabs_told = True
        first = indents[0].start() + indents[0][0].index("\t")
        also = f" ({len(indents)} lines)" if len(indents) > 1 else ""
        span = self.source.span(first, content(text, first))
        self.problems.append(
            Problem("error", "tab", f"a tab cannot indent a line{also}", span, "indent with spaces")
        )
        return re.sub(r"^[ \t-]*\t[ \t-]*(?=[^\s#])", _spaces, text, flags=re.MULTILINE)


def _unprintable(source: Source, at: int, letter: str) -> Problem:
    hint = "this may not be a text file, or not UTF-8" if letter == "\0" else "remove it"
    message = f"the character U+{ord(letter):04X} cannot stand in a text file"
    return Problem("error", "control-character", message, source.span(at, at + 1), hint)


def _spaces(found: re.Match[str]) -> str:
    return found[0].replace("\t", " ")


def blank(text: str, start: int, end: int) -> str:
    """`text` with spaces for everything from `start` to `end` but line breaks."""
    return text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]


def _regions(text: str, mistake: Mistake) -> Iterator[tuple[int, int]]:
    """What to leave out to get past a mistake: the least first, in the end its whole section."""
    yield mistake.region
    line = line_at(text, mistake.start)[0]
    inside = content(text, line)
    yield inside, max(line_at(text, line)[1], mistake.region[1])
    while True:
        depth = content(text, line) - line
        start = content(text, line)
        if depth == 0:
            colon = text.find(":", start, line_at(text, line)[1])
            if colon >= 0:
                yield colon + 1, block_end(text, line)
        yield start, max(block_end(text, line), mistake.region[1])
        above = _parent(text, line, depth)
        if above is None:
            return
        line = above


def _parent(text: str, line: int, depth: int) -> int | None:
    """The nearest line above that stands less deep."""
    above = line_before(text, line)
    while above is not None:
        if content(text, above) - above < depth:
            return above
        above = line_before(text, above)
    return None
