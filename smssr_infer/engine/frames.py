"""The form of what goes between the plug-in and the engine.

A frame is `<IQ` (length of a JSON header, length of what follows), the header, then raw bytes.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

HEAD = struct.Struct("<IQ")

MOST_HEADER = 16 << 20
MOST_PAYLOAD = 256 << 20
"""Bytes. The plug-in sends rows of 4 Mpx at once, a quarter of this at most; a frame that claims more is none."""


MOST_ID = 1 << 62


class Unreadable(ValueError):
    """A frame that asks for nothing, because its header is wrong; the next frame can be read."""

    number: int | None = None
    """Its `id`, where it has one."""


class Broken(ValueError):
    """What is not a frame, or ends in the middle of one: nobody can tell where the next one begins."""


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame's header and bytes; None at the end of the stream. Raises Unreadable or Broken, in one line."""
    head = stream.read(HEAD.size)
    if not head:
        return None
    if len(head) < HEAD.size:
        raise Broken("a message ends in its first bytes")
    length, more = HEAD.unpack(head)
    if length > MOST_HEADER or more > MOST_PAYLOAD:
        raise Broken(f"a message claims to have {length} and {more} bytes; at most {MOST_HEADER} and {MOST_PAYLOAD} are allowed")
    header = stream.read(length)
    payload = stream.read(more) if more else b""
    if len(header) < length or len(payload) < more:
        raise Broken("a message ends in the middle")
    try:
        told = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"a message's header is not JSON ({' '.join(str(error).split())})") from error
    if not isinstance(told, dict):
        raise Unreadable(f"a message's header is a JSON object, not {told!r:.60}")
    return told, payload


def check_request(header: dict[str, Any]) -> None:
    """Raises Unreadable where a request does not say what is to be done, or its id is no number; only a cancel must have one."""
    number, what = header.get("id"), header.get("do")
    if number is not None and not (type(number) is int and 0 <= number <= MOST_ID):
        raise Unreadable(f"a request's id is a whole number, at least 0, not {number!r:.60}")
    error = None
    if not isinstance(what, str):
        error = Unreadable(f"a request says what to do in one word, not {what!r:.60}")
    elif what == "cancel" and number is None:
        error = Unreadable("what is to be cancelled? Give its id")
    if error:
        error.number = number
        raise error


def write_frame(stream: BinaryIO, header: dict[str, Any], payload: bytes | memoryview = b"") -> None:
    """Write one frame and flush it."""
    text = json.dumps(header).encode()
    stream.write(HEAD.pack(len(text), len(payload)) + text)
    stream.write(payload)
    stream.flush()
