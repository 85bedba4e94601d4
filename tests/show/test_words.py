"""Text mode tells in plain lines what the verbs do."""

from __future__ import annotations

import pytest

from player import actions as act
from player.errors import AudioFileError
from player.text import run_virtual, wait_frames
from tests.show.rig import Stage, Steady
from tests.show.test_transport import scenes


def told(text: str, *lines: str) -> list[str]:
    """What a show in virtual time says to some lines, without the stamps."""
    said: list[str] = []
    stage = Stage(text)
    run_virtual(stage.session, stage.engine, lines, said.append)
    return [line if line.startswith("?") else line.split(" ", 1)[1] for line in said][1:]


def test_a_paused_and_resumed_song():
    lines = told(scenes("song: a", "pause: a", "resume: a"), "go", "wait 1s", "go", "wait 1s", "state", "go")
    assert 'pauses a "A" (recording)' in lines
    assert 'resumes a "A" (recording)' in lines
    assert any('plays a "A" (recording) at 0:01.000 of 0:10.000 (0.0 dB, paused)' in line for line in lines)


class Cut(Steady):
    """Material that breaks off after 2.5 s: the rest is silence, and the next read tells of it, once."""

    told = False

    def read(self, at, out):
        got = super().read(at, out)
        out[max(0, 120_000 - at) :] = 0
        if at >= 120_000 and not self.told:
            self.told = True
            raise AudioFileError("a.wav", "breaks off at 0:02 of 0:10")
        return got


@pytest.mark.parametrize("waits", [("wait 9s",), ("wait 1s", "wait 1s", "wait 1s")])
def test_what_breaks_off_is_told_at_the_frame_from_which_it_is_silent(waits):
    said: list[str] = []
    stage = Stage(scenes("song: a", "song: b"), material=Cut)
    run_virtual(stage.session, stage.engine, ["wait 500ms", "go", *waits], said.append)
    assert said[1:] == [
        '0:00:00.500 scene 1 one "One"',
        '0:00:00.500 plays a "A" (recording)',
        '0:00:00.500 standby 2 one "One": plays B',
        "0:00:03.000 trouble: a.wav breaks off at 0:02 of 0:10; silent from here, the show goes on",
    ]


def test_a_loop_and_how_it_is_left():
    text = scenes("{song: a, loop: {from: 1s, to: 2s, times: until-go}}")
    lines = told(text, "go", "wait 3.5s", "state", "leave", "wait 1s")
    assert any("at 0:01.500 of 0:10.000 (0.0 dB, pass 3)" in line for line in lines)
    assert lines[-1] == 'leaves the loop of a "A" (recording)'


def test_a_hotkey_and_its_mistakes():
    text = scenes("song: a", "{song: b, hotkey: k}")
    assert told(text, "hotkey k") == ['plays b "B" (recording)']
    assert told(text, "hotkey x", "hotkey Space") == [
        "? hotkey: X fires no cue",
        "? hotkey: Space belongs to the player",
    ]


def test_an_undo():
    lines = told(scenes("{song: a, number: 7}"), "undo", "go", "wait 1s", "undo", "wait 1s")
    assert lines[0] == "undo: there is no GO to take back"
    assert lines[-3:] == [
        "GO 7 is undone",
        'standby 7 one "One": plays A',
        'ended a "A" (recording)',
    ]


def test_what_a_stop_took_is_back():
    lines = told(scenes("song: a", "stop: a"), "go", "wait 1s", "go", "wait 3s", "undo", "wait 1s")
    assert 'back: a "A" (recording)' in lines


def test_messages_that_nobody_can_be_sent():
    text = scenes("{send: [osc /lamp 1, midi program 3 channel 1], number: 7}")
    lines = told(text, "go", "undo")
    assert "not sent: osc /lamp 1, midi program 3 channel 1" in lines
    assert "GO 7 is undone; its messages are not unsent" in lines


def test_numbers_take_the_typographic_minus():
    lines = told(scenes("song: a"), "go", "wait 3s", "seek −1s", "level −4.5 dB", "standby −1")
    assert lines[-3:] == [
        'seeks a "A" (recording) to 0:02.000',
        "level -4.5 dB",
        'standby 1 one "One": plays A',
    ]


def test_a_number_keeps_its_sign_that_looks_like_a_minus():
    text = scenes("song: a").replace("title: One", "title: One\n  number: 2−b")
    assert told(text, "standby end", "standby 2−b")[-1].startswith('standby 2−b one "One"')


def test_frames_without_end_are_a_number_too():
    assert wait_frames("9" * 5000 + " frames") == int("9" * 20)


def test_a_word_that_stands_alone():
    assert told(scenes("song: a"), "state now", "help me") == ['? "state" stands alone', '? "help" stands alone']


def test_a_master_level_of_nothing_is_silence_and_the_keys_lead_out_of_it():
    stage = Stage(scenes("song: a"))
    stage.go().do(act.Level(float("-inf"))).wait(1)
    assert not stage.heard()[240:].any()
    stage.do(act.LevelBy(1.0))
    assert stage.show.level_db == -59.0
