"""From a file to a plan: read, resolve, order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from player.media.resolve import resolve_all
from player.plan import Plan
import timeline.store as store
from timeline.order import running_order


def open_plan(path: Path, progress: Callable[[int, int], None] | None = None) -> Plan:
    """The timeline at `path`, made ready as far as it can be understood. Raises store.Unreadable."""
    reading = store.load(path)
    songs = resolve_all(reading.timeline, path.parent.resolve(), progress)
    return Plan(
        name=path.name,
        timeline=reading.timeline,
        steps=running_order(reading.timeline),
        songs=songs,
        path=path.resolve(),
        problems=reading.problems,
    )
