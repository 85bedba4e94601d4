"""The film's picture, decoded ahead of its time on a thread of its own. It follows a film clock and never leads.

Pictures that come too late are dropped. Film time is in seconds.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from player.errors import AssetError

AHEAD: Final = 3  # pictures ready before their time
NEAR: Final = 2.0  # seconds ahead that are reached by decoding on, not by a search
STALE: Final = 0.5  # seconds without a picture after which even a late one is shown


class Picture(Protocol):
    """One picture; `pixels` are four bytes each: blue, green, red, and one that says nothing."""

    at: float

    def pixels(self, size: tuple[int, int]) -> bytes: ...


class Reader(Protocol):
    """An open file. Raises AssetError where it is damaged."""

    size: tuple[int, int]
    period: float

    def seek(self, at: float) -> None: ...

    def next(self) -> Picture | None: ...

    def close(self) -> None: ...


class Aim(NamedTuple):
    """The film clock: it stood at `film` at `moment` (of the clock given to Video), and goes on if it `runs`."""

    film: float
    moment: float
    runs: bool

    def at(self, now: float) -> float:
        """The film time at a moment."""
        return self.film + (now - self.moment if self.runs else 0.0)


class Shot(NamedTuple):
    """A picture ready to be shown from film time `at` on."""

    at: float
    size: tuple[int, int]
    pixels: bytes
    number: int


Fit = Callable[[tuple[int, int]], tuple[int, int]]  # the film's own size -> the size at which it is shown


class Video:
    """One film's pictures. All but the work is for one thread; `ready` is called on the thread that decodes
    when there is a picture that was asked for in vain."""

    def __init__(
        self,
        path: str,
        opened: Callable[[str], Reader] | None = None,
        now: Callable[[], float] = time.monotonic,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        self._path = path
        self._open = opened or _opened
        self._now = now
        self._ready = ready
        self._change = threading.Condition()
        self._aim: Aim | None = None
        self._fit: tuple[tuple[int, int], Fit] | None = None
        self._shots: deque[Shot] = deque()
        self._asked = self._done = 0  # searches
        self._closed = False
        self._number = 0
        self._newest = 0.0
        self._awaited = True  # somebody has asked for a picture in vain, and is to be told of the next
        self._end: float | None = None  # of the film, once it was reached
        self.trouble: str | None = None
        self._thread = threading.Thread(target=self._work, name="video", daemon=True)
        self._thread.start()

    def aim(self, aim: Aim, window: tuple[int, int], fit: Fit) -> None:
        """What the film clock says now, and the size of the window with what makes the picture's size of it."""
        with self._change:
            before, now = self._aim, self._now()
            jumped = before is None or abs(before.at(now) - aim.at(now)) > 0.25
            resized = self._fit is None or self._fit[0] != window
            if before is not None and not jumped and not resized and before.runs == aim.runs:
                self._aim = aim
                return
            self._aim, self._fit = aim, (window, fit)
            if jumped or resized:
                self._asked += 1
                self._newest = aim.film
                self._awaited = True
            self._change.notify()

    def shot(self, film: float) -> Shot | None:
        """The picture that stands at a film time; None where none is ready yet."""
        with self._change:
            while len(self._shots) > 1 and self._shots[1].at <= film:
                self._shots.popleft()
            self._change.notify()
            found = self._shots[0] if self._shots and self._shots[0].at <= film else None
            self._awaited = self._awaited or found is None
            return found

    def over(self, film: float) -> bool:
        """Whether the film has no picture for this time any more."""
        with self._change:
            return self._end is not None and film >= self._end

    def due(self, film: float) -> float | None:
        """Seconds of film until the next picture that is ready."""
        with self._change:
            found = next((each.at - film for each in self._shots if each.at > film), None)
            self._awaited = self._awaited or found is None
            return found

    def close(self, wait: float = 0.0) -> None:
        """Decode no more; the thread ends when it can, and at most `wait` seconds are waited for that."""
        with self._change:
            self._closed = True
            self._change.notify()
        if wait:
            self._thread.join(wait)

    # ---- the thread

    def _work(self) -> None:
        reader: Reader | None = None
        try:
            reader = self._open(self._path)
            self._decode(reader)
        except AssetError as error:
            self.trouble = f"{error.why}"
        except Exception as error:  # noqa: BLE001  (a film may be broken in any way; the show goes on)
            self.trouble = f"cannot be played ({type(error).__name__})"
        finally:
            if reader is not None:
                reader.close()
            if self.trouble:
                self._ready()

    def _decode(self, reader: Reader) -> None:
        last = sought_at = 0.0
        standing: Picture | None = None  # the newest whose successor had come due before it was scaled
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closed or self._hungry())
                if self._closed or self._aim is None or self._fit is None:
                    return
                film, asked, size = self._aim.at(self._now()), self._asked, self._fit[1](reader.size)
                far = film > last + NEAR and film > sought_at + 2 * NEAR  # hopelessly late: by the nearest way there
                if asked != self._done or far:
                    self._shots.clear()
                    self._end = None
            if asked != self._done or far:
                reader.seek(film)
                self._done, last, sought_at, standing = asked, film, film, None
            picture = reader.next()
            film = self._film()
            if picture is None:
                self._end = last + reader.period
                if standing is not None:
                    self._put(standing, size, asked)
                    standing = None
                continue
            last = picture.at
            if picture.at + reader.period <= film and film - self._latest() < STALE:
                standing = picture
                continue
            if standing is not None and picture.at > film:
                self._put(standing, size, asked)
            standing = None
            self._put(picture, size, asked)

    def _hungry(self) -> bool:
        if self._asked != self._done:
            return True
        return self._aim is not None and self._end is None and len(self._shots) <= AHEAD

    def _film(self) -> float:
        with self._change:
            return self._aim.at(self._now()) if self._aim is not None else 0.0

    def _latest(self) -> float:
        """The film time of the newest picture that was made, or of the search since."""
        with self._change:
            return self._newest

    def _put(self, picture: Picture, size: tuple[int, int], asked: int) -> None:
        pixels = picture.pixels(size)
        with self._change:
            if asked != self._asked:
                return  # meant for another place or another window
            self._number += 1
            self._newest = picture.at
            self._shots.append(Shot(picture.at, size, pixels, self._number))
            awaited, self._awaited = self._awaited, False
        if awaited:
            self._ready()


def _opened(path: str) -> Reader:
    from player.devices.av_video import AvVideo  # noqa: PLC0415  (only who shows a film pays for its decoders)

    return AvVideo(path)
