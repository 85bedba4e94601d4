"""Checks of what comes when: targets that are silent, steps that never come, overlaps, keys without effect."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct, field

from timeline.material import Material
from timeline.model import AnyCue, FadeCue, OtherCue, Problem, Scene, SongCue, StopCue, Timeline
from timeline.spec import is_ident
from timeline.words import shown

NEVER = 1 << 40  # a scene that no film has


# -- targets


def targets(material: Material) -> Iterator[Problem]:
    """Cues that move, end, hold or resume what cannot be sounding when their turn comes.

    What sounds is followed from the first scene on, as if every GO came in order; a cue with a hotkey may sound at
    any time, and one that is itself fired by hotkey or disarmed is not judged.
    """
    timeline = material.timeline
    if not material.whole or material.damage or not any(map(_points, _all(timeline))):
        return
    sounding = _Sounding(timeline)
    for index, scene in enumerate(timeline.scenes):
        sounding.enter(index)
        for cue in scene.cues:
            target = _target(cue)
            if target is not None and cue.armed and cue.hotkey is None:
                why = sounding.why_not(target, isinstance(cue, OtherCue) and cue.verb == "resume")
                if why is not None:
                    place = material.place(f"cues/{cue.key}", _verb(cue))
                    yield Problem("warning", "not-sounding", f"{shown(target)} cannot be {why[0]}", place, why[1])
            sounding.fire(cue)


def _all(timeline: Timeline) -> Iterator[AnyCue]:
    return (cue for scene in timeline.scenes for cue in scene.cues)


def _points(cue: AnyCue) -> bool:
    return not isinstance(cue, SongCue) and _target(cue) is not None


def _target(cue: AnyCue) -> str | None:
    """What a cue points to."""
    if isinstance(cue, (FadeCue, StopCue)) or (isinstance(cue, OtherCue) and cue.verb in ("pause", "resume")):
        return cue.target
    return None


def _verb(cue: AnyCue) -> str:
    match cue:
        case FadeCue():
            return "fade"
        case StopCue():
            return "stop"
        case OtherCue():
            return cue.verb
        case _:
            return "song"


class _Sounding(Struct):
    """What may be sounding at one place of the running order, and what has been."""

    timeline: Timeline
    index: int = 0  # of the scene
    chained: bool = False  # the cue before brings the next one
    step: set[str] = field(default_factory=set)  # keys of the cues of this step
    voices: dict[str, dict[str, int]] = field(default_factory=dict)  # by song: cue keys, and the scene they leave at
    songs: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by key of a cue that has been fired
    stopped: set[str] = field(default_factory=set)
    paused: set[str] = field(default_factory=set)
    at_any_time: set[str] = field(default_factory=set)  # songs and cues behind a hotkey
    sets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entered: list[int] = field(default_factory=list)  # for each scene the next that a GO enters
    order: dict[str, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=lambda: {"all"})

    def __post_init__(self) -> None:
        timeline = self.timeline
        self.sets = {one.id: tuple(entry.song for entry in one.songs) for one in timeline.sets}
        self.order = {scene.id: index for index, scene in enumerate(timeline.scenes)}
        self.entered = _entered(timeline.scenes)
        self.known.update(timeline.songs)
        for cue in _all(timeline):
            self.known.add(cue.key)
            if cue.hotkey is not None and (songs := self.plays(cue)):
                self.at_any_time.update((cue.key, *songs))

    def plays(self, cue: AnyCue) -> tuple[str, ...]:
        """The songs that a cue plays."""
        if isinstance(cue, SongCue):
            return (cue.song,)
        return self.sets.get(cue.target or "", ()) if isinstance(cue, OtherCue) and cue.verb == "set" else ()

    def enter(self, index: int) -> None:
        self.index = index
        if not self.chained:
            self.step = set()

    def fire(self, cue: AnyCue) -> None:
        """Go on behind a cue."""
        if not self.chained:
            self.step = set()
        self.chained = cue.then != "wait"
        self.step.add(cue.key)
        for song in (songs := self.plays(cue)):
            self.voices.setdefault(song, {})[cue.key] = self.leaves(cue)
            self.stopped.discard(song)
        if songs:
            self.songs[cue.key] = songs
            self.stopped.discard(cue.key)
        target = _target(cue)
        if target is None or not cue.armed or cue.hotkey is not None:
            return
        match cue:
            case OtherCue(verb="pause"):
                self.paused.update((target, *self.songs.get(target, ())))
            case StopCue():
                self.end(target)
            case FadeCue() if cue.level == float("-inf"):
                self.end(target)

    def leaves(self, cue: AnyCue) -> int:
        """The index of the scene that a cue leaves at."""
        if not isinstance(cue, SongCue):
            return NEVER
        until = cue.until or self.timeline.defaults.until or "scene"
        if until == "end":
            return NEVER
        first = self.order.get(until, NEVER) if until != "scene" else 0
        if first == NEVER:
            return NEVER
        first = max(first - 1, self.index)
        return self.entered[first]

    def end(self, target: str) -> None:
        if target == "all":
            for voices in self.voices.values():
                for key in [key for key in voices if key not in self.step]:
                    del voices[key]
                    self.stopped.add(key)
            self.stopped.update(song for song, voices in self.voices.items() if not voices)
            return
        self.stopped.add(target)
        for song in self.songs.get(target, (target,)):
            voices = self.voices.get(song, {})
            for key in [target] if target in self.songs else list(voices):
                voices.pop(key, None)
                self.stopped.add(key)
            if not voices:
                self.stopped.add(song)

    def why_not(self, target: str, resume: bool) -> tuple[str, str | None] | None:
        """Why a target cannot be sounding, and what to do; None when it can."""
        if target not in self.known:
            return None  # told
        if target == "all" or target in self.at_any_time:
            return None if not resume or self.paused else (_UNPAUSED, None)
        songs = self.songs.get(target)
        voices = self.voices.get(target, {}) if songs is None else self.voices.get(songs[0], {})
        left = [leave for key, leave in voices.items() if songs is None or key == target]
        if any(leave > self.index for leave in left):
            known = {target, "all", *voices} if songs is None else {target, "all", *songs}
            return None if not resume or not self.paused.isdisjoint(known) else (_UNPAUSED, None)
        if left:
            return "sounding here: it has left with its scene", "write until: end in the cue that plays it"
        if target in self.stopped:
            return "sounding here: it has been stopped", None
        return "sounding here: nothing above plays it", None


_UNPAUSED = "resumed here: nothing above pauses it"


def _entered(scenes: tuple[Scene, ...]) -> list[int]:
    """For each scene the index of the next one that is entered by GO and not by a chain."""
    following = [NEVER] * len(scenes)
    after = NEVER
    for index in range(len(scenes) - 1, -1, -1):
        following[index] = after
        chained = index > 0 and scenes[index - 1].cues and scenes[index - 1].cues[-1].then != "wait"
        after = after if chained else index
    return following


# -- chains


def never_reached(material: Material) -> Iterator[Problem]:
    """Cues that wait for the end of what never ends."""
    for scene in material.timeline.scenes:
        for cue in scene.cues:
            if isinstance(cue, OtherCue) and cue.repeat and cue.then == "follow" and cue.armed:
                message = "this set begins again whenever it is over, so that what follows it never comes"
                place = material.place(f"cues/{cue.key}", "then")
                yield Problem("warning", "unreachable", message, place, "leave out repeat, or then: follow")


def empty_sets(material: Material) -> Iterator[Problem]:
    """Sets without a song: nothing to play, and no step to stand on."""
    for one in material.timeline.sets:
        told = not is_ident(one.id) or f"sets/{one.id}" in material.doubtful
        if not one.songs and not told and not material.damaged(one.span):
            message = f"{shown(one.id)} has no songs"
            yield Problem("warning", "empty-set", message, material.place(f"sets/{one.id}"))


def idle_keys(material: Material) -> Iterator[Problem]:
    """Keys that change nothing where they stand."""
    for scene in material.timeline.scenes:
        chained = False
        for cue in scene.cues:
            if chained and cue.at is not None:
                message = "the cue above brings this one, so that its at changes nothing"
                yield _idle(material, cue, "at", message, "write pre-wait, or then: wait above")
            chained = cue.then != "wait"
            if not chained and cue.post_wait:
                message = "post-wait counts before the next cue, and here that one waits for GO"
                yield _idle(material, cue, "post-wait", message, "add then: continue or then: follow")
            if isinstance(cue, SongCue) and cue.crossfade is not None and cue.fade_in is not None:
                message = "it comes in over its crossfade, so that fade-in changes nothing"
                yield _idle(material, cue, "fade-in", message, "keep one of the two")


def _idle(material: Material, cue: AnyCue, key: str, message: str, hint: str) -> Problem:
    return Problem("warning", "no-effect", message, material.place(f"cues/{cue.key}", key), hint)


def hotkeys(material: Material) -> Iterator[Problem]:
    """Hotkeys that the player itself answers to."""
    if material.taken is None:
        return
    for cue in _all(material.timeline):
        if cue.hotkey is not None and (command := material.taken(cue.hotkey)):
            message = f"the player has {shown(cue.hotkey)} for itself: {command}"
            place = material.place(f"cues/{cue.key}", "hotkey")
            yield Problem("warning", "taken-hotkey", message, place, "take another key, such as Ctrl+K")


# -- overlaps


def overlaps(material: Material) -> Iterator[Problem]:
    """Songs that begin while another of their scene is certain to sound, where neither fades."""
    timeline = material.timeline
    if timeline.defaults.crossfade or timeline.defaults.fade_in or not material.whole:
        return
    for scene in timeline.scenes:
        if len(scene.cues) > 1:
            yield from _overlaps(material, scene)


def _overlaps(material: Material, scene: Scene) -> Iterator[Problem]:
    """Looks at each song with the song before it, where their times are known."""
    above: SongCue | None = None
    since: Fraction | None = None  # from the beginning of `above` to the cue at hand; None: nobody knows
    for cue in scene.cues:
        chained = above is not None and since is not None
        if not cue.armed or cue.hotkey is not None:
            continue
        if not isinstance(cue, SongCue):
            if _target(cue) is not None or (isinstance(cue, OtherCue) and cue.verb == "set"):
                above = None  # somebody looks after it
            elif since is not None:
                since = since + cue.pre_wait + cue.post_wait if cue.then != "wait" else None
            continue
        if above is not None:
            if not chained and cue.at is not None and above.at is not None:
                since = cue.at.seconds + cue.pre_wait - above.at.seconds - above.pre_wait
            elif since is not None:
                since += cue.pre_wait
            if since is not None and _mixes(material, above, cue, since):
                message = f"{shown(above.song)} still sounds when this begins, and neither of them fades"
                place = material.place(f"cues/{cue.key}", "song")
                hint = "add crossfade: 2s here, or fade-in: 0s if it is meant"
                yield Problem("warning", "overlap", message, place, hint)
        above = cue
        since = cue.post_wait if cue.then == "continue" else None


def _mixes(material: Material, above: SongCue, cue: SongCue, since: Fraction) -> bool:
    if any(one is not None for one in (above.fade_out, above.loop, above.duck, cue.crossfade, cue.fade_in, cue.duck)):
        return False
    length = _length(material, above)
    return length is not None and 0 < since < length


def _length(material: Material, cue: SongCue) -> Fraction | None:
    """How long a song cue sounds, as far as the file says."""
    song = material.timeline.songs.get(cue.song)
    begin = material.seconds(song, cue.from_ or Fraction(0))
    if song is None or begin is None:
        return None
    written = None if song.length_estimate else song.length
    end = written if cue.to is None else material.seconds(song, cue.to)
    return None if end is None else end - begin
