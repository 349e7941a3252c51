"""What dialogs are made of: GIMP's own procedure dialog, with lists of models and styles."""

import os
import shutil
import subprocess
import webbrowser

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("Gimp", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import Gdk, GdkPixbuf, Gimp, GimpUi, Gio, GLib, GObject, Gtk, Pango  # noqa: E402
from smssr_setup.surroundings import clean  # noqa: E402

from ..engine import Dismissed, EngineError  # noqa: E402
from ..i18n import _, isolated, plain  # noqa: E402
from ..image.layers import check_mode  # noqa: E402
from ..image.selection import in_common  # noqa: E402
from ..one_window import one_window  # noqa: E402
from ..previews.side_by_side import SideBySide  # noqa: E402
from .columns import NARROW, aligned, narrowed, scrolling  # noqa: E402
from .help_window import show_words  # noqa: E402

HELP = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "help")

THUMBNAIL = 48

ALIKE = 0.5
"""A selection and a mask mean the same where they have at least this share of both together in common."""

LOOK = 100
"""Milliseconds between two looks whether the image is still open, or what was begun has ended."""


def labelled(words, widget):
    """A row with a mnemonic label."""
    row = Gtk.Box(spacing=6)
    label = Gtk.Label(label=words, use_underline=True, mnemonic_widget=widget, xalign=0)
    row.pack_start(label, False, False, 0)
    row.pack_start(widget, True, True, 0)
    return row


def list_of(cards, config, name, first=None):
    """A list with thumbnails, bound to a string setting. `first`: a (key, title) before all cards."""
    rows = Gtk.ListStore(str, str, GdkPixbuf.Pixbuf, bool)
    if first:
        rows.append([*first, None, True])
    for card in cards:
        path = card["thumbnail"]
        picture = GdkPixbuf.Pixbuf.new_from_file_at_size(path, THUMBNAIL, THUMBNAIL) if os.path.exists(path) else None
        rows.append([card["name"], card["title"], picture, True])
    box = Gtk.ComboBox(model=rows, id_column=0)
    if any(row[2] for row in rows):
        cell = Gtk.CellRendererPixbuf()
        box.pack_start(cell, False)
        box.add_attribute(cell, "pixbuf", 2)
    cell = Gtk.CellRendererText(ellipsize=Pango.EllipsizeMode.END, width_chars=40, max_width_chars=40)
    box.pack_start(cell, True)
    box.add_attribute(cell, "text", 1)
    box.add_attribute(cell, "sensitive", 3)
    tips = {card["name"]: card.get("about", card["title"]) for card in cards}
    box.connect("changed", lambda _box: box.set_tooltip_text(tips.get(box.get_active_id())))
    if not box.set_active_id(config.get_property(name)):
        box.set_active(0)
        config.set_property(name, box.get_active_id())
    box.connect("changed", lambda _box: config.set_property(name, box.get_active_id()))
    config.connect(f"notify::{name}", lambda *_args: box.set_active_id(config.get_property(name)))
    return box


def choice_list(config, name):
    """A choice as a list. GIMP 3.2 would make radio buttons of a short one, which no underlined letter leads to."""
    setting = config.find_property(name)
    box = GimpUi.prop_choice_combo_box_new(config, name)
    box.set_tooltip_text(setting.blurb)
    return labelled(setting.nick, box)


def caption(words):
    """A line below the preview."""
    return Gtk.Label(label=words, xalign=0.5, wrap=True, max_width_chars=60)


def opened(procedure, config, title):
    """A procedure dialog, whose Help opens our own page: GIMP's would look in its manual."""
    GimpUi.init(procedure.get_name())
    dialog = GimpUi.ProcedureDialog.new(procedure, config, title)
    theirs = dialog.get_widget_for_response(Gtk.ResponseType.HELP)
    if theirs:
        theirs.set_no_show_all(True)
        theirs.hide()
    add_help(dialog, procedure.get_name())
    one_window.listen(dialog)
    return dialog


def add_help(dialog, section):
    """Give a dialog a Help button, where GIMP's own dialogs have it. F1 presses it; in a procedure's dialog GIMP sees to that."""
    ours = not isinstance(dialog, GimpUi.ProcedureDialog)
    button = Gtk.Button(label=plain(_("_Help")) if ours else _("_Help"), use_underline=True)
    button.connect("clicked", lambda _button: show_help(section, dialog))
    area = dialog.get_action_area()
    area.pack_start(button, False, False, 0)
    area.set_child_secondary(button, True)
    button.show()
    if ours:
        dialog.connect("key-press-event", lambda _dialog, event: event.keyval == Gdk.KEY_F1 and not button.clicked())


def side_by_side(preview, options):
    """The button below a preview that shows `options` side by side (as of `SideBySide`)."""
    return SideBySide(preview, options, lambda dialog: add_help(dialog, "preview"))


def show_help(section, parent):
    """Open the shipped page at a section in the user's browser; where there is none, show its words and copy its address."""
    page = os.path.join(HELP, _("index.html"))  # its name in each language
    address = f"{GLib.filename_to_uri(page)}#{section}"

    def in_words():
        clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
        clipboard.set_text(address, -1)
        clipboard.store()  # so that it is still there when the dialog is closed
        show_words(page, section, _("No browser was found. The address of the help was copied: {address}").format(address=address), parent)

    try:
        if Gio.AppInfo.launch_default_for_uri(address):
            return
    except GLib.Error:
        pass
    opener = shutil.which("xdg-open")
    if opener:
        watch(subprocess.Popen([opener, address], env=clean(), stderr=subprocess.DEVNULL), in_words)
    elif not webbrowser.open(address):
        in_words()


def watch(opening, otherwise):
    """Call `otherwise` where a process that opens something fails; it may also last as long as what it has opened."""
    def look():
        if opening.poll() is None:
            return GLib.SOURCE_CONTINUE
        if opening.returncode:
            otherwise()
        return GLib.SOURCE_REMOVE

    GLib.timeout_add(LOOK, look)


def begin_with(config, image, active, told):
    """Have a dialog begin by changing the layer that is active, one of ours, or by adding one: where there is none (`active` is None), and
    where something else is selected than its mask shows. `told`: as of `as_it_was`.
    """
    change = active is not None and in_common(image, active)[0] >= ALIKE
    if config.get_property("change") != change:
        config.set_property("change", change)
    if change:
        as_it_was(config, active, told)


def as_it_was(config, active, told):
    """Take over the settings of a layer of ours. `told`: those that it was made with; its strength is its opacity, if not among them."""
    for name, value in {"strength": active.get_opacity() / 100, **told}.items():
        config.set_property(name, value)


def begin_in(dialog, *names):
    """Begin with the keyboard in the first of some fields of words, rather than on OK; Return in any of them is OK."""
    entries = [dialog.get_widget(name, GObject.TYPE_NONE).get_entry() for name in names]
    for entry in entries:
        entry.set_activates_default(True)
    entries[0].grab_focus()


def packed(dialog, fields, preview=None, *below):
    """Put fields below what the dialog has; to their right a preview that takes all the room there is, and what belongs below it."""
    column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
    if preview:
        column.pack_start(subject(preview.image, preview.subject), False, False, 6)
    for widget in fields:
        column.pack_start(widget, False, False, 0)
        if preview and isinstance(widget, Gtk.Label):
            widget.set_max_width_chars(NARROW)
    aligned(column)
    whole = column
    if preview:
        whole, side = Gtk.Box(spacing=12), Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6)
        side.pack_start(preview, True, True, 0)
        for widget in below:
            side.pack_start(widget, False, False, 0)
        whole.pack_start(scrolling(column), False, False, 0)
        whole.pack_start(side, True, True, 0)
    dialog.get_content_area().pack_start(whole, True, True, 0)
    narrowed(dialog.get_content_area())
    whole.show_all()


def subject(image, layer):
    """What is worked on: its thumbnail and its name. `layer`: None for the whole image."""
    row = Gtk.Box(spacing=6)
    picture = Gtk.Image.new_from_pixbuf((layer or image).get_thumbnail(THUMBNAIL, THUMBNAIL, Gimp.PixbufTransparency.SMALL_CHECKS))
    name = layer.get_name() if layer else image.get_name()
    size = (layer or image).get_width(), (layer or image).get_height()
    words = Gtk.Label(xalign=0, ellipsize=Pango.EllipsizeMode.MIDDLE, max_width_chars=NARROW)
    words.set_markup(f"<b>{GLib.markup_escape_text(name)}</b>\n{isolated(f'{size[0]} × {size[1]}')}")
    row.pack_start(picture, False, False, 0)
    row.pack_start(words, True, True, 0)
    return row


def allowed(dialog, note, check):
    """Whether `check` raises nothing; where it does, its words stand in `note` and OK cannot be pressed."""
    try:
        check()
    except EngineError as error:
        dialog.set_response_sensitive(Gtk.ResponseType.OK, False)
        note.set_text(str(error))
        return False
    dialog.set_response_sensitive(Gtk.ResponseType.OK, True)
    return True


def answered(dialog, preview=None, image=None):
    """Run a dialog to its end; whether OK was pressed.

    `image`: what it is about, if not told by the preview. Where that is closed meanwhile, or a layer removed that the preview is about, so
    is the dialog, and EngineError says why.
    """
    image = preview.image if preview else image

    gone = False

    def look():
        nonlocal gone
        gone = image.is_valid() and bool(preview and preview.gone())
        if image.is_valid() and not gone:
            return GLib.SOURCE_CONTINUE
        dialog.response(Gtk.ResponseType.CANCEL)
        return GLib.SOURCE_REMOVE

    looking = image and GLib.timeout_add(LOOK, look)
    try:
        pressed = dialog.run()
    finally:
        if looking and image.is_valid() and not gone:
            GLib.source_remove(looking)
        if preview:
            preview.close()
        dialog.destroy()
        one_window.leave()
    if image and not image.is_valid():
        raise Dismissed(_("The image was closed, so nothing was done."))
    if gone:
        raise EngineError(_("The layer was removed, so nothing was done."))
    if image:
        check_mode(image)
    return pressed
