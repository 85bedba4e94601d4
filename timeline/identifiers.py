"""The numbers by which rights societies and archives know recordings, works and writers, and codes of use.

Each parser takes what people copy from labels and websites, with their hyphens, dots and blanks, and gives the
bare form that registers compare. Or it raises Refusal.
"""

from __future__ import annotations

import re
from typing import Final

from timeline.times import Refusal
from timeline.words import listed, shown

USAGES: Final = {
    "BI": "background instrumental",
    "BV": "background vocal",
    "VI": "visual instrumental",
    "VV": "visual vocal",
    "MT": "main title",
    "ET": "end title",
    "TO": "theme at the opening",
    "TC": "theme at the close",
    "TH": "theme",
    "BU": "bumper",
    "LO": "logo",
    "source": "the people of the film can hear it",
    "score": "only the audience hears it",
}

_MARKS = re.compile(r"[\s.\-‐-―]+")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}", re.ASCII)
_ISWC = re.compile(r"T\d{10}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_CODE = re.compile(r"[A-Z][A-Z0-9]{0,2}", re.ASCII)


def _bare(text: str, name: str) -> str:
    body = _MARKS.sub("", text).upper()
    return body.removeprefix(name).lstrip(":")


def isrc(text: str) -> str:
    """A recording's ISRC (ISO 3901): two letters, three letters or digits, seven digits; gives `GBAYE7400123`."""
    bare = _bare(text, "ISRC")
    if _ISRC.fullmatch(bare):
        return bare
    hint = "two letters, three letters or digits, seven digits, like GB-AYE-74-00123"
    if len(bare) != 12:
        hint += f"; this has {len(bare)} of 12"
    raise Refusal(f'"{shown(text)}" is not an ISRC', hint)


def iswc(text: str) -> str:
    """A work's ISWC (ISO 15707): T, nine digits and a check digit; gives `T0345246801`."""
    bare = _bare(text, "ISWC")
    if not _ISWC.fullmatch(bare):
        raise Refusal(f'"{shown(text)}" is not an ISWC', "T, nine digits and a check digit, like T-034.524.680-1")
    if int(bare[-1]) != check_digit(bare[1:10]):
        message = f'the check digit of "{shown(text)}" does not fit: one of its digits is wrong'
        raise Refusal(message, "compare it with where it came from")
    return bare


def check_digit(digits: str) -> int:
    """The check digit of an ISWC's nine digits."""
    weighed = 1 + sum(place * int(digit) for place, digit in enumerate(digits, 1))
    return -weighed % 10


def mbid(text: str) -> str:
    """A MusicBrainz id, a UUID; its page's address is answered with the id in it."""
    body = text.strip().lower()
    if _UUID.fullmatch(body):
        return body
    found = _UUID.search(body)
    hint = f"write {found[0]}" if found else "32 hexadecimal digits, like 8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"
    raise Refusal(f'"{shown(text)}" is not a MusicBrainz id', hint)


def ipi(text: str) -> str:
    """A writer's IPI name number, 9 to 11 digits; gives all eleven.

    Its last two digits are check digits, which nobody has where only nine are known, and which circulate with
    mistakes: they are not looked at.
    """
    bare = _bare(text, "IPI")
    if re.fullmatch(r"\d{9,11}", bare, re.ASCII):
        return bare.zfill(11)
    raise Refusal(f'"{shown(text)}" is not an IPI number', '9 to 11 digits in quotes, like "00012345678"')


def usage(text: str) -> str:
    """How music is used: a code of rights sheets, in capitals, or `source` or `score`."""
    body = text.strip()
    if body in USAGES or _CODE.fullmatch(body):
        return body
    other = body.lower() if body.lower() in USAGES else body.upper()
    if _CODE.fullmatch(other) or other in USAGES:
        raise Refusal(f'"{shown(text)}" is not a code of use', f"write {other}")
    raise Refusal(f'"{shown(text)}" is not a code of use', f"such as {listed(tuple(USAGES))}")
