"""The dialog of Stylize…"""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject, Gtk  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..layers import check_mode, refuse_rendered  # noqa: E402
from ..navigation import zoom_buttons  # noqa: E402
from ..styling import layer_of  # noqa: E402
from ..stylize_preview import StylizePreview  # noqa: E402
from ..widgets import answered, caption, labelled, list_of, opened, packed  # noqa: E402
from ..words import _  # noqa: E402


def stylize_dialog(procedure, config, engine, image, drawable):
    """Stylize…; True for OK."""
    check_mode(image)
    layer = layer_of(image, drawable)
    refuse_rendered(layer)
    if not Gimp.Selection.is_empty(image) and not layer.mask_intersect()[0]:
        raise EngineError(_("The selection does not touch the layer. Select some of it, or nothing at all."))
    dialog = opened(procedure, config, _("Stylize"))
    cards = [card for card in engine.hello()["models"] if card["task"] == "style"]
    style = list_of(cards, config, "style")
    style.set_tooltip_text(_("The texture to paint"))
    strength, seed = (dialog.get_widget(name, GObject.TYPE_NONE) for name in ("strength", "seed"))
    where = (_("Where the selection is.") if not Gimp.Selection.is_empty(image) else
             _("Where the layer's own mask is white.") if layer.get_mask() else
             _("Everywhere. Repaint the new layer's mask to choose where."))
    note = Gtk.Label(label=where, xalign=0, wrap=True, max_width_chars=60)

    def settings():
        return tuple(config.get_property(name) for name in ("style", "strength", "seed"))

    preview = StylizePreview(engine, image, layer, settings)
    preview.told = lambda words: note.set_text(words or where)
    config.connect("notify", preview.refresh)
    packed(dialog, (labelled(_("St_yle"), style), strength, seed, note), preview, zoom_buttons(preview),
           caption(_("As it is now on the left, with the style on the right.")))
    return answered(dialog, preview)
