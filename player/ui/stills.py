"""Pictures of files and the light of scenes, read and scaled on a thread of their own: no GO waits for a disk."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

import pygame

KEPT: Final = 6
LARGEST: Final = 1 << 28  # bytes of a picture file that is still tried


class Wish(NamedTuple):
    """A picture for a screen of `size` pixels: of a file, or where there is none the light of the scene `seed`."""

    size: tuple[int, int]
    file: str = ""
    seed: str = ""


Make = Callable[[Wish], "pygame.Surface | None"]


class Stills:
    """What was wished for last is made first. `get` and `close`: main thread. `done` is called on the thread."""

    def __init__(self, make: Make, done: Callable[[], None]) -> None:
        self._make = make
        self._tell = done
        self._made: OrderedDict[Wish, pygame.Surface | None] = OrderedDict()
        self._wishes: tuple[Wish, ...] = ()
        self._change = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def want(self, *wishes: Wish) -> None:
        """Make these, the first one first; what is not among them and not begun is given up."""
        with self._change:
            if wishes == self._wishes:
                return
            self._wishes = wishes
            self._change.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="stills", daemon=True)
            self._thread.start()

    def get(self, wish: Wish) -> pygame.Surface | None:
        """The picture; None while it is made, and for one that cannot be."""
        with self._change:
            if wish in self._made:
                self._made.move_to_end(wish)
            return self._made.get(wish)

    def known(self, wish: Wish) -> bool:
        """Whether the wish has been dealt with."""
        with self._change:
            return wish in self._made

    def close(self) -> None:
        """Make no more."""
        with self._change:
            self._closed = True
            self._change.notify()

    def _next(self) -> Wish | None:
        return next((wish for wish in self._wishes if wish not in self._made), None)

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closed or self._next() is not None)
                wish = self._next()
                if self._closed or wish is None:
                    return
            try:
                made = self._make(wish)
            except Exception:  # noqa: BLE001  (a picture may be broken in any way; the screen is then without it)
                made = None
            with self._change:
                self._made[wish] = made
                while len(self._made) > KEPT:
                    self._made.popitem(last=False)
            self._tell()
