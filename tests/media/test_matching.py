"""What songs play from a library of two thousand recordings, a table of cases; and what a person chose."""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from player.engine import RATE
from player.media.catalogue import Library, open_library
from player.media.links import Links, open_links
from player.media.resolve import Resolved, resolve
from player.media.shelf import Shelf, shelf
from tests.media import corpus
from timeline.model import Media, Song

KINDS = ("mp3", "flac", "ogg", "m4a", "wav")
BAND = "The Breakwaters"

# File -> seconds and tags; all of them lie among two thousand others.
FILES: dict[str, tuple[float, dict[str, str]]] = {
    "plain/harbor lights.flac": (1.0, {"title": "Harbor Lights", "artist": BAND}),
    "isrc/wrong name.flac": (1.0, {"title": "Something Else", "artist": "Nobody", "isrc": "GBAYE7400123"}),
    "isrc/harbor lights too.mp3": (1.0, {"title": "The Coded One", "artist": BAND}),
    "accents/etude.mp3": (1.0, {"title": "Etude No. 9", "artist": "breakwaters"}),
    "accents/夜.ogg": (1.0, {"title": "夜の海", "artist": "波"}),
    "guests/guest.m4a": (1.0, {"title": "Ferry (feat. Mara)", "artist": "The Breakwaters feat. Mara"}),
    "remaster/r.flac": (1.0, {"title": "Curfew - Remastered 2012", "artist": BAND}),
    "live/live.flac": (1.0, {"title": "Low Tide (Live at the Pier)", "artist": BAND}),
    "live/studio.flac": (1.0, {"title": "Low Tide", "artist": BAND}),
    "live/on an album.flac": (1.0, {"title": "Undertow", "artist": BAND, "album": "Live at the Pier"}),
    "two/short.flac": (1.0, {"title": "Two Lengths", "artist": BAND, "album": "One"}),
    "two/long.flac": (7.0, {"title": "Two Lengths", "artist": BAND, "album": "Two"}),
    "same/one.flac": (1.0, {"title": "Two Albums", "artist": BAND, "album": "One"}),
    "same/two.flac": (1.0, {"title": "Two Albums", "artist": BAND, "album": "Two"}),
    "copies/a.mp3": (1.0, {"title": "Copied", "artist": BAND, "album": "One"}),
    "copies/b.flac": (1.0, {"title": "Copied", "artist": BAND, "album": "One"}),
    "copies/c.m4a": (1.0, {"title": "Copied", "artist": BAND, "album": "One"}),
    "bare/07 - The Breakwaters - No Tags.wav": (1.0, {}),
    "bare/Only Title.wav": (1.0, {}),
    "others/cover.flac": (1.0, {"title": "Covered", "artist": "Somebody Else"}),
    "others/nobody.flac": (1.0, {"title": "Signed by Nobody"}),
    "odd/100% [wow] ;'\"#&.mp3": (1.0, {"title": "100% [Wow]", "artist": "\"Quotes\" & 'Signs'"}),
    "odd/.. .flac": (1.0, {"title": "Dots", "artist": BAND}),
    "broken/whole.mp3": (1.0, {"title": "Half Broken", "artist": BAND, "album": "One"}),
    "broken/broken.flac": (1.0, {"title": "Half Broken", "artist": BAND, "album": "One"}),
    "broken/all.flac": (1.0, {"title": "All Broken", "artist": BAND}),
}
BROKEN = ("broken/broken.flac", "broken/all.flac")


class Case(NamedTuple):
    """A song, the file of the library that plays or None, and words of the reason."""

    title: str
    plays: str | None
    why: str
    artist: str | None = BAND
    length: int | None = None
    isrc: str | None = None


CASES = [
    Case("Harbor Lights", "plain/harbor lights.flac", "from your library (same title and artist)"),
    Case("HARBOR  LIGHTS", "plain/harbor lights.flac", "same title and artist", artist="the breakwaters"),
    Case("The Coded One", "isrc/wrong name.flac", "from your library (same ISRC)", isrc="GB-AYE-74-00123"),
    Case("The Coded One", "isrc/harbor lights too.mp3", "same title and artist", isrc="GBAYE7499999"),
    Case("Étude #9", "accents/etude.mp3", "same title and artist", artist="The Breakwäters"),
    Case("夜の海", "accents/夜.ogg", "same title and artist", artist="波"),
    Case("Ferry", "guests/guest.m4a", "same title and artist"),
    Case("Ferry feat. Mara", "guests/guest.m4a", "same title and artist"),
    Case("Curfew", "remaster/r.flac", "same title and artist"),
    Case("Low Tide", "live/studio.flac", "same title and artist"),
    Case("Low Tide (Live)", "live/live.flac", "same title and artist"),
    Case("Low Tide - Live at The Pier", "live/live.flac", "same title and artist"),
    Case("Low Tide (Live in Kiel)", None, "your library has 2 recordings close to it"),
    Case("Low Tide (Acoustic)", None, "your library has 2 recordings close to it"),
    Case("Undertow", None, "your library has 1 recording close to it"),
    Case("Undertow (Live)", "live/on an album.flac", "same title and artist"),
    Case("Two Lengths", None, "your library has 2 recordings that fit it (`needledrop link` settles which)"),
    Case("Two Lengths", "two/long.flac", "same title and artist", length=7),
    Case("Two Lengths", "two/short.flac", "same title and artist", length=2),
    Case("Two Lengths", None, "your library has 2 recordings that fit it", length=60),
    Case("Two Albums", None, "your library has 2 recordings that fit it", length=1),
    Case("Copied", "copies/b.flac", "same title and artist"),
    Case("No Tags", "bare/07 - The Breakwaters - No Tags.wav", "its name has the same artist and title"),
    Case("Only Title", None, "your library has 1 recording close to it"),
    Case("Harbor Lights", None, "your library has 1 recording close to it", artist=None),
    Case("Covered", None, "no recording is named; there is no stand-in"),
    Case("Signed by Nobody", None, "your library has 1 recording close to it"),
    Case("100% [Wow]", "odd/100% [wow] ;'\"#&.mp3", "same title and artist", artist="Quotes and Signs"),
    Case("Dots", "odd/.. .flac", "same title and artist"),
    Case("Half Broken", "broken/whole.mp3", "broken.flac, of your library, is damaged and does not decode"),
    Case("All Broken", None, "all.flac, of your library, is damaged and does not decode"),
    Case("Not There", None, "no recording is named; there is no stand-in"),
    Case("Song 17", "crowd/17.ogg", "same title and artist", artist="Crowd 17"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Two thousand recordings, in five formats."""
    music = tmp_path_factory.mktemp("music")
    for name, (seconds, tags) in FILES.items():
        corpus.write(music / name, seconds, **tags)
    for name in BROKEN:  # the tags are whole, the sound is not
        whole = (music / name).read_bytes()
        noise = random.Random(1).randbytes(len(whole) // 2)
        (music / name).write_bytes(whole[: len(whole) - len(noise)].replace(b"\xff\xf8", b"\0\0") + noise)
    for i in range(2_000 - len(FILES)):
        name = f"crowd/{i}.{KINDS[i % 5]}"
        if i % 50 == 49:
            (music / name).write_bytes(b"no music")
        else:
            tags = {} if i % 10 == 8 else {"title": f"Song {i}", "artist": f"Crowd {i}"}
            corpus.write(music / name, **tags)
    with contextlib.closing(open_library(tmp_path_factory.mktemp("own") / "library.sqlite")) as opened:
        assert opened.add([str(music)]).there == 2_000
        yield opened


def name_in(library: Library, found: Resolved) -> str | None:
    """Which file of the library plays."""
    if not found.own:
        return None
    return Path(os.path.relpath(found.spec.path, library.status().roots[0].path)).as_posix()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.title}-{case.artist}-{case.length}-{case.isrc}")
def test_what_plays_of_a_library(library: Library, case: Case, tmp_path: Path) -> None:
    length = None if case.length is None else Fraction(case.length)
    song = Song(id="s", title=case.title, artist=case.artist, length=length, isrc=case.isrc)
    found = resolve(song, tmp_path, Shelf(None, library, None))
    assert name_in(library, found) == case.plays
    assert case.why in found.why
    assert found.kind == ("silence" if case.plays is None else "media")
    assert bool(found.candidates) == ("recording" in case.why and "library has" in case.why)


def test_what_the_file_names_comes_first_and_the_stand_in_last(library: Library, tmp_path: Path) -> None:
    corpus.write(tmp_path / "own.flac")
    corpus.write(tmp_path / "stand-in.ogg")
    ours = Shelf(None, library, None)

    def plays(title: str, *media: str) -> str:
        song = Song(
            id="s", title=title, artist=BAND, media=tuple(map(Media, media)), stand_in="stand-in.ogg"
        )
        return Path(resolve(song, tmp_path, ours).spec.path).name

    assert plays("Harbor Lights", "own.flac") == "own.flac"
    assert plays("Harbor Lights", "gone.flac") == "harbor lights.flac"
    assert plays("Nowhere", "gone.flac") == "stand-in.ogg"
    assert plays("Two Albums", "gone.flac") == "stand-in.ogg"


def test_what_is_missing_is_told_also_where_the_library_helps(library: Library, tmp_path: Path) -> None:
    song = Song(id="s", title="Harbor Lights", artist=BAND, media=(Media("gone.flac"),))
    found = resolve(song, tmp_path, Shelf(None, library, None))
    assert found.why == "gone.flac is missing; harbor lights.flac plays, from your library (same title and artist)"
    assert found.trouble == "gone.flac is missing"
    assert found.length == RATE


# ---- what a person chose

HERE = "/films/night.yaml"


@pytest.fixture
def links(tmp_path: Path) -> Iterator[Links]:
    with contextlib.closing(open_links(tmp_path / "links.sqlite")) as opened:
        yield opened


def test_a_choice_settles_what_the_library_cannot(library: Library, links: Links, tmp_path: Path) -> None:
    song = Song(id="s", title="Two Albums", artist=BAND)
    ours = Shelf(Path(HERE), library, links)
    offered = [Path(each.recording.path) for each in resolve(song, tmp_path, ours).candidates]
    assert [path.name for path in offered] == ["one.flac", "two.flac"]
    links.choose(HERE, song, str(offered[1]))
    found = resolve(song, tmp_path, ours)
    assert (found.spec.path, found.why) == (str(offered[1]), "two.flac plays, as you chose")
    links.forget(HERE, song)
    assert not resolve(song, tmp_path, ours).own


def test_a_choice_holds_for_the_same_song_in_another_timeline(links: Links, tmp_path: Path) -> None:
    mine = str(corpus.write(tmp_path / "mine.flac"))
    links.choose(HERE, Song(id="s", title="Low Tide", artist=BAND), mine)
    ours = Shelf(Path("/films/other.yaml"), None, links)
    again = Song(id="t", title="Low Tide (2012 Remaster)", artist="Breakwaters")
    assert resolve(again, tmp_path, ours).why == "mine.flac plays, as you chose in another timeline"
    assert resolve(Song(id="s", title="Low Tide"), tmp_path, ours).kind == "silence"
    assert resolve(Song(id="s", title="Low Tide (Live)", artist=BAND), tmp_path, ours).kind == "silence"


def test_no_recording_can_be_a_choice(library: Library, links: Links, tmp_path: Path) -> None:
    song = Song(id="s", title="Harbor Lights", artist=BAND)
    links.choose(HERE, song, None)
    found = resolve(song, tmp_path, Shelf(Path(HERE), library, links))
    assert (found.kind, found.why) == ("silence", "you chose no recording; there is no stand-in")
    assert found.trouble == found.why


def test_what_takes_the_place_of_a_missing_file_takes_its_offset_and_gain(links: Links, tmp_path: Path) -> None:
    song = Song(id="s", title="Low Tide", media=(Media("old/tide.flac", gain=-2.0, offset=Fraction(1, 10)),))
    links.choose(HERE, song, str(corpus.write(tmp_path / "new" / "tide.flac", 1.0)), "old/tide.flac")
    found = resolve(song, tmp_path, Shelf(Path(HERE), None, links))
    assert (found.spec.offset, found.spec.gain_db, found.length) == (4_800, -2.0, 43_200)
    assert found.why == "old/tide.flac is missing; tide.flac plays, as you chose"


def test_a_choice_that_has_gone_is_told(library: Library, links: Links, tmp_path: Path) -> None:
    song = Song(id="s", title="Harbor Lights", artist=BAND)
    links.choose(HERE, song, str(tmp_path / "gone.flac"))
    found = resolve(song, tmp_path, Shelf(Path(HERE), library, links))
    assert name_in(library, found) == "plain/harbor lights.flac"
    assert found.trouble == "gone.flac, which you chose, is missing"


def test_a_library_that_cannot_be_used_is_told_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEEDLEDROP_DATA", str(tmp_path))
    (tmp_path / "library.sqlite").write_bytes(b"no database at all, " * 100)
    with contextlib.closing(shelf(None)) as own:
        found = resolve(Song(id="s", title="Low Tide"), tmp_path, own)
    assert found.kind == "silence"
    assert found.why.startswith(f"{tmp_path / 'library.sqlite'} cannot be used (")
