"""A run that everything of is killed, and the next start. Real processes, no device."""

from __future__ import annotations

import os
import random
import re
import signal
import time

import pytest

from player.engine import RATE
from player.interrupted import Keeper
from tests.conftest import LONG
from tests.host.test_process import (  # noqa: F401  (fixtures)
    PATIENCE,
    become,
    engines,
    in_a_song,
    linux,
    stamped,
    start,
    taken_up,
    world,
)

LOST = 2.0  # seconds


def kill_all(world, player) -> None:  # noqa: F811
    player.process.kill()
    for engine in engines(world):
        os.kill(engine, signal.SIGKILL)
    player.process.wait(PATIENCE)


def seconds(line: str) -> float:
    """Where the song in a state line stands."""
    minutes, rest = re.search(r" at (\d+):([\d.]+) of", line).groups()
    return 60 * int(minutes) + float(rest)


@linux
def test_after_everything_was_killed_the_next_start_offers_to_go_on_there(world, start):  # noqa: F811
    world[1]["XDG_STATE_HOME"] = str(world[0] / "state")
    first = start()
    first.say("level -6 dB")
    first.say("go")
    first.hear("plays a")
    for line in ("seek 14s", "wait 2500ms", "state"):
        first.say(line)
    first.hear("state")
    begin = time.monotonic()
    first.say("state")
    before = first.hear("state")
    was = seconds(before)
    kill_all(world, first)
    assert become(world, 0)
    late = time.monotonic() - begin  # so much longer it may have sounded

    second = start()
    told = re.search(r"resume: A was at 0:(\d\d); type resume", second.hear("resume"))
    assert was - LOST - 1 < int(told[1]) < was + late
    second.say("state")
    assert re.search(r"standby 2 two .*silent; level -6 dB", second.hear("state"))
    begin = time.monotonic()
    line = taken_up(second)
    late += time.monotonic() - begin
    assert was - LOST < seconds(line) < was + late
    assert seconds(line) - stamped(line) == pytest.approx(seconds(before) - stamped(before), abs=0.01)
    second.say("go")
    second.hear("fades a")
    second.hear("plays b")
    assert second.quit() == 0

    third = start()
    third.say("state")
    assert "standby 1 one" in third.hear("state")
    assert third.quit() == 0


@linux
def test_a_go_declines_what_is_offered(world, start):  # noqa: F811
    world[1]["XDG_STATE_HOME"] = str(world[0] / "state")
    first = start()
    in_a_song(first)
    kill_all(world, first)
    second = start()
    second.hear("resume: A was at")
    second.say("go")
    second.hear("plays b")
    second.say("resume")
    second.say("state")
    assert "plays b" in second.hear("state")
    assert second.quit() == 0


@linux
def test_at_whatever_moment_all_is_killed_little_of_the_song_is_lost(world, start):  # noqa: F811
    chance = random.Random(2)
    world[1]["XDG_STATE_HOME"] = str(world[0] / "state")
    lost = []
    for _ in range(20 if LONG in os.environ else 2):
        player = start()
        player.hear("in silence")  # the engine has answered
        player.say("go")
        player.hear('plays a "A"')
        asked = time.monotonic()
        player.say("state")
        clock, heard = stamped(player.hear("state running")), time.monotonic()
        time.sleep(chance.uniform(0.0, 3.5))
        least = clock + time.monotonic() - heard
        kill_all(world, player)
        most = clock + time.monotonic() - asked
        (file,) = (world[0] / "state").rglob("*.run")
        keeper = Keeper(file.parent, str((world[0] / "show.yaml").resolve()))
        assert keeper.found is not None
        kept = keeper.found.clock / RATE
        keeper.close(forget=True)
        lost.append(least - kept)
        assert least - LOST < kept < most + 0.1
        assert become(world, 0)
    print(f"lost: {sorted(round(each, 2) for each in lost)} s")
