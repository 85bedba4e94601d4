"""Frames made ready ahead of the voices: read on a thread of their own while playing, in place while rendering."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from typing import Final

import numpy as np

from player.engine import RATE
from player.engine.ramp import Flat
from player.engine.source import Source, SourceSpec
from player.errors import AssetError

CHUNK: Final = 8192  # frames read at a time
LARGE: Final = 131072  # the same in rendering, where nobody waits for the first of them
AHEAD: Final = 2 * RATE  # frames kept ready
LOOK: Final = 4096  # frames kept behind the voice: a look ahead must not lose what comes before it
NAP: Final = 0.1  # seconds between looks of a thread whose feed is full

Opener = Callable[[SourceSpec], Source]


class ChunkFeed:
    """A feed of chunks. One thread fills, one views; a deque between them, and no lock.

    `broke` tells in one line why the material ended early; the rest of it is silence.
    """

    def __init__(
        self, spec: SourceSpec, begin: int, opener: Opener, *, inline: bool, beside: Executor | None = None
    ) -> None:
        """`inline`: the viewing thread reads what is missing, for rendering. Opens nothing yet.

        beside: where the chunk after the newest is read meanwhile; the same frames come, only sooner.
        """
        self.spec = spec
        self.broke: str | None = None
        self.silent_at = 0  # the frame from which it is silent, once it broke
        self.reached = begin  # the frame that was viewed last
        self.told = False  # whether somebody has been told of it
        self.voice = 0  # the voice or token it was made for
        self.closed = False
        self._next = begin
        self._opener = opener
        self._inline = inline
        self._beside = beside
        self._coming: Future[None] | None = None
        self._size = LARGE if inline else CHUNK
        self._source: Source | None = None
        self._over = False
        self._chunks: deque[tuple[int, Flat]] = deque()
        self._spare: Flat | None = None  # a chunk to be filled again: memory that is new to the process costs as much

    @property
    def ready(self) -> bool:
        """Whether a voice can start without waiting."""
        return self._over or bool(self._chunks)

    @property
    def full(self) -> bool:
        """Whether nothing need be read for now."""
        return self._over or len(self._chunks) * CHUNK >= AHEAD

    def fill(self) -> None:
        """Read one chunk. Loader thread (or the rendering one); may take its time."""
        try:
            if self._source is None:
                self._source = self._opener(self.spec)
            spare, self._spare = self._spare, None
            chunk = np.empty((self._size, 2), np.float32) if spare is None else spare.reshape(-1, 2)
            got = self._source.read(self._next, chunk)
            if got:
                self._chunks.append((self._next, chunk[:got].reshape(-1)))
                self._next += got
            if got < self._size:
                self._over = True
                self._source.read(self._next, chunk[got : got + 1])  # where one broke off that was read at once
        except AssetError as error:
            self.silent_at = self._next - self._unsounded()
            self.broke = str(error)
            self._over = True

    def _unsounded(self) -> int:
        """Frames without a sound at the end of what was read last: a break is told one chunk late."""
        try:
            sound = self._chunks[-1][1]
        except IndexError:  # there was none, or the viewing thread has just let go of it
            return 0
        heard = np.flatnonzero(sound)
        return (len(sound) - int(heard[-1]) - 1) // 2 if len(heard) else len(sound) // 2

    def view(self, at: int, n: int) -> Flat | None:
        """See Feed."""
        self.reached = at
        chunks = self._chunks
        while chunks and chunks[0][0] + len(chunks[0][1]) // 2 <= at - LOOK:
            old = chunks.popleft()[1]
            self._spare = old if self._inline and len(old) == 2 * self._size else None
        while True:
            for i in range(len(self._chunks)):  # by index: the loader may append meanwhile
                begin, sound = self._chunks[i]
                k = at - begin
                if k >= 0 and 2 * k < len(sound):
                    if self._beside is not None and i + 1 == len(self._chunks):
                        self._read_on(self._beside)
                    return sound[2 * k : 2 * (k + n)]
            if self._coming is not None:
                self._await()
            elif not self._inline or self._over or self.closed:
                return None
            else:
                self.fill()

    def _read_on(self, beside: Executor) -> None:
        """Have the next chunk read, unless it is under way."""
        if self._coming is not None and self._coming.done():
            self._await()
        if self._coming is None and not self._over:
            self._coming = beside.submit(self.fill)

    def _await(self) -> None:
        """Have what is under way; whoever interrupts this leaves it under way."""
        if self._coming is not None:
            wait((self._coming,))
            coming, self._coming = self._coming, None
            coming.result()

    def close(self) -> None:
        """Let go of the source. Loader thread, or the rendering one."""
        self.closed = True
        if self._coming is not None and not self._coming.cancel():
            wait((self._coming,))  # what comes of it does not matter any more
        self._coming = None
        if self._source is not None:
            self._source.close()
            self._source = None


def fill_ahead(feed: ChunkFeed) -> None:
    """Keep a feed full until it is closed; the body of its thread."""
    while not feed.closed:
        if feed.full:
            time.sleep(NAP)
        else:
            feed.fill()
    feed.close()
