"""The person's own colours and fonts for the audience screen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from player.settings import Settings, parse
from player.ui import audience_theme
from player.ui.audience import Look
from player.ui.fonts import bundled
from player.ui.theme import TITLE
from tests.ui import states, support

assert states  # the display of these tests is a dummy


def test_without_a_word_in_the_settings_all_is_as_it_comes() -> None:
    assert audience_theme.look(Settings()) == (Look(), ())
    made, look, problems = audience_theme.made(Settings(), bundled(), Path())
    assert (made, look, problems) == (None, Look(), ())


def test_colours_of_ones_own() -> None:
    own, problems = parse('audience-ground = "#FFFFFF"\naudience-ink = "#102040"\naudience-accent = "#8a0000"')
    assert problems == ()
    assert audience_theme.look(own) == (Look((255, 255, 255), (0x10, 0x20, 0x40), (0x8A, 0, 0)), ())


@pytest.mark.parametrize("text", ['"red"', '"#12345"', '"#12345g"', '"#1234567"'])
def test_what_is_no_colour_is_one_line_and_the_default_stands(text: str) -> None:
    own, problems = parse(f"audience-ink = {text}")
    assert own.audience_ink == "#f5f0e8"
    assert problems == ('settings.toml: audience-ink is a colour like "#f5f0e8"; "#f5f0e8" stands',)


def test_colours_that_cannot_be_read_are_one_line_and_ours_stand() -> None:
    own, _ = parse('audience-ground = "#808080"\naudience-ink = "#909090"')
    look, problems = audience_theme.look(own)
    assert look == Look()
    said = "audience-ink cannot be read on audience-ground (contrast 1.2 of 4.5 needed)"
    assert problems == (f"{said}; the player's own colours stand",)
    own, _ = parse('audience-ink = "#000000"')
    assert audience_theme.look(own)[1][0].startswith("audience-ink cannot be read on the light of a scene")


def test_a_font_of_ones_own_draws_the_headline_and_what_it_lacks_is_drawn_by_ours(tmp_path: Path) -> None:
    shutil.copy(support.ASSETS / "fonts" / "JetBrainsMono-SemiBold.ttf", tmp_path / "own.ttf")
    own, _ = parse('audience-title-font = "own.ttf"')
    made, _, problems = audience_theme.made(own, bundled(), tmp_path)
    assert problems == ()
    assert made is not None
    assert made.measure("illi", TITLE, 100, 0) == made.measure("MWMW", TITLE, 100, 0)
    assert made.measure("שלום", TITLE, 100, 0) > 100


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("gone.ttf", None, "is missing"), ("text.ttf", b"no font", "is not a font we can read")],
)
def test_what_is_no_font_is_one_line(tmp_path: Path, name: str, content: bytes | None, why: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    own, _ = parse(f'audience-text-font = "{name}"')
    made, _, problems = audience_theme.made(own, bundled(), tmp_path)
    assert made is None
    assert problems == (f"audience-text-font: {name} {why}; the player's own font stands",)
