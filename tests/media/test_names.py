"""When two titles or artists are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.media.names import artists_of, folded, name_of_file, near_artists, near_titles, title_of


@pytest.mark.parametrize(
    ("song", "recording"),
    [
        ("Harbor Lights", "HARBOR LIGHTS"),
        ("Étude #9", "Etude No. 9"),
        ("Ærøskøbing", "aeroskobing"),
        ("Ærøskøbing", "Ærøskøbing"),
        ("Straße", "STRASSE"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("夜の海", "夜の海"),
        ("I Love Rock 'n' Roll", "I Love Rock and Roll"),
        ("I Love Rock 'n' Roll", "I love rock & roll"),
        ("Don’t Wait", "Don't Wait"),
        ("Low Tide, Pt. 2", "Low Tide Part 2"),
        ("Low Tide", "Low Tide (Remastered 2012)"),
        ("Low Tide", "Low Tide - 2012 Remaster"),
        ("Low Tide", "Low Tide - 2003 Digital Remaster"),
        ("Low Tide", "Low Tide [Remastered]"),
        ("Low Tide", "Low Tide (feat. Somebody Else)"),
        ("Low Tide", "Low Tide feat. Somebody Else"),
        ("Low Tide", "Low Tide (Album Version)"),
        ("Low Tide", 'Low Tide (From "The Long Night")'),
        ("Low Tide (Live)", "Low Tide - Live"),
        ("Low Tide (Live)", "Low Tide (Live at the Pier)"),
        ("Low Tide (Live at the Pier)", "Low Tide - Live at The Pier - Remastered 2012"),
        ("(I Can't Come) Tonight", "I Can't Come Tonight"),
        ("???", "???"),
    ],
)
def test_the_same_title(song: str, recording: str) -> None:
    assert near_titles(title_of(song), title_of(recording)) == "same"


@pytest.mark.parametrize(
    ("song", "recording"),
    [
        ("Low Tide", "Low Tide (Live)"),
        ("Low Tide (Live)", "Low Tide"),
        ("Low Tide (Live at the Pier)", "Low Tide (Live in Kiel)"),
        ("Low Tide", "Low Tide - Acoustic"),
        ("Low Tide", "Low Tide (Demo)"),
        ("Low Tide", "Low Tide (Somebody's Version)"),
        ("Low Tide", "Low Tide (Radio Edit)"),
        ("Low Tide", "Low Tide (Club Remix)"),
        ("Low Tide", "Low Tide (High Water)"),
    ],
)
def test_another_version_is_near_and_no_more(song: str, recording: str) -> None:
    assert near_titles(title_of(song), title_of(recording)) == "near"


@pytest.mark.parametrize(
    ("song", "recording"), [("Low Tide", "High Tide"), ("Low Tide", "Low Tides"), ("Live and Let Go", "Let Go")]
)
def test_another_title(song: str, recording: str) -> None:
    assert near_titles(title_of(song), title_of(recording)) == "other"


def test_an_album_recorded_live_makes_its_titles_live() -> None:
    assert title_of("Low Tide", "Live at the Pier").version == {"live"}
    assert title_of("Low Tide", "Live Through the Night").version == frozenset()


@pytest.mark.parametrize(
    ("song", "recording", "nearness"),
    [
        ("The Breakwaters", "breakwaters", "same"),
        ("The Breakwaters", "Breakwaters, The", "same"),
        ("The Breakwäters", "The Breakwaters feat. Somebody", "same"),
        ("A & the Bs", "A and Bs", "same"),
        ("Mara; Joel", "Joel, Mara", "same"),
        ("AC/DC", "ACDC", "same"),
        ("Mara", "Mara; Joel", "near"),
        ("Mara", "", "near"),
        ("Mara", "Joel", "other"),
    ],
)
def test_artists(song: str, recording: str, nearness: str) -> None:
    assert near_artists(artists_of(song), artists_of(recording)) == nearness


@pytest.mark.parametrize(
    ("stem", "artist", "title"),
    [
        ("03 - The Breakwaters - Low Tide", "The Breakwaters", "Low Tide"),
        ("The_Breakwaters_-_Low_Tide", "The Breakwaters", "Low Tide"),
        ("01 Low Tide", "", "Low Tide"),
        ("07. Low Tide", "", "Low Tide"),
        ("The Breakwaters - 07 - Low Tide", "The Breakwaters", "Low Tide"),
        ("1999", "", "1999"),
        ("99 Balloons", "", "99 Balloons"),
    ],
)
def test_names_of_files(stem: str, artist: str, title: str) -> None:
    assert name_of_file(stem) == (artist, title)


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_is_itself_and_fails_nowhere(title: str, album: str) -> None:
    apart = title_of(title, album)
    assert near_titles(apart, apart) == "same"
    assert near_artists(artists_of(title), artists_of(title)) in ("same", "near")
    assert folded(folded(title)) == folded(title)
    name_of_file(title)
