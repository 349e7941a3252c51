"""What legal pictures may cost: bytes for each pixel, of a process that does nothing else."""

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from smssr_infer import restore, upscale
from smssr_infer.arrays import large
from smssr_infer.arrays.large import in_memory
from smssr_infer.io.picture_file import PictureFile
from smssr_infer.io.reading import read
from smssr_infer.io.writing import write

SIDE = 2400

PEAK = """
import resource, sys
from smssr_infer.io.reading import read
from smssr_infer.arrays import large
from PIL import PngImagePlugin, GifImagePlugin
from scipy.ndimage import distance_transform_edt
large.WHOLE = 1000
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
picture = read(sys.argv[1]).picture()
picture.read(0, 100, 0, 100)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere ru_maxrss has another unit, or there is none")
@pytest.mark.parametrize(("name", "most"), [("rgba16.png", 14), ("rgba8.png", 10), ("palette.gif", 8)])
def test_a_large_picture_with_transparency_is_read_in_few_bytes_a_pixel(tmp_path, name, most):
    """It has 8, 4 and 4 bytes a pixel itself, and Pillow's own copy beside it 4, 4 and 1."""
    if name == "palette.gif":
        picture = Image.new("P", (SIDE, SIDE), 1)
        picture.putpalette([0, 0, 0, 250, 10, 10])
        picture.paste(0, (0, 0, 99, 99))
        picture.save(tmp_path / name, transparency=0)
    else:
        pixels = np.zeros((SIDE, SIDE, 4), np.uint16 if "16" in name else np.uint8)
        pixels[:100] = 200
        write(tmp_path / name, PictureFile(pixels))
    done = subprocess.run([sys.executable, "-c", PEAK, tmp_path / name], capture_output=True, text=True, check=True)
    assert int(done.stdout) * 1024 < most * SIDE * SIDE + (32 << 20)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_colours_behind_transparency_take_no_memory_for_the_whole(monkeypatch, kind):
    """Where the nearest visible pixel lies was kept for each, in 8 bytes, and looking for it took as much again."""
    monkeypatch.setattr(large, "WHOLE", 1000)
    pixels = np.zeros((1000, 3000, 4), kind)
    pixels[:100, :, :] = 200
    in_memory(pixels).read(0, 1, 0, 1)  # SciPy is imported now
    tracemalloc.start()
    try:
        picture = in_memory(pixels)
        for top in range(0, 1000, 100):
            picture.read(top, top + 100, 0, 100)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_an_opaque_picture_is_never_searched(monkeypatch):
    monkeypatch.setattr(large, "WHOLE", 1)
    assert not isinstance(in_memory(np.full((9, 9, 4), 255, np.uint8)), large.LargePicture)


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_transparent_colour_of_a_png_becomes_transparency(tmp_path, depth, channels):
    import struct
    import zlib

    pixels = np.random.default_rng(0).integers(0, 1 << depth, (9, 7, channels)).astype(f">u{depth // 8}")
    pixels[2, 3] = pixels[0, 0]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    key = struct.pack(f">{channels}H", *pixels[0, 0].tolist())
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 7, 9, depth, 0 if channels == 1 else 2, 0, 0, 0)), (b"tRNS", key),
              (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks))
    found = read(tmp_path / "a.png").pixels
    assert found.dtype.itemsize * 8 == depth and found.shape == (9, 7, channels + 1)
    assert np.array_equal(found[..., :-1], pixels)
    assert np.array_equal(found[..., -1] == 0, (pixels == pixels[0, 0]).all(-1)) and (found[2, 3, -1], found[8, 6, -1]) == (0, 2**depth - 1)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [1e20, -1e25, 3.4e38])
@pytest.mark.parametrize("task", [lambda x: upscale(x, 2, "smssr-x4"), lambda x: upscale(x, 3, "smssr-x2"), lambda x: upscale(x, 2),
                                  lambda x: restore(x, 0.8)])
def test_one_huge_float_harms_nobody_but_its_neighbours(value, task):
    """Its square was infinite, and infinity times 0 made a whole tile of NaN."""
    tame = np.random.default_rng(0).random((64, 200, 3)).astype(np.float32)
    wild = tame.copy()
    wild[48, 20, 0], wild[10, 80] = value, value
    found, expected = task(wild), task(tame)
    assert np.isfinite(found).all()
    scale = len(found) // 64
    # further than any network sees; but how much noise there is, is estimated of the whole picture
    assert np.abs(found[:, 170 * scale:] - expected[:, 170 * scale:]).max() < 1e-3
    assert np.abs(found[:, 90 * scale:] - expected[:, 90 * scale:]).mean() < 0.02
    with pytest.raises(ValueError, match="NaN"):
        task(np.where(wild == np.float32(value), np.nan, wild).astype(np.float32))


@pytest.mark.parametrize("size", [(1, large.MOST_SIDE // 2 + 1), (large.MOST_SIDE // 2 + 1, 1)])
def test_an_answer_too_long_for_its_matrices_is_refused(size):
    with pytest.raises(ValueError, match="to a side; choose a smaller scale"):
        upscale(np.zeros(size, np.uint8), 2)
