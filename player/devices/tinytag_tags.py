"""Tags of the usual formats. The only importer of tinytag; what that does not know goes to FFmpeg's libraries."""

from __future__ import annotations

from typing import BinaryIO

from tinytag import TinyTag, TinyTagException, UnsupportedFormatError

from player.devices.tags import Tags, isrc_in, year_in
from player.errors import AudioFileError


def read_tags(path: str) -> Tags:
    """The tags of one file. Raises AudioFileError for one that is damaged, or that nobody could play."""
    try:
        with open(path, "rb") as file:
            return _read(path, file)
    except OSError as error:
        raise AudioFileError(path, f"cannot be read ({error.strerror or error})") from error


def _read(path: str, file: BinaryIO) -> Tags:
    if not file.read(1):
        raise AudioFileError(path, "is empty")
    file.seek(0)
    try:
        found = TinyTag.get(file_obj=file)  # by what is in it, never by its name
    except UnsupportedFormatError:
        return _by_ffmpeg(path)
    except TinyTagException as trouble:
        raise AudioFileError(path, "is damaged") from trouble
    if not found.duration:  # it may be no sound at all
        return _by_ffmpeg(path)
    return Tags(
        title=_clean(found.title),
        artist="; ".join(_clean(name) for name in (found.artist, *found.other.get("artist", ())) if name),
        album=_clean(found.album),
        year=year_in(found.year),
        isrc=isrc_in(found.other.get("isrc", ())),
        seconds=round(float(found.duration), 3),
        lossless=bool(found.is_lossless),
        writers=_clean(found.composer),
        publisher=_other(found, "publisher", "organization", "label"),
        mbid=_other(found, "musicbrainz_trackid", "musicbrainz track id"),
        bpm=_other(found, "bpm", "tempo"),
        key=_other(found, "initial_key", "initialkey", "key"),
    )


def _other(found: TinyTag, *names: str) -> str:
    """What a file says under one of these names, as formats and programs have them."""
    return next((_clean(text) for name in names for text in found.other.get(name, ()) if text), "")


def _by_ffmpeg(path: str) -> Tags:
    from player.devices import av_tags  # noqa: PLC0415  it takes as long to load as all the rest

    return av_tags.read_tags(path)


def _clean(text: str | None) -> str:
    return (text or "").replace("\0", " ").strip()
