"""What Grow to Similar shows: the layer as it is, beside the same with what is not meant covered in red, as the Quick Mask covers it."""

import dataclasses

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..image.pixels import own_space, put, rectangle  # noqa: E402
from ..operations.growing import STROKES, strokes_of  # noqa: E402
from .preview import Preview, pixbuf_of  # noqa: E402

COVER = "#ff0000"


class GrowPreview(Preview):
    """As it is | what is meant, in its own colours."""

    def __init__(self, engine, image, layer, settings):
        """`settings()`: a Wish."""
        self._sent = None
        super().__init__(engine, image, layer, settings)
        self.divider = 0.1

    def size(self):
        """Width and height of what a window is shown of."""
        return self.source.get_width(), self.source.get_height()

    def begin(self, window):
        """Set `before` to the layer as it is; the strokes go to the engine where others are chosen."""
        self.now(pixbuf_of(self.source, rectangle(*window)))
        where = self.settings().strokes
        if where != self._sent:
            try:
                with strokes_of(self.image, self.source, where) as strokes:
                    put(self.engine, strokes, picture=STROKES)
            except EngineError as error:
                self.told(str(error))
                return None
            self._sent = where
        return window

    def ask(self, part, wish):
        """Ask for the mask of a part."""
        return self.engine.send(dataclasses.replace(wish.request(), window=part))

    def answer_format(self):
        """The format of the engine's tiles."""
        return "Y float"

    def compose(self, scratch, part, wish):
        """The pixbuf of a part after: the layer, and over it red where the mask is black."""
        image, whole = scratch.get_image(), self.inside(part)
        beta = scratch.get_buffer().get(whole, 1.0, "Y float", Gegl.AbyssPolicy.NONE)
        format_ = own_space("R'G'B'A float", self.source)
        pixels = self.source.get_buffer().get(rectangle(*part), 1.0, format_, Gegl.AbyssPolicy.CLAMP)
        cover = Gimp.Layer.new(image, "cover", whole.width, whole.height, scratch.type(), 50.0, Gimp.LayerMode.NORMAL)
        image.insert_layer(cover, None, 0)
        cover.get_buffer().set_color(whole, Gegl.Color.new(COVER))
        cover.get_buffer().flush()
        mask = cover.create_mask(Gimp.AddMaskType.WHITE)
        cover.add_mask(mask)
        mask.get_buffer().set(whole, "Y float", beta)
        mask.get_buffer().flush()
        mask.invert(False)
        scratch.get_buffer().set(whole, format_, pixels)
        scratch.get_buffer().flush()
        for drawable in (scratch, cover, mask):
            drawable.update(0, 0, whole.width, whole.height)
        return pixbuf_of(Gimp.Layer.new_from_visible(image, image, "visible"), whole)
