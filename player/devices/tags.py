"""What is written into a recording about itself: title, artist, length and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

# What is looked for in folders of music, by the ends of names. MIDI files are no recordings.
ENDINGS: Final = (
    ".aac", ".ac3", ".aif", ".aifc", ".aiff", ".ape", ".caf", ".flac", ".m4a", ".m4b", ".mka", ".mp2", ".mp3", ".mp4",
    ".oga", ".ogg", ".opus", ".tta", ".w64", ".wav", ".wma", ".wv",
)  # fmt: skip


class Tags(Struct, frozen=True):
    """What a file says of itself; empty or 0 where it says nothing. `mbid`: of the recording, at MusicBrainz."""

    title: str = ""
    artist: str = ""
    album: str = ""
    year: int = 0
    isrc: str = ""
    seconds: float = 0.0
    lossless: bool = False
    writers: str = ""
    publisher: str = ""
    mbid: str = ""
    bpm: str = ""
    key: str = ""


def isrc_in(written: Sequence[str]) -> str:
    """The first ISRC among `written`, without hyphens; empty where none is one."""
    plain = (re.sub(r"[\W_]", "", text).upper() for text in written)
    return next((code for code in plain if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}\d{7}", code)), "")


def year_in(written: str | None) -> int:
    """The year of a date as it is found in tags; 0 where there is none."""
    found = re.search(r"(?<!\d)\d{4}(?!\d)", written or "")
    return int(found[0]) if found else 0
