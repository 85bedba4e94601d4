"""MIDI cues through FluidSynth, by ctypes: no binding brings the library along, and we need little of it.

The notes of a file start on a grid of 64 frames of song time: one at frame t begins with the block that
holds t. A seek begins a second early, unheard: there it sets programs, controllers and bends as they stand and
strikes the notes that are held, by the file or by the pedal. So at the place sought their attacks are over, and
what was struck in that second, and its echo, sounds as it should; in the first second of a file a seek is exact.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import os
import sys
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from player.devices import font_part, smf
from player.devices.heap import give_back
from player.devices.sound_font import font_path
from player.engine import RATE
from player.engine.source import Samples
from player.errors import MidiFileError

QUANTUM: Final = 64  # frames; what FluidSynth renders at once
TAIL: Final = 3 * RATE  # frames after the last note off
FADE: Final = RATE // 4  # frames at the tail's end over which it is faded
EARLY: Final = RATE // QUANTUM  # quanta that are played unheard before the place of a seek
RINGS: Final = 5 * RATE  # frames after which a note that only the pedal holds is taken to have died away
_TURN: Final = 128 * QUANTUM  # frames rendered at most in one call
_GAIN: Final = 0.5  # leaves a full arrangement of ten channels a few dB below full scale
_PEDAL: Final = 64
_SOUND_OFF: Final = 120
_RESET: Final = 121

_SETTINGS: Final[dict[str, int | float]] = {
    "synth.sample-rate": float(RATE),
    "synth.gain": _GAIN,
    "synth.polyphony": 256,
    "synth.dynamic-sample-loading": 1,  # only the programs in use: every cue has its own synthesizer
    "synth.threadsafe-api": 0,
    "synth.lock-memory": 0,
    "synth.reverb.active": 1,
    "synth.reverb.room-size": 0.4,
    "synth.reverb.damp": 0.3,
    "synth.reverb.width": 0.8,
    "synth.reverb.level": 0.6,
    "synth.chorus.active": 1,
    "synth.chorus.nr": 3,
    "synth.chorus.level": 1.2,
    "synth.chorus.speed": 0.3,
    "synth.chorus.depth": 6.0,
}
# Result and arguments: p pointer, i int, d double, s string.
_SIGNATURES: Final[dict[str, tuple[str, str]]] = {
    "version_str": ("s", ""),
    "set_log_function": ("p", "ipp"),
    "settings_setint": ("i", "psi"),
    "settings_setnum": ("i", "psd"),
    "delete_fluid_settings": ("", "p"),
    "delete_fluid_synth": ("", "p"),
    "new_fluid_settings": ("p", ""),
    "new_fluid_synth": ("p", "p"),
    "synth_sfload": ("i", "psi"),
    "synth_noteoff": ("i", "pii"),
    "synth_noteon": ("i", "piii"),
    "synth_key_pressure": ("i", "piii"),
    "synth_cc": ("i", "piii"),
    "synth_program_change": ("i", "pii"),
    "synth_channel_pressure": ("i", "pii"),
    "synth_pitch_bend": ("i", "pii"),
    "synth_unset_program": ("i", "pi"),
    "new_fluid_defsfloader": ("p", "p"),
    "sfloader_set_callbacks": ("i", "pppppp"),
    "synth_add_sfloader": ("", "pp"),
    "synth_sysex": ("i", "psipppi"),
    "synth_write_float": ("i", "pipiipii"),
}
_TYPES: Final = {
    "p": ctypes.c_void_p,
    "i": ctypes.c_int,
    "d": ctypes.c_double,
    "s": ctypes.c_char_p,
    "": None,
}
_starting = threading.Lock()  # the library sets itself up with its first synthesizer


def available() -> str | None:
    """Which FluidSynth plays, as "FluidSynth 2.5.7", or None where none loads."""
    library = _library(os.environ.get("NEEDLEDROP_FLUIDSYNTH", ""))
    return None if library is None else f"FluidSynth {library.version_str().decode()}"


def length(song: smf.Smf) -> int:
    """How many frames a file plays: to the last note off, and a tail, to the end of a block."""
    return -(-(song.frames + TAIL) // QUANTUM) * QUANTUM


def open_midi(path: str, semitones: int = 0) -> MidiSource:
    """The MIDI file at `path`, moved up by `semitones`, ready to play.

    Raises MidiFileError, also where nothing can play it.
    """
    return MidiSource(path, smf.transposed(smf.read(path), semitones))


class MidiSource:
    """A MIDI file as sound, to the last note off and a tail of 3 s that is faded at its end.

    Two readings from the same frame are identical, whatever the sizes of the reads. For one thread at a time;
    rendering lets go of the GIL.
    """

    def __init__(self, path: str, song: smf.Smf) -> None:
        self.frames = length(song)
        self._song = song
        self._quanta = song.at // QUANTUM
        self._path = path
        self._needs = font_part.needs(song)
        self._synth: _Synth | None = _Synth(path, self._needs)
        self._room: Samples = np.zeros((_TURN, 2), np.float32)
        self._ready = self._room[:0]  # rendered and not yet read
        self._skip = 0  # frames of the next block that lie before what is read
        self._at = -1
        self._quantum = 0  # the next to render
        self._next = 0  # the next message to send
        self._ended = False  # whether the end of all notes was sent

    def read(self, at: int, out: Samples) -> int:
        """Fill `out` with frames from `at`; any `at` but the end of the last read seeks."""
        wanted = max(0, min(len(out), self.frames - at))
        if wanted and at != self._at:
            self._locate(at)
        got = 0
        while got < wanted:
            if not len(self._ready):
                self._ready = self._render(-(-(wanted - got + self._skip) // QUANTUM))[self._skip :]
                self._skip = 0
            part = self._ready[: wanted - got]
            out[got : got + len(part)] = part
            self._ready = self._ready[len(part) :]
            got += len(part)
        out[got:] = 0.0
        self._at = at + got
        _fade(out[:got], at - (self.frames - FADE))
        return wanted

    def close(self) -> None:
        self._synth = None
        give_back()

    def _locate(self, at: int) -> None:
        """Make the next rendered frame that counts frame `at`."""
        if self._synth is None or self._synth.used:
            self._synth = None  # before there is another: each holds some ten MiB
            self._synth = _Synth(self._path, self._needs)  # a reset one still remembers, in its effects
        self._ready = self._room[:0]
        sought, self._skip = divmod(at, QUANTUM)
        self._quantum = max(0, sought - EARLY)
        self._next = int(np.searchsorted(self._quanta, self._quantum))
        self._ended = self._quantum * QUANTUM > self._song.frames
        for status, first, second in state_before(self._song.messages[: self._next]):
            self._send(status, first, second)
        if not self._ended:
            for note, released in _held(self._song, self._next, self._quantum):
                self._send(0x90 | note.channel, note.pitch, note.velocity)
                if released:
                    self._send(0x80 | note.channel, note.pitch, 0)
        while self._quantum < sought:
            self._render(sought - self._quantum)

    def _render(self, quanta: int) -> Samples:
        """The next frames: some quanta, up to `quanta`. They stay valid until the next call."""
        assert self._synth is not None, "a closed source is not read"
        while self._next < len(self._quanta) and self._quanta[self._next] == self._quantum:
            self._send(*self._song.messages[self._next].tolist())
            self._next += 1
        if not self._ended and self._quantum == self._song.frames // QUANTUM:
            self._ended = True
            for channel in range(16):
                self._send(0xB0 | channel, 123, 0)  # notes that the file never ends
        stop = self._quantum + min(quanta, _TURN // QUANTUM)
        if self._next < len(self._quanta):
            stop = min(stop, int(self._quanta[self._next]))
        if not self._ended:
            stop = min(stop, self._song.frames // QUANTUM)
        block = self._room[: (stop - self._quantum) * QUANTUM]
        self._quantum = stop
        self._synth.write(block)
        return block

    def _send(self, status: int, first: int, second: int) -> None:
        assert self._synth is not None, "a closed source is not read"
        if status == 0xF0:
            self._synth.sysex(_understood(self._song.sysex[first | second << 8]))
        elif status & 0xF0 != 0xC0 or self._needs.sounds(status & 0x0F):  # samples that nobody hears
            self._synth.send(status, first, second)


class _Synth:
    """One FluidSynth with the sound font. Raises MidiFileError for `path` where there is none."""

    def __init__(self, path: str, needs: font_part.Needs) -> None:
        library = _library(os.environ.get("NEEDLEDROP_FLUIDSYNTH", ""))
        if library is None:
            raise MidiFileError(path, f"needs FluidSynth to play ({install_hint()})")
        font = font_path()
        self.used = False
        self._library = library
        self._silent = [channel for channel in range(16) if not needs.sounds(channel)]
        self._part = _part(font, needs)
        with _starting:
            self._settings = library.new_fluid_settings()
            for name, value in _SETTINGS.items():
                store = library.settings_setnum if isinstance(value, float) else library.settings_setint
                store(self._settings, name.encode(), value)
            self._synth = library.new_fluid_synth(self._settings)
        if self._synth and self._part is not None:
            loader = library.new_fluid_defsfloader(self._settings)
            library.sfloader_set_callbacks(loader, *self._part.callbacks)
            library.synth_add_sfloader(self._synth, loader)  # and it goes with the synthesizer
        if not self._synth or library.synth_sfload(self._synth, os.fsencode(font), 0) < 0:
            raise MidiFileError(path, f"cannot be played: the sound font {font} does not load")
        for channel in needs.at_once:
            library.synth_program_change(self._synth, channel, 0)

    def send(self, status: int, first: int, second: int) -> None:
        library, synth, channel = self._library, self._synth, status & 0x0F
        match status & 0xF0:
            case 0x80:
                library.synth_noteoff(synth, channel, first)
            case 0x90:
                library.synth_noteon(synth, channel, first, second)
            case 0xA0:
                library.synth_key_pressure(synth, channel, first, second)
            case 0xB0:
                library.synth_cc(synth, channel, first, second)
            case 0xC0:
                library.synth_program_change(synth, channel, first)
            case 0xD0:
                library.synth_channel_pressure(synth, channel, first)
            case 0xE0:
                library.synth_pitch_bend(synth, channel, first | second << 7)

    def sysex(self, content: bytes) -> None:
        self._library.synth_sysex(self._synth, content, len(content), None, None, None, 0)
        for channel in self._silent:  # a reset gives it a piano, with all its samples
            self._library.synth_unset_program(self._synth, channel)

    def write(self, block: Samples) -> None:
        """Fill `block` (n, 2), C-contiguous, n a multiple of the quantum."""
        self.used = True
        where = block.ctypes.data
        self._library.synth_write_float(self._synth, len(block), where, 0, 2, where, 1, 2)

    def __del__(self) -> None:
        if getattr(self, "_synth", None):
            self._library.delete_fluid_synth(self._synth)
        if getattr(self, "_settings", None):
            self._library.delete_fluid_settings(self._settings)
        part = getattr(self, "_part", None)
        if part is not None:
            part.let_go()


def _part(font: Path, needs: font_part.Needs) -> font_part.PartFile | None:
    """What to load of the bundled font. A person's own is left to the library, which knows the odd ones better."""
    if os.environ.get("NEEDLEDROP_SOUND_FONT") or font.suffix != ".sf2":
        return None
    whole = font_part.read_font(str(font))
    return None if whole is None else font_part.PartFile(whole, font_part.part(whole, needs))


def install_hint() -> str:
    """What a person can do where no FluidSynth loads."""
    if sys.platform == "win32":
        return "install it and give the path of libfluidsynth-3.dll as `fluidsynth` in the settings"
    return "install the package libfluidsynth3, or give the library's path as `fluidsynth` in the settings"


def state_before(before: NDArray[np.uint8]) -> Iterator[tuple[int, int, int]]:
    """What of the messages before some place still counts there, in order.

    Of controllers, bends and pressures that is the last of each. Programs, system messages and controllers
    whose meaning depends on others (banks, parameter numbers and their data, resets, channel modes) are all
    kept.
    """
    kind, first = before[:, 0] & 0xF0, before[:, 1]
    in_order = np.isin(first, [0, 6, 32, 38, *range(96, 102), *range(120, 128)])
    every = (kind == 0xC0) | (kind == 0xF0) | ((kind == 0xB0) & in_order)
    last = ((kind == 0xB0) & ~in_order) | (kind == 0xA0) | (kind == 0xD0) | (kind == 0xE0)
    places = np.nonzero(last)[0]
    named = np.isin(kind[places], [0xA0, 0xB0])  # those have a number of their own in the first data byte
    names = before[places, 0].astype(np.int64) << 8 | np.where(named, first[places], 0)
    _, from_end = np.unique(names[::-1], return_index=True)
    kept = np.concatenate([np.nonzero(every)[0], places[::-1][from_end]])
    yield from ((status, one, two) for status, one, two in before[np.sort(kept)].tolist())


def _held(song: smf.Smf, n: int, quantum: int) -> Iterator[tuple[smf.Note, bool]]:
    """The notes that sound on at `quantum`, before which lie `n` messages, by start; whether only the pedal holds them.

    Drums die away by themselves.
    """
    down = _pedals(song.at[:n], song.messages[:n])
    for note in song.notes:
        if note.start // QUANTUM >= quantum:
            return
        if note.channel == smf.DRUMS:
            continue
        if note.end // QUANTUM >= quantum:
            yield note, False
        elif note.end >= down.get(note.channel, note.end + 1) and note.start + RINGS > quantum * QUANTUM:
            yield note, True


def _pedals(at: NDArray[np.int64], before: NDArray[np.uint8]) -> dict[int, int]:
    """Since which frame the pedal of each channel is down, where it is after these messages."""
    down: dict[int, int] = {}
    control = (before[:, 0] & 0xF0) == 0xB0
    places = np.nonzero(control & np.isin(before[:, 1], [_PEDAL, _SOUND_OFF, _RESET]) | (before[:, 0] == 0xF0))[0]
    for frame, (status, number, value) in zip(at[places].tolist(), before[places].tolist(), strict=True):
        channel = status & 0x0F
        if status == 0xF0:  # taken for a reset; what is none is rare enough
            down.clear()
        elif number == _SOUND_OFF:
            down.update({channel: frame} if channel in down else {})
        elif number == _PEDAL and value >= 64:
            down.setdefault(channel, frame)
        else:
            down.pop(channel, None)
    return down


def _understood(content: bytes) -> bytes:
    """A system message as FluidSynth understands it: it listens to GM's, to GS as device 17 and to XG as device 1."""
    match content[:1], content[2:3], content[3:]:
        case b"\x41", b"\x42", b"\x12\x00\x00\x7f\x00\x01" | b"\x12\x00\x00\x7f\x01\x00":
            return b"\x41\x10\x42\x12\x40\x00\x7f\x00\x41"  # the mode of an SC-88, which resets it too
        case b"\x41", b"\x42", rest:
            return b"\x41\x10\x42" + rest
        case b"\x43", b"\x4c", rest:
            return b"\x43\x10\x4c" + rest
    return content


def _fade(block: Samples, into: int) -> None:
    """Shape `block`, whose first frame lies `into` frames behind the begin of the fade at the tail's end."""
    if into + len(block) <= 0:
        return
    begin = max(0, -into)
    p = (np.arange(into + begin, into + len(block)) / FADE).astype(np.float64)
    block[begin:] *= np.cos(p * (np.pi / 2))[:, np.newaxis].astype(np.float32)


@cache
def _library(own: str) -> ctypes.CDLL | None:
    """The first FluidSynth that loads: the person's own, the one in the pygame-ce wheel, the system's."""
    for candidate in _candidates(own):
        try:
            library = ctypes.CDLL(candidate)
            for name, (result, arguments) in _SIGNATURES.items():
                symbol = name if name.startswith(("new_", "delete_")) else f"fluid_{name}"
                function = getattr(library, symbol)
                function.restype = _TYPES[result]
                function.argtypes = [_TYPES[kind] for kind in arguments]
                setattr(library, name, function)
        except (OSError, AttributeError):
            continue
        for level in range(5):
            library.set_log_function(level, None, None)
        return library
    return None


def _candidates(own: str) -> Iterator[str]:
    if own:
        yield str(Path(own).expanduser())
    pygame = importlib.util.find_spec("pygame")  # finds, and does not import: SDL must not come along
    for folder in (pygame.submodule_search_locations or []) if pygame else []:
        for place in (Path(folder).parent / "pygame_ce.libs", Path(folder) / ".dylibs", Path(folder)):
            yield from sorted(str(found) for found in place.glob("*fluidsynth*"))
    for name in ("fluidsynth", "libfluidsynth-3", "libfluidsynth"):
        if found := ctypes.util.find_library(name):
            yield found
