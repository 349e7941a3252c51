"""Dask arrays: the answer of the whole picture, however it is cut."""

import dataclasses
import shutil

import dask.array as da
import numpy as np
import pytest
import zarr
from test_elsewhere import enlarging

import smssr_infer as smssr
from smssr_infer import lazy
from smssr_infer.networks import manifest
from smssr_infer.networks.cards import StyleCard
from smssr_infer.networks.places import learnt


def levels(lazily, whole):
    """By how many levels a lazy answer is off at most."""
    assert lazily.shape == whole.shape
    assert lazily.dtype == whole.dtype
    found = lazily.compute(scheduler="synchronous")
    assert found.shape == whole.shape
    return np.abs(found.astype(np.float64) - whole).max()


@pytest.mark.parametrize(("scale", "chunks", "wishes"), [
    (4, (64, 50), {"picture": "clean"}), (2.5, ((10, 100, 18), (128,)), {}), (1.3, 40, {"picture": "photo"}),
    (4, 90, {"picture": "photo"}), (6, 64, {"model": "smssr-x4-quick"}), (2, 50, {"bands": (2, 1, 0), "picture": "clean"}),
    (4, 30, {"model": "paper-x4"}), (3, 50, {"best": True, "picture": "clean"}),
])
def test_enlarged(small, scale, chunks, wishes):
    image = small[:60, :50] if scale == 6 or "model" in wishes else small
    whole = smssr.upscale(image, scale, **wishes)
    array = da.from_array(image, chunks=(*chunks, 3) if isinstance(chunks, tuple) else chunks)
    assert levels(lazy.upscale(array, scale, **wishes), whole) <= 1


def test_floats_greys_and_what_is_smaller_than_its_halo(small):
    grey = small[..., 0].astype(np.float32) / 255
    assert levels(lazy.upscale(da.from_array(grey, chunks=40), 3, picture="clean"), smssr.upscale(grey, 3, picture="clean")) <= 1e-5
    tiny = small[:9, :7]
    assert levels(lazy.upscale(da.from_array(tiny, chunks=(2, 3, 1)), 4), smssr.upscale(tiny, 4)) <= 1


def test_what_is_seen_through(small):
    """Visible pixels are the whole's, and so are colours under full transparency, however far from anything visible."""
    y, x = np.mgrid[:128, :128]
    alpha = np.clip(400 - 12 * np.hypot(y - 40, x - 50), 0, 255).astype(np.uint8)
    image = np.dstack([small, alpha])
    whole = smssr.upscale(image, 3, picture="clean")
    assert levels(lazy.upscale(da.from_array(image, chunks=(32, 32, 2)), 3, picture="clean"), whole) <= 1


def test_a_block_reads_its_halo_and_no_more():
    """Of a picture of 134 Mpx one corner is computed."""
    read = []

    def chunk(block_info=None):
        read.append(block_info[None]["chunk-location"])
        return np.full((256, 256, 3), 128, np.uint8)

    image = da.map_blocks(chunk, chunks=((256,) * 256, (256,) * 8, (3,)), dtype=np.uint8, meta=np.empty((0, 0, 0), np.uint8))
    corner = lazy.upscale(image, 2, picture="clean")[:512, :512].compute(scheduler="synchronous")
    assert np.array_equal(corner, np.full((512, 512, 3), 128, np.uint8))
    assert sorted(read) == [(0, 0, 0), (0, 1, 0), (1, 0, 0), (1, 1, 0)]


def test_painted(astronaut):
    image = astronaut[:140, :200]
    beta = np.linspace(0, 1, 140 * 200, dtype=np.float32).reshape(140, 200)
    beta[:40] = 0
    for styles in ({"fur": beta, "canvas": 0.3}, {"bark": smssr.Style(0.8, size=1.7, seed=3)}, {"grass": smssr.Style(direction=30)}):
        whole = smssr.stylize(image, styles)
        assert levels(lazy.stylize(da.from_array(image, chunks=(80, 110, 3)), styles), whole) <= 1
    found = lazy.stylize(da.from_array(image, chunks=(80, 110, 3)), {"fur": da.from_array(beta, chunks=99)}, seed=5)
    assert levels(found, smssr.stylize(image, {"fur": beta}, seed=5)) <= 1
    assert np.array_equal(found[:40].compute(scheduler="synchronous"), image[:40])


def test_another_model_of_the_same_name_is_another_array(small, tmp_path, monkeypatch):
    """And an array whose model has changed since it was made is not computed from two."""
    monkeypatch.setenv("SMSSR_HOME", str(tmp_path))
    card = manifest.find("fur", StyleCard)
    learnt().mkdir(parents=True)
    shutil.copy(card.path, learnt() / "mine.onnx")
    mine = dataclasses.replace(card, name="mine", file="mine.onnx", folder=learnt())
    net = tmp_path / "net.onnx"
    array = da.from_array(small, chunks=(64, 64, 3))

    def write(kappa, gain):
        manifest.write(dataclasses.replace(mine, kappa=kappa))
        enlarging(net, 1, gain)
        return lazy.stylize(array, {"mine": 1.0}), lazy.upscale(array, 2, model=str(net))

    first, again, second = write(card.kappa, 1), write(card.kappa, 1), write(2 * card.kappa, 0.5)
    for one, same, other in zip(first, again, second, strict=True):
        assert one.name == same.name != other.name
        other.compute()
        with pytest.raises(ValueError, match="changed since"):
            one.compute()


def test_into_zarr(small, tmp_path):
    da.from_array(small, chunks=(50, 50, 3)).to_zarr(tmp_path / "small.zarr")
    image = da.from_zarr(tmp_path / "small.zarr")
    lazy.upscale(image, 2.5, picture="clean").to_zarr(tmp_path / "large.zarr")
    large = zarr.open_array(tmp_path / "large.zarr", mode="r")
    assert large.chunks == (125, 125, 3)
    assert np.abs(large[:].astype(int) - smssr.upscale(small, 2.5, picture="clean")).max() <= 1


@pytest.mark.parametrize(("array", "words"), [
    (np.zeros((9, 9), np.uint8), "takes a Dask array"), (da.zeros((9, 9)), "uint8, uint16 or float32"),
    (da.zeros((9, 9, 5), dtype=np.uint8), "H×W×1, 2, 3 or 4"), (da.zeros((0, 9), dtype=np.uint8), "empty"),
    (da.zeros(9, dtype=np.uint8), "H×W"),
    (da.from_array(np.arange(9))[da.from_array(np.arange(9)) > 3].astype(np.uint8), "unknown size"),
])
def test_what_is_no_picture_is_one_line(array, words):
    for call in (lazy.upscale, lambda a: lazy.stylize(a, {"fur": 1})):
        with pytest.raises(ValueError, match=words) as caught:
            call(array)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("call", "words"), [
    (lambda a: lazy.upscale(a, 1), "scale"), (lambda a: lazy.upscale(a, model="nope"), "no model"),
    (lambda a: lazy.upscale(a, picture="x"), "clean"),
    (lambda a: lazy.upscale(a, bands=(1,)), "bands"), (lambda a: lazy.stylize(a, "fur"), "dictionary"),
    (lambda a: lazy.stylize(a, {"fur": 3}), "0 … 1"), (lambda a: lazy.stylize(a, {"fur": da.zeros((3, 3))}), "size"),
    (lambda a: lazy.stylize(da.concatenate([a, a[..., :1]], axis=2), {"fur": 1}), "transparency"),
])
def test_what_cannot_be_is_one_line(call, words, small):
    with pytest.raises(ValueError, match=words) as caught:
        call(da.from_array(small, chunks=64))
    assert "\n" not in str(caught.value)
