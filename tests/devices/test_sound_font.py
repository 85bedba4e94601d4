"""The compressed sound font made plain: once, completely, and also by several at once."""

from __future__ import annotations

import os
import struct
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest

from player.devices import sound_font
from player.errors import AssetError
from tests.devices import font


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the person's own cache, nor what another test found in it."""
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sound_font.cached_font.cache_clear()


def chunks(data: bytes) -> dict[bytes, bytes]:
    """The chunks of a strictly written RIFF file, lists opened."""
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        body = data[at + 8 : at + 8 + size]
        found |= chunks(body[4:]) if name in (b"RIFF", b"LIST") else {name: body}
        at += 8 + size + size % 2
    return found


@pytest.mark.parametrize("padded", [True, False], ids=["padded", "unpadded"])
def test_samples_come_out_plain_with_their_loops(tmp_path: Path, padded: bool) -> None:
    sf3 = font.write(tmp_path / "a.sf3", compressed=True, padded=padded)
    sound_font.expand(sf3, tmp_path / "a.sf2")
    found = chunks((tmp_path / "a.sf2").read_bytes())
    assert found[b"ifil"] == bytes([2, 0, 4, 0])
    tone, click, end = struct.iter_unpack("<20sIIIIIBbHH", found[b"shdr"])
    assert tone[1:] == (0, 600, 100, 500, 48_000, 71, 0, 0, 1)
    assert click[1:] == (646, 947, 646, 646, 48_000, 60, 0, 0, 1)  # 46 frames of silence between
    assert end[0].startswith(b"EOS")
    pcm = np.frombuffer(found[b"smpl"], "<i2") / 32768
    assert len(pcm) == 947 + 46
    assert np.abs(pcm[:600] - font.tone()).max() < 0.02
    assert not pcm[600:646].any()
    assert np.abs(pcm[646:947] - font.click()).max() < 0.1


def test_all_that_is_no_sample_stays_as_it_was(tmp_path: Path) -> None:
    sf3 = font.write(tmp_path / "a.sf3", compressed=True)
    sound_font.expand(sf3, tmp_path / "a.sf2")
    before, after = chunks(sf3.read_bytes()), chunks((tmp_path / "a.sf2").read_bytes())
    assert {name for name in before if before[name] != after[name]} == {b"ifil", b"smpl", b"shdr"}
    assert before.keys() == after.keys()


def test_a_damaged_font_leaves_nothing_behind(tmp_path: Path) -> None:
    data = bytearray(font.write(tmp_path / "a.sf3", compressed=True).read_bytes())
    place = data.index(b"OggS")
    data[place : place + 3000] = bytes(3000)
    (tmp_path / "b").mkdir()
    (tmp_path / "a.sf3").write_bytes(data)
    with pytest.raises(AssetError, match=r"a\.sf3 does not decode"):
        sound_font.expand(tmp_path / "a.sf3", tmp_path / "b" / "a.sf2")
    assert list((tmp_path / "b").iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sf3 = font.write(tmp_path / "a.sf3", compressed=True)
    (tmp_path / "b").mkdir()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        sound_font.expand(sf3, tmp_path / "b" / "a.sf2")
    assert list((tmp_path / "b").iterdir()) == []


def test_it_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sf3 = font.write(tmp_path / "a.sf3", compressed=True)
    made = sound_font.cached_font(sf3)
    assert made.parent == tmp_path / "cache"
    sound_font.cached_font.cache_clear()
    monkeypatch.setattr(sound_font, "expand", lambda *_: pytest.fail("made again"))
    assert sound_font.cached_font(sf3) == made


def test_a_torn_copy_is_made_again(tmp_path: Path) -> None:
    sf3 = font.write(tmp_path / "a.sf3", compressed=True)
    made = sound_font.cached_font(sf3)
    whole = made.read_bytes()
    made.write_bytes(whole[:500])
    sound_font.cached_font.cache_clear()
    assert sound_font.cached_font(sf3) == made
    assert made.read_bytes() == whole


def test_a_changed_font_gets_a_copy_of_its_own(tmp_path: Path) -> None:
    sf3 = font.write(tmp_path / "a.sf3", compressed=True)
    first = sound_font.cached_font(sf3)
    sf3.write_bytes(sf3.read_bytes().replace(b"Tests", b"Other"))
    sound_font.cached_font.cache_clear()
    assert sound_font.cached_font(sf3) != first


def test_several_at_once_get_the_same_whole_font(tmp_path: Path) -> None:
    sf3 = font.write(tmp_path / "a.sf3", compressed=True)
    target = tmp_path / "a.sf2"
    sizes: list[int] = []

    def work() -> None:
        sound_font.expand(sf3, target)
        sizes.append(target.stat().st_size)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes == [target.stat().st_size] * 6
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob(".sound-font-*"))


def test_without_a_cache_folder_the_temporary_one_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    impossible = tmp_path / "file" / "needledrop"
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: impossible)
    made = sound_font.cached_font(font.write(tmp_path / "a.sf3", compressed=True))
    assert made.suffix == ".sf2"
    assert made.parent.parent == tmp_path


def test_without_any_folder_the_font_itself_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_font, "_cache_folders", lambda: iter(()))
    sf3 = font.write(tmp_path / "a.sf3", compressed=True)
    assert sound_font.cached_font(sf3) == sf3


def test_the_persons_own_font_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = font.write(tmp_path / "own.sf2", compressed=False)
    monkeypatch.setenv("NEEDLEDROP_SOUND_FONT", str(own))
    assert sound_font.font_path() == own


def test_a_wrong_font_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEEDLEDROP_SOUND_FONT", str(tmp_path / "own.sf2"))
    with pytest.raises(AssetError, match=r"own\.sf2 cannot be opened \(No such file or directory\)$"):
        sound_font.font_path()
    (tmp_path / "own.sf2").write_text("no font")
    with pytest.raises(AssetError, match=r"own\.sf2 is not a sound font$"):
        sound_font.font_path()
