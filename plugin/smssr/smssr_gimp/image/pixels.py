"""Pixels: from GIMP to the engine and back, in a drawable's own colour space."""

import gi

gi.require_version("Babl", "0.1")
gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Babl, Gegl, Gimp  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..protocol import Put  # noqa: E402

STRIP = 1 << 22
"""Pixels that are held here at once on their way."""


def own_space(encoding, drawable):
    """The name of a format in a drawable's own colour space. A plain name would mean sRGB, and bend or clip colours beyond it."""
    return Babl.get_name(Babl.format_with_space(encoding, Babl.format_get_space(drawable.get_format())))


def format_of(drawable):
    """The float format in which a drawable's pixels travel, and its channels: non-linear, in its own profile, whatever its precision."""
    name = "Y'" if drawable.is_gray() else "R'G'B'"
    channels = 1 if drawable.is_gray() else 3
    alpha = drawable.has_alpha()
    return own_space(f"{name}A float" if alpha else f"{name} float", drawable), channels + alpha


def opaque_format(drawable):
    """The float format of a drawable's colours alone, without alpha: of residuals."""
    return own_space("Y' float" if drawable.is_gray() else "R'G'B' float", drawable)


def rectangle(top, bottom, left, right):
    """A GEGL rectangle from a tile."""
    return Gegl.Rectangle.new(left, top, right - left, bottom - top)


def buffer_of(drawable):
    """A drawable's pixels, to read. Raises EngineError where it is not there any more."""
    buffer = drawable.get_buffer() if drawable.is_valid() else None
    if buffer is None:
        raise EngineError(_("A layer was removed meanwhile, so nothing was changed. Please run this again."))
    return buffer


def put(engine, drawable, part=None, picture=1):
    """Send a drawable's pixels, or those of a part (x, y, width, height), to the engine as its picture of that number, strip by strip.

    A channel (a mask, a selection) goes as what it lets through, 0 … 1.
    """
    x, y, width, height = part or (0, 0, drawable.get_width(), drawable.get_height())
    format_, channels = ("Y float", 1) if isinstance(drawable, Gimp.Channel) else format_of(drawable)
    buffer = buffer_of(drawable)
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        count = min(rows, height - top)
        pixels = buffer.get(rectangle(y + top, y + top + count, x, x + width), 1.0, format_, Gegl.AbyssPolicy.CLAMP)
        engine.send(Put(picture, height, width, channels, top, count), pixels)


def image_like(image, width, height):
    """A new, empty image with an image's mode, precision and profile; it keeps no undo steps."""
    new = Gimp.Image.new_with_precision(width, height, image.get_base_type(), image.get_precision())
    new.undo_disable()
    profile = image.get_color_profile()
    if profile:
        new.set_color_profile(profile)
    return new


def scratch(image, name, width, height, kind):
    """A layer that is in no image yet: GIMP holds its pixels, and nothing of it is seen or undone."""
    return Gimp.Layer.new(image, name, width, height, kind, 100.0, Gimp.LayerMode.NORMAL)


def counted(progress):
    """Progress in tiles as GIMP's share and words."""
    return lambda done, tiles: progress(done / tiles, _("tile {done} of {tiles}").format(done=done, tiles=tiles))


def tiles_into(drawable, format_, answers, progress):
    """Write the tiles of an answer into a drawable; `progress(done, tiles)`."""
    buffer = drawable.get_buffer()
    try:
        for header, pixels in answers:
            if "tile" in header:
                buffer.set(rectangle(*header["tile"]), format_, pixels)
                progress(header["done"], header["tiles"])
    finally:
        if drawable.is_valid():
            buffer.flush()  # before the drawable can be deleted: GIMP kills a plug-in that writes to one that is gone


def native(drawable):
    """The format in which a drawable holds its pixels."""
    return Babl.get_name(drawable.get_format())


def copy(original, drawable, format_):
    """Copy a drawable's pixels into another of its size, by way of a format."""
    width, height = drawable.get_width(), drawable.get_height()
    source, target = original.get_buffer(), drawable.get_buffer()
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        part = rectangle(top, min(height, top + rows), 0, width)
        target.set(part, format_, source.get(part, 1.0, format_, Gegl.AbyssPolicy.CLAMP))
    target.flush()
    drawable.update(0, 0, width, height)
