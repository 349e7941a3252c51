"""TIFFs of every kind: the same pixels whole and block by block, and what is damaged or claims too much is refused in one line."""

import functools
import os
import struct

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from smssr_infer.cli import main
from smssr_infer.io import libtiff, reading, tiff_reader
from smssr_infer.io.reading import read, read_large

ROWS, COLUMNS = np.mgrid[:70, :90]
COLOUR = np.stack([ROWS * 3, COLUMNS * 2, ROWS * COLUMNS % 251], -1).astype(np.uint8)
GREY, ALPHA = COLOUR[..., 2], (COLUMNS * 2 + 5).astype(np.uint8)
ALPHA[20:40, 30:50] = 0
DEEP = COLOUR.astype(np.uint16) * 257
NEAR = np.concatenate([COLOUR, 255 - COLOUR[..., :2]], -1)


def with_alpha(colour, premultiplied=False):
    """Colours with ALPHA, of their kind and range."""
    most = 1.0 if colour.dtype.kind == "f" else np.iinfo(colour.dtype).max
    alpha = ALPHA[..., None] / 255
    multiplied = colour * alpha if premultiplied else colour
    return np.concatenate([multiplied if most == 1 else np.rint(multiplied), alpha * most], -1).astype(colour.dtype)


def by_tifffile(pixels, path, **options):
    tifffile.imwrite(path, pixels, **({"photometric": "rgb", "metadata": None, "rowsperstrip": 16} | options))


def by_pillow(pixels, path, mode=None, **options):
    picture = Image.fromarray(pixels)
    (picture.quantize(60) if mode == "P" else picture.convert(mode) if mode else picture).save(path, **options)


def untagged(path):
    """RGB with alpha, without the tag that says so."""
    by_tifffile(with_alpha(DEEP), path, extrasamples=[2])
    with tifffile.TiffFile(path) as file, open(path, "r+b") as stream:
        stream.seek(file.pages[0].tags[338].offset)
        stream.write(struct.pack("<H", 65000))


def pillows(path):
    """What Pillow reads."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def by_way_of_ycbcr(_):
    """What is read of what Pillow writes, and Pillow < 13 cannot read."""
    return np.asarray(Image.fromarray(COLOUR).convert("YCbCr").convert("RGB"))


def lab(path):
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    ImageCms.applyTransform(Image.fromarray(COLOUR), to_lab).save(path)


def from_lab(path):
    with Image.open(path) as picture:
        return np.asarray(ImageCms.profileToProfile(picture, *(ImageCms.createProfile(name) for name in ("LAB", "sRGB")), outputMode="RGB"))


T, P = (functools.partial(functools.partial, by) for by in (by_tifffile, by_pillow))
FLOAT = COLOUR.astype(np.float32) / 200  # beyond 1 as well
KINDS = {
    # name: (what writes it, what is read, how much that may be off)
    "RGB": (T(COLOUR), COLOUR, 0),
    "RGB, strips of 7 rows": (T(COLOUR, rowsperstrip=7), COLOUR, 0),
    "RGB, tiles": (T(COLOUR, tile=(32, 48)), COLOUR, 0),
    "RGB, Deflate": (T(COLOUR, tile=(32, 32), compression="zlib", predictor=True), COLOUR, 0),
    "RGB, LZW": (T(DEEP, compression="lzw", predictor=True), DEEP, 0),
    "RGB, Zstandard": (T(DEEP, compression="zstd", predictor=True, byteorder=">"), DEEP, 0),
    "RGB, JPEG": (T(COLOUR, compression="jpeg", tile=(32, 32)), pillows, 0),
    "YCbCr, JPEG": (T(COLOUR, photometric="ycbcr", compression="jpeg", subsampling=(2, 2), tile=(32, 32)), pillows, 0),
    "YCbCr, not packed": (P(COLOUR, mode="YCbCr"), by_way_of_ycbcr, 0),
    "YCbCr, LZW": (P(COLOUR, mode="YCbCr", compression="tiff_lzw"), pillows, 0),
    "big-endian": (T(DEEP, byteorder=">"), DEEP, 0),
    "planes apart": (T(COLOUR.transpose(2, 0, 1), planarconfig="separate"), COLOUR, 0),
    "planes apart, 16 bits, LZW": (T(DEEP.transpose(2, 0, 1), planarconfig="separate", compression="lzw"), DEEP, 0),
    "planes apart, tiles": (T(with_alpha(COLOUR).transpose(2, 0, 1), planarconfig="separate", tile=(32, 32), extrasamples=[2]),
                            with_alpha(COLOUR), 0),
    "float": (T(FLOAT, compression="zlib", predictor=True), FLOAT, 0),
    "float of 16 bits": (T(FLOAT.astype(np.float16)), FLOAT.astype(np.float16).astype(np.float32), 0),
    "float of 64 bits": (T(FLOAT[..., 0].astype(np.float64), photometric="minisblack"), FLOAT[..., 0], 0),
    "whole numbers with sign": (T(DEEP[..., 0] // np.uint16(3), photometric="minisblack"), DEEP[..., 0] // 3, 0),
    "whole numbers of 32 bits": (T(GREY.astype(np.uint32) * 200, photometric="minisblack"), GREY.astype(np.uint16) * 200, 0),
    "alpha": (T(with_alpha(COLOUR), extrasamples=[2]), with_alpha(COLOUR), 0),
    "alpha, tag missing": (untagged, with_alpha(DEEP), 0),
    "premultiplied": (T(with_alpha(COLOUR, True), extrasamples=[1]), with_alpha(COLOUR), 255),
    "premultiplied, 16 bits": (T(with_alpha(DEEP, True), extrasamples=[1]), with_alpha(DEEP), 65535),
    "premultiplied, float": (T(with_alpha(FLOAT, True), extrasamples=[1]), with_alpha(FLOAT), 1),
    "grey, premultiplied": (T(with_alpha(GREY[..., None], True), photometric="minisblack", extrasamples=[1], planarconfig="contig"),
                            with_alpha(GREY[..., None]), 255),
    "0 is white": (T(GREY, photometric="miniswhite"), 255 - GREY, 0),
    "0 is white, 16 bits": (T(DEEP[..., 2], photometric="miniswhite"), 65535 - DEEP[..., 2], 0),
    "0 is white, float": (T(FLOAT[..., 2], photometric="miniswhite"), 1 - FLOAT[..., 2], 0),
    "1 bit": (T(GREY > 99, photometric="minisblack"), 255 * (GREY > 99), 0),
    "1 bit, 0 is white": (T(GREY > 99, photometric="miniswhite", rowsperstrip=70), 255 * (GREY <= 99), 0),
    "1 bit, fax": (P(GREY > 99, compression="group4"), 255 * (GREY > 99), 0),
    "palette": (P(COLOUR, mode="P"), pillows, 0),
    "palette, LZW": (P(COLOUR, mode="P", compression="tiff_lzw"), pillows, 0),
    "CMYK": (P(COLOUR, mode="CMYK"), pillows, 0),
    "Lab": (lab, from_lab, 0),
    "a sample that is not said to be anything": (T(with_alpha(COLOUR), extrasamples=[0]), COLOUR, 0),
    "two such, 16 bits": (T(NEAR.astype(np.uint16), extrasamples=[0, 0], planarconfig="contig"), COLOUR.astype(np.uint16), 0),
}


def in_blocks(path, monkeypatch):
    """A file read in several windows, whatever its size."""
    with monkeypatch.context() as patch:
        patch.setattr(reading, "LARGE", 0)
        patch.setattr(tiff_reader, "ROWS", 1000)
        file = read_large(path)
        height, width = file.pixels.shape[:2]
        windows = [np.concatenate([file.pixels[a:a + 30, b:b + 40] for b in range(0, width, 40)], 1) for a in range(0, height, 30)]
        pixels = np.concatenate(windows)
    return file, pixels[..., 0] if pixels.shape[2] == 1 else pixels


@pytest.mark.parametrize("codecs", [True, False])
@pytest.mark.parametrize("name", KINDS)
def test_the_same_pixels_small_and_large(tmp_path, monkeypatch, name, codecs):
    monkeypatch.setattr(tiff_reader, "has_imagecodecs", lambda: codecs)
    path = tmp_path / "a.tif"
    write, expected, off = KINDS[name]
    write(path)
    whole, (large, pixels) = read(path), in_blocks(path, monkeypatch)
    assert whole.pixels.dtype == pixels.dtype and np.array_equal(whole.pixels, pixels)
    unused = {"a sample that": "transparency, 1 a pixel", "two such, 16 ": "transparency, 2 a pixel"}.get(name[:13], "")
    assert whole.remarks == large.remarks and unused in "".join(whole.remarks)
    expected = expected(path) if callable(expected) else expected
    assert pixels.shape == expected.shape
    if "premultiplied" in name:  # a sample's step is as much larger as alpha is smaller
        seen = ALPHA > 0
        expected, pixels = expected[seen].astype(np.float64), pixels[seen]
        steps = np.abs(pixels - expected) * np.concatenate([np.repeat(ALPHA[seen, None] / 255, expected.shape[-1] - 1, 1),
                                                            np.ones((seen.sum(), 1))], 1)
        assert steps.max() <= (1e-6 if off == 1 else 1)
    else:
        assert np.abs(pixels.astype(np.float64) - expected).max() <= off


def test_floats_keep_their_kind(tmp_path, monkeypatch):
    by_tifffile(FLOAT, tmp_path / "a.tif")
    assert in_blocks(tmp_path / "a.tif", monkeypatch)[1].dtype == np.float32


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_picture_is_set_upright_however_large(tmp_path, monkeypatch, turn):
    by_tifffile(COLOUR, tmp_path / "a.tif", extratags=[(274, 3, 1, turn, True)])
    assert np.array_equal(in_blocks(tmp_path / "a.tif", monkeypatch)[1], read(tmp_path / "a.tif").pixels)


REFUSED = {
    "five bands": (T(NEAR, photometric="minisblack", planarconfig="contig"), "5 bands"),
    "negative": (T(GREY.astype(np.int16) - 40, photometric="minisblack"), "without sign"),
    "too many": (T(GREY.astype(np.uint32) * 60000, photometric="minisblack"), "16 bits"),
    "complex": (T(GREY.astype(np.complex64), photometric="minisblack"), "complex64"),
    "raw": (T(GREY, photometric="cfa"), "CFA"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_in_the_same_words(tmp_path, monkeypatch, name):
    write, words = REFUSED[name]
    path = tmp_path / "a.tif"
    write(path)
    said = []
    for reads in (lambda: read(path), lambda: in_blocks(path, monkeypatch)):
        with pytest.raises(ValueError, match=words) as found:
            reads()
        said.append(str(found.value))
    assert said[0] == said[1] and "a.tif" in said[0] and "\n" not in said[0]


def test_samples_that_are_left_out_are_named(tmp_path, capsys):
    by_tifffile(with_alpha(COLOUR), tmp_path / "a.tif", extrasamples=[0])
    assert main(["restore", str(tmp_path / "a.tif"), str(tmp_path / "b.tif"), "--chroma", "1"]) == 0
    assert capsys.readouterr().err.count("1 a pixel") == 1
    assert read(tmp_path / "b.tif").pixels.shape == COLOUR.shape


def test_a_codec_that_is_missing_is_named(tmp_path, monkeypatch):
    by_tifffile(COLOUR, tmp_path / "a.tif", compression="webp", tile=(32, 32))
    monkeypatch.setattr(tiff_reader, "has_imagecodecs", lambda: False)
    with pytest.raises(ValueError, match=r"a\.tif.*smssr\[large\]"):
        read(tmp_path / "a.tif")


def test_libtiff_is_quiet_without_silencing_the_process(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(tiff_reader, "has_imagecodecs", lambda: False)
    by_tifffile(COLOUR, tmp_path / "a.tif", compression="lzw")
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        at = file.pages[0].dataoffsets[0]
    data = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "a.tif").write_bytes(data[:at + 50] + b"\xff" * 300 + data[at + 350:])
    unpacked = libtiff.unpacked

    def speaking(*arguments):
        os.write(2, b"before\n")
        return unpacked(*arguments)

    monkeypatch.setattr(libtiff, "unpacked", speaking)
    with pytest.raises(ValueError, match=r"a\.tif"):
        read(tmp_path / "a.tif")
    assert capfd.readouterr().err == "before\n"
