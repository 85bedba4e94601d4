"""A font of the system for a character the bundled ones lack: Chinese, Japanese, Korean, emoji and the
rest.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from player.ui import cmap

_MAC: Final = (
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "/System/Library/Fonts/AppleSDGothicNeo.ttc",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "/System/Library/Fonts/Apple Symbols.ttf",
    "/System/Library/Fonts/Apple Color Emoji.ttc",
)
_WINDOWS: Final = (
    "segoeui.ttf", "YuGothM.ttc", "msyh.ttc", "malgun.ttf", "Nirmala.ttf", "LeelawUI.ttf", "seguisym.ttf",
    "seguiemj.ttf",
)  # fmt: skip


def candidates(code: int) -> Iterable[Path]:
    """Files of this system that may hold the character, the likely ones first."""
    if sys.platform == "darwin":
        return [Path(each) for each in _MAC]
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", "C:/Windows"), "Fonts", each) for each in _WINDOWS]
    return _fontconfig(code)


def _fontconfig(code: int) -> list[Path]:
    """What fontconfig lists for the character: sans serif before serif, upright before the rest."""
    query = ["fc-list", f":charset={code:x}", "file"]
    try:
        listed = subprocess.run(query, capture_output=True, text=True, timeout=2, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    paths = sorted(Path(line.split(": ")[0].rstrip(": ")) for line in listed.splitlines() if line.strip())
    return sorted((path for path in paths if path.suffix.lower() in (".ttf", ".otf", ".ttc")), key=_rank)


def _rank(path: Path) -> tuple[bool, bool, bool]:
    name = path.name.lower()
    odd = any(word in name for word in ("italic", "oblique", "thin", "light", "black", "mono"))
    return "serif" in name, "sans" not in name, odd


@lru_cache(maxsize=64)
def _coverage(path: Path) -> cmap.Coverage:
    try:
        return cmap.read(path)
    except OSError:
        return cmap.Coverage()


class Finder:
    """Remembers what was found, so that the system is asked once for each stretch of 256 characters it
    lacks.
    """

    def __init__(self, ask: Callable[[int], Iterable[Path]] = candidates) -> None:
        self._ask = ask
        self._known: list[Path] = []
        self._asked: set[int] = set()

    def find(self, code: int) -> Path | None:
        """A font file with this character, or None."""
        known = next((path for path in self._known if _coverage(path).has(code)), None)
        if known or code >> 8 in self._asked:
            return known
        self._asked.add(code >> 8)
        found = next((path for path in self._ask(code) if _coverage(path).has(code)), None)
        if found:
            self._known.append(found)
        return found
