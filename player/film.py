"""Film mode from the outside: what the film clock shows, and the whole film as one batch for a file."""

from __future__ import annotations

from fractions import Fraction

from player.engine import RATE
from player.engine.commands import Roll
from player.plan import Plan
from player.projection import film_frame, program
from player.score import Score
from player.show import Show


def film_time(show: Show, clock: int) -> Fraction | None:
    """The film time in seconds at frame `clock` of the engine's clock; None as long as no film clock was set."""
    if show.reel is None:
        return None
    return Fraction(film_frame(show.reel, show.paused, clock), RATE)


def film_score(plan: Plan, free: int) -> Score:
    """Every scene and cue of the film from film time 0 on, with nobody at the keys.

    `free` is the first free number. What waits for GO is left out.
    """
    made = program(plan, free, hands_free=True)
    return Score((Roll(at=0, runs=True, batch=made.batch),), (), (), made.free)


def waits_for_go(plan: Plan) -> tuple[str, ...]:
    """The titles of scenes that have no film time and so never come by themselves."""
    return tuple(scene.title for scene in plan.timeline.scenes if scene.at is None)
