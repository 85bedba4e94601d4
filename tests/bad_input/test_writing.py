"""Folders that cannot be written to and disks that are full: one line, exit code 1, and nothing half done stays."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.bad_input.material import RATE, show, write_wav
from tests.bad_input.program import Person

if sys.platform == "win32":
    pytest.skip("needs a Unix", allow_module_level=True)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of noise, which no codec makes small."""
    folder = tmp_path_factory.mktemp("writing")
    noise = np.random.default_rng(1).integers(-9999, 9999, (2 * RATE, 2))
    write_wav(folder / "noise.wav", noise.astype("<i2"))
    return show(folder, ["noise: noise.wav"])


def record(film: Path, out: Path) -> list:
    return ["play", "--text", "--virtual", "--record", out, film]


def outputs(folder: Path, film: Path) -> list[list]:
    """A call for each way to write sound into `folder`."""
    return [
        ["render", film, "-o", folder / "out.wav"],
        ["render", film, "-o", folder / "float.wav", "--float"],
        ["render", film, "-o", folder / "out.flac"],
        record(film, folder / "heard.wav"),
    ]


def test_a_folder_that_is_not_there(someone: Person, film: Path, folder: Path):
    for ran in someone.each(*outputs(folder / "none", film)):
        assert ran.code == 1
        assert ran.complaint.endswith("cannot be written: no such file or directory")
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc, where not even root makes files")
def test_a_folder_that_is_read_only_even_to_root(someone: Person, film: Path):
    for ran in someone.each(*outputs(Path("/proc/self"), film)):
        assert ran.code == 1
        assert ran.complaint.startswith("needledrop: /proc/self/")
        assert " cannot be written: " in ran.complaint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only(someone: Person, film: Path, folder: Path):
    folder.chmod(0o500)
    for ran in someone.each(*outputs(folder, film)):
        assert ran.code == 1
        assert ran.complaint.endswith("cannot be written: permission denied")


def test_a_disk_that_is_full(someone: Person, film: Path, folder: Path):
    """A limit on the size of files stands for the disk: the system refuses in the middle of the file."""
    (folder / "out.wav").write_text("what I rendered yesterday")
    typed = "go\nwait 2s\n"
    for ran in someone.each(*outputs(folder, film), within="ulimit -f 400", stdin=typed):
        assert ran.code == 1
        assert ran.complaint.startswith(f"needledrop: {folder}/")
        assert ran.complaint.endswith(" cannot be written: file too large")
    assert [path.name for path in folder.iterdir()] == ["out.wav"]
    assert (folder / "out.wav").read_text() == "what I rendered yesterday"


def test_a_disk_with_no_room_at_all(someone: Person, film: Path, folder: Path):
    for ran in someone.each(*outputs(folder, film), within="ulimit -f 0", stdin="go\nwait 1s\n"):
        assert ran.code == 1
        assert ran.complaint.endswith(" cannot be written: file too large")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_a_disk_that_is_full_for_the_last_bytes(suffix: str, someone: Person, film: Path, folder: Path):
    whole = someone.run("render", film, "-o", folder / f"whole{suffix}")
    assert (whole.code, whole.err) == (0, "")
    blocks = (folder / f"whole{suffix}").stat().st_size // 512  # one less than it takes
    ran = someone.run("render", film, "-o", folder / f"out{suffix}", within=f"ulimit -f {blocks}")
    assert (ran.code, ran.out) == (1, "")
    assert ran.complaint.endswith(" cannot be written: file too large")
    assert [path.name for path in folder.iterdir()] == [f"whole{suffix}"]


def test_a_name_as_long_as_names_can_be(someone: Person, film: Path, folder: Path):
    out = folder / ("x" * 251 + ".wav")
    ran = someone.run("render", film, "-o", out)
    assert (ran.code, ran.err) == (0, "")
    longer = someone.run("render", film, "-o", folder / ("x" * 252 + ".wav"))
    assert longer.code == 1
    assert longer.complaint.endswith(" cannot be written: file name too long")
    assert [path.name for path in folder.iterdir()] == [out.name]
