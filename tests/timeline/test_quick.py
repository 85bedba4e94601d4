"""Values that are made the quick way are the same as any other."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction

import pytest

from timeline.model import SongCue, Span, When
from timeline.quick import maker

cue = maker(SongCue)
span = maker(Span)


def test_a_value_made_quickly_equals_one_made_slowly() -> None:
    said = {"key": "a#1", "scene": "a", "song": "fever", "gain": -6.0, "at": When(Fraction(4))}
    assert cue(**said) == SongCue(**said)
    assert repr(cue(**said)) == repr(SongCue(**said))
    assert hash(cue(**said)) == hash(SongCue(**said))
    assert span(1, 2, 3, 4) == Span(1, 2, 3, 4)


def test_it_is_of_the_very_type_and_frozen() -> None:
    made = span(1, 2)
    assert type(made) is Span
    with pytest.raises(FrozenInstanceError):
        made.start = 5  # type: ignore[misc]
    assert replace(made, end=7) == Span(1, 7)
    assert pickle.loads(pickle.dumps(made)) == made


def test_what_is_required_stays_required() -> None:
    with pytest.raises(TypeError, match="song"):
        cue(key="a#1", scene="a")
