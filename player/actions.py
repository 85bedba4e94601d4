"""What a person can ask of the show, whichever way they ask: key, mouse, text or remote."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Go:
    """Fire the standby step and move on. `by_hand` is guarded against a second press; `auto` is not."""

    by_hand: bool = True


@dataclass(frozen=True, slots=True)
class UndoGo:
    """Take back the last GO: what it fired fades, what it stopped or moved comes back, standby returns."""


@dataclass(frozen=True, slots=True)
class MoveStandby:
    by: int


@dataclass(frozen=True, slots=True)
class Standby:
    """Standby on this step; len(steps) is END."""

    step: int


@dataclass(frozen=True, slots=True)
class SeekBy:
    seconds: Fraction


@dataclass(frozen=True, slots=True)
class SeekTo:
    """`at` is in frames of song time."""

    voice: int
    at: int
    turn: int = 0  # which pass of its loop the voice is in; the session knows


@dataclass(frozen=True, slots=True)
class Pause:
    on: bool | None = None  # None: the other way


@dataclass(frozen=True, slots=True)
class Hotkey:
    """Fire the cue that has this key, in the spelling of `timeline.hotkeys`; standby stays."""

    key: str


@dataclass(frozen=True, slots=True)
class LeaveLoops:
    """Every loop is left where the pass that is playing ends."""


@dataclass(frozen=True, slots=True)
class FadeOut:
    """The target cue leaves over its own fade-out."""


@dataclass(frozen=True, slots=True)
class Panic:
    """Everything fades over 2 s; asked again within 2 s, everything stops now."""


@dataclass(frozen=True, slots=True)
class StopNow:
    """Everything stops now."""


@dataclass(frozen=True, slots=True)
class LevelBy:
    db: float


@dataclass(frozen=True, slots=True)
class Level:
    db: float


@dataclass(frozen=True, slots=True)
class SetGain:
    """The level of one voice that sounds."""

    voice: int
    db: float


@dataclass(frozen=True, slots=True)
class Mute:
    on: bool | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """Hear the standby step's first song, standby stays; again stops it."""


@dataclass(frozen=True, slots=True)
class TakeUp:
    """Go on where the last run broke off, if that is offered."""


@dataclass(frozen=True, slots=True)
class Lock:
    on: bool | None = None


Action = (
    Go
    | UndoGo
    | MoveStandby
    | Standby
    | SeekBy
    | SeekTo
    | Pause
    | Hotkey
    | LeaveLoops
    | FadeOut
    | Panic
    | StopNow
    | LevelBy
    | Level
    | SetGain
    | Mute
    | Preview
    | TakeUp
    | Lock
)
