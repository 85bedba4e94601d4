"""Where the sound goes: one interface over the audio layers, and which of them is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from player.devices import out_miniaudio, out_pulse, out_sounddevice
from player.devices.buffers import Buffer
from player.devices.device import SILENT, Device
from player.devices.out_miniaudio import MiniaudioOutput
from player.devices.out_pulse import PulseOutput
from player.devices.out_silent import SilentOutput
from player.devices.out_sounddevice import SoundDeviceOutput
from player.devices.rest import Rest
from player.engine.source import Samples
from player.errors import DeviceError

__all__ = ["Opener", "Output", "Render", "Rest", "SilentOutput", "devices", "named", "open_output"]

_LAYERS: Final = ("libpulse", "sounddevice", "miniaudio")  # the best first

Render = Callable[[Samples], None]


class Opener(Protocol):
    """What opens an output; see `open_output`."""

    def __call__(
        self, prefer: str = "", buffer: Buffer = "normal", *, no_other: bool = False, channels: int = 2
    ) -> Output:
        """Raises nothing."""


class Output(Protocol):
    """An opened sound device: 48 kHz, float32."""

    name: str  # the device, as its system calls it
    layer: str  # the library, and the system's own layer below it
    channels: int
    latency: float  # seconds from a block's rendering to its sound, as far as the layer says

    @property
    def xruns(self) -> int:
        """How often the device ran dry so far, as far as that can be known."""

    @property
    def alive(self) -> bool:
        """Whether the device still asks for blocks; cheap, to be asked every few milliseconds."""

    def start(self, render: Render, rest: Rest | None = None) -> None:
        """Have `render` fill one block (n, channels) after another, on the audio thread. Whoever refuses is dead.

        rest: what an output that can keep its device in silence without blocks does then; others have no need of it.
        """

    def rouse(self) -> None:
        """Something is to be heard: no silence is kept any longer. Any thread, at any time."""

    def stop(self) -> None:
        """No block is asked for once this returns. May be called at any time, also twice."""


def open_output(prefer: str = "", buffer: Buffer = "normal", *, no_other: bool = False, channels: int = 2) -> Output:
    """The best output there is. Raises nothing.

    A PulseAudio or PipeWire server is spoken to directly: through PortAudio and ALSA's plug-in the same sound costs
    half as much again, and waits longer. Elsewhere PortAudio, else miniaudio, else a silent clock.

    prefer: `silent`, `libpulse`, `sounddevice`, `miniaudio`, or part of a device's name, also as `miniaudio:NAME`.
    channels: as many are asked for, at least 2; a device that has fewer is opened with what it has.
    no_other: where a device is named and is not there, the silent clock rather than the default device.
    """
    layer, device = _parted(prefer)
    openers: dict[str, Callable[[str], Output]] = {
        "libpulse": lambda device: PulseOutput(device, buffer, channels),
        "sounddevice": lambda device: SoundDeviceOutput(device, buffer, channels),
        "miniaudio": lambda device: MiniaudioOutput(device, buffer, channels),
        SILENT: lambda device: SilentOutput(),
    }
    names = [layer] if layer else [*_LAYERS]
    for wanted in [device] if no_other else dict.fromkeys([device, ""]):
        for name in names:
            try:
                return openers[name](wanted)
            except DeviceError:
                continue
    return SilentOutput()


def named(prefer: str) -> str:
    """The device that `prefer` names; empty where it names none, or only a layer."""
    return _parted(prefer)[1]


def _parted(prefer: str) -> tuple[str, str]:
    layer, _, device = prefer.partition(":")
    return (layer, device) if layer in ("", SILENT, *_LAYERS) else ("", prefer)


def devices() -> list[Device]:
    """Every device of every layer. The same one may stand there several times, as layers stand on one another."""
    server = out_pulse.listed()
    others = [*out_miniaudio.listed(), *out_sounddevice.listed()]
    return [*server, *(each for each in others if not (server and each.layer == "miniaudio/PulseAudio"))]
