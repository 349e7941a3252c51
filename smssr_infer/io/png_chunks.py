"""What a PNG holds beside its pixels, chunk by chunk: Pillow loses some of it, and refuses a picture for the length of its texts."""

from __future__ import annotations

import dataclasses
import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

SIGNATURE = b"\x89PNG\r\n\x1a\n"

COLOUR = (b"cICP", b"mDCV", b"cLLI", b"gAMA", b"cHRM", b"sRGB")
"""What says how samples become colours, beside a profile; they are written as they were."""

SIZES = {b"cICP": 4, b"mDCV": 24, b"cLLI": 8, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"pHYs": 9}
TEXTS = (b"iCCP", b"tEXt", b"zTXt", b"iTXt")
DRAWN = (b"tRNS", b"acTL", b"fcTL", b"fdAT")
"""Chunks that may be missing, but decide what is seen."""

MOST_TEXT, MOST_PROFILE = 1 << 24, 1 << 26
"""A text or profile of more bytes, once it is unpacked, is left out."""

PILLOWS = 1 << 20
"""What Pillow takes of a text or profile."""


@dataclasses.dataclass(frozen=True)
class Text:
    """A text of a PNG, in which language, and its keyword in that language."""

    words: str
    language: str = ""
    keyword: str = ""


@dataclasses.dataclass
class Found:
    """What a PNG holds beside its pixels."""

    icc: bytes | None = None
    colour: dict[bytes, bytes] = dataclasses.field(default_factory=dict)
    text: dict[str, Text] = dataclasses.field(default_factory=dict)
    left: list[str] = dataclasses.field(default_factory=list)
    """What is too long to be kept."""
    plain: bool = True
    """Whether Pillow takes all of it."""


def _chunks(stream: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each chunk, where its content begins and how long it is."""
    at = len(SIGNATURE)
    while True:
        stream.seek(at)
        head = stream.read(8)
        if len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head)
        yield kind, at + 8, length
        at += 12 + length


def _unpacked(data: bytes, most: int) -> bytes | None:
    """Inflated bytes; None for more than `most`. Raises zlib.error for what is damaged."""
    packer = zlib.decompressobj()
    out = packer.decompress(data, most)
    return out if not packer.unconsumed_tail else None


def _text(kind: bytes, data: bytes) -> tuple[str, Text] | None:
    """A text chunk's keyword and text; None for one that is too long. Raises ValueError or zlib.error for what is damaged."""
    key, rest = data.split(b"\0", 1)
    keyword, language, translated, coding = key.decode("latin-1"), b"", b"", "latin-1"
    packed: bytes | None
    if kind == b"iTXt":
        is_packed, rest = rest[:1] == b"\1", rest[2:]
        language, translated, rest = rest.split(b"\0", 2)
        packed, coding = (_unpacked(rest, MOST_TEXT) if is_packed else rest), "utf-8"
    else:
        packed = _unpacked(rest[1:], MOST_TEXT) if kind == b"zTXt" else rest
    if packed is None or len(packed) > MOST_TEXT:
        return None
    return keyword, Text(packed.decode(coding, "replace"), language.decode("ascii", "replace"), translated.decode("utf-8", "replace"))


def read(stream: BinaryIO) -> Found:
    """What a PNG holds beside its pixels. What is damaged is left out."""
    found = Found()
    total = 0
    for kind, at, length in _chunks(stream):
        if kind not in (*TEXTS, *SIZES):
            continue
        data = _content(stream, kind, at, length)
        try:
            if data is None or SIZES.get(kind, length) != length:
                raise ValueError
            if kind == b"iCCP":
                profile = _unpacked(data.split(b"\0", 1)[1][1:], MOST_PROFILE)
                size = MOST_PROFILE if profile is None else len(profile)
                if profile is None:
                    found.left.append("a colour profile that is too long")
                else:
                    found.icc = profile
            elif kind in COLOUR:
                found.colour[kind] = data
                continue
            elif kind in TEXTS:
                text = _text(kind, data)
                size = MOST_TEXT if text is None else len(text[1].words)
                if text is None or total + size > MOST_PROFILE:
                    found.left.append("a text that is too long")
                else:
                    found.text[text[0]] = text[1]
            else:
                continue
            total += size
            found.plain &= size < PILLOWS and total < MOST_TEXT
        except (ValueError, IndexError, zlib.error):
            found.plain = False
    return found


def _content(stream: BinaryIO, kind: bytes, at: int, length: int) -> bytes | None:
    """A chunk's content; None of one that is damaged, or longer than any picture's."""
    if length > MOST_PROFILE:
        return None
    stream.seek(at)
    data = stream.read(length + 4)
    return data[:-4] if data[length:] == struct.pack(">I", zlib.crc32(data[:length], zlib.crc32(kind))) else None


def source(path: Path) -> Path | BinaryIO:
    """What Pillow is to open of a file: the file, or of a PNG with texts that Pillow would not take, a copy in memory without them."""
    with open(path, "rb") as stream:
        if stream.read(len(SIGNATURE)) != SIGNATURE or read(stream).plain:
            return path
        parts = [SIGNATURE]
        for kind, at, length in _chunks(stream):
            if kind[:1].isupper() or kind in DRAWN or (kind in (b"pHYs", b"eXIf") and _content(stream, kind, at, length) is not None):
                stream.seek(at - 8)
                parts.append(stream.read(length + 12))
    return io.BytesIO(b"".join(parts))
