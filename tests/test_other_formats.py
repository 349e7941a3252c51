"""HEIC, JPEG XL and raw pictures: read in all their bits, named where their package is missing; what is no number in floats."""

import importlib.util
import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from smssr_infer.cli import main
from smssr_infer.io import formats, recognising
from smssr_infer.io.picture_file import NUMBERLESS, PictureFile
from smssr_infer.io.reading import read, read_large, size_of
from smssr_infer.io.writing import write

QUICK = ["--scale", "2", "--model", "smssr-x4-quick"]
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def ramp(top=65535, dtype=np.uint16):
    return np.linspace(0, top, 48 * 64 * 3).reshape(48, 64, 3).astype(dtype)


def exif(orientation=1):
    tags = Image.Exif()
    tags[274], tags[271] = orientation, "Maker"
    return tags.tobytes()


def dng(path):
    """A raw picture: a mosaic of RGGB in 16 bits, brighter to the right, with a small grey picture before it."""
    import tifffile

    mosaic = np.broadcast_to(np.linspace(1000, 50000, 128).astype(np.uint16), (96, 128)).copy()
    matrix = (1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1)
    tags = [(50706, "B", 4, (1, 4, 0, 0), True), (50708, "s", 0, "Maker Model", True), (33421, "H", 2, (2, 2), True),
            (33422, "B", 4, (0, 1, 1, 2), True), (50721, "2i", 9, matrix, True), (50778, "H", 1, 21, True), (50717, "H", 1, 65535, True),
            (271, "s", 0, "Maker", True), (272, "s", 0, "Model", True)]
    tifffile.imwrite(path, mosaic, photometric=32803, extratags=tags)
    return path


@pytest.mark.parametrize("bits", [8, 10])
def test_heic(tmp_path, bits):
    heif = pytest.importorskip("pillow_heif")
    pixels = ramp(255, np.uint8) if bits == 8 else ramp()
    file = heif.from_bytes(mode="RGB" if bits == 8 else "RGB;16", size=(64, 48), data=pixels.tobytes())
    file.save(tmp_path / "a.heic", quality=-1, chroma=444, exif=exif(), icc_profile=SRGB)
    found = read(tmp_path / "a.heic")
    assert found.pixels.dtype == pixels.dtype and found.pixels.shape == pixels.shape
    assert np.abs(found.pixels.astype(int) - pixels).max() <= (2 if bits == 8 else 150)  # 10 bits, by way of YCbCr
    assert found.pixels.max() == np.iinfo(pixels.dtype).max
    assert found.icc == SRGB and found.exif.field(271).data.startswith(b"Maker")
    assert size_of(tmp_path / "a.heic") == (48, 64)
    assert main(["upscale", str(tmp_path / "a.heic"), str(tmp_path / "o.heic"), *QUICK]) == 0
    assert read(tmp_path / "o.heic").pixels.shape == (96, 128, 3)


def test_a_heic_that_was_taken_turned_is_turned_once(tmp_path):
    pytest.importorskip("pillow_heif").register_heif_opener()
    Image.fromarray(ramp(255, np.uint8)).save(tmp_path / "a.heic", exif=exif(6), quality=90)
    assert read(tmp_path / "a.heic").pixels.shape == (64, 48, 3)
    assert main(["upscale", str(tmp_path / "a.heic"), str(tmp_path / "o.jpg"), *QUICK]) == 0
    with Image.open(tmp_path / "o.jpg") as made:
        assert made.size == (96, 128) and made.getexif().get(274, 1) == 1


@pytest.mark.parametrize("pixels", [ramp(255, np.uint8), ramp(), ramp()[..., 0], ramp(1, np.float32)], ids=lambda x: f"{x.dtype}{x.ndim}")
def test_jpeg_xl(tmp_path, pixels):
    imagecodecs = pytest.importorskip("imagecodecs")
    pytest.importorskip("pillow_jxl")
    (tmp_path / "a.jxl").write_bytes(imagecodecs.jpegxl_encode(pixels, lossless=True))
    found = read(tmp_path / "a.jxl").pixels
    assert found.dtype == pixels.dtype and np.array_equal(found, pixels)


def test_jpeg_xl_keeps_exif(tmp_path):
    pytest.importorskip("pillow_jxl")
    Image.fromarray(ramp(255, np.uint8)).save(tmp_path / "a.png", exif=exif())
    assert main(["upscale", str(tmp_path / "a.png"), str(tmp_path / "o.jxl"), *QUICK]) == 0
    assert read(tmp_path / "o.jxl").exif.field(271).data.startswith(b"Maker")


@pytest.mark.parametrize("name", ["a.dng", "a.nef", "a.tif"])
def test_raw_pictures_are_developed(tmp_path, name):
    pytest.importorskip("rawpy")
    found = read(dng(tmp_path / name))
    assert found.pixels.dtype == np.uint16 and found.pixels.shape == (96, 128, 3)
    assert found.pixels[:, 100].mean() > found.pixels[:, 20].mean() + 5000
    assert found.exif.field(271).data.startswith(b"Maker") and ImageCms.getProfileDescription(
        ImageCms.ImageCmsProfile(io.BytesIO(found.icc))).startswith("sRGB")


def test_a_thumbnail_is_never_the_picture(tmp_path, capsys):
    """A raw file that is a TIFF whose first page is small: named so, or a `.tif`."""
    import tifffile

    for name in ("a.nef", "a.tif"):
        with tifffile.TiffWriter(tmp_path / name) as file:
            file.write(np.zeros((12, 16, 3), np.uint8), subifds=1, subfiletype=1, photometric="rgb")
            file.write(np.zeros((480, 640), np.uint16), photometric=32803)
        assert read(tmp_path / name).pixels.shape == (480, 640, 3)
    Image.new("RGB", (16, 12)).save(tmp_path / "a.tif")
    (tmp_path / "a.tif").rename(tmp_path / "a.nef")
    assert main(["upscale", str(tmp_path / "a.nef"), str(tmp_path / "o.png"), *QUICK]) == 2
    assert "no raw picture that LibRaw knows" in capsys.readouterr().err
    assert not (tmp_path / "o.png").exists()


@pytest.mark.parametrize(("name", "extra", "package"), [("a.heic", "heic", "pillow_heif"), ("a.jxl", "jxl", "pillow_jxl"),
                                                        ("a.dng", "raw", "rawpy"), ("a.cr3", "raw", "rawpy")])
def test_without_its_package_one_line_says_what_to_install(tmp_path, monkeypatch, capsys, picture, name, extra, package):
    heads = {"heic": b"\0\0\0\x18ftypheic", "jxl": b"\xff\x0a", "cr3": b"\0\0\0\x18ftypcrx ", "dng": b""}
    path = tmp_path / name
    path.write_bytes(heads[path.suffix[1:]] + bytes(100))
    if path.suffix == ".dng":
        dng(path)
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda other: None if other == package else find(other))
    assert main(["upscale", str(path), str(tmp_path / "o.png"), *QUICK]) == 2
    error = capsys.readouterr().err
    assert f"pip install smssr[{extra}]" in error and error.count("\n") == 1
    if formats.named(path.suffix).encoder:
        assert main(["upscale", str(picture), str(tmp_path / f"o{path.suffix}"), *QUICK]) == 2
        assert f"pip install smssr[{extra}]" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "words"), [("a.xcf", "GIMP's own format, which is not read; export it"),
                                             ("a.svg", "export it at the size"),
                                             ("a.exr", "save it as a float .tif"), ("a.txt", "not a picture that can be read")])
def test_what_is_not_read_says_what_to_do(tmp_path, capsys, name, words):
    (tmp_path / name).write_bytes(b"something")
    assert main(["upscale", str(tmp_path / name), str(tmp_path / "o.png"), *QUICK]) == 2
    assert words in capsys.readouterr().err


def test_a_jpeg_under_another_name_is_a_jpeg(tmp_path, picture):
    Image.open(picture).save(tmp_path / "a.jpg")
    for name in ("a.nef", "a.heic", "a.jxl", "a"):
        (tmp_path / name).write_bytes((tmp_path / "a.jpg").read_bytes())
        found = read(tmp_path / name)
        assert np.array_equal(found.pixels, read(tmp_path / "a.jpg").pixels)
        assert ("is JPEG by what it holds" in "".join(found.remarks)) == ("." in name)
    assert recognising.ending_of(tmp_path / "a") == ".jpg"


@pytest.mark.parametrize("large", [False, True])
def test_one_value_that_is_no_number_refuses_no_picture(tmp_path, monkeypatch, capsys, large):
    import tifffile

    from smssr_infer.io import reading

    pixels = np.full((40, 50, 3), 0.25, np.float32)
    pixels[:, 25:] = 0.75
    damaged = pixels.copy()
    damaged[10, 5], damaged[10, 40, 1], damaged[0, 0] = np.nan, np.inf, -np.inf
    tifffile.imwrite(tmp_path / "a.tif", damaged, photometric="rgb")
    if large:
        monkeypatch.setattr(reading, "LARGE", 1)
    found = read_large(tmp_path / "a.tif")
    assert np.array_equal(found.pixels[0:40, 0:50], pixels) and found.numberless
    assert main(["upscale", str(tmp_path / "a.tif"), str(tmp_path / "o.tif"), *QUICK]) == 0
    assert capsys.readouterr().err == f"smssr: {tmp_path / 'a.tif'} {NUMBERLESS}\n"
    assert np.isfinite(read(tmp_path / "o.tif").pixels).all()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of formats that Pillow will drop
@pytest.mark.parametrize("kind", [(), (3,), (4,)])
def test_whatever_can_be_written_holds_it(tmp_path, kind):
    """Grey, colour, and where the table says so transparency, come back from every format that is offered."""
    Image.init()
    pixels = np.linspace(0, 255, 40 * 40 * (kind or (1,))[0]).reshape(40, 40, *kind).astype(np.uint8)
    if kind == (4,):
        pixels[..., 3] = np.where(np.arange(40) < 20, 255, 0)
    seen = 0
    for ending in sorted(Image.EXTENSION):
        format_ = formats.named(ending)
        if not formats.writable(ending) or not format_.decoder or (kind == (4,) and not format_.alpha) or format_.name in ("PDF", "EPS"):
            continue
        write(tmp_path / f"a{ending}", PictureFile(pixels))
        back = read(tmp_path / f"a{ending}").pixels
        back = back * np.float32(255) if back.dtype.kind == "f" else back
        back = np.dstack([back] * 3) if back.ndim == 2 else back
        wanted = pixels if kind else np.dstack([pixels] * 3)
        shown = np.float32(back[..., 3:] / 255 if back.shape[2] == 4 else 1)
        wanted_shown = np.float32(wanted[..., 3:] / 255 if wanted.shape[2] == 4 else 1)
        assert np.abs(back[..., :3] * shown - wanted[..., :3] * wanted_shown).mean() < 6, ending
        seen += 1
    assert seen >= 20
