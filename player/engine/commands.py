"""The engine's vocabulary. A batch is executed at one frame; what comes later stands in a `Later`.

Frames are int at 48 kHz. A batch's zero is the frame at which the engine takes it, so nobody needs to know
the engine's clock to be exact in it. Everything here is frozen and picklable.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from msgspec import Struct

from player.engine.source import SourceSpec

UNTIL_SCENE: Final = -1  # leaves when another scene is entered
UNTIL_END: Final = -2  # plays on; a number from 0 is the scene to leave at

MAIN: Final = "main"  # the output of whatever names none

Curve = Literal["linear", "equal-power", "s-curve", "exponential"]


class Shape(NamedTuple):
    """A rise or fall of gain: how many frames, along which curve."""

    frames: int
    curve: str = "equal-power"


DECLICK: Final = Shape(240)  # 5 ms, for every edge inside a recording that has no fade of its own


BACK: Final = Shape(14_400, "linear")  # 0.3 s, in which what is undone makes room for what comes back


class Target(NamedTuple):
    """Whom a command means. `all` spares the voices of the firing `serial`."""

    kind: Literal["all", "song", "cue", "voice"]
    key: str = ""
    voice: int = 0
    serial: int = 0


class Start(Struct, frozen=True):
    """A voice begins with frame `begin` of its source and ends before frame `end`, both song time."""

    voice: int
    source: SourceSpec
    begin: int
    end: int
    gain_db: float
    leave: Shape  # how it goes out when made to leave
    rise: Shape | None = None
    shape: Shape | None = None  # a written fade-out, ending exactly at `end`
    cut: bool = False  # `end` lies inside the material
    crossfade: Shape | None = None  # voices of earlier firings leave over this, and this one rises over it
    serial: int = 0
    song: str = ""
    cue: str = ""
    scene: int = 0
    until: int = UNTIL_SCENE
    preview: bool = False
    pan: float = 0.0  # -100 to 100: the far side falls linearly, the near one stays as it is
    exit: int = 0  # of a source with a loop: the token of the feed that goes on where the loop is left
    duck_db: float = 0.0  # below 0: all other voices of its output are held so much lower until it leaves or ends
    output: str = MAIN  # the timeline's name of where it is heard


class Move(Struct, frozen=True):
    """Level to `level_db`, linear in dB over `frames`; `-inf` ends the voice there."""

    target: Target
    level_db: float
    frames: int


class Stop(Struct, frozen=True):
    """The target leaves over `shape`, or each voice over its own."""

    target: Target
    shape: Shape | None = None


class Hold(Struct, frozen=True):
    """The target stands still, its fades and its end too; what waits for that end waits on."""

    target: Target


class Release(Struct, frozen=True):
    """What of the target stands still goes on with the frame it stood at."""

    target: Target


class LeaveLoops(Struct, frozen=True):
    """The target's loops are left where the pass that is playing ends. `endless`: only those without a count."""

    target: Target
    endless: bool = False


class Seek(Struct, frozen=True):
    """The voice goes on at frame `at` of its source. `token` names the feed that delivers from there."""

    voice: int
    at: int
    token: int
    onward: bool = False  # its loop is left by this, or was: `at` is song time


class Enter(Struct, frozen=True):
    """Step `step` is fired as `serial`, in `scene`: voices that should not outlive this leave.

    early: the step comes before its scene, so nothing leaves. opens: only the scene is entered, its cues come later.
    """

    step: int
    scene: int
    serial: int
    early: bool = False
    opens: bool = False


class Pass(Struct, frozen=True):
    """A cue without sound has its moment: tell the show."""

    cue: str


class Later(Struct, frozen=True):
    """`batch` (of anything but `Later` and `Auto`) comes `frames` after what it waits for.

    It waits for the batch's zero; or for the later `after`; or for the voice `end_of` to end by itself, `lead`
    before that. While its frames run it is dropped if the voice `owner` is made to leave; one that waits for the
    end of such a voice is dropped too, and with each all that waits for it in turn. Voices and laters share one
    sequence of numbers, 0 is none of them.
    film: it stands in a `Roll`, comes only while the film clock runs, and may hold laters itself; one that waits for
    nothing comes at film frame `frames`.
    """

    token: int
    batch: Batch
    frames: int = 0
    after: int = 0
    end_of: int = 0
    lead: int = 0
    owner: int = 0
    serial: int = 0
    member: bool = False  # its song is one of a set: it is dropped with what leaves, though nothing of it sounds
    film: bool = False


class Auto(Struct, frozen=True):
    """Hands-free: when the music of firing `serial` ends (`lead` before, `delay` after) `batch` comes.

    One at a time: the newest replaces the one before, and an empty batch only clears it.
    """

    serial: int
    batch: Batch
    lead: int = 0
    delay: int = 0


class Roll(Struct, frozen=True):
    """The film clock goes to film frame `at` (None: it stays), `by` frames on from there, and runs or stands (None:
    as before). `batch`, of film laters, takes the place of all that was to come by it; None leaves that alone.

    What is given a film frame that is over does not come.
    """

    at: int | None = None
    by: int = 0
    runs: bool | None = None
    batch: Batch | None = None


class Bring(Struct, frozen=True):
    """`batch` comes now in the place of the film's later `token`; nothing where that has come already."""

    token: int
    batch: Batch


class Restore(Struct, frozen=True):
    """What sounds leaves within 0.3 s, what waits is dropped, and all stands as in `there`, a `Moment`, coming in
    within 0.3 s. As the firing `serial` it can be undone; 0: nothing before it can.
    """

    there: object
    serial: int = 0


class Undo(Struct, frozen=True):
    """What the firings `serials` started leaves in 0.3 s, what they scheduled is dropped, and the voices they
    changed come back in 0.3 s where they would be by now, each under a new number: `base` and every second one
    after it. The number behind each is for the feed behind its loop.
    """

    serials: tuple[int, ...]
    base: int


class Pause(Struct, frozen=True):
    """Everything freezes at this frame, waits and fades too."""


class Resume(Struct, frozen=True):
    """Everything goes on with the frame it was frozen at."""


class Panic(Struct, frozen=True):
    """Everything leaves over `shape`; what is still to come is dropped."""

    shape: Shape


class Master(Struct, frozen=True):
    """The level of all outputs: reached within 5 ms, at once while nothing sounds."""

    gain: float  # linear; 0 is mute


Command = (
    Start
    | Move
    | Stop
    | Hold
    | Release
    | LeaveLoops
    | Seek
    | Enter
    | Pass
    | Later
    | Auto
    | Roll
    | Bring
    | Restore
    | Undo
    | Pause
    | Resume
    | Panic
    | Master
)
Batch = tuple[Command, ...]


def starts(batch: Batch) -> tuple[Start, ...]:
    """Every voice that may start from this batch, in order, so that its feed can be made ready."""
    found: list[Start] = []
    for command in batch:
        match command:
            case Start():
                found.append(command)
            case Later(batch=inner) | Auto(batch=inner):
                found.extend(starts(inner))
            case Bring(batch=inner):
                found.extend(starts(inner))
            case Roll(batch=inner) if inner:
                found.extend(starts(inner))
    return tuple(found)
