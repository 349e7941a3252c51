"""Small regressions that were learnt from pictures whose degradation is known, kept as JSON beside the weights."""

from __future__ import annotations

import functools
import json

import numpy as np

from ..networks.places import shipped


@functools.cache
def _layers(file: str) -> dict[str, np.ndarray]:
    rows = json.loads((shipped() / file).read_text(encoding="utf-8"))
    return {name: np.array(row, np.float32) for name, row in rows.items()}


def perceptron(file: str, features: np.ndarray) -> np.ndarray:
    """What the perceptron of a file (standardised features, one hidden layer with ReLU) makes of features `[n]`."""
    layers = _layers(file)
    x = (features - layers["mean"]) / layers["deviation"]
    hidden = np.maximum(layers["first"] @ x + layers["first_bias"], 0)
    return layers["second"] @ hidden + layers["second_bias"]
