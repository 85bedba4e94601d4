"""Random states of the whole screen, and the fonts they are drawn with."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import pygame
from hypothesis import strategies as st

from player import sheets as papers
from player.commands import COMMANDS, DEFAULT, Bindings, bindings
from player.plan import Plan
from player.projection import Reel
from player.sets import in_set
from player.ui import fields, form, overlays
from player.ui.fonts import Fonts, bundled
from player.ui.form import Clash, Clashes, Form, Line, Offer
from player.ui.links import Links
from player.ui.meters import Levels
from player.ui.model import Drawn, Model
from player.ui.overlays import Ask, Figures, Help, Overlay, Picker
from player.ui.view import wanted
from tests.ui import support, writing

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


SET = """\
needledrop: 1
songs:
  a: {title: "Stay My Darling, stay", artist: The Rondelles and Late Horns, bpm: 132.5, meter: 12/8, key: B minor}
  b: {title: أنت فجري}
  c: {title: Night Train to Anywhere, bpm: 96, meter: 4/4, media: [{file: c.flac}]}
sets:
  friday:
    title: Friday late set, which goes on until they put the chairs up
    date: 2025-03-14
    place: The Cooperage, upstairs, behind the second door on the left
    songs:
      - {song: a, count: 2 bars, note: Tune down and talk until the door is shut. Then wait for the lights.}
      - {song: b, gap: ~45s}
      - {song: c, gap: 0s, count: 3 beats}
      - {song: a}
""".encode()
SHEETS = (
    None,
    None,
    "is missing",
    papers.of("Em      G      D\nwords words words\n\n" * 30 + "a line without an end " * 20, chordpro=False),
    papers.of("{t: Title}\n{c: Verse}\n" + "[Em7b5]Somebody [Gmaj9]waits, [D]nobody[E] [A]comes " * 40, chordpro=True),
)


@lru_cache(maxsize=1)
def plans() -> tuple[Plan, ...]:
    return (
        support.plan(),
        support.plan(estimates=True, stand_ins=range(24), problems=(support.TWO_SONGS,)),
        support.plan(silent=range(4), problems=(support.LONG, support.TWO_SONGS)),
        support.plan(timed=False),
        in_set(writing.plan_of(SET), "friday"),
        support.hostile(),
        support.unsettled(),
        support.plan(support.SCENES[:1]),
    )


@lru_cache(maxsize=64)
def sketch(kind: str, frames: int) -> support.Sketch:
    return (support.roll if kind == "midi" else support.waveform)(frames)


TEXTS = ("", "di", "go", "1", "12", "24:00", "zzz", "x" * 190, "Ünï 上 أم 🇫🇷", "~/", "moon argument")


@st.composite
def overs(draw: st.DrawFn) -> Overlay | None:
    kind = draw(
        st.sampled_from(
            ("none", "none", "help", "figures", "ask", "picker", "picker", "form", "form", "line", "links", "others")
        )
    )
    match kind:
        case "form":
            return draw(forms())
        case "line":
            return draw(written_lines())
        case "others":
            clash = Clash(
                "The audition · Fever · note", "one " * draw(st.integers(0, 80)), "x" * draw(st.integers(0, 90))
            )
            count = draw(st.integers(1, 9))
            clashes = Clashes((clash,) * count, ("mine", "", "theirs") * 3, draw(st.integers(0, count - 1)))
            return draw(st.sampled_from((clashes, Offer(1), Offer(1200))))
        case "links":
            return Links(draw(st.sampled_from(("song-0", "song-2", "song-23", "gone"))))
        case "help":
            return Help(draw(st.integers(0, 3)))
        case "ask":
            path = draw(st.sampled_from(("", "/films/other.yaml", "/" + "long" * 60 + ".yaml")))
            return Ask(path, draw(st.sampled_from((0, 0, 1, 250))))
        case "figures":
            return Figures()
        case "picker":
            modes = ("palette", "goto", "number", "open", "problems", "find", "add", "folder", "link")
            mode = draw(st.sampled_from(modes))
            field = fields.of(draw(st.sampled_from(TEXTS)))
            if draw(st.booleans()):
                field = fields.all_of(field)
            return Picker(mode, fields.compose(field, draw(st.sampled_from(("", "", "にほん")))))
    return None


WRITTEN = """needledrop: 1
film: {title: "A film with a title that is longer than most of them ever are", fps: 24}
defaults: {fade-out: 2s, gain: -3 dB}
songs:
  fever: {title: Fever, artist: Suzi, media: [a.flac, {file: b.flac, gain: -2 dB}], marks: [{at: 0:31, text: door}]}
  long: {title: "The song whose title does not end where one would think it ends", artist: "أم كمال"}
scenes:
  - id: one
    title: One
    people: [Joan, "Fowley, Kim"]
    note: >-
      A note with a line of its own.

      And so long that it takes more than one line in any window that anybody would ever have, and then
      still goes on for a while, so that whoever reads it has time to think of something else.
    cues:
      - {song: fever, gain: loud, fade-in: 2s, loop: {from: 0:10, to: 0:20, times: 4}, note: GO when the band comes in}
      - {song: long, then: follow, until: end}
      - {fade: all, level: -12 dB, over: 3s}
      - {say: Lights down}
  - {id: two, title: A card}
""".encode()


@lru_cache(maxsize=1)
def written() -> Plan:
    return writing.plan_of(WRITTEN)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A form of anything in a film with mistakes, some of its text being typed."""
    step = draw(st.integers(0, len(written().steps)))
    tabs = form.tabs(written(), step)
    made = form.of(written(), WRITTEN, tabs, draw(st.integers(0, len(tabs) - 1)))
    made = form.focused(made, draw(st.integers(0, len(made.rows) - 1)))
    text = draw(st.sampled_from((None, None, *TEXTS, "a note " * 60)))
    if text is not None:
        made = form.typed(made, fields.compose(fields.of(text), draw(st.sampled_from(("", "", "にほん")))))
    if draw(st.booleans()):
        made = form.listed(made, whole=True)
    return made


@st.composite
def written_lines(draw: st.DrawFn) -> Line:
    what = draw(st.sampled_from(("note", "title", "scene")))
    field = fields.of(draw(st.sampled_from((*TEXTS, "a note " * 60))))
    field = (
        fields.all_of(field) if draw(st.booleans()) else fields.compose(field, draw(st.sampled_from(("", "にほん"))))
    )
    other = draw(st.sampled_from(("", "scenes/one/note")))
    problem = draw(st.sampled_from(("", "this cannot be written here; " * 5)))
    return Line(what, "CUE NOTE  8  " + draw(st.sampled_from(TEXTS)), "scenes/one/note", field, "", other, problem)


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


reels = st.builds(
    Reel, st.sampled_from((0, 48_000 * 5999, 48_000 * 35_999 + 47_999)), st.just(10_000_000), st.booleans(),
    st.booleans(),
)  # fmt: skip


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
        unsent=draw(st.sampled_from(((), (), ("osc /lamp/key 0.4", "midi note 1 60 127 and more " * 12)))),
        muted=draw(st.booleans()),
        reel=draw(st.none() | reels),
        locked=draw(st.booleans()),
        auto=draw(st.booleans()),
        level_db=draw(st.sampled_from((0.0, -3.0, -60.0, 12.0))),
        ignored_go=draw(st.sampled_from((None, 10_000_000, 9_960_000))),
        trouble=draw(st.sampled_from((None, None, "the sound device went away; the show goes on in silence"))),
        sounding=tuple(
            replace(s, leaving=draw(st.booleans()), count=plan.clicks(s.step) is not None and draw(st.booleans()))
            for s in show.sounding
        ),
        stop_after=draw(st.booleans()),
        again=draw(st.booleans()),
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
        draw(st.sampled_from((0, 0, 1, 1200))),
        day=draw(st.sampled_from((None, None, 86_390))),
        clock=draw(st.sampled_from((75_600, 86_390))),
        finish=draw(st.sampled_from((None, 0, 75_700, 79_200))),
        sheet=draw(st.sampled_from(SHEETS)),
    )
    return Case(model)


@lru_cache(maxsize=1)
def crowded() -> Bindings:
    """Every command on long strokes."""
    own = {c.id: (f"Ctrl+Alt+Shift+F{n % 12 + 1}",) for n, c in enumerate(COMMANDS[:12]) if c.id != "stop"}
    return bindings(own)[0]
