"""The commands that docs/editing.md shows print what it says."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

from player import cli

ROOT = Path(__file__).parents[2]


def test_the_examples_are_true(tmp_path, monkeypatch, capsys):
    page = (ROOT / "docs" / "editing.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("film.yaml", "original.yaml"):
        shutil.copy(ROOT / "assets" / "films" / "the-runaways.yaml", name)
    shown = re.search(r"```console\n(.*?)```", page, re.DOTALL)[1]
    commands = shown.split("$ needledrop ")[1:]
    assert len(commands) == 6
    for command in commands:
        line, _, output = command.partition("\n")
        assert cli.main(shlex.split(line)) == 0, capsys.readouterr().err
        assert capsys.readouterr().out == output
