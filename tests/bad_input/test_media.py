"""Recordings and MIDI files that do not play: marked in the order, silent for as long as they should last, and the
show goes on. Recorded samples prove it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from tests.bad_input.material import RATE, ramp, read_record, show
from tests.bad_input.program import Person

# What is wrong, as the order has it. Each of these songs says that it is two seconds long.
SILENT = {
    "missing.wav": "missing.wav is missing",
    "empty.wav": "empty.wav is empty",
    "noise.wav": "noise.wav is not audio we can read",
    "header.wav": "header.wav is not audio we can read",
    "folder.wav": "folder.wav is a folder, not a file",
    "empty.mid": "empty.mid is empty",
    "wrong.mid": "wrong.mid is not a MIDI file (it has no MThd header)",
    "stub.mid": "stub.mid is cut off within its header",
    "no-notes.mid": "no-notes.mid has no notes",
}


def songs(files: list[str], shelf: Path) -> list[str]:
    """A song for each file, called by its name with a dash for the dot."""
    return [f"{name.replace('.', '-')}: {shelf.as_posix()}/{name}" for name in files]


@pytest.mark.parametrize("name", SILENT)
def test_a_file_that_cannot_sound_is_marked_in_the_order(name: str, order: dict[str, dict]):
    found = order[name.replace(".", "-")]
    assert found["kind"] == "silence"
    assert found["frames"] == 2 * RATE
    assert found["trouble"].endswith(f"{SILENT[name]}; there is no stand-in")


@pytest.fixture(scope="module")
def order(someone: Person, shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """What each song of SILENT resolves to, by `order --json`."""
    film = show(tmp_path_factory.mktemp("order"), songs(list(SILENT), shelf))
    ran = someone.run("order", "--json", film)
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)["songs"]


def test_a_letter_is_not_a_recording(person: Person, folder: Path, shelf: Path):
    ran = person.run("order", show(folder, songs(["letter.mp3"], shelf)))
    assert (ran.code, ran.err) == (0, "")
    assert "0:02, silence: " in ran.out
    assert "letter.mp3 is not audio we can read; there is no stand-in" in ran.out


def test_cues_that_cannot_sound_keep_their_timing_and_the_show_goes_on(person: Person, folder: Path, shelf: Path):
    files = ["fine.wav"]
    for name in SILENT:
        files += [name, "fine.wav"]
    texts = [
        f"s{n}: {{title: Song {n}, media: '{shelf.as_posix()}/{name}', length: 0:02}}" for n, name in enumerate(files)
    ]
    film = show(folder, texts)
    ran = person.run("play", "--text", "--virtual", "--auto", "--record", folder / "heard.wav", film)
    assert (ran.code, ran.err) == (0, "")
    heard = read_record(folder / "heard.wav")
    fine = ramp(RATE).astype(np.float32)

    at = 0  # a second of the good recording, two of silence, and so on
    for n, name in enumerate(files):
        clock = f"0:00:{at // RATE:02}.000"
        if name == "fine.wav":
            assert f'{clock} plays s{n} "Song {n}" (recording)' in ran.lines
            np.testing.assert_array_equal(heard[at : at + RATE], fine)
            at += RATE
        else:
            line = next(line for line in ran.lines if line.startswith(f'{clock} plays s{n} "Song {n}" (silence: '))
            assert SILENT[name] in line
            assert not heard[at : at + 2 * RATE].any()
            at += 2 * RATE
    assert len(heard) == at


def test_a_recording_that_was_cut_off_sounds_to_the_cut_and_keeps_its_length(person: Person, folder: Path, shelf: Path):
    film = show(folder, songs(["cut.wav", "fine.wav"], shelf))
    ran = person.run("play", "--text", "--virtual", "--auto", "--record", folder / "heard.wav", film)
    assert (ran.code, ran.err) == (0, "")
    told = [line for line in ran.lines if "trouble: " in line]
    assert len(told) == 1
    assert told[0].startswith("0:00:01.000 trouble: ")  # the frame from which it is silent
    assert told[0].endswith("cut.wav breaks off at 0:01 of 0:02; silent from here, the show goes on")
    assert [line[:11] for line in ran.lines] == sorted(line[:11] for line in ran.lines)
    assert '0:00:02.000 plays fine-wav "The fine-wav song" (recording)' in ran.lines

    heard = read_record(folder / "heard.wav")
    assert len(heard) == 3 * RATE
    np.testing.assert_array_equal(heard[:RATE], ramp(2 * RATE)[:RATE].astype(np.float32))
    assert not heard[RATE : 2 * RATE].any()
    np.testing.assert_array_equal(heard[2 * RATE :], ramp(RATE).astype(np.float32))


def test_a_render_with_broken_files_is_whole_and_says_what_is_silent(person: Person, folder: Path, shelf: Path):
    film = show(folder, songs(["cut.wav", "missing.wav", "fine.wav"], shelf))
    ran = person.run("render", film, "-o", folder / "out.wav")
    assert ran.code == 0
    assert ran.lines == [f"{folder}/out.wav: 0:05.000, peak -6.2 dB"]
    missing, cut = ran.complaints
    assert missing == f"needledrop: missing-wav: {shelf}/missing.wav is missing; there is no stand-in"
    assert cut == f"needledrop: {shelf}/cut.wav breaks off at 0:01 of 0:02; silent from there"
    assert len(read_record(folder / "out.wav")) == 5 * RATE


def test_a_recording_that_goes_away_while_the_show_runs_is_silent(person: Person, folder: Path, shelf: Path):
    (folder / "song.wav").write_bytes((shelf / "fine.wav").read_bytes())
    film = show(folder, ["here: song.wav", f"fine: {shelf.as_posix()}/fine.wav"])
    with person.start("play", "--text", "--virtual", "--record", folder / "heard.wav", film) as live:
        live.hear("standby 1")
        (folder / "song.wav").unlink()
        live.say("go", "wait 1s", "go", "wait 1s")
        ran = live.end()
    assert ran.code == 0
    assert any("song.wav is missing; silent from here, the show goes on" in line for line in ran.lines)
    heard = read_record(folder / "heard.wav")
    assert not heard[:RATE].any()
    np.testing.assert_array_equal(heard[RATE:], ramp(RATE).astype(np.float32))


def test_what_is_left_of_a_truncated_midi_file_plays_and_the_cut_is_told(person: Person, folder: Path, shelf: Path):
    film = show(folder, songs(["truncated.mid", "good.mid"], shelf))
    order, play = person.each(["order", film], ["play", "--text", "--virtual", "--auto", film])
    assert (order.code, order.err, play.code, play.err) == (0, "", 0, "")
    file = f"{shelf}/truncated.mid"
    assert f"MIDI file: {file} is cut off; {file} plays" in order.out
    assert f'plays truncated-mid "The truncated-mid song" (MIDI file: {file} is cut off; {file} plays)' in play.out
    assert (order.out.count("cut off"), play.out.count("cut off")) == (1, 1)


def test_a_stand_in_that_is_broken_too_is_told_with_the_recording(person: Person, folder: Path, shelf: Path):
    files = f"media: {shelf.as_posix()}/noise.wav, stand-in: {shelf.as_posix()}/no-notes.mid"
    ran = person.run("order", show(folder, [f"both: {{title: Both, {files}, length: 0:02}}"]))
    assert (ran.code, ran.err) == (0, "")
    assert "0:02, silence: " in ran.out
    assert "noise.wav is not audio we can read; " in ran.out
    assert "no-notes.mid has no notes" in ran.out


def test_the_first_recording_that_decodes_plays(person: Person, folder: Path, shelf: Path):
    media = ", ".join(f"{shelf.as_posix()}/{name}" for name in ("missing.wav", "noise.wav", "fine.wav"))
    ran = person.run("order", show(folder, [f"song: {{title: Song, media: [{media}]}}"]))
    assert (ran.code, ran.err) == (0, "")
    assert "recording: " in ran.out
    assert "missing.wav is missing; " in ran.out
    assert ran.out.rstrip().count("fine.wav plays") == 1


def test_a_pipe_is_no_recording_and_nobody_waits_for_it(person: Person, folder: Path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs named pipes")
    os.mkfifo(folder / "pipe.wav")
    ran = person.run("order", show(folder, ["pipe: pipe.wav"]))
    assert ran.code == 0
    assert "silence: pipe.wav is a device or a pipe, not a file" in ran.out
