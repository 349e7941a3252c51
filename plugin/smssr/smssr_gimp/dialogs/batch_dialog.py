"""The dialog of Batch Upscale…"""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from .models import grey_unfit, model_list  # noqa: E402
from .numbers import slider  # noqa: E402
from .preset_row import PresetRow  # noqa: E402
from .widgets import allowed, answered, labelled, opened, packed  # noqa: E402


def batch_dialog(procedure, config, engine):
    """Batch Upscale…; True for OK."""
    dialog = opened(procedure, config, _("Batch Upscale"))
    cards = [card for card in engine.hello()["models"] if card["task"] == "sr"]
    model = model_list(cards, config)
    for name in ("clean", "sharpen"):
        slider(dialog, name)
    dialog.fill(["open-images", "input", "recursive", "output", "factor", "picture", "best", "clean", "sharpen", "names", "format",
                 "existing"])
    for name in ("input", "recursive"):
        dialog.set_sensitive(name, True, config, "open-images", True)

    preset = PresetRow(procedure, config, ("factor", "model", "picture", "best", "clean", "sharpen", "names", "format", "existing"))
    note = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)

    def check():
        if not (config.get_property("open-images") or config.get_property("input")):
            raise EngineError(_("Choose the folder of pictures."))
        if not config.get_property("output"):
            raise EngineError(_("Choose the folder for the results."))

    def ready(*_args):
        if allowed(dialog, note, check):
            note.set_text("")
        grey_unfit(model, cards, config.get_property("factor"))

    config.connect("notify", ready)
    ready()
    packed(dialog, (labelled(_("_Model"), model), note))
    preset.show_all()
    area = dialog.get_content_area()
    area.pack_start(preset, False, False, 0)
    area.reorder_child(preset, 0)
    return answered(dialog)
