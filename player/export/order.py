"""The running order on paper: steps, cues, lengths, and what each song resolves to and why."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from player.engine import RATE
from player.plan import Plan
from timeline.model import AnyCue, FadeCue, OtherCue, SayCue, SongCue, StopCue
from timeline.times import exact, short
from timeline.words import listed


def as_text(plan: Plan) -> list[str]:
    """One line a step, one a cue below it, and a last line with the sums."""
    lines: list[str] = []
    for step in plan.steps:
        scene = plan.scene(step.index)
        at = ("~" if scene.at.estimate else "") + exact(scene.at.seconds, hours=True) if scene.at else ""
        length = plan.length(step.index)
        if plan.set_id is not None:
            at = _gap(plan, step.index)
        sounds = short(length / RATE) if length is not None else "card"
        lines.append(
            f"{step.index + 1:>3}  {plan.number(step.index):<6} {at:<12} {sounds:>6}  {scene.title} [{scene.id}]"
        )
        slots = {id(slot.cue): slot for slot in plan.slots(step.index)[0]}
        entry = plan.entry(step.index)
        if entry and entry.count:
            lines.append(f"{'':>10} {'+0:00':<12} count {entry.count}")
        if entry and entry.note:
            lines.append(f"{'':>10} {'':<12} note {' '.join(entry.note.split())}")
        for cue in step.cues:
            slot = slots.get(id(cue))
            when = f"+{exact(slot.begin)}" if slot else "disarmed"
            lines.append(f"{'':>10} {when:<12} {_what(plan, cue)}")
    total = sum(plan.length(step.index) or 0 for step in plan.steps)
    if plan.set_id is None:
        lines.append(f"{len(plan.steps)} steps, {len(plan.timeline.scenes)} scenes, {short(total / RATE)} of music")
    else:
        gaps = sum((plan.gap(step.index) or 0 for step in plan.steps[1:]), Fraction(0))
        count = f"{len(plan.steps)} song{'s' * (len(plan.steps) != 1)}"
        lines.append(f"{count}, {short(total / RATE)} of music, {short(total / RATE + gaps)} with the gaps")
    return lines


def _gap(plan: Plan, step: int) -> str:
    """How a song of a set comes: by itself so long after the one before, or at GO."""
    entry = plan.entry(step)
    if entry is None or entry.gap is None or step == 0:
        return "GO"
    return f"gap {'~' if entry.gap_estimate else ''}{exact(entry.gap)}"


def _what(plan: Plan, cue: AnyCue) -> str:
    chain = "" if cue.then == "wait" else f"  then {cue.then}"
    match cue:
        case SongCue():
            song, found = plan.song(cue), plan.songs[cue.song]
            begin, end = plan.bounds(cue)
            title = f"{song.title}" + (f" ({song.artist})" if song.artist else "") if song else cue.song
            return f"song {cue.song}: {title}, {short((end - begin) / RATE)}, {found.label}: {found.why}{chain}"
        case FadeCue():
            return f"fade {cue.target} to {cue.level:g} dB{chain}"
        case StopCue():
            return f"stop {cue.target}{chain}"
        case SayCue():
            return f"say {cue.text}{chain}"
        case OtherCue(verb="send"):
            return f"send {', '.join(message.text for message in cue.messages)}: not yet sent{chain}"
        case OtherCue(verb="set"):
            return f"set {cue.target}: {listed([member.cue.song for member in plan.members(cue)], 'and')}{chain}"
        case OtherCue():
            return f"{cue.verb} {cue.target}{chain}"


def as_data(plan: Plan) -> dict[str, Any]:
    """The same as plain data; lengths and offsets in seconds, and in frames at 48 kHz where they are exact."""
    return {
        "file": plan.name,
        "set": plan.set_id,
        "film": {"title": plan.timeline.film.title, "year": plan.timeline.film.year},
        "rate": RATE,
        "steps": [_step(plan, step.index) for step in plan.steps],
        "songs": {
            song: {
                "kind": found.kind,
                "file": found.spec.path or None,
                "frames": found.length,
                "seconds": found.length / RATE,
                "why": found.why,
                "trouble": found.trouble,
            }
            for song, found in plan.songs.items()
        },
    }


def _step(plan: Plan, index: int) -> dict[str, Any]:
    step, scene, length, entry = plan.steps[index], plan.scene(index), plan.length(index), plan.entry(index)
    slots = {id(slot.cue): slot for slot in plan.slots(index)[0]}
    cues = []
    for cue in step.cues:
        slot = slots.get(id(cue))
        begin, end = plan.bounds(cue) if isinstance(cue, SongCue) else (None, None)
        cues.append(
            {
                "key": cue.key,
                "id": cue.id,
                "number": cue.number,
                "verb": _verb(cue),
                "song": cue.song if isinstance(cue, SongCue) else None,
                "target": cue.target if isinstance(cue, (FadeCue, StopCue, OtherCue)) else None,
                "then": cue.then,
                "armed": cue.armed,
                "begins": float(slot.begin) if slot else None,
                "ends": float(slot.end) if slot else None,
                "from": begin,
                "to": end,
                "not_yet_played": list(cue.not_yet),
            }
        )
    return {
        "step": index + 1,
        "scene": scene.id,
        "number": plan.number(index),
        "title": scene.title,
        "at": float(scene.at.seconds) if scene.at else None,
        "estimate": bool(scene.at and scene.at.estimate),
        "gap": float(entry.gap) if entry and entry.gap is not None else None,
        "count": entry.count if entry else None,
        "length": length / RATE if length is not None else None,
        "frames": length,
        "cues": cues,
    }


def _verb(cue: AnyCue) -> str:
    match cue:
        case SongCue():
            return "song"
        case FadeCue():
            return "fade"
        case StopCue():
            return "stop"
        case SayCue():
            return "say"
        case OtherCue():
            return cue.verb
