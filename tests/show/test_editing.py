"""A timeline that is played, edited and saved by others at once; the worker's looks come when the test says so."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from player import actions as act
from player.editing import Broken, Conflicts, Editing, Mended, News, Reloaded, Saved, SaveFailed, ThreadWorker
from player.host.local import LocalEngine
from player.opening import find_songs, read_plan
from player.session import Session
from player.show import Show
from player.text import Teller
from timeline.edit import Delete, Insert, Refused, Set, source

FILM = """\
needledrop: 1
songs:
  tide: {title: Tide, length: 0:10}
  fever: {title: Fever, length: 0:10}
scenes:
  - {id: door, title: The door, cues: [{song: tide}]}
  - {id: stairs, title: The stairs, cues: [{song: fever, gain: -6 dB}]}
  - {id: roof, title: The roof}
"""
GAIN = "scenes/stairs/cues/#1/gain"
NOTE = "scenes/roof/note"


class Quiet:
    frames = 480_000

    def read(self, at: int, out: np.ndarray) -> int:
        out[:] = 0
        return len(out)

    def close(self) -> None: ...


class Hands:
    """A worker that does what it is asked when the test lets it."""

    def __init__(self, look: Callable[[float], None]) -> None:
        self.look = look
        self.jobs: list[Callable[[], None]] = []
        self.time = 0.0
        self.held = False

    def ask(self, job: Callable[[], None]) -> None:
        self.jobs.append(job)
        self.work()

    def work(self) -> None:
        while self.jobs and not self.held:
            self.jobs.pop(0)()

    def close(self) -> None:
        self.held = False
        self.work()


class Desk:
    """One who has a film open."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        plan = find_songs(read_plan(path), path.parent)
        self.session = Session(Show(plan), LocalEngine(lambda spec: Quiet(), itertools.repeat(256)))
        self.editing = Editing(self.session, folder, worker=self._hired)
        self.run(1)

    def _hired(self, look: Callable[[float], None]) -> Hands:
        self.hands = Hands(look)
        return self.hands

    def run(self, seconds: float) -> list[News]:
        """Let time pass for the worker; the news of it."""
        news: list[News] = []
        for _ in range(round(seconds * 10)):
            self.hands.time += 0.1
            self.hands.look(self.hands.time)
            news += self.editing.poll()
        return news

    def write(self, text: str | bytes) -> list[News]:
        """Another program saves the file."""
        self.path.write_bytes(text.encode() if isinstance(text, str) else text)
        return self.run(2)

    def save(self) -> list[News]:
        self.editing.save()
        return [*self.editing.poll(), *self.run(2)]

    def value(self, path: str) -> str | None:
        return source(self.editing.raw, path)

    @property
    def show(self) -> Show:
        return self.session.show

    def titles(self) -> list[str]:
        return [self.show.plan.title(step) for step in range(len(self.show.plan.steps))]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "shows" / "film.yaml"
    path.parent.mkdir()
    path.write_text(FILM)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "edits"


@pytest.fixture
def desk(film: Path, folder: Path) -> Desk:
    return Desk(film, folder)


# -- edits


def test_an_edit_is_in_the_show_at_once_and_not_in_the_file(desk: Desk, film: Path) -> None:
    assert desk.editing.edit(Set("scenes/roof/title", "On the roof"), "title") == "scenes/roof/title"
    assert desk.titles() == ["The door", "The stairs", "On the roof"]
    assert desk.editing.unsaved == 1
    assert film.read_text() == FILM


def test_an_edit_that_changes_nothing_is_none(desk: Desk) -> None:
    assert desk.editing.edit(Set(GAIN, "-6 dB"), "gain") == GAIN
    assert desk.editing.unsaved == 0


def test_undo_and_redo_tell_what_they_did(desk: Desk) -> None:
    desk.editing.edit(Set("scenes/roof/title", "On the roof"), "title")
    assert desk.editing.undo() == "title"
    assert desk.titles()[2] == "The roof"
    assert desk.editing.undo() is None
    assert desk.editing.redo() == "title"
    assert desk.titles()[2] == "On the roof"
    assert desk.editing.redo() is None


def test_an_edit_that_would_break_the_film_is_refused_and_the_show_is_as_it_was(desk: Desk) -> None:
    before = desk.show.plan
    with pytest.raises(Refused, match="tide"):
        desk.editing.edit(Delete("songs/tide"), "delete Tide")
    assert desk.show.plan is before
    assert desk.editing.unsaved == 0


def test_check_tells_what_would_be_wrong(desk: Desk) -> None:
    assert desk.editing.check(Set(GAIN, "-4 dB")) == ()
    (problem,) = desk.editing.check(Set(GAIN, "loud"))
    assert problem.severity == "error"
    assert desk.editing.unsaved == 0


def test_a_new_song_plays_as_soon_as_it_is_found(desk: Desk) -> None:
    desk.hands.held = True
    desk.editing.edit(
        [Insert("songs", "ice: {title: Ice, length: 0:07}"), Insert("scenes/roof/cues", "song: ice")], "add Ice"
    )
    assert desk.show.plan.songs["ice"].why == "being looked for"
    desk.hands.held = False
    desk.hands.work()
    desk.editing.poll()
    assert desk.show.plan.songs["ice"].length == 7 * 48_000


def test_songs_that_did_not_change_are_not_looked_for_again(desk: Desk) -> None:
    before = desk.show.plan.songs["tide"]
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    assert desk.show.plan.songs["tide"] is before


# -- saving


def test_save_writes_the_file_and_nothing_is_unsaved(desk: Desk, film: Path, folder: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    assert desk.save() == [Saved(film)]
    assert film.read_text() == FILM.replace("-6 dB", "-4 dB")
    assert desk.editing.unsaved == 0
    assert list(folder.iterdir()) == []
    assert desk.editing.undo() == "gain"
    assert desk.editing.unsaved == 1


def test_edits_made_while_a_save_is_under_way_stay_unsaved(desk: Desk, film: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.hands.held = True
    desk.editing.save()
    desk.editing.edit(Set("scenes/roof/title", "On the roof"), "title")
    desk.hands.held = False
    desk.hands.work()
    assert desk.run(1) == [Saved(film)]
    assert film.read_text() == FILM.replace("-6 dB", "-4 dB")
    assert desk.editing.unsaved == 1
    assert desk.titles()[2] == "On the roof"
    assert desk.save() == [Saved(film)]
    assert "On the roof" in film.read_text()


def test_what_cannot_be_written_is_told_and_kept(desk: Desk, film: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    film.chmod(0o444)
    assert desk.save() == [SaveFailed("film.yaml cannot be saved: it is read-only")]
    assert desk.editing.unsaved == 1
    film.chmod(0o644)
    assert desk.save() == [Saved(film)]


def test_a_file_that_is_gone_is_told_and_written_anew(desk: Desk, film: Path) -> None:
    film.unlink()
    assert desk.run(4) == [Broken("film.yaml:1:1: the file is gone")]
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.editing._file.pause = lambda seconds: None
    assert Saved(film) in desk.save()
    assert film.read_text() == FILM.replace("-6 dB", "-4 dB")
    assert desk.show.plan.problems == ()


# -- another program saves


def test_a_change_of_the_file_is_taken_over(desk: Desk) -> None:
    assert desk.write(FILM.replace("The roof", "On the roof")) == [Reloaded(desk.show.plan)]
    assert desk.titles()[2] == "On the roof"
    assert desk.editing.unsaved == 0


def test_unsaved_edits_are_done_again_on_it(desk: Desk, film: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    new = FILM.replace("The roof", "On the roof")
    assert desk.write(new) == [Reloaded(desk.show.plan)]
    assert desk.titles()[2] == "On the roof"
    assert desk.value(GAIN) == "-4 dB"
    assert desk.editing.unsaved == 1
    assert film.read_text() == new
    assert desk.save() == [Saved(film)]
    assert film.read_text() == new.replace("-6 dB", "-4 dB")


def test_the_same_value_changed_twice_is_asked_about_and_nothing_changes_before(desk: Desk, film: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    before = desk.show.plan
    (news,) = desk.write(FILM.replace("-6 dB", "-9 dB"))
    assert isinstance(news, Conflicts)
    assert [(each.path, each.mine, each.theirs) for each in news.conflicts] == [(GAIN, "-4 dB", "-9 dB")]
    assert desk.show.plan is before
    with pytest.raises(Refused, match="choose first"):
        desk.editing.edit(Set(NOTE, "high"), "note")
    assert desk.save() == [news]
    desk.editing.settle(["mine"])
    assert desk.editing.poll() == (Reloaded(desk.show.plan),)
    assert desk.value(GAIN) == "-4 dB"
    assert desk.save() == [Saved(film)]
    assert film.read_text() == FILM.replace("-6 dB", "-4 dB")


def test_theirs_may_count(desk: Desk, film: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.write(FILM.replace("-6 dB", "-9 dB"))
    desk.editing.settle(["theirs"])
    assert desk.value(GAIN) == "-9 dB"
    assert desk.editing.unsaved == 0
    assert film.read_text() == FILM.replace("-6 dB", "-9 dB")


def test_a_save_that_meets_a_change_goes_on_with_it(desk: Desk, film: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    film.write_text(FILM.replace("The roof", "On the roof"))
    assert desk.save() == [Reloaded(desk.show.plan), Saved(film)]
    assert film.read_text() == FILM.replace("The roof", "On the roof").replace("-6 dB", "-4 dB")


def test_a_save_that_meets_a_conflict_waits_for_the_choice(desk: Desk, film: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    film.write_text(FILM.replace("-6 dB", "-9 dB"))
    (news,) = desk.save()
    assert isinstance(news, Conflicts)
    assert film.read_text() == FILM.replace("-6 dB", "-9 dB")


def test_an_edit_made_while_the_file_is_read_is_done_on_it_too(desk: Desk, film: Path) -> None:
    film.write_text(FILM.replace("The roof", "On the roof"))
    for _ in range(5):
        desk.hands.time += 0.1
        desk.hands.look(desk.hands.time)
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    assert desk.run(1) == [Reloaded(desk.show.plan)]
    assert desk.titles()[2] == "On the roof"
    assert desk.value(GAIN) == "-4 dB"
    assert desk.editing.unsaved == 1


def test_a_save_that_cannot_be_looked_into_at_once_is_not_missed(
    desk: Desk, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film.write_text(FILM.replace("The roof", "On the roof"))
    with monkeypatch.context() as trouble:
        trouble.setattr("player.editing.find_songs", lambda *_: 1 // 0)
        for _ in range(2):  # the thread tells it, and looks again, though not all the time
            with pytest.raises(ZeroDivisionError):
                desk.run(3)
        assert desk.run(1) == []
    assert desk.run(2) == [Reloaded(desk.show.plan)]
    assert desk.titles()[2] == "On the roof"


def test_a_file_that_changes_again_before_the_choice_is_asked_about_again(desk: Desk) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.write(FILM.replace("-6 dB", "-9 dB"))
    (news,) = desk.write(FILM.replace("-6 dB", "-8 dB"))
    assert isinstance(news, Conflicts)
    assert [each.theirs for each in news.conflicts] == ["-8 dB"]
    assert desk.write(FILM.replace("The roof", "On the roof")) == [Reloaded(desk.show.plan)]
    assert desk.value(GAIN) == "-4 dB"


def test_a_file_put_back_before_the_choice_leaves_nothing_to_choose(desk: Desk) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.write(FILM.replace("-6 dB", "-9 dB"))
    desk.write(FILM)
    desk.editing.edit(Set(NOTE, "high"), "note")
    assert desk.editing.unsaved == 2


def test_a_broken_file_plays_on_as_it_was_and_is_not_written_to(desk: Desk, film: Path, folder: Path) -> None:
    desk.editing.edit(Set(NOTE, "high"), "note")
    broken = FILM.replace("{id: roof, title: The roof}", "{id: roof, title: The roof")
    (news,) = desk.write(broken)
    assert isinstance(news, Broken)
    assert news.line.startswith("film.yaml:8:")
    assert desk.titles() == ["The door", "The stairs", "The roof"]
    assert [each.severity for each in desk.show.plan.problems] == ["error"]
    (failed,) = desk.save()
    assert failed == SaveFailed(f"{news.line}; nothing is written to a broken file, your edits are kept")
    assert film.read_text() == broken
    assert len(list(folder.iterdir())) == 1
    desk.editing.edit(Set("scenes/door/note", "low"), "note")
    assert [each.severity for each in desk.show.plan.problems] == ["error"]
    assert desk.write(FILM.replace("The stairs", "Stairs")) == [Reloaded(desk.show.plan)]
    assert desk.titles() == ["The door", "Stairs", "The roof"]
    assert (desk.value(NOTE), desk.editing.unsaved) == ("high", 2)
    assert desk.show.plan.problems == ()


def test_a_broken_file_that_is_put_back_as_it_was(desk: Desk) -> None:
    desk.write("needledrop: [")
    assert desk.write(FILM) == [Mended()]
    assert desk.show.plan.problems == ()


def test_an_unreadable_file(desk: Desk) -> None:
    (news,) = desk.write(b"\xff\xfe" + FILM.encode("utf-16-le"))
    assert news == Broken("film.yaml:1:1: this is UTF-16; save it as UTF-8")


def test_a_show_opened_with_mistakes_goes_on_with_as_many(film: Path, folder: Path) -> None:
    film.write_text(FILM + "  - {id: bad, title: Bad, colr: red}\n")
    desk = Desk(film, folder)
    assert isinstance(desk.write(FILM + "  - {id: bad, title: Better, colr: red}\n")[0], Reloaded)
    assert isinstance(desk.write(FILM + "  - {id: bad, titel: Better, colr: red}\n")[0], Broken)
    assert isinstance(desk.write(FILM)[0], Reloaded)
    assert isinstance(desk.write(FILM + "  - {id: bad, title: Bad, colr: red}\n")[0], Broken)


# -- a program that dies


def test_edits_of_a_program_that_died_are_offered(desk: Desk, film: Path, folder: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.editing.edit(Set(NOTE, "high"), "note")
    desk.editing.edit(Set(NOTE, "higher"), "note")
    desk.editing.undo()
    assert Desk(film, folder).editing.offered == 0  # the first one still has them
    desk.editing._journal.leave()  # as the system does when a process ends
    again = Desk(film, folder)
    assert again.editing.offered == 2
    assert again.value(NOTE) is None
    again.editing.take()
    assert (again.value(GAIN), again.value(NOTE)) == ("-4 dB", "high")
    assert again.editing.offered == 0
    assert again.editing.unsaved == 2
    assert again.editing.poll() == (Reloaded(again.show.plan),)
    assert again.save() == [Saved(film)]
    assert list(folder.iterdir()) == []


def test_they_are_done_on_what_the_file_holds_now(desk: Desk, film: Path, folder: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.editing._journal.leave()
    film.write_text(FILM.replace("The roof", "On the roof"))
    again = Desk(film, folder)
    again.editing.take()
    assert again.titles()[2] == "On the roof"
    assert again.value(GAIN) == "-4 dB"


def test_edits_that_were_saved_just_before_the_end_are_not_offered(desk: Desk, film: Path, folder: Path) -> None:
    desk.editing.edit(Insert("scenes/roof/cues", "say: now"), "add a cue")
    film.write_bytes(desk.editing.raw)
    saved = desk.editing.raw
    desk.editing._journal.leave()
    assert Desk(film, folder).editing.offered == 0
    assert list(folder.iterdir()) == []
    assert film.read_bytes() == saved


def test_of_edits_some_of_which_were_saved_the_others_are(desk: Desk, film: Path, folder: Path) -> None:
    desk.editing.edit(Insert("scenes/roof/cues", "say: now"), "add a cue")
    film.write_bytes(desk.editing.raw)
    desk.editing.edit(Insert("scenes/roof/cues", "say: then"), "add another")
    desk.editing._journal.leave()
    again = Desk(film, folder)
    assert again.editing.offered == 1
    again.editing.take()
    assert again.editing.raw == desk.editing.raw


def test_or_asked_about(desk: Desk, film: Path, folder: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.editing._journal.leave()
    film.write_text(FILM.replace("-6 dB", "-9 dB"))
    again = Desk(film, folder)
    again.editing.take()
    (news,) = again.editing.poll()
    assert isinstance(news, Conflicts)
    again.editing._journal.leave()  # and dies again before a choice
    third = Desk(film, folder)
    assert third.editing.offered == 1
    third.editing.take()
    third.editing.settle(["mine"])
    assert third.value(GAIN) == "-4 dB"


def test_what_was_offered_and_not_wanted_is_forgotten(desk: Desk, film: Path, folder: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.editing._journal.leave()
    again = Desk(film, folder)
    again.editing.drop()
    assert again.editing.offered == 0
    assert list(folder.iterdir()) == []


def test_discarded_edits_are_forgotten(desk: Desk, film: Path, folder: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.editing.discard()
    desk.editing.close()
    assert Desk(film, folder).editing.offered == 0


def test_edits_of_another_timeline_are_not_offered(desk: Desk, film: Path, folder: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.editing._journal.leave()
    other = film.with_name("other.yaml")
    other.write_text(FILM)
    assert Desk(other, folder).editing.offered == 0


@pytest.mark.parametrize("cut", [1, 10, 100])
def test_a_last_line_that_was_cut_off_costs_only_its_own_edit(desk: Desk, film: Path, folder: Path, cut: int) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.editing.edit(Set(NOTE, "high " * 40), "note")
    desk.editing._journal.leave()
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:-cut])
    assert Desk(film, folder).editing.offered == 1


@pytest.mark.parametrize("junk", [b"", b"\0" * 99, b"{}\n", b"[1]\n", b'{"kind": "needledrop edits 1"}\n', b"null\n"])
def test_a_journal_that_is_none_offers_nothing(desk: Desk, film: Path, folder: Path, junk: bytes) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    desk.editing._journal.leave()
    (file,) = folder.iterdir()
    file.write_bytes(junk)
    assert Desk(film, folder).editing.offered == 0


def test_a_folder_that_cannot_be_had_is_told_and_edits_go_on(film: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    desk = Desk(film, tmp_path / "data" / "edits")
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    assert desk.editing.poll() == (
        SaveFailed("edits cannot be kept against a crash (Not a directory); save soon"),
    )
    assert desk.value(GAIN) == "-4 dB"
    assert desk.save() == [Saved(film)]


# -- while it plays


def test_what_sounds_goes_on_when_the_file_changes(desk: Desk) -> None:
    desk.session.do(act.Go())
    desk.session.engine.advance(4800)
    desk.session.poll()
    (before,) = desk.show.sounding
    desk.write(FILM.replace("  - {id: door", "  - {id: new, title: New}\n  - {id: door"))
    (after,) = desk.show.sounding
    assert (after.cue, after.step, after.voice) == (before.cue, 1, before.voice)
    assert (desk.show.fired, desk.show.standby, desk.show.done) == (1, 2, frozenset({1}))


def test_another_file_has_its_own_draft(desk: Desk, film: Path, folder: Path) -> None:
    desk.editing.edit(Set(GAIN, "-4 dB"), "gain")
    other = film.with_name("other.yaml")
    other.write_text(FILM.replace("The roof", "Elsewhere"))
    desk.session.open(find_songs(read_plan(other), other.parent))
    assert desk.editing.poll() == ()
    assert desk.editing.path == other
    assert desk.editing.unsaved == 0
    assert Desk(film, folder).editing.offered == 1


# -- in the terminal


def test_the_terminal_has_one_line_for_each_change(desk: Desk) -> None:
    lines: list[str] = []
    teller = Teller(desk.session, lines.append)
    for text in (FILM.replace("The door", "A door"), FILM.replace("{id: door", "{id door"), FILM):
        teller.news(desk.write(text))
        teller.changes()
    assert lines == [
        '0:00:00.000 film.yaml has changed; standby 1 door "A door": plays Tide',
        "0:00:00.000 film.yaml:6:5: a scene needs id; what the file held before plays on",
        '0:00:00.000 film.yaml has changed; standby 1 door "The door": plays Tide',
    ]


def test_whatever_goes_wrong_in_one_look_the_next_one_comes(capfd: pytest.CaptureFixture[str]) -> None:
    looks, seen, done = itertools.count(), threading.Event(), threading.Event()

    def look(_: float) -> None:
        if next(looks) < 2:
            raise ZeroDivisionError
        seen.set()

    worker = ThreadWorker(look)
    worker.ask(lambda: 1 // 0)
    worker.ask(done.set)
    assert done.wait(20)
    assert seen.wait(20)
    worker.close()
    assert capfd.readouterr().err.count("Traceback") == 1
