"""Sixteen parts at 200 notes a second: how much of a core a MIDI cue takes while it plays.

A MIDI cue is rendered ahead of the voice on a thread of its own, so none of this falls into a block of the mixer.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

import mido
import numpy as np

from player.devices.sources import open_source
from player.engine import RATE
from player.engine.source import SourceSpec
from scripts._bench.report import Others, say, verdict

NEEDS: Final = ()
GOAL: Final = 30.0  # per cent of a core
SECONDS: Final = 30
NOTES: Final = 200  # a second
PARTS: Final = 16
CHUNK: Final = 8192  # frames read at a time, as a feed does
SEEKS: Final = 10


def run() -> None:
    """Print the share of a core, and how long a seek takes."""
    with tempfile.TemporaryDirectory() as folder:
        spec = SourceSpec("midi", str(_dense(Path(folder) / "dense.mid")))
        source, out = open_source(spec), np.empty((CHUNK, 2), np.float32)
        others = Others()
        shares = [_share(source.read, at, out) for at in range(0, SECONDS * RATE, CHUNK)]
        chance, seeks = random.Random(1), []
        for _ in range(SEEKS):
            began = time.perf_counter()
            source.read(chance.randrange(SECONDS * RATE), out)
            seeks.append(1000 * (time.perf_counter() - began))
        source.close()
    mean = statistics.fmean(shares)
    say("midi", f"{PARTS} parts, {NOTES} notes a second: {mean:.1f} % of a core, {verdict(mean, GOAL, ' %')}")
    say("", f"a chunk of {CHUNK} frames: at worst {max(shares):.0f} % of its time; {100 / mean:.1f} x real time")
    say("", f"a seek: median {statistics.median(seeks):.0f} ms, at worst {max(seeks):.0f} ms")
    say("", f"{SECONDS} s, processor time of the reading thread for the shares; {others}")


def _share(read: object, at: int, out: np.ndarray) -> float:
    began = time.thread_time()
    read(at, out)  # type: ignore[operator]
    return 100 * (time.thread_time() - began) * RATE / CHUNK


def _dense(path: Path) -> Path:
    """Notes of 0.05 to 0.9 s, part after part, with a controller to every fourth."""
    chance = random.Random(1)
    events = [
        (0, mido.Message("program_change", channel=channel, program=chance.randrange(120))) for channel in range(PARTS)
    ]
    for i in range(SECONDS * NOTES):
        at, channel, pitch = i * 1000 // NOTES, i % PARTS, chance.randrange(36, 90)
        events.append((at, mido.Message("note_on", channel=channel, note=pitch, velocity=chance.randrange(40, 120))))
        events.append((at + chance.randrange(50, 900), mido.Message("note_off", channel=channel, note=pitch)))
        if i % 4 == 0:
            level = chance.randrange(60, 127)
            events.append((at, mido.Message("control_change", channel=channel, control=11, value=level)))
    file, track, now = mido.MidiFile(ticks_per_beat=500), mido.MidiTrack(), 0
    for at, message in sorted(events, key=lambda event: event[0]):
        track.append(message.copy(time=at - now))
        now = at
    file.tracks.append(track)
    file.save(path)
    return path
