"""Repainting: a normal layer above the one that it was made from, with the forms and colours of a painting."""

import typing

from ..image.result_layer import laid, sized
from ..protocol import Coarse

DONE = "repaint"
"""In the mark of its layers."""


class Wish(typing.NamedTuple):
    """Which coarse style, and how."""

    style: str
    strength: float
    seed: int = 1
    size: float = 0.0
    """Forms so many times as large; 0: in proportion to the picture."""
    change: bool = False
    """Whether the active layer, a repainted one, is painted anew instead of one added."""

    @classmethod
    def of(cls, config):
        """The settings of Repaint as a wish."""
        return cls(*(config.get_property(name) for name in ("style", "strength", "seed")), sized(config.get_property("size")),
                   config.get_property("change"))

    def settings(self):
        """What a layer remembers of it."""
        return {"style": self.style, "seed": self.seed, "size": self.size}

    def request(self):
        """What to ask the engine, of the picture 1."""
        return Coarse(1, self.style, self.seed, self.size)


def repaint_layer(engine, image, drawable, wish, progress):
    """A layer painted anew as a normal layer above it with a mask. Returns the new layer. Raises EngineError."""
    return laid(engine, image, drawable, wish, progress, DONE, wish.style)
