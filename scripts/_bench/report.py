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
    """What the rest of the machine took of one core since this was made, and what a virtual machine was not given."""

    def __init__(self, own: Callable[[], float] = lambda: 0.0) -> None:
        """`own` tells the processor seconds that are ours so far, this process apart."""
        self._own = own
        self._began, self._ours = time.monotonic(), self._spent()
        self._busy, self._stolen = _busy(), _stolen()

    def _spent(self) -> float:
        return sum(os.times()[:4]) + self._own()

    def __str__(self) -> str:
        seconds = max(0.001, time.monotonic() - self._began)
        busy, ours, stolen = _busy() - self._busy, self._spent() - self._ours, _stolen() - self._stolen
        words = f"others took {max(0.0, busy - ours) / seconds:.0%} of a core"
        return f"{words}, the host {stolen / seconds:.0%}" if stolen else words


def _busy() -> float:
    times = psutil.cpu_times()
    apart = sum(getattr(times, name, 0.0) for name in ("iowait", "guest", "steal"))
    return float(sum(times) - times.idle - apart)


def _stolen() -> float:
    return float(getattr(psutil.cpu_times(), "steal", 0.0))
