"""What FluidSynth is shown of the bundled font: what a piece sounds like must not change by a bit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mido
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from player.devices import font_part, smf, synth
from player.devices.sound_font import font_path
from player.devices.sources import open_source
from player.engine.source import Region, Samples, SourceSpec
from player.paths import assets
from tests.devices import font as small
from tests.devices.test_synth import heard, off, on, song

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" and synth.available() is None, reason="no FluidSynth comes with pygame-ce here"
)
SHORT = 12_000  # frames
LATE = 48_000 + 4_001  # far enough that a seek begins in the midst


@contextmanager
def whole_font() -> Iterator[None]:
    """FluidSynth reads the file as it is, and every channel has a program from the start."""
    everything = font_part.Needs(np.ones((16, 128), bool), np.ones((16, 128), bool), tuple(range(16)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(synth, "_part", lambda font, needs: None)
        patch.setattr(font_part, "needs", lambda song: everything)
        yield


def both(spec: SourceSpec, at: int = 0, frames: int = SHORT) -> tuple[Samples, Samples]:
    part = heard(spec, at, frames)
    with whole_font():
        return part, heard(spec, at, frames)


def program(time: int, number: int, channel: int = 0) -> mido.Message:
    return mido.Message("program_change", program=number, channel=channel, time=time)


def sysex(time: int, *content: int) -> mido.Message:
    return mido.Message("sysex", data=content, time=time)


def cc(time: int, number: int, value: int, channel: int = 0) -> mido.Message:
    return mido.Message("control_change", control=number, value=value, channel=channel, time=time)


RESETS = [(0x7E, 0x7F, 9, 1), (0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7F, 0, 0x41), (0x43, 0x10, 0x4C, 0, 0, 0x7E, 0)]
times = st.integers(0, 1400)
channels = st.sampled_from([0, 1, 8, 9])
events = st.one_of(
    st.builds(on, times, st.integers(24, 100), channels),
    st.builds(on, times, st.integers(24, 100), channels),
    st.builds(off, times, st.integers(24, 100), channels),
    st.builds(program, times, st.integers(0, 127), channels),
    st.builds(
        cc, times, st.sampled_from([0, 6, 32, 64, 65, 68, 100, 101, 121, 126, 127]), st.integers(0, 127), channels
    ),
    st.sampled_from([sysex(time, *content) for time in (0, 700) for content in RESETS]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(events, min_size=4, max_size=14))
def test_random_pieces_sound_the_same(tmp_path: Path, found: list[mido.Message]) -> None:
    struck = [on(20, 60), *found, off(1500, 60)]
    spec = song(tmp_path / "any.mid", *sorted(struck, key=lambda event: event.time))
    for at in (0, LATE):
        part, whole = both(spec, at)
        assert part.tobytes() == whole.tobytes()


@pytest.mark.parametrize("name", ["cherry-bomb-live", "fever", "crimson-and-clover"])
def test_bundled_pieces_sound_the_same(name: str) -> None:
    spec = SourceSpec("midi", str(assets() / "films" / "stand-ins" / f"{name}.mid"))
    for at in (0, 30 * 48_000 + 17):
        part, whole = both(spec, at, 3 * 48_000)
        assert np.abs(whole).max() > 0.05
        assert part.tobytes() == whole.tobytes()


def test_loops_and_other_keys_sound_the_same() -> None:
    path = str(assets() / "films" / "stand-ins" / "fever.mid")
    spec = SourceSpec("midi", path, loop=Region(48_000, 96_000, 3), transpose=5)
    part, whole = both(spec, 90_000, 2 * 48_000)
    assert part.tobytes() == whole.tobytes()


def test_a_tuning_may_bring_any_sample_of_a_program(tmp_path: Path) -> None:
    far = sysex(0, 0x7F, 0x7F, 8, 2, 0, 1, 60, 96, 0, 0)  # note 60 sounds as 96: another sample
    events = [far, cc(1, 101, 0), cc(2, 100, 3), cc(3, 6, 0), on(20, 60), off(900, 60)]
    tuned = song(tmp_path / "tuned.mid", *events)
    part, whole = both(tuned)
    assert part.tobytes() == whole.tobytes()
    plain = heard(song(tmp_path / "plain.mid", *events[1:]), 0, SHORT)
    assert part.tobytes() != plain.tobytes()


# ---- what is left


def needs(tmp_path: Path, *events: mido.Message) -> font_part.Needs:
    return font_part.needs(smf.read(song(tmp_path / "piece.mid", *events).path))


def test_a_piece_needs_the_keys_it_strikes_and_the_programs_it_chooses(tmp_path: Path) -> None:
    found = needs(tmp_path, program(0, 40), on(1, 60), on(2, 62, 3), program(3, 7, 3), program(4, 9, 5), off(9, 60))
    assert np.argwhere(found.keys).tolist() == [[0, 60], [3, 62]]
    assert np.argwhere(found.programs).tolist() == [[0, 40], [3, 7], [5, 9]]
    assert found.at_once == (3,)
    assert [found.sounds(channel) for channel in (0, 3, 5)] == [True, True, False]


def test_what_cannot_sound_is_left_out(tmp_path: Path) -> None:
    font = font_part.read_font(str(font_path()))
    assert font is not None
    made = font_part.part(font, needs(tmp_path, program(0, 40), on(1, 60), off(9, 60)))
    assert len(made) < sum(table.nbytes for table in font.tables.values()) / 10
    copy = tmp_path / "part.sf2"
    copy.write_bytes(Path(font_path()).read_bytes()[: font.begin] + made)
    left = font_part.read_font(str(copy))
    assert left is not None
    numbers = set(left.tables["phdr"]["number"][:-1].tolist())
    assert numbers == {0, 40}
    assert 1 < len(left.tables["shdr"]) < len(font.tables["shdr"]) / 10


def test_a_font_of_another_order_is_left_to_the_library(tmp_path: Path) -> None:
    path = small.write(tmp_path / "small.sf2", compressed=False)
    data = path.read_bytes()
    assert font_part.read_font(str(path)) is not None
    turned = tmp_path / "turned.sf2"
    at = data.index(b"pdta") - 8
    begin = data.index(b"INFO") - 8
    turned.write_bytes(data[:begin] + data[at:] + data[begin:at])
    assert font_part.read_font(str(turned)) is None


def test_a_synthesizer_that_is_gone_leaves_no_file_open(tmp_path: Path) -> None:
    found = needs(tmp_path, on(1, 60), off(9, 60))
    made = synth._Synth("piece.mid", found)
    part = made._part
    assert part is not None
    assert part.callbacks
    assert not part._open
    del made
    assert part.callbacks == ()


def test_a_persons_own_font_is_read_by_the_library_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEEDLEDROP_SOUND_FONT", str(small.write(tmp_path / "own.sf2", compressed=False)))
    source = open_source(song(tmp_path / "piece.mid", on(1, 71), off(900, 71)))
    out: Samples = np.zeros((SHORT, 2), np.float32)
    source.read(0, out)
    assert np.abs(out).max() > 0.01
    source.close()
    assert synth._part(font_path(), needs(tmp_path, on(1, 71), off(9, 71))) is None
