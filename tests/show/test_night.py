"""A night on stage, in virtual time: whatever hands do, nothing is left over, nothing is too loud, nothing grows."""

from __future__ import annotations

import itertools
import os
import random

import numpy as np
import psutil
import pytest
from hypothesis import HealthCheck, given, settings

from player import actions as act
from player.engine import RATE
from tests.show.rig import LENGTH, Stage, Steady
from tests.show.test_random import LONG, scripts, timelines

HOURS = 12.0 if LONG else 0.25
BLOCK = 4096
GROWTH = 24 << 20  # bytes: what numpy and the allocator keep for themselves, however long the night is
FILM = """
defaults: {fade-out: 3s}
songs: {a: {title: A}, b: {title: B}, c: {title: C}}
scenes:
- {id: one, title: One, cues: [{song: a, loop: {from: 1s, to: 3s, times: until-go}, hotkey: K}]}
- {id: two, title: Two, cues: [{song: b, then: follow}, {song: c, duck: -6 dB}]}
- {id: three, title: Three, cues: [{fade: all, level: -12 dB, over: 2s}, {song: a, pre-wait: 1s}]}
- {id: four, title: Four}
"""


class Loud(Steady):
    """Material as loud as it can be, that changes sign every 50 frames."""

    def read(self, at, out):
        n = max(0, min(len(out), LENGTH - at))
        out[:n] = np.where(np.arange(at, at + n) // 50 % 2, 1.0, -1.0)[:, np.newaxis]
        return n


def hand(chance: random.Random) -> act.Action:
    """What somebody does."""
    return chance.choice(
        [
            act.Go(), act.Go(), act.Go(), act.Standby(chance.randrange(4)), act.Hotkey("K"), act.UndoGo(),
            act.Pause(), act.LeaveLoops(), act.FadeOut(), act.Panic(), act.Preview(),
            act.Level(chance.choice((-6.0, 0.0))),
        ]
    )  # fmt: skip


def test_a_night_leaves_nothing_behind_and_does_not_grow():
    chance = random.Random(12)
    stage = Stage(FILM, block=BLOCK)
    memory = psutil.Process(os.getpid()).memory_info
    grown_from, half = 0, HOURS * 1800 * RATE
    while stage.engine.mixer.clock < HOURS * 3600 * RATE:
        stage.do(hand(chance)).wait(chance.choice((0.1, 0.3, 2.0, 15.0, 60.0)))
        assert all(np.isfinite(block).all() for block in stage.blocks)
        stage.blocks.clear()
        stage.events.clear()
        assert len(stage.session.status.voices) < 40
        if not grown_from and stage.engine.mixer.clock > half:
            grown_from = memory().rss
    assert memory().rss - grown_from < GROWTH
    if stage.show.paused:
        stage.do(act.Pause())
    stage.do(act.Panic()).wait(2.5)
    assert stage.show.sounding == ()
    assert stage.session.status.voices == ()
    assert stage.engine.quiet
    assert stage.engine._feeds == {}
    stage.blocks.clear()
    stage.do(act.Standby(1)).go().wait(1.0)
    assert stage.songs() == ["b"]


@settings(
    max_examples=400 if LONG else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(timelines(), scripts)
def test_whatever_hands_do_no_sample_is_above_full_scale_and_a_panic_ends_in_silence(text, script):
    def played(sizes) -> np.ndarray:
        stage = Stage(text, block=sizes, material=Loud, whole=False, limiter=True)
        for action, seconds in script:
            stage.do(action).wait(seconds)
        if stage.show.paused:
            stage.do(act.Pause())
        stage.do(act.Panic()).wait(2.1)
        assert stage.show.sounding == ()
        assert stage.engine.quiet
        stage.wait(0.3)
        stage.session.close()
        return stage.both()

    sound = played(997)
    assert np.abs(sound).max(initial=0.0) <= 1.0
    assert not sound[-RATE // 10 :].any()
    again = played(random.Random(len(text)).randint(1, 3000) for _ in itertools.count())
    assert np.array_equal(sound, again)


@pytest.mark.parametrize("jump", [-3600, -1, 7200])
def test_a_wall_clock_that_jumps_moves_no_sound(jump: int, monkeypatch: pytest.MonkeyPatch):
    """The engine counts frames, and what is told of the day is asked for anew each time."""

    def heard(wall: list[float]) -> np.ndarray:
        monkeypatch.setattr("time.time", lambda: wall[0])
        stage = Stage(FILM).go().wait(1.0)
        wall[0] += jump
        stage.wait(1.0).do(act.Standby(1)).go().wait(5.0)
        return stage.heard()

    first = heard([1e9])
    jump = 0
    assert np.array_equal(first, heard([1e9]))
