"""What a JPEG 2000 file says beside its pixels, in boxes that Pillow neither reads nor writes (ISO/IEC 15444-1, Annex I)."""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from . import iptc

XMP = uuid.UUID("be7acfcb-97a9-42e8-9c71-999491e3afac").bytes
EXIF = b"JpgTiffExif->JP2"
EXIF_OF_ADOBE = uuid.UUID("0537cdab-9d0c-4431-a72a-fa561f2a113e").bytes
IPTC = uuid.UUID("33c7a4d2-b81d-4723-a0ba-f1a3e097ad38").bytes
PHOTOSHOP = uuid.UUID("2c4c0100-8504-40b9-a03e-562148d6dfeb").bytes
GEOTIFF = uuid.UUID("b14bf8bd-083d-4b43-a5ae-8cd7d5a6ce03").bytes

MOST = 1 << 26
"""Bytes of a box that is read; a longer one is no metadata."""


def _boxes(stream: BinaryIO) -> Iterator[bytes]:
    """What the boxes of a kind of their own hold."""
    end = stream.seek(0, 2)
    at = 0
    while at + 8 <= end:
        stream.seek(at)
        size, kind = struct.unpack(">I4s", stream.read(8))
        head = 8
        if size == 1:
            (size,), head = struct.unpack(">Q", stream.read(8).ljust(8, b"\0")), 16
        size = size or end - at
        if size < head or at + size > end:
            return
        if kind == b"uuid" and size <= MOST:
            yield stream.read(size - head)
        at += size


def read(path: Path) -> dict[str, bytes]:
    """EXIF, XMP and IPTC of a file, as far as they are there; `place` where it has a georeference. Raises OSError."""
    found: dict[str, bytes] = {}
    with open(path, "rb") as stream:
        for box in _boxes(stream):
            kind, data = box[:16], box[16:]
            if kind in (EXIF, EXIF_OF_ADOBE):
                found.setdefault("exif", data)
            elif kind in (XMP, IPTC, GEOTIFF):
                found.setdefault({XMP: "xmp", IPTC: "iptc", GEOTIFF: "place"}[kind], data)
            elif kind == PHOTOSHOP and (datasets := iptc.of_resources(data)):
                found.setdefault("iptc", datasets)
    return found


def boxes(exif: bytes | None, xmp: bytes | None, iptc_: bytes | None) -> bytes:
    """The boxes of EXIF (a TIFF's block), XMP and IPTC."""
    return b"".join(struct.pack(">I4s", len(data) + 24, b"uuid") + kind + data
                    for kind, data in ((EXIF, exif), (XMP, xmp), (IPTC, iptc_)) if data)
