"""The dialog of Batch Upscale…"""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import GimpUi, GObject, Gtk  # noqa: E402

from ..i18n import _, ngettext  # noqa: E402
from ..image.open_images import open_images  # noqa: E402
from ..operations.folders import QUALITIES, check_folders, foretold, in_words, named, wanted  # noqa: E402
from ..protocol import Foresee  # noqa: E402
from .columns import aligned  # noqa: E402
from .folder_row import folder_row  # noqa: E402
from .foretold import Foretold  # noqa: E402
from .models import grey_unfit, model_list  # noqa: E402
from .numbers import AutoSlider, slider  # noqa: E402
from .preset_row import PresetRow  # noqa: E402
from .widgets import allowed, answered, choice_list, labelled, opened, packed  # noqa: E402

FILES = ["open-images", "input", "recursive", "output", "names", "format", "quality", "transparency", "existing", "keep-date"]
WORK = ["recipe", "size", "factor", "amount", "picture", "best", "clean", "sharpen"]
PRESET = ("size", "factor", "amount", "model", "picture", "best", "clean", "sharpen", "names", "format", "quality", "transparency",
          "existing", "keep-date")
"""What a preset keeps."""

CHOICES = ("size", "picture", "format", "transparency", "existing")
"""What is chosen from a list. (*Size* is not made by GIMP either: no letter is left to underline in it.)"""


def batch_dialog(procedure, config, engine):
    """Batch Upscale…; True for OK."""
    dialog = opened(procedure, config, _("Batch Upscale"))
    cards = [card for card in engine.hello()["models"] if card["task"] == "sr"]
    model = model_list(cards, config)
    for name in ("clean", "sharpen"):
        slider(dialog, name)
    own = {name: choice_list(config, name) for name in CHOICES}
    own["input"], own["output"] = folder_row(config, "input"), folder_row(config, "output", new=True, near="input")
    own["quality"] = AutoSlider(config, "quality", 1, 90, (_("Auto"), config.find_property("quality").blurb), 0)
    amount = GimpUi.prop_spin_button_new(config, "amount", 1, 100, 0)
    own["amount"] = labelled(config.find_property("amount").nick, amount)
    for name, title, settings in (("files", _("Files"), FILES), ("work", _("What to do with them"), WORK)):
        dialog.get_label(f"{name}-title", title, False, False)
        box = dialog.fill_box(f"{name}-box", [setting for setting in settings if setting not in own])
        for setting in settings:
            if setting in own:
                own[setting].show_all()
                box.pack_start(own[setting], False, False, 0)
                box.reorder_child(own[setting], settings.index(setting))
        aligned(box)
        dialog.fill_frame(name, f"{name}-title", False, f"{name}-box")
    columns = dialog.fill_box("columns", ["files", "work"])
    columns.set_orientation(Gtk.Orientation.HORIZONTAL)
    columns.set_homogeneous(False)
    dialog.fill(["columns"])
    note = Gtk.Label(xalign=0, wrap=True, max_width_chars=90, width_chars=60)

    preset = PresetRow(procedure, config, PRESET)

    def request():
        return Foresee(**wanted(config, ""))

    def show(header, words):
        note.set_text(foretold(header) if header else in_words(words))
        dialog.set_response_sensitive(Gtk.ResponseType.OK, bool(header and header["todo"]))

    asking = Foretold(engine, request, show)

    def able(name, yes):
        (own.get(name) or dialog.get_widget(name, GObject.TYPE_NONE)).set_sensitive(yes)

    def check():
        check_folders(config)
        if config.get_property("open-images"):
            open_images()

    def ready(*_args):
        value = config.get_property
        for name in ("input", "recursive"):
            able(name, not value("open-images"))
        for name in WORK[1:]:
            able(name, not value("recipe"))
        able("factor", value("size") == "factor" and not value("recipe"))
        able("amount", value("size") != "factor" and not value("recipe"))
        amount.set_digits(2 if value("size") == "megapixels" else 0)
        model.set_sensitive(not value("recipe"))
        able("quality", value("format") in QUALITIES)
        asking.drop()
        if allowed(dialog, note, check) and value("open-images"):  # whose files are not there yet: saving them would take the keyboard away
            count = len(open_images())
            note.set_text(ngettext("{0} open image", "{0} open images", count).format(count))
        elif allowed(dialog, note, check):
            note.set_text(_("Counting the pictures…"))
            asking.ask()
        grey_unfit(model, cards, value("factor"))

    def name(*_args):
        names = named(config.get_property("size"), config.get_property("names"))
        if names != config.get_property("names"):
            config.set_property("names", names)

    config.connect("notify::size", name)
    name()
    config.connect("notify", ready)
    ready()
    packed(dialog, (labelled(_("_Model"), model), note))
    preset.show_all()
    area = dialog.get_content_area()
    area.pack_start(preset, False, False, 0)
    area.reorder_child(preset, 0)
    try:
        return answered(dialog)
    finally:
        asking.close()
