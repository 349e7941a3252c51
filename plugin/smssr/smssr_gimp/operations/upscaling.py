"""Enlarging an image or a layer. Everything is computed first; the image is touched in one undo group at the end."""

import itertools
import re

from gi.repository import Gio, GLib

from ..engine import EngineError
from ..i18n import _, isolated
from ..image.layers import check_mode, raster_layers, refuse_rendered
from ..image.parasites import base_of, mark_style, style_of
from ..image.pixels import copy, counted, format_of, image_like, native, opaque_format, put, scratch, tiles_into
from ..image.result_layer import compute, titled
from ..image.selection import leave_quick_mask
from ..image.snapshot import TRIES, Snapshot, fingerprint, restless
from ..image.texts import Texts
from ..image.write_back import held_still, one_step, unlocked
from ..protocol import Upscale

MOST_UNEVEN = 0.01
"""How much width and height may be scaled differently for a text to be set anew instead of stretched."""


def nearest(number):
    """Rounded as GIMP rounds: halves away from zero."""
    return int(number + 0.5) if number >= 0 else -int(-number + 0.5)


def scaled_size(layer, across, down):
    """The size that GIMP's Scale Image gives a layer."""
    x, y = layer.get_offsets()[1:]
    return (nearest(across * (x + layer.get_width())) - nearest(across * x), nearest(down * (y + layer.get_height())) - nearest(down * y))


def new_size(config, width, height):
    """Width and height that the settings ask for, for something that is width × height now."""
    factor, wanted_width, wanted_height = (config.get_property(name) for name in ("factor", "width", "height"))
    if factor > 0:
        return int(factor * width + 0.5), int(factor * height + 0.5)
    if wanted_width and not wanted_height:
        wanted_height = max(1, int(height * wanted_width / width + 0.5))
    if wanted_height and not wanted_width:
        wanted_width = max(1, int(width * wanted_height / height + 0.5))
    return wanted_width, wanted_height


def invents(config, cards):
    """Whether the model that is chosen invents detail; `cards`: the engine's models."""
    return any(card.get("invents") for card in cards if card["name"] == config.get_property("model"))


def way_of(config, cards):
    """How the settings ask the engine to enlarge: with which model, what kind of picture, whether several answers are averaged, whether
    grain is laid over it, and how much detail is invented, where the model invents any."""
    model, kind, best, grain, detail = (config.get_property(name) for name in ("model", "picture", "best", "grain", "detail"))
    return {"model": model or None, "kind": kind, "best": best, "grain": grain, "detail": detail if invents(config, cards) else None}


def upscale_image(engine, image, width, height, way, progress, resolution=0):
    """Scale the whole image as GIMP does, with every raster layer's pixels from the network; `way` as of `way_of`.

    `resolution`: pixels per inch that it gets; 0: as it is.
    """
    check_mode(image)
    across, down = width / image.get_width(), height / image.get_height()
    if width < image.get_width() or height < image.get_height() or (across == 1 and down == 1):
        raise EngineError(isolated(_("The image has {0} × {1} pixels; choose a size above that.").format(
            image.get_width(), image.get_height())))
    layers = raster_layers(image.get_layers())
    if not layers:
        raise EngineError(_("The image has no layer with pixels of its own to enlarge."))
    snapshot = Snapshot(image)
    styles = {layer: (told, base_of(image, layer)) for layer in layers if (told := style_of(layer))}
    styles = {layer: (told, base) for layer, (told, base) in styles.items() if base in layers and base not in styles}
    waiting, answers = [layer for layer in layers if layer not in styles] + list(styles), {}
    even = abs(across / down - 1) <= MOST_UNEVEN  # a text cannot be set distorted: GIMP stretches its pixels then
    for _attempt in range(TRIES):
        with snapshot.watched():
            _enlarge(engine, image, waiting, answers, styles, (across, down), way, progress, snapshot.check)
        snapshot.check()
        with held_still(image):
            snapshot.check()
            changed = [layer for layer, (_enlarged, before) in answers.items() if fingerprint(layer) != before]
            waiting = [layer for layer in answers if layer in changed or (layer in styles and styles[layer][1] in changed)]
            if not waiting:
                _put_in(image, (width, height), down if even else None, answers, styles, resolution)
                return
    raise restless()


def _put_in(image, size, text_factor, answers, styles, resolution):
    """Scale the image and give its layers their enlarged pixels. `text_factor`: how much larger texts are set; None: as pixels."""
    texts = Texts(image) if text_factor else None
    with one_step(image), unlocked(answers):
        image.scale(*size)
        if resolution:
            image.set_resolution(resolution, resolution)
        if texts:
            texts.set_anew(text_factor)
        for layer, (enlarged, _before) in answers.items():
            copy(enlarged, layer, native(layer))
            if layer in styles:
                told, _base = styles[layer]
                mark_style(layer, told)


def _enlarge(engine, image, layers, answers, styles, factors, way, progress, check):
    """Put into `answers` for each layer its enlargement, in a layer that is in no image yet, and the fingerprint of what it was made from.

    `way`: as of `way_of`. `styles`: those of the layers that are a style's, with its settings and the layer that it belongs to.
    They need no network to be enlarged: their texture is computed anew on the enlarged layer, as fine as before. `check` raises where the
    image is not what it was.
    """
    total = sum(layer.get_width() * layer.get_height() for layer in layers)
    behind = 0
    for layer in layers:
        share = layer.get_width() * layer.get_height() / total
        new_width, new_height = scaled_size(layer, *factors)
        if new_width < 1 or new_height < 1:
            continue
        before = fingerprint(layer)
        enlarged = scratch(image, layer.get_name(), new_width, new_height, layer.type())
        told, base = styles.get(layer, (None, None))
        large = answers[base][0] if base in answers else None
        if large and (large.get_width(), large.get_height()) == (new_width, new_height):
            put(engine, large)
            format_ = opaque_format(enlarged)
            number = engine.send(told)
        else:
            format_ = format_of(layer)[0]
            put(engine, layer)
            number = engine.send(Upscale(1, new_height, new_width, **way))

        def tell(done, tiles, layer=layer, behind=behind, share=share):
            words = _("{layer}: tile {done} of {tiles}").format(layer=layer.get_name(), done=done, tiles=tiles)
            progress(behind + share * done / tiles, words)

        tiles_into(enlarged, format_, engine.answers(number), tell)
        check()
        answers[layer] = enlarged, before
        behind += share


def upscale_into_layer(engine, image, layer, width, height, way, progress):
    """A layer enlarged, as a new one above it with the same middle; `way` as of `way_of`. Returns it."""
    _check_layer(image, layer, width, height)
    fresh = scratch(image, titled(image, _("enlarged"), layer), width, height, layer.type())

    def put_in():
        x, y = layer.get_offsets()[1:]
        fresh.set_opacity(layer.get_opacity())
        fresh.set_mode(layer.get_mode())
        image.insert_layer(fresh, layer.get_parent(), image.get_item_position(layer))
        fresh.set_offsets(x - (width - layer.get_width()) // 2, y - (height - layer.get_height()) // 2)
        leave_quick_mask(image, layer)
        image.set_selected_layers([fresh])

    compute(engine, image, layer, fresh, format_of(layer)[0], Upscale(1, height, width, **way), progress, put_in)
    return fresh


def _check_layer(image, layer, width, height):
    """Raises EngineError where a layer cannot become width × height."""
    check_mode(image)
    refuse_rendered(layer)
    if width < layer.get_width() or height < layer.get_height() or (width, height) == (layer.get_width(), layer.get_height()):
        raise EngineError(isolated(_("The layer has {0} × {1} pixels; choose a size above that.").format(
            layer.get_width(), layer.get_height())))


def upscale_layer(engine, image, layer, width, height, way, progress, resolution=0):
    """The active layer alone, enlarged, as a new image; `way` as of `way_of`. Returns it.

    `resolution`: its pixels per inch; 0: so many that it is as large in print as before.
    """
    _check_layer(image, layer, width, height)
    format_ = format_of(layer)[0]
    put(engine, layer)
    number = engine.send(Upscale(1, height, width, **way))
    new = image_like(image, width, height)
    try:
        across, down = image.get_resolution()[1:]
        new.set_resolution(resolution or across * width / layer.get_width(), resolution or down * height / layer.get_height())
        fresh = scratch(new, layer.get_name(), width, height, layer.type())
        new.insert_layer(fresh, None, 0)
        name = f"{layer.get_name()}-x{width / layer.get_width():.3g}"
        tiles_into(fresh, format_, engine.answers(number), counted(progress))
        new.set_file(_free_file(image, name))
        new.undo_enable()
    except BaseException:
        new.delete()
        raise
    return new


def _free_file(image, stem):
    """A file that is not there yet, beside the image's own or in the user's home, so that a new image has a name of its own."""
    own = image.get_file() or image.get_imported_file()
    folder = own.get_parent() if own else Gio.File.new_for_path(GLib.get_home_dir())
    stem = re.sub(r'[/\\:*?"<>|\x00-\x1f]', "_", stem)[:100]
    names = itertools.chain([f"{stem}.xcf"], (f"{stem}-{i}.xcf" for i in itertools.count(2)))
    return next(file for name in names if not (file := folder.get_child(name)).query_exists())
