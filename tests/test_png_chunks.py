"""What PNGs hold beside their pixels: colour, texts that are odd, and which of them never refuse a picture."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from smssr_infer.cli import main
from smssr_infer.io.reading import read_large

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def png_with(path, *chunks: tuple[bytes, bytes], mode="RGB"):
    """A PNG with further chunks before its pixels."""
    stream = io.BytesIO()
    Image.effect_mandelbrot((20, 24), (-2, -1, 1, 1), 20).convert(mode).save(stream, "PNG")
    data = stream.getvalue()
    more = b"".join(struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
                    for kind, content in chunks)
    path.write_bytes(data[:33] + more + data[33:])
    return path


GAMMA = (100000).to_bytes(4, "big")
CORNERS = b"".join(value.to_bytes(4, "big") for value in (31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000))


@pytest.mark.parametrize("chunks", [[(b"gAMA", GAMMA), (b"cHRM", CORNERS)], [(b"cICP", bytes([9, 16, 0, 1])), (b"mDCV", bytes(24)),
                                                                              (b"cLLI", bytes(8))], [(b"sRGB", b"\1")]])
def test_what_png_says_of_colour(tmp_path, capsys, chunks):
    path = png_with(tmp_path / "a.png", *chunks)
    assert main(["upscale", str(path), str(tmp_path / "b.png"), "--scale", "2"]) == 0
    assert "colour space" not in capsys.readouterr().err
    data = (tmp_path / "b.png").read_bytes()
    for kind, content in chunks:
        assert kind + content in data
    assert main(["upscale", str(path), str(tmp_path / "b.tif"), "--scale", "2"]) == 0
    said = capsys.readouterr().err
    assert ("colour space" in said) == (chunks[0][0] != b"sRGB")


def bad_crc(path):
    """A text whose checksum is wrong."""
    png_with(path, (b"tEXt", b"Title\0a title"))
    path.write_bytes(path.read_bytes().replace(b"a title", b"A title"))


def long_text(path):
    png_with(path, (b"zTXt", b"Workflow\0\0" + zlib.compress(b"a" * (3 << 20))), (b"tEXt", b"Title\0a title"))


@pytest.mark.parametrize(("make", "kept"), [
    (bad_crc, {}), (long_text, {"Workflow": "a" * (3 << 20), "Title": "a title"}),
    (lambda path: png_with(path, (b"zTXt", b"Workflow\0\7abc"), (b"tEXt", b"Title\0a title")), {"Title": "a title"}),
    (lambda path: png_with(path, (b"iCCP", b"p\0\0rubbish"), (b"gAMA", b"")), {}),
    (lambda path: png_with(path, (b"iCCP", b"p\0\0" + zlib.compress(SRGB + bytes(2 << 20)))), {})])
def test_texts_never_refuse_a_png(tmp_path, make, kept):
    make(tmp_path / "a.png")
    file = read_large(tmp_path / "a.png")
    assert {key: text.words for key, text in file.text.items()} == kept
    with Image.open(png_with(tmp_path / "plain.png")) as plain:
        assert np.array_equal(file.pixels, np.asarray(plain))
