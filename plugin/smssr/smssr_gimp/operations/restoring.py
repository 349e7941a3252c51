"""Restoring: a normal layer above the one that it was made from, whose mask says where and whose opacity how strongly."""

import typing

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..image.pixels import STRIP, format_of, put, rectangle, scratch  # noqa: E402
from ..image.result_layer import compute, lay_over, layer_of, selection_over  # noqa: E402
from ..image.snapshot import TRIES, Snapshot, fingerprint, restless  # noqa: E402
from ..protocol import Restore, Specks  # noqa: E402

MASK = 2
"""The number of the mask's picture at the engine."""

MARKED = bytes(255 * (value >= 51) for value in range(256))
"""What the engine takes for marked: a fifth of the full value, so that a selection's soft edge is filled, too."""


def names():
    """What can be restored, by key, and what the layer is called then."""
    return {"clean": _("cleaned"), "sharpen": _("sharpened"), "fill": _("filled")}


class Wish(typing.NamedTuple):
    """What is to be restored, and how strongly."""

    what: str
    strength: float
    chroma: float = 1.0
    """How much of the noise of colours is taken away."""
    noise: float = 0.0
    """What counts as noise, σ of luma in levels of 255; 0: as found."""
    blur: float = 0.0
    """How wide the blur is, σ in pixels; 0: as found."""
    change: bool = False
    """A restored layer never takes another one's place."""

    @classmethod
    def of(cls, config):
        """The settings of Restore as a wish."""
        return cls(*(config.get_property(name) for name in ("what", "strength", "chroma", "noise", "blur")))

    def request(self):
        """What to ask the engine, of the picture 1."""
        wanted = {"clean": {"clean": 1, "chroma": self.chroma, "noise": self.noise or None},
                  "sharpen": {"sharpen": 1, "blur": self.blur or None}, "fill": {"fill": MASK}}
        return Restore(1, **wanted[self.what])


def marked(mask):
    """Make of a mask's soft edge what the engine takes for marked."""
    width, height = mask.get_width(), mask.get_height()
    buffer = mask.get_buffer()
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        part = rectangle(top, min(height, top + rows), 0, width)
        buffer.set(part, "Y u8", buffer.get(part, 1.0, "Y u8", Gegl.AbyssPolicy.CLAMP).translate(MARKED))
    buffer.flush()


def check_selection(image, what):
    """Raises EngineError where something is to be filled and nothing selected."""
    if what == "fill" and Gimp.Selection.is_empty(image):
        raise EngineError(_("Select what is to be filled first: a scratch, dust, a date over the picture. "
                            "Filters ▸ Super-Resolution ▸ Select Dust and Scratches… finds candidates."))


def restore_layer(engine, image, drawable, wish, progress):
    """What is restored of a layer as a normal layer above it with a mask. Returns the new layer.

    The mask is the selection as it is now, else the layer's own, else white. Raises EngineError.
    """
    check_mode(image)
    layer = layer_of(image, drawable)
    refuse_rendered(layer)
    check_selection(image, wish.what)
    with selection_over(image, layer) as chosen:
        if wish.what == "fill":
            marked(chosen)
            put(engine, chosen, picture=MASK)
        fresh = scratch(image, f"{layer.get_name()}: {names()[wish.what]}", layer.get_width(), layer.get_height(), layer.type())
        compute(engine, image, layer, fresh, format_of(layer)[0], wish.request(), progress)
        lay_over(image, layer, fresh, wish.strength, chosen)
    return fresh


def select_specks(engine, image, layer, sensitivity, size):
    """Make candidates for dust and scratches of a layer the selection. Returns whether there are any. Raises EngineError."""
    check_mode(image)
    refuse_rendered(layer)
    snapshot = Snapshot(image)
    width, height = layer.get_width(), layer.get_height()
    for _attempt in range(TRIES):
        with snapshot.watched():
            before = fingerprint(layer)
            put(engine, layer)
            number = engine.send(Specks(1, sensitivity, size))
            pixels, = (pixels for header, pixels in engine.answers(number) if "tile" in header)
        snapshot.check()
        if fingerprint(layer) == before:
            break
    else:
        raise restless()
    found = any(pixels)
    channel = Gimp.Channel.new(image, "specks", image.get_width(), image.get_height(), 100.0, Gegl.Color.new("black"))
    _exact, x, y = layer.get_offsets()
    channel.get_buffer().set(rectangle(y, y + height, x, x + width), "Y float", pixels)
    channel.get_buffer().flush()
    image.undo_group_start()
    try:
        image.insert_channel(channel, None, 0)
        if found:
            image.select_item(Gimp.ChannelOps.REPLACE, channel)
        else:
            Gimp.Selection.none(image)
        image.remove_channel(channel)
    finally:
        image.undo_group_end()
    return found
