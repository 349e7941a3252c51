"""The dialog of Repaint…"""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gimp", "3.0")
from gi.repository import GObject, Gtk  # noqa: E402

from ..i18n import _  # noqa: E402
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..image.result_layer import check_touched, layer_of, where  # noqa: E402
from ..operations.repainting import Wish  # noqa: E402
from ..previews.navigation import zoom_buttons  # noqa: E402
from ..previews.repaint_preview import RepaintPreview  # noqa: E402
from ..previews.side_by_side import SideBySide  # noqa: E402
from .style_chooser import StyleChooser  # noqa: E402
from .widgets import answered, caption, labelled, opened, packed  # noqa: E402

STRENGTHS = (0.25, 0.5, 0.75, 1.0)
"""What is shown side by side."""


def repaint_dialog(procedure, config, engine, image, drawable):
    """Repaint…; True for OK."""
    check_mode(image)
    layer = layer_of(image, drawable)
    refuse_rendered(layer)
    check_touched(image, layer)
    dialog = opened(procedure, config, _("Repaint"))
    cards = engine.hello()["models"]
    style = StyleChooser([card for task in ("painting", "coarse") for card in cards if card["task"] == task], config, "style")
    by_strokes = {card["name"] for card in cards if card["task"] == "painting"}
    strength, detail, colour, seed, size = (dialog.get_widget(name, GObject.TYPE_NONE)
                                            for name in ("strength", "detail", "colour", "seed", "size"))
    note = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)

    def strengths():
        return [(f"{share:.0%}", Wish.of(config)._replace(strength=share), lambda share=share: config.set_property("strength", share))
                for share in STRENGTHS]

    preview = RepaintPreview(engine, image, layer, lambda: Wish.of(config))
    preview.told = lambda words: note.set_text(words or where(image, layer))
    preview.told("")

    def changed(*_args):
        for widget in (detail, colour):  # a network knows neither
            widget.set_sensitive(config.get_property("style") in by_strokes)
        preview.refresh()

    config.connect("notify", changed)
    changed()
    row = Gtk.Box(spacing=12)
    for widget in (detail, colour, size, seed):
        row.pack_start(widget, False, False, 0)
    packed(dialog, (labelled(_("_Painting"), style), strength, row, note), preview, zoom_buttons(preview, SideBySide(preview, strengths)),
           caption(_("As it is now on the left, painted anew on the right.")))
    return answered(dialog, preview)
