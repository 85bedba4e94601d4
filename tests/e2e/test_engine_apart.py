"""The music does not need the window to keep up."""

from __future__ import annotations

import signal
import time

import pytest

from tests.e2e.conftest import FERRY, HARBOUR, STAGE
from tests.e2e.player import Player
from tests.e2e.sink import RATE, Sink, breaks

pytestmark = pytest.mark.needs(*STAGE)
TRIES = 8  # on a busy machine the sound server itself may lose a block in any one second


def test_a_window_that_hangs_for_a_second_costs_no_sample(player: Player, sink: Sink) -> None:
    player.go()
    sink.amplitude(FERRY)
    found = []
    for _ in range(TRIES):
        begin = sink.frames
        player.process.send_signal(signal.SIGSTOP)
        time.sleep(1.0)
        player.process.send_signal(signal.SIGCONT)
        found.append(breaks(sink.sound(begin, RATE), FERRY))
        if found[-1] < 1e-4:  # 16-bit noise of the recording; one lost sample gives 0.01 and more
            break
    assert min(found) < 1e-4
    player.go()
    sink.hears(HARBOUR)
