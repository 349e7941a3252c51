"""The dialog of Grow to Similar…"""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject, Gtk  # noqa: E402

from ..i18n import _  # noqa: E402
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..operations.growing import Wish, check_strokes  # noqa: E402
from ..previews.grow_preview import GrowPreview  # noqa: E402
from ..previews.navigation import zoom_buttons  # noqa: E402
from .widgets import allowed, answered, caption, opened, packed  # noqa: E402


def grow_dialog(procedure, config, engine, image, layer):
    """Grow to Similar…; True for OK."""
    check_mode(image)
    refuse_rendered(layer)
    selected = not Gimp.Selection.is_empty(image)
    config.set_property("strokes", "selection" if selected or not layer.get_mask() else "mask")
    check_strokes(image, layer, config.get_property("strokes"))
    dialog = opened(procedure, config, _("Grow to Similar"))
    where, connected = (dialog.get_widget(name, GObject.TYPE_NONE) for name in ("strokes", "connected"))
    note = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)

    def settings():
        return Wish(config.get_property("strokes"), config.get_property("connected"))

    def changed(*_args):
        if allowed(dialog, note, lambda: check_strokes(image, layer, config.get_property("strokes"))):
            preview.refresh()

    preview = GrowPreview(engine, image, layer, settings)
    preview.told = note.set_text
    config.connect("notify", changed)
    packed(dialog, (where, connected, note), preview, zoom_buttons(preview), caption(_("What is not meant is red.")))
    changed()
    return answered(dialog, preview)
