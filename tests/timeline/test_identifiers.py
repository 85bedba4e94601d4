"""Numbers of recordings, works and writers, codes of use, and keys: what is taken, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player import commands
from timeline import identifiers
from timeline.hotkeys import hotkey
from timeline.times import Refusal


def refused(parse: Callable[[str], str], text: str) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as refusal:
        parse(text)
    return refusal.value.message, refusal.value.hint


@pytest.mark.parametrize("text", ["GBAYE7400123", "GB-AYE-74-00123", "gb aye 74 00123", "ISRC GB-AYE-74-00123"])
def test_an_isrc_is_known_in_every_spelling(text: str) -> None:
    assert identifiers.isrc(text) == "GBAYE7400123"


@pytest.mark.parametrize("text", ["GBAYE740012", "1BAYE7400123", "GBAYE74O0123", "GB-AYÉ-74-00123", ""])
def test_what_is_no_isrc(text: str) -> None:
    message, hint = refused(identifiers.isrc, text)
    assert "is not an ISRC" in message
    assert hint is not None
    assert hint.startswith("two letters, three letters or digits, seven digits")


@pytest.mark.parametrize("text", ["T-034.524.680-1", "T0345246801", "t-034524680-1", "ISWC T-034.524.680-1"])
def test_an_iswc_is_known_in_every_spelling(text: str) -> None:
    assert identifiers.iswc(text) == "T0345246801"


def test_an_iswc_with_a_wrong_digit() -> None:
    assert refused(identifiers.iswc, "T-034.524.681-1") == (
        'the check digit of "T-034.524.681-1" does not fit: one of its digits is wrong',
        "compare it with where it came from",
    )
    assert "is not an ISWC" in refused(identifiers.iswc, "034.524.680-1")[0]


@given(st.from_regex(r"\A[0-9]{9}\Z"), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_an_iswc_never_passes_unless_its_place_weighs_with_ten(
    digits: str, place: int, by: int
) -> None:
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    same = identifiers.check_digit(wrong) == identifiers.check_digit(digits)
    assert same == ((place + 1) * (int(wrong[place]) - int(digits[place])) % 10 == 0)


def test_a_musicbrainz_id_and_the_address_of_its_page() -> None:
    ident = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"
    assert identifiers.mbid(ident.upper()) == ident
    assert refused(identifiers.mbid, f"https://musicbrainz.org/recording/{ident}")[1] == f"write {ident}"
    assert "is not a MusicBrainz id" in refused(identifiers.mbid, ident[:-1])[0]


@pytest.mark.parametrize(("text", "ident"), [("00012345678", "00012345678"), ("123456789", "00123456789")])
def test_an_ipi_number_has_eleven_digits_in_the_end(text: str, ident: str) -> None:
    assert identifiers.ipi(text) == ident


@pytest.mark.parametrize("text", ["12345678", "123456789012", "I-123456789-0", "12345678A"])
def test_what_is_no_ipi_number(text: str) -> None:
    assert "is not an IPI number" in refused(identifiers.ipi, text)[0]


def test_codes_of_use() -> None:
    assert [identifiers.usage(code) for code in ("BI", "VV", "source", "score", "XY")] == [
        "BI", "VV", "source", "score", "XY",
    ]  # fmt: skip
    assert refused(identifiers.usage, "bv") == ('"bv" is not a code of use', "write BV")
    assert refused(identifiers.usage, "Source") == ('"Source" is not a code of use', "write source")
    assert refused(identifiers.usage, "background")[0] == '"background" is not a code of use'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("k", "K"), ("K", "K"), ("f5", "F5"), ("F24", "F24"), ("shift+k", "Shift+K"), ("Shift+Ctrl+k", "Ctrl+Shift+K"),
        ("ctrl+3", "Ctrl+3"), ("Alt+F9", "Alt+F9"), ("+", "+"), ("Ctrl++", "Ctrl++"), ("#", "#"), ("ß", "ß"),
        (" k ", "K"), ("Strg+K", "Ctrl+K"), ("[", "["),
    ],
)  # fmt: skip
def test_hotkeys(text: str, key: str) -> None:
    assert hotkey(text) == key
    assert commands.stroke(key) == key


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Space", "Space belongs to the player"),
        ("Esc", "Esc belongs to the player"),
        ("Ctrl+Up", "Up belongs to the player"),
        ("7", "7 begins a number"),
        ("kk", '"kk" is not one key'),
        ("F25", '"F25" is not one key'),
        ("K L", '"K L" is not one key'),
        ("Super+K", '"Super+K" is not one key'),
        ("Ctrl+Ctrl+K", '"Ctrl+Ctrl+K" is not one key'),
        ("Ctrl+", '"Ctrl+" is not one key'),
        ("Shift+1", '"Shift+1": Shift makes another sign of this key'),
        ("", '"" is not one key'),
    ],
)
def test_what_is_no_hotkey(text: str, says: str) -> None:
    assert refused(hotkey, text)[0] == says


PARTS = st.sampled_from(["Ctrl", "alt", "Shift", "F1", "k", "+", "é", "3"])


@given(st.text(max_size=6) | st.lists(PARTS).map("+".join))
def test_every_hotkey_is_a_stroke_the_player_knows(text: str) -> None:
    try:
        key = hotkey(text)
    except Refusal:
        return
    assert commands.stroke(key) == key
    assert hotkey(key) == key
