"""What the engine's process holds of a film of 50 cues: once a GO is possible, and when the film was gone through.

Four cues of five are recordings, in four formats, each fifth is a piece of MIDI.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import psutil

from scripts._bench.material import film, pieces, recording
from scripts._bench.report import say, verdict
from scripts._bench.stage import Stage, stage
from scripts._bench.system import STAGE

NEEDS: Final = STAGE
GOAL: Final = 120.0  # MiB
CUES: Final = 50
ROUNDS: Final = 4  # through the film
GAP: Final = 0.4  # seconds from GO to GO
RECORDINGS: Final = 8
KINDS: Final = ("wav", "flac", "ogg", "mp3")
SONG: Final = 60  # seconds
REST: Final = 3.0
MOST: Final = 6  # kinds of memory that are named
OF: Final = (  # what a mapping is, by its path; the first that fits
    ("av", r"/av[./]|/libav|/libsw"),
    ("numpy", r"/numpy[./]"),
    ("the sound font", r"\.sf[23]$"),
    ("FluidSynth", r"fluidsynth"),
    ("decoding besides", r"soundfile|sndfile|soxr|miniaudio|portaudio|pulse|/libFLAC|/libvorbis|/libopus|/libmp3lame"),
    ("Python", r"python"),
    ("heaps", r"^(\[.*\])?$"),
    ("other libraries", r"\.so"),
)

Parts = dict[str, tuple[float, float]]


def run() -> None:
    """Print resident memory and the process's own, at three moments, and what the last is made of."""
    with stage() as here:
        seen = list(_sizes(here, film_of(here.folder)))
    for i, (moment, resident, own, _) in enumerate(seen):
        met = verdict(resident, GOAL, " MiB")
        say("" if i else "memory", f"{moment}: {resident:.1f} MiB resident ({met}), {own:.1f} of its own")
    parts = sorted(seen[1][3].items(), key=lambda entry: -entry[1][0])
    words = ", ".join(f"{name} {resident:.1f} ({own:.1f})" for name, (resident, own) in parts[:MOST])
    say("", f"the second is made of: {words}")
    say(
        "",
        f"the engine's process, a film of {CUES} cues, each fifth MIDI, text mode; own: what no other process shares",
    )


def film_of(folder: Path) -> Path:
    """The film that is gone through."""
    songs = [
        recording(folder / f"song-{i}.{KINDS[i % len(KINDS)]}", SONG, 110 * 2 ** (i / 4)) for i in range(RECORDINGS)
    ]
    found = pieces(CUES // 5)
    cues = [
        f"{{song: s{len(songs) + i // 5 % len(found) if i % 5 == 4 else i % len(songs)}, gain: -12 dB}}"
        for i in range(CUES)
    ]
    return film(folder / "memory.yaml", [*songs, *found], [[cue] for cue in cues])


def _sizes(here: Stage, timeline: Path) -> Iterator[tuple[str, float, float, Parts]]:
    program = subprocess.Popen(
        [sys.executable, "-m", "player", "play", "--text", str(timeline)],
        env={**os.environ, **here.environment("stage")}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert program.stdin is not None
    assert program.stdout is not None
    with program:
        try:
            _heard(program, "standby")
            time.sleep(REST)
            engine = _engine(program.pid)
            yield "ready for GO", *_size(engine)
            worst = (0.0, 0.0, Parts())
            for turn in range(ROUNDS * CUES):
                _tell(program, *(["standby scene-0"] if turn % CUES == 0 else []), "go")
                _heard(program, " plays ")
                time.sleep(GAP)
                now = _size(engine)
                worst = max(worst, now, key=lambda size: size[0])
            yield f"the most in {ROUNDS * CUES} GOs, {GAP} s apart", *worst
            _tell(program, "stop")
            time.sleep(REST)
            yield "silent after that", *_size(engine)
            _tell(program, "quit")
        finally:
            program.stdin.close()


def _tell(program: subprocess.Popen[str], *lines: str) -> None:
    assert program.stdin is not None
    program.stdin.write("".join(f"{line}\n" for line in lines))
    program.stdin.flush()


def _heard(program: subprocess.Popen[str], words: str) -> None:
    assert program.stdout is not None
    if not any(words in line for line in program.stdout):
        raise RuntimeError(f"the player never said {words.strip()!r}")


def _engine(window: int) -> psutil.Process:
    for child in psutil.Process(window).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "player.host.process" in child.cmdline():
                return child
    raise RuntimeError("the player has no engine")


def _size(process: psutil.Process) -> tuple[float, float, Parts]:
    """Resident, of its own, and what it is made of, in MiB."""
    memory = process.memory_full_info()
    maps = {} if not hasattr(process, "memory_maps") else _maps(process)
    return memory.rss / 2**20, memory.uss / 2**20, made_of(maps)


def _maps(process: psutil.Process) -> dict[str, tuple[int, int]]:
    """By path: bytes that are resident, and those that no other process shares. Only Linux tells."""
    found = {}
    for each in process.memory_maps():
        found[each.path] = each.rss, getattr(each, "private_clean", 0) + getattr(each, "private_dirty", 0)
    return found


def made_of(maps: Mapping[str, tuple[int, int]]) -> Parts:
    """Mapped memory by what it is for, in MiB: resident, and of the process's own."""
    found: Parts = {}
    for path, (resident, own) in maps.items():
        name = next((name for name, like in OF if re.search(like, path)), "the rest")
        before = found.get(name, (0.0, 0.0))
        found[name] = before[0] + resident / 2**20, before[1] + own / 2**20
    return found
