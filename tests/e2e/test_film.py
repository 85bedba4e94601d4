"""The bundled film, stepped through with the space bar from the first scene to END."""

from __future__ import annotations

import pytest

from player.opening import find_songs, read_plan
from player.paths import assets
from tests.e2e.conftest import STAGE
from tests.e2e.player import Player, started
from tests.e2e.sink import Sink, loudness
from tests.e2e.stage import Stage, until

pytestmark = pytest.mark.needs(*STAGE)

# The steps that play; every other step is a card.
SONGS = {
    0: "lady-grinning-soul",
    3: "on-top-of-old-smoky",
    4: "johnny-b-goode",
    8: "fever",
    9: "cherry-bomb",
    14: "i-love-playin-with-fire",
    22: "cherry-bomb-live",
    33: "i-love-rock-n-roll",
    35: "crimson-and-clover",
}
STEPS = 36
AUDIBLE = 0.005  # root mean square: 46 dB below full scale
FILM = assets() / "films" / "the-runaways.yaml"


def plays(player: Player, sink: Sink, end: int) -> float:
    """Wait until the song is heard that ends at the frame `end`; its loudness over 1.5 s."""
    until(lambda: [voice for voice in player.status.voices if voice.end == end], "the song")
    until(lambda: loudness(sink.now()) > AUDIBLE, "its sound")
    return loudness(sink.next(1.5))


def test_space_steps_through_every_scene_and_each_song_sounds(stage: Stage, sink: Sink) -> None:
    plan = find_songs(read_plan(FILM), FILM.parent)
    heard = {}
    with started(stage) as player:
        assert player.title == "The Runaways - Needledrop"
        for step in range(STEPS):
            player.go()
            cue = plan.first_song(step)
            if cue is not None:
                heard[step] = cue.song
                assert plays(player, sink, plan.bounds(cue)[1]) > AUDIBLE, f"{cue.song} is not heard"
            else:
                sink.hears()  # what the scene before left behind has faded out
        at_end = player.picture(player.layout.next)
        player.go()  # nothing is left: a flash says so, and the last song goes on
        until(lambda: not player.shows(player.layout.next, at_end), "the flash")
        until(lambda: player.shows(player.layout.next, at_end), "END again")
        assert loudness(sink.next(0.5)) > AUDIBLE
    assert heard == SONGS
