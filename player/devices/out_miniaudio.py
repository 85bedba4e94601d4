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
from player.devices.watchdog import Watchdog
from player.engine import RATE
from player.engine.source import Samples
from player.errors import DeviceError

_PERIOD_MS = 15  # on PulseAudio the server's whole buffer; 10 had three times as many gaps, for 3 ms less
_LARGEST = 8_192


class MiniaudioOutput:
    """The system's default device, or the first whose name holds `device`. Raises DeviceError.

    server_only: nothing but a PulseAudio server, or a PipeWire one that passes for it.
    """

    def __init__(self, device: str = "", buffer: Buffer = "normal", *, server_only: bool = False) -> None:
        period = SIZES[buffer].period_ms
        with quiet_stderr():
            self._library = library = _load()
            try:
                backends = [library.Backend.PULSEAUDIO] if server_only else _backends(library)
                self.name, found = _find(library, backends, device)
                self._device = library.PlaybackDevice(
                    output_format=library.SampleFormat.FLOAT32,
                    nchannels=2,
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

    def start(self, render: Callable[[Samples], None]) -> None:
        self._started = True
        self._watchdog = Watchdog()
        blocks = self._blocks(render)
        next(blocks)
        try:
            with quiet_stderr():
                self._device.start(blocks)
        except self._library.MiniaudioError:
            self._running = False

    def stop(self) -> None:
        with contextlib.suppress(self._library.MiniaudioError), quiet_stderr():
            self._device.close()

    def _blocks(self, render: Callable[[Samples], None]) -> Generator[Samples, int, None]:
        room: Samples = np.zeros((_LARGEST, 2), np.float32)
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


def _find(library: Any, backends: list[Any], device: str) -> tuple[str, Any]:
    """The name and the id (None: the default) of the device asked for."""
    _, found = _devices(library, backends)
    if not found:
        raise DeviceError(device or "a sound device", "is not there")
    if not device:
        return next((about["name"] for about in found if about["default"]), "default device"), None
    for about in found:
        if device.lower() in about["name"].lower():
            return about["name"], about["id"]
    raise DeviceError(device, "is not among the sound devices")
