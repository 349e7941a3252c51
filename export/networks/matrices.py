"""The runtime's Gaussians, bicubic and median on tensors, differentiable.

The matrices are the same, so training and running share one mathematics.
"""

from __future__ import annotations

import functools

import torch

from smssr_infer.arrays.resample import bicubic
from smssr_infer.arrays.scale_space import gaussian


@functools.lru_cache(maxsize=64)
def _blur_matrix(n: int, sigma: float, device: torch.device) -> torch.Tensor:
    return torch.from_numpy(gaussian(n, sigma).dense()).to(device)


@functools.lru_cache(maxsize=64)
def _resample_matrix(n: int, m: int, device: torch.device) -> torch.Tensor:
    return torch.from_numpy(bicubic(n, m).dense()).to(device)


def blur(x: torch.Tensor, sigma: float) -> torch.Tensor:
    """A Gaussian of `sigma` pixels on planes `[…, H, W]` float32; 0 is the identity."""
    if sigma == 0:
        return x
    return _blur_matrix(x.shape[-2], sigma, x.device) @ x @ _blur_matrix(x.shape[-1], sigma, x.device).T


def resize(x: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Planes `[…, H, W]` float32 resampled bicubically to height × width."""
    return _resample_matrix(x.shape[-2], height, x.device) @ x @ _resample_matrix(x.shape[-1], width, x.device).T


def median(x: torch.Tensor) -> torch.Tensor:
    """The median of every 2×2 pixels of planes `[…, H, W]`, one row and column fewer: the runtime's `network.median`."""
    parts = torch.stack([x[..., :-1, :-1], x[..., :-1, 1:], x[..., 1:, :-1], x[..., 1:, 1:]])
    return (parts.sum(0) - parts.amin(0) - parts.amax(0)) / 2
