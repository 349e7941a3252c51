"""Layers: which of them hold pixels of their own, and what cannot be worked on."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402


def every_layer(layers):
    """All layers that are no groups, those in groups too."""
    for layer in layers:
        if layer.is_group():
            yield from every_layer(layer.get_children())
        else:
            yield layer


def is_in(image, layer):
    """Whether a layer is one of an image's, and not one that was removed: undo keeps those."""
    while layer.is_valid() and (group := layer.get_parent()):
        layer = group
    return layer.is_valid() and layer.get_id() in {one.get_id() for one in image.get_layers()}


def raster_layers(layers):
    """All layers that hold pixels of their own. Text, link and vector layers are GIMP's to scale."""
    return [layer for layer in every_layer(layers) if not is_rendered(layer)]


def rendered_layers(layers):
    """All layers whose pixels GIMP draws from text, a link or a path."""
    return [layer for layer in every_layer(layers) if is_rendered(layer)]


def is_rendered(layer):
    """Whether a layer's pixels are drawn by GIMP from text, a link or a path."""
    kinds = [getattr(Gimp, name) for name in ("TextLayer", "LinkLayer", "VectorLayer") if hasattr(Gimp, name)]
    if not isinstance(layer, tuple(kinds)):
        return False
    return not (hasattr(layer, "is_rasterized") and layer.is_rasterized())


def check_mode(image):
    """Raises EngineError for an image that cannot be worked on."""
    if not image.is_valid():
        raise EngineError(_("The image was closed, so nothing was done."))
    if image.get_base_type() == Gimp.ImageBaseType.INDEXED:
        raise EngineError(_("The image is in indexed colours. Choose Image ▸ Mode ▸ RGB first."))
    if image.get_floating_sel():
        raise EngineError(_("There is a floating selection. Anchor it first (Layer ▸ Anchor Floating Selection)."))


def refuse_rendered(layer):
    """Raises EngineError for a layer whose pixels are not its own."""
    if layer.is_group():
        raise EngineError(_("A layer group has no pixels of its own. Choose a layer in it, or merge the group."))
    if is_rendered(layer):
        raise EngineError(_("This layer is drawn from text, a link or a path. "
                            "Choose Layer ▸ Rasterize (or Discard Text Information) first."))
    if layer.is_layer_mask():
        raise EngineError(_("A layer mask is active. Click the layer itself first."))
