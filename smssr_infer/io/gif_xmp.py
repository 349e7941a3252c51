"""XMP in GIF, which Pillow neither reads nor writes (XMP specification, part 3, §1.1.2)."""

from __future__ import annotations

from pathlib import Path

HEAD = b"!\xff\x0bXMP DataXMP"
TRAILER = bytes([1, *range(255, -1, -1), 0])
"""What ends it for programs that take the text's bytes for the lengths of blocks."""


def _blocks(data: bytes, at: int) -> int:
    """Where a chain of blocks ends that begins there."""
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1


def _colours(flags: int) -> int:
    """Bytes of a table of colours."""
    return 3 * 2 << (flags & 7) if flags & 0x80 else 0


def read(path: Path) -> bytes | None:
    """The XMP of a GIF; None where there is none. Raises OSError."""
    data = path.read_bytes()
    if len(data) < 13:
        return None
    at = 13 + _colours(data[10])
    while at + 2 < len(data):
        if data[at] == 0x2C and at + 11 < len(data):
            at = _blocks(data, at + 11 + _colours(data[at + 9]))
        elif data[at:at + len(HEAD)] == HEAD:
            end = _blocks(data, at + len(HEAD))
            return data[at + len(HEAD):end].removesuffix(TRAILER) or None
        elif data[at] == 0x21:
            at = _blocks(data, at + 2)
        else:
            return None
    return None


def block(xmp: bytes | None) -> bytes:
    """The block that holds XMP."""
    return HEAD + xmp + TRAILER if xmp else b""
