"""Video through pipes, as ffmpeg writes and reads it: sizes, depths and colours; what stands still stays still."""

import io
import subprocess
import sys

import numpy as np
import pytest

from smssr_infer.io import y4m

QUICK = ["--scale", "2", "--model", "smssr-x4-quick"]


def stream(pixels, colour, others=b"F25:1 Ip A1:1"):
    """Pictures as a stream of that kind."""
    height, width = pixels[0].shape[:2]
    head = b"YUV4MPEG2 W%d H%d %s C%s\n" % (width, height, others, colour)
    video = y4m.read_header(io.BytesIO(head))
    out = io.BytesIO()
    out.write(head)
    for frame in pixels:
        y4m.write_frame(out, video, frame)
    return out.getvalue()


def frames(data):
    file = io.BytesIO(data)
    video = y4m.read_header(file)
    found = []
    while (frame := y4m.read_frame(file, video)) is not None:
        found.append(frame)
    return video, found


def upscale(data):
    return subprocess.run([sys.executable, "-m", "smssr_infer.cli", "upscale", "-", "-", *QUICK], input=data, capture_output=True)


@pytest.mark.parametrize("colour", [b"420jpeg", b"420mpeg2", b"422", b"444", b"mono", b"420p10", b"444p12"])
def test_samples_come_back(small, colour):
    pixels = np.float32(small[:49, :63]) / 255
    data = stream([pixels if colour != b"mono" else pixels[..., 0]], colour)
    video, (found,) = frames(data)
    again = stream([found], colour)
    first, second = (np.frombuffer(part.split(b"FRAME\n")[1], video.dtype).astype(int) for part in (data, again))
    luma = 49 * 63
    assert np.abs(first[:luma] - second[:luma]).max() <= 1
    assert np.abs(first[luma:] - second[luma:]).mean() < 3 << (video.bits - 8) if len(first) > luma else colour == b"mono"
    assert np.abs(found - (pixels if colour != b"mono" else pixels[..., 0])).mean() < 0.04


def test_black_and_white():
    for full, levels in ((b"", (16, 235)), (b" XCOLORRANGE=FULL", (0, 255))):
        pixels = np.zeros((2, 4, 3), np.float32)
        pixels[:, 2:] = 1
        data = stream([pixels], b"444", b"F25:1" + full).split(b"FRAME\n")[1]
        assert list(data[:4]) == [levels[0]] * 2 + [levels[1]] * 2 and set(data[8:]) == {128}


def test_a_video_through_pipes(small):
    still = np.float32(small[:64, :96]) / 255
    moving = [still.copy() for _ in range(3)]
    for number, frame in enumerate(moving):
        frame[20:28, 80 + 4 * number:88 + 4 * number] = (1, 0.2, 0)
    done = upscale(stream(moving, b"420mpeg2"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"YUV4MPEG2 W192 H128 F25:1 Ip A1:1 C420mpeg2\nFRAME\n")
    parts = done.stdout.split(b"FRAME\n")[1:]
    lumas = [np.frombuffer(part, np.uint8, 192 * 128).reshape(128, 192).astype(int) for part in parts]
    assert len(lumas) == 3
    assert all(np.abs(luma[:, :96] - lumas[0][:, :96]).mean() == 0 for luma in lumas)
    assert np.abs(lumas[1] - lumas[0]).max() > 50
    assert np.abs(lumas[0][::2, ::2] - 16 - 219 * (still @ [0.299, 0.587, 0.114]))[:, :70].mean() < 8


def test_options_for_pictures_are_refused():
    done = subprocess.run([sys.executable, "-m", "smssr_infer.cli", "upscale", "-", "-", *QUICK, "--quality", "90"],
                          input=b"YUV4MPEG2 W4 H4 C420\n", capture_output=True)
    assert done.returncode == 2 and b"are for pictures" in done.stderr


@pytest.mark.parametrize(("data", "words"), [
    (b"YUV4MPEG2 W4 H4 It C420jpeg\n", "interlaced"), (b"YUV4MPEG2 W4 H4 C444alpha\n", "444alpha"), (b"YUV4MPEG2 C420\n", "how large"),
    (b"YUV4MPEG2 W4 H4 C420\n", "no frames"), (b"YUV4MPEG2 W4 H4 C420\nFRAME\n123", "cut off")])
def test_what_cannot_be_is_one_line(data, words):
    done = upscale(data)
    assert done.returncode == 2 and words in done.stderr.decode() and done.stderr.count(b"\n") == 1
