"""Small helpers for messages: text that is safe on one line, and the word that was probably meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_LONGEST = 48
_MOST = 20_000  # candidates that are looked at


def visible(text: str) -> str:
    """`text` with everything that would move a terminal's cursor or turn its direction as U+FFFD."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def shown(text: str) -> str:
    """`text` on one line, visible, and short enough to stand in a message."""
    line = visible(" ".join(text[: 4 * _LONGEST].split()))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` was probably meant to be, or None when none is near."""
    folded = word.lower().replace("_", "-").replace(" ", "-")
    best, best_ratio = None, 0.0
    matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
    matcher.set_seq2(folded)
    for index, candidate in enumerate(candidates):
        if index == _MOST:
            break
        if candidate == folded:
            return candidate
        if abs(len(candidate) - len(folded)) > 3:
            continue
        matcher.set_seq1(candidate)
        if matcher.real_quick_ratio() <= best_ratio or matcher.quick_ratio() <= best_ratio:
            continue
        ratio = matcher.ratio()
        if ratio > best_ratio:
            best, best_ratio = candidate, ratio
    return best if best_ratio >= 0.65 else None


def listed(words: Sequence[str], last: str = "or") -> str:
    """`a`, `a or b`, `a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def slug(text: str) -> str:
    """The nearest id to what was written, empty where nothing of it is left; never `null`, which would need quotes."""
    plain = re.sub("[\u0300-\u036f'\u2019]", "", unicodedata.normalize("NFKD", text.casefold()))
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    if not made:
        return ""
    if made == "null":
        return "null-1"
    return made if re.search("[a-z]", made) else f"no-{made}"
