"""Damage to files: the same for the same seed."""

from __future__ import annotations

import random
import struct
import zlib

ODD = (0, 1, 2, 3, 7, 8, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x100000000,
       (1 << 63) - 1, (1 << 64) - 1)
WORDS = (b"0", b"-1", b"1e999", b"null", b"true", b"[]", b"{}", b'""', b"99999999999999999999", b"NaN", b"[[[[", b"\xff", b'"\\ud800"')


def damaged(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A file's bytes, damaged once to six times; `other`: a file of the same format."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        out = bytearray(chance.choice(DAMAGES)(out, other, chance)) or bytearray(b"\0")
    if out[:8] == b"\x89PNG\r\n\x1a\n" and chance.random() < 0.7:
        out = _checked(out)
    return bytes(out)


def _place(out: bytearray, chance: random.Random) -> int:
    """A place in a file, as often as not near its beginning."""
    return chance.randrange(min(len(out), 200) if chance.random() < 0.5 else len(out))


def _flip(out: bytearray, _other: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 4, 30))):
        out[_place(out, chance)] ^= 1 << chance.randrange(8)
    return out


def _number(out: bytearray, _other: bytes, chance: random.Random) -> bytes:
    size, code = chance.choice(((1, "B"), (2, "H"), (4, "I"), (8, "Q")))
    at = _place(out, chance)
    value = struct.pack(chance.choice("<>") + code, chance.choice(ODD) & ((1 << 8 * size) - 1))
    return out[:at] + value + out[at + size:]


def _cut(out: bytearray, _other: bytes, chance: random.Random) -> bytes:
    return out[:_place(out, chance)]


def _without(out: bytearray, _other: bytes, chance: random.Random) -> bytes:
    at = _place(out, chance)
    return out[:at] + out[at + chance.choice((1, 2, 4, 16, 200)):]


def _twice(out: bytearray, _other: bytes, chance: random.Random) -> bytes:
    at, length = _place(out, chance), chance.choice((1, 4, 12, 60, 300))
    return out[:at + length] + out[at:at + length] * chance.choice((1, 1, 50)) + out[at + length:]


def _noise(out: bytearray, _other: bytes, chance: random.Random) -> bytes:
    at, length = _place(out, chance), chance.choice((1, 3, 20, 100))
    return out[:at] + chance.randbytes(length) + out[at + length:]


def _splice(out: bytearray, other: bytes, chance: random.Random) -> bytes:
    return out[:_place(out, chance)] + other[_place(bytearray(other), chance):]


def _word(out: bytearray, _other: bytes, chance: random.Random) -> bytes:
    """A number or a word of a text replaced by another."""
    starts = [i for i, byte in enumerate(out[:4000]) if chr(byte).isalnum() and (i == 0 or not chr(out[i - 1]).isalnum())]
    if not starts:
        return out
    at = end = chance.choice(starts)
    while end < len(out) and chr(out[end]).isalnum():
        end += 1
    return out[:at] + chance.choice(WORDS) + out[end:]


DAMAGES = (_flip, _flip, _number, _number, _number, _cut, _without, _twice, _noise, _splice, _word)


def _checked(out: bytearray) -> bytearray:
    """A PNG whose checksums are right again, so that what is in its chunks is read."""
    at = 8
    while at + 12 <= len(out):
        length = struct.unpack(">I", out[at:at + 4])[0]
        end = at + 8 + length
        if end + 4 > len(out):
            break
        out[end:end + 4] = struct.pack(">I", zlib.crc32(out[at + 4:end]))
        at = end + 4
    return out
