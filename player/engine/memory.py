"""What each firing did to the voices of others, kept so that it can be undone.

A voice is remembered as it was just before, with the frame of that moment: all that acts on it is in closed form,
so where it would stand by now, and how loud, follows from that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct, field

from player.engine.commands import Later, Start
from player.engine.source import SourceSpec
from player.engine.voice import Voice

MOST: Final = 64  # firings remembered; a chain has several


class Ghost(Struct):
    """A voice as it was at frame `since` of show time."""

    voice: Voice
    since: int

    def now(self, now: int) -> tuple[SourceSpec, int]:
        """What it would read at frame `now`, and where in it."""
        voice = self.voice.copy()
        voice.move_on(now - self.since)
        return voice.source, voice.at


class Deed(Struct):
    """What one firing did: to voices, by their numbers, and to what waited for them, with the frame it was due."""

    voices: dict[int, Ghost] = field(default_factory=dict)
    laters: list[tuple[int | None, Later]] = field(default_factory=list)


class Memory:
    """The deeds of the last firings. Written on the audio thread; `ghosts` may be asked for on another."""

    def __init__(self) -> None:
        self._deeds: dict[int, Deed] = {}
        self._became: dict[int, int] = {}  # which voice took the place of which when something was undone

    def open(self, serial: int) -> None:
        """A firing begins."""
        self._deeds[serial] = Deed()
        while len(self._deeds) > MOST:
            del self._deeds[next(iter(self._deeds))]

    def clear(self) -> None:
        """Nothing can be undone any more."""
        self._deeds.clear()
        self._became.clear()

    def knows(self, serial: int) -> bool:
        """Whether what this firing does is remembered."""
        return serial in self._deeds

    def touched(self, serial: int, voice: Voice, now: int) -> None:
        """Firing `serial` is about to change `voice`; its own need not be remembered."""
        deed = self._deeds.get(serial)
        if deed is not None and voice.start.serial != serial and voice.start.voice not in deed.voices:
            deed.voices[voice.start.voice] = Ghost(voice.copy(), now)

    def dropped(self, serial: int, later: Later, due: int | None) -> None:
        """Firing `serial` let go of what waited, and was due then if that was known."""
        if serial in self._deeds:
            self._deeds[serial].laters.append((due, later))

    def sought(self, voice: Voice, now: int) -> None:
        """A person moved a voice: that holds, whatever is undone."""
        for ghost in self._of(voice.start.voice):
            ghost.voice.at, ghost.since = voice.at, now

    def forget(self, voice: int) -> None:
        """A person made a voice leave: nothing that is undone brings it back."""
        for deed in self._deeds.values():
            for number in [n for n in deed.voices if n == voice or self.became(n) == voice]:
                del deed.voices[number]

    def ended(self, serial: int, means: Callable[[Start], bool]) -> None:
        """Firing `serial` ends what it `means`: no later one that is undone brings that back."""
        for later, deed in self._deeds.items():
            if later > serial:
                deed.voices = {n: ghost for n, ghost in deed.voices.items() if not means(ghost.voice.start)}

    def became(self, voice: int) -> int:
        """The voice that now stands for `voice`."""
        while voice in self._became:
            voice = self._became[voice]
        return voice

    def becomes(self, voice: int, other: int) -> None:
        """`other` takes the place of `voice`."""
        self._became[self.became(voice)] = other

    def ghosts(self, serials: tuple[int, ...]) -> list[tuple[int, Ghost]]:
        """The voices that firings changed, by their numbers, each as it was before the first of them."""
        found: dict[int, Ghost] = {}
        for serial in serials:
            deed = self._deeds.get(serial)
            for voice, ghost in list(deed.voices.items()) if deed else []:
                found.setdefault(voice, ghost)
        return list(found.items())

    def take(self, serials: tuple[int, ...]) -> tuple[list[tuple[int, Ghost]], list[tuple[int | None, Later]]]:
        """What firings did, which is forgotten with this."""
        ghosts = self.ghosts(serials)
        deeds = [deed for serial in serials if (deed := self._deeds.pop(serial, None))]
        return ghosts, [entry for deed in deeds for entry in deed.laters]

    def _of(self, voice: int) -> list[Ghost]:
        return [
            ghost
            for deed in self._deeds.values()
            for number, ghost in deed.voices.items()
            if voice in (number, self.became(number))
        ]
