"""Sound through miniaudio, which brings all it needs. The only importer of miniaudio."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Generator
from typing import Any

import numpy as np

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

    def __init__(self, device: str = "", *, server_only: bool = False) -> None:
        with quiet_stderr():
            self._library = library = _load()
            try:
                backends = [library.Backend.PULSEAUDIO] if server_only else _backends(library)
                self.name, found = _find(library, backends, device)
                self._device = library.PlaybackDevice(
                    output_format=library.SampleFormat.FLOAT32,
                    nchannels=2,
                    sample_rate=RATE,
                    buffersize_msec=_PERIOD_MS,
                    device_id=found,
                    backends=backends,
                    app_name="Needledrop",
                )
            except library.MiniaudioError as trouble:
                raise DeviceError(device or "the sound device", "does not open") from trouble
        self.layer = f"miniaudio/{self._device.backend}"
        self.latency = 2 * _PERIOD_MS / 1000
        self.xruns = 0  # miniaudio does not tell
        self._started = False
        self._running = True
        self._watchdog = Watchdog()
        self._device.stop_callback = self._stopped

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


def _find(library: Any, backends: list[Any], device: str) -> tuple[str, Any]:
    """The name and the id (None: the default) of the device asked for."""
    found = library.Devices(backends).get_playbacks()
    if not found:
        raise DeviceError(device or "a sound device", "is not there")
    if not device:
        return "default device", None
    for about in found:
        if device.lower() in about["name"].lower():
            return about["name"], about["id"]
    raise DeviceError(device, "is not among the sound devices")
