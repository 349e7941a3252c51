"""Growing strokes to what they mean: the selection, or a layer's mask, becomes the mask of what looks like what is white in it."""

import contextlib
import typing

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..image.pixels import put, rectangle  # noqa: E402
from ..image.result_layer import check_touched, selection_over  # noqa: E402
from ..image.snapshot import TRIES, Snapshot, fingerprint, restless  # noqa: E402
from ..protocol import Grow  # noqa: E402

STROKES = 2
"""The number of the strokes' picture at the engine."""


class Wish(typing.NamedTuple):
    """What is to be grown, and how."""

    strokes: str
    """Where they are: "selection" or "mask"."""
    connected: bool = True

    def request(self):
        """What to ask the engine, of the picture 1."""
        return Grow(1, STROKES, self.connected)


def check_strokes(image, layer, where):
    """Raises EngineError where there are no strokes over a layer."""
    if where == "mask" and not layer.get_mask():
        raise EngineError(_("The layer has no mask. Add one, fill it with grey, paint white on what is meant, black on what is not."))
    if where == "selection":
        if Gimp.Selection.is_empty(image):
            raise EngineError(_("Select some of what is meant first: a few strokes in the Quick Mask (Shift+Q) are enough."))
        check_touched(image, layer)


def strokes_of(image, layer, where):
    """A context: within, the strokes over a layer, as pixels. Raises EngineError where there are none."""
    check_strokes(image, layer, where)
    return contextlib.nullcontext(layer.get_mask()) if where == "mask" else selection_over(image, layer)


def grow(engine, image, layer, wish):
    """Make the mask of what the strokes mean the selection, or the layer's mask, in one step. Raises EngineError."""
    check_mode(image)
    refuse_rendered(layer)
    width, height = layer.get_width(), layer.get_height()
    snapshot = Snapshot(image)
    for _attempt in range(TRIES):
        with snapshot.watched():
            with strokes_of(image, layer, wish.strokes) as strokes:
                before = fingerprint(layer), fingerprint(strokes)
                put(engine, layer)
                put(engine, strokes, picture=STROKES)
            number = engine.send(wish.request())
            found = [pixels for header, pixels in engine.answers(number) if "tile" in header]
        snapshot.check()
        with strokes_of(image, layer, wish.strokes) as strokes:
            after = fingerprint(layer), fingerprint(strokes)
        if after == before:
            break
    else:
        raise restless()
    image.undo_group_start()
    try:
        if wish.strokes == "mask":
            mask = layer.get_mask()
            shadow = mask.get_shadow_buffer()
            shadow.set(rectangle(0, height, 0, width), "Y float", found[0])
            shadow.flush()
            mask.merge_shadow(True)
            mask.update(0, 0, width, height)
        else:
            select(image, layer, found[0])
    finally:
        image.undo_group_end()


def select(image, layer, pixels):
    """Make the selection of what `pixels`, "Y float" over a layer, say."""
    channel = Gimp.Channel.new(image, "grown", image.get_width(), image.get_height(), 100.0, Gegl.Color.new("black"))
    _exact, x, y = layer.get_offsets()
    channel.get_buffer().set(rectangle(y, y + layer.get_height(), x, x + layer.get_width()), "Y float", pixels)
    channel.get_buffer().flush()
    image.insert_channel(channel, None, 0)
    image.select_item(Gimp.ChannelOps.REPLACE, channel)
    image.remove_channel(channel)
