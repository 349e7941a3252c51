"""A trained network as an ONNX file: batch-norm folded into the convolutions, any height and width."""

from __future__ import annotations

import io
import math

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from smssr_infer.networks.onnx_runtime import onnxruntime

from ..networks.widened import Widened

OPSET = 17


def fold(network: nn.Module) -> nn.Module:
    """The same function in evaluation mode, with batch-norms and what widens a kernel folded into the convolutions they belong to."""
    network = network.eval()
    if isinstance(network, Widened):
        return network.folded()
    for name, child in list(network.named_children()):
        setattr(network, name, fold(child))
    if isinstance(network, nn.Sequential):
        layers: list[nn.Module] = []
        for layer in network:
            if isinstance(layer, nn.BatchNorm2d) and layers and isinstance(layers[-1], nn.Conv2d):
                layers[-1] = fuse_conv_bn_eval(layers[-1], layer)
            else:
                layers.append(layer)
        return nn.Sequential(*layers)
    return network


def to_onnx(network: nn.Module, planes: int = 1) -> bytes:
    """The folded network as ONNX: input `y` `[1, planes, H, W]`, output `maps` `[1, n, H', W']`, float32, H and W dynamic."""
    stream = io.BytesIO()
    torch.onnx.export(network, (torch.zeros(1, planes, 16, 16),), stream, dynamo=False, opset_version=OPSET, input_names=["y"],
                      output_names=["maps"], dynamic_axes={"y": {2: "height", 3: "width"}, "maps": {2: "out_height", 3: "out_width"}})
    model = onnx.load_from_string(stream.getvalue())
    model.graph.doc_string = model.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    return model.SerializeToString()


def multiply_adds(model: bytes, side: int = 48) -> float:
    """Multiplications of the convolutions for each pixel of the result, counted while a small picture runs through an ONNX file."""
    graph = (whole := onnx.load_from_string(model)).graph
    weights = {t.name: t.dims for t in graph.initializer}
    weights |= {node.output[0]: node.attribute[0].t.dims for node in graph.node if node.op_type == "Constant"}
    layers = [node for node in graph.node if node.op_type == "Conv"]
    kept = len(graph.output)
    graph.output.extend(onnx.ValueInfoProto(name=layer.output[0]) for layer in layers)
    session = onnxruntime.InferenceSession(whole.SerializeToString(), providers=["CPUExecutionProvider"])
    given = session.get_inputs()[0]
    found = session.run(None, {given.name: np.zeros((1, given.shape[1], side, side), np.float32)})
    total = sum(math.prod(weights[layer.input[1]]) * math.prod(maps.shape[2:]) for layer, maps in zip(layers, found[kept:], strict=True))
    return total / math.prod(found[0].shape[2:])


def count(model: bytes) -> int:
    """How many float numbers an ONNX file holds."""
    tensors = onnx.load_from_string(model).graph.initializer
    return sum(onnx.numpy_helper.to_array(t).size for t in tensors if t.data_type == onnx.TensorProto.FLOAT)
