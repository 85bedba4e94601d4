"""What is wrong with a timeline beyond the shape of its values: plain functions, run from a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from timeline.model import Problem, Span, Timeline


@dataclass(frozen=True, slots=True)
class Material:
    """What a check may look at.

    `place` finds the words of an item, or of one of its keys, in the file. `exists` tells whether a path is
    there; None when nobody can know. `damaged`: a mistake of syntax took something out, so what seems to be
    missing may have been written.
    """

    timeline: Timeline
    place: Callable[..., Span]
    damaged: bool = False
    exists: Callable[[str], bool] | None = None


Check = Callable[[Material], Iterator[Problem]]


def check(material: Material) -> list[Problem]:
    """Every problem that every check finds."""
    return [problem for one in CHECKS for problem in one(material)]


CHECKS: tuple[Check, ...] = ()
