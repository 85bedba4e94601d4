"""Recordings that are missing, broken or something else: one line for the person, no noise besides."""

from __future__ import annotations

import contextlib
import re
import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from player.devices.sources import open_source
from player.engine.source import Samples, SourceSpec
from player.errors import AssetError, AudioFileError
from tests.devices import make


def empty(path: Path) -> None:
    path.write_bytes(b"")


def folder(path: Path) -> None:
    path.mkdir()


def text(path: Path) -> None:
    path.write_text("This is no music.\n" * 50)


def random_bytes(path: Path) -> None:
    path.write_bytes(np.random.default_rng(1).bytes(100_000))


def picture(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))


def playlist_of_an_address(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")


def header_alone(path: Path) -> None:
    make.write(path, np.zeros((0, 2), np.float32), 48_000, "PCM_16")


def video_without_sound(path: Path) -> None:
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("mpeg4", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        out.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        out.mux(stream.encode(None))


def m4a_without_its_index(path: Path) -> None:
    make.encode(path.with_suffix(".m4a"), make.sweep(48_000, 48_000), 48_000, "aac")
    whole = path.with_suffix(".m4a").read_bytes()
    path.write_bytes(whole[: len(whole) // 2])  # the index stands at the end


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "is missing"),
    "empty": (empty, "is empty"),
    "folder": (folder, "is a folder, not a file"),
    "text": (text, "is not audio we can read"),
    "random bytes": (random_bytes, "is (not audio we can read|damaged and does not decode)"),
    "picture": (picture, "is not audio we can read"),
    "playlist": (playlist_of_an_address, "is not audio we can read"),
    "header alone": (header_alone, "holds no sound"),
    "video without sound": (video_without_sound, "has no sound in it"),
    "m4a without its index": (m4a_without_its_index, "is not audio we can read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_sound_is_refused_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    prepare, why = REFUSED[name]
    path = tmp_path / "tide.wav"
    prepare(path)
    with pytest.raises(AudioFileError, match=f"tide.wav {why}$") as refusal:
        open_source(SourceSpec("audio", str(path)))
    assert "\n" not in str(refusal.value)
    assert capfd.readouterr() == ("", "")


def test_a_file_one_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make.write(tmp_path / "a.wav", make.noise(10), 48_000, "FLOAT")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")  # the superuser, as whom tests may run, gets none

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(AudioFileError, match=r"may not be read \(check its permissions\)"):
        open_source(SourceSpec("audio", path))


def test_a_name_no_system_can_have() -> None:
    with pytest.raises(AudioFileError, match="cannot be opened"):
        open_source(SourceSpec("audio", "/music/a\0b.wav"))


# ---- files that break off

RATE = 44_100


def cut_wav(folder: Path, sound: make.Sound) -> Path:
    return Path(make.write(folder / "cut.wav", sound, RATE, "PCM_16"))


def cut_flac(folder: Path, sound: make.Sound) -> Path:
    return Path(make.write(folder / "cut.flac", sound, RATE, "PCM_16"))


def cut_mp3(folder: Path, sound: make.Sound) -> Path:
    return Path(make.encode(folder / "cut.mp3", sound, RATE, "libmp3lame"))


def cut_m4a(folder: Path, sound: make.Sound) -> Path:
    index_first = {"movflags": "faststart"}
    return Path(make.encode(folder / "cut.m4a", sound, RATE, "aac", container_options=index_first))


@pytest.mark.parametrize("make_whole", [cut_wav, cut_flac, cut_mp3, cut_m4a])
def test_a_file_that_was_cut_off_plays_until_there_and_keeps_its_length(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], make_whole: Callable[[Path, make.Sound], Path]
) -> None:
    path = make_whole(tmp_path, make.noise(6 * RATE))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    source = open_source(SourceSpec("audio", str(path)))
    assert source.frames == pytest.approx(6 * 48_000, abs=100)
    told, out = [], np.ones((source.frames // 100 * 100, 2), np.float32)
    for at in range(0, len(out), len(out) // 100):
        try:
            assert source.read(at, out[at : at + len(out) // 100]) == len(out) // 100
        except AudioFileError as trouble:
            told.append(str(trouble))
    sounding = np.abs(out).max(axis=1) > 1e-3
    end = int(np.nonzero(sounding)[0][-1])
    assert 2.7 * 48_000 < end < 3.1 * 48_000
    assert not out[end + 50 :].any()
    assert np.abs(np.sqrt(np.mean(out[: end - 5000] ** 2)) - 0.1) < 0.02
    (line,) = told
    assert re.search(r"cut\.\w+ breaks off at 0:0[23] of 0:06$", line)
    assert capfd.readouterr() == ("", "")
    source.close()


@pytest.mark.parametrize("make_whole", [cut_wav, cut_flac, cut_mp3, cut_m4a])
def test_a_start_behind_the_break_says_so_at_once(
    tmp_path: Path, make_whole: Callable[[Path, make.Sound], Path]
) -> None:
    path = make_whole(tmp_path, make.noise(6 * RATE))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    source = open_source(SourceSpec("audio", str(path)))
    out: Samples = np.ones((1000, 2), np.float32)
    with pytest.raises(AudioFileError, match="breaks off before 0:04 of 0:06"):
        source.read(4 * 48_000, out)
    assert source.read(4 * 48_000, out) == 1000
    assert not out.any()
    source.close()


def test_a_wav_streamed_without_a_length_plays_what_is_there(tmp_path: Path) -> None:
    path = Path(make.write(tmp_path / "a.wav", make.noise(1000), 48_000, "PCM_16"))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"data") + 4, 0xFFFF_FFFF)
    path.write_bytes(data)
    assert open_source(SourceSpec("audio", str(path))).frames == 1000


def test_a_damaged_stretch_of_an_mp3_is_silent_and_what_follows_is_in_time(tmp_path: Path) -> None:
    path = make.encode(tmp_path / "a.mp3", make.noise(6 * RATE), RATE, "libmp3lame")
    whole = Path(path).read_bytes()
    source = open_source(SourceSpec("audio", path))
    good: Samples = np.zeros((source.frames, 2), np.float32)
    source.read(0, good)
    source.close()
    middle = len(whole) // 2
    Path(path).write_bytes(whole[:middle] + bytes(3000) + whole[middle + 3000 :])
    source = open_source(SourceSpec("audio", path))
    out: Samples = np.zeros((source.frames, 2), np.float32)
    source.read(0, out)
    source.close()
    assert len(out) == len(good)
    assert np.array_equal(out[:100_000], good[:100_000])


SEED = make.noise(3000, seed=4)


@pytest.fixture(scope="module")
def good_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("good")
    made = [
        make.write(folder / "a.wav", SEED, RATE, "PCM_16"),
        make.write(folder / "a.flac", SEED, RATE, "PCM_16"),
        make.write(folder / "a.ogg", SEED, RATE, "VORBIS"),
        make.encode(folder / "a.mp3", SEED, RATE, "libmp3lame"),
        make.encode(folder / "a.m4a", SEED, RATE, "aac"),
    ]
    return {Path(path).suffix: Path(path).read_bytes() for path in made}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from([".wav", ".flac", ".ogg", ".mp3", ".m4a"]),
    wrong=st.lists(st.tuples(st.integers(0, 1 << 30), st.integers(0, 255)), min_size=1, max_size=12),
    kept=st.integers(0, 1000),
)
@example(kind=".m4a", wrong=[(0, 0)], kept=762)  # taken for a stream of a kind that FFmpeg does not know
def test_any_damage_ends_in_sound_or_in_an_asset_error(
    good_files: dict[str, bytes],
    tmp_path: Path,
    kind: str,
    wrong: list[tuple[int, int]],
    kept: int,
) -> None:
    data = bytearray(good_files[kind])
    for place, value in wrong:
        data[place % len(data)] = value
    path = tmp_path / f"a{kind}"
    path.write_bytes(data[: len(data) * kept // 1000])
    try:
        source = open_source(SourceSpec("audio", str(path)))
    except AssetError:
        return
    out: Samples = np.ones((500, 2), np.float32)
    for at in (0, 500, min(source.frames, 100_000) // 2):
        with contextlib.suppress(AssetError):
            assert source.read(at, out) == max(0, min(500, source.frames - at))
    source.close()
