"""Putting an answer into an image: one short step, which Cancel cannot cut and no stroke falls into.

GIMP's Cancel kills the plug-in's process, and between two of its calls GIMP does what its user asks. So an answer is finished outside the
image first.
"""

import contextlib
import time

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gdk, Gegl, Gimp  # noqa: E402

PATIENCE = 60
"""Seconds that a stroke under way is waited for."""

LOOK = 0.02
BUTTONS = Gdk.ModifierType.BUTTON1_MASK | Gdk.ModifierType.BUTTON2_MASK | Gdk.ModifierType.BUTTON3_MASK


@contextlib.contextmanager
def held_still(image):
    """Within, nobody paints on the image and Cancel is gone; a stroke that is under way is finished first.

    Whoever enters looks once more whether all is as it was. The layers that are chosen are so again afterwards, unless others are then.
    """
    Gimp.progress_end()  # with it goes its Cancel
    _wait_for_stroke()
    layers = image.get_selected_layers()
    with _locked_channel_chosen(image) if layers else contextlib.nullcontext():
        _wait_for_stroke()
        try:
            yield
        finally:
            if layers and image.is_valid() and not image.get_selected_layers():
                image.set_selected_layers([layer for layer in layers if layer.is_valid()])


@contextlib.contextmanager
def _locked_channel_chosen(image):
    """Within, nothing but a locked channel is chosen, on which GIMP refuses to paint, and says so. A plug-in cannot choose nothing."""
    with one_step(image):
        _remember_chosen(image)
        channel = Gimp.Channel.new(image, "busy", image.get_width(), image.get_height(), 0.0, Gegl.Color.new("black"))
        image.insert_channel(channel, None, 0)
        channel.set_lock_content(True)
        try:
            yield
        finally:
            if channel.is_valid():
                image.remove_channel(channel)


def _remember_chosen(image):
    """Have undo choose the layers that are chosen now. GIMP notes them where a layer is added, but not where a channel is."""
    layers = image.get_selected_layers()
    kind = Gimp.ImageType.GRAY_IMAGE if image.get_base_type() == Gimp.ImageBaseType.GRAY else Gimp.ImageType.RGB_IMAGE
    note = Gimp.Layer.new(image, "busy", 1, 1, kind, 0.0, Gimp.LayerMode.NORMAL)
    note.set_visible(False)
    image.insert_layer(note, None, 0)
    image.remove_layer(note)
    image.set_selected_layers(layers)


@contextlib.contextmanager
def one_step(image):
    """Within, whatever happens to the image is one step to undo."""
    image.undo_group_start()
    try:
        yield
    finally:
        image.undo_group_end()


@contextlib.contextmanager
def unlocked(items):
    """Within, the pixels of items and of the groups that they are in may be written; what was locked is locked again afterwards.

    GIMP kills a plug-in that writes to a locked layer.
    """
    locked = {}
    for item in items:
        while item:
            if item.get_lock_content():
                locked[item.get_id()] = item
            item = item.get_parent()
    for item in locked.values():
        item.set_lock_content(False)
    try:
        yield
    finally:
        for item in locked.values():
            item.set_lock_content(True)


def _wait_for_stroke():
    """Wait until no mouse button is held. Where there is no screen, or it does not say (Wayland), nothing is waited for."""
    Gdk.init_check([])
    display = Gdk.Display.get_default()
    if not display:
        return
    pointer, root = display.get_default_seat().get_pointer(), Gdk.get_default_root_window()
    end = time.monotonic() + PATIENCE
    while root.get_device_position(pointer)[3] & BUTTONS and time.monotonic() < end:
        time.sleep(LOOK)
