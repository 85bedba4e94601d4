"""Sound through PortAudio. The only importer of sounddevice."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable
from typing import Any

from player.devices.buffers import SIZES, Buffer
from player.devices.device import Device
from player.devices.quiet import quiet_stderr
from player.devices.rest import Rest
from player.devices.watchdog import Watchdog
from player.engine import RATE
from player.engine.source import Samples
from player.errors import DeviceError

_PATIENCE = 3.0  # seconds


class SoundDeviceOutput:
    """The system's default device, or the first whose name holds `device`. Raises DeviceError."""

    def __init__(self, device: str = "", buffer: Buffer = "normal", channels: int = 2) -> None:
        size = SIZES[buffer]
        with quiet_stderr():
            sd = _load()
            try:
                index = _find(sd, device)
                has = int(sd.query_devices(index, "output")["max_output_channels"])
                self.channels = max(2, min(channels, has))
                self._stream = sd.OutputStream(
                    samplerate=RATE,
                    channels=self.channels,
                    dtype="float32",
                    blocksize=size.block,
                    latency=size.latency,
                    device=index,
                    callback=self._block,
                    finished_callback=self._finished,
                )
                about = sd.query_devices(self._stream.device)
                self.name = str(about["name"])
                self.layer = f"sounddevice/{sd.query_hostapis(about['hostapi'])['name']}"
                self.latency = float(self._stream.latency)
            except (sd.PortAudioError, ValueError) as trouble:
                raise DeviceError(device or "the sound device", "does not open") from trouble
        self.xruns = 0
        self._error = sd.PortAudioError
        self._render: Callable[[Samples], None] | None = None
        self._watchdog = Watchdog()
        self._running = True
        self._stuck = False

    @property
    def alive(self) -> bool:
        return self._running and (self._render is None or self._watchdog.alive())

    def start(self, render: Callable[[Samples], None], rest: Rest | None = None) -> None:
        self._render = render
        self._watchdog = Watchdog()
        if not self._done_in_time(self._stream.start):
            self._running = False

    def rouse(self) -> None:
        return

    def stop(self) -> None:
        if not self._stuck:
            self._done_in_time(self._stream.close)

    def _done_in_time(self, work: Callable[[], None]) -> bool:
        """Whether `work` succeeds. PortAudio waits for ever for a device that went away at the wrong moment."""
        done: list[bool] = []

        def run() -> None:
            with contextlib.suppress(self._error):
                work()
                done.append(True)

        thread = threading.Thread(target=run, name="sound device", daemon=True)
        with quiet_stderr():
            thread.start()
            thread.join(_PATIENCE)
        self._stuck = thread.is_alive()
        return bool(done)

    def _block(self, out: Samples, frames: int, time: Any, status: Any) -> None:
        self._watchdog.beat()
        if status and status.output_underflow:
            self.xruns += 1
        if self._render is not None:
            self._render(out)

    def _finished(self) -> None:
        self._running = False


def listed() -> list[Device]:
    """The devices of every layer of the system that PortAudio reaches; none where it is missing."""
    try:
        with quiet_stderr():
            sd = _load()
    except DeviceError:
        return []
    try:
        layers, devices = sd.query_hostapis(), sd.query_devices()
    except sd.PortAudioError:
        return []
    return [
        Device(
            f"sounddevice/{layers[about['hostapi']]['name']}",
            str(about["name"]),
            layers[about["hostapi"]]["default_output_device"] == about["index"],
        )
        for about in devices
        if about["max_output_channels"] >= 2
    ]


def _load() -> Any:
    """The library, with the devices there are now: it looks for them only when it starts."""
    again = "sounddevice" in sys.modules
    try:
        import sounddevice  # noqa: PLC0415  # fails where PortAudio is missing
    except (ImportError, OSError) as trouble:  # OSError: PortAudio is not installed
        raise DeviceError("PortAudio", "is not installed") from trouble
    if again:
        try:
            sounddevice._terminate()
            sounddevice._initialize()
        except sounddevice.PortAudioError as trouble:
            raise DeviceError("PortAudio", "does not start") from trouble
    return sounddevice


def _find(sd: Any, device: str) -> int | None:
    if not device:
        return None
    for about in sd.query_devices():
        if device.lower() in about["name"].lower() and about["max_output_channels"] >= 2:
            return int(about["index"])
    raise DeviceError(device, "is not among the sound devices")
