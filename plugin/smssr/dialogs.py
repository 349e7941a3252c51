"""The dialogs: GIMP's own procedure dialog, with lists of models and styles, what will come out, and the live preview."""

import os

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gimp", "3.0")
gi.require_version("GimpUi", "3.0")
from engine import EngineError  # noqa: E402
from gi.repository import GdkPixbuf, Gimp, GimpUi, Gtk, Pango  # noqa: E402
from picture import base_of, check_mode, raster_layers, refuse_rendered  # noqa: E402
from preview import StylizePreview, UpscalePreview  # noqa: E402
from words import _  # noqa: E402

THUMBNAIL = 48


def labelled(words, widget):
    """A row with a mnemonic label."""
    row = Gtk.Box(spacing=6)
    label = Gtk.Label(label=words, use_underline=True, mnemonic_widget=widget, xalign=0)
    row.pack_start(label, False, False, 0)
    row.pack_start(widget, True, True, 0)
    return row


def list_of(cards, config, name, first=None):
    """A list with thumbnails, bound to a string setting. `first`: a (key, title) before all cards."""
    rows = Gtk.ListStore(str, str, GdkPixbuf.Pixbuf)
    if first:
        rows.append([*first, None])
    for card in cards:
        path = card["thumbnail"]
        picture = GdkPixbuf.Pixbuf.new_from_file_at_size(path, THUMBNAIL, THUMBNAIL) if os.path.exists(path) else None
        rows.append([card["name"], f"{card['title']} ({card['name']})", picture])
    box = Gtk.ComboBox(model=rows, id_column=0)
    if any(row[2] for row in rows):
        cell = Gtk.CellRendererPixbuf()
        box.pack_start(cell, False)
        box.add_attribute(cell, "pixbuf", 2)
    cell = Gtk.CellRendererText(ellipsize=Pango.EllipsizeMode.END, width_chars=40, max_width_chars=40)
    box.pack_start(cell, True)
    box.add_attribute(cell, "text", 1)
    if not box.set_active_id(config.get_property(name)):
        box.set_active(0)
        config.set_property(name, box.get_active_id())
    box.connect("changed", lambda _box: config.set_property(name, box.get_active_id()))
    config.connect(f"notify::{name}", lambda *_args: box.set_active_id(config.get_property(name)))
    return box


def caption(words):
    """A line below the preview."""
    return Gtk.Label(label=words, xalign=0.5, wrap=True, max_width_chars=60)


def opened(procedure, config, title):
    """A procedure dialog."""
    GimpUi.init(procedure.get_name())
    return GimpUi.ProcedureDialog.new(procedure, config, title)


def packed(dialog, *widgets):
    """Put widgets below what the dialog has, and show them."""
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6, border_width=6)
    for widget in widgets:
        box.pack_start(widget, False, False, 0)
    dialog.get_content_area().pack_start(box, True, True, 0)
    box.show_all()


def answered(dialog, preview=None):
    """Run a dialog to its end; whether OK was pressed."""
    try:
        return dialog.run()
    finally:
        if preview:
            preview.close()
        dialog.destroy()


def upscale_dialog(procedure, config, engine, image, drawables):
    """Upscale…; True for OK."""
    from smssr import new_size

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


def stylize_dialog(procedure, config, engine, image, drawable):
    """Stylize…; True for OK."""
    check_mode(image)
    layer = base_of(image, drawable) or drawable
    refuse_rendered(layer)
    if not Gimp.Selection.is_empty(image) and not layer.mask_intersect()[0]:
        raise EngineError(_("The selection does not touch the layer. Select some of it, or nothing at all."))
    dialog = opened(procedure, config, _("Stylize"))
    cards = [card for card in engine.hello()["models"] if card["task"] == "style"]
    style = list_of(cards, config, "style")
    style.set_tooltip_text(_("The texture to paint"))
    dialog.fill(["strength", "seed"])
    where = (_("Where the selection is.") if not Gimp.Selection.is_empty(image) else
             _("Where the layer's own mask is white.") if layer.get_mask() else
             _("Everywhere. Repaint the new layer's mask to choose where."))
    note = Gtk.Label(label=where, xalign=0, wrap=True, max_width_chars=60)

    def settings():
        return tuple(config.get_property(name) for name in ("style", "strength", "seed"))

    preview = StylizePreview(engine, image, layer, settings)
    preview.told = lambda words: note.set_text(words or where)
    config.connect("notify", preview.refresh)
    packed(dialog, labelled(_("_Style"), style), note, preview, caption(_("Before | after. Drag the divider, or the picture.")))
    return answered(dialog, preview)


def learn_dialog(procedure, config, width, height):
    """Learn a Style from Selection…; True for OK."""
    dialog = opened(procedure, config, _("Learn a Style"))
    dialog.fill(["name", "title", "minutes", "replace"])
    packed(dialog, Gtk.Label(label=_("From {0} × {1} pixels of the active layer.").format(width, height), xalign=0))
    return answered(dialog)


def batch_dialog(procedure, config, engine):
    """Batch Upscale…; True for OK."""
    dialog = opened(procedure, config, _("Batch Upscale"))
    cards = [card for card in engine.hello()["models"] if card["task"] == "sr"]
    model = list_of(cards, config, "model", ("", _("the one that fits the factor")))
    dialog.fill(["open-images", "input", "recursive", "output", "factor", "names", "format", "existing"])
    for name in ("input", "recursive"):
        dialog.set_sensitive(name, True, config, "open-images", True)
    packed(dialog, labelled(_("_Model"), model))
    return answered(dialog)
