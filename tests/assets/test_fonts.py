"""The bundled fonts: what coverage.json says is what the files hold, and each has its licence."""

from __future__ import annotations

import json

import pytest

from player.ui.cmap import coverage, read
from tests.assets.makers import ASSETS

FONTS = ASSETS / "fonts"
TABLE = json.loads((FONTS / "coverage.json").read_text("utf-8"))


def test_every_font_file_is_listed() -> None:
    assert sorted(TABLE) == sorted(path.name for path in FONTS.iterdir() if path.suffix in {".otf", ".ttf"})


@pytest.mark.parametrize("name", TABLE)
def test_the_list_is_what_the_file_covers(name: str) -> None:
    assert coverage((first, last) for first, last in TABLE[name]) == read(FONTS / name)


@pytest.mark.parametrize("name", TABLE)
def test_its_licence_stands_beside_it(name: str) -> None:
    text = (FONTS / f"{name.partition('-')[0].removesuffix('Display')}-OFL.txt").read_text("utf-8")
    assert text.startswith("Copyright")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "OTHER DEALINGS IN THE FONT SOFTWARE" in text


def test_the_scripts_people_write_titles_in_are_covered() -> None:
    covers = [coverage((first, last) for first, last in ranges) for ranges in TABLE.values()]
    for text in ("Étude œuvre façade", "Ångström, żółć, Šťastný", "Ελληνικά", "Кириллица", "عربى", "עברית", "“–—…”→"):
        assert all(char == " " or any(cover.has(ord(char)) for cover in covers) for char in text), text
