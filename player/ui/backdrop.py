"""The card's ground: three soft pools of light in the hues of the scene, grain over them, dark where text
stands.
"""

from __future__ import annotations

import colorsys
import math
import random
import zlib
from functools import lru_cache
from typing import Final, NamedTuple

import pygame

SMALL: Final = (96, 54)  # drawn this large, then stretched
BRIGHTEST: Final = 0.34
GRAIN: Final = 4
TILE: Final = 256
HUES: Final = (  # of the three pools, in turns: pairs of stage light that do not fight
    (0.92, 0.52, 0.03),
    (0.58, 0.13, 0.68),
    (0.03, 0.60, 0.94),
    (0.70, 0.93, 0.55),
    (0.48, 0.62, 0.08),
    (0.86, 0.62, 0.72),
    (0.085, 0.66, 0.27),
    (0.63, 0.86, 0.47),
    (0.985, 0.70, 0.10),
)
OWN: Final = (0.085, 0.66, 0.27)
GROUND: Final = (0.036, 0.034, 0.040)


class _Pool(NamedTuple):
    x: float
    y: float
    reach: float
    colour: tuple[float, float, float]


def paint(size: tuple[int, int], seed: str) -> pygame.Surface:
    """The backdrop of `seed`; "" is the film's own. The same seed and size give the same pixels."""
    small = pygame.image.frombuffer(_light(_pools(seed)), SMALL, "RGB")
    large = pygame.transform.smoothscale(small.convert(24), size)
    target = pygame.Surface(size)
    target.blit(large, (0, 0))
    for y in range(0, size[1], TILE):
        for x in range(0, size[0], TILE):
            target.blit(_grain(0), (x, y), special_flags=pygame.BLEND_RGB_ADD)
            target.blit(_grain(1), (x, y), special_flags=pygame.BLEND_RGB_SUB)
    return target


def _pools(seed: str) -> tuple[_Pool, ...]:
    chance = random.Random(zlib.crc32(seed.encode("utf-8")))
    first, second, third = chance.choice(HUES) if seed else OWN
    turn = chance.uniform(-0.02, 0.02)
    places = (
        (0.70 + chance.uniform(-0.08, 0.10), 0.16 + chance.uniform(-0.06, 0.12), 0.46, first + turn, 1.0),
        (1.00, 0.98, 0.40, second + turn, 0.60),
        (0.42 + chance.uniform(-0.08, 0.08), 1.06, 0.44, third, 0.42),
    )
    return tuple(
        _Pool(x, y, reach, colorsys.hsv_to_rgb(tone % 1, 0.66, BRIGHTEST * bright))
        for x, y, reach, tone, bright in places
    )


def _light(pools: tuple[_Pool, ...]) -> bytes:
    """RGB of every small pixel. A pool is a product of two bells, so each axis is computed once."""
    wide, high = SMALL
    xs = [[math.exp(-1.6 * ((x / (wide - 1) - each.x) / each.reach) ** 2) for x in range(wide)] for each in pools]
    ys = [
        [math.exp(-1.6 * ((y / (high - 1) - each.y) / each.reach / 1.25) ** 2) for y in range(high)] for each in pools
    ]
    dark = [255 * (0.42 + 0.58 * min(1.0, max(0.0, (x / (wide - 1) - 0.10) / 0.62))) for x in range(wide)]
    columns = list(zip(dark, *xs, strict=True))
    found = bytearray(3 * wide * high)
    for y in range(high):
        edge = 1 - 0.30 * abs(2 * y / (high - 1) - 1) ** 3
        for i in (0, 1, 2):  # no channel comes near 255: the brightest pool is at a third
            ground = edge * GROUND[i]
            first, second, third = (edge * bell[y] * pool.colour[i] for pool, bell in zip(pools, ys, strict=True))
            row = [round(share * (ground + a * first + b * second + c * third)) for share, a, b, c in columns]
            found[3 * wide * y + i : 3 * wide * (y + 1) : 3] = bytes(row)
    return bytes(found)


@lru_cache(maxsize=2)
def _grain(which: int) -> pygame.Surface:
    """Noise of a few steps: it hides the bands of a dark gradient."""
    steps = bytes(value * (GRAIN + 1) // 256 for value in range(256))
    noise = random.Random(which).randbytes(TILE * TILE).translate(steps)
    grey = pygame.image.frombuffer(noise, (TILE, TILE), "P")
    grey.set_palette([(value, value, value) for value in range(GRAIN + 1)])
    plain = pygame.Surface((TILE, TILE))
    plain.blit(grey, (0, 0))
    return plain
