"""Rest from the collector of garbage: what is made of a large file stays, and scanning it again and again takes longer
than making it."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Given = TypeVar("Given")


def calm(function: Callable[Asked, Given]) -> Callable[Asked, Given]:
    """A function that the collector does not break into. Any thread."""

    @functools.wraps(function)
    def wrapped(*args: Asked.args, **keys: Asked.kwargs) -> Given:
        collecting = gc.isenabled()
        gc.disable()
        try:
            return function(*args, **keys)
        finally:
            if collecting:
                gc.enable()

    return wrapped
