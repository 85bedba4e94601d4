"""A sound font of two short samples, plain or compressed, small enough to be written in a test."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import soundfile

from tests.devices.make import Sound

RATE = 48_000
TONE = 600  # frames: 6 turns of 480 Hz, the middle four of them its loop
Z = (0, 0, 0)
CLICK = 301  # frames, an odd number on purpose


def tone() -> Sound:
    return (0.5 * np.sin(2 * np.pi * 480 * np.arange(TONE) / RATE)).astype(np.float32)


def click() -> Sound:
    return (0.8 * np.exp(-np.arange(CLICK) / 50)).astype(np.float32)


def write(path: Path, *, compressed: bool, padded: bool = True) -> Path:
    """Program 0 is a looped tone, the drums are a click. `padded`: chunks of odd size have their byte."""
    samples = b""
    headers: list[tuple[int | bytes, ...]] = []
    for name, sound, loop, key in ((b"tone", tone(), (100, 500), 71), (b"click", click(), (0, 0), 60)):
        begin = len(samples) if compressed else len(samples) // 2
        samples += _vorbis(sound) if compressed else (sound * 32767).astype("<i2").tobytes() + bytes(92)
        end = len(samples) if compressed else begin + len(sound)
        base = 0 if compressed else begin
        kind = 1 | (0x10 if compressed else 0)
        headers.append((name, begin, end, base + loop[0], base + loop[1], RATE, key, 0, 0, kind))
    headers.append((b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0))

    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2 if padded else 0)

    bank: list[tuple[bytes, str, list[tuple[int | bytes, ...]]]] = [
        (b"phdr", "<20sHHHIII", [(b"Tone", 0, 0, 0, *Z), (b"Click", 0, 128, 1, *Z), (b"EOP", 0, 0, 2, *Z)]),
        (b"pbag", "<HH", [(0, 0), (1, 0), (2, 0)]),
        (b"pmod", "<HHhHH", [(0, 0, 0, 0, 0)]),
        (b"pgen", "<HH", [(41, 0), (41, 1), (0, 0)]),  # 41: the instrument
        (b"inst", "<20sH", [(b"Tone", 0), (b"Click", 1), (b"EOI", 2)]),
        (b"ibag", "<HH", [(0, 0), (2, 0), (3, 0)]),
        (b"imod", "<HHhHH", [(0, 0, 0, 0, 0)]),
        (b"igen", "<HH", [(54, 1), (53, 0), (53, 1), (0, 0)]),  # 54: looped, 53: the sample
        (b"shdr", "<20sIIIIIBbHH", headers),
    ]
    tables = b""
    for name, form, rows in bank:
        tables += chunk(name, b"".join(struct.pack(form, *row) for row in rows))
    version = struct.pack("<HH", 3 if compressed else 2, 1)
    info = chunk(b"ifil", version) + chunk(b"isng", b"EMU8000\0") + chunk(b"INAM", b"Tests\0")
    body = b"sfbk" + chunk(b"LIST", b"INFO" + info)
    body += chunk(b"LIST", b"sdta" + chunk(b"smpl", samples)) + chunk(b"LIST", b"pdta" + tables)
    path.write_bytes(chunk(b"RIFF", body))
    return path


def _vorbis(sound: Sound) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, sound, RATE, format="OGG", subtype="VORBIS", compression_level=0.0)
    return out.getvalue()
