"""What an answer was computed from, so that it is only put in where that is still there.

GIMP stays usable while a procedure runs, and tells a plug-in nothing of what its user does meanwhile: strokes, undo, crop, layers that
come and go, an image that is closed.
"""

import contextlib
import hashlib

import gi

gi.require_version("Babl", "0.1")
gi.require_version("Gegl", "0.4")
from gi.repository import Babl, Gegl  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from .pixels import STRIP, buffer_of, rectangle  # noqa: E402

TRIES = 3
"""How often something is computed again because its pixels changed meanwhile."""


def fingerprint(drawable):
    """A number for a drawable's pixels, as they are held."""
    buffer = buffer_of(drawable)  # a new one each time: it keeps the tiles that it has read
    width, height = drawable.get_width(), drawable.get_height()
    format_ = Babl.get_name(drawable.get_format())
    digest = hashlib.blake2b(digest_size=16)
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        digest.update(buffer.get(rectangle(top, min(height, top + rows), 0, width), 1.0, format_, Gegl.AbyssPolicy.CLAMP))
    return digest.digest()


def _described(layer):
    parent = layer.get_parent()
    mask = None if layer.is_group() else layer.get_mask()
    place = layer.get_width(), layer.get_height(), *list(layer.get_offsets())[1:]
    return layer.get_id(), parent.get_id() if parent else 0, place, int(layer.type()), mask.get_id() if mask else 0


def _tree(layers):
    found = []
    for layer in layers:
        found.append(_described(layer))
        if layer.is_group():
            found += _tree(layer.get_children())
    return found


def geometry(image):
    """Everything of an image that says where pixels lie: its size, mode and precision, its layers with their sizes, places and masks."""
    size = image.get_width(), image.get_height()
    return size, int(image.get_base_type()), int(image.get_precision()), _tree(image.get_layers())


class Snapshot:
    """An image's geometry at some moment."""

    def __init__(self, image):
        self._image, self._geometry = image, geometry(image)

    def check(self):
        """Raises EngineError, in one clear sentence, where the image is not there any more or has another geometry."""
        if not self._image.is_valid():
            raise EngineError(_("The image was closed before the answer was there, so nothing was changed."))
        if geometry(self._image) != self._geometry:
            raise EngineError(_("The image's size or layers were changed meanwhile, so it was left as it is. Please run this again."))

    @contextlib.contextmanager
    def watched(self):
        """Whatever GIMP says within of a layer or an image that is not there any more becomes the one sentence of `check`."""
        try:
            yield
        except EngineError:
            raise
        except Exception:
            self.check()
            raise


def restless():
    """The error for pixels that change faster than they can be computed from."""
    return EngineError(_("The layer kept changing while it was being processed, so nothing was changed. Please run this again."))
