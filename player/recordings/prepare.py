"""`needledrop prepare`: recordings trimmed, cut, faded, split or converted into new files, never over the old ones."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Final

from msgspec import Struct

from player.devices import pydub_sounds, soundfile_write
from player.devices.decode import open_decoder
from player.devices.pydub_sounds import Sound
from player.devices.tags import Tags
from player.devices.tinytag_tags import read_tags
from player.errors import AudioFileError, NeedledropError
from player.export.landing import landing
from player.recordings.progress import Bar
from player.terminal import Refused, complain, say

LONGEST: Final = 5400  # seconds that are worked on in memory


class Made(Struct, frozen=True):
    """A new file, and in words what was done to it."""

    path: Path
    seconds: float
    done: tuple[str, ...]


def run(options: argparse.Namespace) -> int:
    """Prepare each file, and say what was made; returns the exit code."""
    if options.end is not None and options.end <= (options.begin or 0):
        raise Refused("--to lies before --from")
    bar, made, code = Bar("recordings"), list[Made](), 0
    for number, path in enumerate(options.files):
        bar.show(number, len(options.files))
        try:
            found = prepare(path, options)
        except (NeedledropError, Refused) as error:
            bar.clear()
            complain(str(error))
            code = max(code, 1 if path.is_file() else 2)
            continue
        except KeyboardInterrupt:
            bar.clear()
            complain(f"stopped; {_count(len(made), 'file')} of before stay in {options.output}")
            raise
        bar.clear()
        for each in found:
            say(f"{each.path}: {_clock(each.seconds)}{''.join(f', {done}' for done in each.done)}")
        made += found
    said = f"{_count(len(made), 'new file')} of {_count(len(options.files), 'recording')} in {options.output}"
    say(f"{said}; the originals are as they were" if made else "nothing was made")
    return code


def prepare(path: Path, options: argparse.Namespace) -> list[Made]:
    """New files of one recording. Raises NeedledropError or Refused with what is wrong with it."""
    sound = read(path)
    kind = options.format or path.suffix[1:].lower()
    if kind not in soundfile_write.FORMATS:
        kind = "flac"
    if why := soundfile_write.why_not(kind, sound.rate, sound.samples.shape[1]):
        raise Refused(f"{path} {why}", 1)
    done: list[str] = []
    if options.begin is not None or options.end is not None:
        if options.begin is not None and options.begin >= sound.seconds:
            raise Refused(f"{path} ends at {_clock(sound.seconds)}, before --from", 1)
        sound = pydub_sounds.cut(sound, options.begin, options.end)
        done.append(f"cut from {_clock(options.begin or 0)}")
    if options.trim:
        sound, before, after = pydub_sounds.trim(sound, options.threshold)
        done.append(f"trimmed by {before:.2f} s and {after:.2f} s")
    parts = pydub_sounds.split(sound, options.threshold, options.pause) if options.split else [sound]
    if not parts:
        raise Refused(f"{path} is silent below {options.threshold:g} dB all through: nothing to split", 1)
    if options.fade_in or options.fade_out:
        parts = [pydub_sounds.fade(part, options.fade_in, options.fade_out) for part in parts]
        fades = {"in": options.fade_in, "out": options.fade_out}
        done += [f"faded {way} over {took:g} s" for way, took in fades.items() if took]
    names = [path.stem] if len(parts) == 1 else [f"{path.stem} {number:02}" for number in range(1, len(parts) + 1)]
    targets = [options.output / f"{name}.{kind}" for name in names]
    for target in targets:
        if os.path.lexists(target):
            raise Refused(f"{target}: there is such a file already; give another folder with -o", 1)
    return _written(path, list(zip(targets, parts, strict=True)), kind, tuple(done))


def _written(path: Path, parts: list[tuple[Path, Sound]], kind: str, done: tuple[str, ...]) -> list[Made]:
    try:
        parts[0][0].parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{parts[0][0].parent}: cannot be made ({error.strerror})", 1) from error
    try:
        tags = read_tags(str(path))
    except AudioFileError:
        tags = Tags()
    made = []
    for number, (target, sound) in enumerate(parts, 1):
        title = tags.title if len(parts) == 1 or not tags.title else f"{tags.title} {number}"
        with landing(target) as part:
            soundfile_write.write(part, kind, sound.samples, sound.rate, title, tags.artist, tags.album)
        of = (f"part {number} of {len(parts)}",) if len(parts) > 1 else ()
        made.append(Made(target, sound.seconds, (*of, *done)))
    return made


def read(path: Path) -> Sound:
    """A whole recording, in its own rate and channels. Raises AudioFileError; Refused for one that is too long."""
    decoder = open_decoder(str(path))
    try:
        if decoder.frames > LONGEST * decoder.rate:
            raise Refused(f"{path} is longer than {LONGEST // 60} minutes: cut it elsewhere first", 1)
        whole = decoder.read(0, decoder.frames)
    finally:
        decoder.close()
    if len(whole) < decoder.frames - decoder.rate // 10:
        raise AudioFileError(str(path), f"breaks off at {_clock(len(whole) / decoder.rate)}")
    return pydub_sounds.sound_of(whole, decoder.rate)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{seconds % 60:06.3f}"


def _count(things: int, what: str) -> str:
    return f"{things} {what}{'' if things == 1 else 's'}"
