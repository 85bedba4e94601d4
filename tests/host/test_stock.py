"""Feeds of a playing engine that stand ready for what nobody can foretell: a loop that is left, a GO that is undone."""

from __future__ import annotations

from player.engine.commands import Seek, Shape, Start, Undo
from player.engine.source import Region, SourceSpec
from player.host.feeds import ChunkFeed
from player.host.stock import MOST_BOUND, Stock

PLAIN = SourceSpec("audio", "a")
VAMP = SourceSpec("audio", "a", loop=Region(1000, 2000, 0))
BEHIND = SourceSpec("audio", "a", loop=Region(1000, 2000, 1))


def start(voice: int, source: SourceSpec = PLAIN, begin: int = 0, leaves_by: int = 0) -> Start:
    return Start(voice, source, begin, 90_000, 0.0, Shape(4800), exit=leaves_by)


def taken(stock: Stock, token: int, source: SourceSpec, at: int) -> ChunkFeed:
    feed = stock.feed_for(token, source, at)
    assert isinstance(feed, ChunkFeed)
    return feed


def test_behind_a_loop_a_feed_stands_ready_from_the_start(stock: Stock) -> None:
    (first,) = stock.promise((start(1, VAMP, 500, leaves_by=2),))
    assert taken(stock, 1, VAMP, 500) is first
    behind = taken(stock, 2, BEHIND, 2000)
    assert (behind.spec, behind.voice, behind.closed) == (BEHIND, 1, False)
    assert not stock.tend([])  # neither had to be asked for on the audio thread


def test_a_feed_behind_a_loop_that_ended_otherwise_is_closed(stock: Stock) -> None:
    stock.promise((start(1, VAMP, leaves_by=2),))
    behind = stock._behind[2]
    stock.ended(1)
    assert behind.closed
    assert not stock._behind


def test_a_feed_behind_a_loop_outlives_many_promises(stock: Stock) -> None:
    stock.promise((start(1, VAMP, leaves_by=2),))
    stock.feed_for(1, VAMP, 0)
    for voice in range(10, 10 + MOST_BOUND + 5):
        stock.promise((start(voice, begin=voice),))
    assert not taken(stock, 2, BEHIND, 2000).closed


def test_a_seek_out_of_a_loop_reads_the_song_itself(stock: Stock) -> None:
    stock.promise((start(1, VAMP, leaves_by=2),))
    (inside,) = stock.promise((Seek(1, 3500, 3),))
    (out,) = stock.promise((Seek(1, 5000, 4, onward=True),))
    assert (inside.spec, out.spec) == (VAMP, BEHIND)


def test_what_an_undo_brings_back_is_read_before_it_is_met(stock: Stock) -> None:
    stock.ghosts = lambda serials: [(PLAIN, 7000), (VAMP, 4300)] if serials == (5, 6) else []
    feeds = stock.promise((Undo((5, 6), 100),))
    assert [(feed.spec, feed.voice) for feed in feeds] == [(PLAIN, 100), (VAMP, 102)]
    assert taken(stock, 102, VAMP, 4321) is feeds[1]
    assert taken(stock, 103, BEHIND, 2000).spec == BEHIND
