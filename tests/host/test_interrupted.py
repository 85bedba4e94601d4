"""A run that everything of is killed, and the next start. Real processes, no device."""

from __future__ import annotations

import os
import re
import signal
import time

from tests.host.test_process import PATIENCE, become, engines, linux, start, world  # noqa: F401  (fixtures)


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
    was = seconds(first.hear("state"))
    kill_all(world, first)
    assert become(world, 0)

    second = start()
    assert re.search(r"resume: A was at 0:1[4-7]; type resume", second.hear("resume"))
    second.say("state")
    assert re.search(r"standby 2 two .*silent; level -6 dB", second.hear("state"))
    second.say("resume")
    line, until = "", time.monotonic() + PATIENCE
    while "plays a" not in line and time.monotonic() < until:
        second.say("state")
        line = second.hear("state")
    now = seconds(line)
    assert was - 3 < now < was + 3
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
    first.say("go")
    first.hear("plays a")
    first.say("wait 1500ms")
    first.say("state")
    first.hear("state")
    kill_all(world, first)
    second = start()
    second.hear("resume: A was at")
    second.say("go")
    second.hear("plays b")
    second.say("resume")
    second.say("state")
    assert "plays b" in second.hear("state")
    assert second.quit() == 0
