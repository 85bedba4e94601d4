"""Film mode as the engine's commands: the whole film on its own clock, with nobody at the keys.

A scene is entered at its `at`. A cue that opens a run comes at its own `at`, else when the cue before it ends,
else with its scene; within a run cues chain as written. A scene without `at` waits for GO, and so is left out.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct

from player.engine import RATE
from player.plan import Plan
from player.score import Gate, Score, Writer
from timeline.model import When

if TYPE_CHECKING:
    from player.show import Show


class Reel(Struct, frozen=True):
    """The film clock: at frame `since` of the engine's clock it showed film frame `at`, and runs on or stands.

    A pause of everything stands still too, though `runs` stays.
    """

    at: int = 0
    since: int = 0
    runs: bool = False


def film_time(show: Show, clock: int) -> Fraction | None:
    """The film time in seconds at frame `clock` of the engine's clock; None as long as no film clock was set."""
    frame = film_frame(show, clock)
    return None if frame is None else Fraction(frame, RATE)


def film_frame(show: Show, clock: int) -> int | None:
    """The same in frames."""
    reel = show.reel
    if reel is None:
        return None
    moves = reel.runs and not show.paused
    return reel.at + (max(0, clock - reel.since) if moves else 0)


def film_score(plan: Plan, free: int) -> Score:
    """Every scene and cue of the film from film time 0 on; `free` is the first free number."""
    writer = Writer(plan, free, hands_free=True)
    for index, step in enumerate(plan.steps):
        scene = plan.scene(index)
        above = plan.steps[index - 1] if index else None
        opens = above is None or above.scene != step.scene
        own = next((cue.at for cue in step.cues if cue.armed), None)
        if opens and scene.at is not None:
            writer.gate = _film_time(scene.at)
            writer.enter(index)
            writer.ended = writer.gate
        elif opens and above is not None and above.chains:
            writer.enter(index)
        if own is not None:
            writer.gate = _film_time(own)
        elif not opens and scene.at is not None:
            writer.gate = writer.ended
        elif scene.at is None and not (opens and above is not None and above.chains):
            continue
        writer.run(index)
    return writer.done()


def _film_time(at: When) -> Gate:
    return Gate(due=max(at.seconds, Fraction(0)))


def waits_for_go(plan: Plan) -> tuple[str, ...]:
    """The titles of scenes that have no film time and so never come by themselves."""
    return tuple(scene.title for scene in plan.timeline.scenes if scene.at is None)
