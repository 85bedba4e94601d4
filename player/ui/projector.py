"""The film's picture for the audience screen, at the film time that is heard at this moment. Main thread only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import pygame

from player.engine import RATE
from player.engine.status import Status
from player.film import film_time
from player.media.video import Aim, Video
from player.plan import Plan
from player.show import Show
from player.ui import audience

SPAN: Final = 0.6  # seconds over which the engine's clock is compared with ours
LEAP: Final = 0.25  # seconds: so far off, the clock is another one


class Heard:
    """Which frame of the engine's clock is heard at a moment.

    Blocks are mixed in bursts, ahead of their sound. The moment at which the clock was the furthest ahead is when the
    device's buffer was full: what was mixed then is heard the device's latency later.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()
        self._clock = -1
        self._latency = 0.0

    def see(self, status: Status, now: float) -> None:
        """Take in the newest figures; to be called often."""
        if status.clock == self._clock:
            return
        self._clock, self._latency = status.clock, status.latency
        ahead = now - status.clock / RATE
        if self._seen and abs(ahead - self._least) > LEAP:
            self._seen.clear()
        while self._seen and self._seen[0][0] < now - SPAN:
            self._seen.popleft()
        self._seen.append((now, ahead))

    @property
    def _least(self) -> float:
        return min(ahead for _, ahead in self._seen)

    def clock(self, now: float) -> int:
        """The frame that is heard."""
        if not self._seen:
            return max(0, self._clock)
        return round((now - self._least - self._latency) * RATE)


class Frame(NamedTuple):
    """A picture to be drawn; `state` tells it from the one before."""

    surface: pygame.Surface
    state: int


class Projector:
    """Holds the film's file open while its picture is wanted, and follows the film clock."""

    def __init__(self, wake: Callable[[], None], opened: Callable[..., Video] = Video) -> None:
        self._wake = wake
        self._opened = opened
        self._heard = Heard()
        self._path = ""
        self._video: Video | None = None
        self._frame: Frame | None = None
        self._due: float | None = None
        self.trouble = ""  # in one line, "" for none

    def see(self, status: Status, now: float) -> None:
        """The newest figures of the engine."""
        self._heard.see(status, now)

    def frame(self, show: Show, now: float, window: tuple[int, int], *, wanted: bool) -> Frame | None:
        """The film's picture now, scaled for the window; None where it has none or none is wanted."""
        film = film_time(show, self._heard.clock(now)) if wanted else None
        self._due = None
        video = self._open(show.plan) if film is not None else None
        if film is None:
            self.close()
        if video is None or film is None or self._failed(video):
            self._frame = None
            return None
        at, later = float(film), film_time(show, self._heard.clock(now) + RATE)
        runs = later != film
        video.aim(Aim(at, now, runs), window, lambda own: audience.letterbox(own, window))
        if video.over(at):
            self._frame = None
            return None
        shot = video.shot(at)
        if shot is not None and (self._frame is None or self._frame.state != shot.number):
            surface = pygame.image.frombuffer(shot.pixels, shot.size, "BGRA")
            surface.set_alpha(None)  # copied, not mixed
            self._frame = Frame(surface, shot.number)
        due = video.due(at) if runs else None
        self._due = now + due if due is not None else None
        return self._frame

    @property
    def due(self) -> float | None:
        """When the next picture is to be shown."""
        return self._due

    def _open(self, plan: Plan) -> Video | None:
        file = plan.timeline.film.video
        base = plan.path.parent if plan.path is not None else Path()
        path = str(base / file) if file else ""
        if path != self._path:
            self.close()
            self._path, self.trouble = path, ""
            self._video = self._opened(path, ready=self._wake) if path else None
        return self._video

    def _failed(self, video: Video) -> bool:
        if video.trouble and not self.trouble:
            self.trouble = f"{Path(self._path).name} {video.trouble}; the show goes on without its picture"
        return bool(video.trouble)

    def close(self, wait: float = 0.0) -> None:
        """Let go of the file; `wait` as for Video."""
        if self._video is not None:
            self._video.close(wait)
        self._video, self._path, self._frame, self._due = None, "", None, None
