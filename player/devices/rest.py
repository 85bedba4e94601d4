"""How a device is kept in silence without asking for it block by block."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Rest(NamedTuple):
    """What an output asks and tells while nothing sounds. Audio thread."""

    due: Callable[[], bool]
    """Whether all that comes is silence until somebody asks for something."""

    passed: Callable[[int, int, float], None]
    """(frames, ahead, moment): so many more frames have passed in silence, without a block; from `moment` on, by
    `time.monotonic`, `ahead` more do, unless the output is roused before."""
