"""f_β, which gives a style's raw residual its strength (SMS-SR §2.2): `f_β(S) = β · κ · σ_x · (S − μ) / σ_S`.

Written for the arrays of any library; the runtime calls it with NumPy's, training and measuring with PyTorch's as well. Materials have
their strength by their samples (`nodes.material_layer`).
"""

from __future__ import annotations

from typing import Any


def f_beta(raw: Any, mu: Any, sigma: Any, kappa: Any, contrast: Any) -> Any:
    """The residual at β = 1. `raw`: S; `mu`, `sigma`: its mean and standard deviation over training; `contrast`: σ_x of the picture."""
    return (raw - mu) * (kappa / sigma) * contrast


def local_contrast(variance: Any, floor: float, ceiling: float) -> Any:
    """σ_x from the local variance of luma: not below `floor`, so that a flat area gets some texture too, nor above `ceiling`."""
    return (variance + floor**2).clip(floor**2, ceiling**2) ** 0.5
