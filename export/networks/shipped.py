"""The weights of ONNX files by the names that they had in PyTorch, to begin training from."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch

from smssr_infer.networks import manifest


def tensors(graph: bytes) -> dict[str, torch.Tensor]:
    """Every tensor of an ONNX file, by name."""
    return {t.name: torch.from_numpy(onnx.numpy_helper.to_array(t).copy()) for t in onnx.load_from_string(graph).graph.initializer}


def begun(folder: Path, name: str, device: torch.device) -> dict[str, torch.Tensor]:
    """A model's weights: those of a run in `folder`, or where it was not trained in it those that ship."""
    path = folder / f"{name}.pt"
    if path.exists():
        return torch.load(path, weights_only=True, map_location=device)["network"]
    return {key: tensor.to(device) for key, tensor in tensors(manifest.load(manifest.find(name))).items()}
