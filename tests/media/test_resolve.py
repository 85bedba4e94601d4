"""What a song plays, and what is said about it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import mido
import pytest

from player.devices import decode, synth
from player.engine.source import SourceSpec
from player.media import resolve as room
from player.media.resolve import resolve, resolve_all
from tests.devices import make
from timeline.model import Bars, Media, Scene, Song, SongCue, Timeline

SECOND = 48_000


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a recording of 2 s, a MIDI file of 1 s, and files that are no music. MIDI can be played."""
    make.write(tmp_path / "tide.flac", make.noise(2 * SECOND), SECOND, "PCM_16")
    make.write(tmp_path / "other.wav", make.noise(3 * SECOND), SECOND, "PCM_16")
    file = mido.MidiFile(ticks_per_beat=480)
    events = [mido.MetaMessage("set_tempo", tempo=1_000_000), mido.Message("note_on", note=60)]
    file.tracks.append(mido.MidiTrack([*events, mido.Message("note_off", note=60, time=480)]))
    file.save(tmp_path / "tide.mid")
    (tmp_path / "empty.wav").touch()
    (tmp_path / "words.mp3").write_text("no music" * 100)
    (tmp_path / "folder.wav").mkdir()
    monkeypatch.setattr(synth, "available", lambda: "FluidSynth 2.5.7")
    return tmp_path


def song(*media: str | Media, stand_in: str | None = None, length: Fraction | None = None) -> Song:
    entries = tuple(Media(each) if isinstance(each, str) else each for each in media)
    return Song(id="tide", title="Tide", media=entries, stand_in=stand_in, length=length)


def test_a_recording_that_is_there_plays(base: Path) -> None:
    found = resolve(song("tide.flac"), base)
    assert found == room.Resolved(
        song_id="tide",
        kind="media",
        spec=SourceSpec("audio", str(base / "tide.flac")),
        length=2 * SECOND,
        why="tide.flac plays",
        trouble=None,
        label="recording",
    )


def test_gain_and_offset_belong_to_the_recording(base: Path) -> None:
    found = resolve(song(Media("tide.flac", gain=-2.0, offset=Fraction(1, 2))), base)
    assert found.spec == SourceSpec("audio", str(base / "tide.flac"), offset=24_000, gain_db=-2.0)
    assert found.length == 72_000
    assert resolve(song(Media("tide.flac", offset=Fraction(-1))), base).length == 3 * SECOND


def test_the_first_recording_that_decodes_plays(base: Path) -> None:
    found = resolve(song("gone.flac", "empty.wav", "tide.flac", "other.wav"), base)
    assert found.spec.path == str(base / "tide.flac")
    assert found.why == "gone.flac is missing; empty.wav is empty; tide.flac plays"
    assert found.trouble == "gone.flac is missing; empty.wav is empty"


def test_without_a_recording_the_stand_in_plays_and_repeats(base: Path) -> None:
    found = resolve(song(stand_in="tide.mid"), base)
    assert found.kind == found.label == "stand-in"
    assert found.spec == SourceSpec("midi", str(base / "tide.mid"), repeat=True)
    assert found.length == 4 * SECOND  # a second of notes and the tail
    assert (found.why, found.trouble) == ("no recording is named; its stand-in plays", None)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("gone.flac", "gone.flac is missing"),
        ("empty.wav", "empty.wav is empty"),
        ("words.mp3", "words.mp3 is not audio we can read"),
        ("folder.wav", "folder.wav is a folder, not a file"),
    ],
)
def test_a_recording_that_cannot_play_is_named_and_the_stand_in_plays(base: Path, file: str, why: str) -> None:
    found = resolve(song(file, stand_in="tide.mid"), base)
    assert found.kind == "stand-in"
    assert (found.why, found.trouble) == (f"{why}; its stand-in plays", why)


def test_without_anything_silence_of_the_songs_length_plays(base: Path) -> None:
    found = resolve(song("gone.flac", stand_in="gone.mid", length=Fraction(192)), base)
    assert found.kind == found.label == "silence"
    assert found.spec == SourceSpec("silence", frames=192 * SECOND)
    assert found.length == 192 * SECOND
    assert found.why == found.trouble == "gone.flac is missing; gone.mid is missing"


def test_silence_of_unknown_length_lasts_three_minutes(base: Path) -> None:
    found = resolve(song(), base)
    assert found.length == 180 * SECOND
    assert found.why == "no recording is named; there is no stand-in"


def test_a_song_the_timeline_does_not_have_is_three_minutes_of_silence(base: Path) -> None:
    found = resolve(None, base)
    assert (found.kind, found.length, found.why) == ("silence", 180 * SECOND, "there is no such song")


def test_an_offset_behind_the_end_is_trouble(base: Path) -> None:
    found = resolve(song(Media("tide.flac", offset=Fraction(60)), stand_in="tide.mid"), base)
    assert found.kind == "stand-in"
    assert found.trouble == "tide.flac ends at 0:02, before its offset of 1:00"


def test_a_midi_recording_tells_its_bars_and_a_stand_in_does_not(base: Path) -> None:
    own = resolve(song("tide.mid"), base)
    assert own.label == "MIDI file"
    assert own.tempo is not None
    assert own.tempo.seconds(Bars(2)) == 4
    assert resolve(song(stand_in="tide.mid"), base).tempo is None


# ---- where nothing plays MIDI


@pytest.fixture
def no_synth(monkeypatch: pytest.MonkeyPatch, base: Path) -> None:
    monkeypatch.setattr(synth, "available", lambda: None)
    monkeypatch.setattr(synth, "install_hint", lambda: "install it")


@pytest.mark.usefixtures("no_synth")
def test_a_stand_in_then_plays_from_the_rendering_beside_it(base: Path) -> None:
    make.write(base / "tide.ogg", make.noise(SECOND), SECOND, "VORBIS")
    found = resolve(song(stand_in="tide.mid"), base)
    assert found.spec == SourceSpec("audio", str(base / "tide.ogg"), repeat=True)
    assert (found.kind, found.trouble) == ("stand-in", None)


@pytest.mark.usefixtures("no_synth")
def test_without_a_rendering_one_line_says_what_to_install(base: Path) -> None:
    found = resolve(song(stand_in="tide.mid"), base)
    assert found.kind == "silence"
    assert found.trouble == "tide.mid needs FluidSynth to play (install it)"


@pytest.mark.usefixtures("no_synth")
def test_a_midi_recording_gives_way_and_keeps_its_bars(base: Path) -> None:
    found = resolve(song("tide.mid", "tide.flac"), base)
    assert found.spec.path == str(base / "tide.flac")
    assert found.tempo is not None


# ---- all songs


def test_every_song_and_every_name_of_a_cue_is_resolved(base: Path) -> None:
    cue = SongCue(key="a#1", scene="a", song="nowhere")
    timeline = Timeline(songs={"tide": song("tide.flac")}, scenes=(Scene(id="a", title="A", cues=(cue,)),))
    told: list[tuple[int, int]] = []
    found = resolve_all(timeline, base, lambda done, of: told.append((done, of)))
    assert {key: (each.song_id, each.kind) for key, each in found.items()} == {
        "tide": ("tide", "media"),
        "nowhere": ("nowhere", "silence"),
    }
    assert told == [(1, 2), (2, 2)]


def test_a_file_is_opened_once_until_it_changes(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def counting(path: str) -> decode.Decoder:
        opened.append(path)
        return decode.open_decoder(path)

    monkeypatch.setattr(room, "open_decoder", counting)
    first = resolve(song("tide.flac"), base)
    assert resolve(song("tide.flac"), base) == first
    assert len(opened) == 1
    make.write(base / "tide.flac", make.noise(SECOND), SECOND, "PCM_16")
    assert resolve(song("tide.flac"), base).length == SECOND
    assert len(opened) == 2
