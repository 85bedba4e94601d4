"""Sound through a PulseAudio server, or a PipeWire one that passes for it. The only caller of libpulse.

That is PulseAudio's own client library, found on every system that has such a server. Who calls it can say how much
the server asks for in one go: by itself it asks for a quarter of what it holds, and a thread that wakes so often
costs as much as the music.

Where nothing sounds the server is given a tenth of a second of silence at once, and what it has not read of that is
taken back as soon as something is to be heard: so a sound out of silence does not wait behind what is queued.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_int64, c_size_t, c_uint8, c_uint32, c_void_p
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np

from player.devices.buffers import SIZES, Buffer
from player.devices.device import Device
from player.devices.rest import Rest
from player.devices.watchdog import Watchdog
from player.engine import RATE
from player.engine.source import Samples
from player.errors import DeviceError

_PATIENCE: Final = 3.0  # seconds that the server may take to answer
_LOOK: Final = 0.001  # seconds between looks for the answer
_SAMPLE: Final = 4  # bytes
_REST: Final = RATE // 10  # frames of silence given at once where nothing sounds
_CALM: Final = 2  # times what is held: silence before that, lest a sound's end be taken back

# From the library's headers. Of its structures only the beginnings that are read.
_NO_AUTOSPAWN: Final = 1
_FLOAT32: Final = 5 if sys.byteorder == "little" else 6
_READY: Final = 4
_STREAM_READY: Final = 2
_START_CORKED: Final = 0x0001
_NO_REMAP: Final = 0x0010  # channels are those of the device by their order, not by their names
_DONT_MOVE: Final = 0x0200
_ADJUST_LATENCY: Final = 0x2000  # what is asked for is all that waits, in the server and in the device
_AS_USUAL: Final = 0xFFFFFFFF
_ON: Final = 0  # what is written follows what was written before
_WHERE_READ: Final = 2  # it is the next that is read, in place of all that waits
_FAILED: Final = (1 << 8 * ctypes.sizeof(c_size_t)) - 1


class _Spec(Structure):
    _fields_ = (("format", c_int), ("rate", c_uint32), ("channels", c_uint8))


class _Attributes(Structure):
    _fields_ = tuple((name, c_uint32) for name in ("most", "held", "before_start", "request", "fragment"))


class _SinkHead(Structure):
    _fields_ = (("name", c_char_p), ("index", c_uint32), ("description", c_char_p), ("spec", _Spec))


class _ServerHead(Structure):
    _fields_ = (
        ("user", c_char_p), ("host", c_char_p), ("version", c_char_p), ("name", c_char_p), ("spec", _Spec),
        ("default_sink", c_char_p),
    )  # fmt: skip


_Found = ctypes.CFUNCTYPE(None, c_void_p, POINTER(_SinkHead), c_int, c_void_p)
_Told = ctypes.CFUNCTYPE(None, c_void_p, POINTER(_ServerHead), c_void_p)

_CALLS: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "pa_mainloop_new": (c_void_p, ()),
    "pa_mainloop_get_api": (c_void_p, (c_void_p,)),
    "pa_mainloop_iterate": (c_int, (c_void_p, c_int, c_void_p)),
    "pa_mainloop_wakeup": (None, (c_void_p,)),
    "pa_mainloop_free": (None, (c_void_p,)),
    "pa_context_new": (c_void_p, (c_void_p, c_char_p)),
    "pa_context_connect": (c_int, (c_void_p, c_char_p, c_int, c_void_p)),
    "pa_context_get_state": (c_int, (c_void_p,)),
    "pa_context_get_sink_info_list": (c_void_p, (c_void_p, _Found, c_void_p)),
    "pa_context_get_server_info": (c_void_p, (c_void_p, _Told, c_void_p)),
    "pa_context_disconnect": (None, (c_void_p,)),
    "pa_context_unref": (None, (c_void_p,)),
    "pa_operation_unref": (None, (c_void_p,)),
    "pa_stream_new": (c_void_p, (c_void_p, c_char_p, c_void_p, c_void_p)),
    "pa_stream_connect_playback": (c_int, (c_void_p, c_char_p, c_void_p, c_int, c_void_p, c_void_p)),
    "pa_stream_get_state": (c_int, (c_void_p,)),
    "pa_stream_get_device_name": (c_char_p, (c_void_p,)),
    "pa_stream_get_underflow_index": (c_int64, (c_void_p,)),
    "pa_stream_cork": (c_void_p, (c_void_p, c_int, c_void_p, c_void_p)),
    "pa_stream_get_buffer_attr": (POINTER(_Attributes), (c_void_p,)),
    "pa_stream_writable_size": (c_size_t, (c_void_p,)),
    "pa_stream_write": (c_int, (c_void_p, c_void_p, c_size_t, c_void_p, c_int64, c_int)),
    "pa_stream_disconnect": (c_int, (c_void_p,)),
    "pa_stream_unref": (None, (c_void_p,)),
}


@lru_cache(maxsize=1)
def _load() -> tuple[Any, Any]:
    """The library twice: calls of the one let other threads run meanwhile, those of the other are too short for it."""
    try:
        waiting, brief = ctypes.CDLL("libpulse.so.0"), ctypes.PyDLL("libpulse.so.0")
        for name, (result, arguments) in _CALLS.items():
            for library in (waiting, brief):
                call = getattr(library, name)
                call.restype, call.argtypes = result, arguments
    except (OSError, AttributeError) as trouble:
        raise DeviceError("libpulse", "is not installed") from trouble
    return waiting, brief


class _Sink(NamedTuple):
    """A device of the server."""

    name: bytes
    description: str
    channels: int


class _Server:
    """A connection to the person's server. Raises DeviceError. One thread at a time."""

    def __init__(self) -> None:
        self.calls, _ = _load()
        self.loop = self.calls.pa_mainloop_new()
        self.context = self.calls.pa_context_new(self.calls.pa_mainloop_get_api(self.loop), b"Needledrop")
        self.calls.pa_context_connect(self.context, None, _NO_AUTOSPAWN, None)
        try:
            self.wait(lambda: self._state == _READY)
        except DeviceError:
            self.close()
            raise

    @property
    def _state(self) -> int:
        return int(self.calls.pa_context_get_state(self.context))

    def wait(self, done: Callable[[], bool]) -> None:
        """Until `done`. Raises DeviceError where the server goes away or does not answer."""
        until = time.monotonic() + _PATIENCE
        while not done():
            if self._state > _READY or time.monotonic() > until:
                raise DeviceError("the sound server", "does not answer")
            if self.calls.pa_mainloop_iterate(self.loop, 0, None) <= 0:
                time.sleep(_LOOK)

    def sinks(self) -> list[_Sink]:
        """Its devices."""
        found: list[_Sink] = []
        over: list[int] = []

        def hear(_: Any, about: Any, end: int, __: Any) -> None:
            if end:
                over.append(end)
            else:
                sink = about.contents
                words = sink.description or sink.name
                found.append(_Sink(sink.name, words.decode(errors="replace"), sink.spec.channels))

        self._ask(self.calls.pa_context_get_sink_info_list, _Found(hear), over)
        return found

    def about(self) -> tuple[str, bytes]:
        """What kind of server it is, and the name of its default device."""
        told: list[tuple[str, bytes]] = []

        def hear(_: Any, about: Any, __: Any) -> None:
            kind = (about.contents.name or b"").decode(errors="replace") if about else ""
            default = about.contents.default_sink or b"" if about else b""
            told.append(("PipeWire" if "PipeWire" in kind else "PulseAudio", default))

        self._ask(self.calls.pa_context_get_server_info, _Told(hear), told)
        return told[0]

    def _ask(self, call: Any, hear: Any, answered: list[Any]) -> None:
        operation = call(self.context, hear, None)
        if not operation:
            raise DeviceError("the sound server", "does not answer")
        self.calls.pa_operation_unref(operation)
        self.wait(lambda: bool(answered))

    def close(self) -> None:
        """Let go of it."""
        self.calls.pa_context_disconnect(self.context)
        self.calls.pa_context_unref(self.context)
        self.calls.pa_mainloop_free(self.loop)


class PulseOutput:
    """The server's default device, or the first whose description holds `device`. Raises DeviceError."""

    def __init__(self, device: str = "", buffer: Buffer = "normal", channels: int = 2) -> None:
        self._size = SIZES[buffer].server
        self._server = _Server()
        self._calls, self._brief = _load()
        self._stream: int | None = None
        self._closed = False
        try:
            kind, default = self._server.about()
            sinks = self._server.sinks()
            sink = _find(sinks, device, os.fsencode(os.environ.get("PULSE_SINK", "")) or default)
            self.channels = max(2, min(channels, sink.channels))
            self._stream = self._opened(sink.name if device else None)
        except DeviceError:
            self._let_go()
            raise
        taken = self._calls.pa_stream_get_device_name(self._stream)
        self.name = next((each for each in sinks if each.name == taken), sink).description
        self.layer = f"libpulse/{kind}"
        held: int = self._brief.pa_stream_get_buffer_attr(self._stream).contents.held // (self.channels * _SAMPLE)
        self.latency = _latency(held, self._size.request * RATE // 1000)
        self.xruns = 0
        self._thread: threading.Thread | None = None
        self._stopping = self._gone = False
        self._roused = threading.Event()
        self._watchdog = Watchdog()

    @property
    def alive(self) -> bool:
        return not self._gone and (self._thread is None or self._watchdog.alive())

    def start(self, render: Callable[[Samples], None], rest: Rest | None = None) -> None:
        self._watchdog = Watchdog()
        self._thread = threading.Thread(target=self._play, args=(render, rest), name="sound", daemon=True)
        self._thread.start()

    def rouse(self) -> None:
        self._roused.set()

    def stop(self) -> None:
        self._stopping = True
        self.rouse()
        if self._thread is not None:
            self._calls.pa_mainloop_wakeup(self._server.loop)
            self._thread.join(_PATIENCE)
            if self._thread.is_alive():
                return  # it holds what would be freed
        self._let_go()

    def _let_go(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            self._calls.pa_stream_disconnect(stream)
            self._calls.pa_stream_unref(stream)
        if not self._closed:
            self._closed = True
            self._server.close()

    def _opened(self, sink: bytes | None) -> int:
        """A stream that waits for its first sound; without a `sink` it is the person's server that chooses."""
        held, request = (round(ms * RATE / 1000) * self.channels * _SAMPLE for ms in self._size)
        spec = _Spec(_FLOAT32, RATE, self.channels)
        room = _Attributes(_AS_USUAL, held, 0, request, _AS_USUAL)
        flags = _START_CORKED | _ADJUST_LATENCY
        flags |= _NO_REMAP if self.channels > 2 else 0
        flags |= _DONT_MOVE if sink else 0
        stream = int(self._calls.pa_stream_new(self._server.context, b"Music", byref(spec), None) or 0)
        asked = (sink, byref(room), flags, None, None)
        if stream and self._calls.pa_stream_connect_playback(stream, *asked) == 0:
            self._server.wait(lambda: self._calls.pa_stream_get_state(stream) >= _STREAM_READY)
            if self._calls.pa_stream_get_state(stream) == _STREAM_READY:
                return stream
        if stream:
            self._calls.pa_stream_unref(stream)
        raise DeviceError("the sound device", "does not open")

    # -- the audio thread

    def _play(self, render: Callable[[Samples], None], rest: Rest | None) -> None:
        calls, loop, stream = self._brief, self._server.loop, self._stream
        wait, ran_dry = self._calls.pa_mainloop_iterate, calls.pa_stream_get_underflow_index
        queue = _Queue(loop, stream, self._size.request * RATE // 1000, self.channels, self._watchdog.beat)
        there = queue.fill(render) >= 0
        if there:
            calls.pa_operation_unref(calls.pa_stream_cork(stream, 0, None, None))
        dry, calm, quiet = ran_dry(stream), 0, False
        while there and not self._stopping:
            wait(loop, 1, None)
            given = queue.fill(render)
            there = given >= 0
            if ran_dry(stream) != dry:
                dry = ran_dry(stream)
                self.xruns += 1
            if rest is not None and there:
                calm = calm + given if quiet else 0  # not the blocks in which a sound ends
                quiet = rest.due()
                if quiet and calm >= _CALM * queue.held():
                    there, calm = self._rest(queue, render, rest), 0
                    dry = ran_dry(stream)  # who hears nothing misses nothing
        self._gone = not there

    def _rest(self, queue: _Queue, render: Callable[[Samples], None], rest: Rest) -> bool:
        """Let time pass in silence until we are roused, then be heard at once; whether the server is there.

        The frames that pass are those that the server has asked for; the last ones, before it has, are told by the
        clock.
        """
        while True:
            self._roused.clear()
            held, late = queue.held(), queue.asked()
            self.latency = _latency(held, queue.block)
            if self._stopping or held > _REST or not rest.due():
                return queue.fill(render) >= 0
            if late < 0 or not queue.silence(late + _REST):
                return False
            # when all is read that waits before the silence; half a block of it has been, and not been asked for yet
            since = time.monotonic() + (held - queue.block / 2) / RATE
            rest.passed(late, _REST, since)
            roused = self._roused.wait((_REST + held / 2) / RATE)
            while not roused and queue.asked() == 0:
                roused = self._roused.wait(held / 2 / RATE)
            now = time.monotonic()
            if not roused:
                rest.passed(_REST, 0, now)
                continue
            late = queue.asked()  # for more than it was given: that is over
            rest.passed(min(_REST + max(0, late), max(0, round((now - since) * RATE))), 0, now)
            return late >= 0 and queue.silence(late) and queue.jump(render)


class _Queue:
    """What waits in the server, given in blocks of one length. Counts in frames. Audio thread."""

    def __init__(self, loop: int, stream: int | None, block: int, channels: int, beat: Callable[[], None]) -> None:
        _, calls = _load()
        self.block = block
        self._loop, self._stream, self._channels, self._beat = loop, stream, channels, beat
        self._iterate, self._free, self._write, self._attributes = (
            calls.pa_mainloop_iterate, calls.pa_stream_writable_size, calls.pa_stream_write,
            calls.pa_stream_get_buffer_attr,
        )  # fmt: skip
        self._one, self._many, self._zeros = (_Room(frames, channels) for frames in (block, block, _REST))

    def held(self) -> int:
        """What the server lets wait: mostly more than was asked for, and not always the same."""
        return int(self._attributes(self._stream).contents.held) // self._one.frame

    def hear(self) -> None:
        """Take what the server says."""
        while self._iterate(self._loop, 0, None) > 0:
            pass

    def asked(self) -> int:
        """Hear what the server says, and return what it asks for by now; below 0 where it is gone."""
        self.hear()
        free: int = self._free(self._stream)
        return -1 if free == _FAILED else free // self._one.frame

    def fill(self, render: Callable[[Samples], None]) -> int:
        """Give blocks as long as one is asked for, and return what was given; below 0 where the server is gone."""
        asked = self.asked()
        for _ in range(asked // self.block):
            if not self._give(render, self._one, _ON):
                return -1
        return asked - asked % self.block if asked >= 0 else -1

    def jump(self, render: Callable[[Samples], None]) -> bool:
        """Give all that may wait in place of what the server has not read; whether it is there."""
        held = self.held()
        if len(self._many.samples) != held:  # a first time, and where the server has thought better of it
            self._many = _Room(held, self._channels)
        return self._give(render, self._many, _WHERE_READ)

    def silence(self, frames: int) -> bool:
        """Give so much of it; whether the server is there."""
        self._beat()
        for first in range(0, frames, _REST):
            size = self._zeros.frame * min(_REST, frames - first)
            if self._write(self._stream, self._zeros.address, size, None, 0, _ON) < 0:
                return False
        self.hear()
        return True

    def _give(self, render: Callable[[Samples], None], room: _Room, where: int) -> bool:
        self._beat()
        render(room.samples)
        there: bool = self._write(self._stream, room.address, room.size, None, 0, where) >= 0
        self.hear()
        return there


class _Room:
    """What is written in one go."""

    def __init__(self, frames: int, channels: int) -> None:
        self.samples: Samples = np.zeros((frames, channels), np.float32)
        self.address, self.size, self.frame = self.samples.ctypes.data, self.samples.nbytes, channels * _SAMPLE


def _latency(held: int, block: int) -> float:
    """Seconds from a block's rendering to its sound: the server holds as much as its device does, and two blocks."""
    return (held - block + held - 2 * block) / RATE


def listed() -> list[Device]:
    """The server's devices; none where there is no server, or no library to speak to it."""
    try:
        server = _Server()
    except DeviceError:
        return []
    try:
        kind, default = server.about()
        return [Device(f"libpulse/{kind}", sink.description, sink.name == default) for sink in server.sinks()]
    except DeviceError:
        return []
    finally:
        server.close()


def _find(sinks: list[_Sink], device: str, default: bytes) -> _Sink:
    """The one asked for, else the default one."""
    if device:
        found = [sink for sink in sinks if device.lower() in sink.description.lower()]
    else:
        found = [sink for sink in sinks if sink.name == default] or sinks
    if not found:
        raise DeviceError(device or "a sound device", "is not there")
    return found[0]
