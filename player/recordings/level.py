"""`needledrop level`: how loud each cue is, what it is brought to, and one loudness for all of them."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from player import terminal
from player.engine.source import SourceSpec
from player.opening import find_songs, read_plan
from player.plan import Plan
from player.recordings.levelling import known, survey
from player.terminal import Refused, complain, say
from timeline import edit, store
from timeline.model import SongCue


class Row(Struct, frozen=True):
    """A cue: LUFS as measured and as wanted, the dB that lead there, and its true peak then. None: not known."""

    cue: SongCue
    number: str
    title: str
    kind: str
    loudness: float | None
    target: float | None
    gain: float
    true_peak: float | None


def run(options: argparse.Namespace) -> int:
    """Measure, print the table, and with --to write the loudness into the file; returns the exit code."""
    path: Path = options.file
    try:
        if options.to is not None:
            _write(path, options.to)
        plan = read_plan(path)
    except store.Unreadable as error:
        raise Refused(str(error)) from error
    plan = find_songs(plan, path.parent)
    troubles = survey(_unknown(plan))
    plan = known(plan)
    rows = table(plan)
    for file, why in troubles.items():
        complain(f"{file} {why}")
    if options.json:
        terminal.say_json([as_data(row) for row in rows])
    else:
        say(*as_text(rows))
        say(f"{path}: {summary(rows)}")
    return 1 if troubles else 0


def table(plan: Plan) -> list[Row]:
    """Every song cue of the running order."""
    rows = []
    for step in range(len(plan.steps)):
        for cue in plan.music(step):
            song, found = plan.song(cue), plan.songs[cue.song]
            level, gain = found.level, plan.levelled(cue)
            peak = None if level is None else level.true_peak + found.spec.gain_db + gain
            title = song.title if song else cue.song
            rows.append(
                Row(cue, plan.number(step), title, found.label, plan.loudness(cue), plan.target(cue), gain, peak)
            )
    return rows


def as_text(rows: Sequence[Row]) -> list[str]:
    """The table as lines; numbers stand under one another."""
    head = ("cue", "song", "measured", "target", "gain", "true peak")
    cells = [head, *(_cells(row) for row in rows)]
    wide = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return [
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, wide, strict=True))
        ).rstrip()
        for row in cells
    ]


def _cells(row: Row) -> tuple[str, ...]:
    title = row.title if row.kind == "recording" else f"{row.title} ({row.kind})"
    return (
        row.number,
        title,
        _said(row.loudness, "LUFS"),
        _said(row.target, "LUFS"),
        f"{row.gain:+.1f} dB" if row.target is not None and row.loudness is not None else "",
        _said(row.true_peak, "dBTP"),
    )


def _said(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return "silent" if value == -math.inf else f"{value:.1f} {unit}"


def summary(rows: Sequence[Row]) -> str:
    """How far apart the cues are, in one line."""
    loud = [row for row in rows if row.loudness is not None and row.loudness > -math.inf]
    if not loud:
        return "no song that can be measured"
    if all(row.target is None for row in rows):
        middle = sorted(row.loudness for row in loud if row.loudness is not None)
        spread = middle[-1] - middle[0]
        return f"{spread:.1f} LU between the softest and the loudest; --to -16 brings all to -16 LUFS"
    over = [row for row in loud if row.true_peak is not None and row.true_peak > -1.0]
    held = f"; {len(over)} would peak above -1 dBTP, where the limiter holds them" if over else ""
    heard = [row.loudness + row.gain for row in loud if row.loudness is not None]
    return f"{max(heard) - min(heard):.1f} LU between the softest and the loudest as played{held}"


def as_data(row: Row) -> dict[str, Any]:
    """A row for programs; numbers in LUFS and dB, null for silence and for what is not known."""

    def number(value: float | None) -> float | None:
        return None if value is None or value == -math.inf else round(value, 2)

    return {
        "cue": row.cue.key,
        "song": row.cue.song,
        "plays": row.kind,
        "loudness": number(row.loudness),
        "target": number(row.target),
        "gain": round(row.gain, 2),
        "true_peak": number(row.true_peak),
    }


def _unknown(plan: Plan) -> list[SourceSpec]:
    songs = {cue.song: plan.songs[cue.song] for step in range(len(plan.steps)) for cue in plan.music(step)}
    specs = (found.spec for found in songs.values() if found.level is None and found.spec.kind != "silence")
    return list(dict.fromkeys(SourceSpec(spec.kind, spec.path) for spec in specs))


def _write(path: Path, loudness: float) -> None:
    """Put `loudness` into the defaults of a timeline."""
    raw = store.raw_bytes(path)
    try:
        store.save(path, edit.apply(raw, edit.Set("defaults/loudness", f"{loudness:g} LUFS")).raw, raw)
    except edit.Refused as refused:
        raise Refused(f"{path}: {refused}", 1) from refused
    except (store.Changed, store.Unwritable) as error:
        raise Refused(str(error), 1) from error
