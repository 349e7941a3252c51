"""A larger network's results as what a small one learns (Hinton, Vinyals and Dean 2015; for super-resolution He et al., ICIP 2020).

A teacher's result is a function of the small picture, and the photograph is not: the gradient of small batches has far less noise.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from smssr_infer.arrays.pixels import LUMA
from smssr_infer.arrays.resample import resize
from smssr_infer.networks.backends import OnnxRuntimeGraph

from .photographs import eight_bits

MARGIN = 16
"""Pixels of the small picture, mirrored, that the teacher sees beyond its edges."""


class Teacher:
    """An ONNX network, RGB 0 … 1 `[1, 3, h, w]` in and `[1, 3, s·h, s·w]` out. Its results are kept as files in `results`."""

    def __init__(self, path: Path, results: Path):
        self.results = results
        self._of = hashlib.sha256(path.read_bytes()).hexdigest()
        self._graph = OnnxRuntimeGraph(path.read_bytes())
        results.mkdir(parents=True, exist_ok=True)

    def __call__(self, small: np.ndarray, scale: int) -> np.ndarray:
        """The luma of its result for a grey picture, both `uint8`: `[h, w]` → `[scale·h, scale·w]`, reduced if its own scale is larger."""
        large = self._kept(small)
        shape = tuple(scale * n for n in small.shape)
        return large if large.shape == shape else eight_bits(resize(large.astype(np.float32), *shape))

    def _kept(self, small: np.ndarray) -> np.ndarray:
        name = hashlib.sha256(self._of.encode() + repr(small.shape).encode() + small.tobytes()).hexdigest()[:32]
        path = self.results / f"{name}.png"
        if path.exists():
            with Image.open(path) as image:
                return np.asarray(image)
        large = self._computed(small)
        partial = path.with_suffix(".partial")
        Image.fromarray(large).save(partial, "PNG", compress_level=1)
        partial.replace(path)
        return large

    def _computed(self, small: np.ndarray) -> np.ndarray:
        padded = np.pad(small.astype(np.float32) / 255, MARGIN, mode="reflect")
        result = self._graph(np.repeat(padded[None, None], 3, 1))[0]
        scale = result.shape[-1] // padded.shape[-1]
        inside = slice(MARGIN * scale, -MARGIN * scale)
        return eight_bits(255 * np.tensordot(LUMA, result, 1)[inside, inside])
