"""Restoring from the command line: one file, a folder, and which pictures are enlarged as photographs."""

import io

import numpy as np
import pytest
from conftest import shrink
from PIL import Image, ImageDraw
from scipy import ndimage

import smssr_infer
from smssr_infer.analysis.measurements import Measurements
from smssr_infer.analysis.photograph import treatment_of
from smssr_infer.analysis.treatment import Treatment
from smssr_infer.arrays.pixels import Picture
from smssr_infer.cli import main
from smssr_infer.io.metadata import jpeg_quality
from smssr_infer.io.reading import frames_of, read
from smssr_infer.nodes.enlarge import EnlargeNode
from smssr_infer.runtime import Runtime


@pytest.fixture(scope="module")
def noisy(small):
    return np.clip(small + np.random.default_rng(0).normal(0, 15, small.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def folder(tmp_path, noisy):
    """in/one.png, in/two.jpg; a mask for each in masks/: white to the left."""
    for name in ("in", "masks"):
        (tmp_path / name).mkdir()
    Image.fromarray(noisy).save(tmp_path / "in/one.png")
    Image.fromarray(noisy).save(tmp_path / "in/two.jpg", quality=60)
    mask = np.zeros(noisy.shape[:2], np.uint8)
    mask[:, :50] = 255
    for name in ("one", "two"):
        Image.fromarray(mask).save(tmp_path / f"masks/{name}.png")
    return tmp_path


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_restore_a_file(folder, noisy, capsys):
    source, target = folder / "in/one.png", folder / "out.png"
    assert main(["restore", str(source), str(target)]) == 0
    assert np.array_equal(pixels(target), smssr_infer.restore(noisy, clean=1))
    mask = folder / "masks/one.png"
    assert main(["restore", str(source), str(target), "--clean", f"{mask}:0.5", "--chroma", "0", "--sharpen", ":0.25"]) == 0
    beta = np.zeros(noisy.shape[:2], np.float32)
    beta[:, :50] = 0.5
    assert np.array_equal(pixels(target), smssr_infer.restore(noisy, clean=beta, chroma=0, sharpen=0.25))
    assert main(["restore", str(source), str(target), "--clean", "0.5"]) == 0
    assert np.array_equal(pixels(target), smssr_infer.restore(noisy, clean=0.5))
    found, mild = "has noise of", "has a blur of"
    lines = [line.partition(f"{source} ")[2] for line in capsys.readouterr().err.splitlines()]
    assert [line.startswith(words) for line, words in zip(lines, (found, found, mild, found), strict=True)] == [True] * 4


def test_fill_a_file(folder, noisy):
    hole = np.zeros(noisy.shape[:2], np.uint8)
    hole[40:44, 10:90] = 255
    Image.fromarray(hole).save(folder / "hole.png")
    assert main(["restore", str(folder / "in/one.png"), str(folder / "out.png"), "--fill", str(folder / "hole.png")]) == 0
    out = pixels(folder / "out.png")
    assert np.array_equal(out[hole == 0], noisy[hole == 0])
    assert not np.array_equal(out[hole > 0], noisy[hole > 0])


@pytest.mark.parametrize(("options", "words"), [
    (["--clean", "2"], "the strength of clean must lie in 0 … 1, not 2"),
    (["--clean", "none.png"], "there is no mask none.png"),
    (["--chroma", "-1"], "the strength of chroma must lie in 0 … 1"),
    (["--fill", "none.png"], "there is no mask none.png"),
    (["--cleaner", "fur"], "there is no model 'fur' to clean; choose from: "),
])
def test_what_cannot_be_is_one_line(folder, capsys, options, words):
    assert main(["restore", str(folder / "in/one.png"), str(folder / "out.png"), *options]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not (folder / "out.png").exists()


def test_a_folder_is_restored_alone_or_first(folder, noisy, capsys):
    source, target = str(folder / "in"), folder / "out"
    assert main(["batch", source, str(target), "--scale", "1", "--clean", str(folder / "masks")]) == 0
    assert sorted(path.name for path in target.iterdir()) == ["one-restored.png", "two-restored.jpg"]
    beta = np.zeros(noisy.shape[:2], np.float32)
    beta[:, :50] = 1
    assert np.array_equal(pixels(target / "one-restored.png"), smssr_infer.restore(noisy, clean=beta))
    assert main(["batch", source, str(folder / "larger"), "--scale", "2", "--clean", "--picture", "clean", "--format", "png"]) == 0
    expected = smssr_infer.upscale(smssr_infer.restore(noisy, clean=1), 2, picture="clean")
    assert np.array_equal(pixels(folder / "larger/one-x2.png"), expected)
    capsys.readouterr()
    assert main(["batch", source, str(folder / "none"), "--scale", "1"]) == 2
    assert "nothing is to be done: say what to enlarge, restore or paint" in capsys.readouterr().err
    (folder / "masks/two.png").unlink()
    assert main(["batch", source, str(folder / "some"), "--scale", "1", "--clean", str(folder / "masks")]) == 2
    said = capsys.readouterr()
    assert "holds no mask for two.jpg" in said.err
    assert (folder / "some/one-restored.png").exists()


def saved(picture, quality):
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream))


def degradation(picture, jpeg=None):
    return Measurements(Picture(picture), Runtime(), jpeg).degradation


def gains(picture, jpeg=None):
    return Measurements(Picture(picture), Runtime(), jpeg).gains


def test_white_noise_is_seen(astronaut):
    rng = np.random.default_rng(0)
    clean = degradation(astronaut)
    assert clean.noise < 1.5
    assert gains(astronaut).best is Treatment.CLEAN
    for sigma in (5, 15):
        noisy = np.clip(astronaut + rng.normal(0, sigma, astronaut.shape), 0, 255).astype(np.uint8)
        assert degradation(noisy).noise == pytest.approx(sigma, rel=0.4)
        assert gains(noisy).best is Treatment.NOISE
        assert gains(noisy[..., 1]).best is Treatment.NOISE
        assert not degradation(noisy).jpeg


@pytest.mark.parametrize(("sigma", "share", "width"), [(8, 1.0, 0), (15, 1.0, 0), (10, 0.8, 1.0), (12, 1.0, 1.5)])
def test_noise_that_the_colours_share_is_seen(astronaut, sigma, share, width):
    """As a scanner, film, and a phone's JPEG 4:2:0 have it."""
    rng = np.random.default_rng(1)
    noise = np.sqrt(share) * rng.normal(size=(*astronaut.shape[:2], 1)) + np.sqrt(1 - share) * rng.normal(size=astronaut.shape)
    if width:
        noise = ndimage.gaussian_filter(noise, (width, width, 0))
    noisy = np.clip(astronaut + sigma * noise / noise.std(), 0, 255).astype(np.uint8)
    found = degradation(noisy)
    assert not found.jpeg, "the network for noise cleans it"
    if not width:  # wide grain is hardly made worse by enlarging, and the network takes detail with it
        assert gains(noisy).best is Treatment.NOISE


def test_jpeg_artefacts_are_seen(astronaut):
    assert degradation(astronaut).blocks < 0.05
    for quality in (80, 50, 30):
        picture = saved(astronaut, quality)
        assert gains(picture, quality).best in (Treatment.JPEG, Treatment.MILD)
        assert gains(picture).best is not Treatment.CLEAN
        assert degradation(picture).jpeg
        assert degradation(picture).jpeg_origin == (0, 0)
        assert gains(picture[3:, 5:]).best is not Treatment.CLEAN, "where the blocks begin must not matter"
        assert degradation(picture[3:, 5:]).jpeg_origin == (5, 3)


def test_what_is_flat_or_tiny_has_nothing_to_clean():
    assert gains(np.zeros((400, 400), np.uint8)).best is Treatment.CLEAN
    assert gains(np.zeros((3, 5, 4), np.uint8)).best is Treatment.CLEAN


@pytest.mark.parametrize("draw", ["lines", "dots", "letters"])
def test_a_drawing_is_clean(draw):
    """One pixel wide, sharp, in black and white: none of it is noise."""
    page = Image.new("L", (400, 400), 255)
    pen, rng = ImageDraw.Draw(page), np.random.default_rng(3)
    for at in rng.integers(0, 400, (150, 4)).tolist():
        if draw == "lines":
            pen.line(at, fill=0)
        elif draw == "dots":
            pen.point(at[:2], fill=0)
        else:
            pen.text(at[:2], "smssr", fill=0)
    assert gains(np.asarray(page)).best is Treatment.CLEAN


@pytest.mark.parametrize("sigma", [8, 15, 25])
def test_grey_noise_is_seen(astronaut, sigma):
    """In a grey picture, of one colour or of three that are the same; strong noise is not taken for a drawing's texture."""
    grey = astronaut[..., 1]
    noisy = np.clip(grey + np.random.default_rng(0).normal(0, sigma, grey.shape), 0, 255).astype(np.uint8)
    one, three = gains(noisy), gains(np.repeat(noisy[..., None], 3, 2))
    assert one.best is three.best is Treatment.NOISE
    assert one.denoised == pytest.approx(three.denoised, abs=0.01)
    assert gains(np.repeat(grey[..., None], 3, 2)).best is Treatment.CLEAN


@pytest.mark.parametrize("how", ["diffused", "ordered"])
@pytest.mark.parametrize("colours", [1, 3])
def test_dither_is_clean(how, colours):
    y, x = np.mgrid[:300, :300] / 300
    tone = 0.5 + 0.25 * np.sin(5 * x + 1) + 0.25 * np.sin(4 * y + 4 * x)
    if how == "diffused":
        page = np.asarray(Image.fromarray(np.uint8(255 * tone)).convert("1").convert("L"))
    else:
        bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 + 1 / 32
        page = np.uint8(255 * (tone > np.tile(bayer, (75, 75))))
    assert gains(page if colours == 1 else np.repeat(page[..., None], 3, 2)).best is Treatment.CLEAN


@pytest.mark.parametrize("ink", [(235, 20, 20), (40, 60, 250)])
def test_coloured_letters_are_clean(ink):
    """Bright on black, of a JPEG that has a colour for four pixels, when only its pixels are left."""
    page = Image.new("RGB", (300, 300))
    for line in range(25):
        ImageDraw.Draw(page).text((4 + 3 * line % 17, 12 * line), "Main St  file.txt  Total 12.50  OK  Cancel", fill=ink)
    stream = io.BytesIO()
    page.save(stream, "JPEG", quality=88, subsampling="4:2:0")
    assert gains(np.asarray(Image.open(stream))).best is Treatment.CLEAN


def test_the_kind_of_a_file(tmp_path, small):
    Image.fromarray(small).save(tmp_path / "clean.png")
    Image.fromarray(small).save(tmp_path / "good.jpg", quality=97, subsampling=0)
    Image.fromarray(small).save(tmp_path / "poor.jpg", quality=70)

    def photo(name: str, wanted: str) -> bool:
        file = read(tmp_path / name)
        return treatment_of(Measurements(Picture(file.pixels), Runtime(), file.jpeg), wanted) is not Treatment.CLEAN

    kinds = {name: photo(name, "auto") for name in ("clean.png", "good.jpg", "poor.jpg")}
    assert kinds == {"clean.png": False, "good.jpg": False, "poor.jpg": True}
    assert not photo("poor.jpg", "clean")
    assert photo("clean.png", "photo")
    for quality in (20, 50, 75, 90, 96):
        Image.fromarray(small).save(tmp_path / "some.jpg", quality=quality)
        with Image.open(tmp_path / "some.jpg") as picture:
            assert jpeg_quality(picture) == pytest.approx(quality, abs=2)
    assert read(tmp_path / "clean.png").jpeg is None


def test_a_phone_s_jpeg_with_a_second_picture_is_a_jpeg(tmp_path, small):
    """Pillow calls it MPO."""
    Image.fromarray(small).save(tmp_path / "one.jpg", quality=70)
    Image.fromarray(small).save(tmp_path / "two.jpg", "MPO", quality=70, save_all=True, append_images=[Image.fromarray(small[:40, :40])])
    with Image.open(tmp_path / "two.jpg") as picture:
        assert picture.format == "MPO"
    one, two = read(tmp_path / "one.jpg"), read(tmp_path / "two.jpg")
    assert np.array_equal(one.pixels, two.pixels)
    assert one.jpeg == two.jpeg == pytest.approx(70, abs=2)
    assert frames_of(tmp_path / "two.jpg") == 1


def test_mild_jpeg_artefacts_are_cleaned_a_little(astronaut):
    small = shrink(astronaut[:384, 64:448], 4)
    picture = Picture(saved(small, 91))
    found = Measurements(picture, Runtime(), 91).degradation
    node = EnlargeNode(picture, 384, 384, "onnxruntime", degradation=found, treatment=Treatment.MILD)
    assert [network.name for network in node.networks] == ["smssr-x4", "restore-jpeg"]
    cleaned = smssr_infer.restore(picture.array / np.float32(255), clean=0.4, chroma=1, model="restore-jpeg")
    answer = node.read(0, 384, 0, 384).transpose(1, 2, 0)
    assert np.abs(answer - smssr_infer.upscale(cleaned, picture="clean")).max() < 0.003
    truth, plain = (x.astype(float) for x in (astronaut[:384, 64:448], smssr_infer.upscale(picture.array, picture="clean")))
    assert np.square(255 * answer - truth).mean() < np.square(plain - truth).mean()


@pytest.mark.parametrize("quality", [80, 91])
def test_a_jpeg_file_is_enlarged_as_one(tmp_path, astronaut, capsys, quality):
    Image.fromarray(shrink(astronaut[:384, 64:448], 4)).save(tmp_path / "in.jpg", quality=quality)
    assert main(["upscale", str(tmp_path / "in.jpg"), str(tmp_path / "out.png")]) == 0
    assert "JPEG artefacts" in capsys.readouterr().err
    truth = astronaut[:384, 64:448].astype(float)
    answer, plain = (a.astype(float) for a in (pixels(tmp_path / "out.png"), smssr_infer.upscale(pixels(tmp_path / "in.jpg"),
                                                                                                 picture="clean")))
    assert np.square(answer - truth).mean() < np.square(plain - truth).mean()


def test_a_photograph_is_said_to_be_one(folder, noisy, capsys):
    source, target = folder / "in/one.png", folder / "out.png"
    assert main(["upscale", str(source), str(target), "--scale", "2"]) == 0
    assert "levels of 255: cleaned of it first (--picture clean leaves it)" in capsys.readouterr().err
    assert np.array_equal(pixels(target), smssr_infer.upscale(noisy, 2, picture="photo"))
    assert np.array_equal(pixels(target), smssr_infer.upscale(noisy, 2))
    assert main(["upscale", str(source), str(target), "--scale", "2", "--picture", "clean"]) == 0
    assert capsys.readouterr().err == ""
    assert np.array_equal(pixels(target), smssr_infer.upscale(noisy, 2, picture="clean"))
    with pytest.raises(ValueError, match="a picture is auto, clean or photo, not 'drawing'"):
        smssr_infer.upscale(noisy, 2, picture="drawing")


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_photographs_are_better_by_their_models(astronaut, scale):
    """A noisy small picture of the astronaut, and one from a poor JPEG, enlarged both ways."""
    truth = astronaut[:192 * 2, 64:64 + 192 * 2]
    small = shrink(truth, scale)
    stream = io.BytesIO()
    Image.fromarray(small).save(stream, "JPEG", quality=40)
    noise = np.clip(small + np.random.default_rng(0).normal(0, 12, small.shape), 0, 255).astype(np.uint8)
    for damaged in (noise, np.asarray(Image.open(stream))):
        photo, clean = (smssr_infer.upscale(damaged, scale, picture=kind).astype(float) for kind in ("photo", "clean"))
        assert np.square(photo - truth).mean() < 0.97 * np.square(clean - truth).mean()


def test_a_mask_of_holes_of_another_size_is_one_line(tmp_path, small, capsys):
    """It is not stretched, so nothing is said of stretching before it is refused."""
    Image.fromarray(small[:29, :23]).save(tmp_path / "in.png")
    Image.new("L", (29, 23), 255).save(tmp_path / "hole.png")
    assert main(["restore", str(tmp_path / "in.png"), str(tmp_path / "o.png"), "--fill", str(tmp_path / "hole.png")]) == 2
    said = capsys.readouterr().err
    assert "the mask has 29×23 pixels" in said and said.count("\n") == 1
