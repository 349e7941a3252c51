"""Pictures on disk through `smssr upscale`: what goes in comes out, larger."""

import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, PngImagePlugin

from smssr_infer import upscale
from smssr_infer.cli import main
from smssr_infer.io.picture_file import PictureFile
from smssr_infer.io.reading import read
from smssr_infer.io.writing import write

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GREY = SRGB[:16] + b"GRAY" + SRGB[20:]


def enlarge(source, target, *options):
    assert main(["upscale", str(source), str(target), "--scale", "2", *options]) == 0
    return Image.open(target)


@pytest.fixture
def tiny(small):
    """24×20 RGB."""
    return small[30:54, 40:60]


@pytest.mark.parametrize(("mode", "becomes"), [("L", "L"), ("LA", "LA"), ("RGB", "RGB"), ("RGBA", "RGBA"), ("1", "L"), ("P", "RGB")])
def test_png_modes(tmp_path, tiny, mode, becomes):
    Image.fromarray(tiny).convert(mode).save(tmp_path / "a.png")
    answer = enlarge(tmp_path / "a.png", tmp_path / "b.png")
    assert (answer.mode, answer.size) == (becomes, (40, 48))


def test_pixels_are_the_librarys(tmp_path, tiny):
    Image.fromarray(tiny).save(tmp_path / "a.png")
    assert np.array_equal(np.asarray(enlarge(tmp_path / "a.png", tmp_path / "b.png")), upscale(tiny, 2))


def test_palette_with_transparency(tmp_path):
    picture = Image.new("P", (8, 8), 1)
    picture.putpalette([0, 0, 0, 250, 10, 10])
    picture.paste(0, (0, 0, 4, 8))
    picture.save(tmp_path / "a.gif", transparency=0)
    answer = np.asarray(enlarge(tmp_path / "a.gif", tmp_path / "b.png"))
    assert answer.shape == (16, 16, 4)
    assert answer[8, 2, 3] == 0
    assert np.abs(answer[8, 13].astype(int) - (250, 10, 10, 255)).max() <= 2


@pytest.mark.parametrize("ending", [".png", ".tif"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_sixteen_bits_are_kept(tmp_path, ending, channels):
    """A ramp with far more than 256 levels keeps them."""
    ramp = np.linspace(1000, 3000, 64 * 64).reshape(64, 64).astype(np.uint16)
    pixels = np.stack([ramp, ramp[::-1], ramp.T, np.full_like(ramp, 40000)], axis=-1)
    pixels = ramp if channels == 1 else pixels[..., [0, 3]] if channels == 2 else pixels[..., :channels]
    profile = GREY if channels == 1 or (channels, ending) == (2, ".png") else SRGB
    write(tmp_path / f"a{ending}", PictureFile(pixels, icc=profile, dpi=(300.0, 300.0)))
    enlarge(tmp_path / f"a{ending}", tmp_path / f"b{ending}")
    back = read(tmp_path / f"b{ending}")
    expected = upscale(pixels, 2)
    if ending == ".tif" and channels == 2:
        expected = expected[..., [0, 0, 0, 1]]  # written as colour: Pillow reads no 16-bit TIFF of grey with alpha
    assert back.pixels.dtype == np.uint16
    assert np.abs(back.pixels.astype(int) - expected).max() <= 1
    assert len(np.unique(back.pixels)) > 1500
    assert back.icc == profile
    assert back.dpi == pytest.approx((600, 600), rel=1e-3)


def test_sixteen_bit_colour_is_what_others_write(tmp_path):
    """A hand-made 16-bit PNG and a TIFF from tifffile (scikit-image brings it) are read to the last bit."""
    pixels = np.random.default_rng(0).integers(0, 65536, (9, 7, 3), dtype=np.uint16)
    for options in ({}, {"byteorder": ">"}, {"compression": "zlib"}):
        tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", **options)
        assert np.array_equal(read(tmp_path / "a.tif").pixels, pixels)
    tifffile.imwrite(tmp_path / "a.tif", pixels.transpose(2, 0, 1), photometric="rgb", planarconfig="separate")
    assert np.array_equal(read(tmp_path / "a.tif").pixels, pixels)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 7, 9, 16, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks))
    assert np.array_equal(read(tmp_path / "a.png").pixels, pixels)
    write(tmp_path / "c.tif", PictureFile(pixels))
    assert np.array_equal(tifffile.imread(tmp_path / "c.tif"), pixels)


def test_float_tiff(tmp_path, tiny):
    pixels = tiny[..., 0].astype(np.float32) / 255
    Image.fromarray(pixels).save(tmp_path / "a.tif")
    answer = enlarge(tmp_path / "a.tif", tmp_path / "b.tif")
    assert np.array_equal(np.asarray(answer), upscale(pixels, 2))


@pytest.mark.parametrize("ending", [".png", ".jpg", ".tif", ".webp"])
def test_profile_exif_and_resolution(tmp_path, tiny, ending):
    exif = Image.Exif()
    exif[0x010E], exif[0x0110], exif[0x0112] = "a description", "a camera", 1
    exif.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    first = ".jpg" if ending == ".tif" else ending  # Pillow writes no EXIF directory into a TIFF; we do
    Image.fromarray(tiny).save(tmp_path / f"a{first}", icc_profile=SRGB, exif=exif, dpi=(72, 72))
    if first != ending:
        write(tmp_path / f"a{ending}", read(tmp_path / f"a{first}"))
    answer = enlarge(tmp_path / f"a{ending}", tmp_path / f"b{ending}")
    assert answer.info["icc_profile"] == SRGB
    assert answer.getexif()[0x010E] == "a description"
    assert answer.getexif()[0x0110] == "a camera"
    assert answer.getexif().get_ifd(0x8769)[0x9003] == "2024:05:06 07:08:09"
    if ending != ".webp":  # has no place for a resolution
        assert answer.info["dpi"] == pytest.approx((144, 144), rel=0.01)


@pytest.mark.parametrize("source", [".jpg", ".png", ".tif"])
@pytest.mark.parametrize("target", [".jpg", ".png", ".tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_never_doubled(tmp_path, source, target, orientation):
    """Shown by a viewer that obeys EXIF, the answer looks like the input shown by one."""
    from PIL import ImageOps

    picture = np.zeros((12, 20, 3), np.uint8)
    picture[:6, :10] = (255, 0, 0)
    picture[6:, :10] = (0, 255, 0)
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(picture).save(tmp_path / f"a{source}", exif=exif, **({"quality": 100} if source == ".jpg" else {}))
    before = ImageOps.exif_transpose(Image.open(tmp_path / f"a{source}"))
    after = ImageOps.exif_transpose(enlarge(tmp_path / f"a{source}", tmp_path / f"b{target}"))
    assert after.size == (before.width * 2, before.height * 2)
    shrunk = np.asarray(after.resize(before.size, Image.Resampling.BOX)).astype(int)
    assert np.abs(shrunk - np.asarray(before)).mean() < 12


def test_no_resolution_stays_none(tmp_path, tiny):
    for ending in (".tif", ".png", ".jpg"):
        Image.fromarray(tiny).save(tmp_path / f"a{ending}")
        assert enlarge(tmp_path / f"a{ending}", tmp_path / "b.png").info.get("dpi") is None
        assert 34853 not in enlarge(tmp_path / f"a{ending}", tmp_path / "c.jpg").getexif()


def test_a_link_stays_a_link(tmp_path, tiny):
    Image.fromarray(tiny).save(tmp_path / "a.png")
    (tmp_path / "real.png").write_bytes(b"old")
    (tmp_path / "link.png").symlink_to(tmp_path / "real.png")
    enlarge(tmp_path / "a.png", tmp_path / "link.png")
    assert (tmp_path / "link.png").is_symlink()
    assert Image.open(tmp_path / "real.png").size == (40, 48)


def test_xmp_and_texts(tmp_path, tiny):
    xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf tiff:Orientation="6" dc:title="t"/></x:xmpmeta>'
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "somebody")
    texts.add_itxt("XML:com.adobe.xmp", xmp)
    Image.fromarray(tiny).save(tmp_path / "a.png", pnginfo=texts)
    answer = enlarge(tmp_path / "a.png", tmp_path / "b.png")
    assert answer.text["Author"] == "somebody"
    assert b'tiff:Orientation="1" dc:title="t"' in answer.info["xmp"]
    answer = enlarge(tmp_path / "a.png", tmp_path / "b.jpg")
    assert b'dc:title="t"' in answer.info["xmp"]


def test_cmyk_jpeg(tmp_path, tiny):
    Image.fromarray(tiny).convert("CMYK").save(tmp_path / "a.jpg", quality=100)
    answer = enlarge(tmp_path / "a.jpg", tmp_path / "b.png")
    assert answer.mode == "RGB"
    shrunk = np.asarray(answer.resize((20, 24), Image.Resampling.BOX)).astype(int)
    assert np.abs(shrunk - tiny).mean() < 8
