"""When two titles, or two artists, are the same: case, accents and additions in brackets do not count, versions do."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal

from msgspec import Struct

Nearness = Literal["same", "near", "other"]

RULES: Final = 1  # counts up when the same text gives another key: what is kept of it is then made anew

_LETTERS: Final = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "&": " and ", "+": " and "}
    | dict.fromkeys("'’‘`´ʼ\u200b\u200c\u200d\ufeff", "")
)
_WORDS: Final = {"pt": "part", "nr": "no", "vs": "versus"}
_BRACKETS: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|\{([^{}]*)\}")
_TAIL: Final = re.compile(r"^(.+?)\s+[-–—~:]\s+(\S.*)$")
_GUESTS: Final = re.compile(r"\s+(?:feat|ft|featuring)\.?\s+.*$", re.IGNORECASE)

# Words in brackets, or behind a dash, that tell one recording from another, and what they tell.
_VERSIONS: Final = {
    word: kind
    for kind, words in {
        "live": "live concert",
        "acoustic": "acoustic unplugged",
        "demo": "demo demos",
        "instrumental": "instrumental",
        "karaoke": "karaoke backing playback",
        "remix": "remix rmx mix dub",
        "edit": "edit edited radio single 7inch",
        "extended": "extended 12inch club",
        "cover": "cover tribute",
        "session": "session sessions rehearsal",
        "take": "take outtake alternate alternative",
        "reprise": "reprise",
        "voices": "acapella cappella",
        "orchestral": "orchestral symphonic",
        "again": "rerecorded rerecording",
    }.items()
    for word in words.split()
}
_OTHER_VERSION: Final = re.compile(r"\bversion$")
# What says nothing of which recording it is.
_PLAIN: Final = re.compile(
    r"\b(remaster\w*|feat|ft|featuring|explicit|bonus track|deluxe|anniversary|soundtrack|official|hq|hd)\b"
    r"|^(album|lp|original|stereo|mono|full|main)( album)?( version)?$|^(mono|stereo)$|^with |^from |^original mix$"
)
_REMASTER: Final = re.compile(r"\b((\d{4} )?(digital(ly)? )?remaster\w*( version| edition| mix)?( \d{4})?)\b")
_LIVE_ALBUM: Final = re.compile(r"\blive (at|in|from|on)\b|\b(in concert|unplugged)\b|^live$|\blive$")


class Title(Struct, frozen=True):
    """A title taken apart, its words in small plain letters.

    `base` is what stands outside of brackets, `full` the whole of it without additions; they differ in
    "(I Can't Get No) Satisfaction". `version` names what tells this recording from others, `detail` how it is put.
    """

    base: str
    full: str
    version: frozenset[str] = frozenset()
    detail: str = ""


@lru_cache(8192)
def folded(text: str) -> str:
    """The words of a text in small letters without accents and signs; a text of signs alone stays what it is."""
    small = unicodedata.normalize("NFKD", re.sub(r"#\s*(?=\d)", " no ", text)).casefold().translate(_LETTERS)
    # Only accents of Latin, Greek and Cyrillic: elsewhere such marks make other letters.
    bare = unicodedata.normalize("NFC", "".join(letter for letter in small if not "\u0300" <= letter <= "\u036f"))
    kept = "".join(letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in bare)
    words = [_WORDS.get(word, word) for word in kept.split()]
    inner = [
        "and" if word == "n" and 0 < place < len(words) - 1 else word for place, word in enumerate(words)
    ]  # rock 'n' roll
    return " ".join(inner) or " ".join(text.casefold().split())


@lru_cache(8192)
def title_of(text: str, album: str = "") -> Title:
    """`text` taken apart; an album recorded live makes its titles live."""
    version: set[str] = set()
    details: list[str] = []
    kept: list[str] = []

    def addition(words: str) -> bool:
        kinds, detail = _addition(words)
        version.update(kinds)
        if detail:
            details.append(detail)
        return bool(kinds) or _is_plain(words)

    rest = _GUESTS.sub("", text) if not _BRACKETS.search(text) else text
    while (tail := _TAIL.match(rest)) and addition(folded(tail[2])):
        rest = tail[1]
    base = rest
    for found in _BRACKETS.finditer(rest):
        words = folded(next(filter(None, found.groups()), ""))
        if words and addition(words):
            rest = rest.replace(found[0], " ", 1)
        else:
            kept.append(words)
        base = base.replace(found[0], " ", 1)
    rest, base = _GUESTS.sub("", rest), _GUESTS.sub("", base)
    if not version and album and _LIVE_ALBUM.search(folded(album)):
        version.add("live")
    full = folded(rest)
    return Title(folded(base) if base.strip() else full, full, frozenset(version), " ".join(details))


@lru_cache(8192)
def artists_of(text: str) -> tuple[str, ...]:
    """The names of those who play, guests left out, `the` left out; the first is the one a song goes under."""
    without = _GUESTS.sub("", _BRACKETS.sub(lambda found: " " if _is_plain(folded(found[0])) else found[0], text))
    swapped = re.sub(r"^(.*), (the|die|les|los|el)$", r"\2 \1", without.strip(), flags=re.IGNORECASE)
    parts = (_without_the(folded(part)) for part in re.split(r"\s*[;/]\s*|,\s+|\s+with\s+", swapped))
    return tuple(dict.fromkeys(part for part in parts if part))


def near_titles(ours: Title, theirs: Title) -> Nearness:
    """Whether a recording's title is that of a song."""
    if ours.full != theirs.full and ours.base != theirs.base:
        return "other"
    alike = ours.full == theirs.full and ours.version == theirs.version
    return "same" if alike and not (ours.detail and theirs.detail and ours.detail != theirs.detail) else "near"


def near_artists(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Nearness:
    """Whether a recording's artists are those of a song; where one of them names nobody, they are near."""
    if not ours or not theirs:
        return "near"
    if ours == theirs or frozenset(ours) == frozenset(theirs) or _joined(ours) == _joined(theirs):
        return "same"
    return "near" if ours[0] in theirs or theirs[0] in ours else "other"


@lru_cache(8192)
def name_of_file(stem: str) -> tuple[str, str]:
    """Artist and title as files without tags tell them: `03 - Artist - Title`. The artist may be empty."""
    words = re.sub(r"[_\s]+", " ", stem).strip()
    bare = re.sub(r"^\(?\d{1,3}\)?(?:\s*[-.)]\s*)|^(?:0\d|[12]\d)\s+(?=\D)", "", words) or words
    artist, dash, title = bare.partition(" - ")
    title = re.sub(r"^\d{1,3}\s*(?:[-.)]\s*)", "", title) or title
    return (artist.strip(), title.strip()) if dash and title.strip() else ("", bare)


def _addition(words: str) -> tuple[set[str], str]:
    """Which versions some words name, and how, once what says nothing is left out."""
    left = " ".join(_REMASTER.sub(" ", words).split())
    if re.search(r"\b(feat|ft|featuring)\b", left) or _is_plain(left):
        return set(), ""
    kinds = {_VERSIONS[word] for word in left.split() if word in _VERSIONS}
    if not kinds and _OTHER_VERSION.search(left):
        kinds = {left}
    detail = " ".join(word for word in left.split() if word not in _VERSIONS and word not in ("version", "the"))
    return kinds, detail if kinds else ""


def _is_plain(words: str) -> bool:
    return bool(_PLAIN.search(words))


def _joined(names: tuple[str, ...]) -> str:
    return "".join(sorted(word for name in names for word in name.split() if word != "and"))


def _without_the(name: str) -> str:
    return " ".join(word for word in name.split() if word != "the") or name
