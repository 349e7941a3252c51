"""The dialog of Restore…"""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject, Gtk  # noqa: E402

from ..i18n import _  # noqa: E402
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..image.result_layer import check_touched, layer_of, where  # noqa: E402
from ..operations.restoring import Wish, check_selection  # noqa: E402
from ..previews.navigation import zoom_buttons  # noqa: E402
from ..previews.restore_preview import RestorePreview  # noqa: E402
from ..previews.side_by_side import SideBySide  # noqa: E402
from .widgets import allowed, answered, caption, opened, packed  # noqa: E402

STRENGTHS = (0.25, 0.5, 0.75, 1.0)
"""What is shown side by side."""


def restore_dialog(procedure, config, engine, image, drawable):
    """Restore…; True for OK."""
    check_mode(image)
    layer = layer_of(image, drawable)
    refuse_rendered(layer)
    selected = not Gimp.Selection.is_empty(image)
    check_touched(image, layer)
    if not selected and config.get_property("what") == "fill":
        config.set_property("what", "clean")
    dialog = opened(procedure, config, _("Restore"))
    what, strength, chroma, noise, blur = (dialog.get_widget(name, GObject.TYPE_NONE)
                                           for name in ("what", "strength", "chroma", "noise", "blur"))
    note = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)

    def settings():
        return Wish.of(config)

    def strengths():
        return [(f"{share:.0%}", settings()._replace(strength=share), lambda share=share: config.set_property("strength", share))
                for share in STRENGTHS]

    def changed(*_args):
        wanted = config.get_property("what")
        chroma.set_sensitive(wanted == "clean" and not layer.is_gray())
        noise.set_sensitive(wanted == "clean")
        blur.set_sensitive(wanted == "sharpen")
        if allowed(dialog, note, lambda: check_selection(image, wanted)):
            preview.refresh()

    preview = RestorePreview(engine, image, layer, settings)
    def tell(words):
        found = {"noise": _("Noise level found: {0} of 255."), "blur": _("Blur width found: {0} pixels.")}
        shown = [text.format(preview.found[key]) for key, text in found.items() if key in preview.found]
        note.set_text(words or " ".join([where(image, layer), *shown]))

    preview.told = tell
    preview.told("")
    config.connect("notify", changed)
    packed(dialog, (what, strength, chroma, noise, blur, note), preview, zoom_buttons(preview, SideBySide(preview, strengths)),
           caption(_("As it is now on the left, restored on the right.")))
    changed()
    return answered(dialog, preview)
