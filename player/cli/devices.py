"""`needledrop devices`: what the sound can go to."""

from __future__ import annotations

import argparse
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from player.terminal import say, say_json

if TYPE_CHECKING:
    from player.host.wanted import Patch

COMMANDS: Final = ("devices",)


def declare(commands: Any) -> None:
    """Add the command to the parser of all commands."""
    devices = commands.add_parser("devices", help="list the sound devices, by the layers that reach them")
    devices.add_argument("--json", action="store_true", help="for programs")
    devices.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Carry it out; returns the exit code."""
    from player.devices.output import devices  # noqa: PLC0415  the other commands do without numpy

    found = devices()
    if options.json:
        say_json([device._asdict() for device in found])
        return 0
    for layer, members in groupby(found, key=lambda device: device.layer):
        say(layer)
        for device in members:
            say(f"  {'*' if device.default else ' '} {device.name}")
    if found:
        say("* is what a layer plays to without a choice; `device` in the settings holds a part of a name")
    else:
        say("no sound device: shows run in silence")
    from player import settings  # noqa: PLC0415

    for patch in settings.load(settings.default_path())[0].outputs:
        say(_place(patch))
    return 0


def _place(patch: Patch) -> str:
    """Where the settings let an output be heard."""
    device = f'"{patch.device}"' if patch.device else "the device of main"
    channels = f", channel {' and '.join(map(str, patch.channels))}" if patch.channels else ""
    return f"output {patch.output}: {device}{channels}"
