"""The part of a sound font that one piece of MIDI needs, shown to FluidSynth as if it were the whole file.

Of the bundled font FluidSynth keeps 5.5 MiB of tables per synthesizer, and of every program in use all samples. Here
it finds the programs that the piece names, and of these the zones of the keys that it plays: the others cannot
sound. All else is as in the file, sample data at its place too, so that synthesizers go on sharing samples.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import struct
from functools import lru_cache
from typing import Any, BinaryIO, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from player.devices import smf

KEYS: Final = 128
_NAMES: Final = ("phdr", "pbag", "pmod", "pgen", "inst", "ibag", "imod", "igen", "shdr")
_FORMS: Final = {
    "phdr": [("name", "V20"), ("number", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("rest", "V12")],
    "inst": [("name", "V20"), ("bag", "<u2")],
    "bag": [("gen", "<u2"), ("mod", "<u2")],
    "gen": [("kind", "<u2"), ("amount", "<u2")],
    "mod": [("all", "V10")],
    "shdr": [("all", "V46")],
}
_RANGE: Final = 43  # generators: the keys of a zone
_INSTRUMENT: Final = 41  # what a zone of a preset plays; one without it holds for all the others
_SAMPLE: Final = 53
_HARMLESS: Final = (b"\x41\x10\x42\x12\x40\x00\x7f", b"\x43\x10\x4c\x00\x00\x7e")  # resets of GS and XG
_OK, _FAILED = 0, -1

Table = NDArray[np.void]
Keys = NDArray[np.bool_]


class Needs(Struct, frozen=True, eq=False):
    """What a piece asks of a font."""

    keys: Keys  # (channels, keys): what may be struck
    programs: NDArray[np.bool_]  # (channels, programs): what is chosen
    at_once: tuple[int, ...]  # channels that sound before a program is chosen

    def sounds(self, channel: int) -> bool:
        """Whether a note is struck there; else it is of no account which program the channel has."""
        return bool(self.keys[channel].any())


class Font(Struct, frozen=True, eq=False):
    """A sound font's tables, and where in the file they begin."""

    tables: dict[str, Table]
    begin: int
    head: bytes  # the file's first 12 bytes


def needs(song: smf.Smf) -> Needs:
    """What `song` asks for. Where it may be tuned otherwise than by bends, any key of a channel in use."""
    messages = song.messages
    kind, channel = messages[:, 0] & 0xF0, messages[:, 0] & 0x0F
    keys, programs = np.zeros((16, KEYS), bool), np.zeros((16, 128), bool)
    struck = (kind == 0x90) & (messages[:, 2] > 0)
    chosen = kind == 0xC0
    keys[channel[struck], messages[struck, 1]] = True
    programs[channel[chosen], messages[chosen, 1]] = True
    if not all(_harmless(content) for content in song.sysex):
        keys[keys.any(axis=1)] = True
    at_once = [each for each in range(16) if _first(struck & (channel == each)) < _first(chosen & (channel == each))]
    return Needs(keys, programs, tuple(at_once))


def read_font(path: str) -> Font | None:
    """The tables of the font at `path`, or None where they do not lie behind its samples. Raises OSError."""
    return _read(path, os.stat(path).st_mtime_ns)


@lru_cache(maxsize=1)
def _read(path: str, changed: int) -> Font | None:
    with open(path, "rb") as file:
        head = file.read(12)
        found: dict[bytes, int] = {}
        while len(top := file.read(12)) == 12:
            found[top[8:]] = file.tell() - 12
            file.seek(int.from_bytes(top[4:8], "little") - 4, os.SEEK_CUR)
        if list(found) != [b"INFO", b"sdta", b"pdta"]:
            return None
        file.seek(found[b"pdta"] + 12)
        data = file.read()
    tables, at = {}, 0
    for name in _NAMES:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        form = np.dtype(_FORMS.get(name, _FORMS.get(name[1:], [])))
        if data[at : at + 4] != name.encode() or size % form.itemsize or not size:
            return None
        tables[name] = np.frombuffer(data, form, size // form.itemsize, at + 8)
        at += 8 + size
    return Font(tables, found[b"pdta"], head)


@lru_cache(maxsize=8)  # a seek asks again
def part(font: Font, needed: Needs) -> bytes:
    """The tables of `font`, as the chunk that holds them, without what `needed` cannot make sound.

    Any bank of a program is kept, and program 0, which takes the place of one that is missing.
    """
    tables = font.tables
    wanted = np.zeros((128, KEYS), bool)
    for keys, programs in zip(needed.keys, needed.programs, strict=True):
        wanted[programs] |= keys
    wanted[0] = needed.keys.any(axis=0)
    presets = [
        place for place, number in enumerate(tables["phdr"]["number"][:-1].tolist())
        if wanted[number & 127].any() or not number
    ]  # fmt: skip
    chosen = [_zones(tables, "p", place, wanted[tables["phdr"]["number"][place] & 127]) for place in presets]
    keys_of: dict[int, Keys] = {}
    for _, plays in itertools.chain.from_iterable(chosen):
        for instrument, keys in plays:
            keys_of[instrument] = keys_of.get(instrument, False) | keys
    instruments = sorted(keys_of)
    inside = [_zones(tables, "i", place, keys_of[place]) for place in instruments]
    samples = sorted({sample for zones in inside for _, plays in zones for sample, _ in plays})
    made = {
        **_written(tables, "p", presets, chosen, instruments),
        **_written(tables, "i", instruments, inside, samples),
        "shdr": tables["shdr"][[*samples, -1]],
    }
    body = b"pdta" + b"".join(
        name.encode() + struct.pack("<I", made[name].nbytes) + made[name].tobytes() for name in _NAMES
    )
    return b"LIST" + struct.pack("<I", len(body)) + body


Zone = tuple[int, list[tuple[int, Keys]]]  # its bag; and what it plays, for which keys


def _zones(tables: dict[str, Table], level: str, place: int, keys: Keys) -> list[Zone]:
    """The zones of a preset or instrument that may sound with `keys`, and the one that holds for all.

    Where there are none they are all kept: what is empty may be taken for missing.
    """
    heads = tables["phdr" if level == "p" else "inst"]["bag"]
    bags, gens = tables[level + "bag"]["gen"], tables[level + "gen"]
    found: list[Zone] = []
    plays_any = False
    for bag in range(int(heads[place]), int(heads[place + 1])):
        zone = gens[int(bags[bag]) : int(bags[bag + 1])]
        among, played = keys, -1
        for kind, amount in zone.tolist():
            if kind == _RANGE:
                among = _within(keys, amount & 0xFF, amount >> 8)
            elif kind == (_INSTRUMENT if level == "p" else _SAMPLE):
                played = amount
        if played < 0:
            found.append((bag, []))
        elif among.any():
            found.append((bag, [(played, among)]))
            plays_any = True
    if plays_any or keys.all():
        return found
    return _zones(tables, level, place, np.ones(KEYS, bool))


def _within(keys: Keys, low: int, high: int) -> Keys:
    among = np.zeros(KEYS, bool)
    among[low : high + 1] = keys[low : high + 1]
    return among


def _written(
    tables: dict[str, Table], level: str, places: list[int], chosen: list[list[Zone]], played: list[int]
) -> dict[str, Table]:
    """The four tables of one level, for what is left of it; `played` is what is left of the level below."""
    name = "phdr" if level == "p" else "inst"
    bags, gens, mods = (tables[level + each] for each in ("bag", "gen", "mod"))
    heads = tables[name][[*places, -1]].copy()
    heads["bag"] = np.cumsum([0, *map(len, chosen)])
    kept = [bag for zones in chosen for bag, _ in zones]
    made_bags = np.zeros(len(kept) + 1, bags.dtype)
    made = {}
    for column, table in (("gen", gens), ("mod", mods)):
        spans = [(int(bags[column][bag]), int(bags[column][bag + 1])) for bag in kept]
        made_bags[column] = np.cumsum([0, *(end - begin for begin, end in spans)])
        made[column] = np.concatenate([*(table[begin:end] for begin, end in spans), table[-1:]])
    link = made["gen"]["kind"][:-1] == (_INSTRUMENT if level == "p" else _SAMPLE)
    amounts = made["gen"]["amount"][:-1]
    amounts[link] = np.searchsorted(played, amounts[link])
    return {name: heads, level + "bag": made_bags, level + "gen": made["gen"], level + "mod": made["mod"]}


class PartFile:
    """A font whose tables are replaced, for the library that opens it, on any thread. Keep it as long as that one.

    callbacks: open, read, seek, tell and close, as FluidSynth wants them.
    """

    def __init__(self, font: Font, tables: bytes) -> None:
        self._begin, self._tables = font.begin, tables
        self._size = font.begin + len(tables)
        self._head = font.head[:4] + struct.pack("<I", self._size - 8) + font.head[8:]
        self._open: dict[int, _Reading] = {}
        self._numbers = itertools.count(1)
        self.callbacks: tuple[Any, ...] = self._made()

    def let_go(self) -> None:
        """The library reads no more of it. Without this it would go round in circles, and stay."""
        self.callbacks = ()

    def _made(self) -> tuple[Any, ...]:
        pointer, number = ctypes.c_void_p, ctypes.c_int  # some are longer since 2.2: then the lower half, which is all
        return (
            ctypes.CFUNCTYPE(pointer, ctypes.c_char_p)(self._begin_reading),
            ctypes.CFUNCTYPE(number, pointer, number, pointer)(self._read),
            ctypes.CFUNCTYPE(number, pointer, number, number)(self._seek),
            ctypes.CFUNCTYPE(ctypes.c_longlong, pointer)(self._tell),
            ctypes.CFUNCTYPE(number, pointer)(self._close),
        )

    def _begin_reading(self, path: bytes) -> int | None:
        try:
            file = open(os.fsdecode(path), "rb")  # noqa: SIM115  closed by `_close`
        except OSError:
            return None
        handle = next(self._numbers)
        self._open[handle] = _Reading(file)
        return handle

    def _read(self, to: int, count: int, handle: int) -> int:
        """Called some thousand times for each synthesizer: a few bytes of the tables each time."""
        reading = self._open[handle]
        at = reading.at
        if at >= self._begin:
            data = self._tables[at - self._begin : at - self._begin + count]
        else:
            data = self._before(reading.file, at, count)
        if len(data) != count:
            return _FAILED
        ctypes.memmove(to, data, count)
        reading.at = at + count
        return _OK

    def _before(self, file: BinaryIO, at: int, count: int) -> bytes:
        """What lies before the tables. No read goes from one part into another: chunks are read by their sizes."""
        if at < len(self._head):
            return self._head[at : at + count]
        try:
            file.seek(at)
            return file.read(min(count, self._begin - at))
        except OSError:
            return b""

    def _seek(self, handle: int, offset: int, origin: int) -> int:
        reading = self._open[handle]
        at = offset + (0, reading.at, self._size)[origin]
        if not 0 <= at <= self._size:
            return _FAILED
        reading.at = at
        return _OK

    def _tell(self, handle: int) -> int:
        return self._open[handle].at

    def _close(self, handle: int) -> int:
        self._open.pop(handle).file.close()
        return _OK


class _Reading(Struct):
    file: BinaryIO
    at: int = 0  # where the next read begins


def _harmless(content: bytes) -> bool:
    """Whether a system message leaves alone which keys a note strikes."""
    return (content[:1] == b"\x7e" and content[2:3] == b"\x09") or content.startswith(_HARMLESS)


def _first(where: Keys) -> int:
    places = np.flatnonzero(where)
    return int(places[0]) if len(places) else len(where)
