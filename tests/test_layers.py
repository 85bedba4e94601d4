"""Imports point one way: a module may use its own floor and the floors below, never one above."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent

# From the ground up. A module belongs to the longest name here that it begins with.
FLOORS = (
    ("timeline",),
    ("player", "player.actions", "player.errors", "player.paths"),
    ("player.engine",),
    ("player.devices",),
    ("player.media",),
    ("player.host",),
    (
        "player.beside", "player.commands", "player.editing", "player.edits", "player.film", "player.horizon",
        "player.linking", "player.opening", "player.own", "player.plan", "player.projection", "player.reload",
        "player.restore", "player.score", "player.session", "player.sets", "player.settings", "player.sheets",
        "player.show",
        "player.interrupted", "player.showlog", "player.unsaved", "player.watch",
    ),
    (
        "player.bench", "player.export", "player.recordings", "player.remote", "player.signals", "player.terminal",
        "player.text",
    ),
    ("player.ui",),
    ("player.cli", "player.__main__"),
)  # fmt: skip
ROOMS = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

# Library -> the rooms that may import it. Those of `player.devices` each have one adapter.
LIBRARIES = {
    "av": ("player.devices",),
    "mido": ("player.devices",),
    "miniaudio": ("player.devices",),
    "msgspec": tuple(ROOMS),  # what values are made of
    "numpy": (
        "player.engine", "player.devices", "player.media", "player.host", "player.export", "player.text",
        "player.ui",
    ),
    "platformdirs": ("player.devices", "player.media", "player.settings"),
    "pydub": ("player.devices",),
    "pygame": ("player.ui",),
    "sounddevice": ("player.devices",),
    "soundfile": ("player.devices",),
    "soxr": ("player.devices",),
    "tinytag": ("player.devices",),
    "tomli": ("player.settings",),
    "yaml": ("timeline",),
}  # fmt: skip

# Modules -> what they must do without, beyond the floors above them.
CLOCK_AND_THREADS = {"asyncio", "multiprocessing", "queue", "socket", "subprocess", "threading", "time"}
DISK = {"io", "os", "shutil", "tempfile"}
WITHOUT = {
    "timeline": CLOCK_AND_THREADS,
    "player.engine": CLOCK_AND_THREADS | DISK | {"logging", "pathlib"},
    "player.actions": CLOCK_AND_THREADS | DISK,
    "player.commands": CLOCK_AND_THREADS | DISK,
    "player.show": CLOCK_AND_THREADS | DISK | {"player.devices", "player.host"},
}


class Import(NamedTuple):
    importer: str
    imported: str

    @property
    def top(self) -> str:
        return self.imported.partition(".")[0]


def within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def room_of(module: str) -> str:
    """The room a module lies in. The bare package `player` is a room of its own, not a home for strays."""
    found = [room for room in ROOMS if within(module, room) and (room != "player" or module == "player")]
    assert found, f"{module} has no floor: give it a place in FLOORS"
    return max(found, key=len)


def imports_in(module: str, source: str, modules: set[str]) -> Iterator[Import]:
    """All that `source` imports, at any depth; `modules` tells `from package import module` from a name."""
    for node in ast.walk(ast.parse(source, module)):
        match node:
            case ast.Import():
                yield from (Import(module, alias.name) for alias in node.names)
            case ast.ImportFrom():
                assert node.level == 0, f"{module}: imports are written in full"
                assert node.module
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    yield Import(module, full if full in modules else node.module)


def project() -> dict[str, str]:
    """Module name -> source, of all that is installed."""
    found = {}
    for package in ("timeline", "player"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return found


@cache
def project_imports() -> list[Import]:
    sources = project()
    modules = set(sources)
    return [found for module, source in sources.items() for found in imports_in(module, source, modules)]


def uphill(imports: list[Import]) -> list[Import]:
    ours = [found for found in imports if found.top in ("timeline", "player")]
    return [found for found in ours if ROOMS[room_of(found.importer)] < ROOMS[room_of(found.imported)]]


def test_no_module_imports_from_a_floor_above() -> None:
    assert uphill(project_imports()) == []


def test_an_import_from_above_is_seen_at_any_depth_and_in_any_form() -> None:
    lines = ("def f():", " import player.ui", " from player import show", " from player.engine import ramp")
    found = list(imports_in("player.engine.mixer", "\n".join(lines), {"player.show", "player.engine.ramp"}))
    assert uphill(found) == [
        Import("player.engine.mixer", "player.ui"),
        Import("player.engine.mixer", "player.show"),
    ]


def test_libraries_are_imported_only_by_the_rooms_that_own_them() -> None:
    known = sys.stdlib_module_names | {"timeline", "player", "tomllib"}  # tomllib: from Python 3.11 on
    foreign = [
        found
        for found in project_imports()
        if found.top not in known
    ]
    astray = [found for found in foreign if room_of(found.importer) not in LIBRARIES.get(found.top, ())]
    assert astray == []


def test_each_library_of_the_devices_has_one_adapter() -> None:
    adapters = defaultdict(set)
    for found in project_imports():
        if LIBRARIES.get(found.top) == ("player.devices",):
            adapters[found.top].add(found.importer)
    # An adapter may be cut in parts that carry the library's name: soundfile_decode, soundfile_encode.
    several = {
        library: modules
        for library, modules in adapters.items()
        if len(modules) > 1 and not all(name.startswith(f"player.devices.{library}_") for name in modules)
    }
    assert several == {}


def test_pure_rooms_do_without_clocks_threads_and_disk() -> None:
    broken = [
        found
        for found in project_imports()
        for room, unwanted in WITHOUT.items()
        if within(found.importer, room) and any(within(found.imported, name) for name in unwanted)
    ]
    assert broken == []


def test_only_one_module_of_the_timeline_touches_the_disk() -> None:
    ours = [found for found in project_imports() if within(found.importer, "timeline")]
    assert {found.importer for found in ours if found.top in DISK} <= {"timeline.store"}


def test_no_two_modules_import_each_other() -> None:
    below: dict[str, set[str]] = defaultdict(set)
    for found in project_imports():
        below[found.importer].add(found.imported)
    assert circle(below) is None


def circle(below: dict[str, set[str]]) -> list[str] | None:
    """Modules that import one another in a ring, if there are any."""
    settled: set[str] = set()

    def visit(module: str, trail: list[str]) -> list[str] | None:
        if module in trail:
            return [*trail[trail.index(module) :], module]
        if module in settled:
            return None
        rings = (visit(lower, [*trail, module]) for lower in sorted(below.get(module, ())))
        found = next((ring for ring in rings if ring), None)
        settled.add(module)
        return found

    return next((ring for ring in (visit(module, []) for module in sorted(below)) if ring), None)


def test_a_ring_of_imports_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
