"""Where each output of the timeline is heard: on which device, on which of its channels, mixed on which bus."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from player.devices.device import SILENT
from player.engine.commands import MAIN
from player.host.wanted import Patch, Wanted

STEREO: Final = (0, 1)


class Bus(Struct, frozen=True):
    """What is mixed together: the outputs on it, the device (0: the main one), its channels counted from 0."""

    outputs: tuple[str, ...]
    device: int = 0
    columns: tuple[int, ...] = STEREO


class Routes(Struct, frozen=True):
    """All buses, the main one first, and the devices besides the main one, as the person named them."""

    buses: tuple[Bus, ...] = (Bus((MAIN,)),)
    devices: tuple[str, ...] = ()

    @property
    def of(self) -> dict[str, int]:
        """The bus of each output that has a place."""
        return {output: place for place, bus in enumerate(self.buses) for output in bus.outputs}

    @property
    def plain(self) -> bool:
        """Whether all there is is one stereo device."""
        return len(self.buses) == 1 and self.buses[0].columns == STEREO

    def on(self, device: int) -> tuple[Bus, ...]:
        """The buses of a device."""
        return tuple(bus for bus in self.buses if bus.device == device)

    def channels(self, device: int) -> int:
        """How many channels of a device are used, those below them included; at least 2."""
        return max(2, *(max(bus.columns) + 1 for bus in self.on(device)))


def routes(wanted: Wanted) -> Routes:
    """What the person's settings make of the outputs: those with the same device and channels share a bus.

    What has no place is heard with main. Where there is to be no sound at all, nothing has.
    """
    if wanted.device == SILENT:
        return Routes()
    places: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    main = next((patch for patch in wanted.outputs if patch.output == MAIN), Patch(MAIN))
    for patch in (main, *(patch for patch in wanted.outputs if patch.output != MAIN)):
        known = patch is main or patch.device.casefold() in ("", wanted.device.casefold())
        columns = tuple(channel - 1 for channel in patch.channels) or STEREO
        places.setdefault(("" if known else patch.device.casefold(), columns), []).append(patch.output)
    named = {patch.device.casefold(): patch.device for patch in reversed(wanted.outputs)}
    order = list(dict.fromkeys(["", *(device for device, _ in places)]))
    return Routes(
        tuple(Bus(tuple(outputs), order.index(device), columns) for (device, columns), outputs in places.items()),
        tuple(named[device] for device in order[1:]),
    )


def short(buses: tuple[Bus, ...], channels: int, device: str) -> str:
    """What is wrong where a device has fewer channels than its buses need; empty: nothing."""
    lost = [output for bus in buses if max(bus.columns) >= channels for output in bus.outputs]
    need = max(max(bus.columns) + 1 for bus in buses)
    return f"{device} has {channels} channels, not {need}: no sound of {', '.join(lost)}" if lost else ""
