"""Styles: a grain-merge layer with an editable mask each, in a group above the layer that they belong to."""

import contextlib
import typing

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..image.parasites import mark_group, mark_style, style_of, styles_group  # noqa: E402
from ..image.path_polylines import drawn  # noqa: E402
from ..image.pixels import opaque_format, scratch  # noqa: E402
from ..image.result_layer import compute, give_mask, layer_of, put_in_place, selection_over, sized, titled  # noqa: E402
from ..protocol import Style  # noqa: E402


def style_layer(drawable):
    """The style's layer that a drawable is, or is the mask of; None for another."""
    layer = Gimp.Layer.from_mask(drawable) if drawable.is_layer_mask() else drawable
    return layer if not isinstance(layer, Gimp.Channel) and style_of(layer) else None


MOST_OPAQUE = 1.0
"""A stronger style is computed GAIN times as strong, since a layer's opacity ends there."""

GAIN = 2.0

class Wish(typing.NamedTuple):
    """How a style is wanted."""

    style: str
    strength: float
    seed: int
    change: bool = False
    """Whether the active style is changed instead of one added."""
    size: float = 0.0
    """Features so many times as large; 0: in proportion to the picture."""
    direction: float | str | list | None = None
    """Degrees counter-clockwise, `follow`, or lines to lie along; None: as suits the style."""
    sharpness: bool = True
    """Whether the texture becomes as soft as the picture."""
    hidden: bool = False
    """Whether its mask begins black, to be painted on."""
    colour: float = 1.0
    """How much is shown of a material's own colours, 0 … 1."""

    @classmethod
    def of(cls, config, image, layer):
        """The settings of Stylize as a wish. Raises EngineError where a texture is to lie along a path and there is none."""
        value = config.get_property
        way = value("direction")
        if way == "path":
            direction = drawn(image, layer)
            if not direction:
                raise EngineError(_("Draw a path first, with the Paths tool: the texture lies along it."))
        else:
            direction = {"own": None, "follow": "follow", "angle": value("angle")}[way]
        return cls(*map(value, ("style", "strength", "seed", "change")), sized(value("size")), direction,
                   *map(value, ("sharpness", "hidden", "colour")))

    def request(self):
        """What to ask the engine, of the picture 1."""
        return Style(1, self.style, self.seed, self.size, self.direction, self.sharpness, self.colour, gain_of(self.strength),
                     offset=0.5)  # grain merge adds a layer less a half


def gain_of(strength):
    """How many times its own strength a style's layer holds, its opacity being `strength` divided by that."""
    return GAIN if strength > MOST_OPAQUE else 1.0


def stylize_layer(engine, image, drawable, wish, progress):
    """A style as a grain-merge layer with an editable mask, in the group of the layer's styles. Returns the new layer.

    The mask is the selection as it is now; what the user selects meanwhile is for the next thing. With `wish.change` the style's layer that
    is active becomes this style instead and keeps its mask and its place. Raises EngineError where `drawable` is no style's layer then.
    """
    check_mode(image)
    layer, old = layer_of(image, drawable), style_layer(drawable) if wish.change else None
    if wish.change and not old:
        raise EngineError(_("The active layer is not a style's, so it cannot be changed to another. Choose a style's layer."))
    refuse_rendered(layer)
    kind = Gimp.ImageType.GRAY_IMAGE if layer.is_gray() else Gimp.ImageType.RGB_IMAGE
    fresh = scratch(image, titled(image, wish.style, layer, old), layer.get_width(), layer.get_height(), kind)
    with contextlib.nullcontext() if old else selection_over(image, layer) as chosen:
        def put_in():
            mark_style(fresh, wish.request())
            if old:
                merge_grain(fresh, wish.strength)
                put_in_place(image, old, fresh)
            else:
                _put_in(image, layer, fresh, wish.strength, chosen)
                if wish.hidden:
                    _hide(image, fresh)

        compute(engine, image, layer, fresh, opaque_format(fresh), wish.request(), progress, put_in)
    return fresh


def _put_in(image, layer, fresh, strength, chosen):
    """Insert a style's layer into the group of the layer's styles."""
    group = styles_group(image, layer)
    if not group:
        group = Gimp.GroupLayer.new(image, titled(image, _("styles"), layer))
        group.set_mode(Gimp.LayerMode.PASS_THROUGH)  # before it is in the image: GIMP 3.2 logs a fault of its own when that is redone
        mark_group(group, layer)
        image.insert_layer(group, layer.get_parent(), image.get_item_position(layer))
    merge_grain(fresh, strength)
    fresh.set_visible(False)
    image.insert_layer(fresh, group, 0)
    give_mask(image, layer, fresh, chosen)


def _hide(image, fresh):
    """Blacken a style's mask; nothing stays selected, or a brush would paint there alone, and nobody would see why."""
    Gimp.context_push()
    Gimp.context_set_foreground(Gegl.Color.new("black"))
    fresh.get_mask().fill(Gimp.FillType.FOREGROUND)
    Gimp.context_pop()
    Gimp.Selection.none(image)


def merge_grain(layer, strength):
    """Have a layer add its difference from grey to what is below it."""
    layer.set_opacity(100 * strength / gain_of(strength))
    layer.set_mode(Gimp.LayerMode.GRAIN_MERGE)
    layer.set_blend_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)
    layer.set_composite_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)
