"""Losses of super-resolution on luma in 0 … 1, pixel by pixel. Each maps (answer, truth), both `[B, 1, H, W]`, to a scalar."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from smssr_infer.arrays.pixels import LUMA

FREQUENCY_WEIGHT = 0.05


def mse(answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Mean squared error: the paper's own (SMS-SR eq. 1 with λ_SR = 0)."""
    return F.mse_loss(answer, truth)


def l1(answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Mean absolute error."""
    return F.l1_loss(answer, truth)


def l1_frequency(answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Mean absolute error, plus a little of it between the Fourier transforms, which rewards fine detail more."""
    spectrum = torch.view_as_real(torch.fft.rfft2(answer - truth, norm="ortho"))
    return F.l1_loss(answer, truth) + FREQUENCY_WEIGHT * spectrum.abs().mean()


def root_l1(answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """The root of each patch's mean absolute error (plus one level): heavy damage counts more than light, but not by its error."""
    return ((answer - truth).abs().mean((1, 2, 3)) + 1 / 255).sqrt().mean()


def _luma_chroma(answer: torch.Tensor, truth: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The error of luma `[B, 1, H, W]`, and what is left of the colours' without it `[B, 3, H, W]`."""
    error = answer - truth
    luma = (error * torch.from_numpy(LUMA).to(error.device).view(1, 3, 1, 1)).sum(1, keepdim=True)
    return luma, error - luma


def root_l1_luma_chroma(answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """`root_l1` of luma, plus half of it of what is left of the colours without luma, on `[B, 3, H, W]`.

    JPEG and noise damage colours more than luma, and for good; in an error of R, G and B the one drowns the other.
    """
    of_luma, of_chroma = ((part.abs().mean((1, 2, 3)) + 1 / 255).sqrt().mean() for part in _luma_chroma(answer, truth))
    return of_luma + of_chroma / 2


def log_mse_luma_chroma(answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """What PSNR counts: half the logarithm of each patch's mean squared error (plus that of 1.6 levels).

    Of luma and, half as much, of chroma.
    """
    of_luma, of_chroma = ((part.square().mean((1, 2, 3)) + 4e-5).log().mean() for part in _luma_chroma(answer, truth))
    return of_luma / 2 + of_chroma / 4


def log_mse(answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """What PSNR of R, G and B counts: half the logarithm of each patch's mean squared error (plus that of 0.8 levels)."""
    return ((answer - truth).square().mean((1, 2, 3)) + 1e-5).log().mean() / 2


def l1_where_unlike(answer: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Mean absolute error over what differs at all: of filled pictures, the holes."""
    error = (answer - truth).abs()
    return error.sum() / (error > 0).sum().clamp_min(1)


LOSSES = {loss.__name__: loss for loss in (mse, l1, l1_frequency, root_l1, root_l1_luma_chroma, log_mse_luma_chroma, log_mse,
                                  l1_where_unlike)}
