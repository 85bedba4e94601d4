"""Standard MIDI Files, good and bad, written out byte by byte."""

from __future__ import annotations

import io
from fractions import Fraction

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.devices import smf
from player.errors import MidiFileError
from timeline.model import Bars

HEADER = "4D 54 68 64  00 00 00 06  00 00  00 01  01 E0"  # MThd, 6 bytes: type 0, 1 track, 480 ticks
NOTE = "00 90 3C 64  83 60 80 3C 00"  # C4 on at once, off after 480 ticks
END = "00 FF 2F 00"


def chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "big") + content


def file(*tracks: str, header: str = HEADER) -> bytes:
    """A file from hex dumps: a header and its tracks' events."""
    return bytes.fromhex(header) + b"".join(chunk(b"MTrk", bytes.fromhex(track)) for track in tracks)


def notes(data: bytes) -> list[smf.Note]:
    return list(smf.parse(data, "a.mid").notes)


C4 = smf.Note(0, 24_000, 60, 0, 100)  # 480 ticks at 120 a minute: half a second


# ---- good files


def test_a_note_lies_where_its_ticks_say() -> None:
    song = smf.parse(file(f"{NOTE} {END}"), "a.mid")
    assert song.notes == (C4,)
    assert song.frames == 24_000
    assert song.at.tolist() == [0, 24_000]
    assert song.messages.tolist() == [[0x90, 60, 100], [0x80, 60, 0]]
    assert song.warnings == ()


def test_running_status_and_a_note_on_of_velocity_0_as_note_off() -> None:
    assert notes(file(f"00 90 3C 64  83 60 3C 00  {END}")) == [C4]


def test_tempo_changes_are_followed_exactly() -> None:
    # 480 ticks at 500000 us, then 480 at 333333 us: 0.833333 s, the frame nearest to 39999.984.
    track = f"00 90 3C 64  83 60 FF 51 03 05 16 15  83 60 80 3C 00  {END}"
    assert notes(file(track)) == [(0, 40_000, 60, 0, 100)]


def test_the_tempo_of_one_track_holds_for_all() -> None:
    tempo = f"00 FF 51 03 0F 42 40  {END}"  # a second a quarter note
    header = "4D 54 68 64  00 00 00 06  00 01  00 02  01 E0"
    assert notes(file(tempo, f"{NOTE} {END}", header=header)) == [(0, 48_000, 60, 0, 100)]


def test_ticks_of_almost_a_day_come_to_the_very_frame() -> None:
    # 2,471,000 ticks of 16,777,215 us a quarter note are 4,145,649,826.5 frames: halves go up.
    track = f"00 FF 51 03 FF FF FF  81 96 E8 58 90 3C 64  00 80 3C 00  {END}"
    assert notes(file(track)) == [(4_145_649_827, 4_145_649_827, 60, 0, 100)]


def test_smpte_time_does_not_know_tempo() -> None:
    # 25 pictures a second, 40 ticks each: a tick is a millisecond.
    header = "4D 54 68 64  00 00 00 06  00 00  00 01  E7 28"
    track = f"00 FF 51 03 0F 42 40  00 90 3C 64  83 74 80 3C 00  {END}"  # 500 ticks
    assert notes(file(track, header=header)) == [C4]


def test_29_pictures_mean_29_97() -> None:
    header = "4D 54 68 64  00 00 00 06  00 00  00 01  E3 0A"  # 10 ticks a picture
    track = f"00 90 3C 64  82 2C 80 3C 00  {END}"  # 300 ticks: 1.001 s
    assert notes(file(track, header=header)) == [(0, 48_048, 60, 0, 100)]


def test_pieces_of_type_2_follow_one_another() -> None:
    header = "4D 54 68 64  00 00 00 06  00 02  00 02  01 E0"
    assert notes(file(f"{NOTE} {END}", f"{NOTE} {END}", header=header)) == [C4, (24_000, 48_000, 60, 0, 100)]


def test_equal_pitches_end_in_the_order_they_began() -> None:
    track = f"00 90 3C 64  83 60 90 3C 50  83 60 80 3C 00  83 60 80 3C 00  {END}"
    assert notes(file(track)) == [(0, 48_000, 60, 0, 100), (24_000, 72_000, 60, 0, 80)]


def test_sysex_is_kept_without_its_frame() -> None:
    song = smf.parse(file(f"00 F0 05 7E 7F 09 01 F7  {NOTE} {END}"), "a.mid")
    assert song.sysex == (b"\x7e\x7f\x09\x01",)
    assert song.messages[0].tolist() == [0xF0, 0, 0]


def test_sysex_in_packets_is_put_together() -> None:
    song = smf.parse(file(f"00 F0 03 7E 7F 09  10 F7 02 01 F7  00 F7 01 F8  {NOTE} {END}"), "a.mid")
    assert song.sysex == (b"\x7e\x7f\x09\x01",)
    assert [message[0] for message in song.messages.tolist()] == [0xF0, 0x90, 0x80]


def test_all_notes_off_ends_the_notes_of_its_channel() -> None:
    track = f"00 90 3C 64  00 91 40 64  83 60 B0 7B 00  83 60 81 40 00  {END}"
    assert notes(file(track)) == [(0, 24_000, 60, 0, 100), (0, 48_000, 64, 1, 100)]


def test_bars_come_from_tempo_and_meter() -> None:
    # 3/4 at 60 a minute, from bar 3 on 4/4 at 120.
    three, slow = "FF 58 04 03 02 18 08", "FF 51 03 0F 42 40"
    four, fast = "FF 58 04 04 02 18 08", "FF 51 03 07 A1 20"
    song = smf.parse(file(f"00 {three} 00 {slow} 96 40 {four} 00 {fast} {NOTE} {END}"), "a.mid")
    assert song.tempo_map.seconds(Bars(2)) == 3
    assert song.tempo_map.seconds(Bars(3)) == 6
    assert song.tempo_map.seconds(Bars(4)) == 8
    assert song.tempo_map.seconds(Bars(4, Fraction(3))) == 9


# ---- bad files that play all the same

BAD: dict[str, tuple[bytes, list[smf.Note], str]] = {
    "no end of track": (file(NOTE), [C4], ""),
    "a note never ended": (file(f"00 90 3C 64  83 60 B0 07 64  {END}"), [C4], ""),
    "in a RIFF file": (
        b"RIFF\x3a\0\0\0RMIDdata\x2e\0\0\0" + file(f"{NOTE} {END}"),
        [C4],
        "the MIDI data is wrapped in another file",
    ),
    "behind a MacBinary header": (
        bytes(128) + file(f"{NOTE} {END}"),
        [C4],
        "the MIDI data is wrapped in another file",
    ),
    "division 0": (
        file(f"{NOTE} {END}", header="4D 54 68 64  00 00 00 06  00 00  00 01  00 00"),
        [C4],
        "the header states no clock; 480 ticks a quarter note are assumed",
    ),
    "impossible SMPTE": (
        file("00 90 3C 64  83 74 80 3C 00", header="4D 54 68 64  00 00 00 06  00 00  00 01  FF 00"),
        [C4],
        "the header states an impossible clock; 25 pictures of 40 parts are assumed",
    ),
    "header of 8 bytes": (
        file(f"{NOTE} {END}", header="4D 54 68 64  00 00 00 08  00 00  00 01  01 E0  00 00"),
        [C4],
        "",
    ),
    "header of impossible size": (
        file(f"{NOTE} {END}", header="4D 54 68 64  FF FF FF FF  00 00  00 01  01 E0"),
        [C4],
        "the header states an impossible size",
    ),
    "fewer tracks than stated": (
        file(f"{NOTE} {END}", header="4D 54 68 64  00 00 00 06  00 01  00 09  01 E0"),
        [C4],
        "",
    ),
    "a chunk nobody knows": (
        bytes.fromhex(HEADER) + chunk(b"XFIH", b"????") + chunk(b"MTrk", bytes.fromhex(f"{NOTE} {END}")),
        [C4],
        "",
    ),
    "cut off": (
        file(f"{NOTE} 00 90 40 64 {END}")[:-4],
        [C4, smf.Note(24_000, 24_000, 64, 0, 100)],
        "the file is cut off",
    ),
    "cut off inside an event": (
        file(f"{NOTE} 00 90 40 64 {END}")[:-5],
        [C4],
        "the file is cut off; a track ends inside an event",
    ),
    "track size too small": (
        bytes.fromhex(HEADER) + b"MTrk\0\0\0\x02" + bytes.fromhex(NOTE) + chunk(b"MTrk", bytes.fromhex(NOTE)),
        [C4],
        "a track ends inside an event; a track states a wrong size",
    ),
    "track size too large": (
        bytes.fromhex(HEADER) + b"MTrk\0\0\xff\xff" + bytes.fromhex(f"{NOTE} {END}"),
        [C4],
        "the file is cut off",
    ),
    "rubbish behind the tracks": (
        file(f"{NOTE} {END}") + b"\x01\x02\x03\x04\x05\x06\x07\x08\x09",
        [C4],
        "there is something behind the last track",
    ),
    "bad key signature": (file(f"00 FF 59 02 63 07  {NOTE} {END}"), [C4], ""),
    "tempo of two bytes": (
        file(f"00 FF 51 02 0F 42  {NOTE} {END}"),
        [C4],
        "a tempo has the wrong size; it is left out",
    ),
    "tempo 0": (file(f"00 FF 51 03 00 00 00  {NOTE} {END}"), [C4], "a tempo is zero; it counts as 120"),
    "data above 127": (
        file(f"00 90 BC 64  83 60 80 3C 00  {END}"),
        [C4],
        "a track holds values above 127; their upper bit is dropped",
    ),
    "undefined status": (
        file(f"00 F4  {NOTE} {END}"),
        [C4],
        "a track holds an event that files do not have; it is left out",
    ),
    "song position and song select": (file(f"00 F2 01 02  00 F3 05  {NOTE} {END}"), [C4], ""),
    "running status across a meta event": (
        file(f"00 90 3C 64  00 FF 01 01 41  83 60 3C 00  {END}"),
        [C4],
        "",
    ),
    "data without an event": (
        file("00 3C 64", f"{NOTE} {END}"),
        [C4],
        "a track holds data without an event; its rest is left out",
    ),
    "a time of five bytes": (
        file(f"{NOTE} FF FF FF FF 7F 90 40 64"),
        [C4],
        "a track holds an impossible time; its rest is left out",
    ),
    "a meta event longer than its track": (
        file(f"{NOTE} 00 FF 01 7F 41"),
        [C4],
        "a track ends inside an event",
    ),
    "sysex longer than its track": (file(f"{NOTE} 00 F0 7F 41"), [C4], "a track ends inside an event"),
    "a note beyond 24 hours": (
        file(f"{NOTE} FF FF FF 7F 90 40 64  00 80 40 00"),
        [C4],
        "what lies after 24 hours is left out",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_other_players_play_plays_here(name: str) -> None:
    data, expected, warning = BAD[name]
    assert notes(data) == expected
    assert "; ".join(smf.parse(data, "a.mid").warnings) == warning


# ---- what is refused

REFUSED = {
    "empty": (b"", "is empty"),
    "no header": (file(NOTE)[14:], "is not a MIDI file (it has no MThd header)"),
    "a header of a few bytes": (b"MThd\0\0\0\6", "is cut off within its header"),
    "sound": (b"RIFF\0\0\0\0WAVEfmt " + bytes(100), "is not a MIDI file (it has no MThd header)"),
    "no track": (bytes.fromhex(HEADER), "has no notes"),
    "no notes": (file(f"00 C0 05  {END}"), "has no notes"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_holds_no_music_is_refused_in_one_line(name: str) -> None:
    data, why = REFUSED[name]
    with pytest.raises(MidiFileError) as refusal:
        smf.parse(data, "stand-ins/a.mid")
    assert str(refusal.value) == f"stand-ins/a.mid {why}"


def test_a_missing_file_is_refused_in_one_line() -> None:
    why = r"^/nowhere/a.mid cannot be opened \(No such file or directory\)$"
    with pytest.raises(MidiFileError, match=why):
        smf.read("/nowhere/a.mid")


def test_midi_is_known_by_its_first_bytes() -> None:
    assert smf.is_midi(file(NOTE))
    assert smf.is_midi(b"RIFF\0\0\0\0RMIDdata")
    assert smf.is_midi(bytes(128) + file(NOTE))
    assert not smf.is_midi(b"RIFF\0\0\0\0WAVEfmt ")
    assert not smf.is_midi(b"")


# ---- against mido, and against anything

messages = st.one_of(
    st.builds(
        mido.Message,
        st.sampled_from(["note_on", "note_off"]),
        channel=st.integers(0, 15),
        note=st.integers(0, 127),
        velocity=st.integers(0, 127),
        time=st.integers(0, 5000),
    ),
    st.builds(
        mido.Message,
        st.just("control_change"),
        channel=st.integers(0, 15),
        control=st.integers(0, 127),
        value=st.integers(0, 127),
        time=st.integers(0, 5000),
    ),
    st.builds(
        mido.Message,
        st.just("pitchwheel"),
        channel=st.integers(0, 15),
        pitch=st.integers(-8192, 8191),
        time=st.integers(0, 5000),
    ),
    st.builds(
        mido.Message,
        st.just("program_change"),
        channel=st.integers(0, 15),
        program=st.integers(0, 127),
        time=st.integers(0, 5000),
    ),
    st.builds(
        mido.MetaMessage, st.just("set_tempo"), tempo=st.integers(1, 2**24 - 1), time=st.integers(0, 5000)
    ),
)


@settings(max_examples=100, deadline=None)
@given(
    tracks=st.lists(st.lists(messages, max_size=20), min_size=1, max_size=4),
    division=st.integers(1, 32_767),
)
def test_a_file_of_midos_is_read_as_mido_reads_it(tracks: list[list[mido.Message]], division: int) -> None:
    written = mido.MidiFile(ticks_per_beat=division)
    first = [mido.Message("note_on", note=60, velocity=1), mido.Message("note_off", note=60, time=10)]
    written.tracks.extend(mido.MidiTrack(track) for track in [first, *tracks])
    data = io.BytesIO()
    written.save(file=data)

    now, tempo, expected = Fraction(0), 500_000, []
    for message in mido.merge_tracks(written.tracks):
        now += Fraction(message.time * tempo, division * 1_000_000)
        if message.type == "set_tempo":
            tempo = message.tempo
        elif not message.is_meta:
            expected.append((int(now * 48_000 + Fraction(1, 2)), bytes(message.bytes()).ljust(3, b"\0")))
    song = smf.parse(data.getvalue(), "a.mid")
    read = list(zip(song.at.tolist(), map(bytes, song.messages.tolist()), strict=True))
    assert read == [entry for entry in expected if entry[0] <= 24 * 3600 * 48_000]


@settings(max_examples=200, deadline=None)
@given(
    wrong=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=10),
    kept=st.integers(0, 200),
    rest=st.binary(max_size=60),
)
def test_any_bytes_are_read_or_refused(wrong: list[tuple[int, int]], kept: int, rest: bytes) -> None:
    data = bytearray(file(f"00 FF 51 03 0F 42 40 {NOTE} 00 F0 03 41 10 F7 {NOTE} {END}", f"{NOTE} {END}"))
    for place, value in wrong:
        data[place % len(data)] = value
    try:
        song = smf.parse(bytes(data[:kept]) + rest, "a.mid")
    except MidiFileError:
        return
    assert song.at.tolist() == sorted(song.at.tolist())
    assert all(0 <= note.start <= note.end <= song.frames for note in song.notes)
    assert song.frames <= 24 * 3600 * 48_000
