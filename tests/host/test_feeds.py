"""Material read ahead of the voice that plays it: in place, or on a thread beside."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.engine.commands import DECLICK, Start
from player.engine.source import Samples, SourceSpec
from player.engine.status import Ended, Event, Started
from player.errors import AudioFileError
from player.host.feeds import LARGE, LOOK, ChunkFeed
from player.host.local import LocalEngine

LENGTH = 2 * LARGE + 1000
SPEC = SourceSpec("audio", "count")


class Count:
    """Material whose frame n is n / 2**20."""

    frames = LENGTH

    def __init__(self, breaks: int = LENGTH) -> None:
        self.breaks = breaks
        self.closed = False

    def read(self, at: int, out: Samples) -> int:
        n = max(0, min(len(out), self.breaks - at))
        out[:n] = (np.arange(at, at + n) / 2**20)[:, np.newaxis]
        if n == 0 and at < LENGTH:
            raise AudioFileError("count", "breaks off")
        return n

    def close(self) -> None:
        self.closed = True


@pytest.fixture(scope="module")
def beside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def frames(feed: ChunkFeed, at: int, n: int) -> list[int]:
    """The numbers of up to `n` frames from `at` on."""
    found: list[int] = []
    while len(found) < n and (sound := feed.view(at + len(found), n - len(found))) is not None:
        found += (sound[::2] * 2**20).astype(int).tolist()
    return found


@settings(max_examples=30, deadline=None)
@given(
    begin=st.integers(0, LENGTH),
    steps=st.lists(st.tuples(st.integers(0, LARGE), st.integers(1, LARGE)), min_size=1, max_size=6),
)
def test_what_is_read_beside_is_what_is_read_in_place(
    beside: ThreadPoolExecutor, begin: int, steps: list[tuple[int, int]]
) -> None:
    feed = ChunkFeed(SPEC, begin, lambda _: Count(), inline=True, beside=beside)
    at = begin
    for on, n in steps:
        at += on
        back = max(begin, at - LOOK // 2)
        assert frames(feed, at, 10) == list(range(at, min(LENGTH, at + 10)))
        assert frames(feed, back, 10) == list(range(back, min(LENGTH, back + 10)))
        assert frames(feed, at, n) == list(range(at, min(LENGTH, at + n)))
        at += n
    feed.close()


def test_a_break_is_told_with_the_frame_it_comes_at(beside: ThreadPoolExecutor) -> None:
    source = Count(breaks=LARGE + 500)
    feed = ChunkFeed(SPEC, 0, lambda _: source, inline=True, beside=beside)
    assert len(frames(feed, 0, LENGTH)) == LARGE + 500
    assert feed.broke == "count breaks off"
    assert feed.silent_at == LARGE + 500


def test_a_break_that_is_read_but_never_heard_is_not_told(beside: ThreadPoolExecutor) -> None:
    for pool in (None, beside):
        engine = LocalEngine(lambda _: Count(breaks=50_000), itertools.repeat(256), beside=pool)
        engine.send((Start(1, SPEC, 0, 9000, 0.0, DECLICK, serial=1),))
        news: list[Event] = []
        while not engine.quiet:
            engine.advance(4096)
            news += engine.events()
        assert [type(event) for event in news] == [Started, Ended]
        engine.close()


def test_what_goes_wrong_in_a_chunk_that_nobody_needs_ends_nothing(beside: ThreadPoolExecutor) -> None:
    class Wrong(Count):
        def read(self, at: int, out: Samples) -> int:
            if at:
                raise ZeroDivisionError
            return super().read(at, out)

    source = Wrong()
    feed = ChunkFeed(SPEC, 0, lambda _: source, inline=True, beside=beside)
    assert frames(feed, 0, 5) == [0, 1, 2, 3, 4]
    feed.close()
    assert source.closed


def test_what_is_being_read_is_closed_when_that_is_over(beside: ThreadPoolExecutor) -> None:
    reads, goes_on = threading.Event(), threading.Event()

    class Slow(Count):
        def read(self, at: int, out: Samples) -> int:
            if at:
                reads.set()
                assert goes_on.wait(20)
                assert not self.closed
            return super().read(at, out)

    source = Slow()
    feed = ChunkFeed(SPEC, 0, lambda _: source, inline=True, beside=beside)
    assert frames(feed, 0, 5) == [0, 1, 2, 3, 4]
    assert reads.wait(20)
    threading.Timer(0.05, goes_on.set).start()
    feed.close()
    assert source.closed
    assert goes_on.is_set()
