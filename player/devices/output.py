"""Where the sound goes: one interface over the audio layers, and which of them is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from player.devices.out_miniaudio import MiniaudioOutput
from player.devices.out_silent import SilentOutput
from player.devices.out_sounddevice import SoundDeviceOutput
from player.engine.source import Samples
from player.errors import DeviceError

__all__ = ["Output", "Render", "SilentOutput", "open_output"]

Render = Callable[[Samples], None]


class Output(Protocol):
    """An opened sound device: 48 kHz, stereo, float32."""

    name: str  # the device, as its system calls it
    layer: str  # the library, and the system's own layer below it
    latency: float  # seconds from a block's rendering to its sound, as far as the layer says
    xruns: int  # gaps the layer reported so far

    @property
    def alive(self) -> bool:
        """Whether the device still asks for blocks; cheap, to be asked every few milliseconds."""

    def start(self, render: Render) -> None:
        """Have `render` fill one block (n, 2) after another, on the audio thread. Whoever refuses is dead."""

    def stop(self) -> None:
        """No block is asked for once this returns. May be called at any time, also twice."""


def open_output(prefer: str | None = None) -> Output:
    """The best output there is. Raises nothing.

    A PulseAudio or PipeWire server is spoken to directly, by miniaudio: through PortAudio and ALSA's plug-in the same
    sound costs half as much again. Elsewhere PortAudio, else miniaudio, else a silent clock.

    prefer: `silent`, `sounddevice`, `miniaudio`, or part of a device's name, also as `miniaudio:NAME`.
    """
    layer, _, device = (prefer or "").partition(":")
    if layer not in ("", "silent", "sounddevice", "miniaudio"):
        layer, device = "", prefer or ""
    openers: dict[str, Callable[[str], Output]] = {
        "server": lambda device: MiniaudioOutput(device, server_only=True),
        "sounddevice": SoundDeviceOutput,
        "miniaudio": MiniaudioOutput,
        "silent": lambda device: SilentOutput(),
    }
    names = [layer] if layer else ["server", "sounddevice", "miniaudio"]
    for wanted in dict.fromkeys([device, ""]):  # a device that is gone leaves the default one
        for name in names:
            try:
                return openers[name](wanted)
            except DeviceError:
                continue
    return SilentOutput()
