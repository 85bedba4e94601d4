"""What is wrong with a timeline beyond the shape of its values: plain functions, run from a list.

Each check looks at a whole timeline and gives the problems it finds. To add one, write a function and name
it in `CHECKS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache, partial
from itertools import pairwise
from posixpath import normpath

from timeline.material import Check, Material, is_midi
from timeline.model import (
    AnyCue,
    Bars,
    FadeCue,
    Loop,
    OtherCue,
    Problem,
    Scene,
    Song,
    SongCue,
    SongTime,
    Span,
    StopCue,
    Timeline,
    When,
)
from timeline.rights import shares, unknown_shares, usages
from timeline.running import empty_sets, hotkeys, idle_keys, never_reached, overlaps, targets
from timeline.spec import is_ident
from timeline.times import exact
from timeline.words import shown

__all__ = ["CHECKS", "Material", "check"]

def check(material: Material) -> list[Problem]:
    """Every problem that every check finds."""
    return [problem for one in CHECKS for problem in one(material)]


_POINTS = (FadeCue, StopCue, OtherCue)


def unused_songs(material: Material) -> Iterator[Problem]:
    """Songs that no cue and no set plays, in a file that plays any."""
    timeline = material.timeline
    if not (timeline.scenes or timeline.sets):
        return
    used = {cue.song for cue in material.song_cues}
    used.update(entry.song for entries in timeline.sets for entry in entries.songs)
    pointing = (cue for scene in timeline.scenes for cue in scene.cues if isinstance(cue, _POINTS))
    used.update(cue.target or "" for cue in pointing)  # what nothing plays is told there
    for ident in timeline.songs:
        if ident not in used and ident not in material.lost and is_ident(ident):
            message = f"no cue and no set plays {shown(ident)}"
            yield Problem("warning", "unused-song", message, material.place(f"songs/{ident}"))


def songs_without_length(material: Material) -> Iterator[Problem]:
    """Songs that nothing gives a length: they are 3:00 of silence."""
    for song in material.timeline.songs.values():
        silent = not song.media and not song.stand_in and song.length is None
        if silent and song.id not in material.doubtful and not material.damaged(song.span):
            message = (
                f"{shown(song.id)} has no media, no stand-in and no length: it counts as 3:00 of silence"
            )
            yield Problem(
                "warning",
                "no-length",
                message,
                material.place(f"songs/{song.id}"),
                "add media, or length: 3:12",
            )


def missing_files(material: Material) -> Iterator[Problem]:
    """Files that are not there. Of several recordings one is enough; the film itself is the viewer's own."""
    if material.exists is None:
        return
    exists = cache(material.exists)
    for song in material.timeline.songs.values():
        item = f"songs/{song.id}"
        if song.media and not any(exists(one.file) for one in song.media):
            yield Problem("warning", "missing-media", _missing_media(song), song.media[0].span)
        for key, name in (("stand-in", song.stand_in), ("sheet", song.sheet)):
            if name is not None and not exists(name):
                yield _missing_file(key, name, material.place(item, key))
    for scene in material.timeline.scenes:
        if scene.picture is not None and not exists(scene.picture):
            yield _missing_file("picture", scene.picture, material.place(f"scenes/{scene.id}", "picture"))


def _missing_media(song: Song) -> str:
    plays = "the stand-in plays" if song.stand_in else "silence plays"
    if len(song.media) == 1:
        return f"{shown(song.media[0].file)} is not there: {plays}"
    return f"none of {len(song.media)} recordings is there: {plays}"


def _missing_file(key: str, name: str, span: Span) -> Problem:
    return Problem("warning", "missing-file", f"{key}: {shown(name)} is not there", span)


def paths(material: Material) -> Iterator[Problem]:
    """Paths that another computer, or a copy of the folder, will not understand."""
    for name, span in _paths(material):
        slashed = name.replace("\\", "/")
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", name):
            message, hint = "an address and not a file", "download it into the timeline's folder"
        elif re.match(r"/|~|[A-Za-z]:/", slashed) or normpath(slashed).split("/")[0] == "..":
            message = "a path out of the timeline's folder, which another computer does not have"
            hint = "copy the file into the folder, and write the path from there"
        elif "\\" in name:
            message, hint = "only Windows understands a backslash in a path", f"write {shown(slashed)}"
        else:
            continue
        yield Problem("warning", "path", f"{shown(name)}: {message}", span(), hint)


def _paths(material: Material) -> Iterator[tuple[str, Callable[[], Span]]]:
    """Every path of a timeline, and how to find its place."""
    place = material.place
    if material.timeline.film.video:
        yield material.timeline.film.video, partial(place, "film", "video")
    for song in material.timeline.songs.values():
        for one in song.media:
            yield one.file, partial(_itself, one.span)
        if song.stand_in:
            yield song.stand_in, partial(place, f"songs/{song.id}", "stand-in")
        if song.sheet:
            yield song.sheet, partial(place, f"songs/{song.id}", "sheet")
    for scene in material.timeline.scenes:
        if scene.picture:
            yield scene.picture, partial(place, f"scenes/{scene.id}", "picture")


def _itself(span: Span) -> Span:
    return span


def scene_order(material: Material) -> Iterator[Problem]:
    """Scenes whose film time lies before that of the scene above, or that lack their hours after such a one."""
    above: When | None = None
    latest: When | None = None
    for scene in material.timeline.scenes:
        at = scene.at
        if at is None:
            continue
        if above is None or latest is None or at.seconds >= latest.seconds:
            above = latest = at
            continue
        before, which = (above, "the scene above") if at.seconds < above.seconds else (latest, "a scene above")
        hint = _longer_notation(material, at, before)
        if hint or before is above:
            message = f"{shown(at.text)} is earlier than {shown(before.text)} of {which}"
            yield Problem("warning", "time-order", message, material.place(f"scenes/{scene.id}", "at"), hint)
        above = at


def cue_order(material: Material) -> Iterator[Problem]:
    """Cues that come before the one above them, or when the next scene has begun."""
    scenes, runtime = material.timeline.scenes, material.timeline.film.runtime
    for index, scene in enumerate(scenes):
        timed = [cue for cue in _openers(scene) if cue.at is not None and not _lost_sign(scene, cue)]
        for above, cue in pairwise(timed):
            if cue.at and above.at and cue.at.seconds < above.at.seconds:
                message = f"{shown(cue.at.text)} is earlier than {shown(above.at.text)} of the cue above"
                yield Problem("warning", "time-order", message, material.place(f"cues/{cue.key}", "at"))
        after = scenes[index + 1].at if timed and index + 1 < len(scenes) else None
        if after is None or after.estimate or (scene.at is not None and after.seconds < scene.at.seconds):
            continue
        for cue in timed:
            late = cue.at and not cue.at.estimate and cue.at.seconds > after.seconds
            if cue.at and late and (runtime is None or cue.at.seconds < runtime):
                message = f"the next scene has begun by then, at {shown(after.text)}"
                yield Problem("warning", "time-order", message, material.place(f"cues/{cue.key}", "at"))


def _openers(scene: Scene) -> Iterator[AnyCue]:
    """The cues that no other cue brings."""
    chained = False
    for cue in scene.cues:
        if not chained:
            yield cue
        chained = cue.then != "wait"


def _longer_notation(material: Material, at: When, before: When) -> str | None:
    """For `1:30` where 1:30:00 would be in order."""
    runtime = material.timeline.film.runtime
    longer = at.seconds * 60
    if not re.fullmatch(r"~? ?\d:[0-5]\d", at.text) or longer < before.seconds or (runtime and longer > runtime):
        return None
    return f"{at.text.lstrip('~ ')} is minutes and seconds; for hours and minutes write {at.text}:00"


def outside_film(material: Material) -> Iterator[Problem]:
    """Scenes and cues at or after the film's end."""
    runtime = material.timeline.film.runtime
    if runtime is None:
        return
    message = f"the film is over by then: it runs {exact(runtime, hours=True)}"
    for scene in material.timeline.scenes:
        if scene.at is not None and scene.at.seconds >= runtime:
            yield Problem("warning", "outside-film", message, material.place(f"scenes/{scene.id}", "at"))
            continue
        for cue in scene.cues:
            if cue.at is not None and cue.at.seconds >= runtime:
                yield Problem("warning", "outside-film", message, material.place(f"cues/{cue.key}", "at"))


def lost_signs(material: Material) -> Iterator[Problem]:
    """Cues at `4s`, which is early in the film, where `+4s` was probably meant."""
    for scene in material.timeline.scenes:
        if scene.at is None or not scene.cues:
            continue
        for cue in scene.cues:
            if cue.at is not None and _lost_sign(scene, cue):
                message = f"{shown(cue.at.text)} counts from the film's beginning and lies before this scene"
                place = material.place(f"cues/{cue.key}", "at")
                yield Problem(
                    "warning", "lost-sign", message, place, f"to count from the scene write +{cue.at.text}"
                )


def _lost_sign(scene: Scene, cue: AnyCue) -> bool:
    at = cue.at
    return (
        at is not None
        and scene.at is not None
        and at.seconds < scene.at.seconds
        and at.text[0] not in "+-~"
        and at.text[-1] in "smh"
    )


def bars(material: Material) -> Iterator[Problem]:
    """Bars of songs that nothing gives a tempo, and beats that a bar does not have."""
    songs = material.timeline.songs
    for song in songs.values():
        for mark in song.marks:
            yield from _bar(material, song, mark.at, f"songs/{song.id}", "marks")
    for cue in material.song_cues:
        if cue.song in songs and (
            isinstance(cue.from_, Bars) or isinstance(cue.to, Bars) or cue.loop or cue.marks
        ):
            for key, at in _places(cue):
                if isinstance(at, Bars):
                    yield from _bar(material, songs[cue.song], at, f"cues/{cue.key}", key)


def _places(cue: SongCue) -> list[tuple[str, SongTime | None]]:
    """Every place in its song that a cue names, with the key that names it."""
    places: list[tuple[str, SongTime | None]] = [("from", cue.from_), ("to", cue.to)]
    if cue.loop is not None:
        places += [("loop", cue.loop.from_), ("loop", cue.loop.to)]
    return places + [("marks", mark.at) for mark in cue.marks] if cue.marks else places


def _bar(material: Material, song: Song, at: SongTime | None, item: str, key: str) -> Iterator[Problem]:
    if not isinstance(at, Bars):
        return
    tempo = material.tempo_of(song)
    if tempo is not None:
        beats = tempo.beats_in(at.bar)
        if at.beat > beats:
            bar = f"a bar of {song.meter[0]}/{song.meter[1]}" if song.bpm and song.meter else f"bar {at.bar}"
            message = f"{bar} has {beats} beats, and no beat {at.beat}"
            yield Problem("error", "no-beat", message, material.place(item, key))
    elif not any(is_midi(one.file) for one in song.media):
        hint = f"add bpm and meter to {song.id}, or write m:ss"
        yield Problem(
            "error",
            "no-bars",
            f"nothing says where the bars of {song.id} lie",
            material.place(item, key),
            hint,
        )


def regions(material: Material) -> Iterator[Problem]:
    """Regions of songs that hold nothing, or that are too short for their fades."""
    for cue in material.song_cues:
        if cue.to is not None and not _clearly_fits(cue):
            yield from _region(material, cue, cue.to)
        if cue.loop is not None:
            yield from _loop(material, cue, cue.loop)


def _loop(material: Material, cue: SongCue, loop: Loop) -> Iterator[Problem]:
    song = material.timeline.songs.get(cue.song)
    place = material.place(f"cues/{cue.key}", "loop")
    length = _between(material, song, loop.from_, loop.to)
    if length is not None and length <= 0:
        yield Problem("error", "empty-region", "the loop ends before it begins", place)
        return
    late = None if cue.to is None else _between(material, song, loop.to, cue.to)
    early = None if cue.from_ is None else _between(material, song, cue.from_, loop.to)
    if late is not None and late < 0:
        message = "the loop ends after the cue's to, which comes first"
        yield Problem("warning", "loop-outside", message, place, "let the loop end at to, or before it")
    elif early is not None and early <= 0:
        message = "the loop is over before the cue's from, so it never plays"
        yield Problem("warning", "loop-outside", message, place, "let the loop end after from")


def _clearly_fits(cue: SongCue) -> bool:
    """Whether a look without exact arithmetic is enough; ten thousand cues ask."""
    begin, end = cue.from_, cue.to
    if isinstance(begin, Bars) or not isinstance(end, Fraction):
        return False
    room = end.numerator / end.denominator - 0.001
    lengths = (fade.length for fade in (cue.fade_in, cue.fade_out) if fade is not None)
    for taken in (begin, *lengths):
        if taken is not None:
            room -= taken.numerator / taken.denominator
    return room > 0


def _region(material: Material, cue: SongCue, to: SongTime) -> Iterator[Problem]:
    item = f"cues/{cue.key}"
    length = _between(material, material.timeline.songs.get(cue.song), cue.from_ or Fraction(0), to)
    if length is None:
        return
    if length <= 0:
        message = "to is not later than from" if cue.from_ is not None else "to is the song's very beginning"
        yield Problem("error", "empty-region", message, material.place(item, "to"))
        return
    fades = sum((fade.length for fade in (cue.fade_in, cue.fade_out) if fade is not None), Fraction(0))
    if fades > length:
        key = "fade-in" if cue.fade_out is None else "fade-out"
        message = f"the fades take {exact(fades)}, and from here to there it is only {exact(length)}"
        yield Problem("warning", "long-fade", message, material.place(item, key))


def beyond_song(material: Material) -> Iterator[Problem]:
    """Places in a song that lie after the length written for it."""
    songs = material.timeline.songs
    for song in songs.values():
        for mark in song.marks:
            yield from _beyond(material, song, mark.at, f"songs/{song.id}", "marks")
    fine: set[tuple[str, int]] = set()  # of songs and values: what is written alike has been read once
    for cue in material.song_cues:
        begin = cue.from_
        if cue.to is None and cue.loop is None and not cue.marks and (begin is None or (cue.song, id(begin)) in fine):
            continue
        song_ = songs.get(cue.song)
        if song_ is None or song_.length is None or song_.length_estimate:
            continue
        found = [one for key, at in _places(cue) for one in _beyond(material, song_, at, f"cues/{cue.key}", key)]
        if not found:
            fine.add((cue.song, id(begin)))
        yield from found


def _beyond(material: Material, song: Song, at: SongTime | None, item: str, key: str) -> Iterator[Problem]:
    length = song.length
    if at is None or length is None or song.length_estimate:
        return
    seconds = material.seconds(song, at)
    if seconds is not None and (seconds > length or (key == "from" and seconds == length)):
        message = f"{shown(song.id)} is over by then: its length is {exact(length)}"
        yield Problem("warning", "beyond-song", message, material.place(item, key))


def _between(material: Material, song: Song | None, begin: SongTime, end: SongTime) -> Fraction | None:
    """Seconds from one place in a song to another; None where its bars lie nobody knows where."""
    first, last = material.seconds(song, begin), material.seconds(song, end)
    if first is not None and last is not None:
        return last - first
    if isinstance(begin, Bars) and isinstance(end, Bars) and (end.bar, end.beat) <= (begin.bar, begin.beat):
        return Fraction(0)
    return None


def transposed_audio(material: Material) -> Iterator[Problem]:
    """Songs that are to be transposed and play a recording, which nothing transposes."""
    for cue in material.song_cues:
        if not cue.transpose:
            continue
        song = material.timeline.songs.get(cue.song)
        playing = None if song is None else _playing(material, song)
        if playing is not None and not is_midi(playing):
            message = f"only MIDI is transposed, and {shown(cue.song)} plays {shown(playing)}"
            yield Problem("warning", "transpose", message, material.place(f"cues/{cue.key}", "transpose"))


def _playing(material: Material, song: Song) -> str | None:
    """The file that a song plays, as far as its names tell."""
    exists = material.exists or _anything
    names = [*(one.file for one in song.media), *([song.stand_in] if song.stand_in else [])]
    return next((name for name in names if exists(name)), None)


def _anything(name: str) -> bool:
    return True


def untils(material: Material) -> Iterator[Problem]:
    """Cues that are to leave at a scene that does not come after their own."""
    scenes = material.timeline.scenes
    order = {scene.id: index for index, scene in enumerate(scenes)}
    for index, scene in enumerate(scenes):
        for cue in scene.cues:
            until = cue.until if isinstance(cue, SongCue) else None
            if until is not None and order.get(until, index + 1) <= index:
                where = "this scene itself" if until == scene.id else "a scene above"
                place = material.place(f"cues/{cue.key}", "until")
                yield Problem(
                    "warning",
                    "until-backward",
                    f"until names {where}, so it changes nothing",
                    place,
                    "name a later scene, or end",
                )


def estimates(material: Material) -> Iterator[Problem]:
    """One note, at the first of them, that counts every time which is not exact yet."""
    places = list(_estimates(material.timeline))
    if places:
        what = "one time is an estimate" if len(places) == 1 else f"{len(places)} times are estimates"
        first = min((material.place(*place) for place in _firsts(places)), key=lambda span: span.start)
        yield Problem("note", "estimates", f"{what} (~), or counted from one", first)


def _estimates(timeline: Timeline) -> Iterator[tuple[str, str]]:
    if timeline.film.runtime_estimate:
        yield "film", "runtime"
    for song in timeline.songs.values():
        if song.length_estimate:
            yield f"songs/{song.id}", "length"
    for scene in timeline.scenes:
        if scene.at is not None and scene.at.estimate:
            yield f"scenes/{scene.id}", "at"
        for cue in scene.cues:
            if cue.at is not None and cue.at.estimate:
                yield f"cues/{cue.key}", "at"
    for one in timeline.sets:
        for entry in one.songs:
            if entry.gap_estimate:
                yield f"sets/{one.id}", "songs"


def _firsts(places: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The first of each section, since sections stand in any order."""
    seen: set[str] = set()
    for item, key in places:
        section = item.partition("/")[0].replace("cues", "scenes")
        if section not in seen:
            seen.add(section)
            yield item, key


CHECKS: tuple[Check, ...] = (
    unused_songs,
    songs_without_length,
    missing_files,
    paths,
    scene_order,
    cue_order,
    outside_film,
    lost_signs,
    bars,
    regions,
    beyond_song,
    untils,
    targets,
    never_reached,
    empty_sets,
    idle_keys,
    overlaps,
    hotkeys,
    transposed_audio,
    usages,
    shares,
    unknown_shares,
    estimates,
)
