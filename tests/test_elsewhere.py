"""Networks from elsewhere: ONNX files that give a whole picture."""

import json

import numpy as np
import pytest
from foreign import enlarging, onnx, write

import smssr_infer as smssr
from smssr_infer.arrays import colour_lines
from smssr_infer.arrays.pixels import luma
from smssr_infer.arrays.resample import resize
from smssr_infer.cli import main
from smssr_infer.networks import backends
from smssr_infer.networks.cards import Space
from smssr_infer.nodes import model_choice


def test_scale_channels_and_reach_are_found_out(tmp_path):
    for channels in (1, 3):
        card = model_choice.find(str(enlarging(tmp_path / f"{channels}.onnx", channels)))
        assert (card.scale, card.channels, card.space, card.receptive_field) == (2, channels, Space.SMALL, 5)


@pytest.mark.parametrize("channels", [1, 3])
def test_the_answer_is_the_networks_own_and_tiles_do_not_show(tmp_path, astronaut, channels):
    path = str(enlarging(tmp_path / "net.onnx", channels))
    image = astronaut[:90, :70].astype(np.float32) / 255
    whole = smssr.upscale(image, 2, path)
    assert np.abs(smssr.upscale(image, 2, path, tile=37) - whole).max() < 1e-5
    planes = np.ascontiguousarray(image.transpose(2, 0, 1))
    padded = np.pad(planes, ((0, 0), (2, 2), (2, 2)), mode="symmetric")
    mean = np.mean([padded[:, i:i + 90, j:j + 70] for i in range(5) for j in range(5)], axis=0).repeat(2, 1).repeat(2, 2)
    expected = mean
    if channels == 1:
        expected = resize(planes, 180, 140)
        steep = resize(colour_lines.slopes(planes, (90, 70), (0, 90), (0, 70), (0, 0)), 180, 140)
        colour_lines.add(expected, luma(mean) - luma(expected), steep)
    assert np.abs(whole.transpose(2, 0, 1) - expected).max() < 2e-5
    grey = smssr.upscale(image[..., 0], 2, path)
    assert np.abs(grey - mean[0]).max() < 1e-5


def test_a_network_on_the_enlargement_needs_its_scale_said(tmp_path, astronaut, capsys):
    kernel = np.zeros((1, 1, 3, 3))
    kernel[0, 0, 1, 1] = 1
    path = write(tmp_path / "net.onnx", 1, [onnx.helper.make_node("Conv", ["x", "k"], ["y"], pads=[1, 1, 1, 1])], {"k": kernel})
    with pytest.raises(ValueError, match="net.json"):
        model_choice.find(str(path))
    (tmp_path / "net.json").write_text(json.dumps({"scale": 3}))
    image = astronaut[:30, :40].astype(np.float32) / 255
    planes = resize(np.ascontiguousarray(image.transpose(2, 0, 1)), 90, 120).transpose(1, 2, 0)
    answer = smssr.upscale(image, 3, str(path))
    inside = (planes.min(2) > 0.01) & (planes.max(2) < 0.99)
    assert np.abs(answer - planes)[inside].max() < 1e-5


def test_pixels_of_another_range(tmp_path, astronaut):
    image = astronaut[:30, :40].astype(np.float32) / 255
    plain, ranged = enlarging(tmp_path / "a.onnx", 3), enlarging(tmp_path / "b.onnx", 3)
    (tmp_path / "b.json").write_text(json.dumps({"range": 255}))
    assert np.abs(smssr.upscale(image, 2, str(plain)) - smssr.upscale(image, 2, str(ranged))).max() < 1e-5


def test_what_cannot_be_used_is_said_in_one_line(tmp_path, astronaut, capsys):
    from PIL import Image

    picture = tmp_path / "in.png"
    Image.fromarray(astronaut[:20, :20]).save(picture)
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    everything = write(tmp_path / "all.onnx", 1, [onnx.helper.make_node("GlobalAveragePool", ["x"], ["g"]),
                                                  onnx.helper.make_node("Concat", ["x", "x", "x", "x"], ["c"], axis=1),
                                                  onnx.helper.make_node("Add", ["c", "g"], ["s"]),
                                                  onnx.helper.make_node("DepthToSpace", ["s"], ["y"], blocksize=2, mode="CRD")], {})
    many = write(tmp_path / "many.onnx", 4, [onnx.helper.make_node("Relu", ["x"], ["y"])], {})
    for path, words in ((tmp_path / "broken.onnx", "broken.onnx"), (tmp_path / "missing.onnx", "No such file"),
                        (everything, "sees more than"), (many, "4 channels")):
        assert main(["upscale", str(picture), str(tmp_path / "out.png"), "--model", str(path)]) == 2
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1
        assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize(("said", "words"), [
    ({"scale": 4}, "enlarges 2 times, but net.json says 4"), ({"scal": 2}, "scale, range"), ([2], "scale, range"),
    ({"scale": 1}, "at least 2"), ({"scale": "4"}, "at least 2"), ({"scale": 2.5}, "at least 2"), ({"range": 0}, "above 0"),
    ({"receptive_field": True}, "at least 1")])
def test_what_is_said_beside_a_network_must_be_true(tmp_path, said, words):
    path = enlarging(tmp_path / "net.onnx", 3)
    (tmp_path / "net.json").write_text(json.dumps(said))
    with pytest.raises(ValueError, match=words):
        model_choice.find(str(path))


def test_another_network_has_no_bands(tmp_path, astronaut):
    with pytest.raises(ValueError, match="no bands"):
        smssr.upscale(astronaut[:20, :20], 2, str(enlarging(tmp_path / "net.onnx", 3)), bands=[1, 1, 1])


def test_a_folder_with_a_model_of_ones_own(tmp_path, astronaut):
    from PIL import Image

    (tmp_path / "in").mkdir()
    Image.fromarray(astronaut[:20, :30]).save(tmp_path / "in/a.png")
    path = enlarging(tmp_path / "my net.onnx", 3)
    folders = [str(tmp_path / "in"), str(tmp_path / "out")]
    assert main(["batch", *folders, "--scale", "2", "--model", str(path), "--names", "{name}-{model}"]) == 0
    assert Image.open(tmp_path / "out/a-my net.png").size == (60, 40)


def test_a_file_written_anew_is_another_network(tmp_path, astronaut, monkeypatch):
    image = astronaut[:20, :20].astype(np.float32) / 255
    before = smssr.upscale(image, 2, str(enlarging(tmp_path / "net.onnx", 3)))
    after = smssr.upscale(image, 2, str(enlarging(tmp_path / "net.onnx", 3, gain=0.5)))
    assert np.abs(after - before / 2).max() < 1e-5
    (tmp_path / "other").mkdir()
    enlarging(tmp_path / "other/net.onnx", 3, gain=0.25)
    for folder, gain in ((tmp_path, 0.5), (tmp_path / "other", 0.25)):  # the same relative name, in another folder
        monkeypatch.chdir(folder)
        assert np.abs(smssr.upscale(image, 2, "net.onnx") - gain * before).max() < 1e-5


def test_the_chosen_backend_examines_it(tmp_path, astronaut, monkeypatch):
    def refuse(*_):
        raise AssertionError("onnxruntime was used")

    monkeypatch.setattr(backends, "OnnxRuntimeGraph", refuse)
    monkeypatch.setenv("SMSSR_BACKEND", "numpy")
    path = enlarging(tmp_path / "net.onnx", 3)
    assert model_choice.find(str(path)).scale == 2
    assert smssr.upscale(astronaut[:20, :20], 2, str(path)).shape == (40, 40, 3)
