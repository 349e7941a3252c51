"""Restoring: a normal layer above the one that it was made from, whose mask says where and whose opacity how strongly."""

import typing

import gi

gi.require_version("Gegl", "0.4")
from gi.repository import Gegl  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..image.pixels import STRIP, put, rectangle  # noqa: E402
from ..image.result_layer import laid, layer_of  # noqa: E402
from ..image.selection import leave_quick_mask, nothing_selected, select  # noqa: E402
from ..image.snapshot import TRIES, Snapshot, fingerprint, restless  # noqa: E402
from ..image.write_back import held_still, one_step  # noqa: E402
from ..protocol import Restore, Rims, Specks  # noqa: E402

DONE = "restore"
"""In the mark of its layers."""

MASK = 2
"""The number of the mask's picture at the engine."""

MARKED = bytes(255 * (value >= 51) for value in range(256))
"""What the engine takes for marked: a fifth of the full value, so that a selection's soft edge is filled, too."""


def names():
    """What can be restored, by key, and what the layer is called then."""
    return {"clean": _("cleaned"), "sharpen": _("sharpened"), "clean-sharpen": _("cleaned, sharpened"), "fill": _("filled")}


class Wish(typing.NamedTuple):
    """What is to be restored, and how strongly."""

    what: str
    strength: float
    chroma: float = 1.0
    """How much of the noise of colours is taken away."""
    noise: float = 0.0
    """What counts as noise, σ of luma in levels of 255; 0: as found."""
    jpeg: float = 0.0
    """Of what quality the JPEG was, 1 … 100, where no noise is given; 0: as found."""
    blur: float = 0.0
    """How wide the blur is, σ in pixels; 0: as found."""
    grain: bool = True
    """Whether what is filled gets grain as the picture has it."""
    change: bool = False
    """Whether the active layer, a restored one, is restored anew instead of one added."""

    @classmethod
    def of(cls, config):
        """The settings of Restore as a wish."""
        return cls(*(config.get_property(name) for name in ("what", "strength", "chroma", "noise", "jpeg", "blur", "grain", "change")))

    def settings(self):
        """What a layer remembers of it."""
        return {"what": self.what, "chroma": self.chroma, "noise": self.noise, "jpeg": self.jpeg, "blur": self.blur}

    def request(self):
        """What to ask the engine, of the picture 1."""
        jpeg = None if self.noise else self.jpeg or None
        clean = {"clean": 1, "chroma": self.chroma, "noise": self.noise or None, "jpeg": jpeg}
        sharpen = {"sharpen": 1, "blur": self.blur or None}
        wanted = {"clean": clean, "sharpen": sharpen, "clean-sharpen": {**clean, **sharpen}, "fill": {"fill": MASK, "grain": self.grain}}
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


def with_rims(engine, layer, mask):
    """Grow a mask over a layer as far as the soft rims of the scratches that it marks go: they would stay as ghosts."""
    put(engine, layer)
    put(engine, mask, picture=MASK)
    whole = rectangle(0, mask.get_height(), 0, mask.get_width())
    buffer = mask.get_buffer()
    for header, pixels in engine.answers(engine.send(Rims(1, MASK))):
        if "tile" in header:
            buffer.set(whole, "Y float", pixels)
    buffer.flush()


def check_selection(image, what):
    """Raises EngineError where something is to be filled and nothing selected."""
    if what == "fill" and nothing_selected(image):
        raise EngineError(_("First select what to fill: a scratch, dust, a date over the picture. "
                            "Filters ▸ Super-Resolution ▸ Select Dust and Scratches… finds candidates."))


def restore_layer(engine, image, drawable, wish, progress):
    """What is restored of a layer as a normal layer above it with a mask. Returns the new layer. Raises EngineError."""
    if wish.what == "fill" and wish.change:
        raise EngineError(_("A filled layer cannot be changed: add another one instead."))
    check_mode(image)
    check_selection(image, wish.what)

    def prepare(chosen):
        if wish.what == "fill":
            marked(chosen)
            with_rims(engine, layer_of(image, drawable), chosen)
            put(engine, chosen, picture=MASK)

    return laid(engine, image, drawable, wish, progress, DONE, names()[wish.what], prepare)


def specks_of(config):
    """The settings of Select Dust and Scratches as what to ask the engine, of the picture 1."""
    return Specks(1, **{name: config.get_property(name) for name in ("sensitivity", "size", "kind", "longest")})


def select_specks(engine, image, layer, request):
    """Make candidates for dust and scratches of a layer the selection. Returns whether there are any. Raises EngineError.

    `request`: a `Specks`, what is looked for.
    """
    check_mode(image)
    refuse_rendered(layer)
    snapshot = Snapshot(image)
    for _attempt in range(TRIES):
        with snapshot.watched():
            before = fingerprint(layer)
            put(engine, layer)
            number = engine.send(request)
            pixels, = (pixels for header, pixels in engine.answers(number) if "tile" in header)
        snapshot.check()
        with held_still(image):
            snapshot.check()
            if fingerprint(layer) == before:
                with one_step(image):
                    leave_quick_mask(image, layer)
                    select(image, layer, pixels)
                return any(pixels)
    raise restless()
