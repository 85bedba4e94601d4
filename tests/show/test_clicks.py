"""No click: what a person does to a slow sine or a constant never makes a larger step than a 5 ms ramp would.

The bound is that of the format: between two neighbouring samples the sound moves at most by what the material itself
moves, and what a ramp of 5 ms moves a full one. A recording's own first frame and own last one are not touched by us,
so every song here is cut out of the middle of its recording.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from player import actions as act
from player.host.feeds import LARGE
from tests.show.rig import LENGTH, Stage, Steady
from tests.show.test_transport import scenes
from tests.show.test_verbs import S

HERTZ = 30
SLOPE = 2 * np.pi * HERTZ / S  # the largest step of the sine
RAMP = np.pi / 2 / 240  # the largest step of an equal-power ramp of 5 ms


class Sine(Steady):
    """A slow sine, the same for every song."""

    def read(self, at, out):
        n = max(0, min(len(out), LENGTH - at))
        out[:n] = np.sin(SLOPE * np.arange(at, at + n))[:, np.newaxis]
        return n


class Constant(Steady):
    """Ones."""

    def read(self, at, out):
        n = max(0, min(len(out), LENGTH - at))
        out[:n] = 1.0
        return n


PART = "from: 1.0031s, to: 8.0017s, until: end"
LOOP = "loop: {from: 1.5013s, to: 2.2517s, times: until-go}"
CASES = {
    "start": (scenes(f"{{song: a, {PART}}}"), [("go", 8)]),
    "start with a fade": (scenes(f"{{song: a, {PART}, fade-in: 30ms}}"), [("go", 1)]),
    "written fade-out": (scenes(f"{{song: a, {PART}, fade-out: 50ms linear}}"), [("go", 8)]),
    "stop": (scenes(f"{{song: a, {PART}}}", "{stop: a, fade-out: 0s}"), [("go", 1.0007), ("go", 1)]),
    "stop with a fade": (scenes(f"{{song: a, {PART}}}", "{stop: a, fade-out: 40ms}"), [("go", 1.0007), ("go", 1)]),
    "seek": (scenes(f"{{song: a, {PART}}}"), [("go", 1.0007), (act.SeekBy(Fraction("1.2345")), 0.5)]),
    "seek and seek": (
        scenes(f"{{song: a, {PART}}}"),
        [("go", 1.0007), (act.SeekBy(Fraction("1.2345")), 0.1), (act.SeekBy(Fraction("-0.777")), 0.5)],
    ),
    "crossfade": (
        scenes(f"{{song: a, {PART}}}", f"{{song: b, {PART}, crossfade: 60ms linear}}"), [("go", 1.0007), ("go", 1)]
    ),
    "pause": (scenes(f"{{song: a, {PART}}}"), [("go", 1.0007), (act.Pause(), 0.1), (act.Pause(), 0.5)]),
    "pause of a song": (
        scenes(f"{{song: a, {PART}}}", "pause: a", "resume: a"), [("go", 1.0007), ("go", 0.5), ("go", 0.5)]
    ),
    "pause on a pause": (
        scenes(f"{{song: a, {PART}}}", "pause: a", "resume: a"),
        [("go", 1.0007), ("go", 0.3), (act.Pause(), 0.1), (act.Pause(), 0.1), ("go", 0.5)],
    ),
    "loop": (scenes(f"{{song: a, {PART}, {LOOP.replace('until-go', '4')}}}"), [("go", 9)]),
    "vamp and leave": (scenes(f"{{song: a, {PART}, {LOOP}}}", "say: on"), [("go", 4), ("go", 2)]),
    "seek in a vamp": (
        scenes(f"{{song: a, {PART}, {LOOP}}}"), [("go", 4.0007), (act.SeekBy(Fraction("-0.1234")), 2)]
    ),
    "panic": (scenes(f"{{song: a, {PART}}}"), [("go", 1.0007), (act.Panic(), 0.3), (act.Panic(), 0.1)]),
    "level": (scenes(f"{{song: a, {PART}}}", "{fade: a, level: -12 dB, over: 0s}"), [("go", 1.0007), ("go", 0.5)]),
    "level out at once": (
        scenes(f"{{song: a, {PART}}}", "{fade: a, level: -inf dB, over: 0s}"), [("go", 1.0007), ("go", 0.5)]
    ),
    "level out": (scenes(f"{{song: a, {PART}}}", "{fade: a, level: -inf dB, over: 1s}"), [("go", 1.0007), ("go", 1.5)]),
    "master": (scenes(f"{{song: a, {PART}}}"), [("go", 1.0007), (act.Level(-20), 0.1), (act.Mute(), 0.1)]),
    "undo": (scenes(f"{{song: a, {PART}}}", "stop: a"), [("go", 1.0007), ("go", 3), (act.UndoGo(), 1)]),
    "undo at once": (scenes(f"{{song: a, {PART}}}", "stop: a"), [("go", 1.0007), ("go", 0.3), (act.UndoGo(), 1)]),
}  # fmt: skip


@pytest.mark.parametrize("material", [Sine, Constant])
@pytest.mark.parametrize("case", CASES)
def test_nothing_clicks(case, material):
    text, script = CASES[case]
    stage = Stage(text, material=material)
    for what, seconds in script:
        stage.do(act.Go() if what == "go" else what).wait(seconds)
    heard = stage.heard().astype(float)
    own = SLOPE if material is Sine else 0.0
    assert np.abs(heard).max() > 0.9
    assert np.abs(np.diff(heard, prepend=0.0)).max() <= own + RAMP + 1e-6


@pytest.mark.parametrize("material", [Sine, Constant])
def test_a_duck_clicks_neither_going_down_nor_coming_up(material):
    text = scenes(
        f"{{song: a, {PART}}}", f"{{song: b, {PART}, duck: -30 dB, gain: -inf dB}}", "{stop: b, fade-out: 0s}"
    )
    stage = Stage(text, material=material).go().wait(1.0007).go().wait(1).go().wait(0.1)
    stage.do(act.Pause()).wait(0.1).do(act.Pause()).wait(2)
    own = SLOPE if material is Sine else 0.0
    assert np.abs(np.diff(stage.heard().astype(float), prepend=0.0)).max() <= own + RAMP + 1e-6


def test_a_crossfade_holds_its_power_within_half_a_db():
    text = scenes("{song: a, until: end}", "{song: b, crossfade: 1s}")

    class Noise(Steady):
        """Noise, another for each song."""

        def read(self, at, out):
            n = max(0, min(len(out), LENGTH - at))
            seed = int(self.level * 1024)
            out[:n] = np.random.default_rng([seed, at // LARGE]).standard_normal((LARGE, 1))[:n] * 0.1
            return n

    heard = Stage(text, material=Noise).go().wait(2).go().wait(2).heard()
    power = [float(np.mean(part.astype(float) ** 2)) for part in np.split(heard[S : 4 * S], 30)]
    assert max(np.abs(10 * np.log10(np.array(power) / 0.01))) < 0.5
