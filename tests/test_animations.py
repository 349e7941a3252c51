"""Animations and pages: every frame with its duration, what stands still equal to the bit, every page with its own size and depth."""

import struct

import numpy as np
import pytest
from PIL import GifImagePlugin, Image

from smssr_infer.cli import main
from smssr_infer.io import moving
from smssr_infer.io.animation_sink import ApngSink
from smssr_infer.io.frames import animation, chosen
from smssr_infer.io.moving import Moving
from smssr_infer.io.reading import page, read
from smssr_infer.recipe import Recipe
from smssr_infer.runtime import Runtime
from smssr_infer.steps import Enlarge, Restore, Stylize
from smssr_infer.textures.style import Style

QUICK = ["--scale", "2", "--model", "smssr-x4-quick"]
DURATIONS = [40, 70, 200, 40, 1000]


def scene(small, number, side=96):
    """A photograph, in the right of which a square moves."""
    out = small[:side, :side].copy()
    at = 10 * number
    out[at:at + 8, 80:88] = (255, 40, 0)
    return out


@pytest.fixture
def frames(small):
    return [scene(small, number) for number in (0, 1, 1, 3, 4)]


def saved(path, frames, **options):
    first, *rest = [Image.fromarray(frame) for frame in frames]
    first.save(path, save_all=True, append_images=rest, duration=DURATIONS[:len(frames)], **options)
    return path


def seen(path):
    """All frames of a file as they are seen, and their durations."""
    found = animation(path)
    return list(found.frames(range(len(found.durations)))), list(found.durations), found.loop


@pytest.mark.parametrize("ending", ["gif", "png", "webp"])
def test_every_frame_with_its_duration(tmp_path, frames, ending):
    frames = frames[:1] + frames[2:]  # Pillow, which writes the input, makes one of two that are alike
    durations = [duration for number, duration in enumerate(DURATIONS) if number != 1]
    first, *rest = map(Image.fromarray, frames)
    first.save(tmp_path / "in.webp", save_all=True, append_images=rest, duration=durations, loop=3, lossless=True)
    out = tmp_path / f"o.{ending}"
    assert main(["upscale", str(tmp_path / "in.webp"), str(out), *QUICK, *(["--lossless"] if ending == "webp" else [])]) == 0
    made, times, loop = seen(out)
    assert times == durations and loop == 3
    assert [frame.shape for frame in made] == [(192, 192, 3)] * 4
    assert all(np.array_equal(frame[:, :100], made[0][:, :100]) for frame in made)  # to the bit
    assert not np.array_equal(made[0], made[1])
    close = made[0].astype(int) - np.asarray(Image.fromarray(frames[0]).resize((192, 192), Image.Resampling.BICUBIC))
    assert np.abs(close).mean() < 12


def test_frames_that_are_alike_stay_two(tmp_path, frames):
    from smssr_infer.io.animation_sink import GifSink

    with open(tmp_path / "in.gif", "wb") as stream:
        sink = GifSink(stream, frames[0].shape, 0, None, False)
        for frame, duration in zip(frames, DURATIONS, strict=True):
            sink.add(frame, duration)
        sink.finish()
    for name in ("o.gif", "o.png"):
        assert main(["upscale", str(tmp_path / "in.gif"), str(tmp_path / name), *QUICK]) == 0
        made, times, loop = seen(tmp_path / name)
        assert times == DURATIONS and loop == 0
        assert np.array_equal(made[1], made[2])


def test_what_is_transparent_stays_so_and_leaves_nothing_behind(tmp_path):
    frames = []
    for number in range(3):
        frame = np.zeros((40, 40, 4), np.uint8)
        frame[10:20, 4 + 10 * number:12 + 10 * number] = (200, 30, 30, 255)
        frames.append(frame)
    saved(tmp_path / "in.gif", frames, disposal=2, loop=0)
    for name in ("o.gif", "o.png", "o.webp"):
        assert main(["upscale", str(tmp_path / "in.gif"), str(tmp_path / name), *QUICK]) == 0
        for number, frame in enumerate(seen(tmp_path / name)[0]):
            opaque = frame[..., 3] > 127
            assert opaque[30, 16 + 20 * number] and opaque.sum() < 500, (name, number)


def test_only_what_changes_is_computed(small, monkeypatch):
    recipe = Recipe(Restore(clean=0.5), Enlarge(2, model="smssr-x4-quick"))
    work = Moving(recipe, Runtime())
    made = [work.next(scene(small, number, 128)) for number in (0, 1, 1, 3)]
    assert np.array_equal(made[1], made[2])
    assert work.computed < 0.75 * work.all
    monkeypatch.setattr(moving, "spread", lambda result, differs, far: np.ones(result.shape, bool))
    all_of_it = Moving(recipe, Runtime())
    for number in (0, 3):  # the noise is that of the first frame
        wanted = all_of_it.next(scene(small, number, 128))
    assert np.abs(made[3].astype(int) - wanted).max() <= 4


def test_where_an_answer_may_change(small, monkeypatch):
    """What is copied is what would be computed, but for a level."""
    recipe = Recipe(Enlarge(2, model="smssr-x4-quick", picture="auto"))
    work = Moving(recipe, Runtime())
    for number in (0, 3):
        copied = work.next(scene(small, number, 128))
    monkeypatch.setattr(moving, "spread", lambda result, differs, far: np.ones(result.shape, bool))
    whole = Moving(recipe, Runtime()).next(scene(small, 3, 128))
    assert np.abs(copied.astype(int) - whole).max() <= 1
    monkeypatch.undo()
    monkeypatch.setattr(moving, "NEAR", 2)  # too near: what is seen in the ring makes it reach farther
    work, near = Moving(recipe, Runtime()), []
    for number in (0, 3):
        copied = work.next(scene(small, number, 128))
        near.append(work._parts[0]._near)
    assert near[0] == 2 < near[1] and np.abs(copied.astype(int) - whole).max() <= 2


@pytest.mark.parametrize("margin", [0, 20, 300])
def test_boxes_hold_what_changed_with_little_work(margin):
    """Of a ring, an L, specks: every pixel is in one window; no more work than the one box around all of it, and less where that pays."""
    rng = np.random.default_rng(3)
    ring = np.zeros((400, 640), bool)
    ring[20:380, 30:600] = True
    ring[60:340, 70:560] = False
    ell = np.zeros_like(ring)
    ell[:300, :16] = ell[296:300, :500] = True
    specks = rng.random(ring.shape) < 1e-4
    for changed in (ring, ell, specks, np.zeros_like(ring), np.ones_like(ring)):
        found = moving.boxes(changed, margin)
        seen = np.zeros(changed.shape, int)
        for top, bottom, left, right in found:
            seen[top:bottom, left:right] += 1
        assert (seen[changed] == 1).all() and seen.max(initial=0) <= 1
        work = sum((bottom - top + 2 * margin) * (right - left + 2 * margin) for top, bottom, left, right in found)
        assert work <= (changed.shape[0] + 2 * margin) * (changed.shape[1] + 2 * margin)
        if changed is ell and margin == 20:
            assert len(found) == 2
        if margin == 300:
            assert len(found) <= 1


def test_pages_each_in_its_own_size_and_depth(tmp_path, small):
    import tifffile

    pages = [small[:30, :40], small[:50, :20, 0], (small[:20, :20].astype(np.uint16) * 257), np.float32(small[:24, :24]) / 100]
    with tifffile.TiffWriter(tmp_path / "in.tif") as file:
        for number, pixels in enumerate(pages):
            file.write(pixels, photometric="rgb" if pixels.ndim == 3 else "minisblack", description=f"page {number}", metadata=None)
    assert main(["upscale", str(tmp_path / "in.tif"), str(tmp_path / "o.tif"), *QUICK]) == 0
    with tifffile.TiffFile(tmp_path / "o.tif") as made:
        assert [(page.dtype, page.shape) for page in made.pages] == [
            (pixels.dtype, (2 * pixels.shape[0], 2 * pixels.shape[1], *pixels.shape[2:])) for pixels in pages]
        assert [page.description for page in made.pages] == [f"page {number}" for number in range(4)]
        assert made.pages[3].asarray().max() > 2
    assert main(["upscale", str(tmp_path / "in.tif"), str(tmp_path / "two.tif"), *QUICK, "--frames", "3"]) == 0
    assert read(tmp_path / "two.tif").frames == 1
    assert np.array_equal(read(tmp_path / "two.tif").pixels, page(tmp_path / "o.tif", 2).pixels)


def test_smaller_copies_are_no_pages(tmp_path, small):
    """As GDAL puts overviews behind a picture."""
    import tifffile

    with tifffile.TiffWriter(tmp_path / "in.tif") as file:
        for number, kind in enumerate((0, 1, 1, 0)):
            file.write(small[:40 - 4 * number, :40], photometric="rgb", subfiletype=kind, metadata=None)
    assert read(tmp_path / "in.tif").frames == 2
    assert main(["upscale", str(tmp_path / "in.tif"), str(tmp_path / "o.tif"), *QUICK]) == 0
    with tifffile.TiffFile(tmp_path / "o.tif") as made:
        assert [page.shape for page in made.pages] == [(80, 80, 3), (56, 80, 3)]


def test_a_picture_for_whoever_shows_no_animations_is_no_frame(tmp_path, frames):
    saved(tmp_path / "in.png", frames[1:], default_image=True)
    assert read(tmp_path / "in.png").frames == len(animation(tmp_path / "in.png").durations)
    assert main(["upscale", str(tmp_path / "in.png"), str(tmp_path / "o.gif"), *QUICK]) == 0
    assert len(seen(tmp_path / "o.gif")[1]) == read(tmp_path / "in.png").frames


def test_what_holds_one_picture_alone_says_so(tmp_path, frames, capsys):
    saved(tmp_path / "in.png", frames[2:])
    assert main(["upscale", str(tmp_path / "in.png"), str(tmp_path / "o.jpg"), *QUICK]) == 0
    assert "has 3 frames" in (said := capsys.readouterr().err) and ".gif" in said
    assert main(["upscale", str(tmp_path / "in.png"), str(tmp_path / "o.jpg"), *QUICK, "--frames", "first"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["upscale", str(tmp_path / "in.png"), str(tmp_path / "o.gif"), *QUICK, "--frames", "2-3"]) == 0
    assert seen(tmp_path / "o.gif")[1] == DURATIONS[1:3]
    assert main(["upscale", str(tmp_path / "in.png"), str(tmp_path / "o.tif"), *QUICK]) == 0
    assert "without their durations" in capsys.readouterr().err and read(tmp_path / "o.tif").frames == 3
    for text, words in (("4", "no frames 4, of 3"), ("x", "frames are all"), ("3-2", "no frames 3-2")):
        assert main(["upscale", str(tmp_path / "in.png"), str(tmp_path / "o.gif"), *QUICK, "--frames", text]) == 2
        assert words in capsys.readouterr().err


def test_a_dry_run_counts_frames_and_does_none(tmp_path, frames, monkeypatch):
    from smssr_infer.batch.forecast import Forecaster
    from smssr_infer.io import sequences
    from smssr_infer.io.save_options import SaveOptions

    saved(tmp_path / "in.gif", frames[2:])
    monkeypatch.setattr(sequences, "begin", None)
    recipe = Recipe(Enlarge(2, model="smssr-x4-quick"))
    forecaster = Forecaster(recipe, SaveOptions())
    moving, still = (forecaster.tell(tmp_path / "in.gif", tmp_path / name) for name in ("o.gif", "o.jpg"))
    assert moving.result_size == (192, 192)
    of_each = (tmp_path / "in.gif").stat().st_size / (96 * 96 * 3)
    assert moving.nbytes == pytest.approx(3 * forecaster._paces[".gif", ".gif"][1] * of_each * 192 * 192)
    assert still.nbytes == pytest.approx(forecaster._paces[".gif", ".jpg"][1] * of_each * 192 * 192)


def test_a_folder_of_animations(tmp_path, frames):
    (tmp_path / "in").mkdir()
    saved(tmp_path / "in/a.gif", frames[2:])
    assert main(["batch", str(tmp_path / "in"), str(tmp_path / "out"), *QUICK, "--report", str(tmp_path / "r.html")]) == 0
    assert len(seen(tmp_path / "out/a-x2.gif")[1]) == 3


def test_which_frames():
    assert chosen("all", 3) == [0, 1, 2] and chosen("first", 3) == [0] and chosen("2", 3) == [1] and chosen("2-9", 3) == [1, 2]


def test_of_one_frame_that_is_animated_the_frame_is_taken(tmp_path):
    """Not the picture that stands before it for whoever shows no animations."""
    first, second = Image.new("RGB", (20, 24), "red"), Image.new("RGB", (20, 24), "lime")
    first.save(tmp_path / "in.png", save_all=True, append_images=[second], default_image=True)
    assert read(tmp_path / "in.png").pixels[0, 0].tolist() == [0, 255, 0]


def test_frames_of_more_than_eight_bits_are_said(tmp_path, small, capsys):
    """Pillow reads the first of them whole, and the others in 8 bits."""
    with open(tmp_path / "in.png", "wb") as stream:
        sink = ApngSink(stream, (24, 20, 3), np.dtype(np.uint16), 2, 0, icc=None, exif=None, dpi=None, text={})
        for number in range(2):
            sink.add(np.ascontiguousarray(small[:24, number:20 + number].astype(np.uint16) * 257), 50)
        sink.finish()
    assert main(["upscale", str(tmp_path / "in.png"), str(tmp_path / "o.png"), *QUICK]) == 0
    assert "its frames are read in 8" in capsys.readouterr().err


def test_textures_stand_still_or_are_drawn_anew(small):
    """By choice; one whose seed is said stands still in any case."""
    frame = small[:64, :64]

    def work(lively, **style):
        moving = Moving(Recipe(Stylize({"film-grain": Style(beta=0.5, **style)})), Runtime(), lively=lively)
        return [moving.next(frame) for _ in range(3)]

    one, two, three = work(False)
    assert np.array_equal(one, two) and np.array_equal(two, three)
    one, two, three = work(True)
    assert not np.array_equal(one, two) and not np.array_equal(two, three)
    one, two, three = work(True, seed=5)
    assert np.array_equal(one, two) and np.array_equal(two, three)


def test_grain_moves_in_a_file(tmp_path, small):
    saved(tmp_path / "in.webp", [small[:48, :48], small[1:49, :48]], lossless=True)
    grain = ["--scale", "2", "--style", "film-grain:0.5"]
    assert main(["upscale", str(tmp_path / "in.webp"), str(tmp_path / "still.png"), *grain]) == 0
    assert main(["upscale", str(tmp_path / "in.webp"), str(tmp_path / "lively.png"), *grain, "--lively"]) == 0
    still, lively = seen(tmp_path / "still.png")[0], seen(tmp_path / "lively.png")[0]
    assert np.array_equal(still[0], lively[0]) and not np.array_equal(still[1], lively[1])


def test_what_reaches_beyond_the_screen_is_cut_off(tmp_path, small, capsys):
    """A GIF of two, whose second says that it is larger than the screen."""
    parts = [GifImagePlugin.getdata(Image.fromarray(small[:side, :side]).quantize(), duration=50, include_color_table=True)
             for side in (24, 36)]
    (tmp_path / "in.gif").write_bytes(b"GIF89a" + struct.pack("<HHBBB", 24, 24, 0x70, 0, 0) + b"".join(map(b"".join, parts)) + b";")
    assert main(["upscale", str(tmp_path / "in.gif"), str(tmp_path / "o.gif"), *QUICK]) == 0
    assert "beyond its screen" in capsys.readouterr().err
    assert [frame.shape for frame in seen(tmp_path / "o.gif")[0]] == [(48, 48, 3)] * 2
