"""What is to come, from what sounds now: what GO will do, and when each step would begin."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from itertools import accumulate

from player.engine import RATE
from player.engine.status import Status
from player.plan import Plan
from player.show import Show, Sounding
from player.ui import facts
from timeline import order, times
from timeline.model import AnyCue, Fade, FadeCue, OtherCue, SayCue, SongCue, StopCue

DAY = 24 * 3600


def go(show: Show) -> str:
    """What GO will do, in words."""
    return ", ".join(part for part in parts(show) if part)


def parts(show: Show) -> tuple[str, str]:
    """What GO will do, in words: what goes out because of it, and what the step's own cues do."""
    plan = show.plan
    heard = [each for each in show.sounding if not each.preview and not each.leaving]
    if show.at_end:
        return _loops(plan, heard), ""
    step = plan.steps[show.standby]
    cross = _crossfade(plan, step.cues)
    gone = [each for each in heard if cross is not None or _outstayed(plan, each, show.standby)]
    said = _leaving(plan, gone, cross)
    stays = [each for each in heard if each not in gone]
    loops = _loops(plan, stays)
    said += [loops] if loops else []
    own: list[str] = []
    for cue in step.cues:
        if cue.armed:
            words, stays = _does(plan, cue, stays, gone)
            own += [words] if words else []
    return ", ".join(said), ", ".join(own) if said or own else "no music"


def _outstayed(plan: Plan, heard: Sounding, step: int) -> bool:
    """Whether a voice leaves when this step's scene is entered."""
    until = heard.cue.until or plan.timeline.defaults.until or "scene"
    ids = [scene.id for scene in plan.timeline.scenes]
    if until == "end":
        return False
    if until in ids:
        return plan.steps[step].scene >= ids.index(until)
    return heard.cue.scene != plan.scene(step).id


def _crossfade(plan: Plan, cues: Iterable[AnyCue]) -> Fade | None:
    """The crossfade with which music of these cues comes in, if any does."""
    for cue in cues:
        cross: Fade | None = None
        if isinstance(cue, SongCue) and cue.armed:
            cross = order.crossfade(cue, plan.timeline)
        elif isinstance(cue, OtherCue) and cue.verb == "set" and cue.armed and plan.members(cue):
            cross = cue.crossfade or plan.timeline.defaults.crossfade
        if cross is not None:
            return cross
    return None


def _leaving(plan: Plan, gone: list[Sounding], cross: Fade | None) -> list[str]:
    fades = [each for each in gone if (cross or order.leaving(each.cue, plan.timeline)).length]
    cut = [each for each in gone if each not in fades]
    return [f"{verb} {_names(plan, some)}" for verb, some in (("fades", fades), ("stops", cut)) if some]


def _loops(plan: Plan, heard: list[Sounding]) -> str:
    held = [each for each in heard if each.region and not each.unlooped and not each.region.times]
    return f"leaves the loop of {_names(plan, held)}" if held else ""


def _does(plan: Plan, cue: AnyCue, heard: list[Sounding], gone: list[Sounding]) -> tuple[str, list[Sounding]]:
    """What a cue does, in words, and what of `heard` it leaves. "" where what it is for goes out anyway."""
    if isinstance(cue, SongCue):
        return f"starts {facts.song_title(plan, cue.song)}", heard
    verb = cue.verb if isinstance(cue, OtherCue) else ""
    target = None if isinstance(cue, SayCue) or verb in ("set", "send") else cue.target
    if target is None:
        return facts.cue_words(plan, cue), heard
    meant = [each for each in heard if _is(each, target)]
    if not meant:
        return ("" if any(_is(each, target) for each in gone) else facts.cue_words(plan, cue)), heard
    names = _names(plan, meant)
    stays = [each for each in heard if each not in meant]
    match cue:
        case StopCue():
            fades = any((cue.fade_out or order.leaving(each.cue, plan.timeline)).length for each in meant)
            return f"{'fades' if fades else 'stops'} {names}", stays
        case FadeCue(level=level):
            return (f"fades {names} out", stays) if level == -math.inf else (f"fades {names} to {level:g} dB", heard)
    return f"{verb}s {names}", heard


def _is(heard: Sounding, target: str) -> bool:
    return target in ("all", heard.cue.song, heard.cue.id)


def _names(plan: Plan, heard: Iterable[Sounding]) -> str:
    """Titles, each once: `Fever`, `Fever and Cherry Bomb`."""
    names = list(dict.fromkeys(facts.song_title(plan, each.cue.song) for each in heard))
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


# ---- when each step would begin


def lasts(plan: Plan, card: int) -> tuple[int, ...]:
    """Frames from each step's GO to the next one's, if that comes when the music is over. card: frames that a step
    without music takes.
    """
    return tuple(_lasts(plan, step, card) for step in range(len(plan.steps)))


def offsets(lengths: tuple[int, ...], first: int) -> tuple[int, ...]:
    """Seconds from the GO of step `first` to that of each step from it on, and to the end of the show."""
    return tuple(total // RATE for total in accumulate(lengths[first:], initial=0))


def _lasts(plan: Plan, step: int, card: int) -> int:
    """Frames from a step to the next one."""
    length = plan.length(step)
    if length is None:
        return card
    if plan.set_id is not None:
        return length + times.frames(plan.gap(step + 1) or Fraction(0))
    following = plan.first_song(step + 1) if step + 1 < len(plan.steps) else None
    cross = order.crossfade(following, plan.timeline) if following else None
    return max(0, length - (times.frames(cross.length) if cross else 0))


def begins(show: Show, status: Status) -> int:
    """Seconds until standby would begin: when what the step before it started is over, now if nothing sounds."""
    heard = [each for each in facts.sounds(show, status) if each.step == show.fired and not each.preview]
    lasting = [facts.music_left(show.plan, each) for each in heard if not each.leaving]
    soon = facts.next_in(show, status)
    if show.plan.set_id is not None and soon is not None:
        return soon // RATE
    if not lasting:
        return 0
    following = None if show.at_end else show.plan.first_song(show.standby)
    cross = order.crossfade(following, show.plan.timeline) if following else None
    return max(0, max(lasting) - (times.frames(cross.length) if cross else 0)) // RATE


def wall(seconds: int) -> str:
    """Seconds since midnight as a clock shows them: `21:04`."""
    minutes = seconds % DAY // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"
