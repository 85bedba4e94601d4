"""A device besides the main one: a ring between the two clocks, and a search that goes on while it is not there."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Final

from player.devices.buffers import SIZES, Buffer
from player.devices.hurry import run_first
from player.devices.output import Opener, Output, SilentOutput
from player.engine.bridge import Bridge
from player.engine.source import Samples
from player.host.routes import Bus, short

RETRY: Final = 2.0  # seconds between tries to get the device
RING: Final[dict[Buffer, float]] = {"low": 0.022, "normal": 0.035, "safe": 0.105}  # seconds that wait in front of it


class Side:
    """One thread controls it, the main device's writes, its own reads. Silent while it is not there."""

    def __init__(
        self, device: str, buses: tuple[Bus, ...], buffer: Buffer, opener: Opener, now: Callable[[], float] = monotonic
    ) -> None:
        """`device` as the person named it; opened by `tend`."""
        self.device = device
        self.buffer = buffer
        self.buses = buses
        self.trouble = ""  # one line, while not all is well
        self.output: Output | None = None
        self.bridge: Bridge | None = None
        self._open = opener
        self._now = now
        self._opened: deque[Output] = deque()
        self._opening = False
        self._retry_at = 0.0
        self._gone_xruns = 0

    @property
    def outputs(self) -> str:
        """The outputs that are heard there, for a person."""
        return ", ".join(output for bus in self.buses for output in bus.outputs)

    @property
    def xruns(self) -> int:
        """How often it ran dry."""
        return self._gone_xruns + self._dry()

    def write(self, sound: Samples) -> None:
        """What the main clock has for it (n, channels). Audio thread of the main device."""
        bridge = self.bridge
        if bridge is not None:
            bridge.write(sound[:, : bridge.channels], self._now())

    def tend(self, now: float) -> str | None:
        """What has to be done every few milliseconds; returns a line for the log. `now` in seconds."""
        if self._opened:
            self._opening = False
            return self._take(self._opened.popleft(), now)
        if self.output is not None and not self.output.alive:
            self.trouble = f"{self.output.name} is gone: no sound of {self.outputs} until it is back"
            self.stop()
            self._retry_at = now + RETRY
            return self.trouble
        if self.output is None and not self._opening and now >= self._retry_at:
            self._look()
        return None

    def stop(self) -> None:
        """No block is asked for once this returns."""
        output, self.output = self.output, None
        if output is not None:
            output.stop()
            self._gone_xruns += self._dry(output)
            self.bridge = None

    def _dry(self, output: Output | None = None) -> int:
        output = output or self.output
        return (output.xruns if output else 0) + (self.bridge.slips if self.bridge else 0)

    def _channels(self) -> int:
        return max(2, *(max(bus.columns) + 1 for bus in self.buses))

    def _look(self) -> None:
        """Opening takes a tenth of a second where there is nothing: too long for the thread that controls."""
        self._opening = True

        def look() -> None:
            self._opened.append(self._open(self.device, self.buffer, no_other=True, channels=self._channels()))

        threading.Thread(target=look, name="look for device", daemon=True).start()

    def _take(self, found: Output, now: float) -> str | None:
        if isinstance(found, SilentOutput):
            found.stop()
            self._retry_at = now + RETRY
            before = self.trouble
            self.trouble = before or f'there is no "{self.device}": no sound of {self.outputs} until there is'
            return None if before else self.trouble
        self.trouble = short(self.buses, found.channels, found.name)
        self.output = found
        bridge = self.bridge = Bridge(found.channels, SIZES[self.buffer].period_ms / 1000, RING[self.buffer])
        fresh = True

        def block(out: Samples) -> None:
            nonlocal fresh
            if fresh:
                fresh = False
                run_first()
            bridge.read(out, self._now())

        found.start(block)
        return f"{self.outputs}: {found.name}, {found.layer}"
