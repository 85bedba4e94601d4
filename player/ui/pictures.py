"""Pictures of music, made on a thread of their own and kept: the lane asks each time it is drawn."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from player.engine.source import SourceSpec
from player.ui.shapes import Picture

KEPT: Final = 12

Make = Callable[[SourceSpec, Callable[[], bool]], "Picture | None"]  # material, whether to give up -> its picture


class Pictures:
    """The newest wish comes first; what nobody wishes any more is given up. `get` and `close`: main
    thread.
    """

    def __init__(self, make: Make) -> None:
        self._make = make
        self._done: OrderedDict[SourceSpec, Picture | None] = OrderedDict()
        self._wish: SourceSpec | None = None
        self._making: SourceSpec | None = None
        self._change = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def get(self, spec: SourceSpec) -> Picture | None:
        """The picture of this material; None while it is made, and for what has none."""
        with self._change:
            if spec in self._done:
                self._done.move_to_end(spec)
                return self._done[spec]
            if self._wish != spec:
                self._wish = spec
                self._change.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="pictures", daemon=True)
            self._thread.start()
        return None

    def close(self) -> None:
        """Give up whatever is being made."""
        with self._change:
            self._closed = True
            self._change.notify()

    def _unwanted(self) -> bool:
        return self._closed or self._wish != self._making

    def _work(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closed or self._wish not in (None, *self._done))
                if self._closed:
                    return
                self._making = spec = self._wish
            assert spec is not None
            try:
                picture = self._make(spec, self._unwanted)
            except Exception:  # noqa: BLE001  (material may be broken in any way; the lane then stays empty)
                picture = None
            with self._change:
                if not self._unwanted():
                    self._done[spec] = picture
                    while len(self._done) > KEPT:
                        self._done.popitem(last=False)
                    self._change.notify_all()
