"""Pictures larger than memory: read and written window by window, resumed after a kill."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import tifffile
from PIL import Image, TiffImagePlugin
from skimage import data

from smssr_infer.api import stylize, upscale
from smssr_infer.arrays.large import LargePicture
from smssr_infer.arrays.pixels import Picture
from smssr_infer.cli import main
from smssr_infer.io import reading, tiff_sink, writing
from smssr_infer.io.picture_file import PictureFile
from smssr_infer.io.reading import read, read_large
from smssr_infer.io.writing import write


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_tiff_read_in_windows_is_that_read_whole(tmp_path, dtype, channels):
    pixels = (np.random.default_rng(0).random((70, 90, channels)) * (1 if dtype == np.float32 else 250)).astype(dtype)
    kinds = {"strips": {"rowsperstrip": 7}, "tiles": {"tile": (32, 48)},
             "packed": {"tile": (32, 32), "compression": "zlib", "predictor": 2}}
    for name, options in kinds.items():
        if dtype == np.float32 and name == "packed":
            options = options | {"predictor": None}
        tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb" if channels > 1 else "minisblack", **options)
        blocks = reading.TiffBlocks(tmp_path / "a.tif")
        assert np.array_equal(blocks[0:70, 0:90], pixels), name
        assert np.array_equal(blocks[13:51, 40:77], pixels[13:51, 40:77]), name


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_floats_stay_floats(tmp_path, capsys, channels):
    """Values beyond 0 … 1, too, where the format can hold them; Pillow does not know colour in floats."""
    tifffile = pytest.importorskip("tifffile")
    pixels = np.linspace(-0.5, 3, 600 * channels, dtype=np.float32).reshape(20, 30, channels)
    if channels == 4:
        pixels[..., 3] = 1
    tifffile.imwrite(tmp_path / "a.tif", pixels.squeeze(), photometric="rgb" if channels > 1 else "minisblack",
                     extrasamples=["unassalpha"] if channels == 4 else None)
    assert main(["upscale", str(tmp_path / "a.tif"), str(tmp_path / "b.tif"), "--scale", "2", "--picture", "clean"]) == 0
    assert capsys.readouterr().err == ""
    answer = tifffile.imread(tmp_path / "b.tif")
    assert answer.dtype == np.float32
    assert np.allclose(answer, upscale(pixels.squeeze(), 2, picture="clean"), atol=1e-5)
    assert answer[..., 0].max() > 2.5 and answer[..., 0].min() < -0.3


@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_floats_beyond_what_a_format_holds(tmp_path, capsys, ending):
    """Some highlights are cut off, and that is said; a picture of which little would be left is refused."""
    tifffile = pytest.importorskip("tifffile")
    pixels = np.linspace(0, 1.02, 600, dtype=np.float32).reshape(20, 30)
    arguments = ["upscale", str(tmp_path / "a.tif"), str(tmp_path / f"b.{ending}"), "--scale", "2", "--picture", "clean"]
    tifffile.imwrite(tmp_path / "a.tif", pixels)
    assert main(arguments) == 0
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "2.00% of the values" in said and ".tif keeps them" in said
    for values in (pixels * 4095, np.where(pixels > 0.9, 255, 0).astype(np.float32), -pixels):
        (tmp_path / f"b.{ending}").unlink(missing_ok=True)
        tifffile.imwrite(tmp_path / "a.tif", values)
        assert main(arguments) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and "write .tif" in said
        assert not (tmp_path / f"b.{ending}").exists()
    tifffile.imwrite(tmp_path / "a.tif", pixels / 2)
    assert main(arguments) == 0
    assert capsys.readouterr().err == ""


def test_what_is_no_zarr_picture(tmp_path, capsys):
    zarr = pytest.importorskip("zarr")
    (tmp_path / "empty.zarr").mkdir()
    zarr.create_group(tmp_path / "group.zarr")
    zarr.create_array(tmp_path / "whole.zarr", shape=(9, 9), dtype=np.int64)
    for name, words in (("empty", "no Zarr array"), ("group", "no array"), ("whole", "int64")):
        assert main(["upscale", str(tmp_path / f"{name}.zarr"), str(tmp_path / "b.tif")]) == 2
        error = capsys.readouterr().err
        assert words in error and f"{name}.zarr" in error and error.count("\n") == 1


def test_a_large_picture_is_read_as_one_in_memory():
    pixels = np.random.default_rng(1).integers(0, 255, (60, 50, 4), dtype=np.uint8)
    pixels[..., 3][pixels[..., 0] > 100] = 0
    whole, large = Picture(pixels), LargePicture(pixels)
    assert np.array_equal(whole.read(10, 40, 5, 50), large.read(10, 40, 5, 50))


def test_not_a_number_is_found_where_it_is_read():
    pixels = np.zeros((20, 20, 3), np.float32)
    pixels[15, 15] = np.nan
    picture = LargePicture(pixels)
    picture.read(0, 10, 0, 10)
    with pytest.raises(ValueError, match="NaN"):
        picture.read(0, 20, 0, 20)


@pytest.mark.parametrize("ending", ["tif", "zarr"])
def test_a_file_is_enlarged_and_painted_as_an_array(tmp_path, little_memory, ending):
    pixels = np.ascontiguousarray(data.chelsea()[60:200, 100:290])
    write(tmp_path / "in.tif", PictureFile(pixels, dpi=(300, 300)))
    assert not isinstance(read_large(tmp_path / "in.tif").pixels, np.ndarray)
    assert main(["upscale", str(tmp_path / "in.tif"), str(tmp_path / f"large.{ending}"), "--scale", "2", "--picture", "clean"]) == 0
    assert main(["stylize", str(tmp_path / f"large.{ending}"), str(tmp_path / f"styled.{ending}"), "--style", "fur"]) == 0
    assert main(["stylize", str(tmp_path / "in.tif"), str(tmp_path / f"both.{ending}"), "--style", "fur", "--scale", "2"]) == 0
    assert names(tmp_path) == sorted(["in.tif", f"large.{ending}", f"styled.{ending}", f"both.{ending}"])
    large = upscale(pixels, 2, picture="clean")
    assert np.abs(read_large(tmp_path / f"large.{ending}").pixels[0:280, 0:380].astype(int) - large).max() <= 1
    styled = read_large(tmp_path / f"styled.{ending}").pixels[0:280, 0:380].astype(int)
    assert np.abs(styled - stylize(large, {"fur": 1.0 * manifest_strength("fur")})).max() <= 1
    if ending == "tif":
        assert read(tmp_path / "large.tif").dpi == (600, 600)


def manifest_strength(name: str) -> float:
    from smssr_infer.networks import manifest
    from smssr_infer.networks.cards import StyleCard

    return manifest.find(name, StyleCard).strength


def test_bigtiff_is_what_others_read(tmp_path, monkeypatch):
    monkeypatch.setattr(tiff_sink, "CLASSIC", 1000)
    pixels = np.ascontiguousarray(data.chelsea())
    exif = Image.Exif()
    exif[TiffImagePlugin.ARTIST] = "somebody"
    exif.get_ifd(0x8769)[0x9003] = "2020:01:01 00:00:00"
    Image.fromarray(pixels).save(tmp_path / "a.jpg", exif=exif)
    write(tmp_path / "a.tif", PictureFile(pixels, icc=b"profile" * 10, dpi=(150, 150), exif=read(tmp_path / "a.jpg").exif))
    assert (tmp_path / "a.tif").read_bytes()[:4] == b"II+\0"
    with Image.open(tmp_path / "a.tif") as picture:
        assert np.array_equal(np.asarray(picture), pixels)
        assert picture.info["icc_profile"] == b"profile" * 10
        assert picture.getexif()[TiffImagePlugin.ARTIST] == "somebody"
        assert picture.getexif().get_ifd(0x8769)[0x9003] == "2020:01:01 00:00:00"
    assert np.array_equal(tifffile.imread(tmp_path / "a.tif"), pixels)


@pytest.mark.parametrize("ending", ["tif", "zarr"])
def test_what_was_begun_is_gone_on_with(tmp_path, little_memory, monkeypatch, ending):
    pixels = np.ascontiguousarray(data.chelsea()[:200, :190])
    Image.fromarray(pixels).save(tmp_path / "in.png")
    command = ["upscale", str(tmp_path / "in.png"), str(tmp_path / f"out.{ending}"), "--scale", "4", "--picture", "clean"]
    put, left, computed = writing.Output.put, [4], []

    def dies(self, rows):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        put(self, rows)

    monkeypatch.setattr(writing.Output, "put", dies)
    assert main(command) == 130
    assert f"out.{ending}" not in names(tmp_path) and len(names(tmp_path)) == 3
    monkeypatch.setattr(writing.Output, "put", lambda self, rows: (computed.append(len(rows)), put(self, rows))[1])
    assert main(command) == 0
    assert names(tmp_path) == ["in.png", f"out.{ending}"]
    assert sum(computed) < 800
    got = read_large(tmp_path / f"out.{ending}").pixels[0:800, 0:760].astype(int)
    assert np.abs(got - upscale(pixels, 4, picture="clean")).max() <= 1


def test_another_order_begins_anew(tmp_path, little_memory, monkeypatch):
    pixels = np.ascontiguousarray(data.chelsea()[:200, :190])
    Image.fromarray(pixels).save(tmp_path / "in.png")
    put, left = writing.Output.put, [4]

    def dies(self, rows):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        put(self, rows)

    with monkeypatch.context() as patch:
        patch.setattr(writing.Output, "put", dies)
        assert main(["upscale", str(tmp_path / "in.png"), str(tmp_path / "out.tif"), "--scale", "4", "--picture", "clean"]) == 130
    assert main(["upscale", str(tmp_path / "in.png"), str(tmp_path / "out.tif"), "--scale", "4", "--model", "smssr-x4-quick"]) == 0
    assert names(tmp_path) == ["in.png", "out.tif"]
    assert np.abs(read(tmp_path / "out.tif").pixels.astype(int) - upscale(pixels, 4, "smssr-x4-quick")).max() <= 1


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_killed_writer_leaves_nothing_after_the_next_run(tmp_path):
    """The dead one's partial file is swept away; that of a writer at work is not."""
    code = ("import sys, time; from pathlib import Path; from smssr_infer.io.temporary_file import TemporaryFile; "
            f"kept = TemporaryFile(Path(r'{tmp_path}') / 'a.png'); print('written', flush=True); time.sleep(60)")
    writers = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(2)]
    try:
        for writer in writers:
            assert writer.stdout.readline() == b"written\n"
        assert len(names(tmp_path)) == 2
        writers[0].send_signal(signal.SIGKILL)
        writers[0].wait()
        Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(tmp_path / "in.png")
        done = subprocess.run([sys.executable, "-m", "smssr_infer.cli", "upscale", tmp_path / "in.png", tmp_path / "out.png"])
        assert done.returncode == 0
        assert len([name for name in names(tmp_path) if name.endswith(".partial")]) == 1
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
            writer.stdout.close()


def test_missing_packages_are_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "zarr", None)
    Image.fromarray(np.zeros((5, 5), np.uint8)).save(tmp_path / "in.png")
    assert main(["upscale", str(tmp_path / "in.png"), str(tmp_path / "out.zarr")]) == 2
    assert "smssr[large]" in capsys.readouterr().err
    assert names(tmp_path) == ["in.png"]
