"""Networks from elsewhere that take only some sizes, that change with the size, or that give no picture."""

import gc
import json
import os

import numpy as np
import pytest
from foreign import enlarging, onnx
from PIL import Image

import smssr_infer as smssr
from smssr_infer.cli import main
from smssr_infer.networks import external
from smssr_infer.networks.loading import load
from smssr_infer.networks.size_requirements import SizeRequirements
from smssr_infer.nodes import model_choice

node, from_array = onnx.helper.make_node, onnx.numpy_helper.from_array
LARGER = node("Resize", ["x", "", "two"], ["y"], mode="nearest")
ENLARGED = node("Resize", ["x", "", "two"], ["r"], mode="nearest")
TWO = {"two": [1, 1, 2, 2]}


def built(path, nodes, floats=(), whole=(), shape=("h", "w"), channels=1, before=1, inputs=None, kind=onnx.TensorProto.FLOAT):
    """An ONNX file of some nodes from `x` to `y`, with constants of floats and of whole numbers."""
    info = onnx.helper.make_tensor_value_info
    constants = [from_array(np.asarray(v, t), k) for values, t in ((floats, np.float32), (whole, np.int64)) for k,
                 v in dict(values).items()]
    given = [info(name, kind, [before, channels, *shape]) for name in inputs or ["x"]]
    graph = onnx.helper.make_graph(nodes, "net", given, [info("y", onnx.TensorProto.FLOAT, None)], constants)
    path.write_bytes(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8).SerializeToString())
    return str(path)


def shuffled(path, by, field=3):
    """×2 of sides that are multiples of `by`: blocks of by × by are put into channels and back again, as in networks of windows."""
    kernel = np.zeros((4, 1, field, field), np.float32)
    kernel[:] = 1 / field**2
    return built(path, [node("SpaceToDepth", ["x"], ["d"], blocksize=by), node("DepthToSpace", ["d"], ["s"], blocksize=by),
                        node("Conv", ["s", "k"], ["c"], pads=[field // 2] * 4), node("DepthToSpace", ["c"], ["y"], blocksize=2)],
                        {"k": kernel})


def reflecting(path, pad):
    """×2 of pictures larger than `pad`: it pads by reflection, as many networks do."""
    kernel = np.full((4, 1, 3, 3), 1 / 9)
    return built(path, [node("Pad", ["x", "p"], ["a"], mode="reflect"), node("Conv", ["a", "k"], ["c"], pads=[1] * 4),
                        node("Slice", ["c", "from", "to", "axes"], ["s"]), node("DepthToSpace", ["s"], ["y"], blocksize=2)], {"k": kernel},
                 {"p": [0, 0, pad, pad, 0, 0, pad, pad], "from": [pad, pad], "to": [-pad, -pad], "axes": [2, 3]})


def expected(image):
    """What `shuffled` and `reflecting` give: a 3×3 mean, then every pixel twice."""
    padded = np.pad(image, 1, mode="symmetric")
    height, width = image.shape
    mean = np.mean([padded[i:i + height, j:j + width] for i in range(3) for j in range(3)], axis=0)
    return mean.repeat(2, 0).repeat(2, 1)


@pytest.mark.parametrize(("make", "needs"), [(lambda p: shuffled(p, 8), (8, 8)), (lambda p: shuffled(p, 6), (48, 6)),
                                             (lambda p: shuffled(p, 7), (56, 7)),
                                             (lambda p: reflecting(p, 20), (32, 1)), (lambda p: reflecting(p, 40), (48, 1)),
                                             (lambda p: str(enlarging(p)), (4, 1))], ids=["8", "6", "7", "more than 20", "more than 40",
                                                                                          "any"])
def test_the_sizes_that_a_network_takes_are_found_out(tmp_path, make, needs):
    found = model_choice.find(make(tmp_path / "net.onnx"))
    assert (found.needs.minimum, found.needs.multiple_of) == needs
    assert not found.needs.square


@pytest.mark.parametrize("make", [lambda p: shuffled(p, 8), lambda p: shuffled(p, 7), lambda p: reflecting(p, 20)], ids=["8", "7",
                                                                                                                         "more than 20"])
@pytest.mark.parametrize("shape", [(90, 71), (5, 3), (33, 100)])
def test_pictures_of_other_sizes_are_padded_and_tiles_do_not_show(tmp_path, astronaut, make, shape):
    path = make(tmp_path / "net.onnx")
    image = np.ascontiguousarray(astronaut[:shape[0], :shape[1], 0]).astype(np.float32) / 255
    assert np.abs(smssr.upscale(image, 2, path) - expected(image)).max() < 1e-5
    assert np.abs(smssr.upscale(image, 2, path, tile=37) - expected(image)).max() < 1e-5
    assert np.abs(smssr.upscale(image, 2, path, best=True) - expected(image)).max() < 1e-5


def test_what_is_said_of_sizes_is_believed(tmp_path):
    path = shuffled(tmp_path / "net.onnx", 8)
    (tmp_path / "net.json").write_text(json.dumps({"minimum": 20, "multiple_of": 16}))
    assert model_choice.find(path).needs == SizeRequirements(20, 16)
    assert model_choice.find(path).needs.least == 32
    (tmp_path / "net.json").write_text(json.dumps({"multiple_of": 3}))
    with pytest.raises(ValueError, match="the model"):
        model_choice.find(path)


@pytest.mark.parametrize(("needs", "rows", "columns", "window"), [
    (SizeRequirements(), (-3, 5), (2, 9), ((-3, 5), (2, 9))), (SizeRequirements(4, 4), (-3, 5), (2, 9), ((-4, 8), (0, 12))),
    (SizeRequirements(10, 4), (-3, 5), (2, 9), ((-4, 8), (0, 12))), (SizeRequirements(13, 4), (-3, 5), (2, 9), ((-4, 12), (0, 16))),
    (SizeRequirements(1, 4, True), (0, 4), (2, 19), ((0, 20), (0, 20)))])
def test_the_window_that_a_network_is_given(needs, rows, columns, window):
    assert needs.around(rows, columns) == window


def changing(path, limit):
    """×2 of pictures narrower than `limit`, ×3 of all others."""
    branches = {}
    for name, scales in (("then_branch", "two"), ("else_branch", "three")):
        result = onnx.helper.make_tensor_value_info(f"y{scales}", onnx.TensorProto.FLOAT, None)
        branches[name] = onnx.helper.make_graph([node("Resize", ["x", "", scales], [f"y{scales}"], mode="nearest")], name, [], [result])
    return built(path, [node("Shape", ["x"], ["s"]), node("Gather", ["s", "i"], ["w"]), node("Less", ["w", "limit"], ["c"]),
                        node("If", ["c"], ["y"], **branches)], {**TWO, "three": [1, 1, 3, 3]}, {"i": 3, "limit": limit})


@pytest.mark.parametrize("make", [
    lambda p: changing(p, 60), lambda p: built(p, [ENLARGED, node("Log", ["r"], ["l"]),
                                                   node("Mul", ["l", "z"], ["m"]), node("Add", ["r", "m"], ["y"])], {**TWO, "z": 1e-3})],
                                                   ids=["another scale", "NaN"])
@pytest.mark.filterwarnings("error")
def test_what_a_network_gives_in_the_middle_of_the_work_is_checked(tmp_path, capsys, make):
    path = make(tmp_path / "net.onnx")
    assert model_choice.find(path).scale == 2
    Image.fromarray(np.zeros((90, 300, 3), np.uint8)).save(tmp_path / "in.png")
    assert main(["upscale", str(tmp_path / "in.png"), str(tmp_path / "out.png"), "--scale", "2", "--model", path]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "net.onnx gives" in said
    assert not (tmp_path / "out.png").exists()


NO_NETWORKS = {
    "dynamic channels": (lambda p: built(p, [LARGER], TWO, channels="c"), "how many channels"),
    "two dimensions": (lambda p: built(p, [node("Relu", ["x"], ["y"])], shape=()), "2 dimensions"),
    "a mean": (lambda p: built(p, [node("ReduceMean", ["x"], ["y"], axes=[2, 3], keepdims=0)]), "no enlarged picture"),
    "two inputs": (lambda p: built(p, [node("Add", ["x", "z"], ["y"])], inputs=["x", "z"]), "2 inputs"),
    "half": (lambda p: built(p, [node("Cast", ["x"], ["y"], to=1)], kind=onnx.TensorProto.FLOAT16), "float32"),
    "one size": (lambda p: built(p, [LARGER], TWO, shape=(64, 64)), "64×64 alone"),
    "×1000": (lambda p: built(p, [LARGER], {"two": [1, 1, 1000, 1000]}), "enlarges 1000 times"),
    "×2 by ×3": (lambda p: built(p, [LARGER], {"two": [1, 1, 2, 3]}), "no enlarged picture"),
    "NaN": (lambda p: built(p, [ENLARGED, node("Div", ["z", "z"], ["n"]), node("Add", ["r", "n"], ["y"])], {**TWO, "z": 0}), "NaN"),
    "2^45 numbers": (lambda p: built(p, [ENLARGED, node("ConstantOfShape", ["n"], ["b"]), node("ReduceMax", ["b"], ["m"], keepdims=0),
                                         node("Add", ["r", "m"], ["y"])], TWO, {"n": [1 << 45]}), "the model")}


@pytest.mark.parametrize("kind", NO_NETWORKS)
def test_what_is_no_network_is_said_before_any_work(tmp_path, capfd, kind):
    make, words = NO_NETWORKS[kind]
    Image.fromarray(np.zeros((20, 20, 3), np.uint8)).save(tmp_path / "in.png")
    assert main(["upscale", str(tmp_path / "in.png"), str(tmp_path / "out.png"), "--model", make(tmp_path / "net.onnx")]) == 2
    said = capfd.readouterr()
    assert words in said.err
    assert (said.out + said.err).count("\n") == 1


@pytest.mark.parametrize("said", [{"receptive_field": 10**8}, {"receptive_field": 10**9}, {"scale": 10**9, "receptive_field": 1},
                                  {"minimum": 10**6},
                                  {"multiple_of": 10**6}, {"minimum": 0}, {"range": 1e-300}, {"range": 1e300}, {"range": True},
                                  {"multiple_of": 2.0}], ids=str)
def test_what_is_said_must_be_possible(tmp_path, said):
    path = enlarging(tmp_path / "net.onnx")
    (tmp_path / "net.json").write_text(json.dumps(said))
    with pytest.raises(ValueError, match=f"net.json: {next(iter(said))} is"):
        model_choice.find(str(path))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"range": ' + "9" * 5000 + "}", "\0", "null"])
def test_what_is_no_json(tmp_path, text):
    (tmp_path / "net.json").write_text(text)
    with pytest.raises(ValueError, match="net.json"):
        model_choice.find(str(enlarging(tmp_path / "net.onnx")))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such links, and keeps folders that are used")
def test_paths_that_lead_nowhere(tmp_path, monkeypatch):
    (tmp_path / "a.onnx").symlink_to("b.onnx")
    (tmp_path / "b.onnx").symlink_to("a.onnx")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    for name in (str(tmp_path / "a.onnx"), "nul\0l.onnx", "net.onnx"):
        with pytest.raises(ValueError, match="cannot read the model") as found:
            model_choice.find(name)
        assert "\n" not in str(found.value)


def test_releasing_memory_cannot_fail(tmp_path, astronaut, monkeypatch):
    """The work is done by then."""
    path = reflecting(tmp_path / "net.onnx", 20)
    network = load(model_choice.find(path), "onnxruntime")
    assert network.graph.least == 32
    monkeypatch.setattr(network.graph, "least", 5)
    network.graph.release()


def test_the_files_of_models_are_not_kept(tmp_path):
    """What was examined is known by a model's hash."""
    path = enlarging(tmp_path / "net.onnx")
    content = path.read_bytes()
    external._examine.cache_clear()
    model_choice.find(str(path))
    held = [thing for thing in gc.get_objects() if isinstance(thing,
                                                              tuple) and any(type(part) is bytes and part == content for part in thing)]
    assert not held
    assert external._examine.cache_info().currsize == 1
