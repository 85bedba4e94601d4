"""What the values of the format look like to a JSON Schema: patterns that JavaScript and Python read alike.

What a pattern cannot see (timecode that does not exist at a picture
rate, check digits, the 30th of February, the inside of a message) is left to the checker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct, field


class Shape(Struct, frozen=True):
    """What one value may be: texts by `pattern`, numbers and booleans by `also`, which is plain JSON Schema."""

    pattern: str
    types: tuple[str, ...] = ("string",)
    also: Mapping[str, Any] = field(default_factory=dict)


def bare(pattern: str) -> str:
    """A pattern of a whole text."""
    return f"^({pattern})$"


def loose(pattern: str) -> str:
    """The same between blanks, which quotes may hold."""
    return rf"^\s*({pattern})\s*$"


def folded(words: Iterable[str]) -> str:
    """A pattern of words in any letter case."""
    return "|".join("".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in word) for word in words)


_N: Final = "[0-9]{1,9}"
_DECIMALS: Final = r"(\.[0-9]{1,9})?"
_MINUS: Final = "[-−]"
_SIGN: Final = "[-+−]"
_BODY: Final = (
    rf"({_N}{_DECIMALS} ?(ms|s|m|h)|({_N}:[0-5][0-9]|{_N}):[0-5][0-9]{_DECIMALS})"  # 2.5s, or m:ss and h:mm:ss
)
_LABEL: Final = "([01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][:;][0-9]{2}"
_DB: Final = " ?[dD][bB]"
_INF: Final = "[iI][nN][fF]"
_NAME: Final = ("string", "boolean")  # `true` is a name like any other: nothing in a timeline is read for its type
_ID: Final = "(?=[0-9-]*[a-z])[a-z0-9][a-z0-9-]*"

TEXT: Final = Shape(r"\S", ("string", "number", "boolean"))
ID: Final = Shape(bare(f"(?!(all|scene|end)$){_ID}"), _NAME)
TARGET: Final = Shape(bare(f"(?!(scene|end)$){_ID}"), _NAME)
UNTIL: Final = Shape(bare(f"(?!all$){_ID}"), _NAME)
PATH: Final = Shape(r"^(?=[\s\S]*\S)[^\n]*$", ("string", "number", "boolean"))

LENGTH: Final = Shape(loose(_BODY))
ROUGH: Final = Shape(loose(rf"(~\s*)?{_BODY}"))
OFFSET: Final = Shape(loose(rf"({_SIGN}\s*)?{_BODY}"))
MOMENT: Final = Shape(loose(f"(~ *)?(({_SIGN} *)?{_BODY}|{_LABEL})"))
SONG_TIME: Final = Shape(loose(rf"({_BODY}|bar +(?=0*[1-9]){_N}(\.(?=0*[1-9]){_N})?)"))
START: Final = Shape(loose(f"({_LABEL}|[0-9]{{1,2}}:[0-9]{{2}}:[0-9]{{2}})"))
FADE: Final = Shape(loose(rf"{_BODY}(\s+(linear|equal-power|s-curve|exponential))?"))

_LOUD: Final = rf"\+?0*([0-9]|1[0-9]|2[0-3]){_DECIMALS}|\+?0*24(\.0{{1,9}})?"
LEVEL: Final = Shape(
    loose(f"({_MINUS}({_N}{_DECIMALS}|{_INF})|{_LOUD})({_DB})?"), ("string", "number"), {"maximum": 24}
)
_LUFS: Final = r"(-0*([0-9]|[1-6][0-9])(\.[0-9]{1,9})?|-0*70(\.0{1,9})?|0{1,3}(\.0{1,9})?)"
LOUDNESS: Final = Shape(
    loose(_LUFS.replace("-0*", f"{_MINUS}0*") + " ?([lL][uU][fF][sS])?"),
    ("string", "number"),
    {"minimum": -70, "maximum": 0},
)

YEAR: Final = Shape(bare("[12][0-9]{3}"), ("string", "integer"), {"minimum": 1000, "maximum": 2999})
BPM: Final = Shape(
    loose(rf"\+?0*([1-9][0-9]{{0,2}}{_DECIMALS}|1000(\.0{{1,9}})?)"),
    ("string", "number"),
    {"minimum": 1, "maximum": 1000},
)
METER: Final = Shape(bare("[1-9][0-9]? ?/ ?(1|2|4|8|16|32|64)"))
SHARE: Final = Shape(
    loose(rf"({_SIGN}?0+(\.0{{1,9}})?|\+?0*([0-9]{{1,2}}{_DECIMALS}|100(\.0{{1,9}})?)) ?%?"),
    ("string", "number"),
    {"minimum": 0, "maximum": 100},
)
PAN: Final = Shape(
    loose(rf"{_SIGN}?0*([0-9]{{1,2}}{_DECIMALS}|100(\.0{{1,9}})?)"),
    ("string", "number"),
    {"minimum": -100, "maximum": 100},
)
SEMITONES: Final = Shape(
    loose(f"{_SIGN}?0*([0-9]|[1-3][0-9]|4[0-8])"), ("string", "integer"), {"minimum": -48, "maximum": 48}
)
TURNS: Final = Shape(
    bare(r"(until-go|\+?0*([2-9]|[1-9][0-9]{1,3}))"), ("string", "integer"), {"minimum": 2, "maximum": 9999}
)
TRUTH: Final = Shape(bare(f"({folded(('true', 'yes', 'on', 'false', 'no', 'off'))})"), ("string", "boolean"))
DAY: Final = Shape(bare("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"))
COUNT: Final = Shape(bare("[1-9][0-9]? (bars?|beats?)"))
VERSION: Final = Shape(bare("0*1"), ("string", "integer"), {"minimum": 1, "maximum": 1})

_SEP: Final = r"[\s.\-‐-―]*"
ISRC: Final = Shape(
    loose(rf"([iI][sS][rR][cC]:?)?{_SEP}" + _SEP.join(["[a-zA-Z]"] * 2 + ["[a-zA-Z0-9]"] * 3 + ["[0-9]"] * 7) + _SEP)
)
ISWC: Final = Shape(loose(rf"([iI][sS][wW][cC]:?)?{_SEP}[tT]{_SEP}" + _SEP.join(["[0-9]"] * 10) + _SEP))
MBID: Final = Shape(loose("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"))
IPI: Final = Shape(
    loose(rf"([iI][pP][iI]:?)?{_SEP}([0-9]{_SEP}){{9,11}}"),
    ("string", "integer"),
    {"minimum": 100_000_000, "maximum": 99_999_999_999},
)
USAGE: Final = Shape(loose("([A-Z][A-Z0-9]{0,2}|source|score)"))
HOTKEY: Final = Shape(
    loose(
        rf"(({folded(('ctrl', 'control', 'strg', 'alt', 'option', 'shift'))})\s*\+\s*)*([fF]([1-9]|1[0-9]|2[0-4])|\S)"
    )
)
_MIDI: Final = ("note", "note-off", "program", "cc", "pitch", "pressure", "start", "continue", "stop", "sysex")
MESSAGE: Final = Shape(
    loose(rf"([mM][iI][dD][iI] \s*({folded(_MIDI)})(\s[\s\S]*)?|[oO][sS][cC] \s*/[\s\S]*)")
)


def one_of(words: Iterable[str]) -> Shape:
    """Words as they stand; those that look like numbers may be numbers too."""
    texts = list(words)
    pattern = "|".join(word.replace(".", r"\.") for word in texts)
    numbers = [float(word) if "." in word else int(word) for word in texts if word.replace(".", "").isdigit()]
    if not numbers:
        return Shape(bare(pattern))
    return Shape(bare(pattern), ("string", "number"), {"enum": [*texts, *numbers]})


def colour(words: Iterable[str]) -> Shape:
    """Names of colours, and `#rrggbb`."""
    return Shape(bare(f"{folded(words)}|#[0-9a-fA-F]{{6}}"))
