"""CMYK: converted, and said to be; or kept with its profile on request."""

import numpy as np
import pytest
from PIL import Image

from smssr_infer.cli import main
from smssr_infer.io import inks
from smssr_infer.io.profiles import SRGB_OF_CMYK

QUICK = ["--scale", "2", "--model", "smssr-x4-quick"]
PROFILE = bytes(16) + b"CMYK" + bytes(200)


@pytest.fixture
def cmyk(tmp_path, small):
    samples = np.dstack([255 - small[:40, :50], small[:40, :50, 0]])
    samples[10:20, 10:20] = (0, 0, 0, 255)  # pure black
    samples[:5, :5] = 0
    picture = Image.frombytes("CMYK", (50, 40), samples.tobytes())
    picture.save(tmp_path / "in.tif", icc_profile=PROFILE, dpi=(300, 300))
    picture.save(tmp_path / "in.jpg", quality=100, subsampling=0, icc_profile=PROFILE)
    return samples


@pytest.mark.parametrize("source", ["in.tif", "in.jpg"])
@pytest.mark.parametrize("target", ["o.tif", "o.jpg"])
def test_it_is_kept(tmp_path, cmyk, source, target, capsys):
    assert main(["upscale", str(tmp_path / source), str(tmp_path / target), *QUICK, "--cmyk", "keep"]) == 0
    assert SRGB_OF_CMYK not in capsys.readouterr().err
    samples, icc = inks.read(tmp_path / target)
    assert samples.shape == (80, 100, 4) and icc == PROFILE
    assert np.abs(samples[24:36, 24:36].astype(int) - (0, 0, 0, 255)).max() <= (2 if "jpg" not in source + target else 12)
    assert np.abs(samples[::2, ::2].astype(int) - cmyk).mean() < 12
    if source == "in.tif":
        assert Image.open(tmp_path / target).info["dpi"] == pytest.approx((600, 600))


def test_else_it_is_converted_and_said_to_be(tmp_path, cmyk, capsys):
    picture = Image.frombytes("CMYK", (50, 40), cmyk.tobytes())
    picture.save(tmp_path / "plain.jpg")
    assert main(["upscale", str(tmp_path / "plain.jpg"), str(tmp_path / "o.png"), *QUICK]) == 0
    assert SRGB_OF_CMYK in capsys.readouterr().err
    assert Image.open(tmp_path / "o.png").mode == "RGB"


def test_a_format_without_it_is_one_line(tmp_path, cmyk, capsys):
    Image.frombytes("CMYK", (50, 40), cmyk.tobytes()).save(tmp_path / "plain.tif")
    assert main(["upscale", str(tmp_path / "plain.tif"), str(tmp_path / "o.png"), *QUICK, "--cmyk", "keep"]) == 2
    error = capsys.readouterr().err
    assert "holds no CMYK" in error and error.count("\n") == 1
