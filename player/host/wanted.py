"""What a person wants of the sound; the engine's process gets it by its environment, later changes as messages."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from typing import Final, Literal

from msgspec import Struct

from player.devices.buffers import BUFFERS, Buffer

_OUTPUT: Final = "NEEDLEDROP_OUTPUT"
_BUFFER: Final = "NEEDLEDROP_BUFFER"
_LIMITER: Final = "NEEDLEDROP_LIMITER"
_LOSS: Final = "NEEDLEDROP_ON_UI_LOSS"
_GIVEN: Final = frozenset(name for name in (_OUTPUT, _BUFFER, _LIMITER, _LOSS) if name in os.environ)

Loss = Literal["play", "fade"]
LOSSES: Final[tuple[Loss, ...]] = ("play", "fade")


class Wanted(Struct, frozen=True):
    """device: part of its name, or a layer (see `open_output`); empty for the system's own choice.

    loss: what an engine does whose window dies.
    """

    device: str = ""
    buffer: Buffer = "normal"
    limiter: bool = True
    loss: Loss = "play"


def from_environment(environment: Mapping[str, str] = os.environ) -> Wanted:
    """What the environment asks for; what it does not name, or names wrongly, is the usual."""
    named = environment.get(_BUFFER, "")
    return Wanted(
        device=environment.get(_OUTPUT, ""),
        buffer=next((buffer for buffer in BUFFERS if buffer == named), "normal"),
        limiter=environment.get(_LIMITER, "on") != "off",
        loss="fade" if environment.get(_LOSS, "") == "fade" else "play",
    )


def into_environment(wanted: Wanted, environment: MutableMapping[str, str] = os.environ) -> None:
    """Name there what is wanted, for engines to start. What the program was called with counts more, and stays."""
    usual = Wanted()
    named = {
        _OUTPUT: wanted.device,
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
