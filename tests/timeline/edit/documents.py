"""Documents of chance in every style that people write, and what PyYAML's own composer makes of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import Any

import yaml

KEYS = [
    "title",
    "note",
    "at",
    "place",
    "people",
    "x-one",
    "x two",
    "gain",
    "loop",
    "media",
    "id",
    "cues",
    "from",
    "key#1",
]
WORDS = ["A", "it's", "1:30", "-6 dB", "東京 🎸", "NO", "a b c", "x-y", "é", "Étude#9", "010", "what? yes", "~0:24:00"]
ROOT = ["film", "songs", "scenes", "sets", "outputs", "x-more", "defaults"]


@dataclass
class Style:
    """One person's habits."""

    step: int
    dash: int
    gap: int
    ending: str
    comments: float
    blanks: float
    flow: float
    tabs: bool

    @classmethod
    def of(cls, chance: Random) -> Style:
        return cls(
            step=chance.choice([1, 2, 2, 2, 3, 4]),
            dash=chance.choice([0, 2, 2, 2, 4]),
            gap=chance.choice([1, 1, 1, 2, 3]),
            ending=chance.choice(["\n", "\n", "\n", "\r\n", "\r"]),
            comments=chance.choice([0, 0.1, 0.3]),
            blanks=chance.choice([0, 0.1, 0.4]),
            flow=chance.choice([0, 0.2, 0.5]),
            tabs=chance.random() < 0.2,
        )


def text_of(seed: int) -> str:
    """A whole file of chance."""
    chance = Random(seed)
    style = Style.of(chance)
    lines = ["# top", ""] if chance.random() < 0.5 else []
    lines.append("needledrop: 1")
    for key in chance.sample(ROOT, chance.randint(1, 4)):
        lines += _between(chance, style, 0)
        lines += _pair(chance, style, key, 0, 3)
    lines += _between(chance, style, 0)
    text = style.ending.join(lines)
    if chance.random() < 0.7:
        text += style.ending
    return ("\ufeff" if chance.random() < 0.1 else "") + text


def _between(chance: Random, style: Style, depth: int) -> list[str]:
    lines = []
    if chance.random() < style.blanks:
        lines += [chance.choice(["", "", "  "])] * chance.randint(1, 2)
    while chance.random() < style.comments:
        lines.append(" " * chance.choice([depth, depth, depth, depth + 2, max(0, depth - 2)]) + _comment(chance))
        if chance.random() < style.blanks:
            lines.append("")
    return lines


def _comment(chance: Random) -> str:
    return (
        chance.choice(["# ", "#", "## "])
        + chance.choice(["why", "a: b", "- x", '"', "é 🎸", "[", "reel 2"])
        + str(chance.randint(0, 999))
    )


def _remark(chance: Random, style: Style) -> str:
    if chance.random() >= style.comments:
        return ""
    return ("\t" if style.tabs else " " * chance.randint(1, 3)) + _comment(chance)


def _scalar(chance: Random, flow: bool) -> str:
    word = chance.choice(WORDS)
    kind = chance.random()
    if kind < 0.2:
        return "'" + word.replace("'", "''") + "'"
    if kind < 0.4:
        return '"' + word + chance.choice(["", " # no", ": x", "\\t", "\\\\", "\\u00e9", "\u2028"]) + '"'
    if kind < 0.45 and not flow:
        return ""
    return word.replace("?", "!") if flow else word  # the pure parser ends a word in brackets at ?


def _flow(chance: Random, depth: int, style: Style, indent: int) -> list[str]:
    """A collection in brackets, on one line or more; the first line goes behind what is there."""
    keyed = chance.random() < 0.5
    count = chance.randint(0, 3)
    items = []
    for key in chance.sample(KEYS, count):
        value = _flow(chance, depth - 1, style, indent)[0] if depth and chance.random() < 0.3 else _scalar(chance, True)
        name = "'key#1'" if key == "key#1" else key
        items.append(f"{name}: {value}" if keyed else value)
    opening, closing = "{}" if keyed else "[]"
    if depth and count and chance.random() < 0.3:
        pad = " " * (indent + 2 + chance.randint(0, 2))
        last = chance.choice([",", ""])
        rows = [pad + item + ("," if n < count - 1 else last) + _remark(chance, style) for n, item in enumerate(items)]
        for place in reversed(range(len(rows))):
            if chance.random() < style.comments:
                rows.insert(place, pad + _comment(chance))
        return [opening, *rows, " " * (indent + 1) + closing]
    space = chance.choice(["", "", " "])
    return [opening + space + ", ".join(items) + chance.choice(["", "", ","] if count else [""]) + space + closing]


def _block_scalar(chance: Random, style: Style, indent: int) -> list[str]:
    head = chance.choice("|>") + chance.choice(["", "", "-", "+"]) + _remark(chance, style).replace("\t", " ")
    pad = " " * (indent + chance.choice([1, 2, 4]))
    rows = [pad + chance.choice(["one", "two: x", "# three", "- four", "fünf 🎸"]) for _ in range(chance.randint(1, 3))]
    if chance.random() < 0.3:
        rows.insert(1, "")
    return [head, *rows, *([""] if chance.random() < 0.3 else [])]


def _value(chance: Random, style: Style, indent: int, depth: int) -> tuple[str, list[str]]:
    """What stands behind a key at column `indent`, and the lines below it."""
    kind = chance.random()
    if depth and kind < style.flow:
        first, *rest = _flow(chance, 1, style, indent)
        remark = _remark(chance, style)
        return (first, [*rest[:-1], rest[-1] + remark]) if rest else (first + remark, [])
    if depth and kind < style.flow + 0.25:
        return _remark(chance, style), _list(chance, style, indent + style.dash, depth - 1)
    if depth and kind < style.flow + 0.5:
        return _remark(chance, style), _map(chance, style, indent + style.step, depth - 1)
    if chance.random() < 0.15:
        head, *rows = _block_scalar(chance, style, indent)
        return head, rows
    if chance.random() < 0.05:
        return "several", [" " * (indent + 1) + "words" + _remark(chance, style)]
    return _scalar(chance, False) + _remark(chance, style), []


def _pair(chance: Random, style: Style, key: str, indent: int, depth: int) -> list[str]:
    head, tail = _value(chance, style, indent, depth)
    name = f'"{key}"' if chance.random() < 0.05 else "'key#1'" if key == "key#1" else key
    lead = "" if head[:1] in ("", " ", "\t") else chance.choice([" ", " ", " ", "   "])
    return [" " * indent + name + ":" + lead + head, *tail]


def _map(chance: Random, style: Style, indent: int, depth: int) -> list[str]:
    lines = []
    for key in chance.sample(KEYS, chance.randint(1, 4)):
        lines += _between(chance, style, indent)
        lines += _pair(chance, style, key, indent, depth)
    return lines


def _list(chance: Random, style: Style, indent: int, depth: int) -> list[str]:
    lines = []
    for _ in range(chance.randint(1, 4)):
        lines += _between(chance, style, indent)
        lines += _item(chance, style, indent, depth)
    return lines


def _item(chance: Random, style: Style, indent: int, depth: int) -> list[str]:
    inner = indent + 1 + style.gap
    kind = chance.random()
    if depth and kind < 0.6:
        lines = _map(chance, style, inner, depth - 1) if kind < 0.5 else _list(chance, style, inner, depth - 1)
        while not lines[0].strip() or lines[0].lstrip().startswith("#"):
            lines.pop(0)
        if chance.random() < 0.1:
            return [" " * indent + "-" + _remark(chance, style), *lines]
        return [" " * indent + "-" + " " * style.gap + lines[0].lstrip(), *lines[1:]]
    if depth and kind < 0.7:
        first, *rest = _flow(chance, 1, style, indent)
        return [" " * indent + "-" + " " * style.gap + first, *rest]
    word = _scalar(chance, False)
    return [" " * indent + "-" + (" " * style.gap + word if word else "") + _remark(chance, style)]


# -- what it says, by PyYAML's own composer


def node_of(text: str, loader: Any = yaml.CSafeLoader) -> Any:
    text = text.removeprefix("\ufeff")
    if loader is yaml.SafeLoader:  # which takes no tab before a comment
        text = re.sub(r"\t+(?=#)", " ", text)
    return yaml.compose(text, Loader=loader)


def said(node: Any) -> Any:
    """Plain data: mappings as lists of pairs under "map", texts as they are, None for nothing."""
    if isinstance(node, yaml.MappingNode):
        return ("map", [(key.value, said(value)) for key, value in node.value])
    if isinstance(node, yaml.SequenceNode):
        return ("list", [said(item) for item in node.value])
    plain = node.style in (None, "")
    return None if plain and node.value in ("", "~", "null", "Null", "NULL") else node.value


_ATTRIBUTE = re.compile(r"[|>][^\s#]*[ \t]+(#[^\r\n]*)")


def comments(text: str) -> list[str]:
    """All comments, sorted: what begins with # at the start of a line or behind a blank, outside of scalars."""
    text = text.removeprefix("\ufeff")
    found, at = [], 0
    for token in yaml.scan(text.replace("\u2028", "x"), Loader=yaml.CSafeLoader):
        if isinstance(token, yaml.ScalarToken):
            found += _in(text, at, token.start_mark.index)
            at = token.end_mark.index
            head = _ATTRIBUTE.match(text, token.start_mark.index)
            if token.style in ("|", ">") and head:
                found.append(head[1])
    return sorted(found + _in(text, at, len(text)))


def _in(text: str, start: int, end: int) -> list[str]:
    piece = text[start:end]
    return [one[1].rstrip() for one in re.finditer(r"(?:^|(?<=[\s,\[\]{}:-]))(#[^\r\n]*)", piece)]
