"""Styles: a grain-merge layer with an editable mask each, in a group above the layer that they belong to."""

import struct

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402

from .engine import EngineError  # noqa: E402
from .layers import check_mode, refuse_rendered  # noqa: E402
from .pixels import copy, counted, own_space, put, scratch, tiles_into  # noqa: E402
from .words import _  # noqa: E402

PARASITE = "smssr-styles"
"""Marks the group that holds a layer's styles; its data is the layer's tattoo."""


def base_of(image, layer):
    """The layer to stylise: the one given or, for a style's layer or group, the one that it belongs to."""
    while layer:
        mark = layer.get_parasite(PARASITE) if layer.is_group() else None
        if mark:
            tattoo, = struct.unpack("<I", bytes(mark.get_data()))
            base = image.get_layer_by_tattoo(tattoo) if hasattr(image, "get_layer_by_tattoo") else None
            if base:
                return base
        layer = layer.get_parent()
    return None


def styles_group(image, base):
    """The group of a layer's styles, if there is one."""
    def search(layers):
        for layer in layers:
            if layer.is_group():
                mark = layer.get_parasite(PARASITE)
                if mark and struct.unpack("<I", bytes(mark.get_data()))[0] == base.get_tattoo():
                    return layer
                found = search(layer.get_children())
                if found:
                    return found
        return None
    return search(image.get_layers())


def stylize_layer(engine, image, layer, style, title, strength, seed, progress):
    """A style as a grain-merge layer with an editable mask, in the group of the layer's styles. Returns the new layer."""
    check_mode(image)
    layer = base_of(image, layer) or layer
    refuse_rendered(layer)
    selected = not Gimp.Selection.is_empty(image)
    if selected and not layer.mask_intersect()[0]:
        raise EngineError(_("The selection does not touch the layer. Select some of it, or nothing at all."))
    width, height = layer.get_width(), layer.get_height()
    fresh = scratch(image, title, width, height, Gimp.ImageType.GRAY_IMAGE if layer.is_gray() else Gimp.ImageType.RGB_IMAGE)
    put(engine, layer)
    number = engine.send(do="style", picture=1, style=style, seed=seed, offset=0.5)  # grain merge adds a layer less a half
    tiles_into(fresh, own_space("Y' float", fresh), engine.answers(number), counted(progress))

    x, y = layer.get_offsets()[1:]
    image.undo_group_start()
    try:
        group = styles_group(image, layer)
        if not group:
            group = Gimp.GroupLayer.new(image, _("{layer}: styles").format(layer=layer.get_name()))
            image.insert_layer(group, layer.get_parent(), image.get_item_position(layer))
            group.set_mode(Gimp.LayerMode.PASS_THROUGH)
            group.attach_parasite(Gimp.Parasite.new(PARASITE, Gimp.PARASITE_PERSISTENT | Gimp.PARASITE_UNDOABLE,
                                                    struct.pack("<I", layer.get_tattoo())))
        fresh.set_opacity(100 * strength)
        fresh.set_mode(Gimp.LayerMode.GRAIN_MERGE)
        fresh.set_blend_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)
        fresh.set_composite_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)
        image.insert_layer(fresh, group, 0)
        fresh.set_offsets(x, y)
        own = layer.get_mask()
        mask = fresh.create_mask(Gimp.AddMaskType.SELECTION if selected else Gimp.AddMaskType.WHITE)
        fresh.add_mask(mask)
        if own and not selected:
            copy(own, mask, "Y float")
        image.set_selected_layers([layer])
    finally:
        image.undo_group_end()
    return fresh
