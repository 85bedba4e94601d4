"""Sound through miniaudio, which brings all it needs. The only importer of miniaudio."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from player.devices.buffers import SIZES, Buffer
from player.devices.device import Device
from player.devices.gaps import Gaps
from player.devices.quiet import quiet_stderr
from player.devices.rest import Rest
from player.devices.watchdog import Watchdog
from player.engine import RATE
from player.engine.source import Samples
from player.errors import DeviceError

_LARGEST = 8_192
_ANY = 64  # channels
_ALSA_ORDER = 1  # of PulseAudio's orders of channels the one that its cards have


class MiniaudioOutput:
    """The system's default device, or the first whose name holds `device`. Raises DeviceError."""

    def __init__(self, device: str = "", buffer: Buffer = "normal", channels: int = 2) -> None:
        period = SIZES[buffer].period_ms
        with quiet_stderr():
            self._library = library = _load()
            try:
                backends = _backends(library)
                self.name, found, has = _find(library, backends, device)
                self.channels = _opened(channels, has)
                playback = library.PlaybackDevice if self.channels == 2 else _many(library)
                self._device = playback(
                    output_format=library.SampleFormat.FLOAT32,
                    nchannels=self.channels,
                    sample_rate=RATE,
                    buffersize_msec=period,
                    device_id=found,
                    backends=backends,
                    app_name="Needledrop",
                )
            except library.MiniaudioError as trouble:
                raise DeviceError(device or "the sound device", "does not open") from trouble
        self.layer = f"miniaudio/{self._device.backend}"
        periods = 1 if self._device.backend == "PulseAudio" else 2
        self.latency = periods * period / 1000
        self._gaps = Gaps(self.latency)
        self._started = False
        self._running = True
        self._watchdog = Watchdog()
        self._device.stop_callback = self._stopped

    @property
    def xruns(self) -> int:
        return self._gaps.count

    @property
    def alive(self) -> bool:
        return self._running and (not self._started or self._watchdog.alive())

    def start(self, render: Callable[[Samples], None], rest: Rest | None = None) -> None:
        self._started = True
        self._watchdog = Watchdog()
        blocks = self._blocks(render)
        next(blocks)
        try:
            with quiet_stderr():
                self._device.start(blocks)
        except self._library.MiniaudioError:
            self._running = False

    def rouse(self) -> None:
        return

    def stop(self) -> None:
        with contextlib.suppress(self._library.MiniaudioError), quiet_stderr():
            self._device.close()

    def _blocks(self, render: Callable[[Samples], None]) -> Generator[Samples, int, None]:
        room: Samples = np.zeros((_LARGEST, self.channels), np.float32)
        frames = yield room[:0]
        while True:
            self._watchdog.beat()
            block = room[: min(frames, _LARGEST)]
            self._gaps.beat(len(block))
            render(block)
            frames = yield block

    def _stopped(self) -> None:
        self._running = False


def _load() -> Any:
    try:
        import miniaudio  # noqa: PLC0415  # a machine may do without
    except (ImportError, OSError) as trouble:
        raise DeviceError("miniaudio", "is not installed") from trouble
    return miniaudio


def _backends(library: Any) -> list[Any]:
    """The system's layers, best first, and never the null one, which swallows all without a word."""
    names = {
        "win32": ("WASAPI", "DSOUND", "WINMM"),
        "darwin": ("COREAUDIO",),
    }.get(sys.platform, ("PULSEAUDIO", "ALSA", "JACK", "SNDIO", "AUDIO4", "OSS"))
    return [getattr(library.Backend, name) for name in names]


def listed() -> list[Device]:
    """The devices of every layer of the system that miniaudio reaches; none where it is not installed."""
    try:
        with quiet_stderr():
            library = _load()
            found = []
            for backend in _backends(library):
                with contextlib.suppress(library.MiniaudioError):
                    layer, devices = _devices(library, [backend])
                    found += [Device(f"miniaudio/{layer}", about["name"], about["default"]) for about in devices]
            return found
    except DeviceError:
        return []


def _devices(library: Any, backends: list[Any]) -> tuple[str, list[dict[str, Any]]]:
    """The layer, and what the library knows of each device there; `default` is not among what it tells by itself."""
    asked = library.Devices(backends)
    told = asked._get_info
    asked._get_info = lambda kind, info: {**told(kind, info), "default": bool(info.isDefault)}
    return asked.backend, asked.get_playbacks()


def _many(library: Any) -> Any:
    """The library's device, whose channels are those of the device by their order.

    A server maps channels by name, so they are named as its cards do; the library is told no names, so it maps none.
    """

    class Playback(library.PlaybackDevice):  # type: ignore[misc]
        def _make_context(self, *about: Any) -> Any:
            self._nameless = library.ffi.new("ma_channel[]", self.nchannels)  # kept: the library only points there
            self._devconfig.pulse.channelMap = _ALSA_ORDER
            self._devconfig.playback.pChannelMap = self._nameless
            return super()._make_context(*about)

    return Playback


def _opened(channels: int, has: int) -> int:
    """How many are opened: two, else all of them, since a server spreads a part of them over the others."""
    return 2 if channels <= 2 else channels if has == _ANY else max(2, has)


def _channels(about: dict[str, Any]) -> int:
    """How many a device has; where its layer does not say, it takes any number."""
    told = [shape["channels"] for shape in about.get("formats", ())]
    return max(told) if told and all(told) else _ANY


def _find(library: Any, backends: list[Any], device: str) -> tuple[str, Any, int]:
    """The name, the id (None: the default) and the number of channels of the device asked for."""
    _, found = _devices(library, backends)
    if not found:
        raise DeviceError(device or "a sound device", "is not there")
    if not device:
        usual = next((about for about in found if about["default"]), {"name": "default device"})
        return usual["name"], None, _channels(usual)
    for about in found:
        if device.lower() in about["name"].lower():
            return about["name"], about["id"], _channels(about)
    raise DeviceError(device, "is not among the sound devices")
