"""Scanning 20,000 recordings in five formats, and scanning them again, beside mutagen reading the same tags."""

from __future__ import annotations

import contextlib
import importlib
import io
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from player.media.catalogue import open_library
from scripts._bench.report import Others, interleaved, say, verdict

NEEDS: Final = ()
FILES: Final = 20_000
MADE: Final = 1_000  # files with tags of their own; the others are copies
RUNS: Final = 3
TIMES: Final = 2.0  # at most so many times what mutagen takes
AGAIN: Final = 2.0  # seconds
CODECS: Final = {"mp3": "libmp3lame", "flac": "flac", "opus": "libopus", "m4a": "aac", "aiff": "pcm_s16be"}


def run() -> None:
    """Print what a first scan takes, a second one, and mutagen alone."""
    mutagen = _mutagen()
    with tempfile.TemporaryDirectory() as folder:
        music = Path(folder, "music")
        made = _make(music)
        others = Others()
        work = [lambda: _scan(music, Path(folder, "library.sqlite"))]
        if mutagen:
            work.append(lambda: _theirs(mutagen, made))
        taken = interleaved(RUNS, *work)
        with contextlib.closing(open_library(Path(folder, "again.sqlite"))) as library:
            library.add([str(music)])
            again = statistics.median(_timed(lambda: library.add([str(music)])) for _ in range(RUNS))
    ours = statistics.median(taken[0])
    say("library", f"{FILES:,} recordings: {ours:.1f} s; again without changes {again:.2f} s ({verdict(again, AGAIN)})")
    if mutagen:
        ratio = ours / statistics.median(taken[1])
        say("", f"mutagen alone: {statistics.median(taken[1]):.1f} s, ratio {ratio:.2f} ({verdict(ratio, TIMES)})")
    else:
        say("", "mutagen is not here to compare with: pip install mutagen")
    say("", f"medians of {RUNS}, interleaved; {others}")


def _mutagen() -> Any:
    with contextlib.suppress(ImportError):
        return importlib.import_module("mutagen")
    return None


def _timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _scan(music: Path, table: Path) -> float:
    for end in ("", "-wal", "-shm"):
        Path(f"{table}{end}").unlink(missing_ok=True)
    with contextlib.closing(open_library(table)) as library:
        return _timed(lambda: library.add([str(music)]))


def _theirs(mutagen: Any, made: list[str]) -> float:
    def read() -> None:
        for path in made:
            found = mutagen.File(path, easy=True)
            for key in ("title", "artist", "album", "date", "isrc"):
                with contextlib.suppress(KeyError, ValueError):
                    (found.tags or {}).get(key)
            _ = found.info.length

    return _timed(read)


def _make(music: Path) -> list[str]:
    """The recordings; returns their paths."""
    sounds = {kind: _sound(kind) for kind in CODECS}
    paths = []
    for i in range(MADE):
        kind = list(CODECS)[i % len(CODECS)]
        data = _tagged(kind, sounds[kind], {"title": f"Song {i}", "artist": f"Artist {i % 97}", "date": "1974"})
        for copy in range(FILES // MADE):
            path = music / f"artist {i % 97}" / f"album {copy}" / f"{i}.{kind}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            paths.append(str(path))
    return paths


def _sound(kind: str) -> bytes:
    held, rate = io.BytesIO(), 48_000
    with av.open(held, "w", format=_container(kind)) as out:
        stream: Any = out.add_stream(CODECS[kind], rate=rate, layout="stereo")
        resampler = av.AudioResampler(stream.format.name, "stereo", rate, stream.codec_context.frame_size or 1024)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, rate // 4), np.float32), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = rate, 0
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return held.getvalue()


def _tagged(kind: str, sound: bytes, tags: dict[str, str]) -> bytes:
    held = io.BytesIO()
    with av.open(io.BytesIO(sound)) as plain, av.open(held, "w", format=_container(kind)) as out:
        stream = out.add_stream_from_template(plain.streams.audio[0])
        for place in (out.metadata, stream.metadata):
            place.update(tags)
        for packet in plain.demux(plain.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    return held.getvalue()


def _container(kind: str) -> str:
    return "ipod" if kind == "m4a" else kind
