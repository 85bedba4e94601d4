"""Pictures for the docs: few colours, and the right ones."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import numpy as np
import pygame

from scripts._png import encoded


def read(tmp_path: Path, pixels: np.ndarray) -> np.ndarray:
    path = tmp_path / "made.png"
    path.write_bytes(encoded(pixels))
    return pygame.surfarray.array3d(pygame.image.load(path)).swapaxes(0, 1)


def test_few_colours_stay_as_they_are(tmp_path: Path) -> None:
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[10:20, 5:50] = (255, 178, 36)
    pixels[25:, 30:] = (98, 190, 255)
    assert (read(tmp_path, pixels) == pixels).all()


def test_many_colours_become_near_ones(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 60, (80, 90, 3), np.uint8)
    pixels[:8] = (245, 240, 232)
    found = read(tmp_path, pixels)
    assert (found[:8] == pixels[:8]).all()
    assert np.abs(found.astype(int) - pixels).mean() < 6
    assert len(np.unique(found.reshape(-1, 3), axis=0)) <= 256
