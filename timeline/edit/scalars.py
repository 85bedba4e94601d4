"""How a value is written: plain where that reads the same, else in quotes, long texts over several lines."""

from __future__ import annotations

import re

from timeline.edit.ops import Data, Refused

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_SPECIAL = frozenset("-?:,[]{}#&*!|>'\"%@`=")
_NEVER = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("[\t\n\r\x85\u2028\u2029\ufeff]")
_NAMES = {
    "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P", "\ufeff": "\\uFEFF",
    '"': '\\"', "\\": "\\\\",
}  # fmt: skip

# What YAML 1.1 and 1.2 take for something else than a text, where a text is meant.
_MISREAD = re.compile(
    r"(?ix: y|n|yes|no|on|off|true|false | [-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+)"
    r" | [-+]?[0-9][0-9_]*(:[0-5]?[0-9])*(\.[0-9_]*)?(e[-+]?[0-9]+)? | [-+]?\.[0-9_]+(e[-+]?[0-9]+)?"
    r" | [-+]?\.inf | \.nan | \d{4}-\d\d?-\d\d?([t\s].*)? | << | =)"
)


def is_null(text: str) -> bool:
    """Whether this, written plain, is nothing at all."""
    return text in NULLS


def misread(text: str) -> bool:
    """Whether programs that guess types take this, written plain, for something else than a text."""
    return _MISREAD.fullmatch(text) is not None


def check(text: str) -> None:
    """Raises Refused for a text that no file can hold."""
    if found := _NEVER.search(text):
        raise Refused(f"the character U+{ord(found[0]):04X} cannot be part of a text")


def fits_plain(text: str, flow: bool) -> bool:
    """Whether `text`, written as it is, reads as itself."""
    if is_null(text) or text != text.strip() or _ESCAPED.search(text):
        return False
    if text[0] in _SPECIAL and not re.match(r"-[\w.]", text):
        return False
    if text.startswith(("---", "...", "<<")) or ": " in text or " #" in text or text.endswith(":"):
        return False
    return not (flow and re.search(r"[,?\[\]{}]", text))


def scalar(text: str, style: str = "", flow: bool = False, *, is_text: bool = False, quote: str = "'") -> str:
    """`text` on one line, in its old `style` where that will do.

    `is_text`: programs that guess types must not take it for a number or a truth. `quote` is the quote to take
    where one is needed and either will do. Raises Refused.
    """
    check(text)
    if _ESCAPED.search(text):
        return _double(text)
    if style == '"':
        return _double(text)
    if style == "'":
        return _single(text)
    if fits_plain(text, flow) and not (is_text and misread(text)):
        return text
    if "'" in text and '"' not in text and "\\" not in text:
        return _double(text)
    return _double(text) if quote == '"' and '"' not in text and "\\" not in text else _single(text)


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _double(text: str) -> str:
    return '"' + "".join(_NAMES.get(letter, letter) for letter in text) + '"'


def flow(data: Data, *, is_text: bool = False, quote: str = "'", within: bool = True) -> str:
    """`data` on one line; `within`: it stands inside other brackets."""
    match data:
        case str():
            return scalar(data, "", within, is_text=is_text, quote=quote)
        case dict():
            pairs = (
                f"{scalar(key, '', True)}: {flow(value, is_text=is_text, quote=quote)}" for key, value in data.items()
            )
            return "{" + ", ".join(pairs) + "}"
        case list():
            return "[" + ", ".join(flow(item, is_text=is_text, quote=quote) for item in data) + "]"


def block_scalar(text: str, style: str, depth: int, width: int) -> tuple[str, list[str]] | None:
    """The head and the lines of a block scalar whose lines stand at column `depth`; None where it would not do.

    `style` is `|` or `>`; a text that cannot be folded is written as `|`.
    """
    stripped = text.rstrip("\n")
    if not stripped or re.search("[\r\x85\u2028\u2029\ufeff\t]", text) or _NEVER.search(text):
        return None
    ends = len(text) - len(stripped)
    chomp = "-" if ends == 0 else "" if ends == 1 else "+"
    rows = stripped.split("\n")
    if rows[0].startswith(" ") or is_only_blanks(rows[0]):
        return None
    folds = style == ">" and all(row == row.strip(" ") and "  " not in row for row in rows)
    if folds and ends < 2:
        rows = _folded(rows, max(20, width - depth))
    elif style == ">":
        style = "|"
    return style + chomp, rows + [""] * max(0, ends - 1)


def is_only_blanks(row: str) -> bool:
    return not row.strip(" ")


def _folded(rows: list[str], width: int) -> list[str]:
    """Rows of at most `width` letters that fold into `rows`: a line break takes one blank line."""
    made: list[str] = []
    for place, row in enumerate(rows):
        if place:
            made.append("")
        line = ""
        for word in row.split(" "):
            if line and len(line) + 1 + len(word) > width:
                made.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        if line or row:
            made.append(line)
    return made
