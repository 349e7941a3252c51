"""A part of a layer in its own colours, with red over what a mask says, as the Quick Mask covers it."""

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from ..image.pixels import own_space, rectangle  # noqa: E402
from .preview import pixbuf_of  # noqa: E402

COVER = "#ff0000"


def covered(preview, scratch, part, opacity, inverted=False):
    """The pixbuf of a preview's part: its source, and over it red where the mask that `scratch` holds is white, or, inverted, black."""
    image, whole = scratch.get_image(), preview.inside(part)
    beta = scratch.get_buffer().get(whole, 1.0, "Y float", Gegl.AbyssPolicy.NONE)
    format_ = own_space("R'G'B'A float", preview.source)
    pixels = preview.source.get_buffer().get(rectangle(*part), 1.0, format_, Gegl.AbyssPolicy.CLAMP)
    cover = Gimp.Layer.new(image, "cover", whole.width, whole.height, scratch.type(), opacity, Gimp.LayerMode.NORMAL)
    image.insert_layer(cover, None, 0)
    cover.get_buffer().set_color(whole, Gegl.Color.new(COVER))
    cover.get_buffer().flush()
    mask = cover.create_mask(Gimp.AddMaskType.WHITE)
    cover.add_mask(mask)
    mask.get_buffer().set(whole, "Y float", beta)
    mask.get_buffer().flush()
    if inverted:
        mask.invert(False)
    scratch.get_buffer().set(whole, format_, pixels)
    scratch.get_buffer().flush()
    for drawable in (scratch, cover, mask):
        drawable.update(0, 0, whole.width, whole.height)
    return pixbuf_of(Gimp.Layer.new_from_visible(image, image, "visible"), whole)
