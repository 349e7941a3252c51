"""f_β, which gives a style's raw residual its strength (SMS-SR §2.2): `f_β(S) = β · κ · σ_x · (S − μ) / σ_S`.

Written for the arrays of any library; the runtime calls it with NumPy's, training with PyTorch's.
"""

from __future__ import annotations

from typing import Any


def f_beta(raw: Any, mu: Any, sigma: Any, kappa: Any, contrast: Any) -> Any:
    """The residual at β = 1. `raw`: S; `mu`, `sigma`: its mean and standard deviation over training; `contrast`: σ_x of the picture."""
    return (raw - mu) * (kappa / sigma) * contrast
