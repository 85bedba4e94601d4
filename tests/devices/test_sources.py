"""Recordings as sources: every format, at every rate, from any frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from player.devices.sources import open_source
from player.engine.source import Samples, SourceSpec
from player.errors import AudioFileError
from tests.devices import make


def heard(spec: SourceSpec, at: int = 0, frames: int | None = None) -> Samples:
    """What a source gives in one read."""
    source = open_source(spec)
    out: Samples = np.full((source.frames - at if frames is None else frames, 2), 9.0, np.float32)
    source.read(at, out)
    source.close()
    return out


def audio(path: str) -> SourceSpec:
    return SourceSpec("audio", path)


# ---- what comes out


def test_16_bit_at_48_khz_comes_out_bit_for_bit(tmp_path: Path) -> None:
    whole = np.array([[0, 1], [-1, 32767], [-32768, 12345]] * 50, np.int16)
    soundfile.write(tmp_path / "a.wav", whole, 48_000, subtype="PCM_16")
    assert np.array_equal(heard(audio(str(tmp_path / "a.wav"))), whole.astype(np.float32) / 32768)


def test_24_bit_at_48_khz_comes_out_bit_for_bit(tmp_path: Path) -> None:
    whole = np.array([[0, 1], [-1, 2**23 - 1], [-(2**23), 123_456]], np.int64)
    soundfile.write(tmp_path / "a.wav", (whole << 8).astype(np.int32), 48_000, subtype="PCM_24")
    assert np.array_equal(heard(audio(str(tmp_path / "a.wav"))), (whole / 2**23).astype(np.float32))


def test_float_at_48_khz_keeps_what_lies_above_full_scale(tmp_path: Path) -> None:
    sound = np.array([[0.1, -2.5], [1.5, 0.0]], np.float32)
    assert np.array_equal(heard(audio(make.write(tmp_path / "a.wav", sound, 48_000, "FLOAT"))), sound)


def test_flac_at_48_khz_comes_out_bit_for_bit(tmp_path: Path) -> None:
    sound = np.round(make.noise(5000) * 32768).astype(np.float32) / np.float32(32768)
    assert np.array_equal(heard(audio(make.write(tmp_path / "a.flac", sound, 48_000, "PCM_16"))), sound)


def test_mono_plays_on_both_sides_at_unity(tmp_path: Path) -> None:
    sound = make.noise(500, channels=1)
    out = heard(audio(make.write(tmp_path / "a.wav", sound, 48_000, "FLOAT")))
    assert np.array_equal(out, np.repeat(sound, 2, axis=1))


# One sample of 1.0 per channel, a frame each: the sides it is heard on, and how loud.
SIDES = {
    "front": [(1.0, 0.0), (0.0, 1.0)],
    "centre": [(0.70710677, 0.70710677)],
    "lfe": [(0.0, 0.0)],
    "rear": [(0.70710677, 0.0), (0.0, 0.70710677)],
}


@pytest.mark.parametrize(
    ("channels", "order"),
    [
        (3, "front centre"),
        (4, "front rear"),
        (5, "front centre rear"),
        (6, "front centre lfe rear"),
        (8, "front centre lfe rear rear"),
    ],
)
def test_many_channels_are_mixed_to_two(tmp_path: Path, channels: int, order: str) -> None:
    out = heard(audio(make.write(tmp_path / "a.wav", np.eye(channels, dtype=np.float32), 48_000, "FLOAT")))
    expected = [side for word in order.split() for side in SIDES[word]]
    assert out.tolist() == [pytest.approx(pair) for pair in expected]


def test_vorbis_has_its_own_order_of_channels(tmp_path: Path) -> None:
    tones = np.sin(np.arange(24_000)[:, None] * 2 * np.pi * np.array([300, 500, 700]) / 48_000) * 0.2
    path = make.write(tmp_path / "a.ogg", tones.astype(np.float32), 48_000, "VORBIS")  # left, centre, right
    spectrum = np.abs(np.fft.rfft(heard(audio(path)), axis=0))
    tone = {hertz: spectrum[hertz // 2] / 24_000 * 10 for hertz in (300, 500, 700)}
    assert tone[300] == pytest.approx([1.0, 0.0], abs=0.02)
    assert tone[500] == pytest.approx([0.707, 0.707], abs=0.02)
    assert tone[700] == pytest.approx([0.0, 1.0], abs=0.02)


# ---- how long it is

RATE = 44_100
LENGTH = 3 * RATE + 321
OURS = 144_349  # LENGTH * 48000 / 44100, rounded


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One piece in every format."""
    folder, sound = tmp_path_factory.mktemp("formats"), make.sweep(LENGTH, RATE)
    for name, subtype in (("pcm.wav", "PCM_16"), ("flac.flac", "PCM_16"), ("vorbis.ogg", "VORBIS")):
        make.write(folder / name, sound, RATE, subtype)
    make.write(folder / "opus.opus", make.sweep(OURS, 48_000), 48_000, "OPUS")
    make.encode(folder / "constant.mp3", sound, RATE, "libmp3lame")
    make.encode(folder / "aac.m4a", sound, RATE, "aac", codec_options={"aac_pns": "0"})
    make.encode(folder / "aac.mkv", sound, RATE, "aac", codec_options={"aac_pns": "0"})
    make.encode(folder / "aac.aac", sound, RATE, "aac", codec_options={"aac_pns": "0"})
    vbr = {"flags": "+qscale", "global_quality": str(4 * 118)}
    make.encode(folder / "variable.mp3", sound, RATE, "libmp3lame", codec_options=vbr)
    make.untold_mp3(folder / "untold.mp3", sound, RATE)
    return folder


# Without a tag or an index nothing tells how much an encoder added at either end, so it is heard.
LENGTHS = {
    "pcm.wav": OURS,
    "flac.flac": OURS,
    "vorbis.ogg": OURS,
    "opus.opus": OURS,
    "constant.mp3": OURS,
    "variable.mp3": OURS,
    "untold.mp3": 146_704,  # 117 packets of 1152 frames
    "aac.m4a": OURS,
    "aac.mkv": 144_893,  # 130 packets of 1024 frames
    "aac.aac": 146_007,  # 131
}


@pytest.mark.parametrize("name", LENGTHS)
def test_every_format_plays_to_its_end(folder: Path, name: str) -> None:
    source = open_source(audio(str(folder / name)))
    out: Samples = np.full((source.frames + 100, 2), 9.0, np.float32)
    assert source.read(0, out) == source.frames == LENGTHS[name]
    assert not out[source.frames :].any()
    # The music reaches its last tenth of a second, at its full level and at the pitch the sweep ends on.
    end = out[OURS - 4800 : OURS, 0]
    assert np.sqrt(np.mean(end**2)) == pytest.approx(0.354, abs=0.02)
    crossings = np.count_nonzero(np.diff(np.signbit(end)))
    assert crossings / 2 / 0.1 == pytest.approx(200 + 2 * 100 * 2.95, rel=0.03)
    source.close()


def test_an_mp3_of_two_joined_ones_plays_both(folder: Path, tmp_path: Path) -> None:
    part = (folder / "constant.mp3").read_bytes()
    (tmp_path / "joined.mp3").write_bytes(part + part)
    assert open_source(audio(str(tmp_path / "joined.mp3"))).frames > 2 * OURS


# ---- from any frame


@pytest.mark.parametrize("name", LENGTHS)
def test_a_seek_gives_the_frames_of_a_reading_in_one_go(folder: Path, name: str) -> None:
    source = open_source(audio(str(folder / name)))
    whole: Samples = np.zeros((source.frames, 2), np.float32)
    source.read(0, whole)
    # Backwards and forwards, odd places, the very start and the very end.
    for at in (100_000, 1, 47, 99_999, 63_333, source.frames - 3000, source.frames - 5, 0, 12_345):
        out: Samples = np.zeros((2500, 2), np.float32)
        got = source.read(at, out)
        assert got == min(2500, source.frames - at)
        assert np.abs(out[:got] - whole[at : at + got]).max() <= 1e-6, at
    source.close()


@pytest.mark.parametrize("rate", [8000, 11_025, 22_050, 32_000, 44_100, 88_200, 96_000, 192_000])
def test_a_seek_is_exact_at_any_rate(tmp_path: Path, rate: int) -> None:
    path = make.write(tmp_path / "a.wav", make.noise(rate), rate, "FLOAT")
    whole = heard(audio(path))
    assert len(whole) == 48_000
    for at in (24_000, 11_111, 47_000, 160):
        assert np.abs(heard(audio(path), at, 1000) - whole[at : at + 1000]).max() <= 1e-6


@pytest.mark.parametrize("name", ["pcm.wav", "vorbis.ogg", "opus.opus", "untold.mp3", "aac.m4a"])
def test_the_sizes_of_reads_do_not_matter(folder: Path, name: str) -> None:
    source = open_source(audio(str(folder / name)))
    parts, at = [], 0
    for size in [1, 64, 1000, 17, 30_000, 0, 5000] * 3 + [70] * 1000:
        out: Samples = np.zeros((size, 2), np.float32)
        got = source.read(at, out)
        parts.append(out[:got])
        at += got
    assert np.array_equal(np.concatenate(parts), heard(audio(str(folder / name)))[:at])


def test_a_resampled_tone_keeps_its_pitch_and_level(tmp_path: Path) -> None:
    t = np.arange(44_100) / 44_100
    tone = np.repeat(np.sin(2 * np.pi * 997 * t)[:, None] * 0.5, 2, axis=1).astype(np.float32)
    out = heard(audio(make.write(tmp_path / "a.wav", tone, 44_100, "FLOAT")))
    expected = 0.5 * np.sin(2 * np.pi * 997 * np.arange(48_000) / 48_000)
    assert np.abs(out[1000:-1000, 0] - expected[1000:-1000]).max() < 1e-5


# ---- offset, gain, repeat


@pytest.fixture
def ramp(tmp_path: Path) -> str:
    """1000 frames, each its own number over 1000."""
    sound = np.repeat(np.arange(1000, dtype=np.float32)[:, None] / np.float32(1000), 2, axis=1)
    return make.write(tmp_path / "ramp.wav", sound, 48_000, "FLOAT")


def test_an_offset_leaves_out_the_files_beginning(ramp: str) -> None:
    out = heard(SourceSpec("audio", ramp, offset=400))
    assert len(out) == 600
    assert out[0, 0] == np.float32(0.4)


def test_a_negative_offset_puts_silence_first(ramp: str) -> None:
    out = heard(SourceSpec("audio", ramp, offset=-300))
    assert len(out) == 1300
    assert not out[:301].any()
    assert out[301, 0] == np.float32(0.001)


def test_an_offset_behind_the_end_is_refused(ramp: str) -> None:
    with pytest.raises(AudioFileError, match="ends at 0:00, before its offset of 0:02"):
        open_source(SourceSpec("audio", ramp, offset=96_000))


def test_gain_is_in_decibels(ramp: str) -> None:
    out = heard(SourceSpec("audio", ramp, gain_db=-6.0))
    assert out[500, 0] == pytest.approx(0.5 * 10 ** (-6 / 20), abs=1e-7)


def test_a_repeated_source_starts_again_at_its_end(ramp: str) -> None:
    out = heard(SourceSpec("audio", ramp, repeat=True, offset=900), at=50, frames=200)
    assert out[:, 0].tolist() == [np.float32(900 + (50 + i) % 100) / np.float32(1000) for i in range(200)]


def test_silence_has_the_length_asked_for() -> None:
    source = open_source(SourceSpec("silence", frames=700))
    out: Samples = np.ones((500, 2), np.float32)
    assert (source.frames, source.read(0, out), source.read(500, out)) == (700, 500, 200)
    assert not out.any()
