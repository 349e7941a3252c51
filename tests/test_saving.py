"""How results are saved and how large they are: quality, subsampling, packing, background, sizes to ask for."""

import os

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from smssr_infer.cli import main
from smssr_infer.io.reading import read
from smssr_infer.io.save_options import SaveOptions, flattened

QUICK = ("--scale", "2", "--model", "smssr-x4-quick")


@pytest.fixture
def colours(tmp_path, small):
    path = tmp_path / "in.png"
    Image.fromarray(small[:40, :60]).save(path, dpi=(72, 72))
    return path


def enlarge(source, target, *options):
    assert main(["upscale", str(source), str(target), *(options or QUICK)]) == 0
    return target


@pytest.mark.parametrize("ending", ["jpg", "webp", "avif", "heic", "jxl"])
def test_a_lower_quality_is_a_smaller_file(tmp_path, colours, ending):
    made = [enlarge(colours, tmp_path / f"{quality}.{ending}", *QUICK, "--quality", quality) for quality in ("20", "60", "90")]
    sizes = [path.stat().st_size for path in made]
    assert sizes == sorted(set(sizes))


@pytest.mark.parametrize(("source", "wanted", "found"), [("4:2:0", None, 2), ("4:2:2", None, 1), ("4:4:4", None, 0), (None, None, 0),
                                                         ("4:4:4", "4:2:0", 2), (None, "4:2:2", 1)])
def test_colours_are_subsampled_as_in_the_input(tmp_path, colours, source, wanted, found):
    if source:
        Image.open(colours).save(tmp_path / "in.jpg", subsampling=source)
    out = enlarge(tmp_path / "in.jpg" if source else colours, tmp_path / "o.jpg", *QUICK, *(["--subsampling", wanted] if wanted else []))
    with Image.open(out) as picture:
        assert JpegImagePlugin.get_sampling(picture) == found


@pytest.mark.parametrize("ending", ["webp", "heic", "jxl", "png", "tif", "jp2", "bmp"])
def test_without_loss(tmp_path, colours, ending):
    plain = read(enlarge(colours, tmp_path / "o.tif")).pixels
    assert np.array_equal(read(enlarge(colours, tmp_path / f"o.{ending}", *QUICK, "--lossless")).pixels, plain)


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_packing_changes_the_size_and_no_pixel(tmp_path, colours, ending):
    made = {level: enlarge(colours, tmp_path / f"{level}.{ending}", *QUICK, "--compression", level) for level in ("none", "fast", "best")}
    pixels = [read(path).pixels for path in made.values()]
    assert all(np.array_equal(pixels[0], other) for other in pixels)
    sizes = [path.stat().st_size for path in made.values()]
    assert sizes[0] >= pixels[0].nbytes and sizes[0] > sizes[1] >= sizes[2]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_transparency_is_laid_on_a_background(dtype):
    top = 1 if dtype == np.float32 else np.iinfo(dtype).max
    pixels = np.array([[[top, 0, 0, 0], [top, 0, 0, top], [top, 0, 0, top // 2 if top > 1 else 0.5]]], dtype)
    half = top / 2 if dtype == np.float32 else top // 2
    assert np.allclose(flattened(pixels, (0, 0, 255)), [[[0, 0, top], [top, 0, 0], [half, 0, top - half]]], atol=0 if top == 1 else 1)
    grey = np.array([[[top, 0], [0, top]]], dtype)
    assert flattened(grey, (255, 255, 255)).tolist() == [[[top], [0]]]
    assert flattened(grey, (255, 0, 0)).tolist() == [[[top, 0, 0], [0, 0, 0]]]
    assert flattened(pixels, None) is pixels


def test_a_background_for_a_format_without_transparency(tmp_path, capsys):
    hole = np.zeros((20, 20, 4), np.uint8)
    Image.fromarray(hole).save(tmp_path / "hole.png")
    assert main(["upscale", str(tmp_path / "hole.png"), str(tmp_path / "o.jpg"), *QUICK]) == 2
    assert "--background" in capsys.readouterr().err
    enlarge(tmp_path / "hole.png", tmp_path / "o.jpg", *QUICK, "--background", "#ffcc00")
    assert np.abs(np.asarray(Image.open(tmp_path / "o.jpg"), int) - (255, 204, 0)).max() <= 2
    assert Image.open(enlarge(tmp_path / "hole.png", tmp_path / "o.png", *QUICK, "--background", "white")).mode == "RGB"


@pytest.mark.parametrize(("options", "size"), [
    (["--long-edge", "100"], (100, 67)), (["--width", "90"], (90, 60)), (["--height", "100"], (150, 100)),
    (["--megapixels", "0.015"], (150, 100)), (["--print", "2.54cm@150"], (150, 100)), (["--print", "1in@150"], (150, 100)),
    (["--long-edge", "40"], (40, 27)), (["--width", "60"], (60, 40)), (["--height", "1"], (2, 1)), (["--megapixels", "0.0006"], (30, 20))])
def test_sizes_in_both_commands(tmp_path, colours, options, size):
    with Image.open(enlarge(colours, tmp_path / "o.png", *options)) as picture:
        assert picture.size == size
        assert "--print" not in options or picture.info["dpi"] == pytest.approx((150, 150), abs=0.02)
    (tmp_path / "in").mkdir()
    colours.rename(tmp_path / "in" / "a.png")
    assert main(["batch", str(tmp_path / "in"), str(tmp_path / "out"), *options]) == 0
    (made,) = (tmp_path / "out").iterdir()
    assert Image.open(made).size == size


def test_what_is_larger_than_a_wanted_size_is_reduced_without_aliasing(tmp_path, capsys):
    """A folder of pictures of all sizes becomes one of pictures of one size; that a picture was larger is said, and it is no fault."""
    (tmp_path / "in").mkdir()
    checks = (np.indices((90, 120)).sum(0) % 2 * 255).astype(np.uint8)
    Image.fromarray(checks).save(tmp_path / "in" / "checks.png")
    exact = np.random.default_rng(1).integers(0, 256, (20, 30, 3), np.uint8)
    Image.fromarray(exact).save(tmp_path / "in" / "exact.png")
    Image.fromarray(exact[:10, :15]).save(tmp_path / "in" / "small.png")
    report, options = tmp_path / "r.csv", ["--long-edge", "30", "--names", "{name}"]
    assert main(["batch", str(tmp_path / "in"), str(tmp_path / "out"), *options, "--report", str(report)]) == 0
    sizes = {path.stem: Image.open(path).size for path in (tmp_path / "out").iterdir()}
    assert sizes == {"checks": (30, 22), "exact": (30, 20), "small": (30, 20)}
    assert np.ptp(np.asarray(Image.open(tmp_path / "out/checks.png"), int)) <= 6
    assert np.array_equal(np.asarray(Image.open(tmp_path / "out/exact.png")), exact)
    assert "was 120×90, larger than that: reduced to 30×22" in report.read_text()
    assert main(["batch", str(tmp_path / "in"), str(tmp_path / "dry"), *options, "--dry-run"]) == 0


def test_a_recipe_keeps_a_size(tmp_path, colours):
    enlarge(colours, tmp_path / "o.png", "--long-edge", "100", "--save-recipe", str(tmp_path / "r.toml"))
    assert "long_edge = 100" in (tmp_path / "r.toml").read_text()
    assert main(["run", str(tmp_path / "r.toml"), str(colours), str(tmp_path / "again.webp"), "--lossless"]) == 0
    assert Image.open(tmp_path / "again.webp").size == (100, 67)


@pytest.mark.parametrize(("target", "options", "words"), [
    ("o.png", ["--quality", "90"], "--quality is for JPEG"), ("o.jpg", ["--lossless"], "--lossless is for"),
    ("o.jpg", ["--compression", "best"], "--compression is for PNG, TIFF"),
    ("o.webp", ["--subsampling", "4:2:0"], "is for JPEG, not for WebP"),
    ("o.jpg", ["--quality", "0"], "1 … 100"), ("o.jpg", ["--subsampling", "4:1:1"], "4:2:0, not '4:1:1'"),
    ("o.webp", ["--quality", "9", "--lossless"], "leave out one"), ("o.jpg", ["--background", "nice"], "no colour"),
    ("o.png", ["--long-edge", "90", "--width", "80"], "--width says how large the result is, and so does --long-edge"),
    ("o.png", ["--print", "30@300"], "30cm@300"), ("o.png", ["--print", "0cm@300"], "less than a pixel"),
    ("o.png", ["--scale", "2", "--megapixels", "1"], "--scale says how large"),
    ("o.png", ["--megapixels", "nan"], "above 0"), ("o.png", ["--width", "10000000"], "64 times")])
def test_what_cannot_be_is_one_line(tmp_path, colours, target, options, words, capsys):
    assert main(["upscale", str(colours), str(tmp_path / target), *options]) == 2
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1
    assert not (tmp_path / target).exists()


def test_an_option_that_a_format_lacks_is_no_fault_of_a_folder(tmp_path, colours):
    (tmp_path / "in").mkdir()
    colours.rename(tmp_path / "in" / "a.png")
    Image.new("RGB", (30, 30), "red").save(tmp_path / "in" / "b.jpg")
    assert main(["batch", str(tmp_path / "in"), str(tmp_path / "out"), *QUICK, "--quality", "50"]) == 0
    assert main(["batch", str(tmp_path / "in"), str(tmp_path / "out2"), *QUICK, "--quality", "50", "--format", "png"]) == 2


def test_the_date_is_kept_where_that_is_wanted(tmp_path, colours):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(colours.read_bytes())
    for path in (colours, tmp_path / "in" / "a.png"):
        os.utime(path, (10**9, 10**9))
    assert enlarge(colours, tmp_path / "o.png", *QUICK, "--keep-date").stat().st_mtime == 10**9
    assert enlarge(colours, tmp_path / "p.png").stat().st_mtime > 10**9
    assert main(["batch", str(tmp_path / "in"), str(tmp_path / "out"), *QUICK, "--keep-date"]) == 0
    assert (tmp_path / "out" / "a-x2.png").stat().st_mtime == 10**9


def test_options_by_themselves():
    with pytest.raises(ValueError, match="compression"):
        SaveOptions(compression="zip")


@pytest.mark.parametrize(("beside", "expected"), [("a.xmp", "o.xmp"), ("a.jpg.xmp", "o.png.xmp")])
def test_a_sidecar_goes_along_scaled(tmp_path, small, beside, expected, capsys):
    """Upright, as the pixels are; in place it does not replace the picture's own."""
    tags = Image.Exif()
    tags[274] = 6
    Image.fromarray(small[:24, :20]).save(tmp_path / "a.jpg", exif=tags)
    text = ("<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "
            "xmlns:tiff='http://ns.adobe.com/tiff/1.0/' tiff:Orientation='6' tiff:ImageWidth='20' xmlns:xmp='http://ns.adobe.com/xap/1.0/' "
            "xmp:Rating='4'/></rdf:RDF></x:xmpmeta>")
    (tmp_path / beside).write_text(text)
    (tmp_path / "out").mkdir()
    assert main(["upscale", str(tmp_path / "a.jpg"), str(tmp_path / "out" / "o.png"), *QUICK, "--sidecar"]) == 0
    written = (tmp_path / "out" / expected).read_text()
    assert 'Rating="4"' in written and 'Orientation="1"' in written and 'ImageWidth="48"' in written
    assert main(["upscale", str(tmp_path / "a.jpg"), str(tmp_path / "a.png"), *QUICK, "--sidecar"]) == 0
    assert (tmp_path / beside).read_text() == text and (tmp_path / "a.png.xmp").exists()
    (tmp_path / beside).write_text("no xmp")
    assert main(["upscale", str(tmp_path / "a.jpg"), str(tmp_path / "out" / "b.png"), *QUICK, "--sidecar"]) == 0
    assert "sidecar is no XMP" in capsys.readouterr().err and not list((tmp_path / "out").glob("b*.xmp"))
