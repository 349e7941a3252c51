"""What cannot be read or written: one line, and nothing lost."""

import io
import os
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from smssr_infer.cli import main
from smssr_infer.io import writing
from smssr_infer.io.picture_file import PictureFile
from smssr_infer.io.reading import read
from smssr_infer.io.writing import write


def enlarge(source, target, *options):
    assert main(["upscale", str(source), str(target), "--scale", "2", *options]) == 0
    return Image.open(target)


@pytest.fixture
def tiny(small):
    """24×20 RGB."""
    return small[30:54, 40:60]


def test_transparency_is_not_dropped_in_silence(tmp_path, tiny, capsys):
    rgba = np.dstack([tiny, np.full((24, 20, 1), 255, np.uint8)])
    Image.fromarray(rgba).save(tmp_path / "opaque.png")
    assert enlarge(tmp_path / "opaque.png", tmp_path / "b.jpg").mode == "RGB"
    rgba[0, 0, 3] = 0
    Image.fromarray(rgba).save(tmp_path / "a.png")
    fails(["upscale", tmp_path / "a.png", tmp_path / "c.jpg"], capsys, "transparency")
    fails(["upscale", tmp_path / "a.png", tmp_path / "c.bmp"], capsys, "transparency")
    assert not list(tmp_path.glob("c.*"))
    assert enlarge(tmp_path / "a.png", tmp_path / "b.webp").mode == "RGBA"


def fails(arguments, capsys, *words):
    assert main([str(a) for a in arguments]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("smssr: ")
    for word in words:
        assert word in lines[0]


def bomb(path):
    data = zlib.compress(b"\0" * 10)
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)), (b"IDAT", data), (b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks))


def picture_bytes(tiny, ending):
    stream = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(stream, Image.registered_extensions()[ending])
    return stream.getvalue()


@pytest.mark.parametrize("ending", [".png", ".jpg", ".tif", ".webp", ".gif", ".bmp"])
def test_damaged_files(tmp_path, tiny, capsys, ending):
    data = picture_bytes(tiny, ending)
    source, target = tmp_path / f"a{ending}", tmp_path / "b.png"
    for part in (b"", b"no picture", data[:20], data[:len(data) // 2]):
        source.write_bytes(part)
        fails(["upscale", source, target], capsys, source.name)
        assert source.read_bytes() == part
        assert not list(tmp_path.glob("*b.png*"))


def test_bombs_and_unreadable_things(tmp_path, capsys):
    bomb(tmp_path / "bomb.png")
    fails(["upscale", tmp_path / "bomb.png", tmp_path / "b.png"], capsys, "Mpx")
    fails(["upscale", tmp_path / "absent.png", tmp_path / "b.png"], capsys, "absent.png", "No such file")
    fails(["upscale", tmp_path, tmp_path / "b.png"], capsys, "folder")
    if os.geteuid():
        (tmp_path / "secret.png").touch(mode=0)
        fails(["upscale", tmp_path / "secret.png", tmp_path / "b.png"], capsys, "ermission")
    assert not (tmp_path / "b.png").exists()


def test_unwritable_targets(tmp_path, tiny, capsys):
    Image.fromarray(tiny).save(tmp_path / "a.png")
    source = tmp_path / "a.png"
    fails(["upscale", source, tmp_path / "b.xyz"], capsys, ".xyz")
    fails(["upscale", source, tmp_path / "b"], capsys, "extension")
    fails(["upscale", source, tmp_path / "no" / "b.png"], capsys, "no folder")
    (tmp_path / "d.png").mkdir()
    fails(["upscale", source, tmp_path / "d.png"], capsys, "folder")
    fails(["upscale", source, source], capsys, "input itself")
    fails(["upscale", source, tmp_path / ("x" * 300 + ".png")], capsys, "too long")
    assert enlarge(source, tmp_path / ("x" * 251 + ".png")).size == (40, 48)
    (tmp_path / ("x" * 251 + ".png")).unlink()
    if os.path.exists("/proc/self"):  # a folder that even root cannot write in
        fails(["upscale", source, "/proc/b.png"], capsys, "cannot write")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.png", "d.png"]


def test_a_mask_is_not_written_over(tmp_path, tiny, capsys):
    source, mask = tmp_path / "a.png", tmp_path / "m.png"
    Image.fromarray(tiny).save(source)
    Image.new("L", tiny.shape[1::-1], 255).save(mask)
    before = mask.read_bytes()
    for command in (["stylize", "--style", f"fur={mask}:0.5,size=1"], ["stylize", "--coarse", f"dusk={mask}"],
                    ["restore", "--clean", f"{mask}:0.5"], ["restore", "--fill", str(mask)], ["mask", "--here", str(mask)]):
        fails([command[0], source, mask, *command[1:]], capsys, "one of the files that are read")
        assert mask.read_bytes() == before


def test_too_large_for_the_format_is_said_before_the_work(tmp_path, capsys):
    Image.fromarray(np.zeros((2, 5000), np.uint8)).save(tmp_path / "a.png")
    fails(["upscale", tmp_path / "a.png", tmp_path / "b.webp"], capsys, "16383", "20000×8")


def test_a_failed_write_leaves_the_old_file(tmp_path, tiny, monkeypatch):
    target = tmp_path / "b.png"
    target.write_bytes(b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.PngSink, "put", full)
    with pytest.raises(ValueError, match="No space left"):
        write(target, PictureFile(tiny))
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["b.png"]


def test_libraries_say_nothing_beside_our_one_line(tmp_path):
    """libtiff would print its own words on a damaged strip; the whole process's standard error is looked at."""
    pixels = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.tif", compression="tiff_lzw")
    data = (tmp_path / "a.tif").read_bytes()
    with Image.open(tmp_path / "a.tif") as picture:
        start = picture.tag_v2[TiffImagePlugin.STRIPOFFSETS][0]
    (tmp_path / "a.tif").write_bytes(data[:start + 200] + b"\xff" * 400 + data[start + 600:])
    done = subprocess.run([sys.executable, "-m", "smssr_infer.cli", "upscale", tmp_path / "a.tif", tmp_path / "b.png"], capture_output=True,
                          text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("smssr: ")
    assert done.stderr.count("\n") == 1


def test_many_writers_in_one_folder(tmp_path, small):
    """Each has a partial file of its own, so none takes another's away."""
    picture = PictureFile(np.tile(small, (4, 4, 1)))
    names = [f"{i % 3}.png" for i in range(12)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: write(tmp_path / name, picture), names))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["0.png", "1.png", "2.png"]
    assert np.array_equal(read(tmp_path / "2.png").pixels, picture.pixels)
