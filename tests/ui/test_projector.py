"""Which frame of the engine's clock is heard at a moment."""

from __future__ import annotations

import pytest

from player.engine.status import Status
from player.ui.projector import Heard
from tests.ui import states

assert states  # the display of these tests is a dummy
RATE = 48_000
BLOCK = 480


def test_blocks_that_come_in_bursts_are_heard_evenly() -> None:
    heard = Heard()
    clock, now = 0, 50.0
    wrong = []
    for _ in range(100):  # every 30 ms three blocks at once, as a sound server asks for them
        clock += 3 * BLOCK
        for later in (0.0, 0.011, 0.022):
            heard.see(Status(clock=clock, latency=0.04), now + later)
            wrong.append(heard.clock(now + later) - (clock - 0.04 * RATE + later * RATE))
        now += 0.03
    assert max(abs(each) for each in wrong) < 2


def test_a_gap_in_the_sound_is_followed_within_a_second() -> None:
    heard = Heard()
    for step in range(100):
        heard.see(Status(clock=step * BLOCK), 10 + step * 0.01)
    for step in range(100, 200):  # 50 ms were lost
        heard.see(Status(clock=step * BLOCK), 10.05 + step * 0.01)
    assert heard.clock(12.04) == pytest.approx(199 * BLOCK, abs=2)


def test_another_clock_is_taken_over_at_once() -> None:
    heard = Heard()
    heard.see(Status(clock=1_000_000), 10.0)
    heard.see(Status(clock=BLOCK), 11.0)
    assert heard.clock(11.0) == BLOCK


def test_before_anything_is_known_the_clock_is_at_its_beginning() -> None:
    assert Heard().clock(12.0) == 0
