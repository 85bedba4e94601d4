"""The sound font as FluidSynth plays it truest: an SF2 with plain samples, made once from the bundled SF3.

FluidSynth 2.5 shifts the level of every compressed sample by up to 6.6 dB and decodes them slowly, so the
Vorbis samples are decoded here. The format: "SoundFont Technical Specification 2.04", E-mu Systems; SF3
adds a flag to a sample's type, and its start and end then are byte positions.
"""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
import platformdirs
from numpy.typing import NDArray

from player.devices.soundfile_decode import decode_bytes
from player.errors import AssetError
from player.paths import assets

_COMPRESSED = 0x10
_GUARD = bytes(2 * 46)  # zero frames that must follow each sample
_SAMPLE = struct.Struct("<20sIIIIIBbHH")  # name, span, loop, rate, pitch, cents, link, type
_MAKER = 1  # counts changes to what `expand` writes, so that an old copy is not taken for a new one


def font_path() -> Path:
    """The font to load: the person's own ($NEEDLEDROP_SOUND_FONT), else the bundled one, expanded.

    Takes seconds the first time. Raises AssetError where it is missing or no sound font.
    """
    own = os.environ.get("NEEDLEDROP_SOUND_FONT")
    font = Path(own).expanduser() if own else assets() / "sound-font" / "needledrop-gm.sf3"
    try:
        with font.open("rb") as file:
            head = file.read(12)
    except OSError as trouble:
        raise AssetError(str(font), f"cannot be opened ({trouble.strerror})") from trouble
    if head[:4] != b"RIFF" or head[8:] != b"sfbk":
        raise AssetError(str(font), "is not a sound font")
    return cached_font(font) if font.suffix.lower() == ".sf3" else font


@cache
def cached_font(sf3: Path) -> Path:
    """The SF2 made of `sf3`, from the person's cache folder; made there if need be, also by several at once.

    Where no folder can be written the answer is `sf3` itself: it plays too, at slightly other levels.
    """
    name = f"{sf3.stem}-{_MAKER}-{hashlib.blake2b(sf3.read_bytes(), digest_size=8).hexdigest()}.sf2"
    folders = list(_cache_folders())
    for folder in folders:
        if _complete(folder / name):
            return folder / name
    for folder in folders:
        try:
            expand(sf3, folder / name)
        except OSError:
            continue
        return folder / name
    return sf3


def expand(sf3: Path, sf2: Path) -> None:
    """Write `sf3` to `sf2` with its samples decoded to 16 bit. `sf2` appears complete or not at all.

    Raises AssetError where `sf3` is damaged, OSError where `sf2` cannot be written.
    """
    data = sf3.read_bytes()
    try:
        parts = dict(_chunks(data, 12, len(data)))
        bank = dict(_chunks(data, *parts[b"LIST:pdta"]))
        compressed = data[slice(*dict(_chunks(data, *parts[b"LIST:sdta"]))[b"smpl"])]
        headers = [list(fields) for fields in _SAMPLE.iter_unpack(data[slice(*bank[b"shdr"])])]
    except (KeyError, struct.error) as trouble:
        raise AssetError(str(sf3), "is damaged") from trouble
    handle, temporary = tempfile.mkstemp(dir=sf2.parent, prefix=".sound-font-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(b"RIFF\0\0\0\0sfbk")
            _write(out, b"LIST", b"INFO" + _plain_info(data, parts[b"LIST:INFO"]))
            begin = out.tell()
            out.write(b"LIST\0\0\0\0sdtasmpl\0\0\0\0")
            _samples(out, compressed, headers, str(sf3))
            end = out.tell()
            _patch(out, begin + 4, end - begin - 8)
            _patch(out, begin + 16, end - begin - 20)
            bank_bytes = b"".join(
                _chunk(name, _packed(headers) if name == b"shdr" else data[slice(*span)])
                for name, span in bank.items()
            )
            _write(out, b"LIST", b"pdta" + bank_bytes)
            _patch(out, 4, out.tell() - 8)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, sf2)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _samples(out: BinaryIO, compressed: bytes, headers: list[list[int]], path: str) -> None:
    """Write all samples and put their new places into `headers`; samples that share data go on sharing it."""
    first, place = out.tell(), {}
    for header in headers[:-1]:  # the last one only marks the end
        start, end, loop_start, loop_end = header[1:5]
        packed = bool(header[9] & _COMPRESSED)
        if (start, end, packed) not in place:
            at = (out.tell() - first) // 2
            pcm = _pcm(compressed[start:end], path) if packed else compressed[2 * start : 2 * end]
            out.write(pcm + _GUARD)
            place[start, end, packed] = at, at + len(pcm) // 2
        header[1], header[2] = place[start, end, packed]
        base = 0 if packed else start  # compressed samples count their loop from their own start
        header[3] = min(header[1] + loop_start - base, header[2])
        header[4] = min(header[1] + loop_end - base, header[2])
        header[9] &= ~_COMPRESSED


def _pcm(vorbis: bytes, path: str) -> bytes:
    frames = decode_bytes(vorbis, path)[:, 0]
    whole: NDArray[np.int16] = np.clip(np.rint(frames * 32768.0), -32768, 32767).astype("<i2")
    return whole.tobytes()


def _plain_info(data: bytes, span: tuple[int, int]) -> bytes:
    """The INFO chunks, with the version of plain SF2."""
    return b"".join(
        _chunk(name, struct.pack("<HH", 2, 4) if name == b"ifil" else data[slice(*inner)])
        for name, inner in _chunks(data, *span)
    )


def _chunks(data: bytes, begin: int, end: int) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Names (lists as `LIST:name`) and half-open spans of the RIFF chunks in data[begin:end].

    Odd-sized chunks should be padded; what sf3convert writes is not, so both are read.
    """
    while begin + 8 <= end:
        name, size = data[begin : begin + 4], int.from_bytes(data[begin + 4 : begin + 8], "little")
        body, stop = begin + 8, min(begin + 8 + size, end)
        if name == b"LIST":
            name, body = b"LIST:" + data[body : body + 4], body + 4
        yield name, (body, stop)
        unpadded = data[stop : stop + 4].isalnum() and data[stop : stop + 4].isascii()
        begin = stop + (size % 2 and not unpadded)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _write(out: BinaryIO, name: bytes, body: bytes) -> None:
    out.write(_chunk(name, body))


def _patch(out: BinaryIO, at: int, size: int) -> None:
    here = out.tell()
    out.seek(at)
    out.write(struct.pack("<I", size))
    out.seek(here)


def _packed(headers: list[list[int]]) -> bytes:
    return b"".join(_SAMPLE.pack(*header) for header in headers)


def _complete(sf2: Path) -> bool:
    try:
        with sf2.open("rb") as file:
            head = file.read(8)
        return head[:4] == b"RIFF" and int.from_bytes(head[4:], "little") + 8 == sf2.stat().st_size
    except OSError:
        return False


def _cache_folders() -> Iterator[Path]:
    """Folders for what can be made again: the person's cache, else a private one in the temporary folder."""
    user = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "me")
    for folder in (
        platformdirs.user_cache_path("needledrop", appauthor=False),
        Path(tempfile.gettempdir()) / f"needledrop-cache-{user}",
    ):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            foreign = hasattr(os, "getuid") and folder.stat().st_uid != os.getuid()
        except OSError:
            continue
        if not foreign and os.access(folder, os.W_OK):
            yield folder
