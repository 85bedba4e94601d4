"""An engine in this process, on a clock that moves only when told to: for text shows in virtual time and for files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from player.engine.commands import Batch
from player.engine.feed import Feed, Silence
from player.engine.mixer import Mixer
from player.engine.source import Samples, SourceSpec
from player.engine.status import Broke, Event, Status
from player.host.feeds import ChunkFeed, Opener

Sink = Callable[[Samples], None]


class LocalEngine:
    """Renders when asked, reads material in place: nothing is ever late, and every run gives the same bytes."""

    def __init__(self, opener: Opener, blocks: Iterator[int], sink: Sink | None = None) -> None:
        """`blocks` gives the size of each block in frames, without end; `sink` takes each rendered block."""
        self._opener = opener
        self._blocks = blocks
        self._sink = sink
        self._feeds: dict[int, ChunkFeed] = {}
        self.mixer = Mixer(self._feed)

    def send(self, batch: Batch) -> None:
        """Execute `batch` at the frame where the clock stands."""
        self.mixer.inbox.append(batch)
        self.mixer.take()

    def prepare(self, wanted: Iterable[tuple[SourceSpec, int]]) -> None:
        """Nothing to do: here the clock waits for the material."""

    def events(self) -> list[Event]:
        """See Engine."""
        found = [*self._broken()]
        while self.mixer.outbox:
            found.append(self.mixer.outbox.popleft())
        self._let_go()
        return found

    def status(self) -> Status:
        """See Engine."""
        return replace(self.mixer.status(), device="virtual time")

    def left(self) -> bytes:
        """Nothing: this engine is always new."""
        return b""

    def keep(self, snapshot: bytes) -> None:
        """Nobody takes over a show that has no time of its own."""

    def close(self) -> None:
        """Close what is open."""
        for feed in self._feeds.values():
            feed.close()
        self._feeds.clear()

    @property
    def quiet(self) -> bool:
        """Whether nothing sounds and nothing comes by itself."""
        return self.mixer.quiet()

    def advance(self, frames: int) -> int:
        """Render up to `frames` frames, at most to the next frame at which something happens; returns how many."""
        mixer = self.mixer
        frames = min(frames, mixer.until_next())
        done = 0
        while done < frames:
            block = np.empty((min(next(self._blocks), frames - done), 2), np.float32)
            mixer.render(block)
            if self._sink:
                self._sink(block)
            done += len(block)
        return done

    def _feed(self, token: int, source: SourceSpec, begin: int) -> Feed:
        if source.kind == "silence":
            return Silence()
        feed = ChunkFeed(source, begin, self._opener, inline=True)
        self._feeds[id(feed)] = feed
        feed.voice = token
        return feed

    def _let_go(self) -> None:
        while self.mixer.dead:
            feed = self.mixer.dead.popleft()
            if isinstance(feed, ChunkFeed):
                feed.close()
                self._feeds.pop(id(feed), None)

    def _broken(self) -> list[Event]:
        news: list[Event] = []
        for feed in self._feeds.values():
            if feed.broke and not feed.told:
                feed.told = True
                news.append(Broke(self.mixer.clock, feed.voice, feed.broke))
        return news
