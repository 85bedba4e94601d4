"""A timeline made ready to be played: its steps, what each song resolved to, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field
from msgspec.structs import replace

from player.engine import RATE
from player.engine.source import Clicks, Region, SourceSpec
from player.media import levels
from timeline import order, times
from timeline.model import (
    AnyCue,
    Bars,
    FadeCue,
    OtherCue,
    Problem,
    SayCue,
    Scene,
    Set,
    SetEntry,
    Song,
    SongCue,
    SongTime,
    StopCue,
    Timeline,
)
from timeline.order import Slot, Step

if TYPE_CHECKING:
    from player.media.resolve import Resolved  # whose decoders the first picture does not wait for

ROOM: Final = 1 << 16  # numbers between two scenes, for those that are written later


class Member(Struct, frozen=True):
    """A song of a set that a cue plays, as a cue of its own; it comes `gap` seconds after the one before."""

    cue: SongCue
    gap: Fraction


class Plan(Struct, frozen=True, eq=False):
    """Everything the show needs to know beforehand.

    `songs` has an entry for every song that a cue names; none at all as long as nobody has looked. Until then
    the plan can be shown, and not played. `marks` and `places` are what the engine calls the steps and scenes:
    a change of the file renumbers the steps, and what the engine has been told before stays right.

    Of a set (`player.sets`) the timeline is the one that has a scene for each of its songs; `whole` is then the file's.
    """

    name: str
    timeline: Timeline
    steps: tuple[Step, ...]
    songs: Mapping[str, Resolved]
    path: Path | None = None
    problems: tuple[Problem, ...] = ()
    marks: tuple[int, ...] | None = None  # None: the steps' own numbers
    places: tuple[int, ...] | None = None  # in the order of the film; None: every ROOM-th number
    set_id: str | None = None  # the set that this plan plays; None: the film
    whole: Timeline | None = None  # with a set: what the file says
    _lengths: dict[int, int | None] = field(default_factory=dict)

    @property
    def playable(self) -> bool:
        """Whether it is known what the songs play."""
        return bool(self.songs) or not any(step.songs or _sets(step) for step in self.steps)

    @property
    def file(self) -> Timeline:
        """What the file says, whatever of it is played."""
        return self.timeline if self.whole is None else self.whole

    @property
    def playing_set(self) -> Set | None:
        """The set that this plan plays."""
        return next((one for one in self.timeline.sets if one.id == self.set_id), None)

    def entry(self, step: int) -> SetEntry | None:
        """What the set says of the song of a step; None in a film, and at END."""
        found = self._entry(step)
        return found[1] if found else None

    def entry_place(self, step: int) -> int | None:
        """The place of a step's song among all that the set names, from 0."""
        found = self._entry(step)
        return found[0] if found else None

    def _entry(self, step: int) -> tuple[int, SetEntry] | None:
        playing = self.playing_set
        if playing is None or not 0 <= step < len(self.steps):
            return None
        return order.played(playing, self.timeline)[self.steps[step].scene]

    def gap(self, step: int) -> Fraction | None:
        """The seconds after which a step comes by itself when the one before has ended; None: it waits for GO."""
        entry = self.entry(step)
        return entry.gap if entry else None

    def clicks(self, step: int) -> SourceSpec | None:
        """The count-in of a step; None where it has none."""
        entry = self.entry(step)
        song = self.timeline.songs.get(entry.song) if entry else None
        count = order.count_in(entry, song) if entry and song else None
        if count is None:
            return None
        clicks = Clicks(count.beats, count.bar, count.pace)
        return SourceSpec("clicks", frames=clicks.frame(clicks.beats), clicks=clicks)

    def mark(self, step: int) -> int:
        """What the engine calls a step."""
        return step if self.marks is None else self.marks[step]

    def marked(self, mark: int) -> int | None:
        """The step that the engine calls so; None where it is gone from the file."""
        if self.marks is None:
            return mark if 0 <= mark < len(self.steps) else None
        return self.marks.index(mark) if mark in self.marks else None

    def place(self, scene: int) -> int:
        """What the engine calls a scene; a later scene has a larger number."""
        return scene * ROOM if self.places is None else self.places[scene]

    def scene(self, step: int) -> Scene:
        """The scene of a step."""
        return self.timeline.scenes[self.steps[step].scene]

    def title(self, step: int) -> str:
        """The title of a step's scene."""
        return self.scene(step).title

    def number(self, step: int) -> str:
        """The number people call a step by: its first cue's, else its scene's, else its place in the order."""
        numbers = [cue.number for cue in self.steps[step].cues[:1] if cue.number]
        return (numbers or [self.scene(step).number or str(step + 1)])[0]

    def first_song(self, step: int) -> SongCue | None:
        """The first song a step plays, if it plays any."""
        return next(iter(self.music(step)), None)

    def music(self, step: int) -> tuple[SongCue, ...]:
        """All songs of a step in order, those of its sets too."""
        songs: list[SongCue] = []
        for cue in self.steps[step].cues:
            if isinstance(cue, SongCue) and cue.armed:
                songs.append(cue)
            elif isinstance(cue, OtherCue) and cue.verb == "set" and cue.armed:
                songs.extend(member.cue for member in self.members(cue))
        return tuple(songs)

    def opening(self, step: int) -> tuple[SongCue, ...]:
        """The songs of a step whose first frames should be ready: of a set, the one it certainly opens with."""
        songs: list[SongCue] = []
        for cue in self.steps[step].cues:
            if isinstance(cue, SongCue) and cue.armed:
                songs.append(cue)
            elif isinstance(cue, OtherCue) and cue.verb == "set" and cue.armed and not cue.shuffle:
                songs.extend(member.cue for member in self.members(cue)[:1])
        return tuple(songs)

    def members(self, cue: OtherCue) -> tuple[Member, ...]:
        """The songs that a `set` cue plays, as written."""
        entries = next((one.songs for one in self.timeline.sets if one.id == cue.target), ())
        return tuple(
            Member(SongCue(key=cue.key, scene=cue.scene, id=cue.id, song=entry.song), entry.gap or Fraction(0))
            for entry in entries
            if entry.song in self.timeline.songs
        )

    def by_hotkey(self, key: str) -> tuple[int, int] | None:
        """The step that holds the cue which `key` fires, and the cue's place in it; None: it fires none."""
        for step in self.steps:
            for place, cue in enumerate(step.cues):
                if cue.hotkey == key:
                    return step.index, place
        return None

    def song(self, cue: SongCue) -> Song | None:
        """The song of a cue; None where the timeline has none of that id."""
        return self.timeline.songs.get(cue.song)

    def bounds(self, cue: SongCue) -> tuple[int, int]:
        """The frames of song time a cue plays: [begin, end); empty while it is not known what songs play."""
        if not self.playable:
            return 0, 0
        material = self.songs[cue.song].length
        begin = self._frame(cue.song, cue.from_) or 0
        end = self._frame(cue.song, cue.to)
        spec = self.songs[cue.song].spec
        if end is None:
            end = material
            if spec.repeat and begin >= material > 0:  # it starts again until the wanted part is reached
                end = (begin // material + 1) * material
        elif not spec.repeat and spec.kind != "silence":
            end = min(end, material)
        return begin, max(begin, end)

    def region(self, cue: SongCue, hands_free: bool = False) -> Region | None:
        """The part of a song that a cue repeats; None where it has none, or does not play it to its end.

        Where nobody presses GO (`hands_free`) a loop that waits for it plays twice.
        """
        if cue.loop is None or not self.playable:
            return None
        begin, end = self.bounds(cue)
        first, last = self._frame(cue.song, cue.loop.from_), self._frame(cue.song, cue.loop.to)
        if first is None or last is None:
            return None
        last = min(last, end)
        if not first < last or begin >= last:
            return None
        return Region(first, last, cue.loop.times or (2 if hands_free else 0))

    def cut(self, cue: SongCue) -> bool:
        """Whether a cue ends inside its material rather than where that ends."""
        material = self.songs[cue.song].length
        end = self.bounds(cue)[1]
        return material > 0 and end % material != 0

    def written_end(self, cue: SongCue) -> bool:
        """Whether a cue's `to` is where it ends, and its own fade-out shapes that end."""
        to = self._frame(cue.song, cue.to)
        return to is not None and cue.fade_out is not None and to == self.bounds(cue)[1]

    def length(self, step: int) -> int | None:
        """Frames from a step's GO to the end of its longest song; None if it has no song, or that is not known."""
        if not self.playable:
            return None
        if step not in self._lengths:
            slots, _ = self.slots(step)
            ends = [slot.end for slot in slots if isinstance(slot.cue, SongCue) or _is_set(slot.cue)]
            self._lengths[step] = times.frames(max(ends)) if ends else None
        return self._lengths[step]

    def slots(self, step: int) -> tuple[tuple[Slot, ...], Fraction]:
        """When a step's cues come, in seconds from its GO, and when its chain goes on."""
        return order.schedule(self.steps[step], self.timeline, self._sounds)

    def find(self, words: str) -> int | None:
        """The step that a number, a scene id or a cue id names; None if nothing is called so."""
        for i, step in enumerate(self.steps):
            scene = self.scene(i)
            first = i == 0 or self.steps[i - 1].scene != step.scene
            if first and words in (scene.number, scene.id):
                return i
            if any(words in (cue.number, cue.id) for cue in step.cues):
                return i
            if self.set_id is not None and words.casefold() == scene.title.casefold():
                return i
        return None

    def words(self, step: int) -> str:
        """What GO will do, in a few plain words."""
        if step >= len(self.steps):
            return "end of the show"
        done = [_words(cue, self.timeline) for cue in self.steps[step].cues if cue.armed]
        return ", then ".join(done) if done else "no music"

    def spec(self, cue: SongCue, hands_free: bool = False) -> SourceSpec:
        """What a cue's voice reads."""
        spec = self.songs[cue.song].spec
        higher = (cue.transpose or 0) if spec.kind == "midi" else 0
        gain = spec.gain_db + self.levelled(cue)
        return replace(spec, loop=self.region(cue, hands_free), transpose=higher, gain_db=gain)

    def target(self, cue: SongCue) -> float | None:
        """The loudness that a cue is to have, in LUFS: what its song says, else `defaults`; None: as it is."""
        song = self.song(cue)
        own = song.loudness if song else None
        return self.timeline.defaults.loudness if own is None else own

    def loudness(self, cue: SongCue) -> float | None:
        """What was measured of the part that a cue plays, in LUFS, with the recording's own gain; None: not yet."""
        found = self.songs.get(cue.song)
        if found is None or found.level is None:
            return None
        begin, end = self.bounds(cue)
        begin, end = (0, found.level.frames) if end > found.length else (begin, end)  # a stand-in that repeats
        offset = found.spec.offset
        return levels.between(found.level, begin + offset, end + offset) + found.spec.gain_db

    def levelled(self, cue: SongCue) -> float:
        """The dB that bring a cue to its loudness; 0 where it has none, or nothing was measured yet."""
        target, loudness = self.target(cue), self.loudness(cue)
        return 0.0 if target is None or loudness is None else levels.gain(target, loudness)

    def unmeasured(self) -> tuple[SourceSpec, ...]:
        """What is to have a loudness, and was never measured."""
        songs = [cue for step in range(len(self.steps)) for cue in self.music(step) if self.target(cue) is not None]
        specs = [self.songs[cue.song] for cue in songs if cue.song in self.songs]
        return tuple(dict.fromkeys(
            SourceSpec(found.spec.kind, found.spec.path)
            for found in specs
            if found.level is None and found.spec.kind != "silence"
        ))  # fmt: skip

    def _sounds(self, cue: SongCue | OtherCue) -> Fraction:
        """How long a song or a set sounds when nobody presses GO."""
        if isinstance(cue, OtherCue):
            return self._set_sounds(cue)
        begin, end = self.bounds(cue)
        region = self.region(cue, hands_free=True)
        return Fraction(end - begin + (region.added if region else 0), RATE)

    def _set_sounds(self, cue: OtherCue) -> Fraction:
        members = self.members(cue)
        gaps = sum((member.gap for member in members[1:]), Fraction(0))
        joins = sum(not member.gap for member in members[1:]) if cue.crossfade else 0
        crossed = joins * cue.crossfade.length if cue.crossfade else Fraction(0)
        return max(Fraction(0), sum((self._sounds(member.cue) for member in members), gaps) - crossed)

    def _frame(self, song: str, at: SongTime | None) -> int | None:
        if at is None:
            return None
        if isinstance(at, Bars):
            tempo = self._tempo(song)
            return times.frames(tempo.seconds(at)) if tempo else None
        return times.frames(at)

    def _tempo(self, song_id: str) -> times.TempoMap | None:
        """What tells bars from seconds in a song: its own `bpm`, else its MIDI recording; never a stand-in."""
        song = self.timeline.songs.get(song_id)
        if song and song.bpm:
            return times.TempoMap.constant(song.bpm, song.meter or (4, 4))
        return self.songs[song_id].tempo


def _words(cue: AnyCue, timeline: Timeline) -> str:
    match cue:
        case SongCue():
            song = timeline.songs.get(cue.song)
            return f"plays {song.title if song else cue.song}"
        case StopCue():
            return f"stops {_name(cue.target, timeline)}"
        case FadeCue():
            level = "out" if cue.level == float("-inf") else f"to {cue.level:g} dB"
            return f"fades {_name(cue.target, timeline)} {level}"
        case SayCue():
            return f"says: {cue.text}"
        case OtherCue(verb="set"):
            return f"plays the set {_set_name(cue.target, timeline)}"
        case OtherCue(verb="pause"):
            return f"pauses {_name(cue.target or '', timeline)}"
        case OtherCue(verb="resume"):
            return f"resumes {_name(cue.target or '', timeline)}"
        case OtherCue():
            return f"sends {', '.join(message.text for message in cue.messages)} (not sent yet: there are no remotes)"


def _sets(step: Step) -> bool:
    return any(_is_set(cue) and cue.armed for cue in step.cues)


def _is_set(cue: AnyCue) -> bool:
    return isinstance(cue, OtherCue) and cue.verb == "set"


def _set_name(target: str | None, timeline: Timeline) -> str:
    found = next((one for one in timeline.sets if one.id == target), None)
    return (found.title if found else None) or target or ""


def _name(target: str, timeline: Timeline) -> str:
    if target == "all":
        return "everything"
    song = timeline.songs.get(target)
    return song.title if song else target
