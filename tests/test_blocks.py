"""Reading block by block: in bounded memory, each block once; damaged or boasting files are refused in one line, before any allocation."""

import contextlib
import struct
import threading
import time
import tracemalloc

import numpy as np
import pytest
import tifffile
from test_unreadable import fails

from smssr_infer.arrays.large import MOST_SIDE
from smssr_infer.cli import main
from smssr_infer.io import block_reader, reading
from smssr_infer.io.block_reader import Blocks
from smssr_infer.io.reading import read, read_large
from smssr_infer.io.tiff_reader import TiffBlocks

TASKS = (["upscale", "--scale", "2", "--model", "smssr-x4-quick"], ["restore", "--clean", ":0.5"], ["stylize", "--style", "fur:0.5"])


class Numbers(Blocks):
    """Blocks that count how often they are loaded."""

    def __init__(self, path, side=1000, block=100):
        super().__init__(path, (side, side, 1), np.dtype(np.uint8), (block, block))
        self.loaded, self.wait = [], None

    def load(self, row, column):
        self.loaded.append((row, column))
        if self.wait:
            self.wait.wait(10)
        return np.full((*self.block, 1), row + column, np.uint8)


def test_the_cache_gives_up_what_was_not_wanted_for_longest(tmp_path, monkeypatch):
    monkeypatch.setattr(block_reader, "CACHE", 35_000)
    numbers = Numbers(tmp_path)
    for i in range(10):
        numbers[i * 100:(i + 1) * 100, 0:100]
        numbers[0:1, 0:1]
    assert sum(block.nbytes for block in numbers._kept.values()) <= 35_000
    assert numbers.loaded == [(i, 0) for i in range(10)]  # the first was wanted all the time
    numbers[100:101, 0:1]
    assert numbers.loaded[-1] == (1, 0)


def test_memory_does_not_grow_with_what_is_read(tmp_path, monkeypatch):
    """20 MB are gone through, of which the cache keeps one."""
    monkeypatch.setattr(block_reader, "CACHE", 1_000_000)
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((5000, 4000), np.uint8), tile=(256, 256), compression="zlib")
    pixels = TiffBlocks(tmp_path / "a.tif")
    tracemalloc.start()
    try:
        for top in range(0, 5000, 250):
            pixels[top:top + 250, 0:500]
            pixels[top:top + 250, 3500:4000]
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_a_block_that_many_want_at_once_is_loaded_once(tmp_path):
    numbers = Numbers(tmp_path)
    numbers.wait = threading.Event()
    found = []
    threads = [threading.Thread(target=lambda: found.append(int(numbers[0:10, 0:10].sum()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    while not numbers.loaded:
        time.sleep(0)
    numbers.wait.set()
    for thread in threads:
        thread.join(10)
    assert numbers.loaded == [(0, 0)] and found == [0] * 8


@pytest.mark.parametrize("large", [False, True])
def test_large_blocks_are_unpacked_one_at_a_time(tmp_path, monkeypatch, large):
    """Small ones together: two that are unpacked at once meet."""
    monkeypatch.setattr(block_reader, "ALONE", 9_999 if large else 10_000)
    numbers, met, both = Numbers(tmp_path), [], threading.Barrier(2)

    def unpack(row, column):
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.3 if large else 30)
            met.append((row, column))
        return np.zeros((100, 100, 1), np.uint8)

    numbers.load = unpack
    threads = [threading.Thread(target=lambda row=row: numbers[row * 100:row * 100 + 1, 0:1]) for row in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(numbers._kept) == 2
    assert len(met) == (0 if large else 2)


def test_whoever_waits_for_a_damaged_block_is_told(tmp_path):
    numbers, asked, said = Numbers(tmp_path / "a.tif"), threading.Event(), []

    def damaged(row, column):
        asked.wait(10)
        raise ZeroDivisionError("division by zero")

    numbers.load = damaged

    def ask():
        with pytest.raises(ValueError, match=r"a\.tif: division by zero") as found:
            numbers[0:1, 0:1]
        said.append(found.value)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    asked.set()
    for thread in threads:
        thread.join(10)
    assert len(said) == 3


def sparse(path, height, width, rows=None, **tags):
    """A grey TIFF whose pixels are a hole in the file, but for two."""
    rows = rows or height
    strips = -(-height // rows)
    entries = {256: (4, width), 257: (4, height), 258: (3, 8), 259: (3, 1), 262: (3, 1), 277: (3, 1), 278: (4, rows)}
    start = 16 + 8 + 20 * (len(entries) + 2) + 8 + 16 * strips
    offsets, sizes = ([start + i * rows * width for i in range(strips)], [min(rows, height - i * rows) * width for i in range(strips)])
    at = start - 16 * strips
    head = b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, len(entries) + 2)
    body = {**{tag: (kind, 1, value) for tag, (kind, value) in entries.items()},
            273: (16, strips, offsets[0] if strips == 1 else at), 279: (16, strips, sizes[0] if strips == 1 else at + 8 * strips)}
    with open(path, "wb") as file:
        file.write(head + b"".join(struct.pack("<HHQQ", tag, kind, count, value) for tag, (kind, count, value) in sorted(body.items())))
        file.write(bytes(8) + struct.pack(f"<{2 * strips}Q", *offsets, *sizes))
        assert file.tell() == start
        file.write(b"\7")
        file.seek(start + height * width - 1)
        file.write(b"\5")


@pytest.mark.parametrize("rows", [None, 20_000])
def test_one_strip_of_more_than_two_gibibytes(tmp_path, rows):
    """The system reads at most 2 GiB at once; here nothing near it is read, and nothing held."""
    sparse(tmp_path / "a.tif", 50_000, 46_000, rows)
    tracemalloc.start()
    try:
        pixels = read_large(tmp_path / "a.tif").pixels
        assert pixels.shape == (50_000, 46_000, 1)
        assert pixels[0:1, 0:2].tolist() == [[[7], [0]]] and pixels[49_999:, 45_998:].tolist() == [[[0], [5]]]
        assert pixels[20_000 - 3:20_000 + 3, 5:9].sum() == 0  # across two strips
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()


def test_a_packed_strip_that_is_too_large_is_refused_before_it_is_unpacked(tmp_path, monkeypatch, capsys):
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((900, 900), np.uint8), compression="zlib", rowsperstrip=900)
    assert read(tmp_path / "a.tif").pixels.shape == (900, 900)
    monkeypatch.setattr(block_reader, "MOST_BLOCK", 500_000)
    monkeypatch.setattr(TiffBlocks, "load", lambda *_: pytest.fail("it was unpacked"))
    for task, *options in TASKS:
        fails([task, tmp_path / "a.tif", tmp_path / "b.tif", *options], capsys, "a.tif", "save it in tiles")


def boasting(path, height, width, tags):
    """A TIFF that claims a size."""
    values = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: 10} | tags
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(values.items()))
    path.write_bytes(b"II*\0\x08\0\0\0" + struct.pack("<H", len(values)) + entries + bytes(4))


BOASTS = {"more pixels than anything": (2**31, 2**31, {}, "Gpx"), "one very long row": (44, MOST_SIDE + 1, {}, "to a side"),
          "more than the file holds": (20_000, 20_000, {}, "incomplete"), "the same, packed": (60_000, 60_000, {259: 8}, "tiles"),
          "too few strips": (60_000, 60_000, {259: 8, 278: 16}, "damaged"), "rows per strip 0": (20_000, 20_000, {278: 0}, "damaged"),
          "no samples": (9, 9, {277: 0}, "")}


@pytest.mark.parametrize("name", BOASTS)
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task[0])
def test_a_tiny_tiff_that_claims_much_fails_at_once(tmp_path, capsys, name, task):
    height, width, tags, words = BOASTS[name]
    boasting(tmp_path / "a.tif", height, width, tags)
    tracemalloc.start()
    try:
        fails([task[0], tmp_path / "a.tif", tmp_path / "b.tif", *task[1:]], capsys, "a.tif", words)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("shape", "chunks", "words"), [((2**31, 2**31), (512, 512), "Gpx"),
                                                        ((MOST_SIDE + 1, 9, 3), (512, 9, 3), "to a side"),
                                                        ((100_000, 100_000), (100_000, 100_000), "smaller chunks")])
def test_a_zarr_array_that_claims_much_fails_at_once(tmp_path, capsys, shape, chunks, words):
    zarr = pytest.importorskip("zarr")
    zarr.create_array(tmp_path / "a.zarr", shape=shape, chunks=chunks, dtype="uint8")
    for task, *options in TASKS:
        fails([task, tmp_path / "a.zarr", tmp_path / "b.tif", *options], capsys, "a.zarr", words)


def test_a_blank_scan_in_few_bytes_is_no_boast(tmp_path, monkeypatch):
    """300 Mpx in some 300 kB, more than Pillow would read: legal, and read where it is wanted."""
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        tile = np.full((2048, 2048), 255, np.uint8)
        file.write((tile for _ in range(81)), shape=(9 * 2048, 9 * 2048), dtype=np.uint8, tile=(2048, 2048), compression="zlib")
    assert (tmp_path / "a.tif").stat().st_size < 10**6
    pixels = read_large(tmp_path / "a.tif").pixels
    assert isinstance(pixels, Blocks) and pixels[18_000:18_432, 18_000:18_432].min() == 255


def test_very_many_pages_are_counted_once(tmp_path):
    """Pillow compares each with all before it."""
    one = struct.pack("<H", 9) + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in (
        (256, 4), (257, 4), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 4), (279, 16)))
    size, count = len(one) + 4, 60_000
    with open(tmp_path / "a.tif", "wb") as file:
        file.write(b"II*\0" + struct.pack("<I", 24) + bytes(16))
        for i in range(count):
            file.write(one + struct.pack("<I", 24 + (i + 1) * size if i < count - 1 else 24 + 1000 * size))  # the last leads back
    assert read(tmp_path / "a.tif").frames == count


DAMAGE = ("zlib", "lzma", "zstd", "webp", "jpeg", "lzw", "png", "lerc", "jpeg2000", "packbits")


@pytest.mark.parametrize("how", ["zeros", "incomplete", "noise"])
@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_large_tiff_is_one_line(tmp_path, monkeypatch, capsys, name, how):
    path = tmp_path / "a.tif"
    pixels = np.random.default_rng(0).integers(0, 255, (128, 128, 3), dtype=np.uint8)
    tifffile.imwrite(path, pixels, photometric="rgb", tile=(64, 64), compression=name)
    with tifffile.TiffFile(path) as file:
        at, size = file.pages[0].dataoffsets[1], file.pages[0].databytecounts[1]
    data = bytearray(path.read_bytes())
    if how == "incomplete":
        del data[at + size // 2:]
    else:
        data[at:at + size] = bytes(size) if how == "zeros" else np.random.default_rng(1).bytes(size)
    path.write_bytes(data)
    monkeypatch.setattr(reading, "LARGE", 0)
    code = main(["restore", str(path), str(tmp_path / "b.tif"), "--chroma", "1"])
    said = capsys.readouterr().err
    if code:  # noise may be a picture to PackBits
        assert code == 2 and said.count("\n") == 1 and "a.tif" in said and "internal error" not in said
    else:
        assert name == "packbits" and how != "incomplete"
