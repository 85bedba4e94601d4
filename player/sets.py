"""Sets of a timeline as shows of their own: a plan goes over from the film to a set, and back."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from player.plan import ROOM, Plan
from timeline.model import Set
from timeline.order import played, running_order, set_timeline
from timeline.words import listed, shown

APART: Final = 1 << 40  # numbers between the scenes of the film, of the first set, of the second


def in_set(plan: Plan, set_id: str | None) -> Plan:
    """The plan of a set, of the film for None; of the film too where the file has no such set."""
    whole = plan.file
    found = find(plan, set_id)
    if found is None:
        plain = replace(plan, timeline=whole, steps=running_order(whole), set_id=None, whole=None)
        return replace(plain, marks=None, places=None, _lengths={})
    timeline = set_timeline(whole, found)
    first = APART * (1 + whole.sets.index(found))
    places = tuple(first + ROOM * scene for scene in range(len(timeline.scenes)))
    return replace(
        plan, timeline=timeline, steps=running_order(timeline), set_id=set_id, whole=whole,
        marks=None, places=places, _lengths={},
    )  # fmt: skip


def find(plan: Plan, set_id: str | None) -> Set | None:
    """The set of this id."""
    return next((one for one in plan.file.sets if one.id == set_id), None)


def title(one: Set) -> str:
    """What a set is called."""
    return one.title or one.id


def no_set(plan: Plan, set_id: str) -> str | None:
    """Why a set cannot be played, in one line; None where it can."""
    found = find(plan, set_id)
    if found is not None:
        return None if played(found, plan.file) else f'the set "{shown(set_id)}" has no song'
    there = listed([one.id for one in plan.file.sets], "and")
    return f'no set "{shown(set_id)}"; ' + (f"there is {there}" if there else "the file has none")
