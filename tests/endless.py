"""A network that never ends, and how a process is run that has to be stopped in it."""

import json
import signal
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def endless(folder: Path, dark_ends: bool = False) -> Path:
    """An ONNX file that doubles its input by repeating pixels, and then loops 2^62 times; with `dark_ends` not for pixels up to 0.5, so
    that it can be looked at, and hangs where it is used."""
    kinds = {"i": (TensorProto.INT64, []), "go": (TensorProto.BOOL, []), "kept": (TensorProto.FLOAT, None)}
    inside = {name: helper.make_tensor_value_info(name, *kinds[name.removesuffix("_on")]) for name in (*kinds, "go_on", "kept_on")}
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"]), helper.make_node("Identity", ["kept"], ["kept_on"])], "body",
        [inside["i"], inside["go"], inside["kept"]], [inside["go_on"], inside["kept_on"]])
    nodes = [helper.make_node("Resize", ["x", "", "scales"], ["large"], mode="nearest"),
             helper.make_node("ReduceMax", ["x"], ["brightest"], keepdims=0),
             helper.make_node("Greater", ["brightest", "limit"], ["bright"]),
             helper.make_node("Loop", ["times", "bright", "large"], ["y"], body=body)]
    constants = {"scales": np.array([1, 1, 2, 2], np.float32), "limit": np.array(0.5 if dark_ends else -1, np.float32),
                 "times": np.array(1 << 62)}
    graph = helper.make_graph(nodes, "endless", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, "h", "w"])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, "H", "W"])],
                              [numpy_helper.from_array(value, name) for name, value in constants.items()])
    path = folder / "endless.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    if dark_ends:
        path.with_suffix(".json").write_text(json.dumps({"scale": 2, "receptive_field": 1}))
    return path


def hear_ctrl_c():
    """In a child: undo what a shell does that runs the tests in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


TELLING = """
from smssr_infer.networks import backends
run = backends.OnnxRuntimeGraph._run
def telling(self, x, *more):
    if x.max() > 0.5:
        print("running", flush=True)
    return run(self, x, *more)
backends.OnnxRuntimeGraph._run = telling
"""
"""Code that has a process say on standard output when a network is given something bright."""
