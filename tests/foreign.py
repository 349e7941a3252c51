"""Networks from elsewhere, made by code: ONNX files that give a whole picture."""

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")


def write(path, channels, nodes, constants):
    """An ONNX file of some nodes from `x` to `y`."""
    info = onnx.helper.make_tensor_value_info
    ends = [info("x", 1, [1, channels, "h", "w"])], [info("y", 1, [1, channels, "H", "W"])]
    graph = onnx.helper.make_graph(nodes, "net", *ends,
                                   [onnx.numpy_helper.from_array(np.asarray(v, np.float32), name) for name, v in constants.items()])
    path.write_bytes(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8).SerializeToString())
    return path


def enlarging(path, channels=1, gain=1.0):
    """×2: a 5×5 mean, then every pixel repeated."""
    kernel = np.zeros((4 * channels, channels, 5, 5))
    for c in range(channels):
        kernel[4 * c:4 * c + 4, c] = gain / 25
    return write(path, channels, [onnx.helper.make_node("Conv", ["x", "k"], ["m"], pads=[2, 2, 2, 2]),
                                  onnx.helper.make_node("DepthToSpace", ["m"], ["y"], blocksize=2, mode="CRD")], {"k": kernel})
