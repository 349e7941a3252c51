"""Whatever decided what an output holds has changed between a kill and the next run: it begins anew, and nothing is mixed."""

import dataclasses
import os
import shutil
import types
from pathlib import Path

import numpy as np
import pytest
from test_elsewhere import onnx
from test_elsewhere import write as net_of
from test_resuming import pixels_of, save

from smssr_infer.cli import main
from smssr_infer.io import fingerprint
from smssr_infer.networks import manifest
from smssr_infer.networks.cards import StyleCard
from smssr_infer.networks.places import learnt


def upscale_of(name):
    return lambda folder: (["upscale", str(save(folder / name)), "OUT", "--scale", "2", "--model", "smssr-x4-quick"],
                           lambda: save(folder / name, 1))


def network_of_ones_own(folder):
    save(folder / "in.png")
    nodes = [onnx.helper.make_node("Concat", ["x"] * 4, ["m"], axis=1), onnx.helper.make_node("Add", ["m", "b"], ["s"]),
             onnx.helper.make_node("DepthToSpace", ["s"], ["y"], blocksize=2, mode="CRD")]
    net = net_of(folder / "net.onnx", 1, nodes, {"b": 0.1})
    net.with_suffix(".json").write_text('{"range": 1}')
    return (["upscale", str(folder / "in.png"), "OUT", "--scale", "2", "--model", str(net)],
            lambda: net.with_suffix(".json").write_text('{"range": 9}'))


def mask(folder):
    save(folder / "in.png", shape=(260, 40, 3))
    save(folder / "mask.png", shape=(260, 40))
    return ["restore", str(folder / "in.png"), "OUT", "--clean", str(folder / "mask.png")], lambda: save(folder / "mask.png", 1, (260, 40))


def masks_of_a_folder(folder):
    (folder / "masks").mkdir()
    save(folder / "in.png", shape=(260, 40, 3))
    save(folder / "masks" / "in.png", shape=(260, 40))
    return (["restore", str(folder / "in.png"), "OUT", "--clean", str(folder / "masks")],
            lambda: save(folder / "masks" / "in.png", 1, (260, 40)))


def mask_of_a_batch(folder):
    (folder / "photos").mkdir()
    words, change = mask(folder)
    shutil.move(folder / "in.png", folder / "photos" / "in.png")
    return ["batch", str(folder / "photos"), str(folder / "out"), "--scale", "1", "--format", "tif", *words[3:]], change


def constants_of_a_learnt_style(folder):
    card = manifest.find("fur", StyleCard)
    learnt().mkdir(parents=True)
    shutil.copy(card.path, learnt() / "mine.onnx")
    mine = dataclasses.replace(card, name="mine", file="mine.onnx", folder=learnt())
    manifest.write(mine)
    save(folder / "in.png", shape=(260, 40, 3))
    return (["stylize", str(folder / "in.png"), "OUT", "--style", "mine"],
            lambda: manifest.write(dataclasses.replace(mine, kappa=2 * mine.kappa)))


@pytest.mark.parametrize("make", [upscale_of("in.png"), upscale_of("in.zarr"), network_of_ones_own, mask, masks_of_a_folder,
                                  mask_of_a_batch, constants_of_a_learnt_style])
def test_what_changed_meanwhile_is_not_mixed(tmp_path, little_memory, interrupted, monkeypatch, make):
    monkeypatch.setenv("SMSSR_HOME", str(tmp_path / "home"))
    words, change = make(tmp_path)
    out = tmp_path / "out" / "in-restored.tif" if words[0] == "batch" else tmp_path / "out.tif"
    words = [str(out) if word == "OUT" else word for word in words]
    assert main(words) == 0
    old = pixels_of(out)
    out.unlink()
    interrupted(words)
    assert list(out.parent.glob(".smssr-*.unfinished"))
    change()
    assert main(words) == 0
    resumed = pixels_of(out)
    out.unlink()
    assert main(words) == 0
    assert np.array_equal(resumed, pixels_of(out))
    assert not np.array_equal(resumed, old)


@pytest.mark.parametrize("field", ["st_size", "st_mtime_ns", "st_ctime_ns", "st_ino"])
def test_a_stamp_knows_a_file_by(tmp_path, monkeypatch, field):
    path = tmp_path / "a"
    path.write_text("a")
    before = fingerprint.stamp(path)
    assert fingerprint.stamp(path) == before
    stat = os.stat

    def changed(name, **more):
        state = stat(name, **more)
        if Path(name) != path:
            return state
        fields = {key: getattr(state, key) for key in dir(state) if key.startswith("st_")}
        return types.SimpleNamespace(**fields | {field: fields[field] + 1})

    monkeypatch.setattr(os, "stat", changed)
    assert fingerprint.stamp(path) != before


def test_another_version_resumes_nothing(monkeypatch):
    """Its networks and its arithmetic may differ."""
    before = fingerprint.stamp("a")
    monkeypatch.setattr(fingerprint, "__version__", "0.0.1")
    assert fingerprint.stamp("a") != before
