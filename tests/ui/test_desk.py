"""Strokes, text, mouse and files become actions and screen state. The show here is real, its clock is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from player.actions import Lock
from player.commands import bindings, by_id
from player.engine import RATE
from player.host.wanted import Patch
from player.plan import Plan
from player.settings import Settings
from player.show import Show
from player.ui.desk import Desk, Drag
from player.ui.ops import Hit, Rect
from player.ui.overlays import Ask, Help, Picker
from tests.ui import rig, support
from tests.ui.writing import plan_of
from timeline.order import running_order

HERE = Rect(0, 0, 1, 1)


class Stage:
    """A desk over a show on a clock that the test moves."""

    def __init__(self, plan: Plan | None = None, **settings: object) -> None:
        self.now = 0.0
        self.opened: list[Path] = []
        self.edited: list[tuple[str, int, int]] = []
        self.clipboard = ""
        self.session = rig.Live(Show(plan or support.plan()), lambda: self.now)
        self.desk = Desk(
            self.session,
            bindings()[0],
            Settings(**settings),  # type: ignore[arg-type]
            self._open,
            lambda: (),
            (lambda: self.clipboard, self._copy),
            self._edit,
            Path("/home/nobody"),
        )

    def _open(self, path: Path) -> str | None:
        self.opened.append(path)
        return None if path.name != "bad.yaml" else "bad.yaml: no such file"

    def _copy(self, text: str) -> None:
        self.clipboard = text

    def _edit(self, path: Path, line: int, column: int, editor: str) -> str | None:
        self.edited.append((path.name, line, column))
        return None

    @property
    def show(self) -> Show:
        return self.session.show

    def keys(self, *strokes: str) -> None:
        for stroke in strokes:
            if stroke.startswith('"'):
                self.desk.text(stroke.strip('"'), self.now)
            else:
                self.desk.stroke(stroke, self.now, symbol=len(stroke) == 1 and not stroke.isalpha())

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.session.poll()
        self.desk.tick(self.now)

    @property
    def picker(self) -> Picker:
        assert isinstance(self.desk.overlay, Picker)
        return self.desk.overlay

    def found(self) -> list[str]:
        return [item.title for item in self.picker.items]


@pytest.fixture
def stage() -> Stage:
    return Stage()


# ---- transport


def test_space_fires_standby_and_moves_on(stage: Stage) -> None:
    stage.keys("Space")
    assert (stage.show.fired, stage.show.standby) == (0, 1)


def test_a_second_go_too_soon_is_ignored_and_a_later_one_taken(stage: Stage) -> None:
    stage.keys("Space")
    stage.wait(0.2)
    stage.keys("Space")
    assert stage.show.fired == 0
    assert stage.show.ignored_go is not None
    stage.wait(0.1)
    stage.keys("Space")
    assert stage.show.fired == 1


def test_esc_fades_everything_and_says_how_to_stop(stage: Stage) -> None:
    stage.keys("Down", "Space")
    stage.wait(1)
    stage.keys("Esc")
    assert stage.desk.notice == "Everything fades over 2 s; Esc again within 2 s stops now"
    stage.wait(0.5)
    assert [each.leaving for each in stage.show.sounding] == [True]
    stage.keys("Esc")
    stage.wait(0.1)
    assert stage.show.sounding == ()


def test_a_notice_goes_by_itself(stage: Stage) -> None:
    stage.keys("-")
    assert stage.desk.notice == "Master level −1 dB"
    stage.wait(2.4)
    assert stage.desk.notice != ""
    stage.wait(0.2)
    assert stage.desk.notice == ""


@pytest.mark.parametrize(("strokes", "said"), [(("+", "-"), "Master level 0 dB"), (("+",), "Master level +1 dB")])
def test_levels_are_told(stage: Stage, strokes: tuple[str, ...], said: str) -> None:
    stage.keys(*strokes)
    assert stage.desk.notice == said


@pytest.mark.parametrize("stroke", ["F", "Left", "Shift+Right"])
def test_keys_that_need_a_song_say_that_nothing_sounds(stage: Stage, stroke: str) -> None:
    stage.keys(stroke)
    assert stage.desk.notice == "Nothing sounds"


def test_seek_moves_the_target_song(stage: Stage) -> None:
    stage.keys("Down", "Space")
    stage.wait(20)
    stage.keys("Left")
    stage.wait(0.01)
    at = stage.session.position(stage.show.sounding[0].voice)
    assert at is not None
    assert abs(at - 15 * RATE) < RATE // 10


def test_preview_without_a_song_says_so(stage: Stage) -> None:
    stage.keys("V")
    assert stage.desk.notice == "Standby has no song to preview"


def test_standby_moves_follow_the_list_again_after_scrolling(stage: Stage) -> None:
    stage.desk.wheel(-2, first=0, rows=9)
    assert stage.desk.scroll == 6
    stage.keys("Down")
    assert stage.desk.scroll is None
    assert stage.show.standby == 1


def test_home_and_end(stage: Stage) -> None:
    stage.keys("End")
    assert stage.show.at_end
    stage.keys("Home")
    assert stage.show.standby == 0


# ---- lock


def test_a_locked_show_refuses_what_takes_another_file_and_says_which_key_unlocks(stage: Stage) -> None:
    stage.session.do(Lock(True))
    for stroke in ("Ctrl+O", "F4"):
        stage.desk.notice = ""
        stage.keys(stroke)
        assert stage.desk.notice == "locked: L"
    stage.desk.open(Path("/films/other.yaml"), stage.now)
    assert stage.opened == []
    assert stage.desk.overlay is None


def test_a_locked_show_goes_moves_levels_and_quits(stage: Stage) -> None:
    stage.keys("L", "Down", "Space", "-", "?")
    stage.wait(0.1)
    assert (stage.show.locked, stage.show.fired, stage.show.level_db) == (True, 1, -1.0)
    assert stage.desk.overlay == Help()
    stage.keys("Ctrl+Q")
    assert stage.desk.overlay == Ask()
    stage.keys("Enter")
    assert stage.desk.leaving


# ---- help and the question


def test_help_opens_and_closes_with_its_key_and_with_esc(stage: Stage) -> None:
    for close in ("?", "Esc"):
        stage.keys("?")
        assert stage.desk.overlay == Help()
        stage.keys(close)
        assert stage.desk.overlay is None
    assert stage.show.panic_at is None  # the first Esc only closed it


def test_space_in_help_is_go_and_closes_it(stage: Stage) -> None:
    stage.keys("?", "Space")
    assert stage.show.fired == 0
    assert stage.desk.overlay is None


def test_quit_asks_while_something_plays_and_space_plays_on(stage: Stage) -> None:
    stage.keys("Down", "Space")
    stage.wait(1)
    stage.keys("Ctrl+Q")
    assert stage.desk.overlay == Ask()
    stage.keys("Space")
    assert stage.desk.overlay is None
    assert not stage.desk.leaving
    assert stage.show.fired == 2


def test_quit_in_silence_leaves_at_once(stage: Stage) -> None:
    stage.keys("Ctrl+Q")
    assert stage.desk.leaving


def test_esc_answers_the_question_with_no(stage: Stage) -> None:
    stage.keys("Down", "Space")
    stage.wait(1)
    stage.keys("Ctrl+Q", "Esc")
    assert stage.desk.overlay is None
    assert not stage.desk.leaving
    assert stage.show.panic_at is None


def test_closing_the_window_twice_leaves(stage: Stage) -> None:
    stage.keys("Down", "Space")
    stage.wait(1)
    stage.desk.quit()
    assert not stage.desk.leaving
    stage.desk.quit()
    assert stage.desk.leaving


# ---- pickers


def test_digits_open_the_field_with_what_was_typed_and_enter_moves_standby(stage: Stage) -> None:
    stage.keys("1", '"2"')
    assert stage.picker.field.text == "12"
    assert stage.found()[0] == "Blue Moon Diner"
    stage.keys("Enter")
    assert stage.show.standby == 11
    assert stage.show.fired is None
    assert stage.desk.overlay is None


def test_space_and_letters_type_into_a_field_and_fire_nothing(stage: Stage) -> None:
    stage.keys("/")
    assert not stage.desk.stroke("Space", 0.0)
    assert not stage.desk.stroke("P", 0.0)
    stage.keys('"blue moon"')
    assert stage.found()[0] == "Blue Moon Diner"
    assert stage.show.fired is None


def test_enter_in_the_palette_moves_standby_and_never_sounds(stage: Stage) -> None:
    stage.keys("/", '"lineman"', "Enter")
    assert stage.show.standby == 13
    assert stage.show.sounding == ()


def test_the_palette_runs_commands(stage: Stage) -> None:
    stage.keys("/", '"mute"')
    assert stage.picker.choice is not None
    assert stage.picker.choice.value == "mute"
    stage.keys("Enter")
    assert stage.show.muted


def test_the_first_esc_closes_a_field_the_next_fades(stage: Stage) -> None:
    stage.keys("Down", "Space")
    stage.wait(1)
    stage.keys("G", "Esc")
    assert stage.desk.overlay is None
    assert stage.show.panic_at is None
    stage.keys("Esc")
    assert stage.show.panic_at is not None


@pytest.mark.parametrize(
    ("typed", "standby"),
    [("1:00:00", 13), ("0:49:47", 11), ("59m", 13), ("kitchen", 20), ("13", 12), ("4:20:00", 23)],
)
def test_go_to_takes_film_times_words_and_numbers(stage: Stage, typed: str, standby: int) -> None:
    stage.keys("G", f'"{typed}"', "Enter")
    assert stage.show.standby == standby


def test_a_number_nobody_has_moves_nothing(stage: Stage) -> None:
    stage.keys("9", '"99"', "Enter")
    assert stage.show.standby == 0
    assert stage.found() == []


def test_arrows_choose_within_the_list(stage: Stage) -> None:
    stage.keys("/", '"moon"', "Up", "Down", "Down", "Down", "Down", "Down", "Down")
    assert stage.picker.chosen == len(stage.picker.items) - 1
    assert stage.show.standby == 0


def test_a_field_edits_as_fields_do(stage: Stage) -> None:
    stage.keys("/", '"blue moon"', "Ctrl+Backspace", "Shift+Home", "Ctrl+X")
    assert stage.picker.field.text == ""
    assert stage.clipboard == "blue "
    stage.keys("Ctrl+V", '"m"')
    assert stage.picker.field.text == "blue m"


def test_while_an_input_method_composes_enter_and_esc_are_its_own(stage: Stage) -> None:
    stage.keys("/")
    stage.desk.compose("にほ")
    stage.keys("Enter", "Esc", "Down")
    assert stage.picker.field.composing == "にほ"
    stage.desk.text("日本", 0.0)
    assert (stage.picker.field.text, stage.picker.field.composing) == ("日本", "")


def test_ctrl_and_function_keys_work_from_a_field(stage: Stage) -> None:
    stage.keys("/", "F11", "Ctrl++", "Ctrl+Q")
    assert stage.desk.full_screen
    assert stage.desk.zoom == 110
    assert stage.desk.leaving


def test_text_size_keeps_within_its_bounds(stage: Stage) -> None:
    stage.keys(*["Ctrl++"] * 9)
    assert (stage.desk.zoom, stage.desk.notice) == (150, "Text 150 %")
    stage.keys(*["Ctrl+-"] * 19)
    assert stage.desk.zoom == 80
    stage.keys("Ctrl+0")
    assert stage.desk.zoom == 100


# ---- files


def test_open_completes_paths_and_opens(tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "a film.yaml").write_text("needledrop: 1")
    (folder / "notes.txt").write_text("")
    (tmp_path / "fiddle.yml").write_text("")
    stage = Stage(replace(support.plan(), path=tmp_path / "now.yaml"))
    stage.keys("Ctrl+O", '"fi"')
    assert stage.found() == ["fiddle.yml", "films/"]
    stage.keys("Down", "Tab")
    assert stage.picker.field.text == f"{folder}/"
    assert stage.found() == ["a film.yaml"]
    stage.keys("Enter")
    assert stage.opened == [folder / "a film.yaml"]
    assert stage.desk.notice == "Opened a film.yaml"


def test_the_files_opened_last_come_first(tmp_path: Path) -> None:
    stage = Stage(replace(support.plan(), path=tmp_path / "now.yaml"))
    stage.desk.recent = lambda: (Path("/films/last.yaml"),)
    stage.keys("Ctrl+O")
    assert stage.found() == ["last.yaml"]


def test_a_file_that_will_not_open_is_told_in_the_banner_until_one_does(stage: Stage) -> None:
    stage.desk.open(Path("/films/bad.yaml"), 0.0)
    assert stage.desk.said == {"open": "bad.yaml: no such file"}
    stage.desk.open(Path("/films/good.yaml"), 0.0)
    assert stage.desk.said == {}


def test_a_file_dropped_while_something_plays_asks_first(stage: Stage) -> None:
    stage.keys("Down", "Space")
    stage.wait(1)
    stage.desk.open(Path("/films/other.yaml"), stage.now)
    assert stage.desk.overlay == Ask("/films/other.yaml")
    assert stage.opened == []
    stage.keys("Enter")
    assert stage.opened == [Path("/films/other.yaml")]
    assert not stage.desk.leaving


def test_f4_opens_the_line_of_the_first_error() -> None:
    stage = Stage(replace(support.plan(problems=(support.TWO_SONGS,)), path=Path("/films/now.yaml")))
    stage.keys("F4")
    assert stage.edited == [("now.yaml", 47, 12)]
    stage.keys("/", '"wrong with the file"', "Enter")
    assert [item.number for item in stage.picker.items] == ["47:12"]
    stage.keys("Enter")
    assert stage.edited == [("now.yaml", 47, 12)] * 2


def test_f4_without_a_file_says_so(stage: Stage) -> None:
    stage.keys("F4")
    assert stage.desk.notice == "This show has no file"
    assert stage.edited == []


# ---- settings


def test_changed_settings_count_at_once_and_problems_are_told(stage: Stage) -> None:
    stage.desk.settle(Settings(text=125, keys={"mute": ("M",)}), ("settings.toml: one", "settings.toml: two"))
    stage.keys("M")
    assert stage.show.muted
    assert stage.desk.zoom == 125
    assert stage.desk.said == {"settings": "settings.toml: one (and 1 more)"}
    stage.desk.settle(Settings(), ())
    assert stage.desk.said == {}
    assert stage.desk.zoom == 100


def test_a_change_of_other_settings_leaves_the_text_as_it_was_set_by_key(stage: Stage) -> None:
    stage.keys("Ctrl++")
    stage.desk.settle(Settings(reduced_motion=True), ())
    assert stage.desk.zoom == 110


# ---- mouse


def test_a_click_on_a_row_moves_standby_and_two_fire_nothing(stage: Stage) -> None:
    for _ in range(2):
        stage.desk.press(Hit(HERE, "row", 7), 0, 0.0)
    assert (stage.show.standby, stage.show.fired) == (7, None)


def test_a_click_on_next_is_go(stage: Stage) -> None:
    stage.desk.press(Hit(HERE, "go"), 0, 0.0)
    assert stage.show.fired == 0


def test_go_by_mouse_and_by_key_is_one_go_within_the_guard(stage: Stage) -> None:
    stage.keys("Space")
    stage.wait(0.1)
    stage.desk.press(Hit(HERE, "go"), 0, 0.0)
    assert stage.show.fired == 0
    stage.wait(0.2)
    stage.desk.press(Hit(HERE, "go"), 0, 0.0)
    assert stage.show.fired == 1
    stage.wait(0.1)
    stage.keys("Space")
    assert stage.show.fired == 1


def test_a_click_on_a_key_hint_runs_it(stage: Stage) -> None:
    stage.desk.press(Hit(HERE, "command", "help"), 0, 0.0)
    assert stage.desk.overlay == Help()
    stage.desk.press(Hit(HERE, "close"), 0, 0.0)
    assert stage.desk.overlay is None


def test_a_drag_seeks_where_it_ends_and_not_before(stage: Stage) -> None:
    stage.keys("Down", "Space")
    stage.wait(2)
    voice = stage.show.sounding[0].voice
    stage.desk.press(Hit(HERE, "wave", voice), 30 * RATE, stage.now)
    stage.desk.move(60 * RATE)
    stage.wait(0.01)
    assert stage.session.position(voice) < 3 * RATE  # type: ignore[operator]
    stage.desk.release()
    stage.wait(0.01)
    assert abs(stage.session.position(voice) - 60 * RATE) < RATE // 10  # type: ignore[operator]


def test_esc_lets_go_of_a_drag_and_fades_nothing(stage: Stage) -> None:
    stage.desk.drag = Drag(1, 0)
    stage.keys("Esc")
    assert stage.desk.drag is None
    assert stage.show.panic_at is None


def test_a_click_on_an_item_takes_it(stage: Stage) -> None:
    stage.keys("/", '"moon"')
    stage.desk.press(Hit(HERE, "item", 0), 0, 0.0)
    assert stage.show.standby == 11


def test_what_repeats_while_held(stage: Stage) -> None:
    assert stage.desk.repeats("Space") is None
    assert stage.desk.repeats("Esc") is None
    assert stage.desk.repeats("Down") == 0.05
    assert stage.desk.repeats("Left") == 0.25
    stage.keys("/")
    assert stage.desk.repeats("Backspace") == 0.05
    assert stage.desk.repeats("Ctrl+Left") == 0.05
    assert stage.desk.repeats("Enter") is None


def test_every_command_can_be_asked_for_in_every_state(stage: Stage) -> None:
    for command in ("help", "commands", "goto", "number", "open", "problems", "full-screen", "bigger", "edit"):
        for setup in ((), ("?",), ("/",), ("End",), ("L",)):
            stage.keys(*setup)
            stage.desk.run(by_id(command), stage.now)
            stage.desk.overlay = None


def test_the_last_go_is_taken_back_in_words() -> None:
    stage = Stage()
    stage.keys("Space")
    stage.wait(0.3)
    stage.keys("Ctrl+Backspace")
    assert stage.show.standby == 0
    assert stage.desk.notice == stage.show.undone
    assert stage.desk.notice != ""


def test_a_key_that_a_cue_names_fires_it_and_standby_stays() -> None:
    plan = support.plan()
    scenes = list(plan.timeline.scenes)
    scenes[1] = replace(scenes[1], cues=(replace(scenes[1].cues[0], hotkey="Z"),))
    timeline = replace(plan.timeline, scenes=tuple(scenes))
    stage = Stage(replace(plan, timeline=timeline, steps=running_order(timeline)))
    stage.keys("Z")
    stage.wait(0.3)
    assert [each.cue.hotkey for each in stage.show.sounding] == ["Z"]
    assert stage.show.standby == 0


def test_what_the_engine_complains_of_is_said_for_a_minute(stage: Stage) -> None:
    stage.session.show = replace(stage.show, trouble="too loud by 2.0 dB")
    stage.wait(1)
    stage.wait(59)
    assert stage.desk.known == ""
    stage.wait(2)
    assert stage.desk.known == "too loud by 2.0 dB"
    stage.session.show = replace(stage.show, trouble="too loud by 3.0 dB")
    stage.wait(1)
    assert stage.desk.known == ""


OUTPUTS = b"""needledrop: 1
outputs: [main, click, hall]
songs: {a: {title: A, length: 0:10}}
scenes: [{id: one, title: One, cues: [{song: a, output: hall}]}]
"""


def test_outputs_without_a_place_are_told_of_the_file_as_it_is_now() -> None:
    before = plan_of(OUTPUTS.replace(b"output: hall", b"gain: 0 dB"))
    session = rig.Live(Show(before, 0), lambda: 0.0)
    desk = Desk(session, bindings()[0])
    desk.settle(Settings(), ())
    assert "outputs" not in desk.said
    session.reload(plan_of(OUTPUTS))
    desk.tick(0.1)
    assert desk.said["outputs"] == "hall is heard with main: the settings have no [outputs] for it"
    desk.settle(Settings(outputs=(Patch("hall", "", (3, 4)),)), ())
    assert "outputs" not in desk.said
    session.reload(plan_of(OUTPUTS.replace(b"output: hall", b"output: click")))
    desk.tick(0.2)
    assert desk.said["outputs"].startswith("click is heard with main")
    session.reload(before)
    desk.tick(0.3)
    assert "outputs" not in desk.said
