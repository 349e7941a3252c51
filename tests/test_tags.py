"""Tags of TIFF and EXIF: scaled, left behind, or of a wrong type."""

import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from smssr_infer.cli import main
from smssr_infer.io.reading import read_large
from smssr_infer.io.writing import write

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
IPTC = b"\x1c\x02\x00\x00\x02\x00\x04\x1c\x02\x19\x00\x03cat"


def of_tags(tmp_path, extra, **options):
    """A TIFF of 20 × 24 with further tags, enlarged twice; the answer's tags."""
    tifffile = pytest.importorskip("tifffile")
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((24, 20, 3), np.uint8), photometric="rgb", metadata=None,
                     extratags=[(code, kind, len(value), value, True) for code, kind, value in extra], **options)
    assert main(["upscale", str(tmp_path / "a.tif"), str(tmp_path / "b.tif"), "--scale", "2"]) == 0
    with tifffile.TiffFile(tmp_path / "b.tif") as file:
        return {tag.code: tag.value for tag in file.pages[0].tags}


@pytest.mark.parametrize(("point", "tie"), [(1, (6.0, 8.0)), (2, (6.5, 8.5))])
def test_georeference_is_scaled(tmp_path, point, tie):
    tags = of_tags(tmp_path, [(33550, 12, (10.0, 10.0, 0.0)), (33922, 12, (3.0, 4.0, 0.0, 500000.0, 5400000.0, 0.0)),
                              (34735, 3, (1, 1, 0, 2, 1024, 0, 1, 1, 1025, 0, 1, point))])
    assert tags[33550] == (5, 5, 0)
    assert tags[33922] == (*tie, 0, 500000, 5400000, 0)
    assert tags[34735] == (1, 1, 0, 2, 1024, 0, 1, 1, 1025, 0, 1, point)


def test_a_transformation_to_the_earth_is_scaled(tmp_path):
    matrix = (10.0, 2.0, 0.0, 500.0, 3.0, -10.0, 0.0, 700.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    tags = of_tags(tmp_path, [(34264, 12, matrix), (34735, 3, (1, 1, 0, 1, 1025, 0, 1, 1))])
    assert tags[34264] == (5, 1, 0, 500, 1.5, -5, 0, 700, *matrix[8:])


@pytest.mark.parametrize("description", ["ImageJ=1.53\nimages=3\n", '<?xml version="1.0"?><OME><Image SizeX="20"/></OME>',
                                         '{"shape": [24, 20, 3]}', "Aperio Image Library\r\n20x24|MPP = 0.5", "SI.VERSION = 5"])
def test_what_programs_note_of_the_old_pixels_stays_behind(tmp_path, description):
    tags = of_tags(tmp_path, [(50838, 4, (12, 24)), (50706, 1, (1, 4, 0, 0)), (37724, 7, b"layers"), (65000, 2, "mine"),
                              (315, 2, "somebody")], description=description)
    assert not tags.keys() & {270, 50838, 50706, 37724, 65000}
    assert tags[315] == "somebody"


def test_iptc_that_old_programs_call_numbers(tmp_path):
    padded = IPTC + bytes(-len(IPTC) % 4)
    for order in "<>":
        tags = of_tags(tmp_path, [(33723, 4, struct.unpack(f"{order}{len(padded) // 4}I", padded))], byteorder=order)
        assert tags[33723] == padded


def test_colour_in_floats_has_its_metadata_and_stands_upright(tmp_path):
    """Pillow does not know such a file."""
    tifffile = pytest.importorskip("tifffile")
    pixels = np.random.default_rng(0).random((24, 20, 3)).astype(np.float32)
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", resolution=(300, 200), resolutionunit="INCH", iccprofile=SRGB,
                     extratags=[(274, 3, 1, 6, True), (315, 2, 0, "somebody", True)])
    file = read_large(tmp_path / "a.tif")
    assert np.array_equal(file.pixels, np.rot90(pixels, -1))
    assert (file.icc, file.dpi) == (SRGB, (200, 300))
    assert main(["upscale", str(tmp_path / "a.tif"), str(tmp_path / "b.tif"), "--scale", "2", "--picture", "clean"]) == 0
    with tifffile.TiffFile(tmp_path / "b.tif") as answer:
        page = answer.pages[0]
        assert (page.shape, page.dtype) == ((40, 48, 3), np.float32)
        assert page.tags["Artist"].value == "somebody" and page.tags["InterColorProfile"].value == SRGB and 274 not in page.tags
        assert page.tags["XResolution"].value == (400, 1)


@pytest.mark.parametrize("target", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize("kind", [0, 2, 3, 5, 7, 11, 12, 13, 99])
def test_exif_of_a_wrong_type(tmp_path, kind, target):
    """A width that is a text, a time that is a number, a type that is none: the picture comes out all the same."""
    entries = [(0x010F, kind, 3, b"abc\0"), (0x0112, kind, 1, b"\1\0\0\0"), (0x8298, 2, 4, b"CC0\0"), (0x8769, 4, 1, b"\x3e\0\0\0")]
    below = [(0x9003, kind, 1 << 28, b"\xff" * 4), (0xA002, kind, 1, b"abcd")]
    block = b"II*\0\x08\0\0\0"
    for tags in (entries, below):
        block += struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHI4s", *tag) for tag in tags) + bytes(4)
    Image.new("RGB", (20, 24), "red").save(tmp_path / "a.jpg", exif=b"Exif\0\0" + block + bytes(64))
    file = read_large(tmp_path / "a.jpg")
    write(tmp_path / f"b.{target}", file.with_pixels(np.zeros((48, 40, 3), np.uint8)))
    with Image.open(tmp_path / f"b.{target}") as answer:
        assert answer.getexif()[0x8298] == "CC0"
