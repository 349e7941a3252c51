"""What Restore shows: what is visible now beside the same with the layer restored."""

from .above import selection_over
from .pixels import put
from .restoring import MASK
from .stylize_preview import StylizePreview


class RestorePreview(StylizePreview):
    """Before | after. What is restored is shown as what it adds, so that other layers stay as they are."""

    def __init__(self, engine, image, layer, settings):
        """`settings()`: a Wish."""
        with selection_over(image, layer) as chosen:
            if chosen:
                put(engine, chosen, picture=MASK)
        super().__init__(engine, image, layer, settings)

    def ask(self, part, wish):
        """Ask for what would be added."""
        return self.engine.send(picture=1, window=part, residual=True, **wish.asked())
