"""The bundled film: the whole story, in order, with its nine songs."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
import yaml

from player.ui.fonts import bundled
from tests.assets.makers import ASSETS, STAND_INS
from timeline import store
from timeline.model import SongCue

FILM = ASSETS / "films" / "the-runaways.yaml"

# fmt: off
SCENES = [
    "talent-show", "the-store", "learning", "guitar-lesson", "the-club", "sandy-west", "the-search", "the-audition",
    "packing", "leaving", "the-motel", "backstage", "roller-rink", "mercury", "rehearsals", "photo-shoot", "kimono",
    "the-flight", "tokyo", "the-hotel", "japan-live", "magazines", "the-call", "the-lift", "home-again",
    "the-article", "the-end", "supermarket", "the-hospital", "the-party", "blackhearts", "the-bakery", "on-air",
    "the-last-song",
]
# fmt: on

SONGS = {
    "talent-show": ["lady-grinning-soul"],
    "guitar-lesson": ["on-top-of-old-smoky", "johnny-b-goode"],
    "the-audition": ["fever", "cherry-bomb"],
    "roller-rink": ["i-love-playin-with-fire"],
    "japan-live": ["cherry-bomb-live"],
    "the-bakery": ["i-love-rock-n-roll"],
    "the-last-song": ["crimson-and-clover"],
}


@pytest.fixture(scope="module")
def reading() -> store.Reading:
    return store.load(FILM)


def test_it_checks_with_nothing_but_the_note_about_its_estimates(reading: store.Reading) -> None:
    assert [problem.code for problem in reading.problems] == ["estimates"]


def test_any_yaml_reader_takes_it() -> None:
    assert yaml.safe_load(FILM.read_text("utf-8"))["film"]["title"] == "The Runaways"


def test_its_scenes_tell_the_story_in_order(reading: store.Reading) -> None:
    assert len(SCENES) == 34
    assert [scene.id for scene in reading.timeline.scenes] == SCENES
    assert [scene.number for scene in reading.timeline.scenes] == [str(number) for number in range(1, 35)]


def test_its_nine_songs_stand_in_their_scenes(reading: store.Reading) -> None:
    found = {
        scene.id: [cue.song for cue in scene.cues if isinstance(cue, SongCue)]
        for scene in reading.timeline.scenes
        if scene.cues
    }
    assert found == SONGS
    assert sum(len(scene.cues) for scene in reading.timeline.scenes) == 9


def test_the_second_song_of_a_scene_takes_the_place_of_the_first(reading: store.Reading) -> None:
    seconds = [scene.cues[1] for scene in reading.timeline.scenes if len(scene.cues) > 1]
    assert [cue.crossfade.length for cue in seconds] == [Fraction(3, 2)] * 2


def test_its_times_are_estimates_evenly_paced(reading: store.Reading) -> None:
    times = [scene.at for scene in reading.timeline.scenes]
    assert all(time.estimate for time in times)
    gaps = {after.seconds - before.seconds for before, after in pairwise(times)}
    assert gaps <= {187, 188}


def test_every_song_has_a_stand_in_and_its_recording_beside_the_film(reading: store.Reading) -> None:
    songs = reading.timeline.songs
    assert sorted(songs) == sorted(song for row in SONGS.values() for song in row)
    for song in songs.values():
        assert song.stand_in == f"stand-ins/{song.id}.mid"
        assert (FILM.parent / song.stand_in).is_file()
        assert (FILM.parent / song.stand_in).with_suffix(".ogg").is_file()
    assert len(list(STAND_INS.iterdir())) == 18


def test_its_text_can_be_drawn_with_the_bundled_fonts() -> None:
    covers = bundled().covers.values()
    lacking = {char for char in FILM.read_text("utf-8") if char != "\n" and not any(c.has(ord(char)) for c in covers)}
    assert lacking == set()
