"""How much each colour changes where luma does.

What a network adds is luma. Added to red, green and blue alike it makes an edge sharp in luma and leaves it as wide in chroma as bicubic
makes it: a dark or pale rim around flat saturated colours. But across an edge colours lie on a line ("Color Lines", Omer and Werman,
CVPR 2004): where luma changes by r, a colour c changes by a_c · r. The slope a_c is that of a regression of c on luma in a small window of
the small picture, as in the guided filter (He, Sun and Tang, ECCV 2010, eq. 5). Since 0.299 a_R + 0.587 a_G + 0.114 a_B = 1, luma becomes
what the network says; where luma hardly changes, and in grey, every slope is 1.
"""

from __future__ import annotations

import numpy as np

from .pixels import LUMA
from .scale_space import gaussian, radius, separable

Range = tuple[int, int]

SIGMA = 0.8
"""Of the window, in pixels of the small picture."""
REACH = radius(SIGMA)
"""How many pixels of the small picture are read around one."""
STILL = 1e-3
"""A variance of luma (of 0 … 1) that is taken for noise: there colours change with luma as grey does."""
MOST = 4.0
"""A slope differs from 1 at most by this, or the noise of luma would become coloured noise where two colours are equally bright."""


MOST_COLOUR = 1e15
"""Colours beyond this, either way, are taken for this: their squares would be infinite, and with them the slopes of a whole tile."""


def slopes(colours: np.ndarray, shape: tuple[int, int], rows: Range, columns: Range, origin: tuple[int, int]) -> np.ndarray:
    """(a_R - 1, a_B - 1) over rows × columns of the small picture, `[2, h, w]`; exactly 0 in grey.

    `colours`: planes `[3, …]` of a window of that picture, which has that `shape`; `origin`: the window's first row and column. It must
    hold REACH pixels around rows × columns, as far as there are any; beyond the picture's edges it is mirrored.
    """
    red, green, blue = colours = colours.clip(-MOST_COLOUR, MOST_COLOUR)
    luma = np.tensordot(LUMA, colours, 1) - np.float32(0.5)  # about 0, where float32 is finest
    of_red = LUMA[1] * (red - green) + LUMA[2] * (red - blue)  # red - luma, but exactly 0 in grey
    of_blue = LUMA[0] * (blue - red) + LUMA[1] * (blue - green)
    planes = np.stack([luma, of_red, of_blue, luma * luma, of_red * luma, of_blue * luma])
    mean = separable(planes, gaussian(shape[0], SIGMA), gaussian(shape[1], SIGMA), rows, columns, origin)
    found: np.ndarray = mean[4:] - mean[1:3] * mean[0]
    found /= (mean[3] - mean[0] ** 2).clip(0) + np.float32(STILL)
    found *= np.minimum(1, MOST / np.abs(found).max(0).clip(MOST))
    return found


def add(colours: np.ndarray, residual: np.ndarray, steep: np.ndarray | None) -> None:
    """Add a residual of luma `[h, w]` to colour planes `[1 or 3, h, w]`, along their `slopes` `[2, h, w]`; None: to all alike."""
    colours += residual
    if steep is None:
        return
    red, blue = steep * residual
    colours[0] += red
    colours[1] -= (LUMA[0] * red + LUMA[2] * blue) / LUMA[1]
    colours[2] += blue
