"""The stand-ins: what the script composes is what is committed, and it is music of the right length and level."""

from __future__ import annotations

import io
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from tests.assets.makers import STAND_INS, maker

NAMES = sorted(path.stem for path in STAND_INS.glob("*.mid"))
RATE = 48000
TAIL = 3 * RATE


def song(name: str) -> mido.MidiFile:
    return mido.MidiFile(STAND_INS / f"{name}.mid")


def ends(file: mido.MidiFile) -> tuple[float, float]:
    """Seconds to the first note on and to the last note off."""
    now, first, last = 0.0, None, 0.0
    for message in file:
        now += message.time
        if message.type == "note_on":
            first = now if first is None else first
        if message.type == "note_off":
            last = now
    assert first is not None
    return first, last


def players(file: mido.MidiFile) -> dict[str, int]:
    """Track name -> notes, for the tracks that have notes."""
    counts = {track.name: sum(message.type == "note_on" for message in track) for track in file.tracks}
    return {name: count for name, count in counts.items() if count}


def test_the_script_composes_the_committed_files_to_the_byte() -> None:
    assert maker("make_stand_ins").files() == {
        f"{name}.mid": (STAND_INS / f"{name}.mid").read_bytes() for name in NAMES
    }


def test_there_is_one_for_each_song_cue_of_the_film() -> None:
    assert len(NAMES) == 9


@pytest.mark.parametrize("name", NAMES)
def test_it_lasts_one_to_two_minutes_and_begins_at_once(name: str) -> None:
    first, last = ends(song(name))
    assert first == 0
    assert 60 <= last + 3 <= 120


@pytest.mark.parametrize("name", NAMES)
def test_it_has_four_parts_or_more_with_drums_where_the_style_has_them(name: str) -> None:
    file = song(name)
    assert len(players(file)) >= 4
    assert all(count >= 10 for count in players(file).values())
    drums = [
        message for track in file.tracks for message in track if message.type == "note_on" and message.channel == 9
    ]
    assert len(drums) >= (1 if name == "on-top-of-old-smoky" else 150)


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is_and_names_its_sections(name: str) -> None:
    conductor = song(name).tracks[0]
    assert conductor.name.startswith("Stand-in for ")
    assert conductor.name.endswith(": original music by the Needledrop project")
    assert sum(message.type == "marker" for message in conductor) >= 4


@pytest.mark.parametrize("name", NAMES)
def test_people_play_it(name: str) -> None:
    """Neither onsets nor velocities stand on a grid, and every note that begins ends."""
    open_notes: dict[tuple[int, int], int] = {}
    off_grid, velocities, count = 0, set(), 0
    for track in song(name).tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "note_on":
                key = message.channel, message.note
                open_notes[key] = open_notes.get(key, 0) + 1
                assert open_notes[key] == 1, f"{key} is struck while it sounds"
                off_grid += now % 40 != 0
                velocities.add(message.velocity)
                count += 1
            elif message.type == "note_off":
                open_notes[message.channel, message.note] -= 1
    assert off_grid > count / 2
    assert len(velocities) > 30
    assert set(open_notes.values()) == {0}


def test_two_songs_of_one_scene_fit_between_the_film_times() -> None:
    seconds = {name: ends(song(name))[1] + 3 for name in NAMES}
    assert seconds["on-top-of-old-smoky"] + seconds["johnny-b-goode"] < 187
    assert seconds["fever"] + seconds["cherry-bomb"] < 187


@pytest.mark.parametrize("name", NAMES)
def test_its_recording_is_as_long_as_the_player_plays_it(name: str) -> None:
    info = soundfile.info(STAND_INS / f"{name}.ogg")
    _, last = ends(song(name))
    expected = -(-(round(last * RATE) + TAIL) // 64) * 64
    assert (info.samplerate, info.channels, info.subtype) == (48000, 2, "VORBIS")
    assert abs(info.frames - expected) <= 64


def test_their_recordings_are_as_loud_as_one_another_and_none_clips_or_falls_silent() -> None:
    maker("make_stand_ins")
    from _stand_ins.loudness import integrated  # noqa: PLC0415 (found once the maker is loaded)

    loud = {}
    for name in NAMES:
        audio, _ = soundfile.read(STAND_INS / f"{name}.ogg", dtype="float32")
        loud[name] = integrated(audio)
        seconds = np.abs(audio[: len(audio) // RATE * RATE]).reshape(-1, RATE * 2).max(axis=1)
        assert np.abs(audio).max() < 10 ** (-1 / 20)
        assert seconds[:-5].min() > 0.01, f"{name} is silent in second {seconds[:-5].argmin()}"
        assert np.abs(audio[-RATE // 10 :]).max() < 0.001, f"{name} has not died away at its end"
    assert max(loud.values()) - min(loud.values()) < 1.0, loud
    assert all(-21.5 < value < -18 for value in loud.values()), loud


def test_the_meter_reads_a_sine_as_the_standard_says() -> None:
    """BS.1770: 997 Hz at 0 dBFS in one channel is -3.01 LUFS."""
    maker("make_stand_ins")
    from _stand_ins.loudness import integrated, true_peak  # noqa: PLC0415

    time = np.arange(5 * RATE) / RATE
    audio = np.zeros((len(time), 2), np.float32)
    audio[:, 0] = np.sin(2 * np.pi * 997 * time)
    assert integrated(audio) == pytest.approx(-3.01, abs=0.03)
    assert true_peak(audio) == pytest.approx(0.0, abs=0.05)


def test_an_ogg_file_keeps_its_sound_under_another_serial_number(tmp_path: Path) -> None:
    with_serial = maker("make_stand_ins").with_serial
    data = (STAND_INS / "fever.ogg").read_bytes()[:]
    assert with_serial(data) == data
    other = with_serial(data, 77)
    assert other != data
    assert with_serial(other) == data
    assert soundfile.info(io.BytesIO(other)).frames == soundfile.info(io.BytesIO(data)).frames
