"""The mouse does what the keys do, and drags."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import DINER, FERRY, HARBOUR, STAGE
from tests.e2e.music import second
from tests.e2e.player import Player
from tests.e2e.sink import Sink

pytestmark = pytest.mark.needs(*STAGE)


def test_a_click_on_next_is_go(player: Player, sink: Sink) -> None:
    for tone in (FERRY, HARBOUR):
        player.go(lambda: player.click(*player.layout.next.mid))
        sink.hears(tone)


def test_a_click_on_a_row_moves_standby_and_no_sound(player: Player, sink: Sink) -> None:
    player.click(*player.row(2))
    sink.goes_on()
    player.go()
    sink.hears(DINER)


def test_a_drag_in_the_waveform_seeks_where_it_ends(player: Player, sink: Sink) -> None:
    lane = player.layout.wave
    assert lane is not None
    player.click(*player.row(4))
    player.go()
    sink.pitch(lambda hertz: second(hertz) == 1)
    with player.dragging((lane.x + lane.w // 20, lane.mid[1]), (lane.x + lane.w // 2, lane.mid[1])):
        assert second(sink.pitch()) < 10
    sink.pitch(lambda hertz: second(hertz) in (29, 30, 31))
