"""A sound device, as a person chooses among them."""

from __future__ import annotations

from typing import Final, NamedTuple


class Device(NamedTuple):
    """layer: the library, and the system's own layer below it. default: what that layer plays to without a choice."""

    layer: str
    name: str
    default: bool


SILENT: Final = "silent"  # in place of a device's name: none at all
