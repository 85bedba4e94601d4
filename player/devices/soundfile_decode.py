"""WAV, AIFF, CAF, FLAC, Ogg Vorbis and Opus through libsndfile. The only importer of soundfile.

libsndfile also reads MP3, but it cuts those without a length in their header and seeks wrongly in those of
variable bit rate, so MP3 goes elsewhere.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import cast

import numpy as np
import soundfile
from numpy.typing import NDArray

from player.errors import AudioFileError

_MAGIC = (b"RIFF", b"RIFX", b"RF64", b"riff", b"FORM", b"caff", b"fLaC", b"OggS", b".snd")
_OGG_SETTLE = 8_192  # a Vorbis block overlaps the one before it: libsndfile forgets that after a seek
_OGG_PACKET = 8_192  # frames; Opus goes up to 5760, Vorbis up to 4096
_SKIP = 65_536
_UNKNOWN_LENGTH = 1 << 48  # libsndfile's count for a stream of unknown length is near 2^63
_SAMPLE_BYTES = {"PCM_U8": 1, "PCM_S8": 1, "PCM_16": 2, "PCM_24": 3, "PCM_32": 4, "FLOAT": 4, "DOUBLE": 8}

# Formats whose samples lie in the file as they are, and how to read whole ones: libsndfile takes ten times as
# long to make them float32, with the same result.
_PLAIN = {"WAV", "WAVEX", "RF64", "AIFF"}
_WHOLE = {"PCM_16": ("int16", 2.0**-15), "PCM_24": ("int32", 2.0**-31), "PCM_32": ("int32", 2.0**-31)}

# Order of channels by their number, in files that follow WAVEFORMATEXTENSIBLE and in those that follow
# Vorbis.
_WAVE_ORDER = {
    1: "FC",
    2: "FL FR",
    3: "FL FR FC",
    4: "FL FR BL BR",
    5: "FL FR FC BL BR",
    6: "FL FR FC LFE BL BR",
    7: "FL FR FC LFE BC SL SR",
    8: "FL FR FC LFE BL BR SL SR",
}
_VORBIS_ORDER = _WAVE_ORDER | {
    3: "FL FC FR",
    5: "FL FC FR BL BR",
    6: "FL FC FR BL BR LFE",
    7: "FL FC FR SL SR BC LFE",
    8: "FL FC FR SL SR BL BR LFE",
}


class SoundFileDecoder:
    """One open file at its own rate. Any `at` may be read; reads that follow one another need no seek."""

    def __init__(self, path: str, file: soundfile.SoundFile) -> None:
        self._path = path
        self._file = file
        self._at = 0
        self._there = int(file.frames)
        self._whole = _WHOLE.get(file.subtype) if file.format in _PLAIN else None
        self.rate = int(file.samplerate)
        self.channels = int(file.channels)
        order = _VORBIS_ORDER if file.format == "OGG" else _WAVE_ORDER
        self.names = tuple(order.get(self.channels, "FL FR").split())
        self._last_landing = _ogg_last_landing(path) if file.format == "OGG" else self._there
        self._settle = _OGG_SETTLE if file.format == "OGG" else 0
        # libsndfile garbles the rest of an Opus file once a read stops inside its last packet, so the
        # ending of any Ogg file, a packet of the largest size, is read at once and kept.
        self._last_stop = max(0, self._there - _OGG_PACKET) if file.format == "OGG" else self._there
        self._ending: NDArray[np.float32] | None = None
        self.frames = max(self._there, self._promised())
        self._raw: NDArray[np.int16 | np.int32] = np.empty((0, self.channels), self._whole[0] if self._whole else "i2")

    def _promised(self) -> int:
        """The frames a WAV's header speaks of, which are more than there are where it was cut off."""
        size = _SAMPLE_BYTES.get(self._file.subtype)
        if self._file.format not in ("WAV", "WAVEX") or size is None:
            return 0
        return _wav_data_bytes(self._path) // (size * self.channels)

    def read(self, at: int, count: int, out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Up to `count` frames from `at` as float32 (n, channels), in `out` if that can be; fewer only at the end
        or at a break.
        """
        end = min(at + max(0, count), self._there)
        block = self._read(at, min(end, self._last_stop), out)
        if end <= self._last_stop or at + len(block) < self._last_stop:
            return block
        if self._ending is None:
            self._ending = self._read(self._last_stop, self._there)
        ending = self._ending[max(0, at - self._last_stop) : end - self._last_stop]
        return np.concatenate([block, ending])

    def _read(self, at: int, end: int, out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        if end <= at or (at != self._at and not self._seek(at)):
            return np.zeros((0, self.channels), np.float32)
        block = self._take(end - at, out)
        self._at = at + len(block)
        return block

    def _seek(self, at: int) -> bool:
        """Stand at `at`; False where the file breaks before it."""
        start = max(0, min(at, self._last_landing) - self._settle)
        try:
            self._file.seek(start)
        except soundfile.SoundFileError:  # damage spoils the search, and what is read after it
            self._file.close()
            try:
                self._file = soundfile.SoundFile(self._path)
            except (soundfile.SoundFileError, OSError):
                return False
            start = 0
        while start < at and (skipped := len(self._take(min(at - start, _SKIP)))):
            start += skipped
        return start == at

    def _take(self, count: int, out: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """The next frames, up to damage: libsndfile then fails, having delivered what came before."""
        if self._whole is not None:
            if len(self._raw) < count:
                self._raw = np.empty((count, self.channels), self._raw.dtype)
            whole = self._file.read(out=self._raw[:count])
            into = None if out is None else out[: len(whole)]
            block: NDArray[np.float32] = np.multiply(whole, np.float32(self._whole[1]), into, dtype=np.float32)
            return block
        block = np.full((count, self.channels), np.nan, np.float32)
        try:
            return cast("NDArray[np.float32]", self._file.read(dtype="float32", always_2d=True, out=block))
        except soundfile.SoundFileError:
            filled = ~np.isnan(block[:, 0])
            return block[: count if filled.all() else int(np.argmin(filled))]

    def close(self) -> None:
        self._file.close()


def open_file(path: str) -> SoundFileDecoder | None:
    """The decoder for `path`, or None where libsndfile cannot tell what it is or how long."""
    with Path(path).open("rb") as start:
        if start.read(4) not in _MAGIC:  # anything else it would search for MP3, aloud
            return None
    try:
        file = soundfile.SoundFile(path)
    except (soundfile.SoundFileError, OSError, TypeError, ValueError):
        return None
    if not 0 <= file.frames < _UNKNOWN_LENGTH or file.samplerate < 1:
        file.close()
        return None
    return SoundFileDecoder(path, file)


def decode_bytes(data: bytes, what: str) -> NDArray[np.float32]:
    """A whole small file from memory as float32 (n, channels). Raises AudioFileError naming `what`."""
    try:
        block: NDArray[np.float32] = soundfile.read(BytesIO(data), dtype="float32", always_2d=True)[0]
    except (soundfile.SoundFileError, OSError) as trouble:
        raise AudioFileError(what, "does not decode") from trouble
    return block


def _wav_data_bytes(path: str) -> int:
    """The size a RIFF WAV gives for its data; 0 where it is unknown (a stream's 0xFFFFFFFF) or not RIFF."""
    with Path(path).open("rb") as file:
        if file.read(4) != b"RIFF":
            return 0
        file.seek(12)
        while len(head := file.read(8)) == 8:
            size = int.from_bytes(head[4:], "little")
            if head[:4] == b"data":
                return size if size < 0xFFFF_F000 else 0
            file.seek(size + size % 2, 1)
    return 0


def _ogg_last_landing(path: str) -> int:
    """The frame at which the last page of an Ogg file begins.

    A page's place is told by its end, and the last one's end is cut to the length of the music: who seeks
    into it lands off by what was cut. Reading must come from the page before.
    """
    with Path(path).open("rb") as file:
        file.seek(max(0, file.seek(0, 2) - 2 * 65_307))  # two pages of the largest size
        tail = file.read()
    last = tail.rfind(b"OggS")
    before = tail.rfind(b"OggS", 0, max(0, last))
    end = int.from_bytes(tail[before + 6 : before + 14], "little", signed=True) if before >= 0 else 0
    return max(0, end)
