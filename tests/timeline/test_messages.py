"""What `send` takes: the words of a message, and what they become."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.messages import message, written
from timeline.model import Midi, Osc
from timeline.times import Refusal


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("midi program 3 channel 1", "C0 03"),
        ("midi program 127 channel 16", "CF 7F"),
        ("midi note 60 velocity 100 channel 10", "99 3C 64"),
        ("midi note 60", "90 3C 64"),
        ("midi note 60 channel 2 velocity 1", "91 3C 01"),
        ("midi velocity 9", None),
        ("midi note-off 60 channel 10", "89 3C 00"),
        ("midi note-off 60 velocity 64", "80 3C 40"),
        ("midi cc 7 100 channel 1", "B0 07 64"),
        ("MIDI CC 7 100 Channel 3", "B2 07 64"),
        ("midi pitch 0", "E0 00 40"),
        ("midi pitch -8192", "E0 00 00"),
        ("midi pitch 8191 channel 2", "E1 7F 7F"),
        ("midi pressure 90", "D0 5A"),
        ("midi  start ", "FA"),
        ("midi continue", "FB"),
        ("midi stop", "FC"),
        ("midi sysex 7F 01 02 01 01", "F0 7F 01 02 01 01 F7"),
        ("midi sysex F07F0102F7", "F0 7F 01 02 F7"),
    ],
)
def test_midi(text: str, data: str | None) -> None:
    if data is None:
        with pytest.raises(Refusal):
            message(text)
    else:
        assert message(text) == Midi(bytes.fromhex(data), " ".join(text.split()))


@pytest.mark.parametrize(
    ("text", "address", "arguments"),
    [
        ("osc /go", "/go", ()),
        ("osc /lamp/key 0.4", "/lamp/key", (0.4000000059604645,)),
        ("osc /lamp/* 1 -2 +3", "/lamp/*", (1, -2, 3)),
        ("osc /a true false nil", "/a", (True, False, None)),
        ('osc /title "The last ferry" night', "/title", ("The last ferry", "night")),
        (r'osc /say "a \"word\" and a \\"', "/say", ('a "word" and a \\',)),
        ('osc /n "12" 12', "/n", ("12", 12)),
    ],
)
def test_osc(text: str, address: str, arguments: tuple[object, ...]) -> None:
    made = message(text)
    assert isinstance(made, Osc)
    assert (made.address, made.arguments, made.text) == (address, arguments, text)
    assert [type(value) for value in made.arguments] == [type(value) for value in arguments]


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        ("program 3", '"program 3" does not say how it is sent', "write midi program 3"),
        ("/lamp 1", '"/lamp 1" does not say how it is sent', "write osc /lamp 1"),
        ("dmx 3", '"dmx 3" is not a message', "like midi program 3 channel 1, or osc /lamp/key 0.4"),
        ("midi progam 3", 'midi cannot send "progam"', "did you mean midi program?"),
        ("midi pc 3", 'midi cannot send "pc"', "did you mean midi program?"),
        ("midi note C4", 'a note is a number, not "C4"', "60 is middle C"),
        ("midi note 128", 'note is a whole number from 0 to 127, not "128"', None),
        ("midi note 60 channel 0", 'channel is a whole number from 1 to 16, not "0"', None),
        ("midi note 60 channel", "channel is a whole number from 1 to 16, and here is none", None),
        ("midi note 60 chanel 2", 'midi note knows no "chanel"', "did you mean channel?"),
        ("midi note 60 channel 1 channel 2", "channel is written twice", None),
        ("midi cc 7", "midi cc takes 2 numbers (controller and value), and here is 1", "like midi cc 7 100 channel 1"),
        ("midi program", "midi program takes one number (program), and here is none", None),
        ("midi program 3 4", "midi program takes one number (program), and here is 2", None),
        ("midi stop now", "midi stop takes nothing more", "write midi stop"),
        ("midi sysex 7", "sysex takes bytes of two hexadecimal digits each", "like midi sysex 7F 01 02 01 01"),
        ("midi sysex 7F 80", "the bytes of sysex go from 00 to 7F", None),
        ("osc a 1", '"a" is not an OSC address: it begins with / and is plain ASCII', "write osc /a 1"),
        ("osc", '"" is not an OSC address: it begins with / and is plain ASCII', "like osc /lamp/key 0.4"),
        ("osc /a 0,4", "0,4: decimals take a point", "write 0.4"),
        ("osc /a 3000000000", "3000000000 is too large for a whole number of OSC", "write 3000000000.0, or in quotes"),
        ("osc /a 1.0e39", "1.0e39 is too large for OSC", None),
        ('osc /a "open', 'this quote is not closed: "open', None),
    ],
)  # fmt: skip
def test_what_is_no_message_says_what_could_be_meant(text: str, says: str, hint: str | None) -> None:
    with pytest.raises(Refusal) as refusal:
        message(text)
    assert refusal.value.message == says
    if hint is not None:
        assert refusal.value.hint == hint


@given(st.text(max_size=40) | st.text("midosc /noteprgam0123456789.-\"\\", max_size=40))
def test_anything_is_a_message_or_refused(text: str) -> None:
    for words in (text, f"midi {text}", f"osc /a {text}"):
        try:
            made = message(words)
        except Refusal:
            continue
        assert made.text == " ".join(words.split())


@given(
    st.lists(
        st.booleans() | st.none() | st.integers(-(2**31), 2**31 - 1) | st.floats(width=32, allow_nan=False,
        allow_infinity=False) | st.text("abc xyz0.1\"\\é,:#", max_size=8)
    )
)  # fmt: skip
def test_written_arguments_are_read_back_as_they_were(values: list[bool | int | float | str | None]) -> None:
    made = message(" ".join(["osc /a", *map(written, values)]))
    assert isinstance(made, Osc)
    assert list(made.arguments) == values
    assert [type(value) for value in made.arguments] == [type(value) for value in values]
