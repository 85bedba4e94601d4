"""Reading and checking a film of 10,000 cues, beside PyYAML's own loader on the same text."""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

import yaml

from scripts._bench.report import Others, interleaved, say, verdict
from timeline import store

NEEDS: Final = ()
GOAL: Final = 0.6
RUNS: Final = 5


def run() -> None:
    """Print what reading takes, ours and PyYAML's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large.yaml")
        path.write_text(film(scenes=2_500, cues=4), encoding="utf-8")
        reading = store.load(path)
        cues = sum(len(scene.cues) for scene in reading.timeline.scenes)
        others = Others()
        ours, theirs = interleaved(RUNS, lambda: _ours(path), lambda: _theirs(path))
    ratio = statistics.median(ours) / statistics.median(theirs)
    say("check", f"{cues:,} cues, {len(reading.problems)} problems found: {statistics.median(ours):.2f} s")
    say("", f"yaml.load with CSafeLoader, garbage collector off: {statistics.median(theirs):.2f} s")
    say("", f"ratio {ratio:.2f} ({verdict(ratio, GOAL)}); medians of {RUNS}, interleaved; {others}")


def film(scenes: int, cues: int) -> str:
    """A timeline as people write them: scenes with titles, places and notes, cues with a few keys each."""
    lines = ["needledrop: 1", "film: {title: The Long Bench, runtime: 40:00:00, fps: 24}", "songs:"]
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


def _ours(path: Path) -> float:
    began = time.perf_counter()
    store.load(path)
    return time.perf_counter() - began


def _theirs(path: Path) -> float:
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        with path.open("rb") as file:
            yaml.load(file, yaml.CSafeLoader)
        return time.perf_counter() - began
    finally:
        gc.enable()
