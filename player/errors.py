"""What can go wrong for reasons a person can mend: one small tree, each leaf with its data.

    NeedledropError
      AssetError(path, why)
        AudioFileError
        MidiFileError
      DeviceError(device, why)
      ExportError(path, why)

`why` is a predicate in plain words, so that subject and `why` make one line: "tide.flac is empty".
Any other exception is a bug and stays a traceback.
"""

from __future__ import annotations


class NeedledropError(Exception):
    """Base of everything the player reports as one line."""


class AssetError(NeedledropError):
    """A file the timeline points at cannot be used, or not to its end."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, why)
        self.path = path
        self.why = why

    def __str__(self) -> str:
        return f"{self.path} {self.why}"


class AudioFileError(AssetError):
    """A recording."""


class MidiFileError(AssetError):
    """A Standard MIDI File, or what it takes to play one."""


class DeviceError(NeedledropError):
    """A sound device, or a synthesizer, that does not do its part."""

    def __init__(self, device: str, why: str) -> None:
        super().__init__(device, why)
        self.device = device
        self.why = why

    def __str__(self) -> str:
        return f"{self.device} {self.why}"


class ExportError(NeedledropError):
    """A file that cannot be written."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, why)
        self.path = path
        self.why = why

    def __str__(self) -> str:
        return f"{self.path} {self.why}"
