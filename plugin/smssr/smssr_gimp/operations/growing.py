"""Growing strokes to what they mean: the selection, or a layer's mask, becomes the mask of what looks like what is white in it."""

import contextlib
import typing

from ..engine import EngineError
from ..i18n import _
from ..image.drawn_strokes import keep
from ..image.layers import check_mode, refuse_rendered
from ..image.pixels import put, rectangle
from ..image.result_layer import check_touched, selection_over
from ..image.selection import leave_quick_mask, nothing_selected, select
from ..image.snapshot import TRIES, Snapshot, fingerprint, restless
from ..image.write_back import held_still, one_step, unlocked
from ..protocol import Grow

STROKES = 2
"""The number of the strokes' picture at the engine."""


class Wish(typing.NamedTuple):
    """What is to be grown, and how."""

    strokes: str
    """Where they are: "drawn" in the preview, or in the "selection" or the "mask" besides."""
    connected: bool = True
    drawn: tuple = ()
    """Strokes (`Stroke`) that were drawn in the preview."""
    solid: bool = False
    """Whether holes are filled."""

    def request(self):
        """What to ask the engine, of the picture 1."""
        return Grow(1, None if self.strokes == "drawn" else STROKES, self.connected, self.drawn, self.solid)


def check_strokes(image, layer, where, drawn=()):
    """Raises EngineError where there are no strokes over a layer."""
    if where == "drawn" and not any(stroke.meant for stroke in drawn):
        raise EngineError(_("Paint in the preview: with the left button on what to include, with the right one on what to leave out."))
    if where == "mask" and not layer.get_mask():
        raise EngineError(_("The layer has no mask. Add one, fill it with grey, paint white on what to include, "
                            "black on what to leave out."))
    if where == "selection":
        if nothing_selected(image):
            raise EngineError(_("First select some of what to include: a few strokes in the Quick Mask (Shift+Q) are enough."))
        check_touched(image, layer)


def strokes_of(image, layer, where, drawn=()):
    """A context: within, the strokes over a layer, as pixels; None where all were drawn in the preview. Raises EngineError."""
    check_strokes(image, layer, where, drawn)
    if where == "drawn":
        return contextlib.nullcontext()
    return contextlib.nullcontext(layer.get_mask()) if where == "mask" else selection_over(image, layer)


def grow(engine, image, layer, wish):
    """Make the mask of what the strokes mean the selection, or the layer's mask, in one step. Raises EngineError."""
    check_mode(image)
    refuse_rendered(layer)
    snapshot = Snapshot(image)
    for _attempt in range(TRIES):
        with snapshot.watched():
            with strokes_of(image, layer, wish.strokes, wish.drawn) as strokes:
                before = fingerprint(layer), strokes and fingerprint(strokes)
                put(engine, layer)
                if strokes:
                    put(engine, strokes, picture=STROKES)
            number = engine.send(wish.request())
            found = [pixels for header, pixels in engine.answers(number) if "tile" in header]
        snapshot.check()
        with held_still(image):
            snapshot.check()
            with strokes_of(image, layer, wish.strokes, wish.drawn) as strokes:
                after = fingerprint(layer), strokes and fingerprint(strokes)
            if after == before:
                with one_step(image):
                    leave_quick_mask(image, layer)
                    if wish.strokes == "mask":
                        _give_mask(layer, found[0])
                    else:
                        select(image, layer, found[0])
                    if wish.drawn:
                        keep(layer, wish.drawn)
                return
    raise restless()


def _give_mask(layer, pixels):
    """Put `pixels`, "Y float", into a layer's mask."""
    mask, width, height = layer.get_mask(), layer.get_width(), layer.get_height()
    with unlocked([mask]):
        shadow = mask.get_shadow_buffer()
        shadow.set(rectangle(0, height, 0, width), "Y float", pixels)
        shadow.flush()
        mask.merge_shadow(True)
        mask.update(0, 0, width, height)
