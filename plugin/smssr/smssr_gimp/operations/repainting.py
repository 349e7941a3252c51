"""Repainting: a normal layer above the one that it was made from, in the strokes and colours of a painting."""

import typing

import gi

gi.require_version("Gimp", "3.0")
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..image.pixels import format_of, scratch  # noqa: E402
from ..image.result_layer import compute, lay_over, layer_of, selection_over, sized  # noqa: E402
from ..protocol import Coarse  # noqa: E402

NETWORK = "-network"
"""The names of paintings that a network learnt end so; it knows neither detail nor palette."""


class Wish(typing.NamedTuple):
    """Which painting, and how."""

    style: str
    strength: float
    seed: int = 1
    size: float = 0.0
    """Strokes so many times as large; 0: in proportion to the picture."""
    detail: float = 0.5
    """How much of the picture's detail finer strokes keep, 0 … 1."""
    colour: float = 0.75
    """How far the painting's palette goes, 0 … 1."""
    change: bool = False
    """A repainted layer never takes another one's place."""

    @classmethod
    def of(cls, config):
        """The settings of Repaint as a wish."""
        return cls(*(config.get_property(name) for name in ("style", "strength", "seed")), sized(config.get_property("size")),
                   *(config.get_property(name) for name in ("detail", "colour")))

    def request(self):
        """What to ask the engine, of the picture 1."""
        by_network = self.style.endswith(NETWORK)
        return Coarse(1, self.style, self.seed, self.size, detail=None if by_network else self.detail,
                      colour=None if by_network else self.colour)


def repaint_layer(engine, image, drawable, wish, progress):
    """A layer painted anew as a normal layer above it with a mask. Returns the new layer.

    The mask is the selection as it is now, else the layer's own, else white. Raises EngineError.
    """
    check_mode(image)
    layer = layer_of(image, drawable)
    refuse_rendered(layer)
    with selection_over(image, layer) as chosen:
        fresh = scratch(image, f"{layer.get_name()}: {wish.style}", layer.get_width(), layer.get_height(), layer.type())
        compute(engine, image, layer, fresh, format_of(layer)[0], wish.request(), progress)
        lay_over(image, layer, fresh, wish.strength, chosen)
    return fresh
