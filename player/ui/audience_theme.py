"""The person's own colours and fonts for the audience screen. What cannot be used is one line, and ours stand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pygame
import pygame.font

from player.settings import Settings
from player.ui import cmap
from player.ui.audience import Look
from player.ui.fonts import Bundle, Fonts
from player.ui.theme import BOLD, DISPLAY, TEXT, TITLE, Colour, Face, contrast

LIGHTEST: Final[Colour] = (0x57, 0x57, 0x57)  # as light as the light of a scene ever is
LEAST: Final = 4.5  # contrast of words
LEAST_LARGE: Final = 3.0  # of large and bold ones
_TITLE: Final = (TITLE,)
_WORDS: Final = (DISPLAY, BOLD, TEXT)


def look(settings: Settings) -> tuple[Look, tuple[str, ...]]:
    """The colours, and one line where they cannot be read together."""
    ground = _colour(settings.audience_ground) if settings.audience_ground else None
    ink, accent = _colour(settings.audience_ink), _colour(settings.audience_accent)
    behind = "audience-ground" if ground is not None else "the light of a scene"
    for name, colour, least in (("audience-ink", ink, LEAST), ("audience-accent", accent, LEAST_LARGE)):
        found = contrast(colour, ground or LIGHTEST)
        if found < least:
            said = f"{name} cannot be read on {behind} (contrast {found:.1f} of {least:g} needed)"
            return Look(), (f"{said}; the player's own colours stand",)
    return Look(ground, ink, accent), ()


def fonts(settings: Settings, own: Bundle, base: Path) -> tuple[Bundle, tuple[str, ...]]:
    """The fonts with the person's own in front, and a line for each that is none. base: where files are relative to."""
    problems: list[str] = []
    for name, file, faces in (
        ("audience-title-font", settings.audience_title_font, _TITLE),
        ("audience-text-font", settings.audience_text_font, _WORDS),
    ):
        if not file:
            continue
        path = base / Path(file).expanduser()
        covered = _covers(path)
        if isinstance(covered, str):
            problems.append(f"{name}: {file} {covered}; the player's own font stands")
        else:
            own = _with(own, str(path), path, covered, faces)
    return own, tuple(problems)


def _with(own: Bundle, name: str, path: Path, covered: cmap.Coverage, faces: tuple[Face, ...]) -> Bundle:
    first = {**own.first, **dict.fromkeys((face.name for face in faces), name)}
    return Bundle({**own.files, name: path}, {**own.covers, name: covered}, first)


def _covers(path: Path) -> cmap.Coverage | str:
    """Which characters a font file has, or why it is none, as a clause."""
    pygame.font.init()
    try:
        covered = cmap.read(path)
        pygame.font.Font(path, 20)
    except FileNotFoundError:
        return "is missing"
    except (OSError, pygame.error):
        return "is not a font we can read"
    return covered if covered.starts else "is not a font we can read"


def made(settings: Settings, own: Bundle, base: Path) -> tuple[Fonts | None, Look, tuple[str, ...]]:
    """Everything: fonts (None: the player's own do), colours, and what is wrong."""
    bundle, wrong = fonts(settings, own, base)
    colours, more = look(settings)
    return (Fonts(bundle) if bundle is not own else None), colours, (*wrong, *more)


def _colour(text: str) -> Colour:
    value = int(text[1:], 16)
    return value >> 16, value >> 8 & 255, value & 255
