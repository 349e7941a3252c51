"""What Stylize shows: what is visible now, the styles that are there included, beside the same with the style on top."""

import dataclasses
import functools

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from ..image.layers import is_in  # noqa: E402
from ..image.pixels import opaque_format, own_space, rectangle  # noqa: E402
from ..image.selection import nothing_selected, selected_part, selection  # noqa: E402
from ..operations.styling import merge_grain  # noqa: E402
from .preview import Preview, outlined, pixbuf_of  # noqa: E402
from .visible import visible  # noqa: E402


def centre_of(image, layer):
    """The middle of what is selected of a layer, (down, across) as shares of it."""
    x, y, width, height = selected_part(image, layer) or (0, 0, layer.get_width(), layer.get_height())
    return (y + height / 2) / layer.get_height(), (x + width / 2) / layer.get_width()


class StylizePreview(Preview):
    """Without | with the style, composed by GIMP with the same modes and mask as in the result; the selection's edge on both."""

    everywhere = False
    """Whether it is shown on the whole layer, whatever is selected."""

    def __init__(self, engine, image, layer, settings, active=None):
        """`settings()`: a Wish; `active`: the style's layer that it may change."""
        self._active = active
        self._unseen = visible(image, image)
        centre = centre_of(image, layer)
        super().__init__(engine, image, layer, settings, centre)
        _top, _bottom, left, right = self.window()
        self.divider = (centre[1] * layer.get_width() - left) / (right - left)  # so that it shows both sides of what is selected

    @functools.cached_property
    def _without(self):
        """What is visible without the layer that is changed; it takes seconds where there are many layers."""
        return self._unseen if self._active is None else visible(self.image, self.image, self._active)

    def size(self):
        """Width and height of what a window is shown of."""
        return self.source.get_width(), self.source.get_height()

    def gone(self):
        """Whether the layer, or the one that it may change, is no longer in the image."""
        return not all(is_in(self.image, layer) for layer in (self.source, self._active) if layer)

    def begin(self, window):
        """Set `before` to what is visible now. A style is computed where the selection or, where it is changed, its layer is."""
        self.now(self._with_edge(pixbuf_of(self._unseen, self._on_canvas(window)), window))
        selected = selected_part(self.image, self.source)
        if self.everywhere or self.settings().change or not selected:
            return window
        x, y, width, height = selected
        top, bottom, left, right = window
        part = max(top, y), min(bottom, y + height), max(left, x), min(right, x + width)
        return part if part[0] < part[1] and part[2] < part[3] else None

    def ask(self, part, wish):
        """Ask for the style."""
        return self.engine.send(dataclasses.replace(wish.request(), window=part))

    def answer_format(self):
        """The format of the engine's tiles."""
        return opaque_format(self._scratch)

    def blend(self, scratch, wish):
        """Let the computed layer be seen as in the result."""
        merge_grain(scratch, wish.strength)

    def choose(self, mask, wish):
        """Make of a part of the selection the new layer's mask: it is that."""

    def _on_canvas(self, window):
        """A part of the layer as a rectangle of the image."""
        top, bottom, left, right = window
        _exact, x, y = self.source.get_offsets()
        return rectangle(top + y, bottom + y, left + x, right + x)

    def _with_edge(self, pixbuf, window):
        if nothing_selected(self.image):
            return pixbuf
        mask = selection(self.image).get_buffer().get(self._on_canvas(window), 1.0, "Y u8", Gegl.AbyssPolicy.NONE)
        return outlined(pixbuf, mask)

    def compose(self, scratch, part, wish):
        """The pixbuf of a part after."""
        image = scratch.get_image()
        whole = self.inside(part)
        change = wish.change
        below = self._without if change else self._unseen
        format_ = own_space("R'G'B'A float", below)
        base = Gimp.Layer.new(image, "base", whole.width, whole.height, below.type(), 100.0, Gimp.LayerMode.NORMAL)
        image.insert_layer(base, None, 1)
        pixels = below.get_buffer().get(self._on_canvas(part), 1.0, format_, Gegl.AbyssPolicy.CLAMP)
        base.get_buffer().set(whole, format_, pixels)
        base.get_buffer().flush()
        self.blend(scratch, wish)
        if self.everywhere:
            source, area = None, None
        elif not change and not nothing_selected(self.image):
            source, area = selection(self.image), self._on_canvas(part)
        else:
            source, area = (self._active if change else self.source).get_mask(), rectangle(*part)
        if source:
            mask = scratch.create_mask(Gimp.AddMaskType.WHITE)
            scratch.add_mask(mask)
            mask.get_buffer().set(whole, "Y float", source.get_buffer().get(area, 1.0, "Y float", Gegl.AbyssPolicy.NONE))
            mask.get_buffer().flush()
            if not change and not nothing_selected(self.image):
                self.choose(mask, wish)
            mask.update(0, 0, whole.width, whole.height)
        shown = pixbuf_of(Gimp.Layer.new_from_visible(image, image, "visible"), whole)
        return self._with_edge(shown, part)
