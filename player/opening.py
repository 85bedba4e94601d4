"""From a file to a plan: read, order, and find what the songs play."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from player import beside
from player.plan import Plan
from timeline import store
from timeline.order import running_order
from timeline.reader import Reading


def read_plan(path: Path) -> Plan:
    """The timeline at `path`, ready to be shown. Raises store.Unreadable."""
    return plan_of(store.load(path, host=beside.host()), path)


def plan_of(reading: Reading, path: Path) -> Plan:
    """The same of what has been read from `path`."""
    return Plan(
        name=path.name,
        timeline=reading.timeline,
        steps=running_order(reading.timeline),
        songs={},
        path=path.resolve(),
        problems=reading.problems,
    )


def find_songs(plan: Plan, base: Path, progress: Callable[[int, int], None] | None = None) -> Plan:
    """The same plan, ready to be played, with files looked for in the folder `base`.

    `progress` is told how many songs are done, and of how many.
    """
    from player.media.resolve import resolve_all  # noqa: PLC0415  the decoders take longer to load than a window
    from player.media.shelf import known_levels, shelf  # noqa: PLC0415

    with closing(shelf(plan.path)) as own, known_levels() as levels:
        return replace(plan, songs=resolve_all(plan.file, base.resolve(), progress, own, levels), _lengths={})
