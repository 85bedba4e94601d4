"""The bundled sound font: General MIDI, whole, small, and under its licence."""

from __future__ import annotations

import io
from types import ModuleType

import pytest
import soundfile

from tests.assets.makers import ASSETS, maker

FONT = ASSETS / "sound-font" / "needledrop-gm.sf3"
KITS = [0, 8, 16, 24, 25, 32, 40, 48]


@pytest.fixture(scope="module")
def made() -> ModuleType:
    return maker("make_sound_font")


@pytest.fixture(scope="module")
def parts(made: ModuleType) -> dict[str, bytes]:
    found: dict[str, bytes] = made.chunks(FONT.read_bytes())
    return found


def test_it_has_the_128_programs_and_the_8_kits(made: ModuleType, parts: dict[str, bytes]) -> None:
    presets = sorted((head[2], head[1]) for head in made.records(parts, "phdr")[:-1])
    assert presets == [(0, program) for program in range(128)] + [(128, kit) for kit in KITS]


def test_it_is_small_and_its_chunks_are_padded() -> None:
    data = FONT.read_bytes()
    assert len(data) <= 13_000_000
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    at, names = 12, []
    while at < len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        names.append(data[at + 8 : at + 12])
        at += 8 + size + size % 2
    assert names == [b"INFO", b"sdta", b"pdta"]


def test_what_points_points_at_something(made: ModuleType, parts: dict[str, bytes]) -> None:
    instruments, samples = len(made.records(parts, "inst")) - 1, len(made.records(parts, "shdr")) - 1
    assert made.used(made.items(parts, "phdr", 3), made.INSTRUMENT) == list(range(instruments))
    assert made.used(made.items(parts, "inst", 1), made.SAMPLE) == list(range(samples))
    for _, start, end, loop, loop_end, _, _, _, link, kind in made.records(parts, "shdr")[:-1]:
        assert 0 <= start < end <= len(parts["smpl"])
        assert 0 <= loop <= loop_end
        assert kind == made.MONO | made.VORBIS or link < samples


def test_every_fortieth_sample_decodes_within_full_scale_and_holds_its_loop(
    made: ModuleType, parts: dict[str, bytes]
) -> None:
    for name, start, end, _, loop_end, rate, *_ in made.records(parts, "shdr")[:-1:40]:
        wave, found = soundfile.read(io.BytesIO(parts["smpl"][start:end]), dtype="float32")
        assert found == rate, name
        assert loop_end <= len(wave), name
        assert abs(wave).max() < 1.0, name


def test_taking_lists_apart_and_putting_them_together_changes_nothing(
    made: ModuleType, parts: dict[str, bytes]
) -> None:
    again = made.lists(made.items(parts, "inst", 1), "inst", 1, "EOI")
    assert again == b"".join(made.chunk(name, parts[name]) for name in ("inst", "ibag", "imod", "igen"))


def test_its_licence_names_its_makers() -> None:
    text = (FONT.parent / "LICENSE").read_text("utf-8")
    for words in ("Permission is hereby granted", "Frank Wen", "Michael Cowgill", "Ethan Winer", "Michael Schorsch"):
        assert words in text
