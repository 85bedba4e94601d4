"""What a person can ask of the show, whichever way they ask: key, mouse, text or remote."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct


class Go(Struct, frozen=True):
    """Fire the standby step and move on. `by_hand` is guarded against a second press; `auto` is not.

    restore: with what a straight run to there would have sounding.
    """

    by_hand: bool = True
    restore: bool = False


class UndoGo(Struct, frozen=True):
    """Take back the last GO: what it fired fades, what it stopped or moved comes back, standby returns."""


class MoveStandby(Struct, frozen=True):
    by: int


class Standby(Struct, frozen=True):
    """Standby on this step; len(steps) is END."""

    step: int


class SeekBy(Struct, frozen=True):
    seconds: Fraction


class SeekTo(Struct, frozen=True):
    """`at` is in frames of song time."""

    voice: int
    at: int
    turn: int = 0  # which pass of its loop the voice is in; the session knows


class Pause(Struct, frozen=True):
    on: bool | None = None  # None: the other way


class Hotkey(Struct, frozen=True):
    """Fire the cue that has this key, in the spelling of `timeline.hotkeys`; standby stays."""

    key: str


class LeaveLoops(Struct, frozen=True):
    """Every loop is left where the pass that is playing ends."""


class FadeOut(Struct, frozen=True):
    """The target cue leaves over its own fade-out."""


class Panic(Struct, frozen=True):
    """Everything fades over 2 s; asked again within 2 s, everything stops now."""


class StopNow(Struct, frozen=True):
    """Everything stops now."""


class LevelBy(Struct, frozen=True):
    db: float


class Level(Struct, frozen=True):
    db: float


class SetGain(Struct, frozen=True):
    """The level of one voice that sounds."""

    voice: int
    db: float


class Mute(Struct, frozen=True):
    on: bool | None = None


class StopAfter(Struct, frozen=True):
    """When what plays has ended, nothing comes by itself."""

    on: bool | None = None  # None: the other way


class Repeat(Struct, frozen=True):
    """What was fired last comes once more when it has ended; where it has, standby goes back to it."""

    on: bool | None = None


class RollFilm(Struct, frozen=True):
    """The film clock runs, or stands."""

    on: bool | None = None  # None: the other way


class NudgeFilm(Struct, frozen=True):
    """The film clock goes on or back; what sounds stays as it is."""

    seconds: Fraction


class SetFilm(Struct, frozen=True):
    """The film clock to this film time; where it runs, with what should be sounding there."""

    at: Fraction


class TapFilm(Struct, frozen=True):
    """The same to the film time of the scene in standby."""


class StandbyAtFilm(Struct, frozen=True):
    """Standby to the scene at the film clock."""


class Preview(Struct, frozen=True):
    """Hear the standby step's first song, standby stays; again stops it."""


class TakeUp(Struct, frozen=True):
    """Go on where the last run broke off, if that is offered."""


class Lock(Struct, frozen=True):
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
    | StopAfter
    | Repeat
    | RollFilm
    | NudgeFilm
    | SetFilm
    | TapFilm
    | StandbyAtFilm
    | Preview
    | TakeUp
    | Lock
)
