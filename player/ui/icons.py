"""The signs of the house, as shapes in a unit square. Never told apart by colour alone."""

from __future__ import annotations

import math
from typing import Final, Union

Point = tuple[float, float]
# "poly" and "cut" with points; "disc" and "hole" with x, y and radius; "line" with a width and points.
Shape = Union[  # noqa: UP007  (a type at run time, on Python 3.10 too)
    tuple[str, tuple[Point, ...]], tuple[str, float, float, float], tuple[str, float, tuple[Point, ...]]
]


def _arc(x: float, y: float, r: float, start: float, stop: float, steps: int = 24) -> tuple[Point, ...]:
    """Points on a circle; angles in turns, clockwise from the top."""
    turns = (start + (stop - start) * i / steps for i in range(steps + 1))
    return tuple((x + r * math.sin(2 * math.pi * t), y - r * math.cos(2 * math.pi * t)) for t in turns)


ICONS: Final[dict[str, tuple[Shape, ...]]] = {
    "play": (("poly", ((0.12, 0.02), (0.98, 0.5), (0.12, 0.98))),),
    "pause": (("poly", ((0.14, 0.06), (0.40, 0.06), (0.40, 0.94), (0.14, 0.94))),
              ("poly", ((0.60, 0.06), (0.86, 0.06), (0.86, 0.94), (0.60, 0.94)))),
    "diamond": (("poly", ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5))),),
    "check": (("line", 0.17, ((0.10, 0.54), (0.38, 0.82), (0.92, 0.20))),),
    "circle": (("disc", 0.5, 0.5, 0.47), ("hole", 0.5, 0.5, 0.30)),
    "dot": (("disc", 0.5, 0.5, 0.4),),
    "dot-full": (("disc", 0.5, 0.5, 0.48),),
    "alert": (("poly", ((0.5, 0.03), (1.0, 0.95), (0.0, 0.95))),
              ("cut", ((0.43, 0.34), (0.57, 0.34), (0.55, 0.66), (0.45, 0.66))), ("hole", 0.5, 0.79, 0.075)),
    "fade": (("poly", ((0.04, 0.08), (0.96, 0.92), (0.04, 0.92))),),
    "end": (("poly", ((0.10, 0.10), (0.90, 0.10), (0.90, 0.90), (0.10, 0.90))),),
    "card": (("poly", ((0.02, 0.16), (0.98, 0.16), (0.98, 0.84), (0.02, 0.84))),
             ("cut", ((0.16, 0.30), (0.84, 0.30), (0.84, 0.70), (0.16, 0.70)))),
    "stand-in": (("disc", 0.5, 0.5, 0.48), ("hole", 0.5, 0.5, 0.33),
                 ("poly", _arc(0.5, 0.5, 0.40, 0.5, 1.0))),
    "lock": (("line", 0.13, ((0.28, 0.5), (0.28, 0.30), (0.36, 0.16), (0.5, 0.11), (0.64, 0.16), (0.72, 0.30),
                             (0.72, 0.5))),
             ("poly", ((0.12, 0.46), (0.88, 0.46), (0.88, 0.98), (0.12, 0.98)))),
    "mute": (("poly", ((0.02, 0.34), (0.22, 0.34), (0.50, 0.10), (0.50, 0.90), (0.22, 0.66), (0.02, 0.66))),
             ("line", 0.10, ((0.63, 0.34), (0.95, 0.66))), ("line", 0.10, ((0.95, 0.34), (0.63, 0.66)))),
    "auto": (("line", 0.13, _arc(0.5, 0.5, 0.38, 0.06, 0.80)),
             ("poly", ((0.30, 0.0), (0.60, 0.12), (0.34, 0.34)))),
    "chevron": (("line", 0.15, ((0.30, 0.10), (0.72, 0.5), (0.30, 0.90))),),
    "branch": (("line", 0.12, ((0.16, 0.04), (0.16, 0.62), (0.90, 0.62))),
               ("line", 0.12, ((0.62, 0.34), (0.90, 0.62), (0.62, 0.90)))),
    "clock": (("disc", 0.5, 0.5, 0.48), ("hole", 0.5, 0.5, 0.36),
              ("line", 0.11, ((0.5, 0.24), (0.5, 0.52), (0.70, 0.62)))),
    "file": (("poly", ((0.18, 0.02), (0.62, 0.02), (0.86, 0.26), (0.86, 0.98), (0.18, 0.98))),
             ("cut", ((0.60, 0.10), (0.60, 0.30), (0.78, 0.30)))),
    "folder": (("poly", ((0.02, 0.16), (0.38, 0.16), (0.48, 0.28),
                         (0.98, 0.28), (0.98, 0.88), (0.02, 0.88))),),
    "disc": (("disc", 0.5, 0.5, 0.5), ("hole", 0.5, 0.5, 0.40), ("disc", 0.5, 0.5, 0.31),
             ("hole", 0.5, 0.5, 0.20), ("disc", 0.5, 0.5, 0.12)),
}  # fmt: skip
