"""A clock in place of a sound device, so that a show runs and can be rehearsed without one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

import numpy as np

from player.devices.rest import Rest
from player.engine import RATE
from player.engine.source import Samples

_BLOCK = 256
_BEHIND = RATE // 2  # frames: after a longer standstill (a laptop that slept) time goes on from there


class SilentOutput:
    """Renders blocks when they are due, and drops them."""

    name = "no sound device (silent)"
    layer = "clock"
    channels = 2
    latency = 0.0
    xruns = 0

    def __init__(
        self, now: Callable[[], float] = monotonic, wait: Callable[[float], bool] | None = None
    ) -> None:
        """`wait` sleeps for some seconds and says whether to end; by default until `stop`."""
        self._ended = threading.Event()
        self._now = now
        self._wait = wait or self._ended.wait
        self._thread: threading.Thread | None = None

    @property
    def alive(self) -> bool:
        return True

    def start(self, render: Callable[[Samples], None], rest: Rest | None = None) -> None:
        self._thread = threading.Thread(target=self._run, args=(render,), name="silent output", daemon=True)
        self._thread.start()

    def rouse(self) -> None:
        return

    def stop(self) -> None:
        self._ended.set()
        self.join()

    def join(self) -> None:
        """Wait until no block is asked for any more."""
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self, render: Callable[[Samples], None]) -> None:
        block: Samples = np.zeros((_BLOCK, 2), np.float32)
        began, done = self._now(), 0
        while not self._wait(max(0.0, began + (done + _BLOCK) / RATE - self._now())):
            due = round((self._now() - began) * RATE)
            if due - done > _BEHIND:
                began, due = self._now() - (done + _BLOCK) / RATE, done + _BLOCK
            while done + _BLOCK <= due and not self._ended.is_set():
                render(block)
                done += _BLOCK
