"""One network = convolution graph + DoG bank + tanh (SMS-SR §2.1), and what every network that enlarges can do."""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Sequence
from typing import Protocol

import numpy as np

from ..arrays import colour_lines
from ..arrays.pixels import luma
from ..arrays.scale_space import difference_of_gaussians, radius
from . import backends, manifest
from .cards import EnlargingCard, NetworkCard, Pairs, RestoringCard, Space
from .maps import maps
from .size_requirements import SizeRequirements


class Enlarger(Protocol):
    """A network that enlarges: one of ours, or one from elsewhere."""

    name: str
    fingerprint: str
    """What differs between any two networks whose results may differ."""
    scale: int
    space: Space
    reach: int
    """How many pixels the convolutions read around a window, in the space that they run in."""
    halo: int
    """How many pixels of the result are read around a window by what follows the convolutions."""
    dog: Pairs
    """The bands of its maps, (σ fine, σ coarse); empty where the graph gives the picture itself."""
    graph: backends.Graph
    macs_per_pixel: int
    """Multiplications for each pixel that the graph is given; 0 where that is not known."""
    needs: SizeRequirements
    """What sizes the graph takes."""
    invents: bool
    """Whether its last map is detail that it invents, out of a plane of noise that its graph takes behind the others."""

    def maps(self, x: np.ndarray) -> np.ndarray:
        """The graph's maps `[n, h', w']` of planes `[C, h, w]`. Raises ValueError, in one line, for what cannot be."""

    def input(self, colours: np.ndarray) -> np.ndarray:
        """Colour planes `[1 or 3, h, w]` in 0 … 1 → what the graph takes, `[C, h, w]`."""

    def add(self, colours: np.ndarray, maps: np.ndarray, rows: tuple[int, int], columns: tuple[int, int], gains: Sequence[float],
            steep: np.ndarray | None) -> None:
        """Put the result of `maps`, over rows × columns, into the bicubically enlarged `colours`; `steep` as in `colour_lines.add`."""


class Network:
    """A model ready to run: its graph and its bank of Differences of Gaussians."""

    median = False

    def __init__(self, card: NetworkCard, backend: str | None = None):
        """Raises ValueError where the weights are missing or damaged, or the backend is unknown."""
        self.fingerprint = card.fingerprint
        self.name, self.scale, self.space, self.dog = card.name, card.scale, card.space, card.dog
        self.macs_per_pixel = card.macs_per_pixel
        self.reach = card.receptive_field // 2
        self.halo = max(radius(sigma) for pair in self.dog for sigma in pair if math.isfinite(sigma)) + self.median
        model = manifest.load(card)
        try:
            self.graph = backends.graph(model, backend)
        except Exception as error:
            raise ValueError(f"the weights {card.path} of {card.name} cannot be read ({' '.join(str(error).split()):.300})") from error
        if self.graph.channels not in card.planes:
            raise ValueError(f"the weights {card.path} take {self.graph.channels} planes, but by the row of {card.name} in "
                             f"{card.folder / manifest.FILE} they take {' or '.join(map(str, card.planes))}")
        self._factor = card.scale if card.space is Space.SMALL else 1
        self._counts: Collection[int] = (len(self.dog),)

    def maps(self, x: np.ndarray) -> np.ndarray:
        """The graph's maps of planes `[C, h, w]`. Raises ValueError as `maps.maps`."""
        return maps(self.name, self.graph, np.ascontiguousarray(x)[None], self._counts, self._factor)

    def residual(self, maps: np.ndarray, rows: tuple[int, int], columns: tuple[int, int], gains: Sequence[float]) -> np.ndarray:
        """Σ_i gain_i · tanh(DoG_i(maps_i)) over rows × columns (SMS-SR §2.1); `gains` in the order of the card's `dog`."""
        if self.median:
            rows, columns = (rows[0] - 1, rows[1] + 1), (columns[0] - 1, columns[1] + 1)
        total = np.zeros((rows[1] - rows[0], columns[1] - columns[0]), np.float32)
        for plane, (fine, coarse), gain in zip(maps, self.dog, gains, strict=True):
            if gain:
                band = difference_of_gaussians(plane, fine, coarse, rows, columns)
                np.tanh(band, out=band)
                total += band if gain == 1 else np.float32(gain) * band
        return median(median(total)) if self.median else total


class EnlargingNetwork(Network):
    """A network of ours that enlarges: an `Enlarger`."""

    needs = SizeRequirements()

    def __init__(self, card: EnlargingCard, backend: str | None = None):
        self.median, self.invents = card.median, card.invents
        super().__init__(card, backend)

    def input(self, colours: np.ndarray) -> np.ndarray:
        """Colour planes `[1 or 3, h, w]` in 0 … 1 → luma `[1, h, w]`."""
        return luma(colours)[None]

    def add(self, colours: np.ndarray, maps: np.ndarray, rows: tuple[int, int], columns: tuple[int, int], gains: Sequence[float],
            steep: np.ndarray | None) -> None:
        """Add the residual of `maps`, over rows × columns, to the bicubically enlarged `colours`, along their slopes `steep`."""
        colour_lines.add(colours, self.residual(maps, rows, columns, gains), steep)


class RestoringNetwork(Network):
    """A network of ours that restores: in colour (3 planes, and what else its card tells of), or, as published, on luma alone (1 plane)."""

    def __init__(self, card: RestoringCard, backend: str | None = None):
        super().__init__(card, backend)
        self.grid, self.blocks, self.told = card.grid, card.blocks, card.told
        self._counts = len(self.dog), 3 * len(self.dog)

    def input(self, colours: np.ndarray) -> np.ndarray:
        """Colour planes `[1 or 3, h, w]` → the colours that the graph takes, in 0 … 1: `[3, h, w]`, or luma `[1, h, w]`."""
        if self.graph.channels == 1:
            return luma(colours)[None]
        return np.broadcast_to(np.clip(colours, 0, 1), (3, *colours.shape[1:]))

    def around(self, rows: tuple[int, int], columns: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
        """Rows and columns, from multiples of its grid on, that it must be given for a result over rows × columns."""
        margin, grid = self.reach + self.halo, self.grid
        (top, bottom), (left, right) = (((lo - margin) // grid * grid, -(-(hi + margin) // grid) * grid) for lo, hi in (rows, columns))
        return (top, bottom), (left, right)

    def colour_residual(self, maps: np.ndarray, rows: tuple[int, int], columns: tuple[int, int]) -> np.ndarray:
        """Σ_b tanh(DoG_b(maps_b)) over rows × columns: `[3, h, w]`, or `[1, h, w]` of a network on luma."""
        total = np.zeros((len(maps) // len(self.dog), rows[1] - rows[0], columns[1] - columns[0]), np.float32)
        for band, (fine, coarse) in enumerate(self.dog):
            part = difference_of_gaussians(maps[band * len(total):(band + 1) * len(total)], fine, coarse, rows, columns)
            np.tanh(part, out=part)
            total += part
        return total


def median(x: np.ndarray) -> np.ndarray:
    """The median (mean of the middle two) of every 2×2 pixels, `[h, w]` → `[h-1, w-1]`: half a pixel down and right; twice, a whole one."""
    parts = x[:-1, :-1], x[:-1, 1:], x[1:, :-1], x[1:, 1:]
    least, most = (functools.reduce(pick, parts) for pick in (np.minimum, np.maximum))
    return (parts[0] + parts[1] + parts[2] + parts[3] - least - most) * np.float32(0.5)
