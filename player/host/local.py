"""An engine in this process, on a clock that moves only when told to: for text shows in virtual time and for files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from copy import copy

import numpy as np
from msgspec.structs import replace

from player.engine.commands import Batch
from player.engine.feed import Feed, Silence
from player.engine.limiter import DELAY, Limiter
from player.engine.mixer import Mixer
from player.engine.source import Samples, SourceSpec
from player.engine.status import Broke, Event, Over, Status
from player.host.feeds import ChunkFeed, Opener
from player.host.history import History
from player.host.wanted import Wanted

Sink = Callable[[Samples], None]


class LocalEngine:
    """Renders when asked, reads material in place: nothing is ever late, and every run gives the same bytes."""

    def __init__(
        self, opener: Opener, blocks: Iterator[int], sink: Sink | None = None, *, limiter: bool = False,
        unheard: Iterable[str] = (), beside: Executor | None = None,
    ) -> None:  # fmt: skip
        """`blocks` gives the size of each block in frames, without end; `sink` takes what is rendered.

        All outputs are mixed together, but for those `unheard`.

        What passes the limiter comes to the sink later, the last of it with `close`, but at its own frames.
        beside: where material is read while what came before it is mixed; in place, if there is none.
        """
        self._opener = opener
        self._beside = beside
        self._blocks = blocks
        self._sink = sink
        self._feeds: dict[int, ChunkFeed] = {}
        self._limiter = Limiter() if limiter else None
        self._early = DELAY  # frames that leave the limiter before frame 0 does
        self.mixer = Mixer(self._feed)
        self._unheard = dict.fromkeys(unheard, 1)
        self.mixer.route(self._unheard)

    def send(self, batch: Batch, snapshot: bytes = b"") -> None:
        """Execute `batch` at the frame where the clock stands."""
        self.mixer.inbox.append(batch)
        self.mixer.take()

    def prepare(self, wanted: Iterable[tuple[SourceSpec, int]]) -> None:
        """Nothing to do: here the clock waits for the material."""

    def want(self, wanted: Wanted) -> None:
        """Nothing to do: there is no device, and what is written keeps its limiter."""

    def stir(self) -> None:
        """Nothing to do: there is no device that sleeps."""

    def events(self) -> list[Event]:
        """See Engine."""
        found = [*self._broken()]
        while self.mixer.outbox:
            event = self.mixer.outbox.popleft()
            if isinstance(event, Over) and event.bus:
                continue
            found.append(replace(event, limited=self._limiter is not None) if isinstance(event, Over) else event)
        self._let_go()
        return sorted(found, key=lambda event: event.clock)

    def status(self) -> Status:
        """See Engine."""
        return replace(self.mixer.status(), device="virtual time")

    def left(self) -> bytes:
        """Nothing: this engine is always new."""
        return b""

    def know(self, names: bytes) -> None:
        """Nothing is kept here."""

    def keep(self, snapshot: bytes) -> None:
        """Nobody takes over a show that has no time of its own."""

    def over_to(self, timeline: str) -> None:
        """Nobody takes it over."""

    def so_far(self) -> tuple[History, int] | None:
        """None: nobody takes this show up again."""
        return None

    def take_up(self, history: History, clock: int) -> None:
        """Nothing: there is nothing to take up."""

    def close(self) -> None:
        """Close what is open, and let the sink have what is still on its way."""
        if self._sink and self._limiter and self.mixer.clock:
            self._hand_over(np.zeros((DELAY, 2), np.float32))
            self._limiter = None
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
            mixer.render(block, *([np.empty_like(block)] if self._unheard else []))
            if self._sink:
                self._hand_over(block, None if self._unheard else mixer.peak)
            done += len(block)
        return done

    def _hand_over(self, block: Samples, peak: tuple[float, float] | None = None) -> None:
        """What sounds goes to the sink. Somebody may interrupt this at any moment: then the block has not been.

        peak: its largest sizes, left and right, where they are known.
        """
        assert self._sink is not None
        limiter, early = copy(self._limiter), 0
        if limiter:
            limiter.process(block, peak)
            early = min(self._early, len(block))
            block = block[early:]
        if len(block):
            self._sink(block)
        self._limiter, self._early = limiter, self._early - early

    def _feed(self, token: int, source: SourceSpec, begin: int) -> Feed:
        if source.kind == "silence":
            return Silence()
        feed = ChunkFeed(source, begin, self._opener, inline=True, beside=self._beside)
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
        at = {id(voice.feed): voice.at for voice in self.mixer.voices}
        for feed in self._feeds.values():
            if feed.broke and not feed.told:
                past = at.get(id(feed), feed.reached) - feed.silent_at
                if past < 0:  # it was read ahead, and not heard so far
                    continue
                feed.told = True
                news.append(Broke(self.mixer.clock - past, feed.voice, feed.broke))
        return news
