"""The device that plays, whichever it is just now: chosen, changed, lost and taken back while the mixer goes on."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

import numpy as np

from player.devices.buffers import Buffer
from player.devices.hurry import run_first
from player.devices.output import Opener, Output, Render, Rest, SilentOutput, named, open_output
from player.engine.commands import DECLICK
from player.engine.source import Samples
from player.host.routes import routes
from player.host.wanted import Wanted

RETRY: Final = 2.0  # seconds between tries to get a lost device back
DRAIN: Final = 0.2  # seconds a device has to play what it was given last

_EDGE: Final = DECLICK.frames
_RISE: Final = np.linspace(0.0, 1.0, _EDGE, endpoint=False, dtype=np.float32)[:, np.newaxis]


class Speaker:
    """One thread controls it; blocks are asked for on the thread of whatever device plays.

    When devices change, the old one plays on until the new one runs, falls silent over 5 ms, and from the next frame
    on the new one plays, rising. A device that is lost leaves a silent clock in its place, so that time goes on; then
    it is looked for every two seconds, and where the person named a device no other one is taken.
    """

    def __init__(
        self, render: Render, wanted: Wanted, opener: Opener = open_output, rest: Rest | None = None
    ) -> None:
        """Opens the device; `render` fills blocks once `play` was called. `rest`: for the silence between them."""
        self._render = render
        self._rest = rest
        self._wanted = wanted
        self._open = opener
        self.output: Output = opener(wanted.device, wanted.buffer, channels=_asked(wanted)[2])
        self._playing: Output | None = self.output  # whose blocks are filled
        self._next: Output | None = None  # runs in silence, and plays as soon as the one that plays has gone out
        self._drained_at: float | None = None  # when the one that has gone out has played all it was given
        self._rise = _EDGE  # frames into the rise of the one that plays
        self._opened: deque[Output] = deque()  # by other threads
        self._opening = False
        self._retry_at: float | None = None
        self._gone_xruns = 0  # of outputs that do not play any more
        self._asleep = False  # the output is closed until somebody wants it

    @property
    def silent(self) -> bool:
        """Whether there is no device."""
        return isinstance(self.output, SilentOutput)

    @property
    def xruns(self) -> int:
        """How often devices ran dry since the start."""
        return self._gone_xruns + self.output.xruns

    def play(self) -> None:
        """Let the device run."""
        self._start(self.output)

    def rouse(self) -> None:
        """Something is to be heard. Any thread."""
        self.output.rouse()

    def sleep(self) -> bool:
        """Close the device until `wake`, unless another one is on its way; whether it is closed. Nothing may sound.

        No block is asked for once this returns.
        """
        if self._asleep or self._opening or self._opened or self._next is not None:
            return self._asleep
        self._asleep = True
        self.output.stop()
        return True

    def wake(self) -> None:
        """Have the device again: it is opened on another thread, and `tend` lets it run."""
        self._look(no_other=bool(named(self._wanted.device)))

    def rise(self) -> None:
        """The block that is being filled rises over 5 ms. Audio thread."""
        self._rise = 0

    def want(self, wanted: Wanted) -> None:
        """Another device, buffer or number of channels, if these are others.

        It is opened on another thread, and `tend` changes over.
        """
        before, self._wanted = self._wanted, wanted
        if _asked(wanted) != _asked(before):
            self._look(no_other=False)

    def tend(self, now: float) -> str | None:
        """What has to be done every few milliseconds; returns news in one line. `now` in seconds."""
        if self._asleep:
            return self._awaken(self._opened.popleft(), now) if self._opened else None
        if self._next is not None:
            if self._playing is self._next and self._drained_at is None:
                self._drained_at = now + DRAIN
            if not self.output.alive or (self._drained_at is not None and now >= self._drained_at):
                return self._take_over(self._next)
            return None
        if not self.output.alive:
            return self._lose(now)
        if self.silent and self._retry_at is not None and now >= self._retry_at:
            self._retry_at = now + RETRY
            self._look(no_other=bool(self._wanted.device))
        if self._opened:
            found = self._opened.popleft()
            if isinstance(found, SilentOutput) and (self.silent or self._wanted.device != "silent"):
                found.stop()  # looked for in vain: the one that plays is better
            else:
                self._next = found
                self._start(found)
        return None

    def news(self) -> str:
        """What plays, in one line."""
        if self.silent:
            return "no sound device: the show runs in silence"
        device = named(self._wanted.device)
        other = "" if device.lower() in self.output.name.lower() else f' (there is no "{device}")'
        return f"sound: {self.output.name}{other}"

    def stop(self) -> None:
        """No block is asked for once this returns."""
        for output in (self.output, self._next):
            if output is not None:
                output.stop()

    # -- changing over

    def _take_over(self, output: Output) -> str:
        old, self.output = self.output, output
        self._next = self._drained_at = None
        old.stop()
        if self._playing is not output:  # the old one died before it had gone out
            self._rise = 0
            self._playing = output
        self._gone_xruns += old.xruns
        self._retry_at = None
        return self.news()

    def _awaken(self, output: Output, now: float) -> str | None:
        """Go on with what was opened; returns news if that is another device than before."""
        old, self.output, self._asleep = self.output, output, False
        self._gone_xruns += old.xruns
        self._playing = output
        self._start(output)
        lost = self.silent and self._wanted.device != "silent"
        self._retry_at = now + RETRY if lost else None
        if output.name == old.name:
            return None
        return f"{old.name} is gone: the show goes on in silence until it is back" if lost else self.news()

    def _lose(self, now: float) -> str:
        lost = self.output.name
        silence = SilentOutput()
        self._take_over(silence)
        self._start(silence)
        self._retry_at = now + RETRY
        return f"{lost} is gone: the show goes on in silence until it is back"

    def _look(self, *, no_other: bool) -> None:
        """Opening takes a tenth of a second where there is nothing: too long for the thread that controls."""
        if self._opening:
            return
        self._opening = True
        wanted = self._wanted

        def look() -> None:
            device, buffer, channels = _asked(wanted)
            found = self._open(device, buffer, no_other=no_other, channels=channels)
            self._opening = False
            self._opened.append(found)
            if self._wanted != wanted:
                self._look(no_other=False)

        threading.Thread(target=look, name="look for device", daemon=True).start()

    # -- the audio thread

    def _start(self, output: Output) -> None:
        fresh = True

        def block(out: Samples) -> None:
            nonlocal fresh
            if fresh:
                fresh = False
                run_first()
            self._block(output, out)

        rest = self._rest
        output.start(block, Rest(lambda: self._rests(output) and rest.due(), rest.passed) if rest else None)

    def _rests(self, output: Output) -> bool:
        """Whether `output` plays, and goes on to: no edge, no other one."""
        return self._playing is output and self._next is None and self._rise >= _EDGE

    def _block(self, output: Output, out: Samples) -> None:
        """Fill a block for `output`; only one at a time plays, and only it changes who does."""
        if self._playing is not output:
            out[:] = 0.0
            return
        self._render(out)
        if self._rise < _EDGE:
            rise = _RISE[self._rise : self._rise + len(out)]
            out[: len(rise)] *= rise
            self._rise += len(rise)
        if self._next is not None and output is not self._next:
            n = min(len(out), _EDGE)
            out[len(out) - n :] *= np.linspace(1.0, 0.0, n, dtype=np.float32)[:, np.newaxis]
            self._rise = 0
            self._playing = self._next


def _asked(wanted: Wanted) -> tuple[str, Buffer, int]:
    """What a device is opened with."""
    return wanted.device, wanted.buffer, routes(wanted).channels(0)
