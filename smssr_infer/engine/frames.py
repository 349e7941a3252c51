"""The form of what goes between the plug-in and the engine.

A frame is `<IQ` (length of a JSON header, length of what follows), the header, then raw bytes.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

HEAD = struct.Struct("<IQ")


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame's header and bytes; None at the end of the stream."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    length, more = HEAD.unpack(head)
    header = stream.read(length)
    payload = stream.read(more) if more else b""
    return (json.loads(header), payload) if len(header) == length and len(payload) == more else None


def write_frame(stream: BinaryIO, header: dict[str, Any], payload: bytes | memoryview = b"") -> None:
    """Write one frame and flush it."""
    text = json.dumps(header).encode()
    stream.write(HEAD.pack(len(text), len(payload)) + text)
    stream.write(payload)
    stream.flush()
