"""Fonts and lines of text as pixels: which file draws which character, measured and rendered once.

Main thread only. The bundled fonts come first; what they lack is looked for on the system.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import pygame
import pygame.font

from player.paths import assets
from player.ui.cmap import Coverage, coverage
from player.ui.system_fonts import Finder
from player.ui.text import Run, clusters, runs
from player.ui.theme import BOLD, DISPLAY, FACES, MONO, TEXT, TITLE, Colour, Face

_FIRST: Final = {
    TITLE.name: "BebasNeue-Bold.otf",
    DISPLAY.name: "InterDisplay-SemiBold.otf",
    BOLD.name: "Inter-SemiBold.otf",
    TEXT.name: "Inter-Medium.otf",
    MONO.name: "JetBrainsMono-SemiBold.ttf",
}


class Bundle(NamedTuple):
    """Font files by name, what each covers, and the name a face asks first. The others are asked in order."""

    files: dict[str, Path]
    covers: dict[str, Coverage]
    first: dict[str, str]


def bundled(folder: Path | None = None) -> Bundle:
    """The fonts that come with the player. What they cover was listed when they were made: reading it from
    the files would cost the first picture a fifth of a second."""
    folder = folder or assets() / "fonts"
    table = json.loads((folder / "coverage.json").read_text("utf-8"))
    covers = {name: coverage((first, last) for first, last in ranges) for name, ranges in table.items()}
    return Bundle({name: folder / name for name in table}, covers, _FIRST)


MOST_HELD: Final = 12 << 20  # bytes of rendered lines that are kept: three screens of 1080p full of text

_Line = tuple[str, Face, int, Colour, int]


class Piece(NamedTuple):
    """A rendered run: its pixels, how far right of the line's start, how far above the baseline."""

    surface: pygame.Surface
    x: int
    up: int


class Fonts:
    """Measures and renders lines of text."""

    def __init__(self, bundle: Bundle, finder: Finder | None = None) -> None:
        if not pygame.font.get_init():
            pygame.font.init()
        self._bundle = bundle
        self._finder = finder or Finder()
        self._chains = {face.name: self._chain(face) for face in FACES}
        self._font = lru_cache(512)(self._open)
        self._runs = lru_cache(4096)(self._split)
        self.measure = lru_cache(16384)(self._measure)
        self._lines: OrderedDict[_Line, tuple[Piece, ...]] = OrderedDict()
        self.held = 0  # bytes of these

    def _chain(self, face: Face) -> tuple[tuple[str, Coverage], ...]:
        first = self._bundle.first[face.name]
        rest = [name for name in self._bundle.files if name != first]
        rest.sort(key=lambda name: (name in self._bundle.first.values(), name == self._bundle.first["mono"]))
        rest.sort(key=lambda name: name != self._bundle.first["bold"])
        return tuple((name, self._bundle.covers[name]) for name in (first, *rest))

    def _split(self, text: str, face: Face) -> tuple[Run, ...]:
        chain = self._chains[face.name]

        def font_of(part: str) -> str:
            code = ord(part[0])
            for name, covered in chain:
                if covered.has(code):
                    return name
            found = self._finder.find(code)
            return str(found) if found else chain[0][0]

        return runs(text, font_of)

    def _open(self, name: str, px: int, script: str, rtl: bool) -> pygame.font.Font:
        """A font object of its own for each script and direction: both stick to the object."""
        font = pygame.font.Font(self._bundle.files.get(name, Path(name)), px)
        if script:
            font.set_script(script)
            font.set_direction(pygame.DIRECTION_RTL if rtl else pygame.DIRECTION_LTR)
        return font

    def _measure(self, text: str, face: Face, px: int, track: int) -> int:
        """The width of a line in pixels; `track` is added after every letter but the last."""
        if track:
            parts = clusters(text)
            return sum(self.measure(part, face, px, 0) + track for part in parts) - track if parts else 0
        return sum(self._width(run, px) for run in self._runs(text, face))

    def _width(self, run: Run, px: int) -> int:
        font = self._font(run.font, px, run.script, run.rtl)
        width, height = font.size(run.text)
        scale = _scale(height, px)
        return width if scale == 1 else round(width * scale)

    def line(self, text: str, face: Face, px: int, colour: Colour, track: int) -> tuple[Piece, ...]:
        """The rendered runs of a line. Those drawn lately are kept, so many bytes and not so many lines: a clock makes
        another one each second, and large ones."""
        key = text, face, px, colour, track
        found = self._lines.get(key)
        if found is not None:
            self._lines.move_to_end(key)
            return found
        found = self._lines[key] = self._line(*key)
        self.held += _bytes(found)
        while self.held > MOST_HELD and len(self._lines) > 1:
            _, oldest = self._lines.popitem(last=False)
            self.held -= _bytes(oldest)
        return found

    def _line(self, text: str, face: Face, px: int, colour: Colour, track: int) -> tuple[Piece, ...]:
        if not track:
            return self._pieces(self._runs(text, face), px, colour, 0)
        found: list[Piece] = []
        x = 0
        for part in clusters(text):
            found += self._pieces(self._runs(part, face), px, colour, x)
            x += self.measure(part, face, px, 0) + track
        return tuple(found)

    def _pieces(self, parts: tuple[Run, ...], px: int, colour: Colour, x: int) -> tuple[Piece, ...]:
        found: list[Piece] = []
        for run in parts:
            font = self._font(run.font, px, run.script, run.rtl)
            surface, up = font.render(run.text, True, colour), font.get_ascent()
            scale = _scale(surface.get_height(), px)
            if scale != 1:
                size = round(surface.get_width() * scale), round(surface.get_height() * scale)
                surface, up = pygame.transform.smoothscale(surface, size), round(px * 0.95)
            found.append(Piece(surface, x, up))
            x += self._width(run, px)
        return tuple(found)

    def draw(
        self,
        target: pygame.Surface,
        text: str,
        x: int,
        base: int,
        face: Face,
        px: int,
        colour: Colour,
        track: int,
    ) -> None:
        """Draw one line with its baseline at `base`; the target's clip holds."""
        for piece in self.line(text, face, px, colour, track):
            target.blit(piece.surface, (x + piece.x, base - piece.up))


def _bytes(pieces: tuple[Piece, ...]) -> int:
    return sum(piece.surface.get_pitch() * piece.surface.get_height() for piece in pieces)


def _scale(height: int, px: int) -> float:
    """Colour emoji come in one size only, far larger than asked for."""
    return px * 1.2 / height if height > max(2.5 * px, 100) else 1
