"""Where the player finds the files that come with it."""

from __future__ import annotations

from pathlib import Path


def assets() -> Path:
    """The folder with the bundled film, stand-ins, sound font and fonts.

    In an installed package it lies inside `player`; in a checkout, beside it.
    """
    package = Path(__file__).resolve().parent
    inside = package / "assets"
    return inside if inside.is_dir() else package.parent / "assets"
