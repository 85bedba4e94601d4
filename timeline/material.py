"""What a check may look at: a timeline that has been read, and what is known of the world around its file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction

from msgspec import Struct, field

from timeline.model import Bars, Problem, Song, SongCue, SongTime, Span, Timeline
from timeline.times import TempoMap

MIDI_SUFFIXES = (".mid", ".midi", ".kar", ".rmi", ".smf")


def is_midi(name: str) -> bool:
    """Whether a file is a MIDI file, by its name."""
    return name.lower().endswith(MIDI_SUFFIXES)


class Material(Struct):
    """What a check may look at.

    `place` finds the words of an item (`songs/<id>`, `scenes/<id>`, `cues/<key>` …), or of one of its keys, in the
    file. `exists` tells whether a path is there, `tempo` gives the tempo map of a MIDI file, `taken` what a key does
    in the player already; each is None when nobody can know. `lost` is what could not be read, so that what seems to
    be missing may stand in it, and `damage` where that was; `doubtful` are songs and sets with a refused value.
    `whole`: every cue that was written could be read.
    """

    timeline: Timeline
    place: Callable[..., Span]
    exists: Callable[[str], bool] | None = None
    tempo: Callable[[str], TempoMap | None] | None = None
    taken: Callable[[str], str | None] | None = None
    lost: str = ""
    damage: Sequence[tuple[int, int]] = ()
    doubtful: Collection[str] = ()
    whole: bool = True
    song_cues: tuple[SongCue, ...] = ()  # all of the timeline's
    _tempos: dict[str, TempoMap | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.song_cues = tuple(c for scene in self.timeline.scenes for c in scene.cues if isinstance(c, SongCue))

    def damaged(self, span: Span) -> bool:
        """Whether a mistake of syntax took something out of this item."""
        return any(start <= span.end and span.start <= end for start, end in self.damage)

    def tempo_of(self, song: Song | None) -> TempoMap | None:
        """How the bars of a song lie: by its tempo and meter, else by a MIDI file in its `media`."""
        if song is None:
            return None
        if song.bpm is not None and song.meter is not None:
            return TempoMap.constant(song.bpm, song.meter)
        if self.tempo is None:
            return None
        if song.id not in self._tempos:
            maps = (self.tempo(one.file) for one in song.media if is_midi(one.file))
            self._tempos[song.id] = next((found for found in maps if found is not None), None)
        return self._tempos[song.id]

    def seconds(self, song: Song | None, at: SongTime) -> Fraction | None:
        """A place in a song in seconds; None where nobody knows where its bars lie."""
        if not isinstance(at, Bars):
            return at
        tempo = self.tempo_of(song)
        return tempo.seconds(at) if tempo else None


Check = Callable[[Material], Iterator[Problem]]
