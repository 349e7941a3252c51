"""PNG files of ours: what any reader gets back, and how large they are."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from skimage import data

from smssr_infer.io import png_sink

NOTHING = {"icc": None, "exif": None, "dpi": None, "text": {}}


def written(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    sink = png_sink.PngSink(stream, pixels.shape, pixels.dtype, **NOTHING)
    for rows in np.array_split(pixels, min(3, len(pixels))):
        sink.put(rows)
    sink.finish()
    return stream.getvalue()


def samples(file: bytes) -> np.ndarray:
    """The samples of a PNG, decoded here by the specification: filters none and Paeth."""
    at, packed = 8, b""
    while at < len(file):
        length, kind = struct.unpack(">I4s", file[at:at + 8])
        content = file[at + 8:at + 8 + length]
        assert struct.unpack(">I", file[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + content)
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", content[:10])
        packed += content if kind == b"IDAT" else b""
        at += 12 + length
    step = {0: 1, 2: 3, 4: 2, 6: 4}[colour] * depth // 8
    unpacker = zlib.decompressobj()
    lines = np.frombuffer(unpacker.decompress(packed), np.uint8).reshape(height, -1)
    assert unpacker.eof and not unpacker.unused_data
    above, rows = np.zeros(lines.shape[1] - 1, int), []
    for line in lines:
        row = line[1:].astype(int)
        if line[0] == png_sink.PAETH:
            for i in range(len(row)):
                a, b, c = row[i - step] if i >= step else 0, above[i], above[i - step] if i >= step else 0
                near = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
                row[i] = (row[i] + near) % 256
        above = row
        rows.append(row.astype(np.uint8))
    return np.stack(rows).view(">u2" if depth == 16 else np.uint8).reshape(height, width, -1)


@settings(max_examples=30, deadline=None)
@given(height=st.integers(1, 9), width=st.integers(1, 9), channels=st.integers(1, 4), deep=st.booleans(), seed=st.integers(0, 9))
def test_any_size_channels_and_depth_by_the_specification(height, width, channels, deep, seed):
    most = 65536 if deep else 256
    pixels = np.random.default_rng(seed).integers(0, most, (height, width, channels)).astype(np.uint16 if deep else np.uint8)
    assert np.array_equal(samples(written(pixels)), pixels)


@pytest.mark.parametrize("rows", [1, 3, 1000])
def test_blocks_and_strips_of_any_size_are_one_stream(monkeypatch, rows):
    picture = np.asarray(data.chelsea())[:100]
    monkeypatch.setattr(png_sink, "BLOCK", rows * picture[0].nbytes)
    monkeypatch.setattr(png_sink, "STRIP", 2 * picture[0].nbytes)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(written(picture)))), picture)


@pytest.mark.parametrize("name", ["photograph", "drawing", "flat"])
def test_hardly_larger_than_pillows(name):
    drawing = np.full((400, 600, 3), 250, np.uint8)
    drawing[::20], drawing[:, ::33] = (10, 10, 10), (200, 30, 30)
    picture = {"photograph": np.asarray(data.astronaut()), "drawing": drawing, "flat": np.zeros((700, 900, 4), np.uint8)}[name]
    theirs = io.BytesIO()
    Image.fromarray(picture).save(theirs, "PNG")
    ours = written(picture)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(ours))), picture)
    assert len(ours) <= 1.1 * len(theirs.getvalue()) + 1000
