"""The person's own recordings at the window: what each song plays, folders of music, one loudness."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from player.actions import Lock
from player.commands import bindings
from player.linking import Chosen
from player.media.catalogue import Recording
from player.media.levels import Level
from player.media.match import Candidate
from player.own import InFile, Listed, Told
from player.plan import Plan
from player.settings import Settings
from player.show import Show
from player.ui import links
from player.ui.desk import Desk
from player.ui.form import Form
from player.ui.linker import Linker
from player.ui.links import Links
from player.ui.ops import Hit, Rect
from player.ui.overlays import Picker
from player.ui.writer import Writer
from tests.ui import rig, support, writing

FILM = b"""needledrop: 1
songs:
  fever: {title: Fever, artist: Suzi}
  bomb: {title: Cherry Bomb, artist: The Runaways}
  dawn: {title: Dawn}
scenes:
  - {id: ferry, title: The ferry, cues: [song: fever]}
  - {id: diner, title: The diner, cues: [song: bomb]}
"""
HERE = Rect(0, 0, 1, 1)


def recording(name: str) -> Recording:
    return Recording(f"/music/{name}.flac", 1, "", name, "The Runaways", "The Album", 1976, "", 141.0, True)


def unsettled(plan: Plan) -> Plan:
    """The plan with three recordings that could be the second song."""
    three = tuple(Candidate(recording(name), "near") for name in ("one", "two", "three"))
    open_one = replace(support.resolved("bomb", 1, 180, True, False), candidates=three)
    return replace(plan, songs={**plan.songs, "bomb": open_one})


class Asked:
    """What is asked of the person's own recordings, taken down."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.busy = ""

    def folders(self) -> tuple[str, ...]:
        return ("/music",)

    def add(self, folders: Sequence[str] = ()) -> str | None:
        self.calls.append(("add", *folders))
        return None

    def stop(self) -> bool:
        self.calls.append(("stop",))
        return True

    def choose(self, ident: str, file: str, *, in_file: bool = False) -> None:
        self.calls.append(("choose", ident, file, in_file))

    def none(self, ident: str) -> None:
        self.calls.append(("none", ident))

    def ask_library(self, ident: str) -> None:
        self.calls.append(("again", ident))

    def search(self, words: str) -> tuple[Recording, ...]:
        return (recording(words),) if words == "found" else ()


class Window:
    """A desk over a show, with what it asks of the person's own recordings."""

    def __init__(self, standby: int = 1, home: Path = Path("/home/nobody"), film: bytes = FILM) -> None:
        plan = replace(unsettled(writing.plan_of(film)), path=Path("/films/film.yaml"))
        self.session = rig.Live(Show(plan, standby), lambda: 0.0)
        self.desk = Desk(self.session, bindings()[0], Settings(), home=home)
        self.draft = writing.Draft(self.session, film)
        self.desk.writer = Writer(self.desk, self.draft)
        self.own = Asked()
        self.desk.linker = Linker(self.desk, self.own)  # type: ignore[arg-type]

    def keys(self, *strokes: str) -> Window:
        """Strokes; text begins with a quotation mark."""
        for stroke in strokes:
            if stroke.startswith('"'):
                self.desk.text(stroke[1:], 0.0)
            else:
                self.desk.stroke(stroke, 0.0, symbol=len(stroke) == 1 and not stroke.isalpha())
        return self

    def run(self, name: str) -> Window:
        self.desk.pick("palette", name)
        return self.keys("Enter")

    @property
    def picker(self) -> Picker:
        assert isinstance(self.desk.overlay, Picker)
        return self.desk.overlay


# ---- the list


def test_the_list_opens_at_the_song_in_standby_and_moves() -> None:
    window = Window().keys("M")
    assert window.desk.overlay == Links("bomb")
    assert window.keys("Down").desk.overlay == Links("dawn")
    assert window.keys("Down").desk.overlay == Links("dawn")
    assert window.keys("Home").desk.overlay == Links("fever")
    window.desk.wheel(-1, 0, 5)
    assert window.desk.overlay == Links("bomb")
    assert window.keys("M").desk.overlay is None
    assert window.keys("M", "Esc").desk.overlay is None


def test_it_opens_at_the_song_on_the_card() -> None:
    window = Window(standby=0).keys("Space", "M")
    assert window.session.show.standby == 1
    assert window.desk.overlay == Links("fever")
    window.keys("M", "Esc", "Esc", "M")
    assert not window.session.show.sounding
    assert window.desk.overlay == Links("fever"), "what was on the card stays there"


def test_on_a_card_without_a_song_it_opens_at_the_song_in_standby() -> None:
    more = b"  - {id: quay, title: The quay}\n  - {id: inn, title: Inn, cues: [song: dawn]}\n"
    window = Window(standby=2, film=FILM + more)
    assert window.keys("Space", "M").desk.overlay == Links("dawn")


def test_at_end_it_opens_at_the_first_song_without_a_recording() -> None:
    assert Window(standby=2).keys("M").desk.overlay == Links("bomb")


def test_a_digit_takes_what_is_offered() -> None:
    window = Window().keys("M", "2", "9", "Up", "1")
    assert window.own.calls == [("choose", "bomb", "/music/two.flac", False)]
    assert window.desk.overlay == Links("fever")


def test_none_the_library_again_and_into_the_file() -> None:
    window = Window().keys("M", "Delete", "Backspace", "Ctrl+Enter")
    assert window.own.calls == [("none", "bomb"), ("again", "bomb")]
    assert window.desk.notice == "It plays nothing of yours that the file could name"
    plan = window.session.show.plan
    own = replace(plan.songs["fever"], own=True)
    window.session.found(replace(plan, songs={**plan.songs, "fever": own}))
    window.keys("Up", "Ctrl+Enter")
    assert window.own.calls[2:] == [("choose", "fever", "/music/fever", True)]


def test_words_search_the_library() -> None:
    window = Window().keys("M", "Enter")
    assert [item.title for item in window.picker.items] == [
        "The Runaways – one", "The Runaways – two", "The Runaways – three", "No recording of your library",
        "As it is found by itself",
    ]  # fmt: skip
    window.keys('"found')
    assert [item.value for item in window.picker.items] == ["/music/found.flac"]
    window.keys("Enter")
    assert window.own.calls == [("choose", "bomb", "/music/found.flac", False)]
    assert window.desk.overlay == Links("bomb")


def test_a_path_can_be_typed_and_go_into_the_file(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "song.flac").write_bytes(b"")
    window = Window().keys("M", "Enter", f'"{tmp_path}/in')
    assert [item.title for item in window.picker.items] == ["inner/"]
    window.keys("Enter", "Ctrl+Enter")
    assert window.own.calls == [("choose", "bomb", str(tmp_path / "inner" / "song.flac"), True)]


def test_what_the_picker_offers_besides_recordings() -> None:
    window = Window().keys("M", "Enter", "Down", "Down", "Down", "Enter", "Enter", "Esc")
    assert window.own.calls == [("none", "bomb")]
    assert window.desk.overlay == Links("bomb")


def test_the_mouse_does_the_same() -> None:
    window = Window().keys("M")
    window.desk.press(Hit(HERE, "link-take", 1), 0, 0.0)
    window.desk.press(Hit(HERE, "link-song", "fever"), 0, 0.0)
    window.desk.press(Hit(HERE, "link-none"), 0, 0.0)
    assert window.own.calls == [("choose", "bomb", "/music/two.flac", False), ("none", "fever")]
    window.desk.press(Hit(HERE, "link-song", "bomb"), 0, 0.0, count=2)
    assert window.picker.about == "bomb"
    window.keys("Esc")
    window.desk.press(Hit(HERE, "close"), 0, 0.0)
    assert window.desk.overlay is None


def test_transport_goes_on_while_the_list_is_open() -> None:
    window = Window().keys("M", "Space")
    assert window.session.show.fired == 1
    assert window.desk.overlay == Links("bomb")


def test_locked_it_can_be_looked_at_and_nothing_is_chosen() -> None:
    window = Window()
    window.session.do(Lock(True))
    window.keys("M", "1", "Delete", "Backspace", "Ctrl+Enter", "Enter")
    window.desk.drop(Path("/"), 0.0)
    window.run("Add a folder")
    window.run("Look through")
    assert window.own.calls == []
    assert window.desk.notice == "locked: L"


# ---- what comes of it


def test_what_is_told_is_said() -> None:
    window = Window()
    assert window.desk.linker is not None
    window.desk.linker.hear(Told("3 recordings"), 0.0)
    assert window.desk.notice == "3 recordings"


def test_a_choice_for_the_file_is_an_edit_that_can_be_taken_back() -> None:
    window = Window()
    song = window.session.show.plan.timeline.songs["bomb"]
    assert window.desk.linker is not None
    window.desk.linker.hear(InFile((Chosen(song, "/films/audio/bomb.flac"),), "Cherry Bomb: bomb.flac"), 0.0)
    assert b"  bomb: {title: Cherry Bomb, artist: The Runaways, media: audio/bomb.flac}\n" in window.draft.raw
    assert window.desk.notice == "Cherry Bomb: bomb.flac"
    window.keys("Ctrl+Z")
    assert window.draft.raw == FILM


def test_an_open_form_shows_what_was_measured() -> None:
    window = Window().keys("E")
    plan = window.session.show.plan
    level = Level(180 * 48_000, -19.25, 5.0, -0.5, -0.6, 0, 0, 180 * 48_000)
    timeline = replace(plan.timeline, defaults=replace(plan.timeline.defaults, loudness=-16.0))
    heard = replace(plan.songs["bomb"], level=level)
    window.session.found(replace(plan, timeline=timeline, songs={**plan.songs, "bomb": heard}))
    assert window.desk.linker is not None
    window.desk.linker.hear(Listed(), 0.0)
    assert isinstance(window.desk.overlay, Form)
    gain = next(row for row in window.desk.overlay.rows if row.key == "gain")
    assert gain.aside == "\u221219.2 LUFS · +3.2 dB to \u221216 LUFS"
    assert links.level_of_song(window.session.show.plan, "bomb") == (
        "\u221219.2 LUFS · peak \u22120.5 dBTP · +3.2 dB to \u221216 LUFS"
    )
    assert links.level_of_song(window.session.show.plan, "fever") == "not measured yet"


# ---- folders of music


def test_a_folder_is_picked(tmp_path: Path) -> None:
    (tmp_path / "Music" / "Live").mkdir(parents=True)
    window = Window(home=tmp_path).run("Add a folder")
    titles = [item.title for item in window.picker.items]
    assert titles == ["All folders that were added before", str(Path("~/Music")), "~"]
    window.keys("Down", "Enter")
    assert [item.title for item in window.picker.items] == [f"Add {Path('~/Music')}", "Live/"]
    window.keys("Enter")
    assert window.own.calls == [("add", str(tmp_path / "Music"))]
    assert window.desk.notice == "Music is being added; the show goes on"


def test_all_folders_again_and_stop(tmp_path: Path) -> None:
    window = Window(home=tmp_path).run("Add a folder").keys("Enter")
    window.run("Look through")
    window.run("Stop adding")
    assert window.own.calls == [("add",), ("add",), ("stop",)]


def test_what_is_dropped(tmp_path: Path) -> None:
    opened: list[Path] = []
    window = Window()
    window.desk.open_file = opened.append
    window.desk.drop(tmp_path, 0.0)
    window.desk.drop(tmp_path / "film.yaml", 0.0)
    window.keys("M")
    window.desk.drop(tmp_path / "song.flac", 0.0)
    window.desk.drop(tmp_path / "other.yaml", 0.0)
    assert window.own.calls == [("add", str(tmp_path)), ("choose", "bomb", str(tmp_path / "song.flac"), False)]
    assert [path.name for path in opened] == ["film.yaml", "other.yaml"]


# ---- one loudness


def test_one_command_matches_all_levels() -> None:
    window = Window().run("Match all levels")
    assert b"defaults: {loudness: -16 LUFS}" in window.draft.raw or b"loudness: -16 LUFS" in window.draft.raw
    assert window.desk.notice == "All cues go to \u221216 LUFS as they are measured"
    window.own.busy = "measuring: 1 of 3"
    window.run("Match all levels")
    assert window.desk.notice == "Measuring: 1 of 3"
    assert len(window.draft.done) == 1


@pytest.mark.parametrize(
    ("high", "focus", "room", "rows"),
    [
        ([10.0] * 5, 2, 50, (0, 5)),
        ([10.0] * 9, 4, 30, (3, 6)),
        ([10.0] * 9, 0, 30, (0, 3)),
        ([10.0] * 9, 8, 30, (6, 9)),
        ([10, 10, 40, 10, 10], 2, 50, (2, 4)),
        ([10.0], 0, 5, (0, 1)),
    ],
)
def test_the_rows_around_the_focus(high: list[float], focus: int, room: float, rows: tuple[int, int]) -> None:
    assert links.span(high, focus, room) == rows
