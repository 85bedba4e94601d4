"""What comes by the film clock: each run of cues and each scene as one later, and the state of that clock in the show.

A scene is entered at its `at`. A cue that opens a run comes at its own `at`, else when the cue before it ends, else
with its scene; within a run cues chain as written. A scene without `at` waits for GO, and so do its runs, unless a
chain leads into it.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from player.engine.commands import Batch, Command, Enter, Hold, Later, Move, Release, Start, Stop, Target
from player.plan import Plan
from player.score import Gate, Part, Run, Score, Writer
from timeline import order
from timeline.model import AnyCue, OtherCue, SongCue, When
from timeline.times import frames


class Reel(Struct, frozen=True):
    """The film clock: at frame `since` of the engine's clock it showed film frame `at`, and runs on or stands.

    A pause of everything stands still too, though `runs` stays. armed: cues come by it. fresh: it was set to another
    place while it stood, so that what sounds there is brought in when it starts.
    """

    at: int = 0
    since: int = 0
    runs: bool = False
    armed: bool = False
    fresh: bool = False


def film_frame(reel: Reel, paused: bool, clock: int) -> int:
    """The film frame at frame `clock` of the engine's clock."""
    return reel.at + (max(0, clock - reel.since) if reel.runs and not paused else 0)


class Program(Struct, frozen=True):
    """All that is to come: the laters, the number of each step's, and the next free number."""

    batch: Batch
    pending: Mapping[int, int]
    free: int


def frame(at: When) -> int:
    """The film frame of a film time."""
    return frames(max(at.seconds, Fraction(0)))


class _Facts(Struct, frozen=True):
    """What is known of a step whatever has come: when its scene is entered, if it opens one, and when it comes."""

    opens: bool
    entry: int | None
    due: int | None
    led_into: bool


@lru_cache(maxsize=2)
def _facts(plan: Plan) -> tuple[_Facts, ...]:
    return tuple(
        _Facts(_opens(plan, step), entry, _due(plan, step), _led_into(plan, step))
        for step in range(len(plan.steps))
        for at in (plan.scene(step).at,)
        for entry in (None if at is None else frame(at),)
    )


def due(plan: Plan, step: int) -> int | None:
    """The film frame at which a step comes; None where it waits for the cue before it, a chain, or GO."""
    return _facts(plan)[step].due


def _due(plan: Plan, step: int) -> int | None:
    own, scene = _own(plan, step), plan.scene(step).at
    if own is not None:
        return frame(own)
    return frame(scene) if scene is not None and _opens(plan, step) else None


def program(
    plan: Plan,
    free: int,
    *,
    since: int = 0,
    begun: Container[int] = (),
    playing: Mapping[int, int] | None = None,
    hands_free: bool = False,
) -> Program:
    """What is still to come by the film from film frame `since` on, in its order.

    begun: the steps that have come, which do not come again. playing: by step, the voice that ends it, where it
    still sounds or is to.
    """
    laters: list[Later] = []
    pending: dict[int, int] = {}
    ended: Later | None = None  # what waits for the cue before
    for step, facts in enumerate(_facts(plan)):
        at, entry = facts.due, facts.entry
        if facts.opens:
            ended = None if entry is None else Later(0, (), entry, film=True)
            if entry is not None and entry != at and entry >= since and (step not in begun or _leads(at, since)):
                laters.append(_entry(plan, step, free, entry))
                free += 2
        if step in begun:
            voice = (playing or {}).get(step, 0)
            ended = Later(0, (), end_of=voice, film=True) if voice else _silent_end(plan, step, at, ended)
            continue
        if facts.led_into:
            ended = None
            continue
        waits = Later(0, (), at, film=True) if at is not None else ended
        timed = waits is not None and not (waits.end_of or waits.after)
        if waits is None or (timed and waits.frames < since):
            ended = None
            continue
        written, over = run(plan, step, free, hands_free=hands_free)
        ended = None if any(each.last == over.end_of for each in written.runs) else over  # a set without end has none
        lead = _lead(plan, step) if waits.end_of else 0
        serial = written.serials[0]
        laters.append(replace(waits, token=free, batch=written.batch, lead=lead, serial=serial))
        pending[step] = free
        free = written.free
    laters.sort(key=lambda later: (bool(later.end_of or later.after), later.frames))
    return Program(tuple(laters), pending, free)


def _silent_end(plan: Plan, step: int, at: int | None, before: Later | None) -> Later | None:
    """What waits for the end of a step that has come by the film and plays nothing, as a fade; None for any other."""
    if plan.steps[step].chains or plan.music(step):
        return None
    slots, _ = plan.slots(step)
    if not slots:
        return None
    if at is not None:
        return Later(0, (), frames(_seconds(plan, step) + slots[-1].end), film=True)
    if before is None or before.end_of:
        return None
    return Later(0, (), before.frames + frames(slots[-1].end), film=True)


def _leads(at: int | None, since: int) -> bool:
    """Whether a scene whose first cue came at film frame `at` is still to be entered after that."""
    return at is not None and at <= since


class _Piece(Struct, frozen=True):
    """A step as the later 0 would hold it, its numbers from 1 on; `waits` is the later of what waits for its end."""

    score: Score
    waits: Later
    by_chance: bool  # the order of a set is drawn by the number of its firing, so it is written anew each time


@lru_cache(maxsize=4)
def _pieces(plan: Plan, hands_free: bool) -> dict[int, _Piece]:
    """The steps written so far: a film is planned anew at each jump, and each step is the same but for its numbers."""
    return {}


def run(plan: Plan, step: int, token: int, *, hands_free: bool = False) -> tuple[Score, Later]:
    """A step and what is chained to it as the later `token` holds it; and the later of whatever waits for its end."""
    piece = _piece(plan, step, hands_free)
    if piece.by_chance:
        piece, by = _write(plan, step, token, hands_free), 0
    else:
        by = token
    score, waits = _moved_score(piece.score, by), _moved_later(piece.waits, by)
    if not (waits.after or waits.end_of):
        waits = replace(waits, after=token)
    return score, waits


def _piece(plan: Plan, step: int, hands_free: bool) -> _Piece:
    pieces = _pieces(plan, hands_free)
    if step not in pieces:
        pieces[step] = _write(plan, step, 0, hands_free)
    return pieces[step]


def written(plan: Plan, step: int) -> Batch:
    """The commands of a step, without the numbers that they have in any run."""
    return _piece(plan, step, hands_free=False).score.batch


def _write(plan: Plan, step: int, token: int, hands_free: bool) -> _Piece:
    writer = Writer(plan, token + 1, hands_free)
    at = _seconds(plan, step)
    writer.gate = writer.ended = Gate(due=at, met=frames(at))
    writer.enter(step, early=_early(plan, step))
    writer.run(step)
    chance = _shuffles(plan, step)
    while plan.steps[step].chains and _led_into(plan, step + 1):
        step += 1
        writer.enter(step)
        writer.run(step)
        chance = chance or _shuffles(plan, step)
    over = writer.ended
    waits = replace(over.later, frames=max(0, frames(over.due) - over.met), film=True, owner=0, lead=0)
    return _Piece(writer.done(), waits, chance)


def _shuffles(plan: Plan, step: int) -> bool:
    return any(isinstance(cue, OtherCue) and cue.shuffle for cue in plan.steps[step].cues)


def _moved_score(score: Score, by: int) -> Score:
    """A score with numbers that are so much higher."""
    return Score(
        tuple(_moved(each, by) for each in score.batch),
        tuple(_moved_part(part, by) for part in score.parts),
        tuple(serial + by for serial in score.serials),
        score.free + by,
        tuple(_moved_run(each, by) for each in score.runs),
    )


def _moved(command: Command, by: int) -> Command:
    match command:
        case Start():
            leaves = command.exit + by if command.exit else 0
            return replace(command, voice=command.voice + by, serial=command.serial + by, exit=leaves)
        case Enter():
            return replace(command, serial=command.serial + by)
        case Later():
            return _moved_later(command, by)
        case Move(target=Target(kind="all")) | Stop(target=Target(kind="all")):
            return replace(command, target=_moved_target(command.target, by))
        case Hold(target=Target(kind="all")) | Release(target=Target(kind="all")):
            return replace(command, target=_moved_target(command.target, by))
    return command


def _moved_target(target: Target, by: int) -> Target:
    return target._replace(serial=target.serial + by)


def _moved_later(later: Later, by: int) -> Later:
    return replace(
        later,
        token=later.token + by if later.token else 0,
        batch=tuple(_moved(each, by) for each in later.batch),
        after=later.after + by if later.after else 0,
        end_of=later.end_of + by if later.end_of else 0,
        owner=later.owner + by if later.owner else 0,
        serial=later.serial + by if later.serial else 0,
    )


def _moved_part(part: Part, by: int) -> Part:
    return replace(part, voice=part.voice + by, serial=part.serial + by)


def _moved_run(run: Run, by: int) -> Run:
    return replace(run, serial=run.serial + by, opens=run.opens + by, last=run.last + by)


def closing(plan: Plan, voices: Mapping[int, tuple[int, str]]) -> dict[int, int]:
    """By step, the voice of its last song where that is among `voices` (number to step and song)."""
    found: dict[int, int] = {}
    for voice, (step, song) in sorted(voices.items()):
        if 0 <= step < len(plan.steps):
            last = next((cue for cue in reversed(plan.steps[step].cues) if cue.armed), None)
            if (isinstance(last, SongCue) and last.song == song) or _ending_set(last):
                found[step] = voice
    return found


def _ending_set(cue: AnyCue | None) -> bool:
    return isinstance(cue, OtherCue) and cue.verb == "set" and not cue.repeat


def scene_at(plan: Plan, film_frame: int) -> int | None:
    """The first step of the scene that is on at a film frame; None before the first."""
    found: tuple[int, int] | None = None
    for step in range(len(plan.steps)):
        at = plan.scene(step).at
        if at is not None and _opens(plan, step) and frame(at) <= film_frame and (not found or frame(at) >= found[0]):
            found = frame(at), step
    return found[1] if found else None


def _entry(plan: Plan, step: int, token: int, at: int) -> Later:
    """The entering of a scene whose cues come at another time."""
    writer = Writer(plan, token + 1)
    writer.enter(step, opens=True)
    return Later(token, writer.done().batch, at, serial=token + 1, film=True)


def _opens(plan: Plan, step: int) -> bool:
    return step == 0 or plan.steps[step - 1].scene != plan.steps[step].scene


def _own(plan: Plan, step: int) -> When | None:
    return next((cue.at for cue in plan.steps[step].cues if cue.armed), None)


def _led_into(plan: Plan, step: int) -> bool:
    """Whether a step has no time of its own and the scene above chains into it."""
    if step == 0 or not _opens(plan, step) or plan.scene(step).at is not None or _own(plan, step) is not None:
        return False
    return plan.steps[step - 1].chains


def _early(plan: Plan, step: int) -> bool:
    """Whether a run leads its scene, or has a time in a scene that has none."""
    own, scene = _own(plan, step), plan.scene(step).at
    return own is not None and (scene is None or frame(own) < frame(scene))


def _seconds(plan: Plan, step: int) -> Fraction:
    own, scene = _own(plan, step), plan.scene(step).at
    at = own or (scene if _opens(plan, step) else None)
    return max(at.seconds, Fraction(0)) if at is not None else Fraction(0)


def _lead(plan: Plan, step: int) -> int:
    first = next((cue for cue in plan.steps[step].cues if cue.armed), None)
    cross = order.crossfade(first, plan.timeline) if isinstance(first, SongCue) else None
    return frames(cross.length) if cross else 0
