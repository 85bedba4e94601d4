"""What the long parts stand on: which silences are gaps, which pitch is heard, how fast memory grows, what sounds."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from scripts._bench import __main__ as bench
from scripts._bench import material, night, voices
from timeline.order import running_order
from timeline.reader import read

RATE = 48_000


def tone(frames: int, pitch: float = 997) -> np.ndarray:
    return np.rint(16_000 * np.cos(2 * np.pi * pitch / RATE * np.arange(frames))).astype("<i2")


def gaps(sound: np.ndarray, piece: int) -> tuple[int, int]:
    found = night.Gaps()
    for at in range(0, len(sound), piece):
        found.hear(sound[at : at + piece])
    return found.count, found.frames


@pytest.mark.parametrize("piece", [100, 4_800, 200_000])
def test_a_gap_is_found_however_the_sound_arrives(piece):
    sound = np.concatenate((np.zeros(9_000, "<i2"), tone(2 * RATE)))  # the silence before a show is no gap
    assert gaps(sound, piece) == (0, 0)
    sound[20_000:20_480] = 0
    sound[60_000:60_240] = 0
    count, frames = gaps(sound, piece)
    assert count == 2
    assert frames == pytest.approx(720, abs=4)  # a tone's own zero may lie at an edge


def test_the_silence_after_a_panic_is_no_gap():
    sound = np.concatenate((tone(RATE), np.zeros(3 * RATE, "<i2"), tone(RATE)))
    assert gaps(sound, 4_800) == (0, 0)


def test_a_tone_is_known_by_its_pitch_though_gaps_break_it():
    heard = tone(RATE // 2, 571).astype(np.float32) / 32768
    assert night.loudest(heard) == 571
    pieces = [heard[i : i + 600] for i in range(0, len(heard), 600)]  # played on after each gap: other lines appear
    broken = np.concatenate([np.concatenate((piece, np.zeros(200, np.float32))) for piece in pieces])[: RATE // 2]
    assert night.loudest(night.unbroken(broken)) == pytest.approx(571, abs=night.NEAR)
    assert night.loudest(night.unbroken(np.zeros(RATE // 2, np.float32))) == 0


def test_growth_is_told_by_the_hour():
    times = [10.0 * i for i in range(60)]
    assert night.growth(times, [50 + 0.001 * t for t in times]) == pytest.approx(3.6)
    assert math.isnan(night.growth([0.0, 10.0], [1.0, 2.0]))


def test_the_show_of_a_night_can_be_played_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(night, "SONG", 1)
    reading = read(night.film_of(tmp_path, 9).read_text(), "night.yaml")
    assert not [problem for problem in reading.problems if problem.severity == "error"]
    steps = running_order(reading.timeline)
    assert [len(step.cues) for step in steps] == [1, 1, 1, 2, 1, 1, 1, 2, 1, 1]  # one more than GOs: no end is reached
    assert not any(step.chains for step in steps)


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "mp3"])
def test_a_recording_sounds_as_long_as_it_should(tmp_path, kind):
    made = soundfile.info(material.recording(tmp_path / f"tone.{kind}", 2.5, 440))
    assert made.samplerate == RATE
    assert made.channels == 2
    assert made.frames / RATE == pytest.approx(2.5, abs=0.06)


@pytest.mark.parametrize("long", ["stress", "night"])
def test_a_part_that_takes_long_is_not_run_unless_it_is_named(monkeypatch, long):
    ran = []

    class Part:
        NEEDS = ()

        def __init__(self, name: str) -> None:
            self.run = lambda: ran.append(name.rpartition(".")[2])

    monkeypatch.setattr(bench, "importlib", SimpleNamespace(import_module=Part))
    monkeypatch.setattr(sys, "argv", ["scripts/bench"])
    assert bench.main() == 0
    assert ran == [name for name in bench.PARTS if name not in ("stress", "night")]
    monkeypatch.setattr(sys, "argv", ["scripts/bench", long])
    assert bench.main() == 0
    assert ran[-1] == long


def test_every_part_can_be_named():
    folder = Path(bench.__file__).parent
    runs = {file.stem for file in folder.glob("*.py") if "\ndef run() -> None:" in file.read_text(encoding="utf-8")}
    assert runs == set(bench.PARTS)


def test_the_engine_whose_voices_are_measured_sounds(tmp_path, monkeypatch):
    for name, value in {"RECORDINGS": 4, "PIECES": 1, "FILES": 2, "SONG": 3, "SECONDS": 0.2}.items():
        monkeypatch.setattr(voices, name, value)
    sources = voices._sources(tmp_path)
    assert [source.kind for source in sources] == ["audio"] * 4 + ["midi"]
    with voices._engine(tmp_path / "figures") as host:
        voices._start(host, sources)
        ours, bare = voices._blocks(host)
        assert len(host.mixer.voices) == 5
        assert min(host.mixer.peak) > 0.01
    assert len(ours) == 25  # 0.2 s of 8 ms
    assert min(ours) > 0
    assert min(bare) > 0
