"""The bundled sets: they check, and every song of them plays, counts and has its sheet."""

from __future__ import annotations

from player.media.resolve import resolve
from player.settings import Settings, unplaced
from player.sheets import Sheet, read
from tests.assets.makers import ASSETS, maker
from timeline import store
from timeline.order import count_in

SETS = ASSETS / "sets" / "a-short-evening.yaml"
READING = store.load(SETS)


def test_nothing_is_wrong_and_the_folder_can_be_copied_as_it_is():
    assert [problem for problem in READING.problems if problem.severity != "note"] == []


def test_their_music_is_that_of_the_stand_ins():
    pieces = maker("make_stand_ins").IN_SETS
    assert {song.media[0].file for song in READING.timeline.songs.values()} == {
        f"music/{piece}.ogg" for piece in pieces.values()
    }
    for stand_in, piece in pieces.items():
        rendered = ASSETS / "films" / "stand-ins" / f"{stand_in}.ogg"
        assert (ASSETS / "sets" / "music" / f"{piece}.ogg").read_bytes() == rendered.read_bytes()


def test_they_show_off_what_a_set_can_say():
    early, late = READING.timeline.sets
    assert (early.id, late.id) == ("early", "late")
    assert {entry.gap is None for entry in early.songs} == {True, False}
    assert any(entry.note for entry in early.songs)
    songs = READING.timeline.songs
    assert all(song.key and song.bpm and song.meter for song in songs.values())
    assert [count_in(entry, songs[entry.song]).beats for entry in early.songs if entry.count] == [4, 8, 4, 6, 4]


def test_no_setting_is_needed_to_hear_all_of_them():
    assert unplaced(READING.timeline, Settings()) == ""


def test_every_song_plays_and_every_sheet_is_there():
    for song in READING.timeline.songs.values():
        assert resolve(song, SETS.parent).kind == "media"
        if song.sheet:
            assert isinstance(read(SETS.parent / song.sheet), Sheet)
