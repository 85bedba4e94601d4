"""The delay line: exact while it stays, and no click where it changes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.engine.delay import Delay


def ramp(first: int, n: int) -> np.ndarray:
    at = np.arange(first, first + n, dtype=np.float32)
    return np.stack([at, -at], 1)


def heard(sound: np.ndarray, sizes, frames) -> np.ndarray:
    """What comes out of `sound`, taken in blocks of `sizes`; `frames` is the delay from each first frame on."""
    delay, out, at = Delay(), sound.copy(), 0
    while at < len(sound):
        n = next(sizes)
        delay.process(out[at : at + n], frames(at))
        at += n
    return out


def test_without_a_delay_the_block_is_left_alone():
    out = ramp(1, 100)
    Delay().process(out, 0)
    assert np.array_equal(out, ramp(1, 100))


@given(st.lists(st.integers(1, 700), min_size=1), st.integers(1, 2000))
def test_every_frame_comes_so_much_later_whatever_the_blocks(sizes: list[int], frames: int):
    delay = Delay()
    out, at = [], 0
    for n in itertools.islice(itertools.cycle(sizes), 40):
        block = ramp(at + 1, n)
        delay.process(block, frames)
        out.append(block)
        at += n
    whole = np.concatenate(out)
    begin = min(len(whole), frames)
    assert not whole[:begin].any()
    assert np.array_equal(whole[begin:], ramp(1, len(whole) - begin))


@pytest.mark.parametrize("change", [(0, 1440), (1440, 0), (960, 1920), (1920, 960), (100, 90), (90, 100)])
@pytest.mark.parametrize("size", [96, 256, 480, 1000])
def test_where_it_changes_nothing_jumps(change: tuple[int, int], size: int):
    sound = np.full((20_000, 2), 0.5, np.float32)
    out = heard(sound, itertools.repeat(size), lambda at: change[at >= 8000])
    steps = np.abs(np.diff(out[4000:, 0]))  # the first beginning is over
    assert steps.max() <= 0.5 / min(size, 240) + 1e-6
    assert np.array_equal(out[-4000:], sound[-4000:])


def test_another_number_of_channels_begins_in_silence():
    delay = Delay()
    for _ in range(10):
        delay.process(np.ones((256, 2), np.float32), 512)
    out = np.ones((256, 4), np.float32)
    delay.process(out, 512)
    assert not out.any()
