"""Ogg files that come out the same each time: libsndfile gives every stream a random serial number."""

from __future__ import annotations

import struct

_POLYNOMIAL = 0x04C11DB7


def _table() -> list[int]:
    rows = []
    for byte in range(256):
        crc = byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ _POLYNOMIAL if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
        rows.append(crc)
    return rows


_CRC = _table()


def _checksum(page: bytes | bytearray) -> int:
    """The CRC of RFC 3533: not reflected, from zero, over the page with its checksum field zero."""
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ _CRC[crc >> 24 ^ byte]
    return crc


def with_serial(data: bytes, serial: int = 1) -> bytes:
    """The Ogg file `data` (one stream) with `serial` in every page."""
    out = bytearray()
    at = 0
    while at < len(data):
        lacing = data[at + 26]
        end = at + 27 + lacing + sum(data[at + 27 : at + 27 + lacing])
        page = bytearray(data[at:end])
        page[14:18] = struct.pack("<I", serial)
        page[22:26] = bytes(4)
        page[22:26] = struct.pack("<I", _checksum(page))
        out += page
        at = end
    return bytes(out)
