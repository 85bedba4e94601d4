"""The film clock inside the mixer: where the film stands, and what comes by it."""

from __future__ import annotations

import heapq
from typing import Final

from player.engine.commands import Later

NEVER: Final = 1 << 62


class Reel:
    """Film frames count from the film's beginning. The clock moves with show time while it runs. Audio thread."""

    def __init__(self) -> None:
        self.on = False  # somebody has set it
        self.runs = False
        self._at = 0
        self._since = 0
        self._order = 0
        self._coming: list[tuple[int, int, Later]] = []  # heap of (film frame, order, what)

    def now(self, show: int) -> int:
        """The film frame at frame `show` of show time."""
        return self._at + (show - self._since if self.runs else 0)

    def set(self, at: int, runs: bool, show: int) -> None:
        """Stand at film frame `at`, and run on from there or not."""
        self.on, self._at, self.runs, self._since = True, max(0, at), runs, show

    def put(self, at: int, later: Later) -> None:
        """Let `later` come at film frame `at`."""
        self._order += 1
        heapq.heappush(self._coming, (at, self._order, later))

    def next(self, show: int) -> int:
        """The frame of show time at which something comes; NEVER while the film stands."""
        if not self.runs or not self._coming:
            return NEVER
        return self._since + self._coming[0][0] - self._at

    def pop(self) -> Later:
        """What comes next."""
        return heapq.heappop(self._coming)[2]

    def take(self, token: int) -> None:
        """The one with this number does not come any more."""
        self._coming = [entry for entry in self._coming if entry[2].token != token]
        heapq.heapify(self._coming)

    def clear(self) -> None:
        """Nothing comes by the film."""
        self._coming.clear()

    def coming(self) -> list[tuple[int, Later]]:
        """What is to come, with its film frame, in order."""
        return [(at, later) for at, _, later in sorted(self._coming, key=lambda entry: entry[:2])]
