"""From the key to the sound, the next cue each time, beside a bare C program, pygame.mixer and Linux Show Player.

Out of silence, at the buffer that everybody has and at the small one, and while a song goes on all the time.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import Final

from scripts._bench import linux_show_player, material
from scripts._bench.report import Others, p99, say, spread, verdict
from scripts._bench.sound import Recorder, onsets
from scripts._bench.stage import Stage, compiled, film, peer, player, stage, tone
from scripts._bench.system import COMPILER, STAGE, missing

NEEDS: Final = STAGE
MEDIAN: Final = 15.0  # milliseconds
WORST: Final = 35.0
LOW_MEDIAN: Final = 9.0
LOW_MOST: Final = 13.0  # for 99 of 100
KEYS: Final = 200
ROUNDS: Final = 4  # each program is started anew for each, so that all meet the same weather
GAP: Final = 0.75  # seconds from key to key, a little more by chance
FLOOR_MS: Final = 5  # the buffer of the bare C program
FILES: Final = 8
OVER: Final = "over a song"
BED: Final = "-60 dB"  # of the song that goes on: it counts for no sound


def run() -> None:
    """Print the time from key to sound: ours, the bare C program's, pygame.mixer's."""
    lacking = missing(COMPILER)
    with stage() as here:
        files = [tone(here.folder / f"tone-{i}.wav", 0.3, 1000) for i in range(FILES)]
        timeline = film(here.folder / "film.yaml", files, KEYS + 1)
        bed = tone(here.folder / "bed.wav", 2 * KEYS // ROUNDS, 440)
        scenes = [[f"{{song: s{FILES}, until: end, gain: {BED}}}"], *([f"{{song: s{i % FILES}}}"] for i in range(KEYS))]
        over = material.film(here.folder / "over.yaml", [*files, bed], scenes)
        programs: dict[str, Callable[[int], list[str]]] = {
            "ours": lambda scene: player(timeline, "--from", f"scene-{scene}"),
            "low": lambda scene: ["env", "NEEDLEDROP_BUFFER=low", *player(timeline, "--from", f"scene-{scene}")],
            OVER: lambda scene: player(over, "--from", "scene-0"),
            "pygame.mixer": lambda scene: peer("mixer", "1280", "720", *map(str, files)),
        }
        if not lacking:
            floor = compiled(here.folder)
            programs["floor"] = lambda scene: [floor, "key", str(FLOOR_MS)]
        if linux_show_player.is_there():
            session = linux_show_player.session(here.folder / "show.lsp", files, KEYS + 1)
            programs["Linux Show Player"] = lambda scene: linux_show_player.command(session)
        others, layer = Others(here.spent), ""
        taken: dict[str, list[float]] = {name: [] for name in programs}
        for i in range(ROUNDS):
            for name, command in programs.items():
                found, streams = _delays(here, command(i * KEYS // ROUNDS), KEYS // ROUNDS, first=name == OVER)
                taken[name] += found
                layer = streams if name == "ours" else layer
        meanwhile = str(others)
    ours = taken["ours"]
    middle, worst = statistics.median(ours), max(ours)
    say("go", f"key to sound, next cue each time: {spread(ours)} ms, {len(ours)} of {KEYS} heard")
    say("", f"median {verdict(middle, MEDIAN, ' ms')}; worst {verdict(worst, WORST, ' ms')}; layer: {layer}")
    low = taken["low"]
    say("", f"with the buffer `low`: {spread(low)} ms, {len(low)} of {KEYS} heard")
    middle, most = statistics.median(low), p99(low)
    say("", f"median {verdict(middle, LOW_MEDIAN, ' ms')}; p99 {verdict(most, LOW_MOST, ' ms')}")
    say("", f"{OVER}: {spread(taken[OVER])} ms, {len(taken[OVER])} of {KEYS} heard")
    if lacking:
        say("", f"the bare C program is left out: needs {lacking}")
    else:
        say("", f"bare C program, buffer of {FLOOR_MS} ms: {spread(taken['floor'])} ms")
    say("", f"pygame.mixer, 512 frames: {spread(taken['pygame.mixer'])} ms")
    if (theirs := taken.get("Linux Show Player")) is None:
        say("", linux_show_player.ABSENT)
    elif theirs:
        say(
            "",
            f"Linux Show Player: {spread(theirs)} ms, {len(theirs)} of {KEYS} heard; with the first key after a start",
        )
    else:
        say("", f"Linux Show Player: none of {KEYS} keys was heard")
    say("", f"medians (lowest to highest) of {KEYS}, in {ROUNDS} turns; {meanwhile}")


def _delays(here: Stage, command: list[str], keys: int, *, first: bool = False) -> tuple[list[float], str]:
    """Milliseconds from each key to its sound, and what the sound server says of the program's stream.

    first: a key before these brings the song that goes on.
    """
    chance = random.Random(1)
    pressed = []
    with here.program(command) as program:
        here.screen.wait_for_window(program.process)
        program.settle()
        time.sleep(1)
        if first:
            here.screen.press("space")
            time.sleep(1)
        recorder = Recorder(here.sound, "stage")
        for _ in range(keys):
            pressed.append(here.screen.press("space"))
            time.sleep(GAP + 0.1 * chance.random())
        streams = _layer(here.sound.streams())
    sound, heard = recorder.stop()
    return matched(pressed, [heard(frame) for frame in onsets(sound)]), streams


def matched(keys: list[float], sounds: list[float]) -> list[float]:
    """For each key the delay in milliseconds of the first sound between it and the next key, if there was one."""
    ends = [*keys[1:], float("inf")]
    pairs = (
        next((sound for sound in sounds if key - 0.003 <= sound < end), None)
        for key, end in zip(keys, ends, strict=True)
    )
    return [1000 * (sound - key) for key, sound in zip(keys, pairs, strict=True) if sound is not None]


def _layer(streams: str) -> str:
    """The stream's own words about itself that tell its layer and how much is queued."""
    wanted = ("application.name", "Buffer Latency", "Sink Latency")
    found = [line.strip().replace(" = ", " ").replace('"', "") for line in streams.splitlines()]
    return ", ".join(line for line in found if line.startswith(wanted))
