"""Any timeline, any hands on the keys: nothing raises, nothing hangs, and the sound is that of every block size."""

from __future__ import annotations

import itertools
import os
import random
import re
from fractions import Fraction

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from player import actions as act
from tests.show.rig import Rising, Stage

LONG = bool(os.environ.get("NEEDLEDROP_LONG"))
SONGS = ("a", "b", "c")
TARGETS = (*SONGS, "one", "two", "three", "all")
IDS = ("one", "two", "three")
KEYS = ("K", "F5", "Ctrl+J")

lengths = st.sampled_from(["0s", "1ms", "40ms", "333ms", "1s", "1.00001s"])
fades = st.builds("{} {}".format, lengths, st.sampled_from(["linear", "equal-power", "s-curve", "exponential"]))
levels = st.sampled_from(["0 dB", "-6 dB", "-18.5 dB", "+3 dB", "-inf dB"])
loops = st.builds(
    "{{from: {}, to: {}, times: {}}}".format,
    st.sampled_from(["0s", "100ms", "500ms"]),
    st.sampled_from(["600ms", "1.1s", "10s"]),
    st.sampled_from(["2", "3", "until-go"]),
)


def some(**keys: st.SearchStrategy[object]) -> st.SearchStrategy[list[str]]:
    """Some of these keys with values, as YAML."""
    each = [st.none() | value.map(f"{name.replace('_', '-')}: {{}}".format) for name, value in keys.items()]
    return st.tuples(*each).map(lambda found: [pair for pair in found if pair])


def cue(verb: st.SearchStrategy[str], **keys: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    common = some(then=st.sampled_from(["continue", "follow"]), pre_wait=lengths, post_wait=lengths)
    return st.builds(lambda *parts: ", ".join([parts[0], *parts[1], *parts[2]]), verb, some(**keys), common)


cues = st.one_of(
    cue(
        st.sampled_from(SONGS).map("song: {}".format),
        gain=levels, fade_in=fades, fade_out=fades, crossfade=fades, pan=st.integers(-100, 100), loop=loops,
        duck=st.sampled_from(["-6 dB", "-20 dB", "-inf dB"]), until=st.sampled_from(["end", "s1", "s2"]),
        **{"from": st.sampled_from(["0s", "250ms", "9s"]), "to": st.sampled_from(["700ms", "2s", "9.5s"])},
    ),
    cue(st.just("set: s"), crossfade=fades, repeat=st.just("yes"), shuffle=st.just("yes")),
    cue(st.sampled_from(TARGETS).map("fade: {}".format), level=levels, over=lengths).map(
        lambda text: text if "level" in text else text + ", level: -9 dB"
    ),
    cue(st.sampled_from(TARGETS).map("stop: {}".format), fade_out=fades),
    cue(st.sampled_from(TARGETS).map("pause: {}".format)),
    cue(st.sampled_from(TARGETS).map("resume: {}".format)),
    cue(st.just("say: hush")),
    cue(st.just("send: osc /go")),
)  # fmt: skip


@st.composite
def timelines(draw: st.DrawFn) -> str:
    ids, keys = iter(IDS), iter(KEYS)
    scenes = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        lines = []
        for text in draw(st.lists(cues, max_size=4)):
            name = next(ids, None) if draw(st.booleans()) else None
            key = next(keys, None) if draw(st.booleans()) else None
            lines.append(f"    - {{{text}{f', id: {name}' if name else ''}{f', hotkey: {key}' if key else ''}}}")
        scenes.append(f"- id: s{number}\n  title: S\n" + ("  cues:\n" + "\n".join(lines) + "\n" if lines else ""))
    gap = draw(st.sampled_from(["", ", gap: 0s", ", gap: 500ms"]))
    return (
        "defaults: {fade-out: 300ms}\nsongs: {a: {title: A}, b: {title: B}, c: {title: C}}\n"
        f"sets: {{s: {{songs: [{{song: a}}, {{song: b{gap}}}]}}}}\nscenes:\n{''.join(scenes)}"
    )


actions = st.one_of(
    st.just(act.Go()),
    st.just(act.Go()),
    st.just(act.UndoGo()),
    st.just(act.Pause()),
    st.just(act.FadeOut()),
    st.just(act.LeaveLoops()),
    st.just(act.Preview()),
    st.just(act.Panic()),
    st.builds(act.MoveStandby, st.integers(-3, 2)),
    st.builds(act.Hotkey, st.sampled_from(KEYS)),
    st.builds(act.SeekBy, st.sampled_from([Fraction(-5), Fraction(-1, 3), Fraction(2), Fraction(9)])),
    st.builds(act.Mute),
)
scripts = st.lists(
    st.tuples(actions, st.sampled_from([0, 0.0001, 0.003, 0.1, 0.26, 0.26, 1.0, 3.3])), min_size=1, max_size=14
)


def played(text: str, script: list[tuple[act.Action, float]], block: object, auto: bool) -> tuple[Stage, np.ndarray]:
    """The show of `text` with a hand that does `script`, and everything heard of it up to its silence."""
    stage = Stage(text, block=block, material=Rising, whole=False, auto=auto)
    for action, seconds in script:
        stage.do(action).wait(seconds)
    stage.do(act.StopNow()).wait(0.02)
    return stage, stage.both()


@settings(
    max_examples=1000 if LONG else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(timelines(), scripts, st.booleans(), st.integers(0, 1 << 30))
def test_nothing_raises_nothing_hangs_and_any_block_gives_the_same_bytes(text, script, auto, seed):
    stage, sound = played(text, script, 997, auto)
    assert stage.show.sounding == ()
    assert stage.session.status.voices == ()
    assert stage.engine.quiet
    assert not stage.wait(0.5).both()[len(sound) :].any()
    stage.do(act.Standby(0)).wait(0.3).go()
    assert stage.show.fired is not None
    assert np.isfinite(sound).all()

    sizes = random.Random(seed)
    _, again = played(text, script, (sizes.randint(1, 5000) for _ in itertools.count()), auto)
    assert len(again) == len(sound)
    assert (again == sound).all()


@settings(
    max_examples=1000 if LONG else 40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(timelines(), scripts, st.sampled_from([0.0001, 0.26, 1.0, 3.3, 7.0]))
def test_after_an_undo_all_is_as_if_the_go_had_never_been(text, script, seconds):
    """Without chains and waits: what would have come in the meantime comes late, or not at all."""
    text = re.sub("then: (continue|follow)|(pre|post)-wait: [^,}]+|set: s", "say: x", text)
    text = re.sub("(?<=, )say: x, |, say: x(?=[,}])", "", text)

    def run(undone: bool) -> np.ndarray:
        stage = Stage(text, block=997, material=Rising, whole=False)
        for action, wait in script:
            stage.do(action).wait(wait)
        if stage.show.paused:
            stage.do(act.Pause())
        if stage.show.preview is not None:  # which GO ends, and does not bring back
            stage.do(act.Preview())
        stage.wait(0.35)
        if undone:
            known = len(stage.show.history)
            stage.go()
            assume(len(stage.show.history) > known)
        stage.wait(seconds)
        if undone:
            stage.do(act.UndoGo())
        return stage.wait(1.5).heard()[-9600:]

    assert np.abs(run(undone=True).astype(float) - run(undone=False)).max() < 1e-5
