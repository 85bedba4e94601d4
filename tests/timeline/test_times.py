"""Notations of times, levels and fades: what each means, and what is said of those that are none."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import times
from timeline.model import Bars, Fade
from timeline.times import (
    RATES,
    Label,
    Refusal,
    TempoMap,
    clock,
    exact,
    fade,
    frames,
    label_seconds,
    length,
    level,
    loudness,
    moment,
    moment_seconds,
    rough_length,
    short,
    signed_length,
    song_time,
    start_label,
    timecode,
)

S = Fraction


def refused(parse, text: str) -> str:
    """The message and the hint for a text that is refused."""
    with pytest.raises(Refusal) as caught:
        parse(text)
    return f"{caught.value.message} = {caught.value.hint}"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("350ms", S("0.35")),
        ("2.5s", S("2.5")),
        ("4m", S(240)),
        ("1h", S(3600)),
        ("0.5m", S(30)),
        ("4 s", S(4)),
        ("1:30", S(90)),
        ("0:05", S(5)),
        ("90:00", S(5400)),
        ("0:02:10.5", S("130.5")),
        ("1:47:12", S(6432)),
        ("0:00.123456789", S("0.123456789")),
        ("010s", S(10)),
    ],
)
def test_lengths(text: str, seconds: Fraction) -> None:
    assert length(text) == seconds


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("90", "write 90s for seconds"),
        ("1.30", "write 1.30s for seconds, or 1:30 for minutes and seconds"),
        (".5", "write 0.5s for seconds"),
        ("0", "write 0s for seconds"),
        ("1:5", "write 1:05"),
        ("1:75", "write 2:15"),
        ("0:75:00", "write 1:15:00"),
        ("1:30,5", "write 1:30.5"),
        ("4 sec", "write 4s"),
        ("4 minutes", "write 4m"),
        ("1h30m", "write 1:30:00"),
        ("-2s", "write 2s"),
        ("~4s", "write 4s"),
        ("00:24:06:12", "write it like 1:30 (m:ss), 0:02:10.5 (h:mm:ss) or 90s"),
    ],
)
def test_what_is_no_length_comes_with_what_to_write(text: str, hint: str) -> None:
    assert refused(length, text).endswith(f" = {hint}")


@pytest.mark.parametrize("text", ["1:30.0123456789", "1:2:3", "1::30", "soon", "4s 4s", "٣:٣٠", "1e3s", "0x10s", ":30"])
def test_what_is_no_length_at_all(text: str) -> None:
    refused(length, text)


def test_more_than_nine_decimals_are_refused_and_not_cut() -> None:
    assert "at most 9 decimals" in refused(length, "1:30.0123456789")


def test_an_offset_may_lie_before_the_beginning() -> None:
    assert signed_length("-120ms") == S("-0.12")
    assert signed_length("+2s") == 2


def test_a_rough_length_says_so() -> None:
    assert rough_length("~45s") == (S(45), True)
    assert rough_length("3:12") == (S(192), False)


@pytest.mark.parametrize(
    ("text", "value", "sign", "estimate"),
    [
        ("0:24:00", S(1440), 0, False),
        ("~0:24:00", S(1440), 0, True),
        ("+4s", S(4), 1, False),
        ("-2s", S(2), -1, False),
        ("\N{MINUS SIGN}2s", S(2), -1, False),
        ("+0:04.5", S("4.5"), 1, False),
        ("~+6m", S(360), 1, True),
        ("00:24:06:12", Label(0, 24, 6, 12), 0, False),
        ("~00:24:06:12", Label(0, 24, 6, 12), 0, True),
        ("01:00:10;02", Label(1, 0, 10, 2, drop=True), 0, False),
    ],
)
def test_film_times(text: str, value: Fraction | Label, sign: int, estimate: bool) -> None:
    found = moment(text)
    assert (found.value, found.sign, found.estimate, found.text) == (value, sign, estimate, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("+~6m", "write ~+6m"),
        ("+00:00:04:12", "lengths are never timecode"),
        ("25:00:00:00", "hh to 23"),
        ("bar 3", "bars count inside a song"),
        ("130", "write 130s"),
    ],
)
def test_what_is_no_film_time(text: str, said: str) -> None:
    assert said in refused(moment, text)


@pytest.mark.parametrize(
    ("rate", "label", "seconds"),
    [
        ("24", "00:24:06:12", S("1446.5")),
        ("25", "00:00:01:05", S("1.2")),
        ("30", "00:00:00:15", S("0.5")),
        ("50", "00:00:00:49", S("0.98")),
        ("60", "00:00:00:30", S("0.5")),
        ("23.976", "01:00:00:00", S(3600 * 1001, 1000)),
        ("29.97", "01:00:00:00", S(3600 * 1001, 1000)),
        ("59.94", "00:00:01:00", S(1001, 1000)),
        ("29.97df", "01:00:00;00", S(107_892 * 1001, 30_000)),
        ("29.97df", "00:01:00;02", S(1800 * 1001, 30_000)),
        ("29.97df", "00:10:00;00", S(17_982 * 1001, 30_000)),
        ("29.97df", "00:01:00:02", S(1800 * 1001, 30_000)),
    ],
)
def test_timecode_counts_pictures(rate: str, label: str, seconds: Fraction) -> None:
    value = moment(label).value
    assert isinstance(value, Label)
    assert label_seconds(value, RATES[rate]) == seconds


@pytest.mark.parametrize("label", ["00:01:00;00", "00:01:00;01", "00:59:00;01", "00:01:00:00"])
def test_labels_that_drop_frame_leaves_out_are_errors(label: str) -> None:
    said = refused(lambda text: moment_seconds(moment(text), RATES["29.97df"], S(0)), label)
    assert "does not exist" in said
    assert f"the first picture of the minute is {label[:8]}{label[8]}02" in said


def test_labels_of_every_tenth_minute_exist() -> None:
    assert label_seconds(Label(0, 20, 0, 0), RATES["29.97df"]) == S(2 * 17_982 * 1001, 30_000)


def test_a_semicolon_needs_a_drop_frame_rate() -> None:
    assert "29.97df" in refused(lambda text: moment_seconds(moment(text), RATES["29.97"], S(0)), "01:00:10;02")


@pytest.mark.parametrize(("rate", "label"), [("24", "00:00:00:24"), ("25", "00:00:00:25"), ("59.94", "00:00:00:60")])
def test_a_second_has_only_so_many_pictures(rate: str, label: str) -> None:
    assert "pictures 00 to" in refused(lambda text: moment_seconds(moment(text), RATES[rate], S(0)), label)


def test_timecode_is_counted_from_the_films_start() -> None:
    assert moment_seconds(moment("01:24:06:12"), RATES["24"], S(3600)) == S("1446.5")


def test_clock_time_is_never_timecode() -> None:
    assert moment_seconds(moment("1:24:06"), RATES["24"], S(3600)) == 5046


def test_timecode_before_the_start_suggests_clock_time() -> None:
    said = refused(lambda text: moment_seconds(moment(text), RATES["24"], S(3600)), "~00:24:06:12")
    assert said.endswith("write ~0:24:06.5")


def test_start_is_timecode_with_or_without_its_pictures() -> None:
    assert start_label("01:00:00:00") == start_label("1:00:00") == Label(1, 0, 0, 0)
    refused(start_label, "3600s")
    refused(start_label, "1:00:00.5")


@given(st.integers(0, 24 * 3600 * 30 - 1))
def test_drop_frame_labels_name_every_picture_once(picture: int) -> None:
    rate = RATES["29.97df"]
    picture %= 24 * 6 * 17_982
    label = timecode(picture / rate.per_second, rate)
    assert label_seconds(label, rate) * rate.per_second == picture


@given(st.sampled_from(sorted(RATES)), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 59))
def test_labels_come_back(name: str, hours: int, minutes: int, seconds: int, pictures: int) -> None:
    rate = RATES[name]
    label = Label(hours, minutes, seconds, pictures % rate.nominal, rate.drop)
    if rate.drop and seconds == 0 and label.pictures < 2 and minutes % 10:
        refused(lambda text: label_seconds(moment(text).value, rate), str(label))  # type: ignore[arg-type]
    else:
        assert timecode(label_seconds(label, rate), rate) == label
        assert moment(str(label)).value == label


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("0:31.250", S("31.25")),
        ("31s", S(31)),
        ("1:02:03", S(3723)),
        ("bar 41", Bars(41)),
        ("bar 12.3", Bars(12, S(3))),
        ("bar 12.10", Bars(12, S(10))),
    ],
)
def test_places_in_a_song(text: str, where: Fraction | Bars) -> None:
    assert song_time(text) == where


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Bar 41", "write bar 41"),
        ("bars 41", "write bar 41"),
        ("bar 0", "write bar 1"),
        ("bar 3.0", "write bar 3.1"),
        ("+4s", "write 4s"),
        ("~0:31", "write 0:31"),
        ("31", "write 31s for seconds"),
    ],
)
def test_what_is_no_place_in_a_song(text: str, hint: str) -> None:
    assert refused(song_time, text).endswith(f" = {hint}")


def test_timecode_is_no_place_in_a_song() -> None:
    assert "timecode counts film time only" in refused(song_time, "00:00:31:06")


@pytest.mark.parametrize(
    ("bpm", "meter", "where", "seconds"),
    [
        (96, (4, 4), Bars(1), S(0)),
        (96, (4, 4), Bars(41), S(100)),
        (120, (4, 4), Bars(2, S(3)), S(3)),
        (120, (3, 4), Bars(3), S(3)),
        (132, (6, 8), Bars(2), S(6 * 60, 132)),  # 132 eighths a minute
        (60, (2, 2), Bars(2, S(2)), S(3)),
    ],
)
def test_bars_by_one_tempo(bpm: int, meter: tuple[int, int], where: Bars, seconds: Fraction) -> None:
    assert TempoMap.constant(S(bpm), meter).seconds(where) == seconds


def test_bars_by_a_map_of_tempos_and_meters() -> None:
    changing = TempoMap(
        tempos=((S(0), S(1, 2)), (S(8), S(1))),  # 120, from the ninth quarter note on 60
        meters=((S(0), 4, 4), (S(8), 3, 4)),
    )
    assert changing.seconds(Bars(3)) == 4
    assert changing.seconds(Bars(4)) == 7
    assert changing.seconds(Bars(4, S(3))) == 9
    assert changing.beats_in(2) == 4
    assert changing.beats_in(3) == 3


def test_a_bar_that_a_new_meter_cuts_short_counts_as_one() -> None:
    cut = TempoMap(meters=((S(0), 4, 4), (S(6), 4, 4)))
    assert cut.seconds(Bars(3)) == 3


def test_without_a_word_on_tempo_a_map_is_that_of_a_midi_file() -> None:
    assert TempoMap().seconds(Bars(2)) == 2
    assert TempoMap().beats_in(7) == 4


@pytest.mark.parametrize(
    ("text", "decibels"),
    [
        ("-6 dB", -6.0),
        ("+1.5 dB", 1.5),
        ("-6", -6.0),
        ("3", 3.0),
        ("0 dB", 0.0),
        ("-6dB", -6.0),
        ("-6 db", -6.0),
        ("\N{MINUS SIGN}6 dB", -6.0),
        ("-inf dB", float("-inf")),
        ("-inf", float("-inf")),
        ("24 dB", 24.0),
    ],
)
def test_levels(text: str, decibels: float) -> None:
    assert level(text) == decibels


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("loud", "write it like -6 dB, +1.5 dB or -inf dB"),
        ("-6,5 dB", "write -6.5 dB"),
        ("60 dB", "did you mean -60 dB?"),
        ("inf", "for silence write -inf dB"),
        ("50%", "write it like -6 dB, +1.5 dB or -inf dB"),
    ],
)
def test_what_is_no_level(text: str, hint: str) -> None:
    assert refused(level, text).endswith(f" = {hint}")


def test_loudness() -> None:
    assert loudness("-16 LUFS") == -16.0
    assert loudness("-16.5") == -16.5
    refused(loudness, "-16 dB")
    refused(loudness, "3 LUFS")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("4s", Fade(S(4))),
        ("0s", Fade(S(0))),
        ("4s linear", Fade(S(4), "linear")),
        ("4 s linear", Fade(S(4), "linear")),
        ("0:04 s-curve", Fade(S(4), "s-curve")),
        ("350ms equal-power", Fade(S("0.35"))),
        ("2s exponential", Fade(S(2), "exponential")),
    ],
)
def test_fades(text: str, meant: Fade) -> None:
    assert fade(text) == meant


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("linear 4s", "write 4s linear"),
        ("4s fast", "curves are linear, equal-power, s-curve, exponential"),
        ("4 linear", "write 4s for seconds"),
    ],
)
def test_what_is_no_fade(text: str, hint: str) -> None:
    assert refused(fade, text).endswith(f" = {hint}")


@pytest.mark.parametrize(
    ("seconds", "frame"),
    [(S(1), 48_000), (S(1, 96_000), 1), (S(1, 96_001), 0), (S(-1, 96_000), 0), (S(1001, 30_000), 1602), (S(0), 0)],
)
def test_a_half_frame_goes_to_the_later_one(seconds: Fraction, frame: int) -> None:
    assert frames(seconds) == frame


@given(st.fractions(-10_000, 10_000))
def test_a_frame_is_never_further_off_than_half(seconds: Fraction) -> None:
    assert abs(frames(seconds) - seconds * 48_000) <= S(1, 2)


@given(st.integers(0, 10**7), st.integers(0, 10**9 - 1), st.booleans())
def test_what_is_written_reads_as_the_same_time(seconds: int, nanoseconds: int, hours: bool) -> None:
    time = seconds + S(nanoseconds, 10**9)
    assert length(exact(time, hours)) == time


def test_times_for_people() -> None:
    assert exact(S("31.25")) == "0:31.25"
    assert exact(S(6432)) == "1:47:12"
    assert exact(S(31), hours=True) == "0:00:31"
    assert exact(S(1, 3), decimals=3) == "0:00.333"
    assert clock(S("31.29")) == "0:31.2"
    assert clock(0.3) == "0:00.3"
    assert clock(S(6432)) == "1:47:12.0"
    assert clock(S("-1.5")) == "-0:01.5"
    assert short(S("31.9")) == "0:31"


@given(st.text(max_size=30))
def test_no_text_is_more_than_refused(text: str) -> None:
    for parse in (length, signed_length, rough_length, moment, song_time, level, loudness, fade, start_label):
        message = ""
        try:
            parse(text)
        except Refusal as refusal:
            message = refusal.message
        assert "\n" not in message


def test_every_rate_has_its_own_name() -> None:
    assert list(times.RATES) == ["23.976", "24", "25", "29.97", "29.97df", "30", "50", "59.94", "60"]


@pytest.mark.parametrize(
    ("parse", "text", "hint"),
    [
        (times.moment, "+4", "write +4s for seconds"),
        (times.moment, "~1:5", "write ~1:05"),
        (times.moment, ".5", "write 0.5s from the film's beginning, or +0.5s from the scene"),
        (times.length, "-2", "write 2s for seconds"),
        (times.length, "~", "write it like 1:30 (m:ss), 0:02:10.5 (h:mm:ss) or 90s"),
        (times.length, "2,5 min", "write 2.5m"),
        (times.song_time, "+3", "write 3s for seconds"),
        (times.song_time, "bar 12.3.4", "write it like bar 41 or bar 12.3"),
        (times.song_time, "bar 0.5", "write bar 1.5"),
        (times.song_time, "Bar 0", "write bar 1"),
        (times.fade, "linear", "like 4s linear"),
        (times.fade, "linear s-curve", "like 4s linear"),
        (times.fade, "linear 4", "write 4s for seconds"),
        (times.fade, "4s Linear", "write 4s linear"),
        (times.fade, "4s equal power", "write 4s equal-power"),
    ],
)
def test_what_a_hint_says_can_be_written(parse: Callable[[str], object], text: str, hint: str) -> None:
    with pytest.raises(times.Refusal) as refused:
        parse(text)
    assert refused.value.hint == hint


@pytest.mark.parametrize("parse", [times.length, times.moment, times.song_time, times.fade])
@pytest.mark.parametrize("text", ["~" * 3000, "+~" * 3000, "x" + " linear" * 3000, "linear " * 3000 + "1s"])
def test_a_text_of_many_mistakes_is_refused_like_any_other(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(times.Refusal):
        parse(text)
