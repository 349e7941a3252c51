"""What Restore shows: what is visible now beside the same with the layer restored."""

from .pixels import own_space
from .restoring import put_mask
from .styling import selection_over
from .stylize_preview import StylizePreview


class RestorePreview(StylizePreview):
    """Before | after. What is restored is shown as what it adds, so that other layers stay as they are."""

    def __init__(self, engine, image, layer, settings):
        """`settings()`: a Wish."""
        chosen = selection_over(image, layer)
        if chosen:
            put_mask(engine, chosen)
        super().__init__(engine, image, layer, settings)

    def ask(self, part):
        """Ask for what would be added."""
        return self.engine.send(picture=1, window=part, residual=True, **self.settings().asked())

    def answer_format(self):
        """The format of the engine's tiles."""
        return own_space("Y' float" if self.source.is_gray() else "R'G'B' float", self._scratch)
