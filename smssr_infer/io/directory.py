"""Directories of tags, as TIFF files and EXIF have them: each value stays the type and the bytes that it was.

What Pillow reads of a sub-directory has lost its types, and what it writes of one is guessed; a tag of a wrong type makes it fail.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, Literal

import numpy as np

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, LONG8 = 1, 2, 3, 4, 5, 7, 16

UNITS = {1: "u1", 2: "u1", 3: "u2", 4: "u4", 5: "u4", 6: "i1", 7: "u1", 8: "i2", 9: "i4", 10: "i4", 11: "f4", 12: "f8", 13: "u4", 16: "u8",
         17: "i8", 18: "u8"}
"""Of which numbers each type of TIFF is made."""
PAIRS = {RATIONAL, 10}
"""Types of two numbers each."""

MOST_BYTES = 1 << 26
"""A longer value is left out: no picture has one, but a broken header may say so."""
MOST_TAGS = 4096

Wanted = Mapping[int, Any]
"""The tags that are read: None for a value, the tags within for a sub-directory."""


@dataclasses.dataclass(frozen=True)
class Field:
    """A tag's type, and its value's bytes, low ones first."""

    kind: int
    data: bytes

    @classmethod
    def of(cls, kind: int, *values: float) -> Field:
        """Numbers as a field; of a rational's the numerator and the denominator."""
        return cls(kind, np.array(values, "<" + UNITS[kind]).tobytes())

    @property
    def numbers(self) -> np.ndarray:
        """Its numbers; rationals are divided, NaN where by nothing."""
        values = np.frombuffer(self.data, "<" + UNITS[self.kind])
        if self.kind not in PAIRS:
            return values
        return np.divide(values[0::2], values[1::2], out=np.full(len(values) // 2, np.nan), where=values[1::2] != 0)

    def like(self, numbers: np.ndarray) -> Field:
        """Other numbers as a field of this type; of a type that rounds, rounded."""
        if self.kind in PAIRS:
            return Field.of(self.kind, *(whole for value in numbers for whole in ratio(float(value))))
        limits = np.iinfo(UNITS[self.kind]) if UNITS[self.kind][0] != "f" else None
        return Field.of(self.kind, *(np.clip(np.rint(numbers), limits.min, limits.max) if limits else numbers))


class Directory(dict[int, "Field | Directory"]):
    """Tags and their fields, and further directories below them."""

    def field(self, tag: int) -> Field | None:
        """A tag's field; None where there is none."""
        found = self.get(tag)
        return found if isinstance(found, Field) else None

    def below(self, tag: int) -> Directory:
        """The directory below a tag; an empty one where there is none."""
        found = self.get(tag)
        return found if isinstance(found, Directory) else Directory()

    def number(self, tag: int) -> float | None:
        """A tag's first number; None where there is none."""
        field = self.field(tag)
        return float(field.numbers[0]) if field and len(field.numbers) else None

    def copy(self) -> Directory:
        """One that can be changed without changing this."""
        return Directory({tag: value.copy() if isinstance(value, Directory) else value for tag, value in self.items()})

    def packed(self, at: int, big: bool = False) -> bytes:
        """Its bytes for a file in which it begins at `at`, which is even: classic TIFF's and EXIF's, or BigTIFF's."""
        room, pointer, entry = (8, "<Q", 20) if big else (4, "<I", 12)
        entries = [struct.pack("<Q" if big else "<H", len(self))]
        values: list[bytes] = []
        free = at + len(entries[0]) + entry * len(self) + room
        for tag, value in sorted(self.items()):
            if isinstance(value, Directory):
                field, data = Field.of(LONG8 if big else LONG, free), value.packed(free, big)
            else:
                field, data = value, value.data if len(value.data) > room else b""
            count = len(field.data) // (np.dtype(UNITS[field.kind]).itemsize * (2 if field.kind in PAIRS else 1))
            inline = struct.pack(pointer, free) if data and not isinstance(value, Directory) else field.data.ljust(room, b"\0")
            entries.append(struct.pack("<HHQ" if big else "<HHI", tag, field.kind, count) + inline)
            data += bytes(len(data) % 2)
            values.append(data)
            free += len(data)
        return b"".join([*entries, bytes(room), *values])

    def exif(self) -> bytes:
        """A file of its own, as EXIF is one."""
        return b"II*\0\x08\0\0\0" + self.packed(8)


def ratio(value: float) -> tuple[int, int]:
    """Numerator and denominator of a number, of 31 bits each."""
    denominator = 1
    while abs(value * denominator) < 1 << 27 and denominator < 10**6 and round(value * denominator) != value * denominator:
        denominator *= 10
    return round(value * denominator), denominator


def read(stream: BinaryIO, wanted: Wanted, place: int | None = None) -> Directory:
    """The wanted tags of a TIFF's or EXIF's first directory, or of the one at `place`, and of those below it.

    What is damaged is left out.
    """
    head = stream.read(16)
    orders: dict[bytes, Literal["<", ">"]] = {b"II": "<", b"MM": ">"}
    order = orders.get(head[:2])
    if order is None or len(head) < 8:
        return Directory()
    big = struct.unpack(order + "H", head[2:4])[0] == 43
    if big and len(head) < 16:
        return Directory()
    (at,) = struct.unpack(order + ("Q" if big else "I"), head[8:16] if big else head[4:8])
    return _below(stream, order, big, at if place is None else place, wanted)


def _at(stream: BinaryIO, at: int, length: int) -> bytes:
    if at >= 1 << 62:  # further than can be sought
        return b""
    stream.seek(at)
    return stream.read(length)


def _below(stream: BinaryIO, order: Literal["<", ">"], big: bool, at: int, wanted: Wanted) -> Directory:
    head, entry, pointer = (8, "HHQ", "Q") if big else (2, "HHI", "I")
    room = struct.calcsize("=" + pointer)
    size = struct.calcsize("=" + entry) + room
    counted = _at(stream, at, head)
    if len(counted) < head:
        return Directory()
    (count,) = struct.unpack(order + ("Q" if big else "H"), counted)
    raw = stream.read(min(count, MOST_TAGS) * size)
    found = Directory()
    for start in range(0, len(raw) - size + 1, size):
        tag, kind, number = struct.unpack(order + entry, raw[start:start + size - room])
        value = raw[start + size - room:start + size]
        if tag not in wanted or tag in found or kind not in UNITS:
            continue
        unit = np.dtype(UNITS[kind])
        length = number * unit.itemsize * (2 if kind in PAIRS else 1)
        (place,) = struct.unpack(order + pointer, value)
        if isinstance(within := wanted[tag], Mapping):
            found[tag] = _below(stream, order, big, place, within)
        elif 0 < length <= MOST_BYTES:
            data = value[:length] if length <= room else _at(stream, place, length)
            if len(data) == length:
                found[tag] = Field(kind, np.frombuffer(data, unit.newbyteorder(order)).astype(unit.newbyteorder("<")).tobytes())
    return found
