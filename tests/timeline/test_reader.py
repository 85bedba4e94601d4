"""What a file means: from its text to the model. What is wrong with a file stands in the tests beside this one."""

from __future__ import annotations

import gc
from collections.abc import Callable
from fractions import Fraction

import pytest

from timeline.model import (
    Bars,
    Defaults,
    Fade,
    FadeCue,
    Loop,
    Mark,
    Media,
    Midi,
    Osc,
    OtherCue,
    SayCue,
    Scene,
    SongCue,
    StopCue,
    When,
    Writer,
)
from timeline.reader import Reading, read

Read = Callable[[str], Reading]
S = Fraction


def the_cue(reading: Reading):
    """The one cue of a file."""
    ((cue,),) = [scene.cues for scene in reading.timeline.scenes]
    return cue


def scene(reading: Reading, ident: str) -> Scene:
    return next(one for one in reading.timeline.scenes if one.id == ident)


def test_a_film(read_film: Read) -> None:
    film = read_film(
        """
        film:
          title: The Long Night
          year: 1974
          director: The Director
          runtime: 1:47:12
          fps: 23.976
          start: 01:00:00:00
          video: the-long-night.mkv
        """
    ).timeline.film
    assert (film.title, film.year, film.director, film.runtime) == ("The Long Night", 1974, "The Director", 6432)
    assert (film.fps, film.start, film.video) == ("23.976", S(3600 * 1001, 1000), "the-long-night.mkv")


def test_defaults(read_film: Read) -> None:
    defaults = read_film("defaults: {fade-out: 1.5s, gain: 0 dB, loudness: -16 LUFS}").timeline.defaults
    assert defaults == Defaults(gain=0.0, fade_out=Fade(S("1.5")), loudness=-16.0, span=defaults.span)


def test_a_song_with_everything(read_film: Read) -> None:
    song = read_film(
        """
        songs:
          harbor-lights:
            title: Harbor Lights
            artist: The Breakwaters
            writers: [First Writer, {name: Second Writer, role: lyrics, share: 50, ipi: "00012345678"}]
            year: 1974
            bpm: 96.5
            meter: 6/8
            length: ~3:12
            rights: cleared
            loudness: -18 LUFS
            stand-in: stand-ins/harbor-lights.mid
            marks: [{at: 0:31.250, text: the door}, {at: bar 9.2, text: the sea}]
        """
    ).timeline.songs["harbor-lights"]
    assert song.title == "Harbor Lights"
    assert song.writers == (Writer("First Writer"), Writer("Second Writer", "lyrics", S(50), "00012345678"))
    assert (song.year, song.bpm, song.meter) == (1974, S("96.5"), (6, 8))
    assert (song.length, song.length_estimate) == (192, True)
    assert song.marks == (Mark(S("31.25"), "the door"), Mark(Bars(9, S(2)), "the sea"))


@pytest.mark.parametrize(
    ("written", "media"),
    [
        ("a.flac", [("a.flac", 0.0, 0)]),
        ("[a.flac, b.mp3]", [("a.flac", 0.0, 0), ("b.mp3", 0.0, 0)]),
        ("{file: a.flac, gain: -2 dB, offset: 120ms}", [("a.flac", -2.0, S("0.12"))]),
        ("[{file: a.flac, offset: -1s}, b.mp3]", [("a.flac", 0.0, -1), ("b.mp3", 0.0, 0)]),
    ],
)
def test_media_is_a_path_a_list_or_a_mapping(read_film: Read, written: str, media: list) -> None:
    found = read_film(f"songs: {{a: {{title: A, media: {written}}}}}").timeline.songs["a"].media
    assert [(one.file, one.gain, one.offset) for one in found] == media
    assert all(isinstance(one, Media) for one in found)


def test_the_readers_types_are_those_of_the_fields(read_film: Read) -> None:
    """YAML would make false, 8, 90 and a date of these."""
    reading = read_film(
        """
        songs:
          a: {title: NO, artist: 010, publisher: 1:30, key: 2025-03-14, length: 3:00}
          b: {title: 1999, artist: =, publisher: .inf, key: 0x1F, length: 3:00}
        """
    )
    a, b = reading.timeline.songs.values()
    assert (a.title, a.artist, a.publisher, a.key) == ("NO", "010", "1:30", "2025-03-14")
    assert (b.title, b.artist, b.publisher, b.key) == ("1999", "=", ".inf", "0x1F")
    assert reading.problems == ()


def test_a_song_cue_with_everything(read_film: Read) -> None:
    cue = the_cue(
        read_film(
            """
            songs: {a: {title: A, length: 3:00, bpm: 96, meter: 4/4}}
            scenes:
              - id: ferry
                title: The ferry
                at: 0:02:10.500
                cues:
                  - song: a
                    id: first
                    number: 1M1
                    at: +4s
                    from: 0:31.250
                    to: bar 61
                    gain: -6 dB
                    fade-in: 1.5s
                    fade-out: 4s linear
                    crossfade: 3s
                    until: end
                    pre-wait: 2s
                    then: continue
                    post-wait: 20s
                    note: Softly.
                    armed: no
                    hotkey: F5
                    colour: blue
            """
        )
    )
    assert cue == SongCue(
        key="first",
        scene="ferry",
        id="first",
        number="1M1",
        at=When(S("134.5"), False, "+4s"),
        song="a",
        from_=S("31.25"),
        to=Bars(61),
        gain=-6.0,
        fade_in=Fade(S("1.5")),
        fade_out=Fade(S(4), "linear"),
        crossfade=Fade(S(3)),
        until="end",
        pre_wait=S(2),
        then="continue",
        post_wait=S(20),
        note="Softly.",
        armed=False,
        hotkey="F5",
        colour="blue",
        span=cue.span,
    )


def test_where_a_cue_says_nothing_the_model_says_so_too(read_film: Read) -> None:
    cue = the_cue(
        read_film("songs: {a: {title: A, length: 3:00}}\nscenes: [{id: x, title: X, cues: [{song: a}]}]")
    )
    assert cue == SongCue(key="x#1", scene="x", song="a", span=cue.span)
    assert (cue.gain, cue.fade_out, cue.until, cue.pre_wait, cue.then, cue.armed) == (None, None, None, 0, "wait", True)


def test_the_other_verbs(read_film: Read) -> None:
    cues = scene(
        read_film(
            """
            songs: {a: {title: A, length: 3:00}}
            scenes:
              - id: x
                title: X
                cues:
                  - {song: a, id: here}
                  - {fade: a, level: -18 dB, over: 3s}
                  - {fade: here, level: -inf}
                  - {stop: all, fade-out: 2s}
                  - {say: Doors!}
                  - {send: [midi program 3 channel 1, osc /lamp/key 0.4]}
                  - {send: osc /go}
                  - {pause: a}
                  - {resume: all}
                  - {set: friday, repeat: yes, shuffle: no, crossfade: 4s}
            sets: {friday: {songs: [{song: a}]}}
            """
        ),
        "x",
    ).cues
    assert [type(cue) for cue in cues] == [SongCue, FadeCue, FadeCue, StopCue, SayCue, *[OtherCue] * 5]
    assert (cues[1].target, cues[1].level, cues[1].over) == ("a", -18.0, 3)
    assert (cues[2].target, cues[2].level, cues[2].over) == ("here", float("-inf"), None)
    assert (cues[3].target, cues[3].fade_out) == ("all", Fade(S(2)))
    assert cues[4].text == "Doors!"
    assert (cues[5].verb, cues[5].messages) == (
        "send",
        (
            Midi(bytes([0xC0, 3]), "midi program 3 channel 1"),
            Osc("/lamp/key", (0.4000000059604645,), "osc /lamp/key 0.4"),
        ),
    )
    assert cues[6].messages == (Osc("/go", (), "osc /go"),)
    assert (cues[7].verb, cues[7].target) == ("pause", "a")
    assert (cues[9].verb, cues[9].target, cues[9].repeat, cues[9].shuffle) == ("set", "friday", True, False)
    assert cues[9].crossfade == Fade(S(4))
    assert [cue.key for cue in cues] == ["here", *(f"x#{n}" for n in range(2, 11))]


def test_what_is_not_yet_played_is_kept_and_named(read_film: Read) -> None:
    reading = read_film(
        """
        outputs: [main, click]
        songs: {a: {title: A, length: 3:00, rights: public-domain, stand-in: a.mid}}
        scenes:
          - id: x
            title: X
            cues:
              - song: a
                pan: -30
                duck: -12 dB
                loop: {from: 0:12, to: 0:20.5, times: until-go}
                transpose: -2
                output: click
                usage: BV
                hotkey: K
              - {send: osc /go}
        """
    )
    cue, other = scene(reading, "x").cues
    assert (cue.pan, cue.duck, cue.transpose, cue.output, cue.usage) == (-30, -12.0, -2, "click", "BV")
    assert cue.loop == Loop(S(12), S("20.5"), None)
    assert cue.not_yet == ()
    assert other.not_yet == ("send",)
    assert [problem.message.split()[0] for problem in reading.problems] == ["send"]
    assert reading.ok


def test_a_loop_with_a_count(read_film: Read) -> None:
    cue = the_cue(
        read_film(
            """
            songs: {a: {title: A, length: 3:00, media: a.mid}}
            scenes: [{id: x, title: X, cues: [{song: a, loop: {from: bar 3, to: bar 5, times: 4}}]}]
            """
        )
    )
    assert cue.loop == Loop(Bars(3), Bars(5), 4)


def test_scenes(read_film: Read) -> None:
    one = scene(
        read_film(
            """
            scenes:
              - id: ferry
                number: "1"
                title: The last ferry
                place: EXT. HARBOR - NIGHT
                people: [Mara, Joel]
                note: |
                  What happens,
                  in two lines.
                picture: stills/ferry.jpg
                colour: "#FFB300"
            """
        ),
        "ferry",
    )
    assert (one.number, one.title, one.place) == ("1", "The last ferry", "EXT. HARBOR - NIGHT")
    assert one.people == ("Mara", "Joel")
    assert one.note == "What happens,\nin two lines.\n"
    assert (one.picture, one.colour, one.cues, one.at) == ("stills/ferry.jpg", "#ffb300", (), None)


def test_one_person_needs_no_list(read_film: Read) -> None:
    assert scene(read_film("scenes: [{id: x, title: X, people: Mara}]"), "x").people == ("Mara",)


def test_times_that_count_from_what_stands_above(read_film: Read) -> None:
    reading = read_film(
        """
        film: {fps: 24, start: 01:00:00:00}
        songs: {a: {title: A, length: 3:00}}
        scenes:
          - {id: one, title: One, at: 01:10:00:12, cues: [{song: a, at: -2s}, {song: a, at: +0:01:10}]}
          - {id: two, title: Two, at: +90s}
          - {id: three, title: Three, at: ~+6m, cues: [{song: a, at: +4s}, {song: a, at: 0:18:00}]}
          - {id: four, title: Four, at: +1s}
          - {id: five, title: Five, at: 1:00:00}
        """
    )
    assert [(one.at.seconds, one.at.estimate) for one in reading.timeline.scenes if one.at] == [
        (S("600.5"), False),
        (S("690.5"), False),
        (S("1050.5"), True),
        (S("1051.5"), True),
        (S(3600), False),
    ]
    first, third = scene(reading, "one"), scene(reading, "three")
    assert [cue.at.seconds for cue in first.cues if cue.at] == [S("598.5"), S("670.5")]
    assert [(cue.at.seconds, cue.at.estimate) for cue in third.cues if cue.at] == [(S("1054.5"), True), (1080, False)]
    assert [one.at.text for one in reading.timeline.scenes if one.at][2] == "~+6m"


def test_the_same_time_in_every_notation(read_film: Read) -> None:
    reading = read_film(
        """
        film: {fps: 25}
        scenes:
          - {id: a, title: A, at: 90s}
          - {id: b, title: B, at: 1.5m}
          - {id: c, title: C, at: 1:30}
          - {id: d, title: D, at: 0:01:30.000}
          - {id: e, title: E, at: 00:01:30:00}
          - {id: f, title: F, at: 90000ms}
        """
    )
    assert {one.at.seconds for one in reading.timeline.scenes if one.at} == {S(90)}
    assert reading.problems == ()


def test_sets(read_film: Read) -> None:
    reading = read_film(
        """
        songs:
          low-tide: {title: Low Tide, bpm: 132, meter: 6/8, length: 3:00}
          curfew: {title: Curfew, length: 3:00}
        sets:
          friday:
            title: Friday late set
            date: 2025-03-14
            place: The Cooperage
            songs:
              - {song: low-tide, count: 1 bar}
              - {song: curfew, gap: ~45s, note: "tune down, talk"}
        """
    )
    (friday,) = reading.timeline.sets
    assert (friday.id, friday.title, friday.date, friday.place) == (
        "friday",
        "Friday late set",
        "2025-03-14",
        "The Cooperage",
    )
    assert [(entry.song, entry.count, entry.gap, entry.note) for entry in friday.songs] == [
        ("low-tide", "1 bar", None, None),
        ("curfew", None, 45, "tune down, talk"),
    ]
    assert friday.songs[1].gap_estimate


def test_keys_of_ones_own_pass_through_anywhere(read_film: Read) -> None:
    reading = read_film(
        """
        x-lights: {desk: [1, 2, {a: b}]}
        film: {x-format: 70mm}
        songs:
          x-spare: {title: [not, a, song]}
          a: {title: A, length: 3:00, x-mood: blue, media: {file: a.wav, x-take: 3}}
        scenes: [{id: x, title: X, x-set: {}, cues: [{song: a, x-desk: [go]}]}]
        """
    )
    assert reading.problems == ()
    assert list(reading.timeline.songs) == ["a"]


def test_spans_are_the_words_in_the_file(read_film: Read) -> None:
    reading = read_film(
        """
        songs:
          a:
            title: A
            length: 3:00   # three minutes

        # the scenes
        scenes:
          - id: x
            title: X
            cues:
              - song: a
                gain: -6 dB

          # the end
          - {id: y, title: Y}
        """
    )
    text = reading.source.text
    song, (one, two) = reading.timeline.songs["a"], reading.timeline.scenes
    assert text[song.span.start : song.span.end] == "a:\n    title: A\n    length: 3:00"
    assert text[one.span.start : one.span.end].startswith("id: x\n    title: X")
    assert text[one.span.start : one.span.end].endswith("gain: -6 dB")
    assert text[two.span.start : two.span.end] == "{id: y, title: Y}"
    (cue,) = one.cues
    assert (cue.span.line, cue.span.column) == (13, 9)
    gain, title = reading.place("cues/x#1", "gain"), reading.place("songs/a", "title")
    assert (text[gain.start : gain.end], gain.line, gain.column) == ("-6 dB", 14, 15)
    assert (text[title.start : title.end], title.line, title.column) == ("A", 5, 12)
    cues = reading.place("scenes/x", "cues")
    assert text[cues.start : cues.end] == "cues"
    nothing = reading.place("scenes/y", "note")
    assert text[nothing.start : nothing.end] == "id"


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r"])
def test_line_breaks_of_every_system(read_text: Read, breaks: str) -> None:
    text = breaks.join(["needledrop: 1", "scenes:", "- id: x", "  title: Q", "  at: ten"])
    reading = read_text(text)
    (problem,) = reading.problems
    assert (problem.span.line, problem.span.column) == (5, 7)
    assert reading.source.line(5) == "  at: ten"


@pytest.mark.parametrize("letter", ["\x85", "\u2028", "\u2029"])
def test_what_only_old_yaml_takes_for_a_line_break_is_a_letter(read_text: Read, letter: str) -> None:
    reading = read_text(f'needledrop: 1\nscenes:\n- id: x\n  title: a{letter}b\n  place: "a{letter}b"\n  at: ten\n')
    (one,) = reading.timeline.scenes
    assert (one.title, one.place) == (f"a{letter}b", f"a{letter}b")
    (problem,) = reading.problems
    assert (problem.span.line, problem.span.column) == (6, 7)


def test_a_byte_order_mark_changes_no_place(loader: str) -> None:
    text = "needledrop: 1\nscenes:\n- id: x\n  title: X\n  at: ten\n"
    plain, marked = read(text, loader=loader), read("\ufeff" + text, loader=loader)
    assert plain.problems == marked.problems
    assert read(b"\xef\xbb\xbf" + text.encode(), loader=loader).problems == plain.problems


def test_places_count_letters_and_not_bytes(read_text: Read) -> None:
    reading = read_text('needledrop: 1\nscenes: [{id: x, title: "🎸 Ünï — 東京", at: ten}]\n')
    (problem,) = reading.problems
    assert (problem.span.line, problem.span.column) == (2, 43)
    assert reading.source.text[problem.span.start : problem.span.end] == "ten"


def test_flow_style_block_style_and_json_say_the_same(read_text: Read) -> None:
    block = """
needledrop: 1
songs:
  a:
    title: A
    length: 3:00
scenes:
- id: x
  title: X
  cues:
  - song: a
"""
    flow = "{needledrop: 1, songs: {a: {title: A, length: 3:00}}, scenes: [{id: x, title: X, cues: [{song: a}]}]}"
    json = """{"needledrop":1,"songs":{"a":{"title":"A","length":"3:00"}},
"scenes":[{"id":"x","title":"X","cues":[{"song":"a"}]}]}"""
    mixed = """---
'needledrop': '1'
scenes:
-   cues: [song: a]
    title: X
    id: x
songs:
        a:
            title: >-
              A
            length: 3:00
"""
    texts = [block, flow, json, mixed]
    found = [read_text(text) for text in texts]
    assert all(reading.problems == () for reading in found)
    for reading in found:
        (one,) = reading.timeline.scenes
        (cue,) = one.cues
        assert (one.id, one.title, cue.song, reading.timeline.songs["a"].length) == ("x", "X", "a", 180)


def test_reading_leaves_the_collector_as_it_was() -> None:
    gc.disable()
    try:
        read("needledrop: 1")
        assert not gc.isenabled()
    finally:
        gc.enable()
    read("needledrop: 1")
    assert gc.isenabled()


def test_what_cannot_be_told_apart_keeps_its_step(read_film: Read) -> None:
    """A dangling song, a second scene of one name, a cue whose id is taken: all of them still happen."""
    reading = read_film(
        """
        songs: {a: {title: A, length: 3:00}}
        scenes:
          - {id: x, title: One, cues: [{song: nowhere}, {song: a, id: a}]}
          - {id: x, title: Two}
          - {title: Three}
        """
    )
    assert [(one.id, one.title) for one in reading.timeline.scenes] == [("x", "One"), ("#2", "Two"), ("#3", "Three")]
    first, second = reading.timeline.scenes[0].cues
    assert (first.song, second.id, second.key) == ("nowhere", None, "x#2")


def test_a_song_without_a_title_is_called_by_its_id(read_film: Read) -> None:
    assert read_film("songs: {a: {length: 3:00}}").timeline.songs["a"].title == "a"


def test_one_bad_value_costs_nothing_but_itself(read_film: Read) -> None:
    cue = the_cue(
        read_film(
            """
            songs: {a: {title: A, length: 3:00}}
            scenes: [{id: x, title: X, cues: [{song: a, gain: loud, then: later, armed: maybe, fade-out: 4s}]}]
            """
        )
    )
    assert (cue.gain, cue.then, cue.armed, cue.fade_out) == (None, "wait", True, Fade(S(4)))
