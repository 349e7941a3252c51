"""What Repaint shows: what is visible now beside the same with the layer painted anew."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402

from ..image.pixels import format_of  # noqa: E402
from ..image.selection import grow  # noqa: E402
from .stylize_preview import StylizePreview  # noqa: E402


class RepaintPreview(StylizePreview):
    """Before | after. The layer painted anew is shown above all others."""

    def answer_format(self):
        """The format of the engine's tiles."""
        return format_of(self.source)[0]

    def blend(self, scratch, wish):
        """As a normal layer."""
        scratch.set_opacity(100 * wish.strength)
        scratch.set_blend_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)
        scratch.set_composite_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)

    def choose(self, mask, wish):
        """Grown, as the selection is for the result."""
        if wish.grow:
            grow(mask, wish.grow)
