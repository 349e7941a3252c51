"""Which way a texture lies, and how well a style keeps to the way that it is asked for."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from smssr_infer import Style, style_residual

SIGMA = 1.0
WINDOW = 24.0
"""σ, in pixels, of the Gaussian over which neighbours agree."""

ANGLES = 12
SIDE = 320
EDGE = 40


def orientation(plane: np.ndarray, window: float = WINDOW) -> np.ndarray:
    """Degrees counter-clockwise of the lines at every place of a plane, by its structure tensor."""
    soft = gaussian_filter(plane.astype(np.float64), SIGMA)
    down, across = np.gradient(soft)
    cosine, sine = (gaussian_filter(part, window) for part in (down**2 - across**2, 2 * across * down))
    return np.degrees(np.arctan2(sine, cosine)) / 2


def lies(residual: np.ndarray) -> float:
    """How the whole of a reference lies, degrees in 0 … 180."""
    soft = gaussian_filter(residual.astype(np.float64), SIGMA)
    down, across = np.gradient(soft)
    return float(np.degrees(np.arctan2((2 * across * down).sum(), (down**2 - across**2).sum())) / 2 % 180)


def apart(a: np.ndarray, b: float) -> np.ndarray:
    """Signed difference of angles of lines, degrees in -90 … 90."""
    return (a - b + 90) % 180 - 90


def deviations(name: str, reference: float) -> np.ndarray:
    """On flat grey, for ANGLES angles in turn, by how much every place lies otherwise than asked: degrees `[ANGLES, places]`."""
    flat = np.full((SIDE, SIDE), 0.5, np.float32)
    found = []
    for angle in np.arange(ANGLES) * 180 / ANGLES:
        residual = style_residual(flat, name, wish=Style(size=1, direction=float(angle), sharpness=False))
        inside = orientation(residual)[EDGE:-EDGE:16, EDGE:-EDGE:16]
        found.append(apart(inside, reference + angle).ravel())
    return np.stack(found)


def spreads(name: str, bias: float, strength: float) -> tuple[float, ...]:
    """How strong the residual on flat grey is for ANGLES angles that the network is told, as multiples of `strength`."""
    flat = np.full((SIDE, SIDE), 0.5, np.float32)
    wishes = (Style(size=1, direction=180 * k / ANGLES + bias, sharpness=False) for k in range(ANGLES))
    return tuple(round(float(style_residual(flat, name, wish=wish).std()) / strength, 4) for wish in wishes)


def constant(deviation: np.ndarray) -> float:
    """The part of deviations that is the same for all angles, which a card can take back, degrees."""
    twice = np.radians(2 * deviation)
    return float(np.degrees(np.arctan2(np.sin(twice).mean(), np.cos(twice).mean())) / 2)
