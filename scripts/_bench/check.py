"""Reading and checking films of 10,000 and 100,000 cues, beside PyYAML's own loader on the same text.

Where OpenTimelineIO is installed, it reads the larger film too, as it would hold it: scenes as markers, cues as clips.
"""

from __future__ import annotations

import gc
import importlib.util
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import yaml

from scripts._bench.report import Others, interleaved, say, verdict
from timeline import store

NEEDS: Final = ()
SIZES: Final = ((10_000, 0.6, 5), (100_000, 0.5, 3))  # cues, goal, runs: the larger one takes a minute a run
CUES: Final = 4  # a scene


def run() -> None:
    """Print what reading takes, ours and PyYAML's."""
    with tempfile.TemporaryDirectory() as folder:
        for cues, goal, runs in SIZES:
            _measure(Path(folder), cues, goal, runs)


def _measure(folder: Path, cues: int, goal: float, runs: int) -> None:
    path = folder / f"{cues}.yaml"
    path.write_text(film(scenes=cues // CUES, cues=CUES), encoding="utf-8")
    problems = len(store.load(path).problems)
    work = [lambda: _timed(lambda: store.load(path)), lambda: _timed(lambda: _theirs(path), collect=False)]
    otio = _otio(folder, cues) if cues == SIZES[-1][0] else None
    if otio is not None:
        work.append(lambda: _timed(otio))
    others = Others()
    ours, theirs, *third = interleaved(runs, *work)
    ratio = statistics.median(ours) / statistics.median(theirs)
    say("check", f"{cues:,} cues, {problems} problems found: {statistics.median(ours):.2f} s")
    say("", f"yaml.load with CSafeLoader, garbage collector off: {statistics.median(theirs):.2f} s")
    say("", f"ratio {ratio:.2f} ({verdict(ratio, goal)}); medians of {runs}, interleaved; {others}")
    if third:
        taken = statistics.median(third[0])
        share = statistics.median(ours) / taken
        say("", f"OpenTimelineIO reading as many clips: {taken:.2f} s; ours takes {share:.2f} of it")
    elif cues == SIZES[-1][0]:
        say("", "OpenTimelineIO is left out: it is not installed")


def film(scenes: int, cues: int) -> str:
    """A timeline as people write them: scenes with titles, places and notes, cues with a few keys each."""
    lines = ["needledrop: 1", f"film: {{title: The Long Bench, runtime: {scenes}m, fps: 24}}", "songs:"]
    for i in range(200):
        lines += [f"  song-{i}:", f'    title: "Number {i}"', "    artist: The Measured", "    length: 3:12"]
    lines.append("scenes:")
    for i in range(scenes):
        at = f"{i * 50 // 3600}:{i * 50 // 60 % 60:02}:{i * 50 % 60:02}.500"
        lines += [f"  - id: scene-{i}", f'    number: "{i + 1}"', f"    title: Scene number {i}"]
        lines += [f"    at: {at}", "    place: INT. WORKSHOP - NIGHT"]
        lines += ["    note: Somebody counts seconds, and writes them down.", "    cues:"]
        for j in range(cues):
            lines += [f"      - song: song-{(i * cues + j) % 200}", f"        id: cue-{i}-{j}"]
            lines += [f"        number: {i}M{j}", "        from: 0:10.250", "        gain: -6 dB"]
            lines += ["        fade-in: 1.5s", "        fade-out: 4s linear"]
    return "\n".join(lines) + "\n"


def _theirs(path: Path) -> None:
    with path.open("rb") as file:
        yaml.load(file, yaml.CSafeLoader)


def _otio(folder: Path, cues: int) -> Callable[[], object] | None:
    """Reads the film as OpenTimelineIO holds it; None where that is not installed."""
    if importlib.util.find_spec("opentimelineio") is None:
        return None
    import opentimelineio as otio  # noqa: PLC0415

    def span(start: int, length: int) -> Any:
        time_ = otio.opentime.RationalTime
        return otio.opentime.TimeRange(time_(start, 24), time_(length, 24))

    track = otio.schema.Track("music")
    for i in range(cues // CUES):
        about = {"place": "INT. WORKSHOP - NIGHT", "note": "Somebody counts seconds, and writes them down."}
        marker = otio.schema.Marker(f"Scene number {i}", span(i * 1200, 1), metadata={"number": str(i + 1), **about})
        track.markers.append(marker)
        for j in range(CUES):
            said = {"id": f"cue-{i}-{j}", "number": f"{i}M{j}", "gain": -6, "fade-in": "1.5s", "fade-out": "4s linear"}
            song = f"song-{(i * CUES + j) % 200}"
            track.append(otio.schema.Clip(song, otio.schema.MissingReference(), span(246, 300), metadata=said))
    timeline = otio.schema.Timeline("The Long Bench")
    timeline.tracks.append(track)
    path = folder / "film.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return lambda: otio.adapters.read_from_file(str(path))


def _timed(work: Callable[[], object], collect: bool = True) -> float:
    """Seconds that `work` takes; with the garbage collector off unless it may `collect`."""
    gc.collect()
    if not collect:
        gc.disable()
    try:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began
    finally:
        gc.enable()
