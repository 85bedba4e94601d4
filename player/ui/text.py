"""Text without pixels: cleaning, runs by script and font in reading order, ellipsis, lines.

`Measure` is injected, so that all of it runs without a font.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from player.ui.theme import Face

Measure = Callable[[str, Face, int, int], int]  # text, face, em in pixels, tracking in pixels -> width in pixels

LONGEST = 400  # characters of one line anybody could read; the rest is never measured
ELLIPSIS = "…"


def plain(text: str) -> str:
    """One line without control characters, of any length."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(each) in ("Cc", "Zl", "Zp", "Cs") else each for each in text)


def clean(text: str) -> str:
    """One line without control characters, of a length that can be shown."""
    text = plain(text[: LONGEST + 1])
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + ELLIPSIS


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """`text` without case and accents: what a person types to find it."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each)).replace("’", "'")


# ---- clusters: what a caret steps over and an ellipsis never cuts


def _joins(previous: str, each: str) -> bool:
    return (
        unicodedata.combining(each) != 0
        or unicodedata.category(each) in ("Mn", "Me", "Mc")
        or each in "\u200d\ufe0f\ufe0e\u20e3"
        or previous == "\u200d"
        or "\U0001f3fb" <= each <= "\U0001f3ff"
    )


@lru_cache(maxsize=128)
def clusters(text: str) -> tuple[str, ...]:
    """Letters with their marks, emoji with what is joined to them, flags as pairs."""
    found: list[str] = []
    for each in text:
        flag = found and _flag(each) and len(found[-1]) == 1 and _flag(found[-1])
        if found and (flag or _joins(found[-1][-1], each)):
            found[-1] += each
        else:
            found.append(each)
    return tuple(found)


def _flag(each: str) -> bool:
    return "\U0001f1e6" <= each <= "\U0001f1ff"


# ---- fitting


def fitted(text: str, room: int, width: Callable[[str], int]) -> str:
    """`text`, or as much of its beginning as fits `room` with an ellipsis; "" where not even that fits."""
    if width(text) <= room:
        return text
    parts = clusters(text)
    low, high = 0, len(parts)  # `low` parts fit, `high` do not
    while high - low > 1:
        half = (low + high) // 2
        if width("".join(parts[:half]).rstrip() + ELLIPSIS) <= room:
            low = half
        else:
            high = half
    if low:
        return "".join(parts[:low]).rstrip() + ELLIPSIS
    return ELLIPSIS if width(ELLIPSIS) <= room else ""


def lines(text: str, room: int, most: int, width: Callable[[str], int]) -> tuple[str, ...]:
    """`text` in at most `most` lines of `room` pixels, broken between words, inside one only where it
    must.
    """
    done: list[str] = []
    line = ""
    words = list(_words(text))
    while words:
        word = words.pop(0)
        if width((line + word).rstrip()) <= room:
            line += word
        elif len(done) == most - 1:
            return (*done, fitted((line + word + "".join(words)).strip(), room, width))
        elif line.strip():
            done.append(line.rstrip())
            line = ""
            words.insert(0, word.lstrip())
        else:
            head = _head(word, room, width)
            done.append(head)
            words.insert(0, word[len(head) :])
    return (*done, line.rstrip()) if line.strip() else tuple(done)


def _head(word: str, room: int, width: Callable[[str], int]) -> str:
    parts = clusters(word)
    count = 1
    while count < len(parts) and width("".join(parts[: count + 1])) <= room:
        count += 1
    return "".join(parts[:count])


def _words(text: str) -> Iterator[str]:
    """Pieces a line may be broken between: words with the spaces after them, and each CJK character."""
    piece = ""
    for each in text:
        if piece and (piece[-1] == " " != each or _wide(each) or _wide(piece[-1])):
            yield piece
            piece = ""
        piece += each
    if piece:
        yield piece


def _wide(each: str) -> bool:
    return each >= "\u2e80" and unicodedata.east_asian_width(each) == "W" and each not in "、。，．！？」』）】ー"


def balanced(text: str, room: int, most: int, width: Callable[[str], int]) -> tuple[str, ...]:
    """As `lines`, with lines of like length: the narrowest room that needs no more of them."""
    found = lines(text, room, most, width)
    if len(found) < 2 or found[-1].endswith(ELLIPSIS):
        return found
    low, high = room // len(found), room
    while high - low > max(1, room // 64):
        half = (low + high) // 2
        tried = lines(text, half, most, width)
        if len(tried) <= len(found) and not tried[-1].endswith(ELLIPSIS) and _whole(tried, text):
            high, found = half, tried
        else:
            low = half
    return found


def _whole(found: tuple[str, ...], text: str) -> bool:
    """No word was broken."""
    return " ".join(found).split() == text.split()


# ---- direction


class Run(NamedTuple):
    """A stretch of one font, script and direction. `script` is an ISO 15924 code, "" for the plain ones."""

    text: str
    font: str
    script: str
    rtl: bool


_SCRIPTS = (
    ("\u0590", "\u05ff", "Hebr"),
    ("\u0600", "\u06ff", "Arab"),
    ("\u0750", "\u077f", "Arab"),
    ("\u08a0", "\u08ff", "Arab"),
    ("\u0900", "\u097f", "Deva"),
    ("\u0e00", "\u0e7f", "Thai"),
    ("\ufb1d", "\ufb4f", "Hebr"),
    ("\ufb50", "\ufdff", "Arab"),
    ("\ufe70", "\ufeff", "Arab"),
)


def script(each: str) -> str:
    """The script of a character that needs shaping of its own, else ""."""
    if each < "\u0590":
        return ""
    return next((name for low, high, name in _SCRIPTS if low <= each <= high), "")


def runs(text: str, font_of: Callable[[str], str]) -> tuple[Run, ...]:
    """`text` in visual order, left to right, each run of one font, script and direction.

    font_of: the name of the font that draws this cluster.
    Directions follow the Unicode rules for what titles hold: words, numbers, spaces and marks between them.
    """
    if text.isascii():
        return (Run(text, font_of(text[:1]), "", False),) if text else ()
    parts = clusters(text)
    levels = _levels(parts)
    found: list[tuple[int, Run]] = []
    for part, level in zip(parts, levels, strict=True):
        run = Run(part, font_of(part), script(part[0]), level % 2 == 1)
        if found and found[-1][0] == level and _same(found[-1][1], run):
            last = found[-1][1]
            found[-1] = (level, last._replace(text=last.text + part, script=last.script or run.script))
        else:
            found.append((level, run))
    return tuple(run for _, run in _ordered(found))


def _same(last: Run, run: Run) -> bool:
    plain = run.text == " " and run.rtl == last.rtl  # a space takes the font of what it follows
    return plain or (last.font == run.font and (last.script == run.script or not (last.script and run.script)))


def _kind(part: str) -> str:
    """L, R, N (a number) or a blank for what takes its direction from its neighbours."""
    match unicodedata.bidirectional(part[0]):
        case "L":
            return "L"
        case "R" | "AL":
            return "R"
        case "EN" | "AN":
            return "N"
    return ""


def _levels(parts: tuple[str, ...]) -> list[int]:
    kinds = [_kind(part) for part in parts]
    base = next((kind for kind in kinds if kind in ("L", "R")), "L")
    if "R" not in kinds:
        return [0] * len(parts)
    strong = base  # a number belongs to the strong letter before it
    sides: list[str] = []
    for kind in kinds:
        strong = kind if kind in ("L", "R") else strong
        sides.append("" if not kind else "L" if kind == "N" and strong == "L" else kind)
    for at, side in enumerate(sides):
        if not side:
            before = next((each for each in reversed(sides[:at]) if each), base)
            after = next((each for each in sides[at + 1 :] if each), base)
            before, after = (each.replace("N", "R") for each in (before, after))
            sides[at] = before if before == after else base
    low = 1 if base == "R" else 0
    return [{"L": 2 * low, "R": 1, "N": 2}[side] for side in sides]


def _ordered(found: list[tuple[int, Run]]) -> list[tuple[int, Run]]:
    """From the order of reading to that of the line: every stretch at a level or above is turned round."""
    for level in range(max((each for each, _ in found), default=0), 0, -1):
        at = 0
        while at < len(found):
            end = at
            while end < len(found) and found[end][0] >= level:
                end += 1
            found[at:end] = reversed(found[at:end])
            at = max(end, at + 1)
    return found
