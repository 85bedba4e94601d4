"""Which decoder reads a file, told by what is in the file, never by its name."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from player.devices import soundfile_decode
from player.errors import AudioFileError


class Decoder(Protocol):
    """An open file at its own rate and number of channels; one thread at a time uses it."""

    rate: int
    channels: int
    names: tuple[str, ...]  # what each channel is: FL, FR, FC, LFE, BL, BR, BC, SL, SR
    frames: int  # as the file promises; one that was cut off holds fewer

    def read(self, at: int, count: int, out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Up to `count` frames from `at` as (n, channels), full scale +-1.0; fewer at the end or a break.

        They may be put in `out`, of at least as many frames, where that saves a copy.
        """

    def close(self) -> None: ...


def open_decoder(path: str) -> Decoder:
    """The decoder that reads all of `path`. Raises AudioFileError with what is wrong with the file."""
    trouble = file_trouble(path)
    if trouble:
        raise AudioFileError(path, trouble)
    first = soundfile_decode.open_file(path)
    if first is not None:
        return _with_sound(path, first)
    from player.devices import av_decode  # noqa: PLC0415  it takes as long to load as all the rest of a start

    return _with_sound(path, av_decode.open_file(path, length_told=mp3_length_told(path)))


def file_trouble(path: str) -> str | None:
    """Why `path` cannot even be looked into, as a clause ("is missing"), or None."""
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            return "is a folder, not a file"
        if not stat.S_ISREG(mode):  # to open a pipe is to wait for whoever writes to it
            return "is a device or a pipe, not a file"
        with Path(path).open("rb") as file:
            return None if file.read(1) else "is empty"
    except FileNotFoundError:
        return "is missing"
    except PermissionError:
        return "may not be read (check its permissions)"
    except (OSError, ValueError) as error:
        return f"cannot be opened ({getattr(error, 'strerror', None) or 'its name is not possible here'})"


def mp3_length_told(path: str) -> bool:
    """Whether an MP3 states its frames (Xing, Info, VBRI), and not only those of the first of several."""
    size = Path(path).stat().st_size
    with Path(path).open("rb") as file:
        start = 0
        while (head := file.read(10))[:3] == b"ID3" and len(head) == 10:
            start += 10 + _syncsafe(head[6:]) + (10 if head[5] & 0x10 else 0)
            file.seek(start)
        file.seek(start)
        head = file.read(4096).ljust(8192, b"\0")
    sync = next((i for i in range(4096) if head[i] == 0xFF and head[i + 1] & 0xE6 == 0xE2), -1)
    if sync < 0:
        return False
    mpeg1, mono = head[sync + 1] & 0x18 == 0x18, head[sync + 3] & 0xC0 == 0xC0
    tag = sync + 4 + ((17 if mono else 32) if mpeg1 else (9 if mono else 17))
    if head[sync + 36 : sync + 40] == b"VBRI":
        stated = int.from_bytes(head[sync + 46 : sync + 50], "big")
    elif head[tag : tag + 4] in (b"Xing", b"Info") and head[tag + 7] & 1:
        stated = int.from_bytes(head[tag + 12 : tag + 16], "big") if head[tag + 7] & 2 else 0
    else:
        return False
    return stated == 0 or stated > 0.9 * (size - start - sync)


def _with_sound(path: str, decoder: Decoder) -> Decoder:
    if decoder.frames > 0:
        return decoder
    decoder.close()
    raise AudioFileError(path, "holds no sound")


def _syncsafe(four: bytes) -> int:
    return (four[0] & 127) << 21 | (four[1] & 127) << 14 | (four[2] & 127) << 7 | four[3] & 127
