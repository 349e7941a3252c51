"""Layers: which of them hold pixels of their own, and what cannot be worked on."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402

from .engine import EngineError  # noqa: E402
from .words import _  # noqa: E402


def raster_layers(layers):
    """All layers that hold pixels of their own, those in groups too. Text, link and vector layers are GIMP's to scale."""
    found = []
    for layer in layers:
        if layer.is_group():
            found += raster_layers(layer.get_children())
        elif not is_rendered(layer):
            found.append(layer)
    return found


def rendered_layers(layers):
    """All layers whose pixels GIMP draws from text, a link or a path, those in groups too."""
    found = []
    for layer in layers:
        if layer.is_group():
            found += rendered_layers(layer.get_children())
        elif is_rendered(layer):
            found.append(layer)
    return found


def is_rendered(layer):
    """Whether a layer's pixels are drawn by GIMP from text, a link or a path."""
    kinds = [getattr(Gimp, name) for name in ("TextLayer", "LinkLayer", "VectorLayer") if hasattr(Gimp, name)]
    if not isinstance(layer, tuple(kinds)):
        return False
    return not (hasattr(layer, "is_rasterized") and layer.is_rasterized())


def check_mode(image):
    """Raises EngineError for an image that cannot be worked on."""
    if image.get_base_type() == Gimp.ImageBaseType.INDEXED:
        raise EngineError(_("The image is in indexed colours. Choose Image ▸ Mode ▸ RGB first."))


def refuse_rendered(layer):
    """Raises EngineError for a layer whose pixels are not its own."""
    if layer.is_group():
        raise EngineError(_("A layer group has no pixels of its own. Choose a layer in it, or merge the group."))
    if is_rendered(layer):
        raise EngineError(_("This layer is drawn from text, a link or a path. "
                            "Choose Layer ▸ Rasterize (or Discard Text Information) first."))
    if layer.is_layer_mask():
        raise EngineError(_("A layer mask is active. Click the layer itself first."))
