"""Recordings and MIDI files that are as bad as they come, and a few good ones beside them."""

from __future__ import annotations

import struct
import wave
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import soundfile

RATE = 48_000


def ramp(frames: int, step: int = 7) -> np.ndarray:
    """Stereo sound in which every frame tells its place, int16 (frames, 2), never 0."""
    left = 1 + (np.arange(frames) * step) % 16_000
    return np.stack([left, -left], 1).astype("<i2")


def write_wav(path: Path, sound: np.ndarray) -> Path:
    """`sound`, int16 (frames, 2), at 48 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.tobytes())
    return path


def read_record(path: Path) -> np.ndarray:
    """What was recorded, in the units of `ramp`."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == RATE
    return sound * 32_768


def midi(track: bytes, *, tracks: int = 1, division: int = 96) -> bytes:
    """A file of format 0 with one track, or what a header says of it."""
    head = b"MThd" + struct.pack(">IHHH", 6, 0, tracks, division)
    return head + b"MTrk" + struct.pack(">I", len(track)) + track


def notes(count: int) -> bytes:
    """So many notes of a beat each; at the usual 120 beats a minute, half a second."""
    return b"".join(bytes([0, 0x90, 60 + i % 12, 100, 0x60, 0x80, 60 + i % 12, 0]) for i in range(count))


END = b"\x00\xff\x2f\x00"
GOOD_MIDI = midi(notes(4) + END)


def fill(folder: Path) -> Path:
    """Write everything; returns the folder."""
    fine = write_wav(folder / "fine.wav", ramp(RATE))  # one second
    whole = write_wav(folder / "cut.wav", ramp(2 * RATE)).read_bytes()
    (folder / "cut.wav").write_bytes(whole[: 44 + RATE * 4])  # says two seconds, holds one
    (folder / "empty.wav").write_bytes(b"")
    (folder / "noise.wav").write_bytes(np.random.default_rng(1).bytes(4000))
    (folder / "letter.mp3").write_text("Dear Sir or Madam,\nhere is the recording.\n")
    (folder / "header.wav").write_bytes(fine.read_bytes()[:20])
    (folder / "folder.wav").mkdir()
    (folder / "good.mid").write_bytes(GOOD_MIDI)
    (folder / "truncated.mid").write_bytes(GOOD_MIDI[: len(GOOD_MIDI) * 2 // 3])
    (folder / "stub.mid").write_bytes(GOOD_MIDI[:11])
    (folder / "wrong.mid").write_bytes(b"RTFM" + GOOD_MIDI[4:])
    (folder / "no-notes.mid").write_bytes(midi(END))
    (folder / "empty.mid").write_bytes(b"")
    return folder


def show(folder: Path, songs: Iterable[str], name: str = "show.yaml", scenes: str = "") -> Path:
    """A timeline with a scene for each song; a song is `id: file` or `id: {...}`. `scenes` in place of those."""
    lines = ["needledrop: 1", "film: {title: A Film}", "songs:"]
    ids = []
    for song in songs:
        key, _, what = song.partition(": ")
        ids.append(key)
        body = what if what.startswith("{") else f"{{title: The {key} song, media: {what}, length: 0:02}}"
        lines.append(f"  {key}: {body}")
    lines.append("scenes:")
    lines += [f"  - {{id: s-{key}, title: Scene {key}, cues: [{{song: {key}}}]}}" for key in ids if not scenes]
    path = folder / name
    path.write_text("\n".join(lines) + "\n" + scenes, encoding="utf-8")
    return path
