"""What is left of a set, when it ends by the clock, and what to skip where that is too late."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from player.engine import RATE
from player.engine.status import Status
from player.plan import Plan
from player.show import Show, comes
from player.ui import facts
from timeline import times
from timeline.words import listed

DAY: Final = 24 * 3600
LATE: Final = DAY // 2  # a time of day that is further ahead than this is one of before


class Tally(NamedTuple):
    """The foot of a set's list. Times as texts."""

    songs: str
    total: str
    left: str
    ends: str
    advice: str
    late: bool
    planned: bool  # whether an end was asked for


def lasts(plan: Plan, step: int) -> int:
    """Frames from the end of the song before to the end of this one: gap, count-in and song."""
    return _gap(plan, step) + (plan.length(step) or 0)


def total(plan: Plan) -> int:
    """Frames of the whole set; songs that wait for GO follow at once."""
    return sum(lasts(plan, step) for step in range(len(plan.steps))) - (_gap(plan, 0) if plan.steps else 0)


def remains(show: Show, status: Status) -> int:
    """Frames until all that stands from now on is over, if each GO comes at once."""
    plan = show.plan
    playing = _playing(show, status)
    ahead = sum(lasts(plan, step) for step in range(show.standby, len(plan.steps)))
    if not show.at_end:
        soon = facts.next_in(show, status)
        if soon is not None and not playing:
            ahead += soon - _gap(plan, show.standby)
        elif not playing or comes(show) != show.standby:
            ahead -= _gap(plan, show.standby)
    again = plan.length(show.fired) or 0 if show.again and show.fired is not None else 0
    return playing + again + ahead


def _playing(show: Show, status: Status) -> int:
    """Frames until what plays of the set is over."""
    heard = [each for each in facts.sounds(show, status) if each.step == show.fired and not each.preview]
    return max((facts.music_left(show.plan, each) for each in heard if not each.leaving), default=0)


def _gap(plan: Plan, step: int) -> int:
    return times.frames(plan.gap(step) or Fraction(0))


def tally(show: Show, status: Status, clock: int, finish: int | None, key: str = "") -> Tally:
    """The foot of the list at a time of day. finish: when it is to be over, in seconds since midnight."""
    plan = show.plan
    count = len(plan.steps)
    left = -(-remains(show, status) // RATE)
    ends = clock + left
    advice, late = _advice(show, ends, _ahead(finish, clock)) if finish is not None else ("", False)
    if finish is None and key:
        advice = f"{key}: when it is to be over"
    songs = f"{count} song" + "s" * (count != 1)
    whole = facts.plain(-(-total(plan) // RATE))
    return Tally(songs, whole, facts.plain(left), wall(ends), advice, late, finish is not None)


def _ahead(finish: int, clock: int) -> int:
    """The time of day `finish` that is meant, in seconds from the midnight before `clock`."""
    day = finish
    while day < clock - LATE:
        day += DAY
    while day > clock + LATE:
        day -= DAY
    return day


def _advice(show: Show, ends: int, finish: int) -> tuple[str, bool]:
    over = ends - finish
    by = wall(finish)
    if over <= 0:
        return f"{_minutes(-over)} to spare before {by}", False
    songs = skipped(show, over)
    if not songs:
        return f"{_minutes(over)} too long for {by}: nothing is left to skip", True
    names = listed([show.plan.title(step) for step in songs], "and")
    much = "" if sum(lasts(show.plan, step) for step in songs) >= over * RATE else f"; still too long for {by}"
    return f"Skip {_number(len(songs))} to finish by {by}: {names}{much}", True


def skipped(show: Show, over: int) -> tuple[int, ...]:
    """The fewest songs still to come that take so many seconds, in their order; all where that is not enough."""
    plan = show.plan
    left = sorted(range(show.standby, len(plan.steps)), key=lambda step: (-lasts(plan, step), -step))
    taken: list[int] = []
    for step in left:
        if sum(lasts(plan, each) for each in taken) >= over * RATE:
            break
        taken.append(step)
    return tuple(sorted(taken))


def _number(count: int) -> str:
    words = ("none", "one", "two", "three", "four", "five", "six")
    return words[count] if count < len(words) else str(count)


def _minutes(seconds: int) -> str:
    return f"{-(-seconds // 60)} min" if seconds >= 60 else f"{seconds} s"


def wall(seconds: int) -> str:
    """Seconds since midnight as a clock shows them: `21:04`."""
    minutes = seconds % DAY // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def time_of_day(text: str) -> int | None:
    """Seconds since midnight that a person means by `22:00`, `22.30`, `2230`, `22` or `10:30 pm`; None for no time."""
    words = text.strip().lower().replace(" ", "")
    half = words[-2:] if words[-2:] in ("am", "pm") else ""
    digits = words.removesuffix(half).replace(".", ":").removesuffix("h")
    hours, _, minutes = digits.partition(":") if ":" in digits or len(digits) < 3 else (digits[:-2], "", digits[-2:])
    if not hours.isdecimal() or not (minutes or "0").isdecimal() or len(hours) > 2 or len(minutes) not in (0, 2):
        return None
    hour, minute = int(hours), int(minutes or "0")
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    return (hour % 24) * 3600 + minute * 60 if hour <= 24 and minute < 60 else None
