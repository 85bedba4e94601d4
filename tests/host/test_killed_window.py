"""A window that is killed at any moment: the engine plays on, and the next start knows it all. No device is needed."""

from __future__ import annotations

import os
import random
import re
import time

import pytest

from tests.conftest import LONG
from tests.host.test_process import Player, engines, linux, start, world  # noqa: F401  (fixtures)

KILLS = 100 if LONG in os.environ else 3
STRAY = 0.3  # seconds, in which the answer is on its way too
SCENES = 400


@pytest.fixture
def long_film(world):  # noqa: F811
    """Scenes that play one long silent song after another; each brings a second cue by itself a little later."""
    songs = "".join(f"  s{n}: {{title: S{n}, length: 90:00}}\n" for n in range(3))
    scenes = "".join(
        f"- {{id: c{n}, title: C, cues: [{{song: s{n % 3}, then: continue, post-wait: 150ms}}, {{say: hush}}]}}\n"
        for n in range(SCENES)
    )
    (world[0] / "show.yaml").write_text(f"needledrop: 1\nsongs:\n{songs}scenes:\n{scenes}")


def told(player: Player) -> tuple[int, str, float, str]:
    """What a player says of its state: standby, the song that sounds last, the clock, and the line."""
    player.say("state")
    line = player.hear("; level ")
    clock = re.match(r"(\d+):(\d+):([\d.]+) ", line)
    standby = re.search(r"standby (\d+|end)", line)[1]
    hours, minutes, rest = map(float, clock.groups())
    return int(standby), re.findall(r"(s\d) \"S\d\" ", line)[-1], 3600 * hours + 60 * minutes + rest, line


@linux
def test_whatever_moment_a_window_is_killed_at_the_next_start_goes_on_with_it(world, start, long_film):  # noqa: F811
    rng = random.Random(9)
    player = start()
    player.say("go")
    player.hear("plays s0")
    (engine,) = engines(world)
    standby, _, clock, _ = told(player)
    began = time.monotonic()
    for _ in range(KILLS):
        time.sleep(rng.choice((0.0, 0.3, 0.6)))
        pressed = rng.random() < 0.7
        if pressed:
            player.say("go")
            time.sleep(rng.choice((0.0, 0.002, 0.01, 0.05)))
        player.process.kill()
        player.process.wait()
        player = start()
        player.hear("in silence")  # the engine has answered
        took, song, now, line = told(player)
        assert engines(world) == [engine]
        assert took in ((standby, standby + 1) if pressed else (standby,))
        assert song == f"s{(took - 2) % 3}", line
        assert now - clock == pytest.approx(time.monotonic() - began, abs=STRAY)
        standby = took
    player.say("go")
    player.hear(f"plays s{(standby - 1) % 3}")
    assert player.quit() == 0
