"""Repainting: a normal layer above the one that it was made from, in the strokes and colours of a painting."""

import typing

from ..image.result_layer import laid, sized
from ..image.selection import grow
from ..protocol import Coarse

DONE = "repaint"
"""In the mark of its layers."""

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
    """Whether the active layer, a repainted one, is painted anew instead of one added."""
    grow: int = 1
    """Pixels that the selection is grown by, since its soft edge would stay in the old colours."""

    @classmethod
    def of(cls, config):
        """The settings of Repaint as a wish."""
        return cls(*(config.get_property(name) for name in ("style", "strength", "seed")), sized(config.get_property("size")),
                   *(config.get_property(name) for name in ("detail", "colour", "change", "grow")))

    def settings(self):
        """What a layer remembers of it."""
        return {"style": self.style, "seed": self.seed, "size": self.size, "detail": self.detail, "colour": self.colour}

    def request(self):
        """What to ask the engine, of the picture 1."""
        by_network = self.style.endswith(NETWORK)
        return Coarse(1, self.style, self.seed, self.size, detail=None if by_network else self.detail,
                      colour=None if by_network else self.colour)


def repaint_layer(engine, image, drawable, wish, progress):
    """A layer painted anew as a normal layer above it with a mask. Returns the new layer. Raises EngineError."""
    def prepare(chosen):
        if chosen and wish.grow:
            grow(chosen, wish.grow)

    return laid(engine, image, drawable, wish, progress, DONE, wish.style, prepare)
