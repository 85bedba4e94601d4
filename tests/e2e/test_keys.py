"""Every key of the window, pressed for real, heard at the sink."""

from __future__ import annotations

import numpy as np
import pytest

from tests.e2e.conftest import DINER, FERRY, HARBOUR, LAST, STAGE
from tests.e2e.music import second
from tests.e2e.player import Player
from tests.e2e.sink import RATE, Sink, loudness
from tests.e2e.stage import until

pytestmark = pytest.mark.needs(*STAGE)


# -- run the show


def test_space_fires_standby_and_moves_on(player: Player, sink: Sink) -> None:
    for tone in (FERRY, HARBOUR, DINER):
        player.go()
        sink.hears(tone)
    player.go()  # a card
    sink.hears()


def test_a_held_space_fires_once(player: Player, sink: Sink) -> None:
    player.hold("space")
    sink.hears(FERRY)
    sink.goes_on(FERRY, seconds=1.5)  # auto-repeat begins after 0.66 s
    player.let_go("space")
    player.go()
    sink.hears(HARBOUR)


def test_two_spaces_within_250_ms_fire_once(player: Player, sink: Sink) -> None:
    player.press("space", "space")
    sink.hears(FERRY)
    sink.goes_on(FERRY, seconds=1.0)


def test_esc_fades_everything_over_two_seconds(player: Player, sink: Sink) -> None:
    player.go()
    full = sink.amplitude(FERRY)
    pressed = sink.frames
    player.press("Escape")
    sink.hears()
    fade = sink.sound(pressed, sink.frames - pressed)
    heard = np.flatnonzero(np.abs(fade) > 0.001)
    # told from its end, since the key itself may take its time on a busy machine
    end = int(heard[-1])
    assert loudness(fade[end - RATE : end]) * 2**0.5 == pytest.approx(0.43 * full, abs=0.12 * full)
    early = fade[end - 8 * RATE // 5 : end - 7 * RATE // 5]  # a quarter of the way: cos(22.5 degrees)
    assert loudness(early) * 2**0.5 == pytest.approx(0.92 * full, abs=0.06 * full)


def test_esc_twice_stops_now(player: Player, sink: Sink) -> None:
    player.go()
    sink.hears(FERRY)
    pressed = sink.frames
    player.press("Escape", "Escape")
    sink.hears()
    stop = sink.sound(pressed, sink.frames - pressed)
    assert np.flatnonzero(np.abs(stop) > 0.001)[-1] < 0.7 * RATE


def climb(player: Player, sink: Sink) -> None:
    """The song that tells its seconds, up to its second one."""
    player.type("5")
    player.press("Return")
    player.go()
    sink.pitch(lambda hertz: second(hertz) == 1)


def test_p_pauses_and_resumes_at_the_same_place(player: Player, sink: Sink) -> None:
    climb(player, sink)
    player.press("p")
    sink.hears()
    sink.goes_on(seconds=2.5)
    player.press("p")
    assert second(sink.pitch()) in (1, 2)  # had the song gone on: 4


def test_f_fades_the_song_out(player: Player, sink: Sink) -> None:
    player.go()
    sink.hears(FERRY)
    pressed = sink.frames
    player.press("f")
    sink.hears()
    fade = sink.sound(pressed, sink.frames - pressed)
    assert np.flatnonzero(np.abs(fade) > 0.001)[-1] == pytest.approx(0.5 * RATE, abs=0.4 * RATE)
    player.go()
    sink.hears(HARBOUR)


def test_v_previews_and_standby_stays(player: Player, sink: Sink) -> None:
    player.press("v")
    sink.hears(FERRY)
    player.press("v")
    sink.hears()
    player.go()
    sink.hears(FERRY)


# -- standby


def test_arrows_and_paging_move_standby_and_no_sound(player: Player, sink: Sink) -> None:
    player.go()
    sink.hears(FERRY)
    player.press("Down", "Down", "Up")  # from 2 to 3
    player.press("End", "Home", "Next", "Prior", "Down", "Down")  # END, 1, 11, 1, 3
    sink.goes_on(FERRY)
    player.go()
    sink.hears(DINER)
    player.press("Home", "Next", "Down")  # 12
    player.go()
    sink.hears(LAST)
    player.go()  # at END: nothing happens
    sink.goes_on(LAST)


def test_digits_and_enter_stand_by_at_a_number(player: Player, sink: Sink) -> None:
    player.go()
    sink.hears(FERRY)
    player.type("12")
    player.press("Return")
    sink.goes_on(FERRY)
    player.go()
    sink.hears(LAST)


def test_g_finds_a_scene_by_its_words(player: Player, sink: Sink) -> None:
    player.press("g")
    player.type("diner")
    player.press("Return")
    sink.goes_on()
    player.go()
    sink.hears(DINER)


def test_esc_in_a_field_closes_it_and_fades_nothing(player: Player, sink: Sink) -> None:
    player.go()
    sink.hears(FERRY)
    player.press("g", "Escape")
    sink.goes_on(FERRY, seconds=1.0)


# -- sound


def test_left_and_right_seek(player: Player, sink: Sink) -> None:
    climb(player, sink)
    player.press("Right")
    sink.pitch(lambda hertz: second(hertz) in (6, 7), within=1.5)
    player.press("Right")
    player.press("Right")
    sink.pitch(lambda hertz: second(hertz) >= 16)
    player.press("Left")
    sink.pitch(lambda hertz: 11 <= second(hertz) <= 14)
    before = second(sink.pitch())
    player.press("shift+Right", "shift+Right", "shift+Right", "shift+Right")
    sink.pitch(lambda hertz: second(hertz) - before in (4, 5, 6), within=1.0)
    before = second(sink.pitch())
    player.press("shift+Left", "shift+Left", "shift+Left", "shift+Left")
    sink.pitch(lambda hertz: before - second(hertz) in (2, 3, 4), within=1.0)


def test_minus_and_plus_move_the_level_by_1_db(player: Player, sink: Sink) -> None:
    def changes(key: str) -> float:
        before = sink.amplitude(FERRY)
        player.press(key)
        until(lambda: abs(sink.amplitude(FERRY) - before) > 0.001, f"{key} to be heard")
        return 20 * float(np.log10(sink.amplitude(FERRY) / before))

    player.go()
    assert changes("minus") == pytest.approx(-1.0, abs=0.01)
    assert changes("minus") == pytest.approx(-1.0, abs=0.01)
    assert changes("plus") == pytest.approx(1.0, abs=0.01)
    assert changes("plus") == pytest.approx(1.0, abs=0.01)


def test_x_mutes_and_the_song_goes_on_unheard(player: Player, sink: Sink) -> None:
    climb(player, sink)
    player.press("x")
    sink.hears()
    sink.goes_on(seconds=2.0)
    player.press("x")
    assert second(sink.pitch()) >= 3


# -- screen and file


def test_a_command_of_the_palette_runs(player: Player, sink: Sink) -> None:
    player.go()
    sink.hears(FERRY)
    player.press("slash")
    player.type("mute")
    player.press("Return")
    sink.hears()
    player.press("x")
    sink.hears(FERRY)


def test_help_opens_and_esc_closes_it(player: Player, sink: Sink) -> None:
    card = player.layout.card
    plain = player.still(card)
    player.press("question")
    until(lambda: (player.picture(card) != plain).mean() > 0.5, "help over the card")
    player.press("Escape")
    until(lambda: player.shows(card, plain), "the card as it was")


def test_help_leaves_the_music_alone(player: Player, sink: Sink) -> None:
    player.go()
    sink.hears(FERRY)
    player.press("question", "Escape")
    sink.goes_on(FERRY, seconds=1.0)
    player.press("question")
    player.go()  # GO works under help, and closes it
    sink.hears(HARBOUR)


def test_the_lock_stops_what_changes_the_file_and_nothing_else(player: Player, sink: Sink) -> None:
    card, foot = player.layout.card, player.layout.footer
    plain, keys = player.still(card), player.still(foot)
    player.press("l", "ctrl+o")
    until(lambda: not player.shows(foot, keys), "a word at the foot")
    assert player.shows(card, plain)  # and no picker over the card
    player.go()
    sink.hears(FERRY)
    player.press("f")
    sink.hears()
    plain = player.still(card)
    player.press("l", "ctrl+o")
    until(lambda: (player.picture(card) != plain).mean() > 0.2, "the picker")
    player.press("Escape")
    until(lambda: player.shows(card, plain), "the card as it was")


def test_f11_fills_the_screen_and_gives_it_back(player: Player, sink: Sink) -> None:
    place = player.origin
    assert player.look() == (1280, 720)
    player.press("F11")
    until(lambda: player.look() == (1920, 1080), "full screen")
    player.go()
    sink.hears(FERRY)
    player.press("F11")
    until(lambda: player.look() == (1280, 720) and player.origin == place, "the window where it was")


def test_ctrl_with_plus_minus_and_0_sets_the_size_of_text(player: Player, sink: Sink) -> None:
    rows = player.layout.list
    assert rows is not None
    plain = player.still(rows)
    player.press("ctrl+plus")
    until(lambda: not player.shows(rows, plain), "bigger text")
    bigger = player.still(rows)
    player.press("ctrl+minus")
    until(lambda: player.shows(rows, plain), "the usual text")
    player.press("ctrl+minus")
    until(lambda: not player.shows(rows, plain), "smaller text")
    assert not np.array_equal(player.still(rows), bigger)
    player.press("ctrl+0")
    until(lambda: player.shows(rows, plain), "the size of the settings")
