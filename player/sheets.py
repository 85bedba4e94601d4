"""Words and chords of the person's own: a plain text, or ChordPro with its chords above the words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, NamedTuple

from timeline.words import visible

LARGEST: Final = 1 << 20  # bytes; more is no sheet of a song
MOST: Final = 5000  # lines
CHORDPRO: Final = (".cho", ".chopro", ".chordpro", ".crd", ".pro")

Kind = Literal["line", "head", "label", "blank"]


class Piece(NamedTuple):
    """A chord and the words that begin where it is struck; either may be ""."""

    chord: str
    words: str


class Line(NamedTuple):
    """A line of a sheet: what it is, and its pieces from left to right."""

    kind: Kind
    pieces: tuple[Piece, ...] = ()

    @property
    def words(self) -> str:
        """Without the chords."""
        return "".join(piece.words for piece in self.pieces)


class Sheet(NamedTuple):
    """A sheet. `fixed`: spaces stand for places, and every letter is as wide as the other."""

    lines: tuple[Line, ...]
    fixed: bool = False


def read(path: Path) -> Sheet | str:
    """The sheet in a file, or why there is none, as a clause."""
    try:
        if not path.is_file():
            return "is missing" if not path.exists() else "is no file"
        if path.stat().st_size > LARGEST:
            return "is too large for a sheet"
        raw = path.read_bytes()
    except OSError as error:
        return f"cannot be read: {(error.strerror or str(error)).lower()}"
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")  # what old editors have saved
    return of(text, chordpro=path.suffix.lower() in CHORDPRO)


def of(text: str, *, chordpro: bool) -> Sheet:
    """The sheet that a text says."""
    rows = text.splitlines()[:MOST]
    lines = _chordpro(rows) if chordpro else map(_plain, rows)
    return Sheet(tuple(_trimmed(lines)), fixed=not chordpro)


def _plain(row: str) -> Line:
    words = visible(row.expandtabs(8)).rstrip()
    return Line("line", (Piece("", words),)) if words else Line("blank")


def _trimmed(lines: Iterable[Line]) -> list[Line]:
    """Without blank lines at the ends, and never two of them in a row."""
    kept: list[Line] = []
    for line in lines:
        if line.kind != "blank" or (kept and kept[-1].kind != "blank"):
            kept.append(line)
    while kept and kept[-1].kind == "blank":
        kept.pop()
    return kept


_DIRECTIVE: Final = re.compile(r"\{\s*([\w-]+)\s*(?:[:\s]\s*(.*?))?\s*\}\s*")
_CHORD: Final = re.compile(r"\[([^\[\]]*)\]")
_HEADS: Final = {"title": "head", "t": "head", "subtitle": "label", "st": "label", "artist": "label"}
_REMARKS: Final = ("comment", "c", "comment_italic", "ci", "comment_box", "cb", "highlight")
_PARTS: Final = {
    "soc": "Chorus", "start_of_chorus": "Chorus", "sov": "Verse", "start_of_verse": "Verse",
    "sob": "Bridge", "start_of_bridge": "Bridge", "chorus": "Chorus",
}  # fmt: skip


def _chordpro(rows: list[str]) -> list[Line]:
    lines: list[Line] = []
    for row in rows:
        if row.startswith("#"):
            continue
        directive = _DIRECTIVE.fullmatch(row.strip())
        if directive is None:
            lines.append(_sung(visible(row.expandtabs(4)).rstrip()))
            continue
        name, value = directive[1].lower(), visible((directive[2] or "").strip())
        if name in _HEADS and value:
            lines.append(Line("head" if _HEADS[name] == "head" else "label", (Piece("", value),)))
        elif name in _REMARKS and value:
            lines.append(Line("label", (Piece("", value),)))
        elif name in _PARTS:
            label = re.sub(r'^label="?|"$', "", value)
            lines.append(Line("label", (Piece("", label or _PARTS[name]),)))
    return lines


def _sung(row: str) -> Line:
    """A line of words with [chords] in them."""
    if not row.strip():
        return Line("blank")
    parts = _CHORD.split(row)
    pieces = [Piece("", parts[0])] if parts[0] else []
    pieces += [Piece(chord.strip(), words) for chord, words in zip(parts[1::2], parts[2::2], strict=True)]
    return Line("line", tuple(pieces))


class Sheets:
    """The sheets of a show's songs, read when they are first wanted and again when their files change."""

    def __init__(self, every: float = 1.0) -> None:
        """`every`: seconds between two looks at a file."""
        self._every = every
        self._kept: dict[Path, tuple[float, tuple[int, int] | None, Sheet | str]] = {}

    def get(self, path: Path, now: float) -> Sheet | str:
        """As `read`, at a time in seconds."""
        kept = self._kept.get(path)
        if kept is not None and now - kept[0] < self._every:
            return kept[2]
        stamp = _stamp(path)
        found = kept[2] if kept is not None and kept[1] == stamp else read(path)
        self._kept[path] = now, stamp, found
        return found


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size
