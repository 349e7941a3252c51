"""The dialog of Select Dust and Scratches…"""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # noqa: E402

from ..i18n import _  # noqa: E402
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..operations.restoring import specks_of  # noqa: E402
from ..previews.navigation import zoom_buttons  # noqa: E402
from ..previews.specks_preview import SpecksPreview  # noqa: E402
from .handing import Handing, invitation  # noqa: E402
from .numbers import AutoSlider, slider  # noqa: E402
from .widgets import answered, caption, choice_list, opened, packed  # noqa: E402


def specks_dialog(procedure, config, engine, image, layer):
    """Select Dust and Scratches…; whether OK was pressed, and the name of the procedure to go on with, None for none."""
    check_mode(image)
    refuse_rendered(layer)
    dialog = opened(procedure, config, _("Select Dust and Scratches"))
    kind = choice_list(config, "kind")
    sensitivity, size = slider(dialog, "sensitivity"), slider(dialog, "size")
    longest = AutoSlider(config, "longest", 1, 20, (_("Any"), _("However long they are")), 0)
    note = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)
    preview = SpecksPreview(engine, image, layer, lambda: specks_of(config))
    preview.told = lambda words: note.set_text(words or _("The red areas become the selection. Remove from it what belongs to the picture, "
                                                          "then use Restore… with Fill."))
    preview.told("")
    config.connect("notify", preview.refresh)
    handing = Handing(dialog, (("smssr-restore", _("Restore…")),))
    packed(dialog, (kind, sensitivity, size, longest, note, invitation(), handing), preview, zoom_buttons(preview),
           caption(_("The layer on the left, what was found on the right.")))
    return answered(dialog, preview), handing.then
