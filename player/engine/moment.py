"""All that stands and waits in a mixer at one frame, so that another can go on from there."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from player.engine.commands import Auto, Later
from player.engine.ramp import Ramp
from player.engine.voice import Voice


class Moment(Struct, frozen=True):
    """Voices without their feeds; everything in show time is that of `show`. Can be pickled, and is not changed.

    film: the film frame, None where no film clock was set; coming: what comes by it, by film frame.
    """

    show: int
    voices: tuple[Voice, ...]
    scheduled: tuple[tuple[int, Later], ...]
    held: tuple[Later, ...]
    still: tuple[tuple[int, Later], ...]
    auto: Auto | None
    ducks: Mapping[str, tuple[tuple[int, float, Ramp, int, bool], ...]]
    film: int | None
    rolls: bool
    coming: tuple[tuple[int, Later], ...]
    newest: int
    place: int
    ages: Mapping[int, tuple[int, int]]
