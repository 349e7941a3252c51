"""The dialog of Restore…"""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GObject, Gtk  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _, duration, number  # noqa: E402
from ..image import kept_settings  # noqa: E402
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..image.result_layer import check_touched, layer_of, result_layer, subject_of, where  # noqa: E402
from ..image.selection import nothing_selected  # noqa: E402
from ..operations.restoring import DONE, Wish, check_selection  # noqa: E402
from ..previews.navigation import zoom_buttons  # noqa: E402
from ..previews.restore_preview import RestorePreview  # noqa: E402
from .numbers import AutoSlider, slider  # noqa: E402
from .preset_row import PresetRow  # noqa: E402
from .widgets import allowed, answered, begin_with, caption, choice_list, opened, packed, side_by_side  # noqa: E402

STRENGTHS = (0.25, 0.5, 0.75, 1.0)
"""What is shown side by side."""

LONG = 5
"""Seconds from which on it is said how long it takes."""


def changeable(image, drawable):
    """The active layer, its settings and its base, where it is one that can be restored anew; None for another."""
    ours = result_layer(image, drawable, DONE)
    return ours if ours and not filled(ours) else None


def filled(ours):
    """Whether a layer of ours (as of `result_layer`) is one that fills: what is below it is restored without it."""
    return ours is not None and ours[1].get("what") == "fill"


def restore_dialog(procedure, config, engine, image, drawable):
    """Restore…; True for OK."""
    check_mode(image)
    active, told, base = changeable(image, drawable) or (None, {}, None)
    over = filled(result_layer(image, drawable, DONE))
    layer = layer_of(image, subject_of(image, drawable, DONE))
    refuse_rendered(layer)
    selected = not nothing_selected(image)
    check_touched(image, layer)
    if not selected and config.get_property("what") == "fill":
        config.set_property("what", "clean")
    begin_with(config, image, active, told)
    for name, value in kept_settings.suggested(procedure.get_name()).items():
        config.set_property(name, value)
    dialog = opened(procedure, config, _("Restore"))
    what = choice_list(config, "what")
    grain, change = (dialog.get_widget(name, GObject.TYPE_NONE) for name in ("grain", "change"))
    change.set_sensitive(active is not None)
    strength, chroma = slider(dialog, "strength"), slider(dialog, "chroma")
    noise, blur = AutoSlider(config, "noise", lower=0.5, first=10), AutoSlider(config, "blur", lower=0.2, first=1)
    jpeg = AutoSlider(config, "jpeg", lower=1, first=50, digits=0)
    note = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)

    preset = PresetRow(procedure, config, ("what", "strength", "chroma", "noise", "jpeg", "blur", "grain"))

    def settings():
        return Wish.of(config)

    def strengths():
        return [(number(share, ".2f"), settings()._replace(strength=share), lambda share=share: config.set_property("strength", share))
                for share in STRENGTHS]

    def changed(*_args):
        wanted = config.get_property("what")
        cleans = wanted in ("clean", "clean-sharpen")
        chroma.set_sensitive(cleans and not layer.is_gray())
        noise.set_sensitive(cleans)
        jpeg.set_sensitive(cleans and not config.get_property("noise"))  # it is cleaned of one of them
        blur.set_sensitive(wanted in ("sharpen", "clean-sharpen"))
        grain.set_sensitive(wanted == "fill")
        preview.look_at(base if config.get_property("change") else layer)
        if allowed(dialog, note, check):
            preview.refresh()

    def check():
        check_selection(image, config.get_property("what"))
        if config.get_property("change") and config.get_property("what") == "fill":
            raise EngineError(_("Filling always adds a layer: untick Change first."))

    preview = RestorePreview(engine, image, base or layer, settings, active)

    def tell(words):
        found = {"noise": _("Noise level found: {0} of 255."), "jpeg": _("JPEG quality found: {0}."),
                 "blur": _("Blur width found: {0} pixels.")}
        shown = [text.format(number(preview.found[key], "g")) for key, text in found.items() if key in preview.found]
        place = _("Changes only what the mask of the active layer shows (white).") if config.get_property("change") else where(image, layer)
        whole = [_("For the whole picture, choose Layer ▸ New from Visible first.")] if over else []
        seconds = preview.pace and layer.get_width() * layer.get_height() / preview.pace
        time = [_("It takes about {time}.").format(time=duration(seconds))] if seconds and seconds > LONG else []
        note.set_text(words or " ".join([place, *whole, *shown, *time]))

    preview.told = tell
    preview.told("")
    config.connect("notify", changed)
    rows = preset, what, strength, chroma, noise, jpeg, blur, grain, change, note
    packed(dialog, rows, preview, zoom_buttons(preview, side_by_side(preview, strengths)),
           caption(_("As it is now on the left, restored on the right.")))
    changed()
    return answered(dialog, preview)
