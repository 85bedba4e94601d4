"""Ctrl-C, and the system's request to end, as an exception at a moment that can bear one.

Raised in the middle of somebody else's code it may be swallowed (in a callback, in a destructor), or come out as
another mistake (while an extension module is imported). So it waits until our own code runs. And Python runs a
handler only between two of its steps: a request that comes just before a wait for the system would be heard when
that wait is over. So a thread asks again until the request has been heard.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

TIDYING: Final = 3.0  # seconds a command has to tidy up before the next request counts
AGAIN: Final = 0.02  # seconds between looks at what is running
LONGEST: Final = 1.0  # seconds to wait for our own code, where nothing is being imported

_OURS: Final = {"player", "timeline", "threading", "queue"}  # the last two are where we wait
_IMPORTS: Final = {"importlib", "_frozen_importlib", "_frozen_importlib_external"}


_REQUESTS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class Ended(KeyboardInterrupt):
    """Somebody asks the command to end: at the keyboard, as the system does, or by closing its terminal."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    @property
    def why(self) -> str:
        """In a word or two."""
        return "interrupted" if self.number == signal.SIGINT else "told to end"


def hear() -> None:
    """From now on a request raises Ended in the main thread, once: impatient ones leave the tidying alone."""
    for number in _heard():
        signal.signal(number, _listener)
    _listener.wake()


@contextmanager
def told_to(end: Callable[[int], None]) -> Iterator[None]:
    """Within this block, in the main thread, a request calls `end` with its number and raises nothing."""
    before = [(number, signal.signal(number, _listener)) for number in _heard()]
    _listener.end = end
    try:
        yield
    finally:
        _listener.end = None
        for number, handler in before:
            signal.signal(number, handler)


def leave() -> None:
    """Let Python's own end be ended without a word."""
    signal.set_wakeup_fd(-1)
    for number in _heard():
        signal.signal(number, signal.SIG_DFL)


def _heard() -> list[signal.Signals]:
    """The requests that are not to be ignored, as those of a command under nohup are."""
    return [number for number in _REQUESTS if signal.getsignal(number) is not signal.SIG_IGN]


class _Listener:
    """Handles signals, in the main thread, and has a thread of its own that sees to it that they are handled."""

    def __init__(self) -> None:
        self.end: Callable[[int], None] | None = None  # what to do instead of raising
        self._asked: float | None = None
        self._raised = -TIDYING

    def __call__(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.end is not None:
            self._raised = now
            self.end(number)
            return
        if now - self._raised < TIDYING:
            return
        if self._asked is None:
            self._asked = now
        if _imports(frame) or (_room(frame) not in _OURS and now - self._asked < LONGEST):
            return  # it is asked again
        self._asked = None
        self._raised = now
        raise Ended(number)

    def wake(self) -> None:
        """Have Python tell the thread of each signal, in the very moment it comes."""
        told, tells = socket.socketpair()
        tells.setblocking(False)
        signal.set_wakeup_fd(tells.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=self._insist, args=(told, tells), name="signals", daemon=True).start()

    def _insist(self, told: socket.socket, tells: socket.socket) -> None:
        """Ask again until it was heard. Runs in the thread; each asking brings another byte of its own."""
        with tells:  # open as long as it is listened to
            while numbers := told.recv(64):
                time.sleep(AGAIN)
                for number in {number for number in numbers if number in _REQUESTS}:
                    if time.monotonic() - self._raised >= TIDYING and signal.getsignal(number) is self:
                        _ask(number)


_listener: Final = _Listener()


def _ask(number: int) -> None:
    """Send the signal once more, to the main thread, which may be waiting for the system."""
    if sys.platform == "win32":
        signal.raise_signal(number)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, number)


def _room(frame: FrameType | None) -> str:
    name: str = frame.f_globals.get("__name__", "") if frame else "player"
    return name.partition(".")[0]


def _imports(frame: FrameType | None) -> bool:
    """Whether an import is under way."""
    while frame is not None:
        if _room(frame) in _IMPORTS:
            return True
        frame = frame.f_back
    return False
