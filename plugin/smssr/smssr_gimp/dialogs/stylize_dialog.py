"""The dialog of Stylize…"""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gimp", "3.0")
from gi.repository import GObject, Gtk  # noqa: E402

from ..i18n import _, number  # noqa: E402
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..image.parasites import style_of  # noqa: E402
from ..image.path_polylines import drawn  # noqa: E402
from ..image.result_layer import check_touched, layer_of, where  # noqa: E402
from ..operations.styling import Wish, style_layer  # noqa: E402
from ..previews.navigation import zoom_buttons  # noqa: E402
from ..previews.stylize_preview import StylizePreview  # noqa: E402
from .numbers import AutoSlider, slider  # noqa: E402
from .preset_row import PresetRow  # noqa: E402
from .style_chooser import StyleChooser, remember  # noqa: E402
from .widgets import answered, as_it_was, begin_with, caption, choice_list, labelled, opened, packed, side_by_side  # noqa: E402

STRENGTHS = (0.4, 0.8, 1.2, 1.6)
"""What is shown side by side."""


def settings_of(active):
    """The settings that a style's layer was made with."""
    told = style_of(active)
    way = told.direction
    was = {"strength": told.gain * active.get_opacity() / 100, "style": told.style, "seed": told.seed, "size": told.size,
           "sharpness": told.sharpness, "colour": told.colour,
           "direction": "path" if isinstance(way, list) else {None: "own", "follow": "follow"}.get(way, "angle")}
    return was | {"angle": way} if was["direction"] == "angle" else was


def stylize_dialog(procedure, config, engine, image, drawable):
    """Stylize…; True for OK."""
    check_mode(image)
    layer = layer_of(image, drawable)
    refuse_rendered(layer)
    check_touched(image, layer)
    active = style_layer(drawable)
    begin_with(config, image, active, settings_of(active) if active else {})
    dialog = opened(procedure, config, _("Stylize"))
    cards = [card for card in engine.hello()["models"] if card["task"] in ("material", "style")]
    style = StyleChooser(cards, config, "style")
    strength, colour, angle = (slider(dialog, name) for name in ("strength", "colour", "angle"))
    size = AutoSlider(config, "size", 0.5, 1)
    direction = choice_list(config, "direction")
    seed, sharpness, hidden, change = (dialog.get_widget(name, GObject.TYPE_NONE) for name in ("seed", "sharpness", "hidden", "change"))
    change.set_sensitive(active is not None)
    note = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)

    preset = PresetRow(procedure, config, ("style", "strength", "colour", "size", "direction", "angle", "seed", "sharpness", "hidden"))
    pathless = [False]  # whether a path was asked for that there is not

    def place():
        if pathless[0]:
            return _("There is no path yet. Draw one with the Paths tool, then choose this again.")
        return _("Changes only what the mask of the active layer shows (white).") if config.get_property("change") else where(image, layer)

    coloured = set() if layer.is_gray() else {card["name"] for card in cards if card["task"] == "material"}
    turning = {card["name"] for card in cards if card.get("steerable")}
    whole = {card["name"] for card in cards if card.get("structured")}  # turned as a whole

    def turned():
        hidden.set_sensitive(not config.get_property("change"))
        colour.set_sensitive(config.get_property("style") in coloured)
        can = config.get_property("style") in turning
        follows = config.get_property("direction") == "follow" and config.get_property("style") in whole
        if (follows or not can) and config.get_property("direction") != "own":
            config.set_property("direction", "own")
        if config.get_property("direction") == "path" and not drawn(image, layer):
            config.set_property("direction", "own")
            pathless[0] = True
        direction.set_sensitive(can)
        direction.set_tooltip_text(None if can else _("This style cannot be turned."))
        angle.set_sensitive(can and config.get_property("direction") == "angle")

    def changed(_config, what):
        pathless[0] = False
        if what.name == "change" and config.get_property("change"):  # begin from what it is
            as_it_was(config, active, settings_of(active))
        turned()
        preview.refresh()

    def strengths():
        wish = Wish.of(config, image, layer)
        return [(number(share, ".2f"), wish._replace(strength=share), lambda share=share: config.set_property("strength", share))
                for share in STRENGTHS]

    preview = StylizePreview(engine, image, layer, lambda: Wish.of(config, image, layer), active)
    turned()
    preview.told = lambda words: note.set_text(words or place())
    preview.told("")
    config.connect("notify", changed)
    rows = preset, labelled(_("St_yle"), style), strength, colour, size, direction, angle, seed, sharpness, hidden, change, note
    packed(dialog, rows, preview, zoom_buttons(preview, side_by_side(preview, strengths)),
           caption(_("As it is now on the left, with the style on the right.")))
    if not answered(dialog, preview):
        return False
    remember(config.get_property("style"))
    return True
