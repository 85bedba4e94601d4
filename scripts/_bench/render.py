"""Eight recordings of three minutes into one 24-bit WAV, beside ffmpeg's amix: whole processes, from start to end."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import Final

import numpy as np

from player.engine import RATE
from scripts._bench.report import Others, interleaved, say, spread

NEEDS: Final = ("ffmpeg",)
GOAL: Final = 1.5  # times as fast
FILES: Final = 8
SECONDS: Final = 180
RUNS: Final = 5


def run() -> None:
    """Print what a render takes, ours and ffmpeg's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [_recording(folder / f"stem-{i}.wav", i) for i in range(FILES)]
        film = folder / "film.yaml"
        film.write_text(_film(files), encoding="utf-8")
        ours = [sys.executable, "-m", "player", "render", str(film), "-o", str(folder / "ours.wav")]
        theirs = ["ffmpeg", "-v", "error", "-y"]
        for file in files:
            theirs += ["-i", str(file)]
        theirs += ["-filter_complex", f"amix=inputs={FILES}:normalize=0", "-c:a", "pcm_s24le"]
        theirs += [str(folder / "theirs.wav")]
        others = Others()
        taken, peer = interleaved(RUNS, lambda: _timed(ours), lambda: _timed(theirs))
        meanwhile = str(others)
        apart = _difference(folder / "ours.wav", folder / "theirs.wav")
    ratio = statistics.median(peer) / statistics.median(taken)
    least = min(peer) / min(taken)
    met = "met" if ratio >= GOAL else "MISSED"
    say("render", f"{FILES} stereo WAVs of {SECONDS} s, mixed to 24 bit: {spread(taken, 2)} s")
    say("", f"ffmpeg amix: {spread(peer, 2)} s; samples differ by at most {apart} of 2^23")
    say("", f"{ratio:.2f} times as fast, best against best {least:.2f} (goal at least {GOAL:g}: {met})")
    say("", f"medians (lowest to highest) of {RUNS}, interleaved; {meanwhile}")


def _recording(path: Path, number: int) -> Path:
    """A tone with some noise, 16 bit stereo, quiet enough for eight of them to fit."""
    rng = np.random.default_rng(number)
    n = SECONDS * RATE
    tone = 2_000 * np.sin(np.arange(n) * (2 * np.pi * (110 + 37 * number) / RATE))
    sound = (tone[:, None] + rng.integers(-500, 500, (n, 2))).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, RATE, n, "NONE", ""))
        file.writeframes(sound.tobytes())
    return path


def _film(files: list[Path]) -> str:
    lines = ["needledrop: 1", "songs:"]
    for i, file in enumerate(files):
        lines.append(f"  stem-{i}: {{title: Stem {i}, media: {file.name}}}")
    lines += ["scenes:", "  - id: all-at-once", "    title: All at once", "    cues:"]
    for i in range(len(files)):
        lines.append(f"      - {{song: stem-{i}, until: end{', then: continue' if i + 1 < len(files) else ''}}}")
    return "\n".join(lines) + "\n"


def _timed(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def _difference(one: Path, other: Path) -> int:
    """The largest difference of two 24-bit files, in steps of 24 bits: both must have mixed the same."""
    pair = [_samples(path) for path in (one, other)]
    if len(pair[0]) != len(pair[1]):
        return 1 << 23
    return int(np.abs(pair[0] - pair[1]).max())


def _samples(path: Path) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    raw = path.read_bytes()
    raw = raw[raw.index(b"data") + 8 :]
    wide = np.zeros((len(raw) // 3, 4), np.uint8)
    wide[:, 1:] = np.frombuffer(raw, np.uint8, len(wide) * 3).reshape(-1, 3)
    return wide.view("<i4").reshape(-1) >> 8
