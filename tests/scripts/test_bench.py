"""What the measurements stand on: when a frame was heard, where a sound begins, how often a tone breaks."""

from __future__ import annotations

import json

import numpy as np
import pytest

from scripts._bench import check, dropouts, linux_show_player, memory, sound
from scripts._bench.go import matched
from scripts._bench.system import missing
from timeline.reader import read

RATE = 48_000


def test_a_frame_is_heard_when_its_block_was_due_however_late_some_blocks_arrive():
    # blocks of 240 frames from second 100 on, every tenth on time, the others up to 4 ms late
    late = [0.0 if i % 10 == 0 else 0.001 * (i % 5) for i in range(400)]
    arrivals = [(100 + 0.005 * (i + 1) + late[i], 240 * (i + 1)) for i in range(400)]
    when = sound.heard(arrivals)
    # the block of frames [n, n + 240) arrives, at the earliest, when the sink has rendered it: it is heard from then on
    assert when(48_000) == pytest.approx(100 + 1.0 + 0.005, abs=1e-6)
    assert when(72_123) == pytest.approx(100 + 72_123 / RATE + 0.005, abs=1e-6)


def test_a_clock_that_drifts_is_followed():
    arrivals = [(0.005 * (i + 1) * 1.001, 240 * (i + 1)) for i in range(2000)]
    when = sound.heard(arrivals)
    assert when(240_000) - when(192_000) == pytest.approx(1.001, abs=2e-4)


def test_onsets_are_the_first_frames_after_silence():
    heard = np.zeros(4 * RATE, np.float32)
    for first in (10_000, 100_000):
        heard[first : first + 14_400] = np.cos(np.arange(14_400) * 0.13)  # crosses zero all the time
    assert sound.onsets(heard) == [10_000, 100_000]
    assert sound.onsets(np.zeros(100, np.float32)) == []


def test_each_key_gets_the_first_sound_before_the_next_key():
    assert matched([1.0, 2.0, 3.0], [1.0125, 1.5, 3.25]) == pytest.approx([12.5, 250.0])
    assert matched([1.0], []) == []


def tone(frames: int) -> np.ndarray:
    wave = 0.5 * np.cos(2 * np.pi * 997 / RATE * np.arange(frames))
    return (np.rint(wave * 32767) / 32768).astype(np.float32)


def test_a_whole_tone_has_no_break():
    assert dropouts.breaks(tone(5 * RATE), 997) == 0


def test_what_is_missing_from_a_tone_is_a_break_however_short():
    whole = tone(5 * RATE)
    assert dropouts.breaks(np.delete(whole, 100_000), 997) == 1  # one frame
    gap = whole.copy()
    gap[60_000:60_480] = 0
    gap[150_000:150_240] = 0
    assert dropouts.breaks(gap, 997) == 2
    assert dropouts.breaks(np.zeros(RATE, np.float32), 997) == 1


def test_the_measured_film_is_one_without_mistakes():
    reading = read(check.film(scenes=50, cues=4), "large.yaml")
    assert reading.problems == ()
    assert sum(len(scene.cues) for scene in reading.timeline.scenes) == 200


def test_what_is_missing_is_named_with_the_command_that_brings_it(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert missing(("ffmpeg", "Xvfb")) == "ffmpeg, Xvfb (apt install ffmpeg xvfb)"
    assert missing(()) == ""


def test_memory_is_told_by_what_it_is_for():
    mib = 2**20
    maps = {
        "/lib/python3.11/site-packages/av.libs/libavcodec-1.so": (20 * mib, 2 * mib),
        "/lib/python3.11/site-packages/numpy/_core/_multiarray.so": (8 * mib, mib),
        "/usr/lib/libpython3.11.so": (5 * mib, 0),
        "[heap]": (10 * mib, 10 * mib),
        "": (6 * mib, 6 * mib),
        "/home/me/.cache/needledrop/font.sf2": (3 * mib, 0),
        "/usr/lib/libm.so.6": (mib, 0),
    }
    assert memory.made_of(maps) == {
        "av": (20, 2),
        "numpy": (8, 1),
        "Python": (5, 0),
        "heaps": (16, 16),
        "the sound font": (3, 0),
        "other libraries": (1, 0),
    }


def test_the_film_whose_memory_is_measured_has_fifty_cues_and_no_mistakes(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "SONG", 1)
    reading = read(memory.film_of(tmp_path).read_text(), "memory.yaml")
    assert not [problem for problem in reading.problems if problem.severity == "error"]
    cues = [cue for scene in reading.timeline.scenes for cue in scene.cues]
    assert len(cues) == 50
    assert {cue.song for cue in cues} == set(reading.timeline.songs)


def test_linux_show_player_gets_a_session_of_the_same_files_in_turn(tmp_path):
    files = [tmp_path / "a tone.wav", tmp_path / "b.wav"]
    found = json.loads(linux_show_player.session(tmp_path / "show.lsp", files, 3).read_text())
    assert found["application"] == {"layout": "List Layout"}
    assert [cue["index"] for cue in found["cues"]] == [0, 1, 2]
    assert len({cue["id"] for cue in found["cues"]}) == 3
    media = [cue["_media_"] for cue in found["cues"]]
    assert [each["elements"]["UriInput"]["uri"] for each in media] == [
        (tmp_path / name).as_uri() for name in ("a tone.wav", "b.wav", "a tone.wav")
    ]
    assert media[0]["pipe"][0] == "UriInput"
    assert media[0]["pipe"][-1] == "AutoSink"


def test_where_linux_show_player_is_not_installed_one_line_says_so(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert not linux_show_player.is_there()
    assert "\n" not in linux_show_player.ABSENT
    assert "apt install linux-show-player" in linux_show_player.ABSENT
