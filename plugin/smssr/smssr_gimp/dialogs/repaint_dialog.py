"""The dialog of Repaint…"""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gimp", "3.0")
from gi.repository import GObject, Gtk  # noqa: E402

from ..i18n import _, number  # noqa: E402
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..image.result_layer import check_touched, layer_of, result_layer, subject_of, where  # noqa: E402
from ..image.selection import nothing_selected  # noqa: E402
from ..operations.repainting import DONE, Wish  # noqa: E402
from ..previews.navigation import zoom_buttons  # noqa: E402
from ..previews.repaint_preview import RepaintPreview  # noqa: E402
from .numbers import AutoSlider, slider  # noqa: E402
from .preset_row import PresetRow  # noqa: E402
from .style_chooser import StyleChooser, remember  # noqa: E402
from .widgets import answered, begin_with, caption, labelled, opened, packed, side_by_side  # noqa: E402

STRENGTHS = (0.25, 0.5, 0.75, 1.0)
"""What is shown side by side."""


def repaint_dialog(procedure, config, engine, image, drawable):
    """Repaint…; True for OK."""
    check_mode(image)
    active, told, base = result_layer(image, drawable, DONE) or (None, {}, None)
    layer = layer_of(image, subject_of(image, drawable, DONE))
    refuse_rendered(layer)
    check_touched(image, layer)
    begin_with(config, image, active, told)
    dialog = opened(procedure, config, _("Repaint"))
    cards = engine.hello()["models"]
    style = StyleChooser([card for task in ("painting", "coarse") for card in cards if card["task"] == task], config, "style")
    by_strokes = {card["name"] for card in cards if card["task"] == "painting"}
    strength, detail, colour = (slider(dialog, name) for name in ("strength", "detail", "colour"))
    seed, size = dialog.get_widget("seed", GObject.TYPE_NONE), AutoSlider(config, "size", 0.5, 1)
    grow, change = (dialog.get_widget(name, GObject.TYPE_NONE) for name in ("grow", "change"))
    change.set_sensitive(active is not None)
    note = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)

    preset = PresetRow(procedure, config, ("style", "strength", "detail", "colour", "size", "seed"))

    def strengths():
        return [(number(share, ".2f"), Wish.of(config)._replace(strength=share), lambda share=share: config.set_property("strength", share))
                for share in STRENGTHS]

    def changed(*_args):
        for widget in (detail, colour):  # a network knows neither
            widget.set_sensitive(config.get_property("style") in by_strokes)
        grow.set_sensitive(not (config.get_property("change") or nothing_selected(image)))
        preview.look_at(base if config.get_property("change") else layer)
        preview.refresh()

    preview = RepaintPreview(engine, image, base or layer, lambda: Wish.of(config), active)
    preview.told = lambda words: note.set_text(
        words or (_("Changes only what the mask of the active layer shows (white).") if config.get_property("change")
                  else where(image, layer)))
    preview.told("")
    config.connect("notify", changed)
    changed()
    packed(dialog, (preset, labelled(_("Pai_nting"), style), strength, detail, colour, size, seed, grow, change, note), preview,
           zoom_buttons(preview, side_by_side(preview, strengths)),
           caption(_("As it is now on the left, repainted on the right.")))
    if not answered(dialog, preview):
        return False
    remember(config.get_property("style"))
    return True
