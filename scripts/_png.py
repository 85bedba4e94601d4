"""Small PNG files: 256 colours chosen by median cut. Film grain would take half a megabyte as it is."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (height, width, 3)
COLOURS = 256


def palette(colours: NDArray[np.int64], counts: NDArray[np.int64]) -> Pixels:
    """At most 256 colours that stand for all of `colours`, each seen `counts` times."""
    boxes = [np.arange(len(colours))]
    while len(boxes) < COLOURS:
        worst = max(range(len(boxes)), key=lambda i: _spread(colours[boxes[i]], counts[boxes[i]])[0])
        spread, axis = _spread(colours[boxes[worst]], counts[boxes[worst]])
        if not spread:
            break
        box = boxes.pop(worst)
        order = box[np.argsort(colours[box, axis], kind="stable")]
        half = np.searchsorted(np.cumsum(counts[order]), counts[order].sum() / 2)
        half = min(max(int(half), 1), len(order) - 1)
        boxes += [order[:half], order[half:]]
    means = [np.average(colours[box], axis=0, weights=counts[box]) for box in boxes]
    return np.rint(means).astype(np.uint8)


def _spread(colours: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[float, int]:
    """How much a box would gain by a cut, and along which axis; the eye counts colours more than pixels."""
    if len(colours) < 2:
        return 0.0, 0
    wide = np.ptp(colours, axis=0) * (2, 3, 1)
    axis = int(wide.argmax())
    return float(wide[axis]) ** 2 * float(counts.sum()) ** 0.5, axis


def reduced(pixels: Pixels) -> tuple[Pixels, NDArray[np.uint8]]:
    """The palette of a picture, and for each pixel its place there."""
    codes = (pixels.astype(np.int64) << (16, 8, 0)).sum(axis=2)
    found, where, counts = np.unique(codes, return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1)
    chosen = palette(colours, counts)
    nearest = np.empty(len(colours), np.uint8)
    for start in range(0, len(colours), 4096):
        away = colours[start : start + 4096, None] - chosen[None].astype(np.int64)
        nearest[start : start + 4096] = ((away * away) * (2, 3, 1)).sum(axis=2).argmin(axis=1)
    return chosen, nearest[where].reshape(pixels.shape[:2])


def encoded(pixels: Pixels) -> bytes:
    """A PNG of at most 256 colours."""
    colours, places = reduced(pixels)
    high, wide = places.shape
    rows = np.zeros((high, wide + 1), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = places
    head = struct.pack(">IIBBBBB", wide, high, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", colours.tobytes()), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
