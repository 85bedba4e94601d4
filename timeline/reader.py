"""From the text of a file to a timeline and everything that is wrong with it, in one pass.

Nothing a person can put in a file raises here: mistakes are `Problem` values, and what survives them is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from fractions import Fraction
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from timeline import spec, syntax
from timeline.calm import calm
from timeline.checks import check
from timeline.material import Material
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
from timeline.nodes import LOADER, Branch, Map, Node, end_of, find, pairs, span_of
from timeline.problems import Source
from timeline.spec import CUE
from timeline.times import RATES, Label, Moment, Rate, Refusal, TempoMap, label_seconds, moment_seconds
from timeline.walk import MOST_PROBLEMS, Items, Said, Walker
from timeline.words import listed, shown

_VERBS = frozenset(spec.VERBS)
_NAMES = {field.attr: field.name for field in CUE.known.values()}
_ALLOWED = {
    verb: frozenset(field.attr for field in CUE.known.values() if not field.verbs or verb in field.verbs)
    for verb in spec.VERBS
}
_SONG_KEYS = frozenset(attr for attr in _ALLOWED["song"] if CUE.known[_NAMES[attr]].played)
_SONG_PLAIN = frozenset(
    (
        "artist",
        "publisher",
        "year",
        "isrc",
        "iswc",
        "mbid",
        "bpm",
        "meter",
        "key",
        "rights",
        "loudness",
        "stand_in",
        "sheet",
    )
)
_COMMON = frozenset(field.attr for field in CUE.known.values() if not field.verbs)
_KEPT = {  # what goes into the model as it is; the rest is looked at verb by verb
    verb: _ALLOWED[verb] if verb == "song" else _COMMON | {"fade_out"} if verb == "stop" else _COMMON
    for verb in spec.VERBS
}


class Places:
    """Finds the words of an item, or of one of its keys, in the text of a timeline that has been read.

    Items are `film`, `defaults`, `songs/<id>`, `scenes/<id>`, `cues/<key>` and `sets/<id>`. Only the item
    asked for is parsed again, so that nothing has to be kept for the thousands that nobody asks for.
    """

    __slots__ = ("_loader", "_spans", "_text", "_timeline")

    def __init__(self, text: str, timeline: Timeline, loader: str) -> None:
        self._text = text
        self._timeline = timeline
        self._loader = loader
        self._spans: dict[str, Span] | None = None

    def __call__(self, item: str, key: str | None = None) -> Span:
        if self._spans is None:
            self._spans = dict(_spans(self._timeline))
        span = self._spans.get(item)
        if span is None:
            return Span()
        kind, _, ident = item.partition("/")
        named = (ident,) if kind in ("songs", "sets") else ()
        if key is None:
            end = (
                span.start + len(ident) if named and self._text.startswith(ident, span.start) else span.start
            )
            return find(self._text, span, (), self._loader) if end == span.start else replace(span, end=end)
        return find(self._text, span, (*named, key), self._loader)


def _spans(timeline: Timeline) -> Iterator[tuple[str, Span]]:
    yield "film", timeline.film.span
    yield "defaults", timeline.defaults.span
    for song in timeline.songs.values():
        yield f"songs/{song.id}", song.span
    for scene in timeline.scenes:
        yield f"scenes/{scene.id}", scene.span
        for cue in scene.cues:
            yield f"cues/{cue.key}", cue.span
    for entries in timeline.sets:
        yield f"sets/{entries.id}", entries.span


class Reading(Struct, frozen=True):
    """What one text says.

    `problems` come in the order of the file; `base` is the file's folder, None for a bare text.

    `place` tells where an item stands, or one of its keys: `reading.place("cues/cold-song", "gain")`.
    """

    timeline: Timeline
    problems: tuple[Problem, ...]
    source: Source
    place: Places
    base: Path | None = None

    @property
    def ok(self) -> bool:
        """No errors; warnings and notes may be there."""
        return all(problem.severity != "error" for problem in self.problems)


class Host(Struct, frozen=True):
    """What only the program around a file knows; None: nobody asks.

    `tempo` gives the tempo map of the MIDI file at a path, None where there is none; `taken` says what a key does in
    the player already.
    """

    tempo: Callable[[Path], TempoMap | None] | None = None
    taken: Callable[[str], str | None] | None = None

    def tempo_beside(self, base: Path | None) -> Callable[[str], TempoMap | None] | None:
        """The same of names that count from the folder `base`."""
        tempo = self.tempo
        return None if tempo is None or base is None else lambda name: tempo(base / name)


NOBODY = Host()


@calm
def read(
    text: str | bytes,
    name: str = "timeline",
    exists: Callable[[str], bool] | None = None,
    base: Path | None = None,
    loader: str = LOADER,
    host: Host = NOBODY,
) -> Reading:
    """Read and check one file's text; bytes are UTF-8, with or without a byte order mark.

    `exists` tells of a path in the file whether it is there; without it nobody asks.
    """
    if isinstance(text, bytes):
        if why := syntax.undecodable(text):
            return _nothing(text.decode("utf-8", "replace"), name, Problem("error", "not-utf-8", why), base)
        text = text.decode("utf-8")
    return _read(Source(text.removeprefix("\ufeff"), name), exists, base, loader, host)


def _nothing(text: str, name: str, problem: Problem, base: Path | None) -> Reading:
    return Reading(Timeline(), (problem,), Source(text, name), Places(text, Timeline(), LOADER), base)


def _read(
    source: Source, exists: Callable[[str], bool] | None, base: Path | None, loader: str, host: Host
) -> Reading:
    parsed = syntax.parse(source, loader)
    builder = _Builder(parsed.walker, loader)
    timeline = builder.timeline(parsed.root, bool(parsed.problems))
    places = Places(parsed.text, timeline, loader)
    if builder.later:
        problems = parsed.walker.problems
    else:
        problems = [*parsed.problems, *parsed.walker.problems]
        if isinstance(parsed.root, Map):
            material = Material(
                timeline,
                places,
                exists,
                host.tempo_beside(base),
                host.taken,
                parsed.walker.unsure(),
                parsed.walker.damage,
                builder.doubtful,
                builder.all_cues,
            )
            problems += check(material)
    problems.sort(key=lambda problem: problem.span.start)
    return Reading(timeline, tuple(problems[:MOST_PROBLEMS]), source, places, base)


class _Builder:
    """Builds the model of one file from what the walker made of its collections."""

    def __init__(self, walker: Walker, loader: str) -> None:
        self.walker = walker
        self.loader = loader
        self.later = False  # the file is of a later version, and that is all there is to say
        self.rate: Rate | None = None
        self.start = Fraction(0)
        self.rate_told = "fps" in walker.lost  # why timecode cannot be read here has been said
        self.songs: dict[str, Song] = {}
        self.all_songs = True  # every song that was written could be read
        self.all_cues = True  # and every cue
        self.numbers: dict[tuple[str, str], int] = {}
        self.cue_ids: dict[str, int] = {}
        self.scene_ids: dict[str, int] = {}
        self.hotkeys: dict[str, int] = {}
        self.set_ids: frozenset[str] = frozenset()
        self.outputs: tuple[str, ...] = ()
        self.doubtful: set[str] = set()  # songs and sets of which something was refused
        self.targets: list[tuple[Map, str]] = []  # looked up once every cue is known
        self.untils: list[tuple[Map, str]] = []

    def timeline(self, root: Node | None, broken: bool) -> Timeline:
        """The model of a whole file; `broken`: mistakes of syntax have been told."""
        if not isinstance(root, Map):
            if not broken:
                self.not_a_timeline(root)
            return Timeline()
        if self.later_version(root):
            return Timeline()
        said = root.said
        nodes = {key.value: value for key, value in reversed(list(pairs(root)))}
        film = self.film(said.get("film") or {}, nodes.get("film"))
        defaults = self.defaults(said.get("defaults") or {}, nodes.get("defaults"))
        self.outputs = self.names(said.get("outputs") or [])
        self.set_ids = frozenset(name.value for name, _ in said.get("sets") or ())
        self.all_songs = self.whole(root, said, "songs")
        self.songs = {head.value: self.song(head, *item) for head, item in said.get("songs") or ()}
        scenes = self.scenes(said.get("scenes") or [])
        sets = tuple(self.set(head, *item) for head, item in said.get("sets") or ())
        if self.whole(root, said, "scenes"):
            self.look_up()
        self.not_yet_played()
        return Timeline(
            film=film, defaults=defaults, outputs=self.outputs, songs=self.songs, scenes=scenes, sets=sets
        )

    def names(self, items: Items) -> tuple[str, ...]:
        """The names of outputs, each once."""
        lines: dict[str, int] = {}
        for node, name in items:
            if name in lines:
                hint = f"the first is in line {lines[name]}"
                self.walker.error("duplicate-id", f'there is an output "{name}" already', node, hint)
            elif name is not None:
                lines[name] = node.start_mark.line + 1
        return tuple(lines)

    def whole(self, root: Map, said: Said, key: str) -> bool:
        """Whether a section was understood as a section, so that what it lacks was not written."""
        return said[key] is not None if key in said else key not in root.meant

    def not_a_timeline(self, root: Node | None) -> None:
        begin = "a timeline begins with needledrop: 1"
        if root is None or (not isinstance(root, Branch) and not root.value):
            self.walker.error("empty", "the file is empty", Span(), begin)
        else:
            self.walker.error("no-timeline", "this is not a timeline", root, begin)

    def later_version(self, root: Map) -> bool:
        version = root.said.get("needledrop")
        if version is None or version == spec.VERSION:
            return False
        words = next(value for key, value in pairs(root) if key.value == "needledrop")
        if version > spec.VERSION:
            self.later = True
            self.walker.problems.clear()
            message = (
                f"made by a later version: this is format {version}, and this program knows {spec.VERSION}"
            )
            self.walker.error("later-version", message, words, "get a newer Needledrop to open it")
        else:
            hint = f"write needledrop: {spec.VERSION}"
            self.walker.error("bad-value", f"there is no format {version}", words, hint)
        return self.later

    def film(self, said: Said, node: Node) -> Film:
        if not isinstance(node, Map):
            return Film()
        if said.get("fps"):
            self.rate = RATES[said["fps"]]
        self.rate_told = self.rate_told or ("fps" in said and self.rate is None)
        label = said.get("start")
        start = self.label(label, node) if label else None
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

    def at(self, node: Map, key: str) -> Span:
        """Where the value of a key stands in an item."""
        return find(self.walker.text, span_of(node), (key,), self.loader)

    def label(self, label: Label, node: Map) -> Fraction | None:
        """What `film.start` stands for, in seconds."""
        if self.rate is None:
            self.no_rate(node, "start")
            return None
        try:
            return label_seconds(label, self.rate)
        except Refusal as refusal:
            self.walker.error("bad-value", f"start: {refusal.message}", self.at(node, "start"), refusal.hint)
            return None

    def no_rate(self, node: Map, key: str) -> None:
        """Say once that timecode needs a picture rate."""
        if not self.rate_told:
            hint = "add fps: 24 (or the film's own rate) under film"
            self.walker.error("no-fps", "timecode needs film.fps", self.at(node, key), hint)
        self.rate_told = True

    def defaults(self, said: Said, node: Node) -> Defaults:
        if not isinstance(node, Map):
            return Defaults()
        if said.get("until"):
            self.untils.append((node, said["until"]))
        return Defaults(
            **{key: value for key, value in said.items() if value is not None}, span=span_of(node)
        )

    def song(self, head: Node, node: Node, said: Said) -> Song:
        media = _media(said.get("media"))
        lost = len(media) < len(said.get("media") or ())
        if not isinstance(node, Map) or node.bad or node.meant or lost:
            self.doubtful.add(head.value)
        length, about = said.get("length") or (None, False)
        kept = {key: value for key, value in said.items() if value is not None and key in _SONG_PLAIN}
        return Song(
            id=head.value,
            title=said.get("title") or head.value,
            writers=_writers(said.get("writers")),
            length=length,
            length_estimate=about,
            media=media,
            marks=_marks(said.get("marks")),
            span=_from_head(head, node),
            **kept,
        )

    def scenes(self, items: Items) -> tuple[Scene, ...]:
        scenes: list[Scene] = []
        above = _Above()
        for index, (node, said) in enumerate(items, 1):
            if said is None:  # told, or an alias
                above = _Above(lost=True)
                continue
            ident = self.scene_id(node, said) or f"#{index}"  # a name that no file can hold
            at = self.scene_at(node, said["at"], above) if said.get("at") is not None else None
            above = _Above(at, lost="at" in said and at is None)
            cues = [
                self.cue(item, words, ident, above, n)
                for n, (item, words) in enumerate(said.get("cues") or (), 1)
            ]
            scenes.append(
                Scene(
                    id=ident,
                    title=said.get("title") or ident,
                    number=self.number(node, "scene", said),
                    at=at,
                    place=said.get("place"),
                    people=tuple(name for _, name in said.get("people") or () if name is not None),
                    note=said.get("note"),
                    picture=said.get("picture"),
                    colour=said.get("colour"),
                    cues=self.found(cues),
                    span=span_of(node),
                )
            )
        return tuple(scenes)

    def found(self, cues: list[AnyCue | None]) -> tuple[AnyCue, ...]:
        kept = tuple([cue for cue in cues if cue is not None])
        self.all_cues = self.all_cues and len(kept) == len(cues)
        return kept

    def scene_id(self, node: Map, said: Said) -> str | None:
        ident: str | None = said.get("id")
        if ident is None:
            return None
        if ident in self.scene_ids:
            hint = f"the first is in line {self.scene_ids[ident]}"
            self.walker.error(
                "duplicate-id", f'there is a scene "{ident}" already', self.at(node, "id"), hint
            )
            return None
        self.scene_ids[ident] = node.start_mark.line + 1
        return ident

    def number(self, node: Map, kind: str, said: Said) -> str | None:
        number: str | None = said.get("number")
        if number is None:
            return None
        first = self.numbers.get((kind, number))
        if first is not None:
            message = f'there is a {kind} number "{shown(number)}" already'
            self.walker.error(
                "duplicate-number", message, self.at(node, "number"), f"the first is in line {first}"
            )
            return None
        self.numbers[kind, number] = node.start_mark.line + 1
        return number

    def scene_at(self, node: Map, moment: Moment, above: _Above) -> When | None:
        if moment.sign == 0:
            return self.absolute(moment, node)
        if moment.sign < 0:
            message = "a scene counts forward from the scene above it"
            hint = f"write +{moment.text.lstrip('~ -')}, or move the scene up"
            self.walker.error("backward", message, self.at(node, "at"), hint)
            return None
        if above.at is None:
            if not above.lost:
                hint = "give the scene above an at, or write this one in full"
                self.walker.error(
                    "no-anchor", "there is no time above to count from", self.at(node, "at"), hint
                )
            return None
        return When(above.at.seconds + moment.offset, moment.estimate or above.at.estimate, moment.text)

    def absolute(self, moment: Moment, node: Map) -> When | None:
        if isinstance(moment.value, Fraction):
            return When(moment.value, moment.estimate, moment.text)
        if self.rate is None:
            self.no_rate(node, "at")
            return None
        try:
            return When(moment_seconds(moment, self.rate, self.start), moment.estimate, moment.text)
        except Refusal as refusal:
            self.walker.error("bad-value", f"at: {refusal.message}", self.at(node, "at"), refusal.hint)
            return None

    def cue_at(self, node: Map, moment: Moment, scene: _Above) -> When | None:
        if moment.sign == 0:
            return self.absolute(moment, node)
        if scene.at is None:
            if not scene.lost:
                message = f"{shown(moment.text)} counts from the scene's at, and the scene has none"
                hint = "give the scene an at; until then this at means nothing"
                self.walker.warn("no-anchor", message, self.at(node, "at"), hint)
            return None
        seconds = scene.at.seconds + moment.offset
        if seconds.numerator < 0:
            self.walker.error("before-film", "this lies before the film's first picture", self.at(node, "at"))
            return None
        return When(seconds, moment.estimate or scene.at.estimate, moment.text)

    def cue(self, node: Map, said: Said | None, scene: str, at: _Above, place: int) -> AnyCue | None:
        if said is None:
            return None
        if "song" in said and not node.bad and _SONG_KEYS.issuperset(said):
            verb, fields = "song", said
        else:
            found = self.verb(node, said)
            if found is None:
                self.walker.leave(node)
                return None
            verb, kept = found, _KEPT[found]
            fields = {name: value for name, value in said.items() if value is not None and name in kept}
            unplayed = (field for field in CUE.known.values() if not field.played)
            fields["not_yet"] = tuple(field.name for field in unplayed if field.attr in said)
        ident = None
        if "id" in fields:
            fields["id"] = ident = self.cue_id(node, fields["id"])
        fields["key"] = ident or f"{scene}#{place}"
        fields["scene"] = scene
        start = node.start_mark
        fields["span"] = Span(start.index, end_of(node), start.line + 1, start.column + 1)
        if "at" in fields:
            fields["at"] = self.cue_at(node, fields["at"], at)
        if "number" in fields:
            fields["number"] = self.number(node, "cue", said)
        if "hotkey" in fields:
            fields["hotkey"] = self.hotkey(node, fields["hotkey"])
        return self.song_cue(node, fields) if verb == "song" else self.cue_of(verb, node, said, fields)

    def cue_of(self, verb: str, node: Map, said: Said, fields: Said) -> AnyCue | None:
        """The cue of another verb than `song`; `fields` are those that need no further look."""
        match verb:
            case "fade":
                return self.fade_cue(node, said, fields)
            case "stop":
                self.targets.append((node, said[verb]))
                return StopCue(target=said[verb], **fields)
            case "say":
                return SayCue(text=said[verb], **fields)
            case "send":
                if not said[verb]:
                    words = find(self.walker.text, span_of(node), (verb,), self.loader, of_key=True)
                    self.walker.error("no-value", "send has no message", words, f"like {spec.MESSAGE.example}")
                messages = tuple(message for _, message in said[verb] if message is not None)
                return OtherCue(verb=verb, messages=messages, **fields)
            case "set":
                self.known(node, verb, said[verb], self.set_ids)
                kept = {key: said[key] for key in ("repeat", "shuffle", "crossfade") if said.get(key) is not None}
                return OtherCue(verb=verb, target=said[verb], **kept, **fields)
            case _:
                self.targets.append((node, said[verb]))
        return OtherCue(verb=verb, target=said[verb], **fields)

    def song_cue(self, node: Map, fields: Said) -> SongCue:
        song = fields["song"]
        if song not in self.songs and self.all_songs:
            self.known(node, "song", song, self.songs)
        if "until" in fields:
            self.untils.append((node, fields["until"]))
        if "loop" in fields:
            fields["loop"] = _loop(fields["loop"])
        if "marks" in fields:
            fields["marks"] = _marks(fields["marks"])
        if "output" in fields:
            self.known(node, "output", fields["output"], self.outputs)
        return SongCue(**fields)

    def fade_cue(self, node: Map, said: Said, fields: Said) -> FadeCue | None:
        self.targets.append((node, said["fade"]))
        if "level" not in said and not self.walker.excused(node, "level"):
            hint = "add level: -12 dB, or -inf dB to end it"
            self.walker.error("missing-key", "a fade needs level: where to", self.at(node, "fade"), hint)
        if said.get("level") is None:
            self.walker.leave(node)
            return None
        return FadeCue(target=said["fade"], level=said["level"], over=said.get("over"), **fields)

    def verb(self, node: Map, said: Said) -> str | None:
        """The one verb of a cue; None, with a problem, when there is none or more than one."""
        found = _VERBS.intersection(said)
        if len(found) == 1:
            (verb,) = found
            if not _ALLOWED[verb].issuperset(said):
                self.misplaced(node, said, verb)
            return None if said[verb] is None else verb
        names = [_NAMES[attr] for attr in said]
        if found:
            verbs = listed([name for name in names if name in found], "and")
            self.walker.error(
                "two-verbs", f"a cue does one thing, and this one has {verbs}", node, "make it two cues"
            )
        elif not node.meant and not self.walker.damaged(node):
            have = f"; found only {listed(names, 'and')}" if names else ""
            hint = f"add one of {listed(spec.VERBS)}"
            self.walker.error("no-verb", f"this cue does not say what it does{have}", node, hint)
        return None

    def misplaced(self, node: Map, said: Said, verb: str) -> None:
        for attr in said:
            if attr not in _ALLOWED[verb]:
                field = CUE.known[_NAMES[attr]]
                hint = f"it belongs to a {listed(field.verbs)} cue"
                words = find(self.walker.text, span_of(node), (field.name,), self.loader, of_key=True)
                self.walker.error("misplaced-key", f"a {verb} cue takes no {field.name}", words, hint)

    def cue_id(self, node: Map, ident: str) -> str | None:
        if ident in self.songs:
            hint = "songs and cues share their ids, so that stop and fade know what they mean"
            self.walker.error("duplicate-id", f'there is a song "{ident}" already', self.at(node, "id"), hint)
            return None
        if ident in self.cue_ids:
            hint = f"the first is in line {self.cue_ids[ident]}"
            self.walker.error("duplicate-id", f'there is a cue "{ident}" already', self.at(node, "id"), hint)
            return None
        self.cue_ids[ident] = node.start_mark.line + 1
        return ident

    def hotkey(self, node: Map, key: str) -> str | None:
        """The key of a cue, unless a cue above has it."""
        first = self.hotkeys.get(key)
        if first is None:
            self.hotkeys[key] = node.start_mark.line + 1
            return key
        message = f"the key {shown(key)} fires a cue already"
        self.walker.error("duplicate-hotkey", message, self.at(node, "hotkey"), f"the first is in line {first}")
        return None

    def set(self, head: Node, node: Node, said: Said) -> Set:
        entries = [self.entry(*item) for item in said.get("songs") or ()]
        if entries or (node.bad or node.meant if isinstance(node, Map) else node.value):
            self.doubtful.add(f"sets/{head.value}")
        return Set(
            id=head.value,
            title=said.get("title"),
            date=said.get("date"),
            place=said.get("place"),
            songs=tuple(entry for entry in entries if entry is not None),
            span=_from_head(head, node),
        )

    def entry(self, node: Map, said: Said | None) -> SetEntry | None:
        if said is None or said.get("song") is None:
            return None
        song = said["song"]
        if song not in self.songs and self.all_songs:
            self.known(node, "song", song, self.songs)
        elif said.get("count"):
            self.count(node, self.songs.get(song))
        gap, about = said.get("gap") or (None, False)
        return SetEntry(
            song=song,
            count=said.get("count"),
            gap=gap,
            gap_estimate=about,
            note=said.get("note"),
            span=span_of(node),
        )

    def count(self, node: Map, song: Song | None) -> None:
        if song and (song.bpm is None or song.meter is None):
            missing = [name for name, value in (("bpm", song.bpm), ("meter", song.meter)) if value is None]
            message = f"a count-in needs the song's {listed(missing, 'and')}"
            self.walker.error("no-bars", message, self.at(node, "count"), f"add {listed(missing, 'and')} to {song.id}")

    def known(self, node: Map, key: str, name: str, names: Collection[str]) -> None:
        """Tell of a name that stands for nothing."""
        if name not in names and name not in self.walker.lost and name not in self.walker.misnamed:
            near = self.walker.guess(name, names)
            hint = f"did you mean {near}?" if near else f"add it under {key}s, or write one that is there"
            hint = hint if near or names else f"add it under {key}s"
            self.walker.error(f"no-{key}", f'there is no {key} "{shown(name)}"', self.at(node, key), hint)

    def look_up(self) -> None:
        """Targets and `until`, now that all songs, cues and scenes are known."""
        for node, name in self.targets:
            if name == "all" or name in self.songs or name in self.cue_ids or name in self.walker.lost:
                continue
            if self.all_songs:
                near = self.walker.guess(name, ["all", *self.songs, *self.cue_ids])
                hint = f"did you mean {near}?" if near else "write all, or the id of a song or a cue"
                verb = next(verb for verb in spec.VERBS if verb in node.said)
                self.walker.error(
                    "no-target", f'there is no song or cue "{shown(name)}"', self.at(node, verb), hint
                )
        for node, name in self.untils:
            if name not in ("scene", "end") and name not in self.scene_ids and name not in self.walker.lost:
                near = self.walker.guess(name, ["scene", "end", *self.scene_ids])
                hint = f"did you mean {near}?" if near else "write scene, end or the id of a scene"
                self.walker.error(
                    "no-scene", f'there is no scene "{shown(name)}"', self.at(node, "until"), hint
                )

    def not_yet_played(self) -> None:
        for name, (count, where) in self.walker.unplayed.items():
            places = f" ({count} places)" if count > 1 else ""
            self.walker.tell(
                "note", "not-yet-played", f"{name} is read and kept, and not yet played{places}", where
            )


class _Above(Struct, frozen=True):
    """The time that relative times count from. `lost`: one was written, and its fault has been told."""

    at: When | None = None
    lost: bool = False


def _from_head(head: Node, node: Node) -> Span:
    """From the id of an entry to its end."""
    start = head.start_mark
    return Span(start.index, end_of(node), start.line + 1, start.column + 1)


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
                media.append(Media(**kept, span=span_of(node)))
        elif said:
            media.append(Media(said, span=span_of(node)))
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
