"""Material read ahead of the voice that plays it: in place, or on a thread beside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.engine.source import Samples, SourceSpec
from player.errors import AudioFileError
from player.host.feeds import LARGE, LOOK, ChunkFeed

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
        if n < len(out) and self.breaks < LENGTH:
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
        assert frames(feed, at, n) == list(range(at, min(LENGTH, at + n)))
        back = max(begin, at - LOOK // 2)
        assert frames(feed, back, 10) == list(range(back, min(LENGTH, back + 10)))
    feed.close()


def test_a_break_is_told_with_the_frame_it_comes_at(beside: ThreadPoolExecutor) -> None:
    source = Count(breaks=LARGE + 500)
    feed = ChunkFeed(SPEC, 0, lambda _: source, inline=True, beside=beside)
    assert len(frames(feed, 0, LENGTH)) == LARGE
    assert feed.broke == "count breaks off"
    assert feed.silent_at == LARGE


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
