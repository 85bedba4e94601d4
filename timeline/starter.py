"""A first timeline for somebody to go on from, with remarks that say how."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from timeline import spec
from timeline.edit.scalars import scalar
from timeline.times import Refusal
from timeline.words import slug

_HEAD = """\
# {title}: {what}.
#
# This is plain text, to be changed in any editor. What stands behind a # is a remark. Times carry their unit
# (0:31.250, 1:47:12, 2.5s), and ~ marks an estimate.
#   needledrop check {file}     says what is wrong with it, and what to type instead
#   needledrop {file}           plays it

needledrop: 1
"""
_FILM = """\
film:
  title: {title}
  # year: 1974
  # runtime: 1:47:12
  # fps: 24                  # then times may be written as timecode, hh:mm:ss:ff

defaults: {{fade-out: 1.5s}}   # how a song leaves when its scene is left

"""
_SONG = """\
songs:
  first-song:
    title: First Song
    length: 3:00             # only where no recording tells
    # media: audio/first-song.flac     # a path beside this file
"""
_MORE = """\
    # Without cues a scene is a card, silent by choice. Other things a cue can do:
    #   - fade: {song}          # move the level of what sounds
    #     level: -12 dB
    #     over: 3s
    #   - stop: all
"""


class Track(Struct, frozen=True):
    """A song to begin with: its file, relative to the timeline's folder, and what the file says of itself, if it does.

    What the format would not take is left out.
    """

    file: str
    title: str = ""
    artist: str = ""
    writers: str = ""
    publisher: str = ""
    year: str = ""
    isrc: str = ""
    mbid: str = ""
    bpm: str = ""
    key: str = ""


def film(title: str, file: str, tracks: Sequence[Track] = ()) -> str:
    """A film with one scene, or one for each track."""
    text = _HEAD.format(title=title, what="its music, scene by scene", file=file)
    text += _FILM.format(title=scalar(title, is_text=True, quote='"'))
    songs = _named(tracks)
    text += _songs(songs) if songs else _SONG
    text += "\nscenes:\n"
    for number, name in enumerate(songs or {"first-song": None}, 1):
        text += f"  - id: scene-{number}\n    title: Scene {number}\n"
        if number == 1:
            text += "    at: ~0:00:00           # when it begins in the film\n"
            text += "    note: What happens, in a sentence or two.\n"
        text += f"    cues:\n      - song: {name}\n"
        if number == 1:
            text += "        fade-in: 1s\n" + _MORE.format(song=name)
        text += "\n"
    return text.rstrip("\n") + "\n"


def set_list(title: str, file: str, tracks: Sequence[Track] = ()) -> str:
    """A set of one song, or of all tracks."""
    text = _HEAD.format(title=title, what="a set, song by song", file=file)
    songs = _named(tracks)
    text += _songs(songs) if songs else _SONG
    name = slug(title) or "first-set"
    name = name if spec.is_ident(name) else f"{name}-1"
    text += f"\nsets:\n  {name}:\n    title: {scalar(title, is_text=True, quote=chr(34))}\n"
    text += "    # date: 2025-03-14\n    # place: The Cooperage\n    songs:\n"
    for place, one in enumerate(songs or ["first-song"]):
        text += f"      - song: {one}\n"
        if place == 0:
            text += "        # count: 1 bar       # clicks before it; the song needs its bpm and meter then\n"
            text += "        # gap: 5s            # silence before it\n"
    text += f"\nscenes:\n  - id: {name}\n    title: {scalar(title, is_text=True, quote=chr(34))}\n"
    return text + f"    cues:\n      - set: {name}           # one GO plays it, song after song\n"


def _named(tracks: Sequence[Track]) -> dict[str, Track]:
    """Each track under an id of its own, made from its title."""
    named: dict[str, Track] = {}
    for track in tracks:
        base = slug(_title(track)) or f"song-{len(named) + 1}"
        base = base if spec.is_ident(base) else f"{base}-1"
        name, number = base, 2
        while name in named:
            name, number = f"{base}-{number}", number + 1
        named[name] = track
    return named


def _title(track: Track) -> str:
    stem = track.file.rpartition("/")[2].rpartition(".")[0] or track.file
    return " ".join(track.title.split()) or stem.replace("_", " ").strip() or track.file


_KEYS = ("artist", "writers", "publisher", "year", "isrc", "mbid", "bpm", "key")


def _songs(songs: dict[str, Track]) -> str:
    lines = ["songs:"]
    for name, track in songs.items():
        lines += [f"  {name}:", f"    title: {_written('title', _title(track))}"]
        for key in _KEYS:
            said = " ".join(getattr(track, key).split())
            if said and (value := _fit(key, said)):
                lines.append(f"    {key}: {value}")
        lines.append(f"    media: {_written('media', track.file)}")
    return "\n".join(lines) + "\n"


def _fit(key: str, said: str) -> str | None:
    """A tag as the value of a key; None where the format would not take it."""
    field = spec.SONG.known[key]
    kind = field.kind.of if isinstance(field.kind, spec.Listing) else field.kind
    if isinstance(kind, spec.Scalar):
        try:
            kind.parse(said)
        except Refusal:
            return None
    return _written(key, said)


def _written(key: str, text: str) -> str:
    kind = spec.SONG.known[key].kind
    kind = kind.of if isinstance(kind, spec.Listing) else kind
    return scalar(text, is_text=isinstance(kind, spec.Scalar) and kind.free, quote='"')
