"""Film mode as the engine's commands: the whole film on its own clock, with nobody at the keys.

A scene is entered at its `at`. A cue that opens a run comes at its own `at`, else when the cue before it ends,
else with its scene; within a run cues chain as written. A scene without `at` waits for GO, and so is left out.
"""

from __future__ import annotations

from fractions import Fraction

from player.plan import Plan
from player.score import Gate, Score, Writer
from timeline.model import When


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
