"""What the engine tells of itself: figures at any moment, and events at exact frames."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

About = Literal["engine", "device", "outputs"]  # the process, the main device, those besides it


class VoiceStatus(Struct, frozen=True):
    """One sounding voice. Frames are song time; `gain` is linear, every ramp included.

    end: `at` and the frames until it falls silent, which is before the end of its cue once it is made to leave,
    and behind it while a loop has passes to come; of a loop without a count, as if it were left at this pass's end.
    held: it stands still. turn: which pass of its loop it is in, from 0; looping: the loop is not left yet.
    """

    voice: int
    at: int
    end: int
    gain: float
    leaving: bool
    held: bool = False
    looping: bool = False
    turn: int = 0


class Status(Struct, frozen=True):
    """The engine at one block's end. `clock` counts every frame, `show` those that were not paused."""

    clock: int = 0
    show: int = 0
    paused: bool = False
    voices: tuple[VoiceStatus, ...] = ()
    peak: tuple[float, float] = (0.0, 0.0)  # linear, the last block's loudest sample of any bus, after master level
    load: float = 0.0  # share of a block's time that mixing takes, smoothed
    worst: float = 0.0  # the largest such share in the last ten seconds
    latency: float = 0.0  # seconds from the mixing of a frame to its sound, as far as the device says
    limited_db: float = 0.0  # how far the limiter turned the last block down
    late: int = 0  # blocks that took longer than their time, or found a feed empty
    xruns: int = 0
    device: str = ""  # name for a person, "" before one is open
    silent: bool = False  # no device: time goes on, nothing is heard
    alive: bool = True  # False: the engine process does not answer
    asleep: bool = False  # the device is closed until the first key


class Fired(Struct, frozen=True):
    """A step was entered, by GO, by a chain or by the film. `serial` names this firing for good.

    opens: only its scene was; its cues come later.
    """

    clock: int
    step: int
    serial: int
    opens: bool = False


class Started(Struct, frozen=True):
    clock: int
    voice: int


class Ended(Struct, frozen=True):
    """A voice is gone. `natural`: it came to its end; else it was made to leave."""

    clock: int
    voice: int
    natural: bool


class Left(Struct, frozen=True):
    """A voice begins to go out."""

    clock: int
    voice: int


class Held(Struct, frozen=True):
    """A voice stands still by a cue, or goes on again. `on`: it stands."""

    clock: int
    voice: int
    on: bool


class Unlooped(Struct, frozen=True):
    """A voice has left its loop and plays on."""

    clock: int
    voice: int


class Revived(Struct, frozen=True):
    """A voice that was stopped or moved is back, as `voice`, because what did that was undone."""

    clock: int
    voice: int
    was: int
    leaving: bool
    held: bool
    looping: bool


class Passed(Struct, frozen=True):
    """A cue without sound of its own had its moment: `cue` is its key."""

    clock: int
    cue: str


class Rolled(Struct, frozen=True):
    """The film clock stands at film frame `at`, and runs on from here or not; told whenever that has changed."""

    clock: int
    at: int
    runs: bool


class Over(Struct, frozen=True):
    """The sum went above full scale; `peak` is linear. At most one a second. `limited`: what is heard does not."""

    clock: int
    peak: float
    limited: bool = False
    bus: int = 0


class Broke(Struct, frozen=True):
    """Material could not be read on: the voice is silent from here and keeps its timing."""

    clock: int
    voice: int
    why: str


class DeviceNews(Struct, frozen=True):
    """A device came, went or changed, or the process that holds them; `text` is one line for a person.

    silent: what it is about is not heard, of the outputs at least one.
    """

    clock: int
    text: str
    silent: bool
    about: About = "device"


Event = Fired | Started | Ended | Left | Held | Unlooped | Revived | Passed | Rolled | Over | Broke | DeviceNews
