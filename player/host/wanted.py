"""What a person wants of the sound; the engine's process gets it by its environment, later changes as messages."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, MutableMapping
from typing import Final, Literal

from msgspec import Struct

from player.devices.buffers import BUFFERS, Buffer

_OUTPUT: Final = "NEEDLEDROP_OUTPUT"
_OUTPUTS: Final = "NEEDLEDROP_OUTPUTS"
_BUFFER: Final = "NEEDLEDROP_BUFFER"
_LIMITER: Final = "NEEDLEDROP_LIMITER"
_LOSS: Final = "NEEDLEDROP_ON_UI_LOSS"
_GIVEN: Final = frozenset(name for name in (_OUTPUT, _OUTPUTS, _BUFFER, _LIMITER, _LOSS) if name in os.environ)

MOST_CHANNELS: Final = 64

Loss = Literal["play", "fade"]
LOSSES: Final[tuple[Loss, ...]] = ("play", "fade")


class Patch(Struct, frozen=True):
    """Where an output is heard. device: part of its name, empty for the main one; channels: one or two, from 1."""

    output: str
    device: str = ""
    channels: tuple[int, ...] = ()


class Wanted(Struct, frozen=True):
    """device: part of its name, or a layer (see `open_output`); empty for the system's own choice. Its clock drives.

    outputs: those of the timeline that have a place of their own. loss: what an engine does whose window dies.
    """

    device: str = ""
    buffer: Buffer = "normal"
    limiter: bool = True
    loss: Loss = "play"
    outputs: tuple[Patch, ...] = ()


def from_environment(environment: Mapping[str, str] = os.environ) -> Wanted:
    """What the environment asks for; what it does not name, or names wrongly, is the usual."""
    named = environment.get(_BUFFER, "")
    return Wanted(
        device=environment.get(_OUTPUT, ""),
        buffer=next((buffer for buffer in BUFFERS if buffer == named), "normal"),
        limiter=environment.get(_LIMITER, "on") != "off",
        loss="fade" if environment.get(_LOSS, "") == "fade" else "play",
        outputs=_patches(environment.get(_OUTPUTS, "")),
    )


def _patches(text: str) -> tuple[Patch, ...]:
    """What `into_environment` wrote; nothing else is understood."""
    try:
        return tuple(Patch(output, device, tuple(channels)) for output, device, channels in json.loads(text or "[]"))
    except (ValueError, TypeError):
        return ()


def into_environment(wanted: Wanted, environment: MutableMapping[str, str] = os.environ) -> None:
    """Name there what is wanted, for engines to start. What the program was called with counts more, and stays."""
    usual = Wanted()
    named = {
        _OUTPUT: wanted.device,
        _OUTPUTS: json.dumps([(p.output, p.device, p.channels) for p in wanted.outputs]) if wanted.outputs else "",
        _BUFFER: wanted.buffer if wanted.buffer != usual.buffer else "",
        _LIMITER: "" if wanted.limiter else "off",
        _LOSS: "" if wanted.loss == usual.loss else wanted.loss,
    }
    for name, value in named.items():
        if name in _GIVEN:
            continue
        if value:
            environment[name] = value
        else:
            environment.pop(name, None)
