"""A file that changes while its show runs: the ear must not notice, and the show must know where it is."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from msgspec.structs import replace

from player import actions as act
from player.engine.commands import Command
from player.engine.status import Fired
from player.plan import ROOM
from player.reload import moved, names
from player.session import Session
from player.show import GONE, Show
from tests.show.rig import Stage, plan_of

SONGS = "songs: {a: {title: A}, b: {title: B}, c: {title: C}}\n"
A = "{id: a1, title: One, cues: [song: a]}"
B = "{id: b1, title: Two, cues: [song: b]}"
C = "{id: c1, title: Three, cues: [song: c]}"
NEW = "{id: new, title: New}"


def film(*scenes: str) -> str:
    return SONGS + "scenes:\n" + "".join(f"  - {scene}\n" for scene in scenes)


def stage(*scenes: str, **show: object) -> Stage:
    return Stage(film(*scenes), **show)


def reload(on: Stage, *scenes: str) -> Stage:
    on.session.reload(plan_of(film(*scenes)))
    return on


def ids(on: Stage) -> list[str]:
    return [on.show.plan.scene(step).id for step in range(len(on.show.plan.steps))]


def standby(on: Stage) -> str:
    return "END" if on.show.at_end else on.show.plan.scene(on.show.standby).id


# -- which step is which


def where(old: str, new: str) -> list[int | None]:
    return list(moved(names(plan_of(old)), names(plan_of(new))))


@pytest.mark.parametrize(
    ("old", "new", "now"),
    [
        ((A, B, C), (A, B, C), [0, 1, 2]),
        ((A, B, C), (NEW, A, B, C), [1, 2, 3]),
        ((A, B, C), (A, C), [0, None, 1]),
        ((A, B, C), (C, A, B), [1, 2, 0]),
        ((A, B, C), (), [None, None, None]),
        ((A, NEW), (A, "{id: newer, title: New}"), [0, 1]),  # another id, the same title
        ((A,), ("{id: a1, title: One}",), [0]),  # its only cue is gone: the card is left
        ((NEW,), ("{id: new, title: New, cues: [song: a]}",), [0]),
    ],
)
def test_steps_are_known_by_their_scenes(old: tuple[str, ...], new: tuple[str, ...], now: list[int | None]) -> None:
    assert where(film(*old), film(*new)) == now


@pytest.mark.parametrize(
    ("old", "new", "now"),
    [
        ("[song: a, song: b, song: c]", "[song: b, song: c]", [None, 0, 1]),
        ("[song: a, song: b]", "[song: c, song: a, song: b]", [1, 2]),
        ("[song: a, song: b]", "[song: a, song: c]", [0, 1]),  # another song in its stead
        ("[{song: a, id: x}, song: b]", "[song: b, {song: a, id: x}]", [1, 0]),
        ("[{song: a, then: continue}, song: b, song: c]", "[song: a, song: b, song: c]", [0, 2]),
        ("[song: a, song: b, song: c]", "[{song: a, then: continue}, song: b, song: c]", [0, 0, 1]),
    ],
)
def test_cues_are_known_by_their_ids_and_by_what_they_do(old: str, new: str, now: list[int | None]) -> None:
    scene = "{{id: s, title: S, cues: {}}}"
    assert where(film(scene.format(old)), film(scene.format(new))) == now


def test_a_cue_with_an_id_is_found_in_another_scene() -> None:
    cue = "{song: b, id: x}"
    old = film(f"{{id: s, title: S, cues: [song: a, {cue}]}}", NEW)
    new = film("{id: s, title: S, cues: [song: a]}", f"{{id: new, title: New, cues: [{cue}]}}")
    assert where(old, new) == [0, 1, 1]


# -- where the show is


def test_standby_stays_on_its_scene() -> None:
    on = stage(A, B, C).go()
    assert standby(reload(on, NEW, A, NEW.replace("new", "n2"), B, C)) == "b1"
    assert standby(reload(on, C, B, A)) == "b1"


def test_standby_goes_to_the_next_scene_left() -> None:
    on = stage(A, B, C).go()
    assert standby(reload(on, A, C)) == "c1"
    assert standby(reload(on, A)) == "END"


def test_standby_at_the_end_stays_there() -> None:
    on = stage(A).go()
    assert standby(reload(on, A, B)) == "END"


def test_what_was_done_is_known_by_id() -> None:
    on = stage(A, B, C).go().wait(1).go()
    reload(on, C, NEW, B, A)
    assert [ids(on)[step] for step in sorted(on.show.done)] == ["b1", "a1"]
    assert on.show.fired is not None
    assert ids(on)[on.show.fired] == "b1"


def test_the_card_of_a_scene_that_is_gone_is_not_shown() -> None:
    on = stage(A, B).go()
    assert reload(on, B).show.fired is None


# -- what is heard


def steady(on: Stage, level: float, since: int) -> bool:
    """Whether nothing but this level was heard since a frame."""
    return bool(np.all(on.heard()[since:] == np.float32(level)))


@pytest.mark.parametrize("after", [(NEW, A, B), (B, A), (B,), (NEW,), ()])
def test_what_sounds_is_not_touched(after: tuple[str, ...]) -> None:
    on = stage(A, B).go().wait(1)
    begin = len(on.heard())
    reload(on, *after).wait(2)
    assert steady(on, 0.5, begin)
    assert on.songs() == ["a"]


def test_what_sounds_keeps_its_old_values() -> None:
    on = stage(A, B).go().wait(1)
    begin = len(on.heard())
    reload(on, "{id: a1, title: One, cues: [{song: a, gain: -20 dB, to: 0:02}]}", B).wait(3)
    assert steady(on, 0.5, begin)


def test_a_song_that_left_the_file_sounds_on_and_ends_in_order() -> None:
    on = stage(A, B).go().wait(1)
    on.session.reload(plan_of("songs: {b: {title: B}}\nscenes:\n  - " + B + "\n"))
    assert on.show.sounding[0].step == GONE
    assert "a" in on.show.plan.songs
    on.wait(10)
    assert on.show.sounding == ()


def test_the_next_cue_of_the_same_scene_leaves_what_sounds_alone_wherever_the_scene_is_now() -> None:
    two = "{id: s, title: S, cues: [song: a, song: b]}"
    for after in ((NEW, two), (NEW, "{id: n2, title: N2}", two, C), (C, two)):
        on = stage(two, C).go().wait(1)
        begin = len(on.heard())
        reload(on, *after).go().wait(2)
        assert steady(on, 0.75, begin + 256)


def test_a_new_scene_between_ends_what_sounds_as_any_other() -> None:
    on = stage(A, B).go().wait(1)
    reload(on, A, NEW, B)
    on.do(act.Standby(1)).go()
    assert on.songs() == []


def test_until_a_scene_holds_where_scenes_were_put_in() -> None:
    lasting = "{id: a1, title: One, cues: [{song: a, until: c1}]}"
    on = stage(lasting, B, C).go().wait(1)
    reload(on, lasting, NEW, B, C)
    assert on.go().songs() == ["a", "b"]
    assert on.wait(1).go().songs() == ["c"]


def test_a_chain_that_was_begun_goes_on_and_is_told_by_its_scene_of_now() -> None:
    chained = "{id: a1, title: One, cues: [{song: a, then: continue, post-wait: 2s}]}"
    on = stage(chained, B, C).go().wait(1)
    reload(on, NEW, C, chained, B).wait(1.5)
    assert on.songs() == ["b"]
    assert on.show.fired is not None
    assert ids(on)[on.show.fired] == "b1"
    assert [event.step for event in on.events if isinstance(event, Fired)] == [0, 3]


def test_a_chain_into_a_scene_that_is_gone_sounds_all_the_same() -> None:
    chained = "{id: a1, title: One, cues: [{song: a, then: continue, post-wait: 2s}]}"
    on = stage(chained, B, C).go().wait(1)
    reload(on, chained, C).wait(1.5)
    assert on.songs() == ["b"]
    assert on.show.sounding[-1].step == GONE
    assert on.show.fired == 0


def test_hands_free_goes_on_with_what_the_file_says_now() -> None:
    on = stage(A, B, auto=True).go().wait(1)
    reload(on, A, "{id: b1, title: Two, cues: [song: c]}").wait(9.5)
    assert on.songs() == ["c"]


def test_hands_free_when_the_scene_that_plays_is_gone() -> None:
    on = stage(A, B, auto=True).go().wait(1)
    reload(on, B).wait(9.5)
    assert on.songs() == ["b"]


def test_many_changes_while_one_song_sounds() -> None:
    on = stage(A, B).go().wait(1)
    begin = len(on.heard())
    scenes = [A, B]
    for number in range(30):
        scenes.insert(1, f"{{id: n{number}, title: N{number}}}")
        reload(on, *scenes)
    assert steady(on.wait(1), 0.5, begin)
    assert standby(on) == "b1"
    places = [on.show.plan.place(scene) for scene in range(len(scenes))]
    assert places == sorted(set(places))
    on.go().wait(2)
    assert on.songs() == ["b"]


def test_numbers_begin_anew_when_nothing_sounds() -> None:
    on = stage(A, B).go().wait(11)
    reload(on, NEW, A, B)
    assert [on.show.plan.place(scene) for scene in range(3)] == [0, ROOM, 2 * ROOM]


# -- a window that died


class Left(Session):
    """A session over an engine in which another one has left its state."""

    def __init__(self, show: Show, engine: Heir) -> None:
        super().__init__(show, engine)  # type: ignore[arg-type]


class Heir:
    """An engine that keeps what it is given for the next session."""

    def __init__(self, engine: object, left: bytes = b"") -> None:
        self.engine = engine
        self.kept = b""
        self._left = left
        self.sent: list[Command] = []

    def know(self, names: bytes) -> None:
        self.names = names

    def keep(self, snapshot: bytes) -> None:
        self.kept = pickle.dumps((self.names, snapshot))

    def left(self) -> bytes:
        left, self._left = self._left, b""
        return left

    def send(self, batch: tuple[Command, ...], snapshot: bytes = b"") -> None:
        self.sent += batch
        self.engine.send(batch)  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> object:
        return getattr(self.engine, name)


def taken_over(on: Stage, *scenes: str) -> tuple[Show, list[Command]]:
    """The show of a new window over the same engine, whose file holds these scenes."""
    heir = Heir(on.engine)
    on.session.engine = heir  # type: ignore[assignment]
    on.session.show = replace(on.session.show)
    on.session._named = None
    on.session._keep()
    next_heir = Heir(on.engine, heir.kept)
    session = Left(Show(plan_of(film(*scenes))), next_heir)
    session.poll()
    return session.show, next_heir.sent


def test_a_new_window_takes_over_a_show_whose_file_has_changed() -> None:
    on = stage(A, B, C).go().wait(1)
    show, sent = taken_over(on, NEW, C, A, B)
    assert show.plan.scene(show.standby).id == "b1"
    assert [show.plan.scene(each.step).id for each in show.sounding] == ["a1"]
    assert sent == []


def test_a_new_window_takes_over_what_was_renumbered_before() -> None:
    chained = "{id: a1, title: One, cues: [{song: a, then: continue, post-wait: 2s}]}"
    on = stage(chained, B).go().wait(1)
    reload(on, NEW, chained, B)
    show, _ = taken_over(on, NEW, chained, B)
    mark = show.plan.mark(2)
    assert mark == 1
    assert show.plan.marked(1) == 2


def test_a_show_of_another_film_is_ended() -> None:
    on = stage(A, B).go().wait(1)
    show, sent = taken_over(on, "{id: other, title: Other}")
    assert show.standby == 0
    assert len(sent) == 1
