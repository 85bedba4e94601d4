"""What can go wrong for reasons a person can mend: one small tree, each leaf with its `subject` and `why`.

    NeedledropError
      AssetError
        AudioFileError
        MidiFileError
        VideoFileError
      DeviceError
      ExportError

`why` is a predicate in plain words, so that subject and `why` make one line: "tide.flac is empty".
Any other exception is a bug and stays a traceback.
"""

from __future__ import annotations


class NeedledropError(Exception):
    """Base of everything the player reports as one line: `subject`, a file or a device, and `why`."""

    def __init__(self, subject: str, why: str) -> None:
        super().__init__(subject, why)
        self.subject = subject
        self.why = why

    def __str__(self) -> str:
        return f"{self.subject} {self.why}"


class AssetError(NeedledropError):
    """A file the timeline points at cannot be used, or not to its end."""


class AudioFileError(AssetError):
    """A recording."""


class MidiFileError(AssetError):
    """A Standard MIDI File, or what it takes to play one."""


class VideoFileError(AssetError):
    """The viewer's own copy of the film."""


class DeviceError(NeedledropError):
    """A sound device, or a synthesizer, that does not do its part."""


class ExportError(NeedledropError):
    """A file that cannot be written."""
