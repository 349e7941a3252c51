"""What is visible of an image's layers."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402


def visible(image, target, hidden=None):
    """What is visible of an image, as a layer for the image `target` that is not put in; `hidden`: a layer to leave out.

    The colours of channels, the Quick Mask's red among them, are no part of it.
    """
    shown = [channel for channel in image.get_channels() if channel.get_visible()]
    if not shown and hidden is None:
        return Gimp.Layer.new_from_visible(image, target, "visible")
    copy = image.duplicate()
    try:
        for channel in copy.get_channels():
            channel.set_visible(False)
        if hidden is not None:
            same_place(image.get_layers(), copy.get_layers(), hidden).set_visible(False)
        return Gimp.Layer.new_from_visible(copy, target, "visible")
    finally:
        copy.delete()


def same_place(layers, others, wanted):
    """The one of `others`, and what is in them, that stands where `wanted` does in `layers`; None where it is not there."""
    for layer, other in zip(layers, others, strict=True):
        if layer == wanted:
            return other
        found = same_place(layer.get_children(), other.get_children(), wanted) if layer.is_group() else None
        if found:
            return found
    return None
