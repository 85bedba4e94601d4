"""Random states of the whole screen, and the fonts they are drawn with."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame
from hypothesis import strategies as st

from player.commands import COMMANDS, DEFAULT, Bindings, bindings
from player.plan import Plan
from player.ui import fields, overlays
from player.ui.fonts import Fonts, bundled
from player.ui.meters import Levels
from player.ui.model import Drawn, Model
from player.ui.overlays import Ask, Help, Overlay, Picker
from player.ui.view import wanted
from tests.ui import support

SIZES = (
    (1280, 720),
    (1920, 1080),
    (1024, 768),
    (900, 506),
    (1600, 1200),
    (2560, 1080),
    (640, 400),
    (1080, 1920),
)
ZOOMS = (80, 90, 100, 110, 125, 140, 150)


@lru_cache(maxsize=1)
def fonts() -> Fonts:
    """The bundled fonts, nothing of the system: every machine measures the same."""
    pygame.font.init()
    return Fonts(bundled(), Nothing())


class Nothing:
    """A system without fonts."""

    def find(self, code: int) -> Path | None:
        return None


@lru_cache(maxsize=1)
def plans() -> tuple[Plan, ...]:
    return (
        support.plan(),
        support.plan(estimates=True, stand_ins=range(24), problems=(support.TWO_SONGS,)),
        support.plan(silent=range(4), problems=(support.LONG, support.TWO_SONGS)),
        support.plan(timed=False),
        support.hostile(),
        support.plan(support.SCENES[:1]),
    )


@lru_cache(maxsize=64)
def sketch(kind: str, frames: int) -> support.Sketch:
    return (support.roll if kind == "midi" else support.waveform)(frames)


TEXTS = ("", "di", "go", "1", "12", "24:00", "zzz", "x" * 190, "Ünï 上 أم 🇫🇷", "~/", "moon argument")


@st.composite
def overs(draw: st.DrawFn) -> Overlay | None:
    kind = draw(st.sampled_from(("none", "none", "help", "ask", "picker", "picker")))
    match kind:
        case "help":
            return Help(draw(st.integers(0, 3)))
        case "ask":
            return Ask(draw(st.sampled_from(("", "/films/other.yaml", "/" + "long" * 60 + ".yaml"))))
        case "picker":
            mode = draw(st.sampled_from(("palette", "goto", "number", "open", "problems")))
            field = fields.of(draw(st.sampled_from(TEXTS)))
            if draw(st.booleans()):
                field = fields.all_of(field)
            return Picker(mode, fields.compose(field, draw(st.sampled_from(("", "", "にほん")))))
    return None


class Case:
    """A model that tells of itself in one line."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __repr__(self) -> str:
        model, show = self.model, self.model.show
        heard = [each.step for each in show.sounding]
        return (
            f"plan {plans().index(show.plan)}, {model.size}, {model.zoom} %, fired {show.fired},"
            f" standby {show.standby}, sounding {heard}, over {type(model.overlay).__name__},"
            f" notice {model.notice!r}, said {model.said!r}"
        )


@st.composite
def models(draw: st.DrawFn, size: tuple[int, int] | None = None) -> Case:
    """Any state a show could be in, and some it could not."""
    plan = draw(st.sampled_from(plans()))
    last = len(plan.steps)
    fired = draw(st.none() | st.integers(0, last - 1))
    musical = [i for i in range(last) if plan.first_song(i)]
    playing = draw(st.lists(st.sampled_from(musical), max_size=3)) if musical else []
    said = draw(st.sampled_from((None, None, "Lights down, then wait for the door. " * 3)))
    show = support.show(plan, fired, draw(st.integers(0, last)), *playing, said=said)
    show = replace(
        show,
        paused=draw(st.booleans()),
        muted=draw(st.booleans()),
        locked=draw(st.booleans()),
        auto=draw(st.booleans()),
        level_db=draw(st.sampled_from((0.0, -3.0, -60.0, 12.0))),
        ignored_go=draw(st.sampled_from((None, 10_000_000, 9_960_000))),
        trouble=draw(st.sampled_from((None, None, "the sound device went away; the show goes on in silence"))),
        sounding=tuple(replace(s, leaving=draw(st.booleans())) for s in show.sounding),
    )
    status = support.status(
        show,
        draw(st.sampled_from((0.0, 0.01, 0.4, 0.95, 0.999, 1.0))),
        silent=draw(st.booleans()),
        alive=draw(st.integers(0, 9)) > 0,
        device=draw(st.sampled_from(("", "Built-in audio", "A sound device with a very long name indeed " * 2))),
    )
    over = draw(overs())
    if isinstance(over, Picker):
        over = overlays.found(over, show, DEFAULT, lambda text: ())
        over = overlays.moved(over, draw(st.integers(0, 30)))
    spec = wanted(show)
    drawn = None
    if spec is not None and draw(st.integers(0, 4)):
        drawn = Drawn(spec, sketch(spec.kind, draw(st.sampled_from((48_000, 9_000_000)))))
    bars = draw(st.floats(-60, 0)), draw(st.floats(-60, 0))
    model = Model(
        show,
        status,
        size or draw(st.sampled_from(SIZES)),
        draw(st.sampled_from(ZOOMS)),
        "21:04",
        draw(st.sampled_from((DEFAULT, crowded()))),
        Levels(bars, (max(bars[0], -20), max(bars[1], -3))),
        drawn,
        draw(st.none() | st.integers(0, last)),
        draw(st.none() | st.integers(0, 9_000_000)),
        over,
        draw(st.sampled_from(("", "", "locked: L", "Master level −3 dB", "words " * 40))),
        draw(st.sampled_from(((), (), ("other.yaml: no such file " + "folder/" * 40,)))),
        draw(st.booleans()),
        draw(st.booleans()),
    )
    return Case(model)


@lru_cache(maxsize=1)
def crowded() -> Bindings:
    """Every command on long strokes."""
    own = {c.id: (f"Ctrl+Alt+Shift+F{n % 12 + 1}",) for n, c in enumerate(COMMANDS[:12]) if c.id != "stop"}
    return bindings(own)[0]
