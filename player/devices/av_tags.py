"""Tags of the rarer formats, through FFmpeg's libraries."""

from __future__ import annotations

import av

from player.devices.av_decode import open_container
from player.devices.tags import Tags, isrc_in, year_in

_LOSSLESS = {"alac", "ape", "flac", "tak", "truehd", "tta", "wavpack"}


def read_tags(path: str) -> Tags:
    """The tags of one file. Raises AudioFileError where there is no sound in it."""
    container = open_container(path)
    try:
        stream = container.streams.audio[0]
        said = {key.lower(): value for key, value in {**stream.metadata, **container.metadata}.items()}
        return Tags(
            title=said.get("title", "").strip(),
            artist=said.get("artist", "").strip(),
            album=said.get("album", "").strip(),
            year=year_in(said.get("date") or said.get("year")),
            isrc=isrc_in([said.get("isrc", ""), said.get("tsrc", "")]),
            seconds=round((container.duration or 0) / av.time_base, 3),
            lossless=stream.codec_context.name in _LOSSLESS or stream.codec_context.name.startswith("pcm"),
            writers=said.get("composer", "").strip(),
            publisher=(said.get("publisher") or said.get("label", "")).strip(),
            mbid=(said.get("musicbrainz_trackid") or said.get("musicbrainz track id", "")).strip(),
            bpm=(said.get("bpm") or said.get("tbpm", "")).strip(),
            key=(said.get("initialkey") or said.get("key", "")).strip(),
        )
    finally:
        container.close()
