"""What a rights sheet would lack, told only where the file asks for one; and what nothing can be right about."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from timeline.reader import Reading

Read = Callable[[str], Reading]


def told(read_film: Read, writers: str, usage: str = "usage: BI", rights: str = "") -> list[str]:
    song = ", ".join(part for part in ("title: A, length: 3:00", writers, rights) if part)
    cue = ", ".join(part for part in ("song: a", usage) if part)
    text = f"songs: {{a: {{{song}}}}}\nscenes: [{{id: x, title: X, cues: [{{{cue}}}]}}]\n"
    return [f"{problem.severity} {problem.code}: {problem.message}" for problem in read_film(text).problems]


ALL = "writers: [{name: A, share: 50}, {name: B, share: 50%}]"


@pytest.mark.parametrize(
    ("writers", "lack"),
    [
        (ALL, None),
        ("writers: [{name: A, share: 33.33}, {name: B, share: 33.33}, {name: C, share: 33.34}]", None),
        ("", "the writers of a are not known"),
        ("writers: [A, {name: B, share: 50}]", "the share of A is not known"),
        ("writers: [A, B, C]", "the share of A, B and C is not known"),
        ("writers: [{name: A, share: 80}]", "20 % of a belong to nobody"),
        ("writers: [{name: A, share: 33.3}]", "66.7 % of a belong to nobody"),
    ],
)
def test_shares_for_a_rights_sheet(read_film: Read, writers: str, lack: str | None) -> None:
    expected = [] if lack is None else [f"warning unknown-shares: for the rights sheet {lack}"]
    assert told(read_film, writers) == expected


def test_no_sheet_no_word(read_film: Read) -> None:
    """An ordinary file says who wrote its songs, or does not, and hears nothing of shares."""
    assert told(read_film, "writers: [A, {name: B, share: 50}]", usage="") == []
    assert told(read_film, "", rights="rights: public-domain") == []


def test_more_than_all_of_it(read_film: Read) -> None:
    shares = "writers: [{name: A, share: 50.5}, {name: B, share: 50}]"
    expected = ["error shares: the shares of a come to 100.5 %"]
    assert told(read_film, shares, usage="") == expected
    assert told(read_film, shares) == expected


def test_a_code_of_use_that_we_do_not_know(read_film: Read) -> None:
    assert told(read_film, ALL, usage="usage: XQ") == ["warning unknown-usage: XQ is not a code of use that we know"]
    assert told(read_film, ALL, usage="usage: score") == []


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("isrc: GBAYE740012", "isrc: \"GBAYE740012\" is not an ISRC"),
        ("iswc: T0345246802", 'iswc: the check digit of "T0345246802" does not fit: one of its digits is wrong'),
        ("mbid: 1234", 'mbid: "1234" is not a MusicBrainz id'),
        ("writers: [{name: A, ipi: 12}]", 'ipi: "12" is not an IPI number'),
    ],
)
def test_numbers_that_are_none(read_film: Read, key: str, says: str) -> None:
    assert told(read_film, key, usage="") == [f"error bad-value: {says}"]


def test_numbers_are_kept_bare(read_film: Read) -> None:
    song = read_film(
        "songs: {a: {title: A, isrc: GB-AYE-74-00123, iswc: T-034.524.680-1, writers: [{name: W, ipi: 123456789}]}}\n"
    ).timeline.songs["a"]
    assert (song.isrc, song.iswc, song.writers[0].ipi) == ("GBAYE7400123", "T0345246801", "00123456789")
