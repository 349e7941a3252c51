"""The dialog of Upscale…"""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gimp", "3.0")
from gi.repository import GObject, Gtk  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _, amount, duration, isolated, number  # noqa: E402
from ..image.layers import check_mode, raster_layers, refuse_rendered, rendered_layers  # noqa: E402
from ..image.result_layer import chosen_layer  # noqa: E402
from ..operations.presets import PRINT  # noqa: E402
from ..operations.upscaling import MOST_UNEVEN, invents, scaled_size, way_of  # noqa: E402
from ..previews.navigation import zoom_buttons  # noqa: E402
from ..previews.upscale_preview import UpscalePreview, visible_apart  # noqa: E402
from .models import fits, grey_unfit, model_list  # noqa: E402
from .numbers import slider  # noqa: E402
from .preset_row import PresetRow  # noqa: E402
from .sizes import MOST_FACTOR, SizeFields  # noqa: E402
from .widgets import answered, caption, choice_list, labelled, opened, packed, side_by_side  # noqa: E402

OFFERED = ("smssr-x4-detail", "smssr-x4-photo", "smssr-x4-quick", "smssr-x4-int8")
"""The models that are shown side by side with the default one, as far as they reach the factor."""

MOST_TILES = 6

LARGE = 2e9
"""Bytes of pixels from which on a result is said to need memory."""


def upscale_dialog(procedure, config, engine, image, drawables):
    """Upscale…; True for OK."""
    check_mode(image)
    layers = raster_layers(image.get_layers())
    if not layers:
        raise EngineError(_("The image has no layer with pixels of its own to enlarge."))
    active = active_layer(image, drawables) or layers[0]
    last_size(config)
    config.set_property("into", "image")  # the whole image is what is mostly wanted, also right after one layer alone
    config.set_property("picture", "auto")  # what the last picture was does not say what this one is
    dialog = opened(procedure, config, _("Upscale"))
    cards = [card for card in engine.hello()["models"] if card["task"] == "sr"]
    model = model_list(cards, config)
    picture, detail = choice_list(config, "picture"), slider(dialog, "detail")
    best, grain = (dialog.get_widget(name, GObject.TYPE_NONE) for name in ("best", "grain"))
    into = choice_list(config, "into")
    into.set_sensitive(active_layer(image, drawables) is not None)
    composite = visible_apart(image)

    def alone():
        return config.get_property("into") != "image"

    def base():
        thing = active if alone() else image
        return thing.get_width(), thing.get_height()

    resolution = image.get_resolution()[1:]
    fields = SizeFields(config, base, resolution)

    def printed(name, value):
        """Take the resolution of a print: no smaller on paper than it is now, and its size there is shown."""
        if name == PRINT:
            factor = max(width / was for width, was in zip(fields.size(), base(), strict=True))
            for key, wanted in (("factor", min(MOST_FACTOR, max(factor, value / resolution[0]))), ("width", 0), ("height", 0),
                                ("resolution", value)):
                config.set_property(key, wanted)
            fields.show_on_paper()
        return name == PRINT

    preset = PresetRow(procedure, config, ("factor", "width", "height", "resolution", "model", "detail", "picture", "best", "grain"),
                       printed)
    outcome = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)

    def settings():
        (width, height), (base_width, base_height) = fields.size(), base()
        return max(width, base_width), max(height, base_height), way_of(config, cards)

    def needed():
        """How many seconds it will take, None where that is not known yet, and how many bytes the layers will have."""
        (width, height), (base_width, base_height) = fields.size(), base()
        enlarged = [active] if alone() else layers
        counts = [across * down for across, down in (scaled_size(layer, width / base_width, height / base_height) for layer in enlarged)]
        size = sum(count * layer.get_bpp() for count, layer in zip(counts, enlarged, strict=True))
        return preview.pace and sum(counts) / preview.pace, size

    def say(words=""):
        judged = not config.get_property("model") and config.get_property("picture") == "auto" and preview.photo
        rendered = rendered_layers(image.get_layers())
        seconds, size = needed()
        memory = [_("GIMP will need {0} of memory for it.").format(amount(size))] if size >= LARGE else []
        found = [_("Noise or JPEG artefacts were found, and will be removed.")] if judged else []
        outcome.set_text(words or " ".join([sentence(fields.size(), base(), config.get_property("into"), seconds, rendered),
                                            *memory, *found]))

    def models():
        width, height, way = settings()
        factor = max(width / base()[0], height / base()[1])
        fitting = [card for card in cards if card["name"] in OFFERED and fits(card, factor)]
        best = [(card["title"], (width, height, {**way, "model": card["name"], "detail": None}),
                 lambda name=card["name"]: config.set_property("model", name)) for card in fitting]
        return [(_("GIMP's cubic"), (width, height, {**way, "plain": True, "model": None, "detail": None}), None),
                (_("Photographs and drawings (default)"), (width, height, {**way, "model": None, "detail": None}),
                 lambda: config.set_property("model", "")), *best][:MOST_TILES]

    def changed(*_args):
        if alone():
            try:
                refuse_rendered(active)
            except EngineError as error:
                dialog.set_response_sensitive(Gtk.ResponseType.OK, False)
                outcome.set_text(str(error))
                return
        (width, height), (base_width, base_height) = fields.size(), base()
        larger = width >= base_width and height >= base_height and (width, height) != (base_width, base_height)
        dialog.set_response_sensitive(Gtk.ResponseType.OK, larger)
        picture.set_sensitive(not config.get_property("model"))
        detail.set_sensitive(invents(config, cards))
        grey_unfit(model, cards, max(width / base_width, height / base_height))
        preview.look_at(active if alone() else composite)
        say()
        preview.refresh()

    preview = UpscalePreview(engine, image, active if alone() else composite, settings)
    preview.told = say
    config.connect("notify", changed)
    packed(dialog, (preset, fields, labelled(_("_Model"), model), detail, picture, best, grain, into, outcome), preview,
           zoom_buttons(preview, side_by_side(preview, models)),
           caption(_("GIMP's cubic scaling on the left, the result on the right.")))
    changed()
    try:
        return answered(dialog, preview)
    finally:
        composite.get_image().delete()


def active_layer(image, drawables):
    """The layer that is active; None where a channel is, or several things are."""
    try:
        return chosen_layer(image, drawables[0]) if len(drawables) == 1 else None
    except EngineError:
        return None


def last_size(config):
    """Have the dialog begin with the factor of last time; a width or a resolution that was typed then was meant for another image."""
    config.set_property("resolution", 0)
    if not config.get_property("factor"):
        for name, value in (("factor", config.get_property("last-factor")), ("width", 0), ("height", 0)):
            config.set_property(name, value)


def sentence(size, base, into, seconds, rendered):
    """What will come of it, in words."""
    (width, height), (base_width, base_height) = size, base
    if width < base_width or height < base_height or size == base:
        return isolated(_("Choose a size above {0} × {1}.").format(base_width, base_height))
    if seconds:
        what = {"image": _("The image becomes {0} × {1} pixels, in about {2}."),
                "new-image": _("The layer becomes a new image of {0} × {1} pixels, in about {2}."),
                "new-layer": _("The layer becomes a new layer of {0} × {1} pixels, in about {2}.")}
    else:
        what = {"image": _("The image becomes {0} × {1} pixels."),
                "new-image": _("The layer becomes a new image of {0} × {1} pixels."),
                "new-layer": _("The layer becomes a new layer of {0} × {1} pixels.")}
    words = what[into].format(width, height, duration(seconds or 0))
    if abs(width * base_height / (height * base_width) - 1) > 2 / min(width, height):
        across, down = width / base_width, height / base_height
        words += " " + _("It is distorted: {0} times as wide, {1} times as high.").format(number(across, ".2f"), number(down, ".2f"))
    distorted = abs(width * base_height / (height * base_width) - 1) > MOST_UNEVEN
    stretched = [] if into != "image" else [layer.get_name() for layer in rendered if distorted or not layer.is_text_layer()]
    if stretched:
        words += " " + _("These layers are stretched as pixels: {0}.").format(", ".join(stretched))
    return isolated(words)
