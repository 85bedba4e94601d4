"""Time that passes unheard leads to where the same time would have led that is heard."""

from __future__ import annotations

import itertools
import os

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from player.engine import RATE
from player.engine.commands import DECLICK, Later, Panic, Stop, Target
from player.engine.status import Ended, Over, Started
from tests.conftest import LONG
from tests.engine.rig import COUNT, mixer, play, start
from tests.engine.test_mixer import scripts

FRAMES = 9000
LONGEST_EDGE = 2400


def skip_and_play(script, skipped):
    """What `play` gives from frame `skipped` on, and all events; also how many frames an edge still runs there."""
    m = mixer()
    script = sorted(script, key=lambda entry: entry[0])
    out, edge = [np.empty((0, 2), np.float32)], 0
    while m.clock < FRAMES:
        while script and script[0][0] == m.clock:
            m.inbox.append(script.pop(0)[1])
            m.take()
        until = min(script[0][0] if script else FRAMES, FRAMES)
        if m.clock < skipped:
            m.skip(min(until, skipped) - m.clock)
            edge = max((begun + len(sound) - m.clock for sound, begun, _ in m._tails), default=0)
            continue
        piece = np.empty((min(256, until - m.clock), 2), np.float32)
        m.render(piece)
        out.append(piece)
    return np.concatenate(out), list(m.outbox), edge


def but_over(events):
    return [event for event in events if not isinstance(event, Over)]


@given(scripts(), st.integers(0, FRAMES))
@settings(max_examples=1000 if LONG in os.environ else 150, deadline=None)
def test_what_follows_skipped_time_is_what_follows_heard_time(script, skipped):
    sound, events = play(script, FRAMES)
    rest, same_events, edge = skip_and_play(script, skipped)
    assert edge <= LONGEST_EDGE
    assert rest[edge:].tobytes() == sound[skipped + edge :].tobytes()
    assert but_over(same_events) == but_over(events)


def test_only_what_still_plays_gets_a_feed_and_where_it_then_stands():
    m = mixer()
    asked = []
    m._open = lambda token, source, at: asked.append((token, at))
    m.inbox.append((start(1, COUNT, end=1000), start(2, COUNT, begin=50, end=9000), start(3, COUNT, end=4000)))
    m.skip(2000)
    assert asked == [(2, 2050), (3, 2000)]


def test_an_hour_of_chains_is_skipped_to_the_frame():
    numbers = itertools.count(1)
    rest = (
        Later(10_000 + next(numbers), (start(voice, COUNT, end=RATE),), end_of=voice - 1) for voice in range(2, 3700)
    )
    m = mixer()
    m.inbox.append((start(1, COUNT, end=RATE), *rest))
    m.skip(3600 * RATE + 7)
    assert [(v.start.voice, v.at) for v in m.voices] == [(3601, 7)]
    starts = [e for e in m.outbox if isinstance(e, Started)]
    assert starts[-1] == Started(3600 * RATE, 3601)


def test_what_is_still_to_come_is_known_in_its_order():
    m = mixer()
    m.inbox.append((
        start(1, end=5000),
        Later(10, (start(4),), 900), Later(11, (start(3),), 100), Later(12, (start(5),), end_of=1), Later(13, (), 50),
    ))  # fmt: skip
    m.skip(60)
    assert [s.voice for s in m.coming()] == [3, 4, 5]


def test_nothing_is_left_only_once_all_is_over():
    m = mixer()
    assert m.idle
    m.inbox.append((start(1, end=1000), Later(10, (Stop(Target("all")),), 3000)))
    m.skip(2000)
    assert not m.idle
    m.skip(2000)
    assert m.idle
    m.inbox.append((start(2), Panic(DECLICK)))
    m.skip(100)
    assert not m.idle
    m.skip(400)
    assert m.idle
    assert list(m.outbox)[-1] == Ended(4240, 2, False)
