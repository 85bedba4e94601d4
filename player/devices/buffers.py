"""How much sound waits in front of a device: less of it answers sooner, more of it survives a busy machine."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

Buffer = Literal["low", "normal", "safe"]
BUFFERS: Final[tuple[Buffer, ...]] = get_args(Buffer)


class Held(NamedTuple):
    """What a sound server is asked for, in milliseconds."""

    held: int  # from the program to the sound
    request: int  # what it asks for in one go, at least


class Size(NamedTuple):
    """What each layer is asked for."""

    server: Held
    period_ms: int  # miniaudio: the period
    block: int  # PortAudio: frames a block
    latency: Literal["low"] | float  # PortAudio: seconds, or what the device calls low


SIZES: Final[dict[Buffer, Size]] = {
    "low": Size(Held(6, 2), 4, 128, 0.005),
    "normal": Size(Held(16, 8), 8, 256, "low"),
    "safe": Size(Held(45, 15), 30, 512, 0.04),
}
