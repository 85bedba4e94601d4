"""Feeds of what comes by the film clock: the next ones stand ready, whatever the clock does."""

from __future__ import annotations

import pickle

from player.engine.commands import Bring, Later, Restore, Roll
from player.engine.feed import Silence
from player.engine.mixer import Mixer
from player.host.stock import PROMISED, Stock
from tests.host.test_stock import BEHIND, PLAIN, VAMP, start, taken


def film(*voices: int) -> Roll:
    """Each voice in a later of its own, and one that follows in the same."""
    laters = (Later(1000 + v, (start(v), Later(2000 + v, (start(v + 500),), 9)), 48_000 * v, film=True) for v in voices)
    return Roll(batch=tuple(laters))


def test_the_next_voices_of_the_film_are_ready_and_the_others_follow_as_these_begin(stock: Stock) -> None:
    stock.promise((film(*range(1, 30)),))
    assert sorted(stock._bound) == [1, 2, 3, 4, 501, 502, 503, 504]
    stock.feed_for(1, PLAIN, 0)
    stock.started(1)
    assert 5 in stock._bound


def test_another_film_takes_the_place_of_what_has_not_begun(stock: Stock) -> None:
    stock.promise((film(*range(1, 30)),))
    stock.feed_for(1, PLAIN, 0)
    stock.started(1)
    stock.promise((film(40, 41),))
    assert sorted(stock._bound) == [40, 41, 501, 540, 541]  # what belongs to a run that has begun is still to come
    assert len(stock._coming) <= PROMISED


def test_what_is_brought_early_is_ready_first_however_late_it_would_have_come(stock: Stock) -> None:
    stock.promise((film(*range(1, 30)),))
    feeds = stock.promise((Bring(1025, (start(25),)),))
    assert [feed.voice for feed in feeds] == [25]
    assert taken(stock, 25, PLAIN, 0) is feeds[0]


def test_what_is_restored_is_read_from_where_it_stands(stock: Stock) -> None:
    mixer = Mixer(lambda token, source, at: Silence())
    mixer.inbox.append((start(1, PLAIN), start(2, VAMP, leaves_by=3), Later(9, (start(4),), 90_000)))
    mixer.skip(2300)
    command = pickle.loads(pickle.dumps(Restore(mixer.moment())))
    stock.promise((film(*range(5, 30)),))
    feeds = stock.promise((command,))
    assert [(feed.voice, feed.spec) for feed in feeds] == [(1, PLAIN), (2, VAMP)]
    assert taken(stock, 2, VAMP, 2300) is feeds[1]
    assert taken(stock, 3, BEHIND, 2000).spec == BEHIND
    assert sorted(stock._bound) == [1, 4]
