"""The dialog of Grow to Similar…"""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GObject, Gtk  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.drawn_strokes import kept  # noqa: E402
from ..image.layers import check_mode, refuse_rendered  # noqa: E402
from ..image.selection import nothing_selected  # noqa: E402
from ..operations.growing import Wish, check_strokes  # noqa: E402
from ..previews.grow_preview import GrowPreview  # noqa: E402
from ..previews.navigation import zoom_buttons  # noqa: E402
from .handing import Handing, invitation  # noqa: E402
from .widgets import allowed, answered, caption, choice_list, opened, packed  # noqa: E402


def grow_dialog(procedure, config, engine, image, layer):
    """Grow to Similar…; what is wished, None for Cancel, and the name of the procedure to go on with, None for none."""
    check_mode(image)
    refuse_rendered(layer)
    config.set_property("strokes", usual(image, layer))
    dialog = opened(procedure, config, _("Grow to Similar"))
    where = choice_list(config, "strokes")
    connected, solid = (dialog.get_widget(name, GObject.TYPE_NONE) for name in ("connected", "solid"))
    note = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)

    def settings():
        names = ("strokes", "connected", "solid")
        strokes, connected, solid = (config.get_property(name) for name in names)
        return Wish(strokes, connected, tuple(preview.strokes), solid)

    def check():
        check_strokes(image, layer, config.get_property("strokes"), preview.strokes)

    def changed(*_args):
        fine = allowed(dialog, note, check)
        handing.set_sensitive(fine)
        if fine:
            note.set_text("")
        undo.set_sensitive(bool(preview.strokes))
        clear.set_sensitive(bool(preview.strokes))
        preview.refresh()

    handing = Handing(dialog, (("smssr-stylize", _("St_ylize…")), ("smssr-restore", _("Restore…")), ("smssr-repaint", _("Re_paint…"))))
    undo, clear = (Gtk.Button(label=_(words), use_underline=True) for words in (_("_Undo stroke"), _("Clear")))
    strokes = Gtk.Box(spacing=6)
    for button in (undo, clear):
        strokes.pack_start(button, False, False, 0)
    preview = GrowPreview(engine, image, layer, settings, kept(layer))
    preview.told = lambda words: words and note.set_text(words)
    preview.drawn = changed
    undo.connect("clicked", lambda _button: preview.take_back())
    clear.connect("clicked", lambda _button: preview.take_back(len(preview.strokes)))
    config.connect("notify", changed)
    packed(dialog, (where, strokes, connected, solid, note, invitation(), handing), preview,
           zoom_buttons(preview, hint=_("What is left out is red.")),
           caption(_("Left button: include; right: leave out; wheel: brush size; Ctrl+wheel: zoom; middle button, arrow keys: move; "
                     "Ctrl+Z: undo a stroke.")))
    changed()
    if not answered(dialog, preview):
        return None, None
    return settings(), handing.then


def usual(image, layer):
    """Where the strokes most likely are: where some were drawn before, in the selection, in the mask; else they are still to be drawn."""
    if kept(layer) or (nothing_selected(image) and not layer.get_mask()):
        return "drawn"
    where = "mask" if nothing_selected(image) else "selection"
    try:
        check_strokes(image, layer, where)
    except EngineError:
        return "drawn"
    return where
