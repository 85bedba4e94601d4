"""One edit of a film of 300 cues and of 10,000: the text read, changed, and read again before it counts."""

from __future__ import annotations

import statistics
import time
from typing import Final

from scripts._bench.check import film
from scripts._bench.report import say, verdict
from timeline.edit import Delete, Insert, Move, Op, Rename, Set, apply
from timeline.edit.document import forget

NEEDS: Final = ()
RUNS: Final = 9
GOALS: Final = {300: 0.020, 10_000: 0.5}


def run() -> None:
    """Print what an edit takes, the first of a file and each after it."""
    for cues, goal in GOALS.items():
        raw = film(scenes=cues // 4, cues=4).encode()
        middle = cues // 8
        cold = _median([_first(raw, Set(f"scenes/scene-{middle}/title", f"Take {n}")) for n in range(RUNS)])
        say("edit", f"{cues:,} cues, the first edit of a file: {cold * 1000:.1f} ms ({verdict(cold, goal)})")
        warm = _row(raw, middle)
        slowest = max(warm, key=lambda name: warm[name])
        say(
            "",
            ", ".join(f"{name} {taken * 1000:.1f}" for name, taken in warm.items())
            + " ms, each on the last one's text",
        )
        say("", f"slowest: {slowest} {warm[slowest] * 1000:.1f} ms ({verdict(warm[slowest], goal)}); medians of {RUNS}")


def _first(raw: bytes, op: Op) -> float:
    """What an edit takes of a file that nobody has read yet."""
    forget()
    began = time.perf_counter()
    apply(raw, op)
    return time.perf_counter() - began


def _row(raw: bytes, middle: int) -> dict[str, float]:
    """What edits take that follow one another, as in the player."""
    taken: dict[str, list[float]] = {}
    raw = apply(raw, Set("film/title", "The Edited Bench")).raw
    for n in range(RUNS):
        ops: dict[str, Op] = {
            "set": Set(f"scenes/scene-{middle}/cues/cue-{middle}-1/gain", f"-{n + 7} dB"),
            "add": Set(f"scenes/scene-{middle + n}/colour", "blue"),
            "insert": Insert(f"scenes/scene-{middle}/cues", f"song: song-{n}\nid: new-{n}", 1),
            "move": Move(f"scenes/scene-{middle}/cues/new-{n}", 0),
            "delete": Delete(f"scenes/scene-{middle}/cues/new-{n}"),
            "rename": Rename(f"songs/song-{n}", f"tune-{n}"),
        }
        for name, op in ops.items():
            began = time.perf_counter()
            raw = apply(raw, op).raw
            taken.setdefault(name, []).append(time.perf_counter() - began)
    return {name: _median(times) for name, times in taken.items()}


def _median(times: list[float]) -> float:
    return statistics.median(times)
