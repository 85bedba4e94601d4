"""`needledrop check --media`: what decoding every recording to its end tells about a timeline, as problems of it."""

from __future__ import annotations

import itertools
import math
import os
import statistics
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Final

from msgspec import Struct

from player.engine import RATE
from player.engine.source import SourceSpec
from player.media.levels import MOST, Level
from player.media.resolve import Resolved
from player.opening import find_songs, plan_of
from player.plan import Plan
from player.recordings.levelling import known, survey
from timeline.model import Problem, Scene, Song, SongCue
from timeline.reader import Reading

AS_LONG: Final = 2 * RATE  # frames by which a stated length may differ
SILENCE: Final = 2 * RATE  # frames of silence that nobody means
SPREAD: Final = 6.0  # LU from the middle of all cues


class _Used(Struct, frozen=True):
    """What is checked: a plan, and why files in it do not decode."""

    plan: Plan
    troubles: Mapping[str, str]

    def songs(self) -> Iterator[tuple[Song, Resolved]]:
        """The songs that play a recording of some kind."""
        for key, song in self.plan.timeline.songs.items():
            if self.plan.songs[key].kind == "media":
                yield song, self.plan.songs[key]

    def cues(self) -> Iterator[tuple[Scene, SongCue, Resolved, Level]]:
        """The cues that play a recording, and what was measured of it."""
        for scene in self.plan.timeline.scenes:
            for cue in scene.cues:
                found = self.plan.songs.get(cue.song) if isinstance(cue, SongCue) else None
                if isinstance(cue, SongCue) and found and found.kind == "media" and found.level:
                    yield scene, cue, found, found.level


def problems(reading: Reading, path: Path) -> tuple[Problem, ...]:
    """Decode all that the timeline at `path` names, and tell what is wrong with it, by place in the file."""
    plan = find_songs(plan_of(reading, path), path.parent)
    specs = list(dict.fromkeys(_specs(plan, path.resolve().parent)))
    troubles = survey(specs) if specs else {}
    used = _Used(known(plan), troubles)
    checks = (_broken, _lengths, _scenes, _sound, _spread)
    found = [problem for check in checks for problem in check(used)]
    return tuple(sorted(found, key=lambda problem: problem.span.start))


def _specs(plan: Plan, base: Path) -> Iterator[SourceSpec]:
    for song in plan.timeline.songs.values():
        found = plan.songs[song.id].spec
        if found.kind != "silence":
            yield SourceSpec(found.kind, found.path)
        for media in song.media:
            file = str(base / media.file)
            if file != found.path and os.path.isfile(file) and not file.lower().endswith((".mid", ".midi", ".kar")):
                yield SourceSpec("audio", file)


def _broken(used: _Used) -> Iterator[Problem]:
    base = used.plan.path.parent if used.plan.path else Path()
    for song in used.plan.timeline.songs.values():
        for media in song.media:
            why = used.troubles.get(str(base / media.file))
            if why:
                yield Problem("error", "media-broken", f"{media.file} {why}", media.span)
        found = used.plan.songs[song.id]
        named = {str(base / media.file) for media in song.media}
        if found.spec.path in used.troubles and found.spec.path not in named:
            why = used.troubles[found.spec.path]
            yield Problem("error", "media-broken", f"{os.path.basename(found.spec.path)} {why}", song.span)


def _lengths(used: _Used) -> Iterator[Problem]:
    for song, found in used.songs():
        if song.length is not None and abs(found.length - song.length * RATE) > AS_LONG:
            said, is_ = _clock(song.length * RATE), _clock(found.length)
            text = f"{song.id}: length says {said}, and the recording lasts {is_}"
            yield Problem("warning", "media-length", text, song.span)
    for _, cue, found, _ in used.cues():
        begin, end = used.plan.bounds(cue)
        if isinstance(cue.from_, Fraction) and cue.from_ * RATE >= found.length:
            text = f"{cue.song} begins at {_clock(cue.from_ * RATE)}, and the recording ends at {_clock(found.length)}"
            yield Problem("warning", "media-short", text, cue.span)
        elif isinstance(cue.to, Fraction) and cue.to * RATE > found.length and begin < end:
            text = f"{cue.song} is to play to {_clock(cue.to * RATE)}, and the recording ends at {_clock(found.length)}"
            yield Problem("warning", "media-short", text, cue.span)


def _scenes(used: _Used) -> Iterator[Problem]:
    scenes = used.plan.timeline.scenes
    ends = {a.id: b.at.seconds - a.at.seconds for a, b in itertools.pairwise(scenes) if a.at and b.at}
    for scene, cue, _, _ in used.cues():
        room = ends.get(scene.id)
        begin, end = used.plan.bounds(cue)
        if room is None or room <= 0 or cue.loop is not None or cue is not scene.cues[-1] or cue.until == "end":
            continue
        plays, late = end - begin, (cue.at.seconds - scene.at.seconds) * RATE if cue.at and scene.at else 0
        left = room * RATE - late - plays
        if left < -AS_LONG:
            text = f"{cue.song} plays {_clock(plays)}, {_clock(-left)} more than its scene has"
            yield Problem("note", "media-scene", text, cue.span)
        elif left > AS_LONG:
            text = f"{cue.song} plays {_clock(plays)}, and {_clock(left)} of its scene is silent after it"
            yield Problem("note", "media-scene", text, cue.span)


def _sound(used: _Used) -> Iterator[Problem]:
    for song, found in used.songs():
        level = found.level
        if level is None:
            continue
        span = song.media[0].span if song.media else song.span
        if level.integrated == -math.inf:
            yield Problem("warning", "media-silent", f"{_name(found)} holds nothing that can be heard", span)
        elif level.clipped:
            places = f"{level.clipped} place{'s' if level.clipped > 1 else ''}"
            yield Problem("warning", "media-clipped", f"{_name(found)} is cut off at full scale in {places}", span)
    for _, cue, found, level in used.cues():
        if level.integrated == -math.inf:
            continue
        begin, end = used.plan.bounds(cue)
        before, after = level.begins - found.spec.offset - begin, end - (level.ends - found.spec.offset)
        if before > SILENCE:
            yield Problem("note", "media-silence", f"{cue.song} begins with {before / RATE:.1f} s of silence", cue.span)
        if after > SILENCE:
            yield Problem("note", "media-silence", f"{cue.song} ends with {after / RATE:.1f} s of silence", cue.span)


def _spread(used: _Used) -> Iterator[Problem]:
    heard = [
        (cue, loudness, used.plan.target(cue), used.plan.levelled(cue))
        for _, cue, _, _ in used.cues()
        if (loudness := used.plan.loudness(cue)) is not None and loudness > -70.0
    ]
    if not heard:
        return
    middle = statistics.median(loudness + gain for _, loudness, _, gain in heard)
    for cue, loudness, target, gain in heard:
        away = loudness + gain - middle
        if target is not None and gain >= MOST:
            missing = target - loudness - gain
            text = f"{cue.song} is too soft for {target:g} LUFS: raised by {MOST:g} dB it misses {missing:.1f} LU"
            yield Problem("warning", "media-loudness", text, cue.span)
        elif target is None and abs(away) > SPREAD:
            text = f"{cue.song} is {abs(away):.1f} LU {'louder' if away > 0 else 'softer'} than the cues in the middle"
            hint = "needledrop level brings all cues to one loudness"
            yield Problem("warning", "media-loudness", text, cue.span, hint)


def _name(found: Resolved) -> str:
    return os.path.basename(found.spec.path)


def _clock(frames: Fraction | int) -> str:
    seconds = round(frames / RATE)
    return f"{seconds // 60}:{seconds % 60:02}"
