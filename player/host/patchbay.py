"""From the mixer's buses to the channels of devices: what is mixed on a bus passes a limiter of its own."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from player.devices.output import Opener, Output, SilentOutput, open_output
from player.engine import RATE
from player.engine.delay import Delay
from player.engine.limiter import Limiter
from player.engine.mixer import Mixer
from player.engine.source import Samples
from player.host.routes import Bus, Routes, routes, short
from player.host.side import RING, Side
from player.host.wanted import Wanted

ROOM: Final = 8_192  # frames mixed in one go where there is more than one stereo device
LAST: Final = 0.5  # seconds a device may still play after nothing goes to it any more


class _Patch(Struct, frozen=True):
    """All that a block needs, exchanged as a whole. `sides`: with the numbers of their buses and room to lay these."""

    routes: Routes
    of: dict[str, int]
    plain: bool
    rooms: tuple[Samples, ...]
    limiters: tuple[Limiter, ...]
    sides: tuple[tuple[Side, tuple[int, ...], Samples], ...]
    ring: int  # frames that wait in front of each of these; the main device waits for them


class Patchbay:
    """One thread controls it, the main device's renders."""

    def __init__(self, wanted: Wanted, opener: Opener = open_output) -> None:
        """Devices besides the main one are opened by `tend`."""
        self._opener = opener
        self.limiter = Limiter() if wanted.limiter else None  # of the main bus
        self._leaving: list[tuple[float, Side]] = []
        self._wanted = wanted
        self._patch = self._made(wanted, ())
        self._routed: tuple[Mixer | None, _Patch | None] = None, None
        self._delay = Delay()  # of the main device
        self._block = 0  # frames of its largest block since there are others

    # -- the audio thread

    def render(self, mixer: Mixer, out: Samples) -> Samples:
        """Fill a block (n, channels) of the main device, and what goes to the others; returns the main bus."""
        patch = self._patch
        if self.rests(mixer) and mixer.rest(len(out)):
            out[:] = 0.0
            return out
        if self._routed[0] is not mixer or self._routed[1] is not patch:
            mixer.route(patch.of)
            self._routed = mixer, patch
        main = out
        if patch.plain and out.shape[1] == 2:
            mixer.render(out)
            if self.limiter is not None:
                self.limiter.process(out, mixer.peak)
        else:
            for first in range(0, len(out), ROOM):
                main = self._spread(patch, mixer, out[first : first + ROOM])
        self._wait(patch, out)
        return main

    def rests(self, mixer: Mixer) -> bool:
        """Whether silence of the mixer is heard as silence, on the one stereo device: most of the day."""
        if not self._patch.plain or self._delay.frames or (self.limiter is not None and not self.limiter.rests):
            return False
        return self._routed[1] is self._patch and self._routed[0] is mixer

    def _wait(self, patch: _Patch, out: Samples) -> None:
        """Let the main device be heard together with the others, also while they are not there: no edge when they come.

        The first frame of a block is heard at once, while in a ring it counts as older by the block.
        """
        self._block = max(self._block, len(out)) if patch.sides else 0
        self._delay.process(out, max(0, patch.ring - self._block))

    def _spread(self, patch: _Patch, mixer: Mixer, out: Samples) -> Samples:
        n = len(out)
        rooms = [room[:n] for room in patch.rooms]
        mixer.render(*rooms)
        for limiter, room in zip(patch.limiters, rooms, strict=False):  # none where the start asked for none
            limiter.process(room)
        out[:] = 0.0
        for bus, sound in zip(patch.routes.buses, rooms, strict=True):
            if bus.device == 0:
                _lay(out, bus, sound)
        for side, places, room in patch.sides:
            room[:n] = 0.0
            for place in places:
                _lay(room[:n], patch.routes.buses[place], rooms[place])
            side.write(room[:n])
        return rooms[0]

    # -- control

    @property
    def routes(self) -> Routes:
        """What goes where."""
        return self._patch.routes

    @property
    def delay(self) -> float:
        """Seconds that the main device waits for others."""
        return self._delay.frames / RATE

    @property
    def xruns(self) -> int:
        """How often devices besides the main one ran dry."""
        return sum(side.xruns for side, _, _ in self._patch.sides)

    def trouble(self, main: Output) -> str:
        """Which outputs are not heard, but for those that nothing is heard of with `main`; empty: all are."""
        found = [side.trouble for side, _, _ in self._patch.sides]
        if not isinstance(main, SilentOutput):
            found.append(short(self._patch.routes.on(0), main.channels, main.name))
        return "; ".join(filter(None, found))

    def want(self, wanted: Wanted, now: float) -> None:
        """Other devices or channels, if these are others. A device that stays plays on."""
        if self.limiter is not None:  # one that the start did not ask for would make the sound jump by its delay
            for limiter in self._patch.limiters:
                limiter.on = wanted.limiter
        before, self._wanted = self._wanted, wanted
        if routes(wanted) == self._patch.routes and wanted.buffer == before.buffer:
            return
        sides = tuple(side for side, _, _ in self._patch.sides)
        self._patch = self._made(wanted, sides)
        stay = [side for side, _, _ in self._patch.sides]
        self._leaving += [(now + LAST, side) for side in sides if side not in stay]

    def tend(self, now: float) -> list[str]:
        """What has to be done every few milliseconds; returns lines for the log."""
        for entry in [entry for entry in self._leaving if entry[0] <= now]:
            self._leaving.remove(entry)
            entry[1].stop()
        return [line for side, _, _ in self._patch.sides if (line := side.tend(now)) is not None]

    def stop(self) -> None:
        """No block is asked for once this returns."""
        for side in [*(side for side, _, _ in self._patch.sides), *(side for _, side in self._leaving)]:
            side.stop()

    def _made(self, wanted: Wanted, sides: tuple[Side, ...]) -> _Patch:
        found = routes(wanted)
        plain = found.plain
        limiters: tuple[Limiter, ...] = ()
        if self.limiter is not None:
            limiters = (self.limiter, *(Limiter() for _ in found.buses[1:]))
            for limiter in limiters:
                limiter.on = wanted.limiter
        return _Patch(
            found,
            found.of,
            plain,
            () if plain else tuple(np.zeros((ROOM, 2), np.float32) for _ in found.buses),
            limiters,
            tuple(self._side(found, place + 1, wanted, sides) for place in range(len(found.devices))),
            round(RING[wanted.buffer] * RATE) if found.devices else 0,
        )

    def _side(
        self, found: Routes, place: int, wanted: Wanted, sides: tuple[Side, ...]
    ) -> tuple[Side, tuple[int, ...], Samples]:
        device, buses = found.devices[place - 1], found.on(place)
        side = next((s for s in sides if (s.device, s.buses, s.buffer) == (device, buses, wanted.buffer)), None)
        side = side or Side(device, buses, wanted.buffer, self._opener)
        places = tuple(i for i, bus in enumerate(found.buses) if bus.device == place)
        return side, places, np.zeros((ROOM, found.channels(place)), np.float32)


def _lay(out: Samples, bus: Bus, sound: Samples) -> None:
    """Add what is mixed to its channels: one takes both sides, halved. A channel that is not there takes nothing."""
    columns = bus.columns
    if max(columns) >= out.shape[1]:
        return
    if len(columns) == 1:
        out[:, columns[0]] += 0.5 * (sound[:, 0] + sound[:, 1])
        return
    for side, column in enumerate(columns):
        out[:, column] += sound[:, side]
