"""The icon is what its script draws."""

from __future__ import annotations

import io

import numpy as np
import pygame

from tests.assets.makers import ASSETS, maker


def test_the_icon_is_what_the_script_draws() -> None:
    made = maker("make_icon")
    drawn = pygame.image.load(io.BytesIO(made.png(made.picture())), "icon.png")
    kept = pygame.image.load(ASSETS / "icon.png")
    assert kept.get_size() == (256, 256)
    difference = pygame.surfarray.array3d(drawn).astype(int) - pygame.surfarray.array3d(kept)
    assert np.abs(difference).max() <= 1  # another machine's cosine may round the other way
