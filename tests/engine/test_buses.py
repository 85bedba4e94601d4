"""Several outputs: each voice on its own bus, and what acts on one of them or on all."""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping

import numpy as np
import pytest

from player.engine.commands import DECLICK, Enter, Master, Panic, Pause, Resume, Start, Stop, Target
from player.engine.status import Over
from tests.engine.rig import COUNT, mixer, start

ROUTES = {"click": 1}


def on_buses(script, frames, block=256, routes: Mapping[str, int] = ROUTES, buses=2):
    """What each bus gives: `buses` arrays of the left side, and all events. `script`: commands or routes, by clock."""
    m, script = mixer(), list(script)
    m.route(routes)
    heard: list[list[np.ndarray]] = [[] for _ in range(buses)]
    while m.clock < frames:
        while script and script[0][0] == m.clock:
            what = script.pop(0)[1]
            if isinstance(what, dict):
                m.take()
                m.route(what)
            else:
                m.inbox.append(what)
        until = min(script[0][0] if script else frames, frames)
        pieces = [np.empty((min(block, until - m.clock), 2), np.float32) for _ in range(buses)]
        m.render(*pieces)
        for bus, piece in zip(heard, pieces, strict=True):
            bus.append(piece[:, 0])
    return [np.concatenate(bus) for bus in heard], list(m.outbox)


def test_each_voice_is_heard_on_the_bus_of_its_output_and_nowhere_else() -> None:
    (main, click), _ = on_buses([(0, (start(1), start(2, COUNT, output="click")))], 1000)
    assert main.tolist() == [1.0] * 1000
    assert click.tolist() == [n / 2**20 for n in range(1000)]


def test_an_output_without_a_bus_of_its_own_is_heard_with_main() -> None:
    script = [(0, (start(1), start(2, COUNT, output="click")))]
    (main,), _ = on_buses(script, 1000, routes={}, buses=1)
    assert main.tolist() == [np.float32(1.0 + n / 2**20) for n in range(1000)]


def test_a_bus_nobody_asks_for_is_heard_with_main() -> None:
    (main,), _ = on_buses([(0, (start(1, COUNT, output="click"),))], 1000, buses=1)
    assert main.tolist() == [n / 2**20 for n in range(1000)]


def test_several_outputs_may_share_a_bus() -> None:
    script = [(0, (start(1, output="click"), start(2, output="cues"), start(3, COUNT)))]
    (main, side), _ = on_buses(script, 500, routes={"click": 1, "cues": 1})
    assert side.tolist() == [2.0] * 500
    assert main.tolist() == [n / 2**20 for n in range(500)]


def test_a_duck_holds_down_its_own_output_only() -> None:
    script = [
        (0, (start(1), start(2, output="click"))),
        (100, (start(3, COUNT, duck_db=-20.0, gain_db=-math.inf),)),
    ]
    (main, click), _ = on_buses(script, 20_000)
    assert main[-1] == pytest.approx(0.1, abs=1e-6)
    assert click.tolist() == [1.0] * 20_000


def test_a_duck_spares_other_outputs_also_where_they_share_a_bus() -> None:
    script = [(0, (start(1), start(2, output="click"))), (100, (start(3, gain_db=-math.inf, duck_db=-20.0),))]
    (both,), _ = on_buses(script, 20_000, routes={}, buses=1)
    assert both[-1] == pytest.approx(1.1, abs=1e-6)


def test_ducks_on_two_outputs_act_side_by_side() -> None:
    script = [
        (0, (start(1), start(2, output="click"))),
        (100, (start(3, gain_db=-math.inf, duck_db=-20.0),)),
        (100, (start(4, gain_db=-math.inf, duck_db=-6.0, output="click"),)),
    ]
    (main, click), _ = on_buses(script, 20_000)
    assert main[-1] == pytest.approx(0.1, abs=1e-6)
    assert click[-1] == pytest.approx(10 ** (-6 / 20), abs=1e-6)


def test_level_acts_on_all_outputs_at_the_same_frames() -> None:
    script = [(0, (start(1), start(2, output="click"))), (500, (Master(0.25),))]
    (main, click), _ = on_buses(script, 1000)
    assert main[499] == 1.0
    assert main[740] == 0.25
    assert click.tolist() == main.tolist()


def test_pause_and_panic_act_on_all_outputs_at_the_same_frames() -> None:
    script = [
        (0, (start(1), start(2, output="click"))),
        (500, (Pause(),)),
        (1500, (Resume(),)),
        (3000, (Panic(DECLICK),)),
    ]
    (main, click), _ = on_buses(script, 4000)
    assert main[740:1500].tolist() == [0.0] * 760
    assert main[2000] == 1.0
    assert main[3240:].tolist() == [0.0] * 760
    assert click.tolist() == main.tolist()


def test_stop_and_enter_mean_voices_of_any_output() -> None:
    script = [
        (0, (start(1, song="a", scene=0), start(2, song="b", scene=0, output="click"))),
        (500, (Stop(Target("song", "b"), DECLICK),)),
        (1000, (Enter(1, 1, 9),)),
    ]
    (main, click), _ = on_buses(script, 6000)
    assert click[740:].tolist() == [0.0] * 5260
    assert main[999] == 1.0
    assert main[5800:].tolist() == [0.0] * 200


@pytest.mark.parametrize("block", [1, 64, 511, 4096])
def test_buses_give_the_same_bits_at_any_block_size(block: int) -> None:
    script = [
        (0, (start(1, COUNT), start(2, output="click", duck_db=-6.0), start(3, COUNT, output="click", pan=20.0))),
        (333, (Stop(Target("voice", voice=3), DECLICK), Master(0.7))),
        (900, ({"click": 0})),
        (1200, (Pause(),)),
        (1700, (Resume(),)),
    ]
    reference, _ = on_buses(script, 3000)
    heard, _ = on_buses(script, 3000, block)
    assert [bus.tobytes() for bus in heard] == [bus.tobytes() for bus in reference]


def test_what_sounds_goes_over_to_another_bus_within_5_ms_and_neither_edge_jumps() -> None:
    script = [(0, (start(1, output="click"),)), (1000, {}), (2000, ROUTES)]
    (main, click), _ = on_buses(script, 3000)
    assert click[:1000].tolist() == [1.0] * 1000
    assert main[1240:2000].tolist() == [1.0] * 760
    assert click[2240:].tolist() == [1.0] * 760
    assert np.abs(np.diff(main)).max() < 1 / 150
    assert np.abs(np.diff(click)).max() < 1 / 150
    assert main[2240:].tolist() == [0.0] * 760


def test_a_tail_stays_on_its_bus() -> None:
    (main, click), _ = on_buses([(0, (start(1, output="click"),)), (500, (Pause(),))], 1000)
    assert click[500:740].max() > 0.9
    assert main.tolist() == [0.0] * 1000


def test_the_peak_is_that_of_the_loudest_bus_and_over_names_its_bus() -> None:
    m = mixer()
    m.route(ROUTES)
    m.inbox.append((start(1, gain_db=-6.0), start(2, gain_db=6.0, output="click")))
    m.render(np.empty((256, 2), np.float32), np.empty((256, 2), np.float32))
    assert m.peak == pytest.approx((10 ** (6 / 20),) * 2)
    assert [(over.clock, over.bus) for over in m.outbox if isinstance(over, Over)] == [(0, 1)]


def test_a_start_without_an_output_means_main_and_crosses_processes() -> None:
    begun = pickle.loads(pickle.dumps(start(1, output="click")))
    assert isinstance(begun, Start)
    assert (start(1).output, begun.output) == ("main", "click")
