"""How much sound waits in front of a device: less of it answers sooner, more of it survives a busy machine."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

Buffer = Literal["low", "normal", "safe"]
BUFFERS: Final[tuple[Buffer, ...]] = get_args(Buffer)


class Size(NamedTuple):
    """What each layer is asked for."""

    period_ms: int  # miniaudio: the period; on a PulseAudio server that is all it buffers
    block: int  # PortAudio: frames a block
    latency: Literal["low"] | float  # PortAudio: seconds, or what the device calls low


SIZES: Final[dict[Buffer, Size]] = {
    "low": Size(4, 128, 0.005),
    "normal": Size(8, 256, "low"),
    "safe": Size(30, 512, 0.04),
}
