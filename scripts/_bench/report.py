"""Figures and how they are told; what else the machine was busy with meanwhile."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence

import psutil


def say(part: str, text: str) -> None:
    """One line of the report."""
    print(f"{part:<9} {text}", flush=True)


def verdict(value: float, goal: float, unit: str = "") -> str:
    """How a figure that should be small stands to its goal."""
    return f"goal at most {goal:g}{unit}: {'met' if value <= goal else 'MISSED'}"


def interleaved(runs: int, *work: Callable[[], float]) -> list[list[float]]:
    """The figures of each piece of work, run one after the other `runs` times, so that all meet the same weather."""
    taken: list[list[float]] = [[] for _ in work]
    for _ in range(runs):
        for figures, each in zip(taken, work, strict=True):
            figures.append(each())
    return taken


def spread(values: Sequence[float], digits: int = 1) -> str:
    """median (lowest to highest), 99th percentile where there are enough."""
    ordered = sorted(values)
    text = f"{statistics.median(ordered):.{digits}f} ({ordered[0]:.{digits}f} to {ordered[-1]:.{digits}f})"
    if len(ordered) >= 50:
        text += f", p99 {p99(ordered):.{digits}f}"
    return text


def p99(values: Sequence[float]) -> float:
    """The value that 99 of 100 do not exceed."""
    return sorted(values)[round(0.99 * (len(values) - 1))]


class Others:
    """What the rest of the machine took of one core since this was made."""

    def __init__(self, own: Callable[[], float] = lambda: 0.0) -> None:
        """`own` tells the processor seconds that are ours so far, this process apart."""
        self._own = own
        self._began, self._busy, self._ours = time.monotonic(), _busy(), self._spent()

    def _spent(self) -> float:
        return sum(os.times()[:4]) + self._own()

    def __str__(self) -> str:
        busy, ours = _busy() - self._busy, self._spent() - self._ours
        share = max(0.0, busy - ours) / max(0.001, time.monotonic() - self._began)
        return f"others took {share:.0%} of a core"


def _busy() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))
