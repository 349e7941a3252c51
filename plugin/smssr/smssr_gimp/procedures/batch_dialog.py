"""The dialog of Batch Upscale…"""

from ..widgets import answered, labelled, list_of, opened, packed
from ..words import _


def batch_dialog(procedure, config, engine):
    """Batch Upscale…; True for OK."""
    dialog = opened(procedure, config, _("Batch Upscale"))
    cards = [card for card in engine.hello()["models"] if card["task"] == "sr"]
    model = list_of(cards, config, "model", ("", _("the one that fits the factor")))
    dialog.fill(["open-images", "input", "recursive", "output", "factor", "names", "format", "existing"])
    for name in ("input", "recursive"):
        dialog.set_sensitive(name, True, config, "open-images", True)
    packed(dialog, labelled(_("_Model"), model))
    return answered(dialog)
