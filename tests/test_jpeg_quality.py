"""The quality of a JPEG, found in its pixels."""

import io

import numpy as np
import pytest
from PIL import Image

from smssr_infer.analysis.degradation import measured
from smssr_infer.analysis.jpeg_quality import estimate_quality, quality_of, steps
from smssr_infer.arrays.large import in_memory


def through_jpeg(picture, quality, subsampling=2):
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=quality, subsampling=subsampling)
    with Image.open(stream) as file:
        return np.asarray(file.convert("RGB"))


def found(picture, row=0, column=0):
    return estimate_quality(picture.astype(np.float32).transpose(2, 0, 1), row, column)


@pytest.mark.parametrize("quality", [8, 20, 45, 60, 75, 88, 94])
def test_the_quality_is_found(chelsea, quality):
    saved = through_jpeg(chelsea, quality)
    assert found(saved) == pytest.approx(quality, abs=1)
    assert found(saved[3:, 5:], 5, 3) == pytest.approx(quality, abs=1)
    assert found(saved[3:, 5:], 4, 3) == 0


def test_what_was_no_jpeg_has_none(astronaut):
    small = np.asarray(Image.fromarray(astronaut).resize((300, 300), Image.Resampling.BICUBIC))
    noise = np.random.default_rng(0).normal(0, 2, small.shape)
    assert found(small) == 0
    assert found(np.clip(through_jpeg(small, 60) + noise, 0, 255).round()) == 0
    assert found(np.asarray(Image.fromarray(through_jpeg(small, 60)).resize((270, 270), Image.Resampling.BICUBIC))) == 0


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 90, 3), (8, 8, 3), (40, 40, 3)])
def test_what_tells_nothing_has_none(shape):
    assert found(np.full(shape, 120, np.uint8)) == 0
    assert found(np.full(shape, 255, np.uint8)) == 0


def test_the_table_is_that_of_libjpeg(small):
    for quality in (5, 30, 50, 75, 97):
        stream = io.BytesIO()
        Image.fromarray(small).save(stream, "JPEG", quality=quality)
        with Image.open(stream) as file:
            assert sorted(file.quantization[0]) == sorted(steps(quality).ravel())


def test_a_file_saved_again_is_of_the_quality_that_it_had(chelsea):
    once = through_jpeg(chelsea, 40)
    assert measured(in_memory(once))[0].quality == pytest.approx(40, abs=1)
    assert measured(in_memory(once), 40)[0].quality == pytest.approx(40, abs=1)
    assert measured(in_memory(through_jpeg(once, 92)), 92)[0].quality == pytest.approx(40, abs=2)
    assert measured(in_memory(through_jpeg(chelsea, 92)), 92)[0].quality == pytest.approx(92, abs=1)


@pytest.mark.parametrize("wrong", [0, 101, "many", None, float("nan")])
def test_a_quality_is_a_number_from_1_to_100(wrong):
    with pytest.raises(ValueError, match="1 … 100"):
        quality_of(wrong)
