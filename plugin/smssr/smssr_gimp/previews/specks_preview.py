"""What Select Dust and Scratches shows: the layer, and the same with what would be selected in red."""

import dataclasses

from ..image.pixels import rectangle
from .cover import covered
from .preview import Preview, pixbuf_of

MOSTLY = 80.0
"""Opacity of the red, in per cent: specks are small."""


class SpecksPreview(Preview):
    """Before | with what was found in red. Its `settings()`: a `Specks` request."""

    def size(self):
        """Width and height of what a window is shown of."""
        return self.source.get_width(), self.source.get_height()

    def begin(self, window):
        """Set `before` to the layer as it is."""
        self.now(pixbuf_of(self.source, rectangle(*window)))
        return window

    def ask(self, part, wish):
        """Ask for what is found in a part."""
        return self.engine.send(dataclasses.replace(wish, window=part))

    def answer_format(self):
        """The format of the engine's tiles."""
        return "Y float"

    def compose(self, scratch, part, wish):
        """The pixbuf of a part after."""
        return covered(self, scratch, part, MOSTLY)
