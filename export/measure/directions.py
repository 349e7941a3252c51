"""Which way a texture lies, and how well a style keeps to the way that it is asked for."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from smssr_infer import Style, style_residual
from smssr_infer.arrays.pixels import luma

SIGMA = 1.0
WINDOW = 24.0
"""σ, in pixels, of the Gaussian over which neighbours agree."""

ANGLES = 12
SIDE = 320
EDGE = 40


def structure(plane: np.ndarray, window: float = WINDOW) -> tuple[np.ndarray, np.ndarray]:
    """Degrees counter-clockwise of the lines at every place of a plane, by its structure tensor, and how coherent they are, 0 … 1."""
    soft = gaussian_filter(plane.astype(np.float64), SIGMA)
    down, across = np.gradient(soft)
    cosine, sine, trace = (gaussian_filter(part, window) for part in (down**2 - across**2, 2 * across * down, down**2 + across**2))
    return np.degrees(np.arctan2(sine, cosine)) / 2, np.hypot(cosine, sine) / (trace + 1e-12)


def orientation(plane: np.ndarray, window: float = WINDOW) -> np.ndarray:
    """Degrees counter-clockwise of the lines at every place of a plane."""
    return structure(plane, window)[0]


def lies(residual: np.ndarray, head: float | None = None) -> float:
    """How the whole of a reference lies, degrees in 0 … 180; with `head`, about where its heads point, in -180 … 180."""
    soft = gaussian_filter(residual.astype(np.float64), SIGMA)
    down, across = np.gradient(soft)
    angle = float(np.degrees(np.arctan2((2 * across * down).sum(), (down**2 - across**2).sum())) / 2 % 180)
    return angle if head is None else head + float(apart(angle, head))


def apart(a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray | float:
    """Signed difference of angles of lines, degrees in -90 … 90."""
    return (a - b + 90) % 180 - 90


def deviations(name: str, reference: float, turn: float) -> np.ndarray:
    """On flat grey, for ANGLES angles over `turn` degrees, by how much every place lies otherwise: degrees `[ANGLES, places]`."""
    flat = np.full((SIDE, SIDE), 0.5, np.float32)
    found = []
    for angle in np.arange(ANGLES) * turn / ANGLES:
        residual = style_residual(flat, name, wish=Style(size=1, direction=float(angle), sharpness=False))
        inside = orientation(residual)[EDGE:-EDGE:16, EDGE:-EDGE:16]
        found.append(apart(inside, reference + angle).ravel())
    return np.stack(found)


def spreads(name: str, bias: float, strength: float, turn: float) -> tuple[float, ...]:
    """How strong the residual on flat grey is for ANGLES angles over `turn` degrees that the network is told, in `strength`s."""
    flat = np.full((SIDE, SIDE), 0.5, np.float32)
    wishes = (Style(size=1, direction=turn * k / ANGLES + bias, sharpness=False) for k in range(ANGLES))
    return tuple(round(float(style_residual(flat, name, wish=wish).std()) / strength, 4) for wish in wishes)


def constant(deviation: np.ndarray) -> float:
    """The part of deviations that is the same for all angles, which a card can take back, degrees."""
    twice = np.radians(2 * deviation)
    return float(np.degrees(np.arctan2(np.sin(twice).mean(), np.cos(twice).mean())) / 2)


COHERENT = 0.5
"""Where a picture's own coherence is above this, it says clearly which way it lies."""


def astray(name: str, pictures: np.ndarray) -> np.ndarray:
    """By how many degrees a style that follows lies otherwise than photographs `[N, H, W, 3]` uint8 do, at all their coherent places."""
    found = []
    for picture in pictures:
        wanted, coherence = structure(luma(picture.transpose(2, 0, 1).astype(np.float32) / 255))
        residual = style_residual(picture, name, wish=Style(size=1, direction="follow", sharpness=False))
        inside = np.s_[EDGE:-EDGE:16, EDGE:-EDGE:16]
        found.append(np.abs(apart(orientation(residual)[inside], wanted[inside]))[coherence[inside] > COHERENT])
    return np.concatenate(found)
