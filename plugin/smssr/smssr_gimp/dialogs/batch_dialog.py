"""The dialog of Batch Upscale…"""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # noqa: E402

from ..i18n import _  # noqa: E402
from .widgets import answered, labelled, list_of, opened, packed  # noqa: E402


def batch_dialog(procedure, config, engine):
    """Batch Upscale…; True for OK."""
    dialog = opened(procedure, config, _("Batch Upscale"))
    cards = [card for card in engine.hello()["models"] if card["task"] == "sr"]
    model = list_of(cards, config, "model", ("", _("The one that fits the factor")))
    dialog.fill(["open-images", "input", "recursive", "output", "factor", "picture", "best", "clean", "sharpen", "names", "format",
                 "existing"])
    for name in ("input", "recursive"):
        dialog.set_sensitive(name, True, config, "open-images", True)

    def ready(*_args):
        source = config.get_property("open-images") or config.get_property("input")
        dialog.set_response_sensitive(Gtk.ResponseType.OK, bool(source and config.get_property("output")))

    config.connect("notify", ready)
    ready()
    packed(dialog, (labelled(_("_Model"), model),))
    return answered(dialog)
