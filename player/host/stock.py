"""The feeds of a playing engine: what is ready to start, what voices are promised, and the threads that fill them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Final

from player.engine import duck, ramp
from player.engine.commands import Batch, Bring, Later, Restore, Roll, Seek, Start, Undo, starts
from player.engine.feed import Feed, Silence
from player.engine.moment import Moment
from player.engine.source import SourceSpec, joins_over, onward
from player.host.feeds import ChunkFeed, Opener, fill_ahead

PROMISED: Final = 8  # voices of a chain whose feeds are made ready at once; the others as their turn comes
MOST_BOUND: Final = 32  # feeds of voices that have not begun; more were promised and never called

Key = tuple[SourceSpec, int]
Ghosts = Callable[[tuple[int, ...]], list[Key]]


class Stock:
    """Feeds by what they play and by whom. The control thread does everything but `feed_for`."""

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._ready: dict[Key, ChunkFeed] = {}
        self._bound: dict[int, ChunkFeed] = {}
        self._coming: list[Start] = []
        self._sources: dict[int, SourceSpec] = {}
        self._exits: dict[int, int] = {}  # by voice: the token of the feed behind its loop
        self._behind: dict[int, ChunkFeed] = {}  # those feeds, for as long as their voices may need them
        self._late: list[ChunkFeed] = []
        self._by_film: dict[int, int] = {}  # voices that come by the film, each with the later that holds it
        self.playing: list[ChunkFeed] = []
        self.ghosts: Ghosts = lambda serials: []  # what voices read that an Undo would bring back: the mixer knows

    def prepare(self, wanted: Iterable[Key]) -> None:
        """Have just these ready."""
        keys = set(wanted)
        for key in [k for k in self._ready if k not in keys]:
            self._ready.pop(key).closed = True
        for key in keys:
            if key not in self._ready and key[0].kind != "silence":
                self._ready[key] = self._open(*key)

    def promise(self, batch: Batch) -> list[ChunkFeed]:
        """Bind feeds to the voices and seeks of a batch; returns those that must be ready before it is sent."""
        needed = []
        for command in batch:
            if isinstance(command, Seek) and command.voice in self._sources:
                source = self._sources[command.voice]
                needed += self._bind(command.token, onward(source) if command.onward else source, command.at)
            if isinstance(command, Undo):
                needed += self._bind_returning(command)
            if isinstance(command, Restore) and isinstance(command.there, Moment):
                needed += self._bind_restored(command.there)
            if isinstance(command, Roll) and command.batch is not None:
                self._await_film(command.batch)
            if isinstance(command, Bring):
                needed += self._bind_brought(command)
        self._expect(starts(batch))
        for command in batch:
            if isinstance(command, Start) and command.voice in self._bound:
                needed.append(self._bound[command.voice])
        return needed

    def go_on(self, voices: Iterable[tuple[Start, SourceSpec]], coming: Iterable[Start]) -> list[ChunkFeed]:
        """Take over voices in their midst, each with what it reads now, and what is still to come.

        They have asked for their feeds already; returns these, which are on their way.
        """
        for start, source in voices:
            self._sources[start.voice] = source
            if source.loop is not None and source.loop.times != 1:
                self._open_behind(start.voice, source, start.exit)
        self._expect(coming)
        self.tend(())
        return list(self.playing)

    def _expect(self, coming: Iterable[Start]) -> None:
        for start in coming:
            self._sources[start.voice] = start.source
            self._coming.append(start)
            for shape in (start.rise, start.crossfade):
                if shape and shape.frames:
                    ramp.fade(*shape, rising=True)  # its tables are made here, not on the audio thread
            ramp.fade(*(start.leave if start.leave.frames else (240, "equal-power")), rising=False)
            if start.duck_db:
                duck.tables(start.duck_db)
        self._bind_coming()

    def started(self, voice: int) -> None:
        """A voice has begun: the next in its chain gets its feed."""
        begun = self._by_film.get(voice)
        if begun is not None:
            self._by_film = {other: token for other, token in self._by_film.items() if token != begun}
        self._coming = [s for s in self._coming if s.voice != voice]
        self._bind_coming()

    def ended(self, voice: int) -> None:
        """A voice is gone."""
        self._sources.pop(voice, None)
        self._close_behind(voice)

    def _close_behind(self, voice: int) -> None:
        feed = self._behind.pop(self._exits.pop(voice, 0), None)
        if feed is not None:
            feed.closed = True

    def forget(self) -> None:
        """Nothing that was promised will come."""
        self._coming.clear()
        for token, feed in self._bound.items():
            feed.closed = True
            self._close_behind(token)
        self._bound.clear()

    def feed_for(self, token: int, source: SourceSpec, begin: int) -> Feed:
        """The feed of a voice that begins now. Audio thread: hands over, opens nothing."""
        if source.kind == "silence":
            return Silence()
        feed = self._bound.pop(token, None) or self._behind.pop(token, None)
        if feed is None:
            feed = ChunkFeed(source, begin, self._opener, inline=False)
            feed.voice = token
            self._late.append(feed)
        self.playing.append(feed)
        return feed

    def tend(self, dead: Iterable[Feed]) -> list[ChunkFeed]:
        """Start what the audio thread asked for, close what it let go; returns feeds that broke since."""
        while self._late:
            self._fill(self._late.pop())
        for feed in dead:
            if isinstance(feed, ChunkFeed):
                feed.closed = True
        self.playing[:] = [feed for feed in self.playing if not feed.closed]
        broken = [feed for feed in self.playing if feed.broke and not feed.told]
        for feed in broken:
            feed.told = True
        return broken

    def _bind_coming(self) -> None:
        for start in self._coming[:PROMISED]:
            if start.voice not in self._bound:
                self._bind(start.voice, start.source, start.begin)
                self._open_behind(start.voice, start.source, start.exit)
        while len(self._bound) > MOST_BOUND:
            oldest = next(iter(self._bound))
            self._bound.pop(oldest).closed = True
            self._close_behind(oldest)
            self._coming = [s for s in self._coming if s.voice != oldest]

    def _bind(self, token: int, source: SourceSpec, begin: int) -> list[ChunkFeed]:
        if source.kind == "silence":
            return []
        feed = self._ready.pop((source, begin), None) or self._open(source, begin)
        feed.voice = token
        self._bound[token] = feed
        return [feed]

    def _bind_returning(self, undo: Undo) -> list[ChunkFeed]:
        """Feeds for the voices that come back; a little early, since time goes on until the batch is met."""
        feeds: list[ChunkFeed] = []
        for place, (source, at) in enumerate(self.ghosts(undo.serials)):
            voice = undo.base + 2 * place
            self._sources[voice] = source
            feeds += self._bind(voice, source, at)
            self._open_behind(voice, source, voice + 1)
        return feeds

    def _bind_brought(self, bring: Bring) -> list[ChunkFeed]:
        """Feeds for what was to come later and comes now."""
        found: list[ChunkFeed] = []
        for start in bring.batch:
            if isinstance(start, Start) and start.voice not in self._bound:
                found += self._bind(start.voice, start.source, start.begin)
                self._open_behind(start.voice, start.source, start.exit)
            elif isinstance(start, Start):
                found.append(self._bound[start.voice])
        return found

    def _await_film(self, batch: Batch) -> None:
        """Other things come by the film now: let go of those that would have come, but for what has begun."""
        gone = set(self._by_film)
        self._coming = [start for start in self._coming if start.voice not in gone]
        for voice in gone & set(self._bound):
            self._bound.pop(voice).closed = True
            self._close_behind(voice)
        self._by_film = {
            start.voice: later.token for later in batch if isinstance(later, Later) for start in starts(later.batch)
        }

    def _bind_restored(self, there: Moment) -> list[ChunkFeed]:
        """Feeds for voices that go on in their midst, and for what is to come then."""
        self._await_film(())
        self._coming.clear()
        feeds: list[ChunkFeed] = []
        for voice in there.voices:
            number = voice.start.voice
            self._sources[number] = voice.source
            feeds += self._bind(number, voice.source, voice.at)
            self._open_behind(number, voice.source, voice.start.exit)
        waiting = [later for _, later in there.scheduled] + [later for _, later in there.coming]
        waiting += [*there.held, *(later for _, later in there.still)]
        self._by_film = {
            start.voice: later.token for later in waiting if later.film for start in starts(later.batch)
        }
        self._expect(start for later in waiting for start in starts(later.batch))
        return feeds

    def _open_behind(self, voice: int, source: SourceSpec, token: int) -> None:
        """Have ready what a voice goes over to where it leaves its loop: nobody knows when that will be."""
        loop = source.loop
        if loop is None or loop.times == 1 or not token or source.kind == "silence":
            return
        feed = self._open(onward(source), loop.to - joins_over(source))
        feed.voice = voice
        self._behind[token] = feed
        self._exits[voice] = token

    def _open(self, source: SourceSpec, begin: int) -> ChunkFeed:
        feed = ChunkFeed(source, begin, self._opener, inline=False)
        self._fill(feed)
        return feed

    def _fill(self, feed: ChunkFeed) -> None:
        threading.Thread(target=fill_ahead, args=(feed,), daemon=True).start()
