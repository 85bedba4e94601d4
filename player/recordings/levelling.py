"""Measuring what is to have a loudness, before it is played by a clock that waits for nobody."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection

from msgspec.structs import replace

from player.engine.source import SourceSpec
from player.media.shelf import known_levels
from player.media.survey import Survey
from player.plan import Plan
from player.recordings.progress import Bar
from player.terminal import complain


def even(plan: Plan) -> Plan:
    """The same plan, once the loudness is known of all that is to have one; shows how far that is."""
    missing = plan.unmeasured()
    if not missing:
        return plan
    for path, why in survey(missing).items():
        complain(f"{os.path.basename(path)} {why}; its level stays as it is")
    return known(plan)


def known(plan: Plan) -> Plan:
    """The same plan with what has been measured meanwhile."""
    with known_levels() as levels:
        if levels is None:
            return plan
        songs = {
            key: replace(song, level=song.level or levels.level(song.spec)) for key, song in plan.songs.items()
        }
    return replace(plan, songs=songs, _lengths={})


def survey(specs: Collection[SourceSpec]) -> dict[str, str]:
    """Measure what is not known yet, in processes of their own; returns the files that cannot be, with the reason.

    Ctrl-C leaves what was measured until then.
    """
    bar = Bar("recordings measured")
    troubles: dict[str, str] = {}
    with contextlib.closing(Survey(specs)) as going:
        try:
            while not going.over:
                for done in going.poll(0.2):
                    if done.trouble:
                        troubles[done.spec.path] = done.trouble
                bar.show(going.done, going.of)
        finally:
            bar.clear()
    return troubles
