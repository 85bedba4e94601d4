"""The programme and the film as files."""

from __future__ import annotations

import itertools
import random
import struct

import numpy as np
import pytest
import soundfile

from player.errors import ExportError
from player.export.render import render
from player.export.wav import WavFile
from tests.show.rig import Steady, plan_of

FILM = """
film: {runtime: 0:01:00}
songs: {a: {title: A}, b: {title: B}}
scenes:
  - {id: one, title: One, at: 0:00:02, cues: [{song: a}, {song: b, to: 3s}]}
  - {id: card, title: Card, at: 0:00:14}
  - {id: other, title: Another card, at: 0:00:15}
  - {id: two, title: Two, at: 0:00:30, cues: [{song: a, at: -2s, from: 1s}, {say: x}]}
  - {id: late, title: Late, cues: [{song: b}]}
"""


def rendered(tmp_path, text, name="out.wav", **how):
    out = tmp_path / name
    result = render(plan_of(text), out, Steady, **how)
    sound, rate = soundfile.read(out, dtype="float32")
    assert rate == 48_000
    assert len(sound) == result.frames
    return sound[:, 0]


def seconds(sound, level):
    """[(first, last)] seconds at which `sound` is at `level`."""
    at = np.flatnonzero(np.abs(sound - level) < 1e-6)
    cut = np.flatnonzero(np.diff(at) > 1)
    firsts, lasts = at[np.r_[0, cut + 1]], at[np.r_[cut, len(at) - 1]]
    return [(f / 48_000, (la + 1) / 48_000) for f, la in zip(firsts, lasts, strict=True)]


def test_a_programme_plays_step_after_step_and_a_card_takes_no_time(tmp_path):
    sound = rendered(tmp_path, FILM, floating=True)
    assert seconds(sound, 0.5) == [(0, 10), (13 + 240 / 48_000, 22)]
    assert seconds(sound, 0.25) == [(10, 13 + 1 / 48_000), (22, 32)]  # a fade out begins at full level
    assert len(sound) == 32 * 48_000


def test_a_film_plays_on_its_own_clock(tmp_path):
    sound = rendered(tmp_path, FILM, floating=True, film=True)
    starts = [first for first, _ in seconds(sound, 0.5)]
    assert starts[0] == 2
    assert starts[1] == pytest.approx(28 + 240 / 48_000)
    # the second cue of scene one comes when the first has ended, and leaves over 1.5 s at the card, 0:14
    assert seconds(sound, 0.25)[0] == (12, pytest.approx(14, abs=0.01))


def test_the_next_song_comes_earlier_by_its_crossfade(tmp_path):
    text = """
songs: {a: {title: A}, b: {title: B}}
scenes: [{id: x, title: X, cues: [song: a, {song: b, crossfade: 2s linear}]}]
"""
    sound = rendered(tmp_path, text, floating=True)
    assert len(sound) == 18 * 48_000
    half = sound[9 * 48_000]
    assert half == pytest.approx(0.5 * 0.5 + 0.25 * 0.5, abs=1e-6)


def test_a_card_between_two_songs_leaves_their_crossfade(tmp_path):
    text = """
songs: {a: {title: A}, b: {title: B}}
scenes:
- {id: x, title: X, cues: [song: a]}
- {id: y, title: Y}
- {id: z, title: Z, cues: [{say: quiet}, {song: b, crossfade: 2s linear}]}
"""
    sound = rendered(tmp_path, text, floating=True)
    assert len(sound) == 18 * 48_000
    assert sound[8 * 48_000 - 1] == 0.5
    assert sound[9 * 48_000] == pytest.approx(0.5 * 0.5 + 0.25 * 0.5, abs=1e-6)


def test_two_renders_are_the_same_bytes_whatever_the_block(tmp_path):
    rng = random.Random(3)
    sizes = [itertools.repeat(4096), itertools.repeat(64), (rng.randint(1, 999) for _ in itertools.count())]
    files = []
    for n, blocks in enumerate(sizes):
        out = tmp_path / f"{n}.wav"
        render(plan_of(FILM), out, Steady, blocks=blocks)
        files.append(out.read_bytes())
    assert files[0] == files[1] == files[2]


def test_flac_and_wav_hold_the_same_24_bits(tmp_path):
    flac, wav = (rendered(tmp_path, FILM, name) for name in ("a.flac", "a.wav"))
    assert (flac == wav).all()


def test_an_interrupted_render_leaves_nothing(tmp_path):
    def stop(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render(plan_of(FILM), tmp_path / "out.wav", Steady, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_render_that_fails_keeps_the_file_that_was_there(tmp_path):
    out = tmp_path / "out.wav"
    out.write_bytes(b"precious")

    class Breaks(Steady):
        def read(self, at, samples):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        render(plan_of(FILM), out, Breaks)
    assert out.read_bytes() == b"precious"


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(ExportError, match="cannot be written: no such file or directory"):
        render(plan_of(FILM), tmp_path / "no" / "out.wav", Steady)


# -- WAV


def test_a_wav_past_the_limit_goes_on_as_rf64(tmp_path):
    path = tmp_path / "big.wav"
    file = WavFile(path, floating=True, riff_limit=10_000)
    block = np.linspace(-1, 1, 4000, dtype=np.float32).reshape(-1, 2)
    file.write(block)
    file.close()
    head = path.read_bytes()[:48]
    assert head[:4] == b"RF64"
    assert head[12:16] == b"ds64"
    riff, data, frames = struct.unpack_from("<QQQ", head, 20)
    assert (riff, data, frames) == (path.stat().st_size - 8, 16_000, 2000)
    assert (soundfile.read(path, dtype="float32")[0] == block).all()


@pytest.mark.parametrize("floating", [True, False])
def test_a_wav_is_what_other_programs_expect(tmp_path, floating):
    path = tmp_path / "x.wav"
    file = WavFile(path, floating=floating)
    file.write(np.array([[0.5, -0.5], [1.0, -1.0], [2.0, -2.0]], np.float32))
    file.close()
    info = soundfile.info(path)
    assert (info.format, info.subtype, info.frames) == ("WAV", "FLOAT" if floating else "PCM_24", 3)
    top = 2.0 if floating else (2**23 - 1) / 2**23
    found = soundfile.read(path)[0]
    assert found[0].tolist() == [0.5, -0.5]
    assert found[2, 0] == pytest.approx(top)


# -- the limiter

LOUD = """
film: {runtime: 0:00:30}
songs: {a: {title: A}}
scenes:
  - id: one
    title: One
    at: 0:00:02
    cues: [{song: a, to: 3s, then: continue}, {song: a, gain: 6 dB, to: 2s, pre-wait: 1s}]
"""


def test_a_sum_above_full_scale_stays_below_the_ceiling_and_is_told(tmp_path):
    out = tmp_path / "loud.wav"
    done = render(plan_of(LOUD), out, Steady, floating=True)
    assert done.peak < 10 ** (-1 / 20)
    assert done.remarks == ("the sum goes above full scale, and the limiter turns it down, first at 1.000 s",)
    sound, _ = soundfile.read(out, dtype="float32")
    assert len(sound) == done.frames
    assert (sound[:40_000] == 0.5).all()  # from frame 0 on, as if there were no limiter


def test_without_the_limiter_the_sum_is_as_it_is(tmp_path):
    out = tmp_path / "loud.wav"
    done = render(plan_of(LOUD), out, Steady, floating=True, limiter=False)
    assert done.peak == pytest.approx(0.5 + 10 ** (6 / 20) / 2)
    assert done.remarks == ("the sum goes above full scale, first at 1.000 s",)


def test_below_the_ceiling_the_limiter_changes_no_byte(tmp_path):
    files = [tmp_path / "on.wav", tmp_path / "off.wav"]
    for file, limiter in zip(files, (True, False), strict=True):
        render(plan_of(FILM), file, Steady, limiter=limiter)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_the_limiter_gives_the_same_bytes_at_any_block_size(tmp_path):
    rng = random.Random(3)
    files = []
    for i, blocks in enumerate((None, itertools.repeat(256), iter(lambda: rng.randint(1, 3000), 0))):
        files.append(tmp_path / f"{i}.wav")
        render(plan_of(LOUD), files[-1], Steady, blocks=blocks)
    assert len({file.read_bytes() for file in files}) == 1
