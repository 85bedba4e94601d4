"""`needledrop devices`."""

from __future__ import annotations

import json

import pytest

from player import cli
from player.devices import output
from player.devices.device import Device

FOUND = [
    Device("miniaudio/PulseAudio", "Built-in Audio", True),
    Device("miniaudio/PulseAudio", "USB Desk", False),
    Device("sounddevice/ALSA", "USB Desk: hw:1,0", False),
]


def test_devices_are_listed_by_layer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(output, "devices", lambda: FOUND)
    assert cli.main(["devices"]) == 0
    assert capsys.readouterr().out.splitlines()[:5] == [
        "miniaudio/PulseAudio",
        "  * Built-in Audio",
        "    USB Desk",
        "sounddevice/ALSA",
        "    USB Desk: hw:1,0",
    ]


def test_for_programs_they_are_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(output, "devices", lambda: FOUND[:1])
    assert cli.main(["devices", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"layer": "miniaudio/PulseAudio", "name": "Built-in Audio", "default": True}
    ]


def test_a_machine_without_a_device_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "devices", list)
    assert cli.main(["devices"]) == 0
    assert capsys.readouterr().out == "no sound device: shows run in silence\n"
