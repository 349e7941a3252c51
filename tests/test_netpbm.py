"""PPM of 16 bits, PFM, JPEG 2000 of more than 8 bits: all bits in and out."""

import numpy as np
import pytest
from PIL import Image

from smssr_infer.io import jpeg_2000
from smssr_infer.io.picture_file import PictureFile
from smssr_infer.io.reading import read, size_of
from smssr_infer.io.writing import write


@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("kind", ["uint8", "uint16"])
def test_ppm(tmp_path, small, kind, grey):
    pixels = small[:20, :30] if kind == "uint8" else small[:20, :30].astype(np.uint16) * 257 - 3
    pixels = np.ascontiguousarray(pixels[..., 0] if grey else pixels)
    write(tmp_path / "a.ppm", PictureFile(pixels))
    assert np.array_equal(read(tmp_path / "a.ppm").pixels, pixels) and size_of(tmp_path / "a.ppm") == (20, 30)
    with Image.open(tmp_path / "a.ppm") as seen:  # which reads colour in 8 bits
        assert np.abs(np.asarray(seen).astype(int) // (257 if grey and kind == "uint16" else 1)
                      - (pixels >> 8 if kind == "uint16" else pixels)).max() <= 1


def test_of_fewer_than_16_bits_the_range_is_whole(tmp_path):
    (tmp_path / "a.ppm").write_bytes(b"P6 # made by hand\n2\n1 1023\n" + np.array([0, 1023, 512, 1, 2, 3], ">u2").tobytes())
    assert read(tmp_path / "a.ppm").pixels.tolist() == [[[0, 65535, 32800], [64, 128, 192]]]


@pytest.mark.parametrize("grey", [False, True])
def test_pfm(tmp_path, small, grey):
    pixels = small[:20, :30].astype(np.float32) / 100 - 0.25
    pixels = np.ascontiguousarray(pixels[..., 0] if grey else pixels)
    write(tmp_path / "a.pfm", PictureFile(pixels))
    assert np.array_equal(read(tmp_path / "a.pfm").pixels, pixels)
    size = b"%d %d" % (30, 20)
    (tmp_path / "big.pfm").write_bytes((b"Pf\n" if grey else b"PF\n") + size + b"\n1.0\n" + pixels[::-1].astype(">f4").tobytes())
    assert np.array_equal(read(tmp_path / "big.pfm").pixels, pixels)
    write(tmp_path / "b.pfm", PictureFile(small[:20, :30]))
    assert np.allclose(read(tmp_path / "b.pfm").pixels, small[:20, :30] / 255, atol=1e-6)


def test_what_is_damaged_is_one_line(tmp_path):
    for content, words in ((b"PF\n3 2\n-1.0\n" + bytes(71), "incomplete"), (b"P6 3 2 65535\n" + bytes(35), "incomplete"),
                           (b"PF\n0 2\n-1.0\n", "not a picture"), (b"PF\nx 2\n-1.0\n", "not a picture")):
        (tmp_path / "a.pfm").write_bytes(content)
        with pytest.raises(ValueError, match=words):
            read(tmp_path / "a.pfm")
    (tmp_path / "a.pfm").write_bytes(b"PF\n2 1\n-1.0\n" + np.array([np.nan, 0, 0, 1, 1, 1], "<f4").tobytes())
    file = read(tmp_path / "a.pfm")
    assert file.numberless and np.isfinite(file.pixels).all()


@pytest.mark.parametrize("bits", [12, 16])
def test_jpeg_2000_has_all_its_bits(tmp_path, small, bits, monkeypatch):
    imagecodecs = pytest.importorskip("imagecodecs")
    pixels = small[:20, :30].astype(np.uint16) * 257 ^ 3
    (tmp_path / "a.jp2").write_bytes(imagecodecs.jpeg2k_encode(pixels >> 16 - bits, level=0, codecformat="jp2", reversible=True,
                                                               bitspersample=bits))
    assert jpeg_2000.depth(tmp_path / "a.jp2") == bits
    file = read(tmp_path / "a.jp2")
    assert file.pixels.dtype == np.uint16 and not file.remarks
    assert np.abs(file.pixels.astype(int) - pixels).max() <= (0 if bits == 16 else 17)
    monkeypatch.setattr(jpeg_2000.importlib.util, "find_spec", lambda name: None)
    file = read(tmp_path / "a.jp2")
    assert file.pixels.dtype == np.uint8 and "8 are read" in file.remarks[0]
