"""What a person wants of the sound, on its way from the settings to the engine."""

from __future__ import annotations

from pathlib import Path

from player import settings
from player.engine.status import Status
from player.host.figures import Reader, Writer
from player.host.process import Host
from player.host.wanted import Patch, Wanted, from_environment, into_environment


def test_settings_say_what_is_wanted() -> None:
    own, problems = settings.parse('device = "desk"\nbuffer = "low"\nlimiter = false\non-ui-loss = "fade"\n')
    assert problems == ()
    assert settings.sound(own) == Wanted("desk", "low", False, "fade")


def test_a_buffer_that_there_is_not_is_one_line() -> None:
    own, problems = settings.parse('buffer = "huge"\n')
    assert problems == ('settings.toml: buffer is one of low, normal, safe; "normal" stands',)
    assert own.buffer == "normal"


def test_what_is_wanted_goes_through_an_environment() -> None:
    placed = (Patch("main", channels=(1, 2)), Patch("click", "Größer", (3,)))
    several = Wanted("desk", "safe", False, outputs=placed)
    for wanted in (several, Wanted(), Wanted("desk", "safe", False), Wanted(buffer="low"), Wanted(loss="fade")):
        environment: dict[str, str] = {}
        into_environment(wanted, environment)
        assert from_environment(environment) == wanted


def test_what_is_no_longer_wanted_goes() -> None:
    environment: dict[str, str] = {}
    into_environment(Wanted("desk", "low", False), environment)
    into_environment(Wanted(), environment)
    assert environment == {}


def test_what_is_named_wrongly_in_an_environment_is_the_usual() -> None:
    assert from_environment({"NEEDLEDROP_BUFFER": "huge", "NEEDLEDROP_LIMITER": "?"}) == Wanted()
    for damaged in ("[[1]]", "{", "7"):
        assert from_environment({"NEEDLEDROP_OUTPUTS": damaged}) == Wanted()


def test_a_show_can_ask_the_engine_for_another_device_and_no_limiter(tmp_path: Path) -> None:
    host = Host(tmp_path / "figures", Wanted("silent"))
    assert host.take(("want", Wanted("silent", limiter=False)))
    assert host._bay.limiter is not None
    assert not host._bay.limiter.on


def test_figures_of_the_sound_cross_over(tmp_path: Path) -> None:
    told = Status(load=0.25, worst=0.75, latency=0.0117, limited_db=3.5, late=2, xruns=7)
    Writer(tmp_path / "figures").write(told)
    read = Reader(tmp_path / "figures").read()
    assert (read.load, read.worst, read.limited_db, read.late, read.xruns) == (0.25, 0.75, 3.5, 2, 7)
    assert abs(read.latency - 0.0117) < 1e-6
