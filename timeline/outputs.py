"""Which output something is heard on, by the names in the timeline's `outputs`."""

from __future__ import annotations

from typing import Final

from timeline.model import SongCue, Timeline

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


def outputs(timeline: Timeline) -> tuple[str, ...]:
    """All that something may be heard on, that of the cues which say nothing included."""
    return tuple(dict.fromkeys([heard_on(timeline, None), *timeline.outputs]))


def used(timeline: Timeline) -> tuple[str, ...]:
    """Those of its outputs on which something is heard, the clicks before songs included."""
    cues = [cue for scene in timeline.scenes for cue in scene.cues]
    heard = {heard_on(timeline, cue.output) for cue in cues if isinstance(cue, SongCue)}
    if any(entry.count for each in timeline.sets for entry in each.songs):
        heard.add(counts_on(timeline))
    return tuple(output for output in outputs(timeline) if output in heard)
