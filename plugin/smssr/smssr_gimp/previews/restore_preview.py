"""What Restore shows: what is visible now beside the same with the layer restored."""

import dataclasses

from ..image.pixels import put
from ..image.result_layer import selection_over
from ..operations.restoring import MASK
from .stylize_preview import StylizePreview


class RestorePreview(StylizePreview):
    """Before | after. What is restored is shown as what it adds, so that other layers stay as they are."""

    def __init__(self, engine, image, layer, settings, active=None):
        """`settings()`: a Wish; `active`: the layer that it may change."""
        self.found = {}
        """What the engine found of the layer, where it was to find it out: `noise`, `jpeg`, `blur`."""
        self._put_mask(engine, image, layer)
        super().__init__(engine, image, layer, settings, active)

    def look_at(self, source):
        """Compute with another layer from now on."""
        if source != self.source:
            self._put_mask(self.engine, self.image, source)
        super().look_at(source)

    @staticmethod
    def _put_mask(engine, image, layer):
        with selection_over(image, layer) as chosen:
            if chosen:
                put(engine, chosen, picture=MASK)

    def answer(self, header, payload):
        """Take one answer of the engine's, and what it found."""
        if header.get("end") and header["id"] == self._asked:
            self.found = {key: header[key] for key in ("noise", "jpeg", "blur") if key in header and not getattr(self._wish, key)}
        return super().answer(header, payload)

    def begin(self, window):
        """As of every preview; what is filled may go beyond the selection, as far as the scratch does."""
        self.everywhere = self.settings().what == "fill"
        return super().begin(window)

    def ask(self, part, wish):
        """Ask for what would be added."""
        return self.engine.send(dataclasses.replace(wish.request(), window=part, residual=True, rims=wish.what == "fill"))

    def compose(self, scratch, part, wish):
        """The pixbuf of a part after."""
        self.everywhere = wish.what == "fill"
        return super().compose(scratch, part, wish)
