"""A trained network as an ONNX file: batch-norm folded into the convolutions, any height and width."""

from __future__ import annotations

import io

import onnx
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

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


def count(model: bytes) -> int:
    """How many float numbers an ONNX file holds."""
    tensors = onnx.load_from_string(model).graph.initializer
    return sum(onnx.numpy_helper.to_array(t).size for t in tensors if t.data_type == onnx.TensorProto.FLOAT)
