"""What Stylize shows: the layer beside the layer with the style."""

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from .pixels import format_of, own_space, rectangle  # noqa: E402
from .preview import Preview, pixbuf_of  # noqa: E402


class StylizePreview(Preview):
    """The layer | the layer with the style, composed by GIMP with the same modes and mask as in the result."""

    def __init__(self, engine, image, layer, settings):
        """`settings()`: (style, strength, seed)."""
        self.settings = settings
        super().__init__(engine, image, layer)

    def size(self):
        return self.layer.get_width(), self.layer.get_height()

    def show_before(self, window):
        return pixbuf_of(self.layer, rectangle(*window))

    def question(self, window):
        style, _, seed = self.settings()
        return {"do": "style", "style": style, "seed": seed, "offset": 0.5}

    def answer_format(self):
        return own_space("Y' float", self._scratch)

    def compose(self, scratch, window):
        image = scratch.get_image()
        top, bottom, left, right = window
        whole = rectangle(0, bottom - top, 0, right - left)
        format_, _ = format_of(self.layer)
        base = Gimp.Layer.new(image, "base", right - left, bottom - top, self.layer.type(), 100.0, Gimp.LayerMode.NORMAL)
        image.insert_layer(base, None, 1)
        base.get_buffer().set(whole, format_, self.layer.get_buffer().get(rectangle(*window), 1.0, format_, Gegl.AbyssPolicy.CLAMP))
        base.get_buffer().flush()
        scratch.set_mode(Gimp.LayerMode.GRAIN_MERGE)
        scratch.set_blend_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)
        scratch.set_composite_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)
        scratch.set_opacity(100 * self.settings()[1])
        _, x, y = self.layer.get_offsets()
        own = self.layer.get_mask()
        if not Gimp.Selection.is_empty(self.image):
            source, area = self.image.get_selection(), rectangle(top + y, bottom + y, left + x, right + x)
        else:
            source, area = own, rectangle(*window)
        if source:
            mask = scratch.create_mask(Gimp.AddMaskType.WHITE)
            scratch.add_mask(mask)
            mask.get_buffer().set(whole, "Y float", source.get_buffer().get(area, 1.0, "Y float", Gegl.AbyssPolicy.NONE))
            mask.get_buffer().flush()
            mask.update(0, 0, right - left, bottom - top)
        visible = Gimp.Layer.new_from_visible(image, image, "visible")
        return pixbuf_of(visible, whole)
