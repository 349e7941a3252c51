"""A layer of ours above the one that it was computed from: computed from what is there in the end, with a mask to paint on."""

import contextlib

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from .parasites import base_of  # noqa: E402
from .pixels import STRIP, copy, counted, put, rectangle, tiles_into  # noqa: E402
from .snapshot import TRIES, Snapshot, fingerprint, restless  # noqa: E402

LEAST_SIZE = 0.5
"""Of textures and forms; what is asked for below it, but for 0, is taken for it."""


def sized(size):
    """The size that the engine is asked for; 0: in proportion to the picture."""
    return max(LEAST_SIZE, size) if size else 0.0


def layer_of(image, drawable):
    """The layer to work on: the one given, or that of the mask given, or the one that a style's layer or group belongs to."""
    layer = Gimp.Layer.from_mask(drawable) if drawable.is_layer_mask() else drawable
    return base_of(image, layer) or layer


def check_touched(image, layer):
    """Raises EngineError where something is selected, but nothing of a layer."""
    if not Gimp.Selection.is_empty(image) and not layer.mask_intersect()[0]:
        raise EngineError(_("The selection does not touch the layer. Select some of it, or nothing at all."))


def where(image, layer):
    """Words for where a new layer over this one will be seen."""
    if not Gimp.Selection.is_empty(image):
        return _("Where the selection is.")
    return (_("Where the layer's own mask is white.") if layer.get_mask() else
            _("Everywhere. Repaint the new layer's mask to choose where."))


@contextlib.contextmanager
def selection_over(image, layer):
    """Within, the selection over a layer as it is now, as pixels of a channel that is in no image; None where nothing is selected.

    Raises EngineError where the selection does not touch the layer.
    """
    check_touched(image, layer)
    if Gimp.Selection.is_empty(image):
        yield None
        return
    width, height = layer.get_width(), layer.get_height()
    _exact, x, y = layer.get_offsets()
    kept = Gimp.Channel.new(image, "selection", width, height, 100.0, Gegl.Color.new("black"))
    try:
        source, target = image.get_selection().get_buffer(), kept.get_buffer()
        rows = max(1, STRIP // width)
        for top in range(0, height, rows):
            bottom = min(height, top + rows)
            pixels = source.get(rectangle(top + y, bottom + y, x, x + width), 1.0, "Y float", Gegl.AbyssPolicy.NONE)
            target.set(rectangle(top, bottom, 0, width), "Y float", pixels)
        target.flush()
        yield kept
    finally:
        if kept.is_valid():  # it goes with its image
            kept.delete()


def compute(engine, image, layer, fresh, format_, request, progress):
    """Fill `fresh`, a layer that is in no image yet, with the engine's answer for a layer; anew where that is painted on meanwhile.

    `format_`: of the answer's tiles; `request`: what the engine is asked for. Raises EngineError where the image has another geometry then.
    """
    snapshot = Snapshot(image)
    for _attempt in range(TRIES):
        with snapshot.watched():
            before = fingerprint(layer)
            put(engine, layer)
            number = engine.send(request)
            tiles_into(fresh, format_, engine.answers(number), counted(progress))
        snapshot.check()
        if fingerprint(layer) == before:
            return
    raise restless()


def lay_over(image, layer, fresh, strength, chosen):
    """Put a finished layer into the image, in normal mode above the one that it was made from, with a mask: one step to undo.

    `strength`: its opacity, 0 … 1; `chosen`: as of `give_mask`.
    """
    image.undo_group_start()
    try:
        fresh.set_opacity(100 * strength)
        fresh.set_blend_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)
        fresh.set_composite_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)
        image.insert_layer(fresh, layer.get_parent(), image.get_item_position(layer))
        give_mask(image, layer, fresh, chosen)
    finally:
        image.undo_group_end()


def give_mask(image, layer, fresh, chosen):
    """Lay a layer that is in the image now over the one that it was made from, and make its mask the thing to paint on.

    `chosen`: the mask's pixels; None takes those of the layer's own, else white.
    """
    fresh.set_offsets(*list(layer.get_offsets())[1:])
    mask = fresh.create_mask(Gimp.AddMaskType.WHITE)
    fresh.add_mask(mask)
    source = chosen or layer.get_mask()
    if source:
        copy(source, mask, "Y float")
    image.set_selected_layers([fresh])
    fresh.set_edit_mask(True)
