"""Text layers at a new size: GIMP's own scaling turns them into pixels, so they are set anew in a larger type and stay text."""

import re

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from .layers import rendered_layers  # noqa: E402
from .pixels import native, rectangle  # noqa: E402

SIZE = re.compile(r'size="(\d+)"')
"""Type sizes within a text's markup, in 1024ths."""


class Texts:
    """The text layers of an image, copied before it is scaled, when they are text still."""

    def __init__(self, image):
        self._image = image
        self._copies = [(layer, layer.copy()) for layer in rendered_layers(image.get_layers()) if layer.is_text_layer()]

    def set_anew(self, factor):
        """Put them in the place of what scaling made of them, `factor` times as large. Within the caller's undo group."""
        for scaled, text in self._copies:
            parent, position = scaled.get_parent(), self._image.get_item_position(scaled)
            place = list(scaled.get_offsets())[1:]
            box = scaled.get_width(), scaled.get_height()
            mask = scaled.get_mask()
            if text.get_mask():
                text.remove_mask(Gimp.MaskApplyMode.DISCARD)
            self._image.insert_layer(text, parent, position)
            _enlarge(text, factor, box)
            text.set_offsets(*place)
            if mask:
                _give_mask(text, mask)
            name = scaled.get_name()
            self._image.remove_layer(scaled)
            text.set_name(name)


def _enlarge(text, factor, box):
    """A text in a larger type; where its box is fixed, that too."""
    before = text.get_width(), text.get_height()
    size, unit = text.get_font_size()
    markup = text.get_markup()
    text.set_letter_spacing(factor * text.get_letter_spacing())
    text.set_line_spacing(factor * text.get_line_spacing())
    text.set_indent(factor * text.get_indent())
    text.set_font_size(factor * size, unit)
    if markup and SIZE.search(markup):
        text.set_markup(SIZE.sub(lambda found: f'size="{round(factor * int(found[1]))}"', markup))
    if (text.get_width(), text.get_height()) == before:  # a box that does not follow its text
        text.resize(*box)


def _give_mask(text, mask):
    """The part of another layer's mask that lies on this one; the two may differ by a pixel or two in size."""
    fresh = text.create_mask(Gimp.AddMaskType.WHITE)
    text.add_mask(fresh)
    common = rectangle(0, min(mask.get_height(), fresh.get_height()), 0, min(mask.get_width(), fresh.get_width()))
    buffer = fresh.get_buffer()
    buffer.set(common, native(fresh), mask.get_buffer().get(common, 1.0, native(fresh), Gegl.AbyssPolicy.NONE))
    buffer.flush()
    fresh.update(0, 0, fresh.get_width(), fresh.get_height())
