"""Which output something is heard on, by the names in the timeline's `outputs`."""

from __future__ import annotations

from typing import Final

from timeline.model import Timeline

MAIN: Final = "main"
CLICK: Final = "click"  # where the counts before songs are heard, if there is one


def heard_on(timeline: Timeline, output: str | None) -> str:
    """The output of a cue that says `output`: else `main`; where the file names outputs without it, the first."""
    if output:
        return output
    return MAIN if MAIN in timeline.outputs or not timeline.outputs else timeline.outputs[0]


def counts_on(timeline: Timeline) -> str:
    """The output for the clicks before a song."""
    return CLICK if CLICK in timeline.outputs else heard_on(timeline, None)
