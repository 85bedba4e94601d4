"""What is told of a file whose syntax is fine: one behaviour a test, and never a word too many."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from timeline.model import Problem
from timeline.reader import Reading, read

Read = Callable[[str], Reading]
Told = Callable[[str], list[str]]

SONG = "songs: {a: {title: A, length: 3:00}}\n"


def of_cue(read_film: Read, cue: str, song: str = "title: A, length: 3:00") -> list[Problem]:
    """The problems of a film of one song, `a`, and one cue."""
    text = f"songs: {{a: {{{song}}}}}\nscenes: [{{id: x, title: X, at: 0:01:00, cues: [{cue}]}}, {{id: y, title: Y}}]\n"
    return [problem for problem in read_film(text).problems if problem.code not in ("unused-song", "not-sounding")]


# Keys


def test_what_is_required(told: Told) -> None:
    assert told(
        """
songs: {a: {length: 3:00}}
scenes:
  - {title: No id}
  - {id: no-title}
sets: {friday: {songs: [{note: no song}]}}
"""
    ) == [
        "1:9 error missing-key",
        "1:9 warning unused-song",
        "3:5 error missing-key",
        "4:5 error missing-key",
        "5:25 error missing-key",
    ]


def test_the_version_is_required(read_text: Read) -> None:
    (problem,) = read_text("film: {title: T}\n").problems
    assert (problem.code, problem.message, problem.hint) == (
        "missing-key",
        "the file needs needledrop",
        "add needledrop: 1",
    )


@pytest.mark.parametrize("version", ["2", "3", '"2"', "17"])
def test_a_later_version_is_refused_with_nothing_else(read_text: Read, version: str) -> None:
    reading = read_text(f"scenes: nonsense\nfilm: {{yeer: 1}}\nneedledrop: {version}\n")
    (problem,) = reading.problems
    assert problem.code == "later-version"
    assert "made by a later version" in problem.message
    assert (problem.span.line, reading.timeline.scenes) == (3, ())


@pytest.mark.parametrize("version", ["0", "1.0", "one", "-1", "01.", "v1"])
def test_a_version_that_never_was(read_text: Read, version: str) -> None:
    assert [problem.code for problem in read_text(f"needledrop: {version}\n").problems] == ["bad-value"]


def test_an_unknown_key_comes_with_the_one_that_was_meant(read_film: Read) -> None:
    found = {
        "fade_in": "did you mean fade-in?",
        "Gain": "did you mean gain?",
        "gian": "did you mean gain?",
        "volume": "did you mean gain?",
        "color": "did you mean colour?",
        "start": "did you mean from?",
        "out:3s": 'add a space after the colon: "out: 3s"',
        "gain:3": 'add a space after the colon: "gain: 3"',
        "title": "title belongs to film, a song, a scene or a set",
        "qqqqqq": "a key of your own begins with x-",
    }
    for key, hint in found.items():
        (problem,) = of_cue(read_film, f'{{song: a, "{key}": 1}}')
        assert (problem.code, problem.hint) == ("unknown-key", hint)


def test_a_misspelt_key_is_not_missed_as_well(told: Told) -> None:
    assert told("songs: {a: {titel: A, length: 3:00}}\n") == ["1:13 error unknown-key"]
    assert told(SONG + "scenes: [{id: x, title: X, cues: [{sogn: a}]}]\n") == ["2:36 error unknown-key"]
    assert told("scenes: [{name: x, title: X}]\n") == ["1:11 error unknown-key"]
    assert told("scenes: [{id: y, name: Y}]\n") == ["1:18 error unknown-key"]
    assert told("songs: {a: {title: A, media: {path: a.wav}}}\n") == ["1:31 error unknown-key"]
    assert told("songs: {a: {title: A, lenght: 3:00}}\n") == ["1:23 error unknown-key"]
    assert told(SONG + "sets: {s: {song: [{song: a}]}}\n") == ["2:12 error unknown-key"]


@pytest.mark.parametrize(
    "cues",
    [
        "cue: [{song: a}]", "cues: [a]", "cues: [{song: [a]}]", "cues: [{play: a}]",
        "cues: [{say: x, song: a}]", "cues: [{fade: a}]",
    ],
)
def test_a_song_in_a_cue_that_is_wrong_is_no_unused_song(read_film: Read, cues: str) -> None:
    (problem,) = read_film(SONG + f"scenes: [{{id: x, title: X, {cues}}}]\n").problems
    assert problem.severity == "error"


def test_a_table_in_place_of_a_list_is_one_mistake(told: Told) -> None:
    assert told("scenes:\n  one: {title: One}\n  two: {title: Two}\n") == ["2:3 error wrong-shape"]
    assert told("sets: {all: {title: A}}\n") == ["1:8 error bad-id"]


@pytest.mark.parametrize("verb", ["song", "set", "fade", "stop", "pause", "resume", "send", "say"])
def test_a_verb_with_nothing_behind_it(read_film: Read, verb: str) -> None:
    problems = read_film(f"scenes:\n  - id: x\n    title: X\n    cues:\n      - {verb}:\n").problems
    assert [(one.span.line, one.span.column, one.code) for one in problems if one.severity == "error"] == [
        (6, 9, "no-value")
    ]


def test_a_loop_and_a_set_with_nothing_behind_them(told: Told) -> None:
    cue = "      - song: a\n        loop:\n"
    assert told(SONG + "scenes:\n  - id: x\n    title: X\n    cues:\n" + cue) == ["7:9 warning no-value"]
    assert told("sets:\n  late:\n") == ["2:3 warning empty-set"]


@pytest.mark.parametrize(
    ("cue", "words", "hint"),
    [
        ("{song: a, gain: -6,5 dB}", "-6,5 dB", "write -6.5 dB"),
        ("{song: a, from: 1,5s, fade-in: 1s}", "1,5s", "write 1.5s"),
        ("{song: a, pan: 12,5 }", "12,5", "write 12.5"),
    ],
)
def test_a_decimal_comma_in_braces_is_one_mistake(read_film: Read, cue: str, words: str, hint: str) -> None:
    (problem,) = of_cue(read_film, cue)
    assert (problem.code, problem.message, problem.hint) == ("bad-value", f'"{words}": decimals take a point', hint)
    assert problem.span.end - problem.span.start == len(words)


def test_a_key_that_is_written_twice_keeps_its_first_value(read_film: Read) -> None:
    reading = read_film("songs: {a: {title: One, length: 3:00, title: Two}, a: {title: Three}}\nx-a: 1\nx-a: 2\n")
    assert [(problem.code, problem.span.column, problem.hint) for problem in reading.problems] == [
        ("duplicate-key", 39, "first in line 2; keep one"),
        ("duplicate-key", 52, "first in line 2; keep one"),
        ("duplicate-key", 1, "first in line 3; keep one"),
    ]
    assert reading.timeline.songs["a"].title == "One"


@pytest.mark.parametrize("ident", ["a", "7inch", "no-9", "a-", "a1b2"])
def test_ids(told: Told, ident: str) -> None:
    assert told(f"scenes: [{{id: {ident}, title: X}}]\n") == []


@pytest.mark.parametrize(
    ("ident", "hint"),
    [
        ("Harbor", "write harbor"),
        ("harbor_lights", "write harbor-lights"),
        ("Étude", "write etude"),
        ("9", "write no-9"),
        ("-a", "write a"),
        ("all", "like all-1"),
        ("scene", "like scene-1"),
        ("end", "like end-1"),
        ("日本", None),
    ],
)
def test_what_is_no_id(read_film: Read, ident: str, hint: str | None) -> None:
    (problem,) = read_film(f"scenes: [{{id: {ident}, title: X}}]\n").problems
    assert (problem.code, problem.hint) == ("bad-value", hint)
    (problem,) = read_film(f"songs: {{{ident}: {{title: X, length: 3:00}}}}\n").problems
    assert (problem.code, problem.hint) == ("bad-id", hint)


def test_a_bad_id_is_one_mistake_however_often_it_is_used(told: Told) -> None:
    assert told(
        """
songs: {Harbor Lights: {title: A, length: 3:00}}
scenes: [{id: x, title: X, cues: [{song: harbor-lights}, {song: Harbor Lights}]}]
"""
    ) == ["1:9 error bad-id"]


def test_names_that_mean_nothing_to_other_programs(told: Told) -> None:
    assert told("songs: {a: {title: null, artist: ~, length: 3:00}}\nscenes: [{id: null, title: X}]\n") == [
        "1:9 warning unused-song",
        "1:20 error null",
        "1:34 error null",
        "2:15 error null",
    ]


def test_in_quotes_they_are_names_like_any_other(read_film: Read) -> None:
    reading = read_film("""songs: {"null": {title: "null", artist: '~', length: 3:00}}\n""")
    assert reading.problems == ()
    assert reading.timeline.songs["null"].title == "null"


def test_a_key_without_a_value(told: Told) -> None:
    assert told("scenes:\n  - id: x\n    title:\n    note:\n    place: ''\n") == [
        "3:5 error no-value",
        "4:5 warning no-value",
        "5:5 warning no-value",
    ]


@pytest.mark.parametrize("section", ["film", "defaults", "outputs", "songs", "scenes"])
def test_a_section_without_anything_is_no_mistake(told: Told, section: str) -> None:
    assert told(f"{section}:\n") == []


def test_a_comment_that_eats_the_end_of_a_title(read_film: Read) -> None:
    text = "scenes: \n  - id: x\n    title: Étude #2 # and a comment\n    place: Rome # a town\n"
    (problem,) = read_film(text).problems
    assert (problem.severity, problem.code, problem.span.column) == ("warning", "hash", 18)
    assert problem.hint == 'write "Étude #2 # and a comment" in quotes, or a space after # for a comment'


def test_a_colour_that_is_a_comment(read_film: Read) -> None:
    (problem,) = read_film("scenes:\n  - id: x\n    title: X\n    colour: #ff0000\n").problems
    assert (problem.code, problem.hint) == ("no-value", '# begins a comment: write "#ff0000" in quotes')


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("songs: [a, b]", "wrong-shape"),
        ("songs: {a: A}", "wrong-shape"),
        ("scenes: {id: x, title: X}", "wrong-shape"),
        ("scenes: [x]", "wrong-shape"),
        ("scenes: x", "wrong-shape"),
        ("scenes: [{id: x, title: [X]}]", "wrong-shape"),
        ("film: The Long Night", "wrong-shape"),
        ("film: {title: {a: b}}", "wrong-shape"),
        ("outputs: {main: 1}", "wrong-shape"),
        ("scenes: [{id: x, title: X, cues: [~]}]", "no-value"),
        ("? [a, b]\n: c", "bad-key"),
        ("songs: {? {a: b} : {title: A}}", "bad-key"),
    ],
)
def test_the_wrong_shape(read_film: Read, text: str, code: str) -> None:
    assert [problem.code for problem in read_film(text).problems] == [code]


def test_songs_that_could_not_be_read_are_not_missed(told: Told) -> None:
    assert told("songs: [a]\nscenes: [{id: x, title: X, cues: [{song: a}, {stop: a}]}]\n") == ["1:8 error wrong-shape"]


# Values


@pytest.mark.parametrize(
    ("song", "hint"),
    [
        ("year: 74", "four digits, like 1974"),
        ("year: 010", "four digits, like 1974"),
        ("bpm: fast", "a number from 1 to 1000, like 96"),
        ("bpm: 0", "a number from 1 to 1000, like 96"),
        ("meter: 4", "write it like 4/4 or 6/8"),
        ("meter: 4/5", "write it like 4/4 or 6/8"),
        ("rights: Cleared", "write cleared"),
        ("rights: maybe", "one of public-domain, cleared, blanket or not-cleared"),
        ("loudness: loud", "write it like -16 LUFS, from -70 to 0"),
        ("media: {file: a.wav, gain: 99}", "did you mean -99 dB?"),
        ("media: {gain: 1}", "add file: audio/harbor-lights.flac"),
        ("writers: [{role: words}]", "add name: Harbor Lights"),
        ("writers: [{name: W, share: 120}]", "a number from 0 to 100, like 50"),
        ("marks: [{at: soon, text: T}]", "write it like 1:30 (m:ss), 0:02:10.5 (h:mm:ss) or 90s"),
    ],
)
def test_values_of_a_song(read_film: Read, song: str, hint: str) -> None:
    (problem,) = of_cue(read_film, "{song: a}", f"title: A, length: 3:00, {song}")
    assert problem.hint == hint


@pytest.mark.parametrize(
    ("cue", "hint"),
    [
        ("{song: a, pan: 101}", "a number from -100 to 100, like -30"),
        ("{song: a, transpose: 1.5}", "a whole number from -48 to 48, like -2"),
        ("{song: a, loop: {from: 0:01, to: 0:02, times: 1}}", "2 or more, or until-go"),
        ("{song: a, armed: perhaps}", "write true or false"),
        ("{song: a, colour: gray}", "write grey"),
        ("{song: a, then: Follow}", "write follow"),
        ("{song: a, pre-wait: 2}", "write 2s for seconds"),
        ("{song: a, pre-wait: 00:00:02:00}", "write it like 1:30 (m:ss), 0:02:10.5 (h:mm:ss) or 90s"),
        ("{fade: a, level: -6 dB, over: 3s linear}", "write 3s"),
        ("{song: a, until: nowhere}", "write scene, end or the id of a scene"),
        ("{song: a, until: z}", "write scene, end or the id of a scene"),
        ("{song: a, output: clikc}", "add it under outputs"),
        ("{set: friday}", "add it under sets"),
    ],
)
def test_values_of_a_cue(read_film: Read, cue: str, hint: str) -> None:
    problems = [problem for problem in of_cue(read_film, cue) if problem.severity == "error"]
    assert [problem.hint for problem in problems] == [hint]


def test_dates(told: Told) -> None:
    assert told("sets:\n  a: {date: 2025-02-30}\n  b: {date: 14.3.2025}\n  c: {date: 2025-03-14}\n")[:-1] == [
        "2:13 error bad-value",
        "3:13 error bad-value",
    ]


# Film time


def test_timecode_without_a_rate_is_said_once(told: Told) -> None:
    assert told(
        "scenes:\n  - {id: x, title: X, at: 00:01:00:00}\n  - {id: y, title: Y, at: 00:02:00:00}\n"
    ) == ["2:27 error no-fps"]


def test_a_rate_that_is_wrong_is_one_mistake(told: Told) -> None:
    assert told("film: {fps: 23, start: 01:00:00:00}\nscenes: [{id: x, title: X, at: 01:01:00:00}]\n") == [
        "1:13 error bad-value"
    ]


def test_timecode_before_the_start_suggests_clock_time(read_film: Read) -> None:
    (problem,) = read_film(
        "film: {fps: 24, start: 01:00:00:00}\nscenes: [{id: x, title: X, at: 00:24:06:12}]\n"
    ).problems
    assert problem.hint == "for a time counted from the first picture write 0:24:06.5"


def test_a_dropped_label_as_a_start(told: Told) -> None:
    assert told("film: {fps: 29.97df, start: 01:01:00;00}\n") == ["1:29 error bad-value"]


def test_a_scene_counts_forward_from_the_one_above(told: Told) -> None:
    assert told(
        """
scenes:
  - {id: a, title: A, at: +1s}
  - {id: b, title: B}
  - {id: c, title: C, at: +1s}
  - {id: d, title: D, at: 0:01:00}
  - {id: e, title: E, at: -1s}
  - {id: f, title: F, at: +1s}
"""
    ) == ["2:27 error no-anchor", "4:27 error no-anchor", "6:27 error backward"]


def test_a_cue_that_counts_from_a_scene_without_a_time(told: Told) -> None:
    assert told(SONG + "scenes: [{id: x, title: X, cues: [{song: a, at: +4s}, {song: a, at: 0:01:00}]}]\n") == [
        "2:49 warning no-anchor"
    ]


def test_a_cue_before_the_film(told: Told) -> None:
    assert told(SONG + "scenes: [{id: x, title: X, at: 0:00:01, cues: [{song: a, at: -2s}]}]\n") == [
        "2:62 error before-film"
    ]


def test_scenes_out_of_order(read_film: Read) -> None:
    reading = read_film(
        """
        scenes:
          - {id: a, title: A, at: 1:10:00}
          - {id: b, title: B, at: 1:30}
          - {id: c, title: C, at: 1:20:00}
          - {id: d, title: D, at: 0:30:00}
        """
    )
    assert [(problem.span.line - 2, problem.code, problem.hint) for problem in reading.problems] == [
        (3, "time-order", "1:30 is minutes and seconds; for hours and minutes write 1:30:00"),
        (5, "time-order", None),
    ]


def test_one_scene_too_late_is_told_once(read_film: Read) -> None:
    times = ["0:10:00", "1:50:00", "0:20:00", "+5m", "0:40:00", "1:30", "1:35"]
    reading = read_film("scenes:\n" + "".join(f"  - {{id: s{n}, title: S, at: {at}}}\n" for n, at in enumerate(times)))
    assert [(problem.span.line - 3, problem.message) for problem in reading.problems] == [
        (2, "0:20:00 is earlier than 1:50:00 of the scene above"),
        (5, "1:30 is earlier than 0:40:00 of the scene above"),
    ]


def test_hours_that_are_missing_more_than_once_are_told_each_time(read_film: Read) -> None:
    times = ["0:50:00", "1:10", "1:20"]
    reading = read_film("scenes:\n" + "".join(f"  - {{id: s{n}, title: S, at: {at}}}\n" for n, at in enumerate(times)))
    assert [problem.hint for problem in reading.problems] == [
        "1:10 is minutes and seconds; for hours and minutes write 1:10:00",
        "1:20 is minutes and seconds; for hours and minutes write 1:20:00",
    ]
    assert reading.problems[1].message == "1:20 is earlier than 0:50:00 of a scene above"


def test_the_note_of_estimates_stands_at_the_first_of_them(told: Told) -> None:
    assert told("songs:\n  a:\n    title: A\n    length: ~3:00\n") == ["4:13 note estimates"]
    assert told(SONG + "sets: {s: {songs: [{song: a, gap: ~4s}]}}\n") == ["2:19 note estimates"]


def test_after_the_end_of_the_film(told: Told) -> None:
    assert told(
        "film: {runtime: 1:30:00}\n"
        + SONG
        + "scenes:\n"
        + "  - {id: a, title: A, at: 1:29:00, cues: [{song: a, at: +59s}, {song: a, fade-in: 0s, at: +2m}]}\n"
        + "  - {id: b, title: B, at: 1:30:00, cues: [{song: a, at: +2m}]}\n"
    ) == ["4:91 warning outside-film", "5:27 warning outside-film"]


def test_a_lost_plus(read_film: Read) -> None:
    (problem,) = of_cue(read_film, "{song: a, at: 4s}")
    assert (problem.code, problem.hint) == ("lost-sign", "to count from the scene write +4s")
    assert of_cue(read_film, "{song: a, at: 61s}") == []
    assert of_cue(read_film, "{song: a, at: 0:00:59}") == []


def test_estimates_are_one_note(read_film: Read) -> None:
    reading = read_film(
        """
        film: {runtime: ~1:47:00}
        songs: {a: {title: A, length: ~3:00}}
        scenes:
          - {id: x, title: X, at: ~0:01:00, cues: [{song: a, at: +4s}]}
          - {id: y, title: Y, at: +4s}
        """
    )
    (problem,) = reading.problems
    assert (problem.severity, problem.code, problem.span.line) == ("note", "estimates", 3)
    assert problem.message == "5 times are estimates (~), or counted from one"
    assert reading.ok


# Cues


@pytest.mark.parametrize(
    ("cue", "code", "message"),
    [
        ("{number: 5}", "no-verb", "this cue does not say what it does; found only number"),
        ("{}", "no-verb", "this cue does not say what it does"),
        ("{gain: 3, note: N}", "no-verb", "this cue does not say what it does; found only gain and note"),
        ("{song: a, say: S}", "two-verbs", "a cue does one thing, and this one has song and say"),
        ("{stop: a, gain: 3}", "misplaced-key", "a stop cue takes no gain"),
        ("{song: a, level: 3}", "misplaced-key", "a song cue takes no level"),
        ("{say: S, fade-out: 3s}", "misplaced-key", "a say cue takes no fade-out"),
        ("{fade: a}", "missing-key", "a fade needs level: where to"),
        ("{stop: b}", "no-target", 'there is no song or cue "b"'),
        ("{fade: b, level: 0}", "no-target", 'there is no song or cue "b"'),
        ("{song: b}", "no-song", 'there is no song "b"'),
        ("{song: a, until: z}", "no-scene", 'there is no scene "z"'),
        ("{song: a, until: x}", "until-backward", "until names this scene itself, so it changes nothing"),
        ("{song: a, to: 0:10, from: 0:10}", "empty-region", "to is not later than from"),
        ("{song: a, to: 0:00}", "empty-region", "to is the song's very beginning"),
        ("{song: a, to: 0:10, fade-out: 11s}", "long-fade", None),
        ("{song: a, from: 0:05, to: 0:10, fade-in: 3s, fade-out: 3s}", "long-fade", None),
        ("{song: a, from: 3:00}", "beyond-song", "a is over by then: its length is 3:00"),
        ("{song: a, to: 3:01}", "beyond-song", "a is over by then: its length is 3:00"),
        ("{song: a, from: bar 3}", "no-bars", "nothing says where the bars of a lie"),
    ],
)
def test_cues(read_film: Read, cue: str, code: str, message: str | None) -> None:
    (problem,) = of_cue(read_film, cue)
    assert problem.code == code
    assert message in (None, problem.message)


@pytest.mark.parametrize(
    "cue",
    [
        "{song: a, to: 3:00}",
        "{song: a, until: y}",
        "{song: a, until: end}",
        "{song: a, from: 0:05, to: 0:10, fade-in: 2s, fade-out: 3s}",
        "{song: a, fade-out: 5m}",
        "{stop: all}",
        "{fade: a, level: -inf}",
        "{song: a, id: b, gain: -inf}",
    ],
)
def test_cues_that_are_fine(read_film: Read, cue: str) -> None:
    assert of_cue(read_film, cue) == []


def test_bars_need_a_tempo_and_a_meter_or_a_midi_recording(read_film: Read) -> None:
    cue = "{song: a, from: bar 3, to: bar 5.2}"
    assert [problem.code for problem in of_cue(read_film, cue, "title: A, length: 3:00, bpm: 96")] == ["no-bars"] * 2
    stand_in = "title: A, stand-in: a.mid"
    assert [problem.code for problem in of_cue(read_film, cue, stand_in)] == ["no-bars"] * 2
    assert of_cue(read_film, cue, "title: A, media: a.MID") == []
    assert of_cue(read_film, cue, "title: A, media: [a.wav, a.mid]") == []
    assert of_cue(read_film, cue, "title: A, length: 3:00, bpm: 96, meter: 4/4") == []


def test_a_beat_that_the_bar_does_not_have(read_film: Read) -> None:
    (problem,) = of_cue(read_film, "{song: a, from: bar 3.5}", "title: A, length: 3:00, bpm: 96, meter: 4/4")
    assert (problem.code, problem.message) == ("no-beat", "a bar of 4/4 has 4 beats, and no beat 5")


def test_bars_are_compared_in_time_where_the_tempo_is_known(read_film: Read) -> None:
    song = "title: A, length: 3:00, bpm: 60, meter: 4/4"
    (problem,) = of_cue(read_film, "{song: a, from: 0:10, to: bar 3}", song)
    assert problem.code == "empty-region"
    assert of_cue(read_film, "{song: a, from: 0:07, to: bar 3}", song) == []
    assert [problem.code for problem in of_cue(read_film, "{song: a, to: bar 46.2}", song)] == ["beyond-song"]
    midi = "title: A, media: a.mid"
    (problem,) = of_cue(read_film, "{song: a, from: bar 3, to: bar 3}", midi)
    assert problem.code == "empty-region"


def test_ids_of_songs_and_cues_are_one_namespace(told: Told) -> None:
    assert told(
        """
songs: {a: {title: A, length: 3:00}}
outputs: [x, x2]
scenes:
  - {id: x, title: X, cues: [{song: a, id: a}, {song: a, id: c}, {song: a, id: c}, {song: a, id: x}]}
  - {id: x, title: Y}
"""
    ) == ["4:44 error duplicate-id", "4:80 error duplicate-id", "5:10 error duplicate-id"]


def test_outputs_have_one_name_each(read_film: Read) -> None:
    reading = read_film("outputs: [main, click, main]\n")
    assert [(problem.code, problem.span.column) for problem in reading.problems] == [("duplicate-id", 24)]
    assert reading.timeline.outputs == ("main", "click")


def test_numbers_are_unique_among_scenes_and_among_cues(told: Told) -> None:
    assert told(
        """
songs: {a: {title: A, length: 3:00}}
scenes:
  - {id: x, title: X, number: 1, cues: [{song: a, number: 1}, {song: a, number: 1M1}, {song: a, number: 1}]}
  - {id: y, title: Y, number: "1"}
"""
    ) == ["3:105 error duplicate-number", "4:31 error duplicate-number"]


def test_a_stop_that_points_to_a_cue_below_is_known_and_early(told: Told) -> None:
    text = SONG + "scenes: [{id: x, title: X, cues: [{stop: late}, {song: a, id: late}]}]\n"
    assert told(text) == ["2:42 warning not-sounding"]


def test_a_song_that_nothing_plays(told: Told) -> None:
    assert told(
        "songs: {a: {title: A, length: 3:00}, b: {title: B, length: 3:00}}\nscenes: [{id: x, title: X}]\n"
        "sets: {s: {songs: [{song: b}]}}\n"
    ) == ["1:9 warning unused-song"]
    assert told("songs: {a: {title: A, length: 3:00}}\n") == []  # somebody is still writing


def test_a_song_that_was_probably_meant_is_not_unused(told: Told) -> None:
    assert told(
        "songs: {opening-drive: {title: A, length: 3:00}}\nscenes: [{id: x, title: X, cues: [{song: openin-drive}]}]\n"
    ) == ["2:42 error no-song"]


def test_a_song_without_any_length(told: Told) -> None:
    assert told("songs: {a: {title: A}}\n") == ["1:9 warning no-length"]
    assert told("songs: {a: {title: A, length: 3}}\n") == ["1:31 error bad-value"]


def test_a_count_in_needs_tempo_and_meter(read_film: Read) -> None:
    reading = read_film(
        """
        songs: {a: {title: A, length: 3:00, bpm: 96}}
        sets: {s: {songs: [{song: a, count: 1 bar}]}}
        """
    )
    (problem,) = [problem for problem in reading.problems if problem.severity == "error"]
    assert (problem.message, problem.hint) == ("a count-in needs the song's meter", "add meter to a")


def test_what_is_not_yet_played_is_one_note_a_key(read_film: Read) -> None:
    cues = ", ".join(["{song: a}", *["{send: osc /lamp 1}"] * 4])
    (problem,) = read_film(SONG + f"scenes: [{{id: x, title: X, cues: [{cues}]}}]\n").problems
    assert (problem.severity, problem.code) == ("note", "not-yet-played")
    assert problem.message == "send is read and kept, and not yet played (4 places)"


# Files


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("../a.wav", "copy the file into the folder, and write the path from there"),
        ("b/../../a.wav", "copy the file into the folder, and write the path from there"),
        ("/music/a.wav", "copy the file into the folder, and write the path from there"),
        ("C:/music/a.wav", "copy the file into the folder, and write the path from there"),
        ("C:\\music\\a.wav", "copy the file into the folder, and write the path from there"),
        ("~/a.wav", "copy the file into the folder, and write the path from there"),
        ("music\\a.wav", "write music/a.wav"),
        ("https://example.org/a.wav", "download it into the timeline's folder"),
    ],
)
def test_paths_that_do_not_travel(read_film: Read, path: str, hint: str) -> None:
    (problem,) = of_cue(read_film, "{song: a}", f"title: A, media: '{path}'")
    assert (problem.severity, problem.code, problem.hint) == ("warning", "path", hint)


@pytest.mark.parametrize("path", ["a.wav", "b/a.wav", "b/../a.wav", "./a.wav", "..a.wav", "Ünï 東京.flac"])
def test_paths_that_travel(read_film: Read, path: str) -> None:
    assert of_cue(read_film, "{song: a}", f"title: A, media: {path}") == []


def test_files_that_are_missing() -> None:
    text = """needledrop: 1
film: {video: film.mkv}
songs:
  a: {title: A, media: [a.flac, a.mp3]}
  b: {title: B, media: b.wav, stand-in: b.mid}
  c: {title: C, media: [c.flac, there.mp3], sheet: c.cho}
  d: {title: D, stand-in: there.mid}
scenes: [{id: x, title: X, picture: x.jpg, cues: [{song: a}, {song: b}, {song: c}, {song: d}]}]
"""
    problems = read(text, exists=lambda path: path.startswith("there")).problems
    assert [(problem.span.line, problem.severity, problem.message) for problem in problems] == [
        (4, "warning", "none of 2 recordings is there: silence plays"),
        (5, "warning", "b.wav is not there: the stand-in plays"),
        (5, "warning", "stand-in: b.mid is not there"),
        (6, "warning", "sheet: c.cho is not there"),
        (8, "warning", "picture: x.jpg is not there"),
    ]


def test_without_a_folder_nobody_asks_for_files(told: Told) -> None:
    assert told("songs: {a: {title: A, media: nowhere.wav}}\n") == []


def test_warnings_and_notes_leave_a_file_fine(read_film: Read) -> None:
    assert read_film("songs: {a: {title: A}}").ok
    assert not read_film("songs: {a: {titel: A}}").ok


def test_a_thousand_problems_are_enough(read_film: Read) -> None:
    reading = read_film("film:\n" + "".join(f"  unknown-{n}: 1\n" for n in range(5000)))
    assert len(reading.problems) == 1000
