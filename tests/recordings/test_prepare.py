"""`needledrop prepare`: new files, and the old ones as they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from player import cli
from player.devices.tinytag_tags import read_tags
from tests.media import corpus

RATE = 44_100


def tone(seconds: float, level: float = 0.5) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return level * np.sin(np.arange(round(seconds * RATE)) * 0.1)[:, None] * [1, 1]


def silence(seconds: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.zeros((round(seconds * RATE), 2))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recording of two parts: 1 s of silence, 2 s of tone, 1.5 s of silence, 1 s of tone, 0.5 s of silence."""
    monkeypatch.chdir(tmp_path)
    sound = np.concatenate([silence(1), tone(2), silence(1.5), tone(1), silence(0.5)])
    soundfile.write("tape.flac", sound, RATE, subtype="PCM_24")
    return tmp_path


def made(path: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    sound, rate = soundfile.read(path)
    assert rate == RATE
    return sound


def test_trimmed_and_said_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    original = (folder / "tape.flac").read_bytes()
    assert cli.main(["prepare", "tape.flac", "--trim"]) == 0
    path = Path("prepared") / "tape.flac"
    assert capsys.readouterr().out.splitlines() == [
        f"{path}: 0:04.700, trimmed by 0.90 s and 0.40 s",
        "1 new file of 1 recording in prepared; the originals are as they were",
    ]
    sound = made("prepared/tape.flac")
    assert len(sound) == pytest.approx(4.7 * RATE, abs=RATE / 100)
    assert np.array_equal(sound[: round(0.1 * RATE)], silence(0.1))
    assert (folder / "tape.flac").read_bytes() == original


def test_cut_is_the_very_sound(folder: Path) -> None:
    assert cli.main(["prepare", "tape.flac", "--from", "0:01.5", "--to", "2.5s", "-o", "out"]) == 0
    whole, _ = soundfile.read("tape.flac")
    assert np.array_equal(made("out/tape.flac"), whole[round(1.5 * RATE) : round(2.5 * RATE)])


def test_split_by_silence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["prepare", "tape.flac", "--split", "--pause", "1s", "--format", "wav"]) == 0
    assert len(made("prepared/tape 01.wav")) == pytest.approx(2.2 * RATE, abs=RATE / 50)
    assert len(made("prepared/tape 02.wav")) == pytest.approx(1.2 * RATE, abs=RATE / 50)
    assert capsys.readouterr().out.splitlines()[-1].startswith("2 new files of 1 recording")


def test_faded(folder: Path) -> None:
    soundfile.write("tone.wav", tone(3), RATE)
    assert cli.main(["prepare", "tone.wav", "--fade-in", "500ms", "--fade-out", "1s"]) == 0
    loud = np.abs(made("prepared/tone.wav")[:, 0])
    assert loud[: RATE // 100].max() < 0.01
    assert loud[RATE : 2 * RATE - RATE // 10].max() == pytest.approx(0.5, abs=0.001)
    assert loud[-RATE // 100 :].max() < 0.01


@pytest.mark.parametrize("kind", ["wav", "flac", "aiff", "ogg", "mp3"])
def test_converted_with_its_tags(folder: Path, kind: str) -> None:
    corpus.write(folder / "song.m4a", 1.0, title="Low Tide", artist="Mara", album="Tides")
    assert cli.main(["prepare", "song.m4a", "--format", kind]) == 0
    info = soundfile.info(f"prepared/song.{kind}")
    assert info.samplerate == corpus.RATE
    assert info.frames == pytest.approx(corpus.RATE, abs=2_500)
    tags = read_tags(f"prepared/song.{kind}")
    assert (tags.title, tags.artist) == ("Low Tide", "Mara")


def test_what_cannot_be_written_as_it_was_becomes_flac(folder: Path) -> None:
    corpus.write(folder / "song.m4a", 1.0)
    assert cli.main(["prepare", "song.m4a"]) == 0
    assert (folder / "prepared" / "song.flac").is_file()


def test_nothing_is_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    original = (folder / "tape.flac").read_bytes()
    assert cli.main(["prepare", "tape.flac", "--trim", "-o", "."]) == 1
    assert (folder / "tape.flac").read_bytes() == original
    assert "there is such a file already" in capsys.readouterr().err


def test_one_bad_file_does_not_stop_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.wav").write_bytes(b"no music")
    soundfile.write("silent.wav", silence(1), RATE)
    assert cli.main(["prepare", "bad.wav", "silent.wav", "gone.wav", "tape.flac", "--split"]) == 2
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "needledrop: bad.wav is not audio we can read",
        "needledrop: silent.wav is silent below -50 dB all through: nothing to split",
        "needledrop: gone.wav is missing",
    ]
    assert said.out.splitlines()[-1] == "2 new files of 4 recordings in prepared; the originals are as they were"


@pytest.mark.parametrize(
    "call",
    [
        [],
        ["tape.flac", "--from", "soon"],
        ["tape.flac", "--fade-in", "3"],
        ["tape.flac", "--threshold", "loud"],
        ["tape.flac", "--from", "2s", "--to", "1s"],
        ["tape.flac", "--format", "doc"],
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_wrong_call_is_one_line(call: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["prepare", *call]) == 2
    assert capsys.readouterr().err.count("\n") == 1
