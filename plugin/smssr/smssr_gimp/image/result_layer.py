"""A layer of ours above the one that it was computed from: computed from what is there in the end, with a mask to paint on."""

import contextlib
import itertools

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from .layers import check_mode, every_layer, refuse_rendered  # noqa: E402
from .parasites import base_of, mark_result, result_of  # noqa: E402
from .pixels import STRIP, copy, counted, format_of, native, put, rectangle, scratch, tiles_into  # noqa: E402
from .selection import in_common, layers_before, leave_quick_mask, nothing_selected, quick_mask, selected_part, selection  # noqa: E402
from .snapshot import TRIES, Snapshot, fingerprint, restless  # noqa: E402
from .write_back import held_still, one_step, unlocked  # noqa: E402

LEAST_SIZE = 0.5
"""Of textures and forms; what is asked for below it, but for 0, is taken for it."""


MOSTLY = 0.5
"""Less than this share of what is selected is seen in a layer where something else is meant."""

BETWEEN = " · "
"""Between what a layer is and what it was made from, in its name."""


def sized(size):
    """The size that the engine is asked for; 0: in proportion to the picture."""
    return max(LEAST_SIZE, size) if size else 0.0


def chosen_part(image, drawables):
    """The layer that a style is to be made from, and the part of it that is selected, (x, y, width, height). Raises EngineError."""
    if len(drawables) != 1:
        raise EngineError(_("Choose one layer."))
    check_mode(image)
    layer = chosen_layer(image, drawables[0])
    refuse_rendered(layer)
    check_touched(image, layer)
    return layer, selected_part(image, layer)


def chosen_layer(image, drawable):
    """The layer that is meant by a drawable: itself, or that of a mask, or, while the Quick Mask is on, the one below that.

    Raises EngineError for another channel.
    """
    if drawable.is_layer_mask():
        return Gimp.Layer.from_mask(drawable)
    if not isinstance(drawable, Gimp.Channel):
        return drawable
    if drawable != quick_mask(image):
        raise EngineError(_("A channel is active. Click a layer first."))
    layers = layers_before(image)
    if len(layers) != 1:
        raise EngineError(_("Choose one layer. The Quick Mask can stay on."))
    return layers[0]


def layer_of(image, drawable):
    """The layer to work on: as of `chosen_layer`, or the one that a style's layer or group belongs to. Raises EngineError."""
    layer = chosen_layer(image, drawable)
    return base_of(image, layer) or layer


def subject_of(image, drawable, done):
    """What a layer is added to: a drawable, or the layer that it was made from, as of `result_of`, where mostly something else is selected
    than its mask shows."""
    ours = result_layer(image, drawable, done)
    return ours[2] if ours and in_common(image, ours[0])[1] < MOSTLY else drawable


def check_touched(image, layer):
    """Raises EngineError where something is selected, but nothing of a layer."""
    if not selected_part(image, layer):
        raise EngineError(_("The selection does not touch the layer. Select some of it, or nothing at all."))


def where(image, layer):
    """Words for where a new layer over this one will be seen."""
    if quick_mask(image) and not nothing_selected(image):
        words = _("Changes only what the Quick Mask leaves clear.")
    elif not nothing_selected(image):
        words = _("Changes only what is selected.")
    else:
        words = (_("Changes only what the layer's own mask shows (white).") if layer.get_mask() else
                 _("Changes the whole layer. Paint on the new layer's mask to choose where."))
    return words if seen(layer) else words + " " + _("The layer is hidden.")


def seen(layer):
    """Whether a layer is visible, and the groups that it is in."""
    while layer:
        if not layer.get_visible():
            return False
        layer = layer.get_parent()
    return True


@contextlib.contextmanager
def selection_over(image, layer):
    """Within, the selection over a layer as it is now, as pixels of a channel that is in no image; None where nothing is selected.

    Raises EngineError where the selection does not touch the layer.
    """
    check_touched(image, layer)
    if nothing_selected(image):
        yield None
        return
    width, height = layer.get_width(), layer.get_height()
    _exact, x, y = layer.get_offsets()
    kept = Gimp.Channel.new(image, "selection", width, height, 100.0, Gegl.Color.new("black"))
    try:
        source, target = selection(image).get_buffer(), kept.get_buffer()
        rows = max(1, STRIP // width)
        for top in range(0, height, rows):
            bottom = min(height, top + rows)
            pixels = source.get(rectangle(top + y, bottom + y, x, x + width), 1.0, "Y float", Gegl.AbyssPolicy.NONE)
            target.set(rectangle(top, bottom, 0, width), "Y float", pixels)
        target.flush()
        yield kept
    finally:
        if kept.is_valid():  # it goes with its image
            kept.delete()


def compute(engine, image, layer, fresh, format_, request, progress, put_in):
    """Fill `fresh`, a layer that is in no image yet, with the engine's answer for a layer, and put it in: `put_in()`, one step to undo.

    It is computed anew where the layer is painted on meanwhile. `format_`: of the answer's tiles; `request`: what the engine is asked for.
    Raises EngineError where the image has another geometry then.
    """
    snapshot = Snapshot(image)
    for _attempt in range(TRIES):
        with snapshot.watched():
            before = fingerprint(layer)
            put(engine, layer)
            number = engine.send(request)
            tiles_into(fresh, format_, engine.answers(number), counted(progress))
        snapshot.check()
        with held_still(image):
            snapshot.check()
            if fingerprint(layer) == before:
                with one_step(image), unlocked([layer.get_parent()]):
                    put_in()
                return
    raise restless()


def titled(image, what, layer, instead=None):
    """What a layer that is `what` of another one is called. A name that is there already, but for that of `instead`, gets a number."""
    stem = layer.get_name().split(BETWEEN)[-1]
    taken = {one.get_name() for one in every_layer(image.get_layers()) if one != instead}
    names = itertools.chain([what], (f"{what} {number}" for number in itertools.count(2)))
    return next(name for name in (f"{name}{BETWEEN}{stem}" for name in names) if name not in taken)


def result_layer(image, drawable, done):
    """The layer that a drawable is, or is the mask of, with its settings and its base as of `result_of`; None where it is none of ours."""
    if isinstance(drawable, Gimp.Channel) and not drawable.is_layer_mask():
        return None
    layer = chosen_layer(image, drawable)
    told = result_of(image, layer, done)
    return told and (layer, *told)


def put_in_place(image, old, fresh):
    """Put a layer into the place of another one, whose mask and visibility it takes over. Within the caller's undo step."""
    fresh.set_visible(False)  # until it has its mask: a dialog that opens meanwhile looks at what is visible
    image.insert_layer(fresh, old.get_parent(), image.get_item_position(old))
    fresh.set_offsets(*list(old.get_offsets())[1:])
    if old.get_mask():
        mask = fresh.create_mask(Gimp.AddMaskType.WHITE)
        fresh.add_mask(mask)
        copy(old.get_mask(), mask, native(mask))
    shown = old.get_visible()
    image.remove_layer(old)
    fresh.set_visible(shown)
    image.set_selected_layers([fresh])
    fresh.set_edit_mask(fresh.get_mask() is not None)


def blend_normally(layer, strength):
    """Have a layer lie over what is below it, as colours are seen."""
    layer.set_opacity(100 * strength)
    layer.set_blend_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)
    layer.set_composite_space(Gimp.LayerColorSpace.RGB_NON_LINEAR)


def laid(engine, image, drawable, wish, progress, done, what, prepare=lambda chosen: None):
    """Do what a wish says to a layer and lay the answer over it; with `wish.change`, in the place of the active one. Returns the new layer.

    The mask is the selection as it is now, else the layer's own, else white; of a changed layer, it stays. `done`: the word for it in the
    layer's mark; `what`: in its name; `prepare(chosen)`: called with the mask's pixels before anything is computed. Raises EngineError.
    """
    check_mode(image)
    ours = result_layer(image, drawable, done) if wish.change else None
    if wish.change and not ours:
        raise EngineError(_("The active layer was not made by this filter, or has been painted on since, so it cannot be changed."))
    old, settings, layer = ours or (None, None, layer_of(image, drawable))
    refuse_rendered(layer)
    if old and settings == wish.settings():  # how strongly, is the layer's own opacity
        with held_still(image), one_step(image):
            old.set_opacity(100 * wish.strength)
        return old
    fresh = scratch(image, titled(image, what, layer, old), layer.get_width(), layer.get_height(), layer.type())
    with contextlib.nullcontext() if old else selection_over(image, layer) as chosen:
        prepare(chosen)

        def put_in():
            mark_result(fresh, done, wish.settings(), layer)
            if old:
                blend_normally(fresh, wish.strength)
                put_in_place(image, old, fresh)
            else:
                lay_over(image, layer, fresh, wish.strength, chosen)

        compute(engine, image, layer, fresh, format_of(layer)[0], wish.request(), progress, put_in)
    return fresh


def lay_over(image, layer, fresh, strength, chosen):
    """Put a finished layer into the image, in normal mode above the one that it was made from, with a mask. Within the caller's undo step.

    `strength`: its opacity, 0 … 1; `chosen`: as of `give_mask`.
    """
    blend_normally(fresh, strength)
    fresh.set_visible(False)
    image.insert_layer(fresh, layer.get_parent(), image.get_item_position(layer))
    give_mask(image, layer, fresh, chosen)


def give_mask(image, layer, fresh, chosen):
    """Lay a layer that is in the image now over the one that it was made from, and make its mask the thing to paint on.

    It becomes visible with its mask: a dialog that opens meanwhile looks at what is visible. `chosen`: the mask's pixels; None takes those
    of the layer's own, else white.
    """
    fresh.set_offsets(*list(layer.get_offsets())[1:])
    mask = fresh.create_mask(Gimp.AddMaskType.WHITE)
    fresh.add_mask(mask)
    source = chosen or layer.get_mask()
    if source:
        copy(source, mask, "Y float")
    fresh.set_visible(True)
    leave_quick_mask(image, layer)
    image.set_selected_layers([fresh])
    fresh.set_edit_mask(True)
