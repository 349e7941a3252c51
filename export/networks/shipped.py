"""The weights of ONNX files by the names that they had in PyTorch, to begin training from."""

from __future__ import annotations

import onnx
import torch


def tensors(graph: bytes) -> dict[str, torch.Tensor]:
    """Every tensor of an ONNX file, by name."""
    return {t.name: torch.from_numpy(onnx.numpy_helper.to_array(t).copy()) for t in onnx.load_from_string(graph).graph.initializer}
