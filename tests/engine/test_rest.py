"""Silence that nobody renders leads to where rendered silence leads."""

from __future__ import annotations

import os

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from player.engine.commands import Later, Pass, Pause, Resume, Roll, Stop, Target
from player.engine.status import Passed
from tests.conftest import LONG
from tests.engine.rig import COUNT, mixer, play, start
from tests.engine.test_mixer import scripts

FRAMES = 9000


def rest_and_play(script, longest):
    """What `play` gives, with silence passed over wherever it may be, at most `longest` frames at a time."""
    m = mixer()
    script = sorted(script, key=lambda entry: entry[0])
    out, rested = [], 0
    while m.clock < FRAMES:
        while script and script[0][0] == m.clock:
            m.inbox.append(script.pop(0)[1])
            m.take()
        n = min(script[0][0] if script else FRAMES, FRAMES) - m.clock
        piece = np.zeros((min(longest if m.rests else 256, n), 2), np.float32)
        if m.rests:
            m.pass_silence(len(piece))
            rested += len(piece)
        else:
            m.render(piece)
        out.append(piece)
    return np.concatenate(out), list(m.outbox), rested


@settings(max_examples=1000 if LONG in os.environ else 100, deadline=None)
@given(scripts(), st.integers(1, 5000))
def test_whatever_was_asked_for_and_whenever(script, longest):
    sound, events, _ = rest_and_play(script, longest)
    there, before = play(script, FRAMES)
    np.testing.assert_array_equal(sound, there)
    assert events == before


def test_a_pause_rests_and_so_does_what_is_over():
    script = [
        (1000, (start(1, source=COUNT, end=2000), Later(5, (Pass("x"),), 2500))),
        (2000, (Pause(),)),
        (6000, (Resume(),)),
    ]
    sound, events, rested = rest_and_play(script, 100_000)
    there, before = play(script, FRAMES)
    np.testing.assert_array_equal(sound, there)
    assert events == before
    assert Passed(7500, "x") in events
    assert rested == 1000 + (6000 - 2256) + (9000 - 7536)  # in blocks of 256: the edge of the pause, and what follows


def test_nothing_rests_that_sounds_or_waits_or_counts_film_time():
    m = mixer()
    assert m.rests
    m.inbox.append((start(1),))
    assert not m.rests
    m.take()
    assert not m.rests
    m.inbox.append((Stop(Target("all")),))
    m.render(np.empty((10_000, 2), np.float32))
    assert m.rests
    m.inbox.append((Later(7, (), 48_000),))
    m.take()
    assert not m.rests
    m.skip(50_000)
    assert m.rests
    m.inbox.append((Roll(at=0, runs=True),))
    m.take()
    assert not m.rests
    m.inbox.append((Pause(),))
    m.take()
    assert m.rests
    m.inbox.append((Resume(), Roll(runs=False)))
    m.take()
    assert m.rests
