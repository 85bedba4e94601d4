"""What the screen says, as text: the goldens are read in a diff when something on the screen changes.

To write them anew: NEEDLEDROP_WRITE_GOLDEN=1, then look at the diff.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from player.commands import DEFAULT, Bindings, bindings
from player.engine.status import Status
from player.plan import Plan
from player.show import Show
from player.ui import fields, form, overlays, theme
from player.ui.links import Links
from player.ui.model import Drawn, Model
from player.ui.ops import Icon, Screen, Text
from player.ui.overlays import Ask, Help, Picker
from player.ui.view import View, film_strip, hit, wanted
from tests.ui import states, support
from timeline.order import running_order

GOLDEN = Path(__file__).parent / "golden"
NAMES = {getattr(theme, name): name.lower() for name in ("HI", "MID", "DIM", "NOW", "STANDBY", "TROUBLE", "INK")}
NAMES |= {theme.EDGE: "edge"}


def told(screen: Screen) -> str:
    """Words with face and colour, signs with colour, by sheet: no sizes, no places, no font."""
    lines: list[str] = []
    for sheet in screen:
        said = [
            f"  {op.text}  ({op.face.name}, {NAMES[op.colour]})"
            if isinstance(op, Text)
            else f"  [{op.name}, {NAMES[op.colour]}]"
            for op in sheet.ops
            if isinstance(op, (Text, Icon))
        ]
        lines += [f"{sheet.name}:", *said] if said else []
    return "\n".join(lines) + "\n"


def model(name: str) -> Model:
    plan = support.plan(problems=(support.TWO_SONGS, support.LONG) if name == "trouble" else ())
    show, played, over = support.show(plan, 11, 12, 11), 0.37, None
    match name:
        case "idle":
            show = support.show(plan, None, 0)
        case "midi":
            show = support.show(plan, 12, 13, 12)
        case "hot":
            show, played = support.show(plan, 18, 19, 18), 0.972
        case "fading":
            show = replace(show, sounding=(replace(show.sounding[0], leaving=True),))
        case "paused":
            show = support.show(plan, 14, 15, 14, paused=True, muted=True, locked=True, auto=True, level_db=-3.0)
        case "card":
            show = support.show(plan, 9, 10)
        case "end":
            show = support.show(plan, 23, 24)
        case "two":
            show = support.show(plan, 23, 24, 19, 23)
        case "help":
            over = Help()
        case "ask":
            over = Ask()
        case "links":
            show, over = support.show(support.unsettled(), 1, 2, 1), Links("song-2")
        case "palette":
            over = overlays.found(Picker("palette", fields.of("di")), show, DEFAULT, lambda typed: ())
    spec = wanted(show)
    drawn = Drawn(spec, support.waveform(7_000_000)) if spec else None
    status = support.status(show, played)
    return Model(show, status, (1280, 720), wall="21:04", drawn=drawn, overlay=over, newcomer=True)


CASES = (
    "idle", "main", "midi", "hot", "fading", "paused", "card", "end", "two", "trouble", "help", "ask", "palette",
    "links",
)  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_screen_says_what_it_said(name: str) -> None:
    said, golden = told(View(support.fake_measure)(model(name))), GOLDEN / f"{name}.txt"
    if os.environ.get("NEEDLEDROP_WRITE_GOLDEN") == "1":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(said, "utf-8", newline="\n")
    assert said == golden.read_text("utf-8")


def words(of: Model, sheet: str) -> list[str]:
    screen = View(support.fake_measure)(of)
    return [op.text for each in screen if each.name == sheet for op in each.ops if isinstance(op, Text)]


def test_the_countdown_of_a_song_runs_down_and_turns() -> None:
    show = support.show(support.plan(), 11, 12, 11)

    def at(played: float) -> list[str]:
        return words(Model(show, support.status(show, played), (1280, 720)), "ring")

    assert at(0.0) == ["2:41", "LEFT"]
    assert at(0.5) == ["1:21", "LEFT"]
    assert at(0.95) == ["8.1", "LAST 10 s"]
    assert at(1.0) == ["0.0", "LAST 10 s"]


def test_a_say_cue_stands_in_place_of_the_note() -> None:
    show = support.show(support.plan(), 3, 4, said="Wait for the door.")
    assert "Wait for the door." in words(Model(show, support.status(show), (1280, 720)), "card")
    quiet = replace(show, said=None)
    assert "Wait for the door." not in words(Model(quiet, support.status(quiet), (1280, 720)), "card")


def test_the_same_model_gives_the_very_same_sheets() -> None:
    view, one = View(support.fake_measure), model("main")
    assert [a is b for a, b in zip(view(one), view(one), strict=True)] == [True] * len(view(one))


OF_ITS_PLAN = ("plan", "standby", "fired", "done", "sounding", "pending", "awaited")  # they change with all the show


@settings(max_examples=15, deadline=None)
@given(states.models(), states.models(), st.randoms(use_true_random=False))
def test_a_change_of_anything_reaches_the_screen(one: states.Case, other: states.Case, chance: Random) -> None:
    view, now, then = View(support.fake_measure), one.model, other.model
    fields = [("show", name) for name in Show.__struct_fields__ if name not in OF_ITS_PLAN]
    fields += [("status", name) for name in Status.__struct_fields__]
    fields += [("", name) for name in Model.__struct_fields__]
    chance.shuffle(fields)
    for part, name in fields:
        if part:
            changed = replace(getattr(now, part), **{name: getattr(getattr(then, part), name)})
            now = replace(now, **{part: changed})
        else:
            now = replace(now, **{name: getattr(then, name)})
        assert view(now) == View(support.fake_measure)(now), (part, name)


def test_ten_thousand_scenes_take_no_more_operations_than_the_screen_has_room_for() -> None:
    plan = support.plan((f"Scene {n}", f"Song {n}" if n % 2 else "", "", n * 2, 1) for n in range(10_000))
    show = support.show(plan, 5000, 5001)
    screen = View(support.fake_measure)(Model(show, support.status(show), (1280, 720)))
    assert sum(len(sheet.ops) for sheet in screen) < 3000
    assert len(film_strip(plan).blocks) == 10_000


@pytest.mark.parametrize(
    ("sheet", "what"),
    [("list", "row"), ("next", "go"), ("wave", "wave"), ("footer", "command")],
)
def test_what_can_be_pressed(sheet: str, what: str) -> None:
    screen = View(support.fake_measure)(model("main"))
    spot = next(each.hits[0].rect for each in screen if each.name == sheet)
    found = hit(screen, *spot.mid)
    assert found is not None
    assert found.what == what


def test_what_lies_under_an_overlay_cannot_be_pressed() -> None:
    screen = View(support.fake_measure)(model("help"))
    beside = hit(screen, 2, 300)
    inside = hit(screen, 640, 360)
    assert beside is not None
    assert inside is not None
    assert (beside.what, inside.what) == ("close", "inside")


def test_rows_follow_standby_down_a_long_list() -> None:
    plan = support.plan()
    for fired in (None, 0, 5, 12, 22, 23):
        for standby in range(25):
            show = support.show(plan, fired, standby)
            view = View(support.fake_measure)
            first, rows = view.rows(Model(show, support.status(show), (1280, 720)))
            assert first <= standby < first + rows
            assert 0 <= first <= 25 - rows


def test_a_scrolled_list_stays_where_it_was_put() -> None:
    show = support.show(support.plan(), 0, 1)
    view = View(support.fake_measure)
    assert view.rows(Model(show, support.status(show), (1280, 720), scroll=10))[0] == 10
    assert view.rows(Model(show, support.status(show), (1280, 720), scroll=99))[0] == 16


def with_note(note: str) -> Plan:
    """The film, with a note of its own on the cue of step 11."""
    made = support.plan()
    scenes = list(made.timeline.scenes)
    cue = replace(scenes[11].cues[0], note=note)
    scenes[11] = replace(scenes[11], cues=(cue,))
    timeline = replace(made.timeline, scenes=tuple(scenes))
    return replace(made, timeline=timeline, steps=running_order(timeline))


def test_the_note_of_a_cue_stands_with_next_and_then_on_the_card() -> None:
    plan = with_note("GO when the band comes in")

    def sheet(fired: int | None, standby: int, name: str) -> list[str]:
        show = support.show(plan, fired, standby, *([fired] if fired is not None else []))
        screen = View(support.fake_measure)(Model(show, support.status(show), (1280, 720)))
        return [op.text for sheet in screen if sheet.name == name for op in sheet.ops if isinstance(op, Text)]

    assert "GO when the band comes in" in sheet(None, 11, "next")
    card = sheet(11, 12, "card")
    at = card.index("GO when the band comes in")
    assert support.NOTE.startswith(card[at + 1])  # the scene's own follows
    assert "GO when the band comes in" not in sheet(11, 12, "next")


def test_a_device_without_a_name_is_the_default_device() -> None:
    show = support.show(support.plan(), None, 0)
    screen = View(support.fake_measure)(Model(show, support.status(show, device="default"), (1280, 720)))
    assert "default device" in [op.text for sheet in screen for op in sheet.ops if isinstance(op, Text)]


def said(show: Show, status: Status) -> list[str]:
    screen = View(support.fake_measure)(Model(show, status, (1280, 720)))
    return [op.text for sheet in screen for op in sheet.ops if isinstance(op, Text)]


def test_the_ring_says_which_pass_of_a_loop_plays_and_what_is_held() -> None:
    show = support.show(support.plan(), 11, 12, 11)
    status = support.status(show)
    looping = replace(status, voices=(replace(status.voices[0], looping=True, turn=2),))
    assert "PASS 3" in said(show, looping)
    held = replace(show, sounding=(replace(show.sounding[0], held=True),))
    assert "HELD" in said(held, status)


def test_messages_that_went_nowhere_are_told() -> None:
    show = support.show(support.plan(), 11, 12, 11, unsent=("osc /lamp/key 0.4",))
    assert "not sent: osc /lamp/key 0.4" in said(show, support.status(show))


@pytest.mark.parametrize("over", [Picker("goto"), form.Line("title", "TITLE", "scenes/one/title", fields.BLANK, "")])
def test_while_keys_type_none_is_said_to_be_go(over: overlays.Overlay) -> None:
    show = support.show(support.plan(), None, 0)
    model = Model(show, support.status(show), (1280, 720), newcomer=True)
    assert {name for name in ("next", "card", "footer") if "Space" in words(model, name)} == {"next", "card", "footer"}
    typing = replace(model, overlay=over)
    assert not any("Space" in words(typing, name) for name in ("next", "card", "footer"))
    assert words(typing, "footer")[1:5:2] == ["Enter", "Esc"]


def test_under_help_space_is_go_and_esc_closes() -> None:
    show = support.show(support.plan(), 11, 12, 11)
    foot = words(Model(show, support.status(show), (1280, 720), overlay=Help()), "footer")
    assert foot[1:3] == ["Space", "go"]
    assert "fade all" not in foot
    assert foot[foot.index("Esc") + 1] == "close"


def card_of(step: int, keys: Bindings = DEFAULT, **more: object) -> str:
    show = support.show(support.plan(stand_ins=(3,), silent=(4,)), step, step + 1, step)
    return " ".join(words(Model(show, support.status(show), (1280, 720), keys=keys, **more), "card"))


def test_a_song_without_a_recording_says_which_key_links_one() -> None:
    assert "its stand-in plays M links your own recording" in card_of(3)
    assert "there is no stand-in M links your own recording" in card_of(4)
    assert "links your own recording" not in card_of(6)


@pytest.mark.parametrize("zoom", states.ZOOMS)
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1024, 768)])
@pytest.mark.parametrize("step", [3, 13])
def test_what_plays_is_told_at_every_text_size(step: int, size: tuple[int, int], zoom: int) -> None:
    show = support.show(support.plan(stand_ins=(3,), silent=(13,)), step, step + 1, step)
    view = View(states.fonts().measure)
    card = next(each for each in view(Model(show, support.status(show), size, zoom)) if each.name == "card")
    told = " ".join(op.text for op in card.ops if isinstance(op, Text))
    assert {3: "stand-in plays", 13: "is missing and there is no stand-in"}[step] in told or "silence" in told
    assert ("Those Days" if step == 3 else "Lineman of the Plains") in told


@pytest.mark.parametrize("step", [3, 13])
def test_on_the_lowest_card_the_mark_of_a_stand_in_stands_before_the_song(step: int) -> None:
    show = support.show(support.plan(), step, step + 1, step)
    for size in states.SIZES:
        for zoom in states.ZOOMS:
            screen = View(states.fonts().measure)(Model(show, support.status(show), size, zoom))
            card = next(each for each in screen if each.name == "card")
            assert any(isinstance(op, Icon) and op.name == "stand-in" for op in card.ops), (size, zoom)


def test_the_key_that_links_a_recording_is_that_of_the_settings() -> None:
    assert "Ctrl U links your own recording" in card_of(3, bindings({"links": ("Ctrl+U",)})[0])
    assert "links" not in card_of(3, bindings({"mute": ("M",)})[0])  # M is mute then
    assert "links" not in card_of(3, overlay=Picker("goto"))  # letters are typed into its field


def test_the_title_card_says_so_where_a_song_has_no_recording() -> None:
    def title(of: Plan) -> str:
        show = support.show(of, None, 0)
        return " ".join(words(Model(show, support.status(show), (1280, 720)), "card"))

    assert "a stand-in for a recording. M links your own recording" in title(support.plan())
    assert "links" not in title(support.plan(stand_ins=()))


def test_the_key_on_the_card_can_be_pressed() -> None:
    show = support.show(support.plan(), 3, 4, 3)
    screen = View(support.fake_measure)(Model(show, support.status(show), (1280, 720)))
    (card,) = (sheet for sheet in screen if sheet.name == "card")
    cap = next(op for op in card.ops if isinstance(op, Text) and op.text == "M")
    found = hit(screen, cap.rect.mid[0], cap.rect.mid[1])
    assert found is not None
    assert (found.what, found.value) == ("command", "links")
