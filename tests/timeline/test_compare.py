"""What changed between two files, in a person's words."""

from __future__ import annotations

import pytest

from timeline.compare import as_lines, compare
from timeline.edit import Delete, Insert, Move, Op, Rename, Set, apply

FILM = b"""\
needledrop: 1
film: {title: The Film, fps: 24}
songs:
  fever: {title: Fever, writers: [A, B]}
  tide: {title: Tide}
  rain: {title: Rain, year: 1974, artist: The Wet}
scenes:
  - id: audition
    title: The audition
    at: 0:10
    note: They wait.
    people: [Ann, Bob]
    cues:
      - song: fever
        gain: -6 dB
      - stop: fever
        fade-out: 4s
  - {id: bridge, title: The bridge, at: ~1:00, note: Fog.}
  - {id: coda, title: Coda, cues: [{song: tide, id: last}]}
sets:
  friday: {songs: [{song: fever}, {song: tide, gap: 2s}]}
"""


def told(*ops: Op) -> list[str]:
    return as_lines(compare(FILM, apply(FILM, ops).raw))


@pytest.mark.parametrize(
    ("op", "line"),
    [
        (Set("scenes/audition/at", "0:13.2"), "audition: moved +3.2 s"),
        (Set("scenes/audition/at", "1:13:00"), "audition: moved +1:12:50"),
        (Set("scenes/bridge/at", "0:58.5"), "bridge: moved -1.5 s, time no longer an estimate"),
        (Set("scenes/bridge/at", "1:00"), "bridge: time no longer an estimate"),
        (Set("scenes/audition/cues/#1/gain", "-4 dB"), "Fever in audition: gain -6 → -4 dB"),
        (Set("scenes/audition/cues/#1/to", "1:00"), "Fever in audition: to 1:00 added"),
        (Delete("scenes/audition/cues/#2/fade-out"), "stop Fever in audition: fade-out removed, was 4s"),
        (Set("scenes/audition/note", "They leave."), "audition: note edited"),
        (Set("scenes/audition/people", ["Ann", "Cy"]), "audition: people: Cy added, Bob removed"),
        (Set("film/title", "Another"), 'film: title "The Film" → Another'),
        (Set("songs/tide/year", "1980"), "song Tide: year 1980 added"),
        (Set("defaults/gain", "-3 dB"), "defaults: gain -3 dB added"),
        (Rename("songs/rain", "wet"), "song Rain: renamed, was rain"),
        (Rename("songs/fever", "heat"), "song Fever: renamed, was fever"),
        (Rename("scenes/bridge", "fog"), "fog: renamed, was bridge"),
        (Move("scenes/coda", 0), "coda: now first"),
        (Move("scenes/audition", 2), "audition: now after coda"),
        (Move("scenes/audition/cues/#2", 0), "stop Fever in audition: now cue 1 of its scene"),
        (Move("scenes/coda/cues/last", 0, "scenes/bridge/cues"), "Tide in bridge: moved here from coda"),
        (Move("sets/friday/songs/#2", 0), "Tide in set friday: now number 1"),
        (Set("sets/friday/songs/#2/gap", "3s"), "Tide in set friday: gap 2s → 3s"),
        (Insert("scenes/bridge/cues", "say: Hush"), "say in bridge: added"),
        (Delete("scenes/audition/cues/#1"), "Fever in audition: removed"),
        (Delete("scenes/bridge"), "bridge: removed"),
        (Insert("scenes", "{id: new, title: New, cues: [song: rain]}"), "new: added"),
    ],
)
def test_one_change_is_one_line(op, line):
    assert told(op) == [line]


def test_a_song_renamed_where_it_stands_alone_is_one_line_and_so_is_the_way_back():
    raw = FILM.replace(b"  fever: {", b"  heat: {")
    assert raw != FILM
    assert as_lines(compare(FILM, raw)) == ["song Fever: renamed, was fever"]
    assert as_lines(compare(raw, FILM)) == ["song Fever: renamed, was heat"]


def test_several_changes_as_a_person_tells_them():
    assert told(
        Set("scenes/audition/at", "0:13.2"),
        Set("scenes/audition/cues/fever/gain", "-4 dB"),
        Set("scenes/audition/note", "They leave."),
        Set("scenes/bridge/note", "Sun."),
    ) == ["audition: moved +3.2 s", "Fever in audition: gain -6 → -4 dB", "2 notes edited: audition and bridge"]


def test_layout_and_comments_are_no_change():
    assert compare(FILM, FILM.replace(b"\n", b"   # why\n").replace(b"[A, B]", b"['A', \"B\"]")) == []


def test_a_difference_has_its_place_and_both_values():
    (one,) = compare(FILM, apply(FILM, Set("scenes/audition/cues/#1/gain", "-4 dB")).raw)
    assert (one.kind, one.path, one.key, one.old, one.new) == (
        "changed", "scenes/audition/cues/#1/gain", "gain", "-6 dB", "-4 dB",
    )  # fmt: skip
