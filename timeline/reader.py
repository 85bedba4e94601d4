"""From the text of a file to a timeline and everything that is wrong with it, in one pass.

Nothing a person can put in a file raises here: mistakes are `Problem` values, and what survives them is kept.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from timeline import spec, syntax
from timeline.checks import Material, check
from timeline.model import (
    AnyCue,
    Defaults,
    FadeCue,
    Film,
    Loop,
    Mark,
    Media,
    OtherCue,
    Problem,
    SayCue,
    Scene,
    Set,
    SetEntry,
    Song,
    SongCue,
    Span,
    StopCue,
    Timeline,
    When,
    Writer,
)
from timeline.nodes import LOADER, Branch, Map, Node, end_of
from timeline.problems import Source
from timeline.spec import CUE, ROOT
from timeline.times import RATES, Label, Moment, Rate, Refusal, label_seconds, moment_seconds
from timeline.walk import Items, Said, Walker, span_of, words_of
from timeline.words import listed, shown

MOST_PROBLEMS = 1000

_VERBS = frozenset(spec.VERBS)
_ALLOWED = {
    verb: frozenset(field.attr for field in CUE.known.values() if not field.verbs or verb in field.verbs)
    for verb in spec.VERBS
}
_NOT_YET = frozenset(field.attr for field in CUE.known.values() if not field.played)
_SONG_PLAIN = frozenset(
    ("artist", "publisher", "year", "isrc", "iswc", "mbid", "bpm", "meter", "key", "rights", "loudness", "stand_in", "sheet")
)
_COMMON = frozenset(field.attr for field in CUE.known.values() if not field.verbs)
_KEPT = {  # what goes into the model as it is; the rest is looked at verb by verb
    verb: _ALLOWED[verb] if verb == "song" else _COMMON | {"fade_out"} if verb == "stop" else _COMMON
    for verb in spec.VERBS
}

Place = tuple[Node, Node]  # the words that name an item, and its keys and values


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says. `problems` come in the order of the file; `base` is its folder, None for a bare text.

    `nodes` holds the YAML of each item by its name: `film`, `defaults`, `songs/<id>`, `scenes/<id>`,
    `cues/<key>`, `sets/<id>`.
    """

    timeline: Timeline
    problems: tuple[Problem, ...]
    source: Source
    nodes: dict[str, Place]
    base: Path | None = None

    @property
    def ok(self) -> bool:
        """No errors; warnings and notes may be there."""
        return all(problem.severity != "error" for problem in self.problems)

    def place(self, item: str, key: str | None = None) -> Span:
        """Where an item stands, or the value of one of its keys; the item when it has no such key."""
        return _place(self.nodes, item, key)


def read(
    text: str | bytes,
    name: str = "timeline",
    exists: Callable[[str], bool] | None = None,
    base: Path | None = None,
    loader: str = LOADER,
) -> Reading:
    """Read and check one file's text; bytes are UTF-8, with or without a byte order mark.

    `exists` tells of a path in the file whether it is there; without it nobody asks.
    """
    collecting = gc.isenabled()
    gc.disable()  # what is made here stays: scanning it again and again takes longer than reading it
    try:
        return _read(text, name, exists, base, loader)
    finally:
        if collecting:
            gc.enable()


def _read(
    text: str | bytes, name: str, exists: Callable[[str], bool] | None, base: Path | None, loader: str
) -> Reading:
    if isinstance(text, bytes):
        if why := syntax.undecodable(text):
            source = Source(text.decode("utf-8", "replace"), name)
            return Reading(Timeline(), (Problem("error", "not-utf-8", why),), source, {}, base)
        text = text.decode("utf-8")
    source = Source(text.removeprefix("\ufeff"), name)
    parsed = syntax.parse(source, loader)
    builder = _Builder(Walker(source, parsed))
    timeline = builder.timeline(parsed.root)
    problems = [*parsed.problems, *builder.walker.problems]
    if not builder.refused:
        nodes = builder.nodes
        problems += check(Material(timeline, lambda *at: _place(nodes, *at), bool(parsed.damage), exists))
    problems.sort(key=lambda problem: problem.span.start)
    return Reading(timeline, tuple(problems[:MOST_PROBLEMS]), source, builder.nodes, base)


def _place(nodes: dict[str, Place], item: str, key: str | None = None) -> Span:
    if item not in nodes:
        return Span()
    head, node = nodes[item]
    if key is not None and isinstance(node, Map):
        pairs = iter(node.items)
        for name, value in zip(pairs, pairs):
            if name.value == key:
                return words_of(name if isinstance(value, Branch) and not value.flow else value)
    return words_of(head)


class _Builder:
    """Builds the model of one file from what the walker finds in its nodes."""

    def __init__(self, walker: Walker) -> None:
        self.walker = walker
        self.nodes: dict[str, Place] = {}
        self.refused = False  # nothing in the file is worth a further word
        self.rate: Rate | None = None
        self.start = Fraction(0)
        self.rate_told = False  # why timecode cannot be read here has been said once
        self.songs: dict[str, Song] = {}
        self.all_songs = True  # every song that was written could be read
        self.numbers: dict[tuple[str, str], int] = {}
        self.cue_ids: dict[str, int] = {}
        self.scene_ids: dict[str, int] = {}
        self.set_ids: frozenset[str] = frozenset()
        self.outputs: tuple[str, ...] = ()
        self.targets: list[tuple[Node, str]] = []  # looked up once every cue is known
        self.untils: list[tuple[Node, str]] = []

    def timeline(self, root: Node | None) -> Timeline:
        if not isinstance(root, Map):
            self.refused = True
            self.not_a_timeline(root)
            return Timeline()
        if self.later_version(root):
            return Timeline()
        said = self.walker.group(root, ROOT)
        damaged = bool(self.walker.parsed.damage)
        film = self.film(said.get("film") or {}, _child(root, "film"))
        defaults = self.defaults(said.get("defaults") or {}, _child(root, "defaults"))
        self.outputs = tuple(name for _, name in said.get("outputs") or () if name is not None)
        self.set_ids = frozenset(name.value for name, _ in said.get("sets") or ())
        songs = [self.song(*item) for item in said.get("songs") or ()]
        self.songs = {song.id: song for song in songs}
        self.all_songs = not self.lost(root, said, "songs", damaged)
        scenes = self.scenes(said.get("scenes") or [])
        sets = tuple(self.set(*item) for item in said.get("sets") or ())
        if not self.lost(root, said, "scenes", damaged):
            self.look_up()
        self.not_yet_played()
        return Timeline(
            film=film, defaults=defaults, outputs=self.outputs, songs=self.songs, scenes=scenes, sets=sets
        )

    def lost(self, root: Map, said: Said, key: str, damaged: bool) -> bool:
        """Whether part of a section could not be read, so that what it lacks may have been written."""
        if key in said and said[key] is None:
            return True
        node = _child(root, key)
        if node is None:
            return damaged or key in self.walker.guessed.get(id(root), ())
        return damaged and self.walker.damaged(node)

    def not_a_timeline(self, root: Node | None) -> None:
        if self.walker.parsed.problems:
            return
        begin = "a timeline begins with needledrop: 1"
        if root is None or not isinstance(root, Branch) and not root.value:
            self.walker.error("empty", "the file is empty", Span(), begin)
        else:
            self.walker.error("no-timeline", "this is not a timeline", root, begin)

    def later_version(self, root: Map) -> bool:
        node = _child(root, "needledrop")
        text = node.value if node is not None else None
        if text is None or not text.isdecimal() or not text.isascii() or len(text) > 9 or int(text) == spec.VERSION:
            return False
        self.refused = True
        if int(text) > spec.VERSION:
            message = f"made by a later version: this file is format {int(text)}, and this program knows {spec.VERSION}"
            self.walker.problems.clear()
            self.walker.parsed.problems.clear()
            self.walker.error("later-version", message, node, "get a newer Needledrop to open it")
        else:
            self.walker.error("bad-value", f"there is no format {int(text)}", node, f"write needledrop: {spec.VERSION}")
        return True

    def film(self, said: Said, node: Node | None) -> Film:
        if node is None:
            return Film()
        self.nodes["film"] = (node, node)
        if said.get("fps"):
            self.rate = RATES[said["fps"]]
        self.rate_told = "fps" in said and self.rate is None
        label = said.get("start")
        start = self.label(label, _child(node, "start")) if label else None
        self.start = start or Fraction(0)
        runtime, about = said.get("runtime") or (None, False)
        return Film(
            title=said.get("title"),
            year=said.get("year"),
            director=said.get("director"),
            runtime=runtime,
            runtime_estimate=about,
            fps=said.get("fps"),
            start=start,
            video=said.get("video"),
            span=span_of(node),
        )

    def label(self, label: Label, node: Node) -> Fraction | None:
        """What `film.start` stands for, in seconds."""
        if self.rate is None:
            self.no_rate(node)
            return None
        try:
            return label_seconds(label, self.rate)
        except Refusal as refusal:
            self.walker.error("bad-value", refusal.message, node, refusal.hint)
            return None

    def no_rate(self, node: Node) -> None:
        """Say once that timecode needs a picture rate."""
        if not self.rate_told:
            hint = "add fps: 24 (or the film's own rate) under film"
            self.walker.error("no-fps", "timecode needs film.fps", node, hint)
        self.rate_told = True

    def defaults(self, said: Said, node: Node | None) -> Defaults:
        if node is None:
            return Defaults()
        self.nodes["defaults"] = (node, node)
        if said.get("until"):
            self.untils.append((_child(node, "until"), said["until"]))
        return Defaults(**{key: value for key, value in said.items() if value is not None})

    def song(self, head: Node, item: tuple[Node, Said]) -> Song:
        node, said = item
        ident = head.value
        self.nodes[f"songs/{ident}"] = (head, node)
        length, about = said.get("length") or (None, False)
        kept = {key: value for key, value in said.items() if value is not None and key in _SONG_PLAIN}
        return Song(
            id=ident,
            title=said.get("title") or ident,
            writers=_writers(said.get("writers")),
            length=length,
            length_estimate=about,
            media=_media(said.get("media")),
            marks=_marks(said.get("marks")),
            span=Span(head.start_mark.index, end_of(node), head.start_mark.line + 1, head.start_mark.column + 1),
            **kept,
        )

    def scenes(self, items: Items) -> tuple[Scene, ...]:
        scenes: list[Scene] = []
        above = _Above()
        for index, (node, said) in enumerate(items):
            if said is None:
                above = _Above(lost=True)
                continue
            ident = self.scene_id(node, said, index)
            self.nodes[f"scenes/{ident}"] = (node, node)
            at = self.scene_at(node, said, above) if "at" in said else None
            above = _Above(at, lost="at" in said and at is None)
            cues = (self.cue(item, words, ident, above, n) for n, (item, words) in enumerate(said.get("cues") or (), 1))
            number = self.number(node, "scene", said)
            scenes.append(
                Scene(
                    id=ident,
                    title=said.get("title") or ident,
                    number=number,
                    at=at,
                    place=said.get("place"),
                    people=tuple(name for _, name in said.get("people") or () if name is not None),
                    note=said.get("note"),
                    picture=said.get("picture"),
                    colour=said.get("colour"),
                    cues=tuple(cue for cue in cues if cue is not None),
                    span=span_of(node),
                )
            )
        return tuple(scenes)

    def scene_id(self, node: Node, said: Said, index: int) -> str:
        """The scene's own id; one that no file can write where it has none, or where it is taken."""
        ident: str | None = said.get("id")
        if ident is None:
            return f"#{index + 1}"
        if ident in self.scene_ids:
            words = _child(node, "id")
            line = self.scene_ids[ident]
            self.walker.error("duplicate-id", f'there is a scene "{ident}" already', words, f"the first is in line {line}")
            return f"#{index + 1}"
        self.scene_ids[ident] = node.start_mark.line + 1
        return ident

    def number(self, node: Node, kind: str, said: Said) -> str | None:
        number: str | None = said.get("number")
        if number is None:
            return None
        first = self.numbers.setdefault((kind, number), node.start_mark.line + 1)
        if first != node.start_mark.line + 1:
            words = _child(node, "number")
            message = f'there is a {kind} number "{shown(number)}" already'
            self.walker.error("duplicate-number", message, words, f"the first is in line {first}")
            return None
        return number

    def scene_at(self, node: Node, said: Said, above: _Above) -> When | None:
        moment: Moment | None = said["at"]
        if moment is None:
            return None
        words = _child(node, "at")
        if moment.sign < 0:
            hint = f"write +{moment.text.lstrip('~ -')}, or move the scene up"
            self.walker.error("backward", "a scene counts forward from the scene above it", words, hint)
            return None
        if moment.sign == 0:
            return self.absolute(moment, words)
        if above.at is None:
            if not above.lost:
                message = "there is no time above to count from"
                self.walker.error("no-anchor", message, words, "give the scene above an at, or write this one in full")
            return None
        return When(above.at.seconds + moment.offset, moment.estimate or above.at.estimate, moment.text)

    def absolute(self, moment: Moment, words: Node) -> When | None:
        if self.rate is None and isinstance(moment.value, Label):
            self.no_rate(words)
            return None
        try:
            return When(moment_seconds(moment, self.rate, self.start), moment.estimate, moment.text)
        except Refusal as refusal:
            self.walker.error("bad-value", f"at: {refusal.message}", words, refusal.hint)
            return None

    def cue_at(self, node: Node, moment: Moment, scene: _Above) -> When | None:
        if moment.sign == 0:
            return self.absolute(moment, _child(node, "at"))
        if scene.at is None:
            if not scene.lost:
                message = f"{shown(moment.text)} counts from the scene's at, and the scene has none"
                hint = "give the scene an at; until then this at means nothing"
                self.walker.warn("no-anchor", message, _child(node, "at"), hint)
            return None
        seconds = scene.at.seconds + moment.offset
        if seconds.numerator < 0:
            self.walker.error("before-film", "this lies before the film's first picture", _child(node, "at"))
            return None
        return When(seconds, moment.estimate or scene.at.estimate, moment.text)

    def cue(self, node: Node, said: Said | None, scene: str, at: _Above, place: int) -> AnyCue | None:
        if said is None:
            return None
        verb = self.verb(node, said)
        ident = self.cue_id(node, said) if "id" in said else None
        key = ident or f"{scene}#{place}"
        self.nodes[f"cues/{key}"] = (node, node)
        if verb is None:
            return None
        kept = {name: value for name, value in said.items() if value is not None and name in _KEPT[verb]}
        kept["key"] = key
        kept["scene"] = scene
        kept["id"] = ident
        kept["span"] = span_of(node)
        if "at" in kept:
            kept["at"] = self.cue_at(node, kept["at"], at)
        if "number" in kept:
            kept["number"] = self.number(node, "cue", said)
        if not _NOT_YET.isdisjoint(said):
            unplayed = (field for field in CUE.known.values() if not field.played)
            kept["not_yet"] = tuple(field.name for field in unplayed if field.attr in said)
        return self.cue_of(verb, node, said, kept)

    def cue_of(self, verb: str, node: Node, said: Said, kept: dict[str, Any]) -> AnyCue | None:
        """The cue of one verb; `kept` are the fields that need no further look."""
        what = said[verb]
        match verb:
            case "song":
                return self.song_cue(node, kept)
            case "fade":
                return self.fade_cue(node, said, what, kept)
            case "stop":
                self.targets.append((_child(node, verb), what))
                return StopCue(target=what, **kept)
            case "say":
                return SayCue(text=what, **kept)
            case "send":
                return OtherCue(verb=verb, messages=tuple(text for _, text in what if text is not None), **kept)
            case "set":
                self.known(_child(node, verb), what, self.set_ids, "set", "no-set")
            case _:
                self.targets.append((_child(node, verb), what))
        return OtherCue(verb=verb, target=what, **kept)

    def song_cue(self, node: Node, kept: dict[str, Any]) -> SongCue:
        song = kept["song"]
        if song not in self.songs and self.all_songs:
            self.known(_child(node, "song"), song, self.songs, "song", "no-song")
        if "until" in kept:
            self.untils.append((_child(node, "until"), kept["until"]))
        if "loop" in kept:
            kept["loop"] = _loop(kept["loop"])
        if "marks" in kept:
            kept["marks"] = _marks(kept["marks"])
        if "output" in kept:
            self.known(_child(node, "output"), kept["output"], self.outputs, "output", "no-output")
        return SongCue(**kept)

    def fade_cue(self, node: Node, said: Said, target: str, kept: dict[str, Any]) -> FadeCue | None:
        self.targets.append((_child(node, "fade"), target))
        if "level" not in said and not self.walker.excused(node, "level"):
            hint = "add level: -12 dB, or -inf dB to end it"
            self.walker.error("missing-key", "a fade needs level: where to", node, hint)
        if said.get("level") is None:
            return None
        return FadeCue(target=target, level=said["level"], over=said.get("over"), **kept)

    def verb(self, node: Node, said: Said) -> str | None:
        """The one verb of a cue; None, with a problem, when there is none or more than one."""
        found = [name for name in said if name in _VERBS]
        if len(found) == 1:
            verb = found[0]
            if not said.keys() <= _ALLOWED[verb]:
                self.misplaced(node, verb)
            return None if said[verb] is None else verb
        names = [key.value for key in node.items[::2] if isinstance(key.value, str)]
        if found:
            verbs = listed([name for name in names if name in found], "and")
            self.walker.error("two-verbs", f"a cue does one thing, and this one has {verbs}", node, "make it two cues")
        elif not any(self.walker.excused(node, verb) for verb in _VERBS):
            have = f"; found only {listed([shown(name) for name in names], 'and')}" if names else ""
            hint = f"add one of {listed(spec.VERBS)}"
            self.walker.error("no-verb", f"this cue does not say what it does{have}", node, hint)
        return None

    def misplaced(self, node: Node, verb: str) -> None:
        for key in node.items[::2]:
            field = CUE.known.get(key.value)
            if field and field.verbs and verb not in field.verbs:
                homes = listed([f"{home} cue" for home in field.verbs])
                self.walker.error("misplaced-key", f"a {verb} cue takes no {field.name}", key, f"it belongs to a {homes}")

    def cue_id(self, node: Node, said: Said) -> str | None:
        ident: str | None = said["id"]
        if ident is None:
            return None
        words: Node = _child(node, "id")
        if ident in self.songs:
            hint = "songs and cues share their ids, so that stop and fade know what they mean"
            self.walker.error("duplicate-id", f'there is a song "{ident}" already', words, hint)
            return None
        if ident in self.cue_ids:
            message = f'there is a cue "{ident}" already'
            self.walker.error("duplicate-id", message, words, f"the first is in line {self.cue_ids[ident]}")
            return None
        self.cue_ids[ident] = words.start_mark.line + 1
        return ident

    def set(self, head: Node, item: tuple[Node, Said]) -> Set:
        node, said = item
        self.nodes[f"sets/{head.value}"] = (head, node)
        entries = (self.entry(entry, words) for entry, words in said.get("songs") or ())
        return Set(
            id=head.value,
            title=said.get("title"),
            date=said.get("date"),
            place=said.get("place"),
            songs=tuple(entry for entry in entries if entry is not None),
            span=Span(head.start_mark.index, end_of(node), head.start_mark.line + 1, head.start_mark.column + 1),
        )

    def entry(self, node: Node, said: Said | None) -> SetEntry | None:
        if said is None or said.get("song") is None:
            return None
        song = said["song"]
        if song not in self.songs and self.all_songs:
            self.known(_child(node, "song"), song, self.songs, "song", "no-song")
        elif said.get("count"):
            self.count(_child(node, "count"), self.songs.get(song))
        gap, about = said.get("gap") or (None, False)
        return SetEntry(
            song=song, count=said.get("count"), gap=gap, gap_estimate=about, note=said.get("note"), span=span_of(node)
        )

    def count(self, words: Node, song: Song | None) -> None:
        if song and (song.bpm is None or song.meter is None):
            missing = listed([name for name, value in (("bpm", song.bpm), ("meter", song.meter)) if value is None], "and")
            self.walker.error("no-bars", f"a count-in needs the song's {missing}", words, f"add them to {song.id}")

    def known(self, words: Node, name: str, names: Collection[str], what: str, code: str) -> None:
        """Tell of a name that stands for nothing."""
        if name in names:
            return
        hint = self.walker.guess(name, names)
        if hint is None and not names:
            hint = f"there is no {what} yet"
        self.walker.error(code, f'there is no {what} "{shown(name)}"', words, hint)

    def look_up(self) -> None:
        """Targets and `until`, now that all songs, cues and scenes are known."""
        for words, name in self.targets:
            if name == "all" or name in self.songs or name in self.cue_ids or not self.all_songs:
                continue
            names = ["all", *self.songs, *self.cue_ids]
            hint = self.walker.guess(name, names)
            self.walker.error("no-target", f'there is no song or cue "{shown(name)}"', words, hint)
        for words, name in self.untils:
            if name not in ("scene", "end") and name not in self.scene_ids:
                hint = self.walker.guess(name, ["scene", "end", *self.scene_ids])
                self.walker.error("no-scene", f'there is no scene "{shown(name)}"', words, hint or "scene, end or a scene's id")

    def not_yet_played(self) -> None:
        for name, (count, where) in self.walker.unplayed.items():
            places = f" ({count} places)" if count > 1 else ""
            self.walker.tell("note", "not-yet-played", f"{name} is read and kept, and not yet played{places}", where)


@dataclass(frozen=True, slots=True)
class _Above:
    """The time that relative times count from. `lost`: one was written, and what is wrong with it has been told."""

    at: When | None = None
    lost: bool = False


def _child(node: Node, key: str) -> Node:
    """The value of a key of a mapping, the first where it is written twice."""
    if isinstance(node, Map):
        pairs = iter(node.items)
        for name, value in zip(pairs, pairs):
            if name.value == key:
                return value
    return None


def _writers(items: Items | None) -> tuple[Writer, ...]:
    return tuple(
        Writer(**said) if isinstance(said, dict) else Writer(said)
        for _, said in items or ()
        if said and (not isinstance(said, dict) or said.get("name"))
    )


def _media(items: Items | None) -> tuple[Media, ...]:
    media = []
    for node, said in items or ():
        if isinstance(said, dict):
            if said.get("file"):
                kept = {key: value for key, value in said.items() if value is not None}
                media.append(Media(**kept, span=words_of(_child(node, "file"))))
        elif said:
            media.append(Media(said, span=words_of(node)))
    return tuple(media)


def _marks(items: Items | None) -> tuple[Mark, ...]:
    return tuple(
        Mark(said["at"], said["text"])
        for _, said in items or ()
        if said and said.get("at") is not None and said.get("text") is not None
    )


def _loop(said: Said) -> Loop | None:
    if any(said.get(key) is None for key in ("from_", "to", "times")):
        return None
    times = said["times"]
    return Loop(said["from_"], said["to"], None if times == "until-go" else times)
