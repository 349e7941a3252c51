"""What is selected: GIMP's selection or, while the Quick Mask is on, what is painted in that."""

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from .pixels import STRIP, copy, rectangle  # noqa: E402

QUICK_MASK = "Qmask"
"""The name by which GIMP itself knows it."""

SAMPLES = 128
"""So many rows and columns of a selection and a mask are compared."""



def quick_mask(image):
    """The channel of the Quick Mask; None while that is off."""
    return image.get_channel_by_name(QUICK_MASK)


def selection(image):
    """The channel that says what is selected, as large as the image."""
    return quick_mask(image) or image.get_selection()


def selected_part(image, layer):
    """The part of a layer in which something is selected, (x, y, width, height) in its own pixels.

    All of it where nothing is selected anywhere; None where something is, but nothing of it.
    """
    mask = quick_mask(image)
    if not mask:
        touched, *part = layer.mask_intersect()
        return tuple(part) if touched else None
    bounds = _bounds(mask)
    if not bounds:
        return 0, 0, layer.get_width(), layer.get_height()
    _exact, x, y = layer.get_offsets()
    left, top = max(0, bounds[0] - x), max(0, bounds[1] - y)
    right, bottom = min(layer.get_width(), bounds[2] - x), min(layer.get_height(), bounds[3] - y)
    return (left, top, right - left, bottom - top) if left < right and top < bottom else None


def nothing_selected(image):
    """Whether nothing is selected, and everything is meant."""
    mask = quick_mask(image)
    return not _bounds(mask) if mask else Gimp.Selection.is_empty(image)


def in_common(image, layer):
    """How much what is selected and what a layer's mask shows have in common: as a share of both together, and of what is selected.

    1 and 1 where nothing is selected.
    """
    if nothing_selected(image):
        return 1.0, 1.0
    width, height = layer.get_width(), layer.get_height()
    _exact, x, y = layer.get_offsets()
    chosen, mask = selection(image).get_buffer(), layer.get_mask()
    across = max(1, width // SAMPLES)
    both = either = all_selected = 0
    for row in range(0, height, max(1, height // SAMPLES)):
        selected = chosen.get(rectangle(row + y, row + y + 1, x, x + width), 1.0, "Y u8", Gegl.AbyssPolicy.NONE)[::across]
        shown = (mask.get_buffer().get(rectangle(row, row + 1, 0, width), 1.0, "Y u8", Gegl.AbyssPolicy.NONE)[::across] if mask else
                 bytes([255]) * len(selected))
        both += sum(map(min, selected, shown))
        either += sum(map(max, selected, shown))
        all_selected += sum(selected)
    return both / max(1, either), both / max(1, all_selected)


def grow(channel, pixels):
    """Grow what a channel shows by so many pixels, as GIMP grows a selection."""
    alone = Gimp.Image.new(channel.get_width(), channel.get_height(), Gimp.ImageBaseType.GRAY)
    alone.undo_disable()
    try:
        copied = Gimp.Channel.new(alone, "grown", channel.get_width(), channel.get_height(), 100.0, Gegl.Color.new("black"))
        alone.insert_channel(copied, None, 0)
        copy(channel, copied, "Y float")
        alone.select_item(Gimp.ChannelOps.REPLACE, copied)
        Gimp.Selection.grow(alone, pixels)
        copy(alone.get_selection(), channel, "Y float")
    finally:
        alone.delete()


def layers_before(image):
    """The layers that were chosen before the Quick Mask was switched on."""
    channels = image.get_selected_channels()
    image.unset_active_channel()
    layers = image.get_selected_layers()
    image.set_selected_channels(channels)
    return layers


def leave_quick_mask(image, layer):
    """Make of the Quick Mask the selection that it stands for, as GIMP's button does, and choose a layer. Within the caller's undo step."""
    mask = quick_mask(image)
    if mask:
        image.select_item(Gimp.ChannelOps.REPLACE, mask)
        image.remove_channel(mask)
        image.set_selected_layers([layer])


def select(image, layer, pixels):
    """Make the selection of what `pixels`, "Y float" over a layer, say. Within the caller's undo step."""
    layers = image.get_selected_layers()
    channel = Gimp.Channel.new(image, "selected", image.get_width(), image.get_height(), 100.0, Gegl.Color.new("black"))
    _exact, x, y = layer.get_offsets()
    channel.get_buffer().set(rectangle(y, y + layer.get_height(), x, x + layer.get_width()), "Y float", pixels)
    channel.get_buffer().flush()
    if any(pixels):
        image.insert_channel(channel, None, 0)
        image.select_item(Gimp.ChannelOps.REPLACE, channel)
        image.remove_channel(channel)
    else:
        Gimp.Selection.none(image)
        channel.delete()
    if layers:
        image.set_selected_layers(layers)  # a new channel is chosen instead, and nothing is once it is gone


def _bounds(mask):
    """`(left, top, right, bottom)` of what is not black in a channel; None where all is."""
    width, height = mask.get_width(), mask.get_height()
    buffer, found = mask.get_buffer(), None
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        bottom = min(height, top + rows)
        pixels = buffer.get(rectangle(top, bottom, 0, width), 1.0, "Y u8", Gegl.AbyssPolicy.NONE)
        for y in range(top, bottom):
            row = pixels[(y - top) * width:(y - top + 1) * width]
            left = width - len(row.lstrip(b"\0"))
            if left < width:
                right = len(row.rstrip(b"\0"))
                found = (min(found[0], left), found[1], max(found[2], right), y + 1) if found else (left, y, right, y + 1)
    return found
