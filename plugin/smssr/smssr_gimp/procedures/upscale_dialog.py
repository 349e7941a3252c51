"""The dialog of Upscale…"""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gimp", "3.0")
from gi.repository import Gtk  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..layers import check_mode, raster_layers  # noqa: E402
from ..upscale_preview import UpscalePreview  # noqa: E402
from ..upscaling import new_size  # noqa: E402
from ..widgets import answered, caption, labelled, list_of, opened, packed  # noqa: E402
from ..words import _  # noqa: E402


def upscale_dialog(procedure, config, engine, image, drawables):
    """Upscale…; True for OK."""
    check_mode(image)
    layers = [layer for layer in drawables if layer in raster_layers(image.get_layers())] or raster_layers(image.get_layers())
    if not layers:
        raise EngineError(_("The image has no layer with pixels of its own to enlarge."))
    layer = layers[0]
    dialog = opened(procedure, config, _("Upscale"))
    cards = [card for card in engine.hello()["models"] if card["task"] == "sr"]
    model = list_of(cards, config, "model", ("", _("the one that fits the factor")))
    model.set_tooltip_text(_("The network to enlarge with"))
    dialog.fill(["factor", "width", "height", "layer-only"])
    outcome = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)

    def factors():
        width, height = new_size(config, image.get_width(), image.get_height())
        return max(1.0, width / image.get_width()), max(1.0, height / image.get_height())

    def settings():
        if config.get_property("layer-only"):
            width, height = new_size(config, layer.get_width(), layer.get_height())
            return max(1.0, width / layer.get_width()), max(1.0, height / layer.get_height()), config.get_property("model")
        return (*factors(), config.get_property("model"))

    def say(words):
        outcome.set_text(words)

    def changed(*_args):
        alone = config.get_property("layer-only")
        thing = layer if alone else image
        width, height = new_size(config, thing.get_width(), thing.get_height())
        larger = width >= thing.get_width() and height >= thing.get_height() and (width, height) != (thing.get_width(), thing.get_height())
        what = _("The layer becomes a new image of {0} × {1} pixels.") if alone else _("The image becomes {0} × {1} pixels.")
        say(what.format(width, height) if larger else _("Choose a size above {0} × {1}.").format(thing.get_width(), thing.get_height()))
        dialog.set_response_sensitive(Gtk.ResponseType.OK, larger)
        preview.refresh()

    preview = UpscalePreview(engine, image, layer, settings)
    preview.told = lambda words: words and say(words)
    config.connect("notify", changed)
    packed(dialog, labelled(_("_Model"), model), outcome, preview,
           caption(_("GIMP's cubic scaling | this. Drag the divider, or the picture.")))
    changed()
    return answered(dialog, preview)
