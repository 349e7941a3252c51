"""What a style that is tried looks like on the image that it was made from: everywhere, whatever is selected."""

from .repaint_preview import RepaintPreview
from .stylize_preview import StylizePreview


class MaterialPreview(StylizePreview):
    """Without | with the material everywhere."""

    everywhere = True


class PaintingPreview(RepaintPreview):
    """Before | after, painted anew everywhere."""

    everywhere = True
