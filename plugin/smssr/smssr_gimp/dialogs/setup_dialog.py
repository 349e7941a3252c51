"""The dialog of Set Up…: says what will be fetched and where it will lie, shows how far it is, and what went wrong."""

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import Gdk, GimpUi, GLib, Gtk, Pango  # noqa: E402
from smssr_setup import faults, places  # noqa: E402

from ..engine import LEARNING, EngineError, recorded  # noqa: E402
from ..i18n import _  # noqa: E402
from ..one_window import one_window  # noqa: E402
from ..setting_up import SettingUp, sentence  # noqa: E402
from .widgets import add_help  # noqa: E402

GO, REMOVE, COPY, FOLDER, PYTORCH = range(1, 6)
"""The dialog's own answers."""

PULSE = 100
"""Milliseconds."""

HELP = "smssr-set-up"
"""The help page's section, whichever procedure has asked for it."""


def setup_dialog(procedure, why="", part=None):
    """Set Up…; `why`: what asked for it, `part`: what of the engine is missing. True where the engine is there afterwards."""
    GimpUi.init(procedure.get_name())
    dialog = SetupDialog(why, part)
    try:
        return dialog.run()
    finally:
        dialog.destroy()


class SetupDialog:
    """The dialog, in one of its states: looking, ready, working, failed, there."""

    def __init__(self, why, part):
        self._part, self._asked, self._folder, self._report, self._work = part, bool(why), [], "", None
        self._dialog = Gtk.Dialog(title=_("Set Up Super-Resolution"), resizable=False)
        self._buttons = {answer: self._dialog.add_button(label, answer) for label, answer in (
            ("", PYTORCH), (_("Copy R_eport"), COPY), (_("From a _Folder…"), FOLDER), (_("_Remove"), REMOVE),
            (_("_Cancel"), Gtk.ResponseType.CANCEL), (_("Set _Up"), GO), (_("_Close"), Gtk.ResponseType.CLOSE))}
        self._words = Gtk.Label(wrap=True, width_chars=60, max_width_chars=60, xalign=0, selectable=False)
        self._bar = Gtk.ProgressBar(show_text=True, ellipsize=Pango.EllipsizeMode.END)
        add_help(self._dialog, HELP)
        one_window.listen(self._dialog)
        box = self._dialog.get_content_area()
        box.set_property("margin", 12)
        box.set_spacing(12)
        for widget in (self._words, self._bar):
            box.pack_start(widget, False, False, 0)
        box.show_all()
        self._ticking = GLib.timeout_add(PULSE, self._pulse)
        self._pulsing = False

    def destroy(self):
        """Take the window away, and end what is under way."""
        GLib.source_remove(self._ticking)
        if self._work:
            self._work.stop()
        self._dialog.destroy()

    def run(self):
        """Run to the end; whether the engine is there."""
        if self._part is None and places.version() is None:
            self._by_terminal()
        elif self._part is None and places.version() and places.record(places.version()) and not self._asked:
            self._there()
        else:
            self._look()
        while True:
            answer = self._dialog.run()
            if answer == GO:
                self._start()
            elif answer == REMOVE:
                self._begin(["remove"], self._removed)
            elif answer == PYTORCH and LEARNING in places.parts(places.version()):
                self._begin(["remove", LEARNING], self._told)
            elif answer == PYTORCH:
                self._part = LEARNING
                self._look()
            elif answer == COPY:
                self._copy()
            elif answer == FOLDER:
                self._choose()
            elif answer == Gtk.ResponseType.OK:  # by itself, once it is done
                return True
            elif answer == Gtk.ResponseType.CANCEL and self._working:
                self._work.stop()
                self._say(_("Cancelled. What was downloaded is kept: Set Up continues from there."), GO, Gtk.ResponseType.CLOSE)
            else:
                return self._done

    def _say(self, words, *buttons, bar=False):
        """Show words, and of the buttons only some; the first of them is the default."""
        self._words.set_text(words)
        for answer, button in self._buttons.items():
            button.set_visible(answer in buttons)
        self._bar.set_visible(bar)
        self._working, self._done, self._pulsing = bar, False, bar
        self._dialog.set_default_response(buttons[0])
        self._buttons[buttons[0]].grab_focus()

    def _begin(self, words, told):
        self._say(self._words.get_text(), Gtk.ResponseType.CANCEL, bar=True)
        self._bar.set_text("")
        self._bar.set_fraction(0)
        self._work = SettingUp(words, told)

    def _from(self):
        return [word for folder in self._folder for word in ("--from", folder)]

    def _look(self):
        """Find out what is to be fetched."""
        self._say(_("Checking what is needed…"), Gtk.ResponseType.CANCEL, bar=True)
        self._work = SettingUp(["plan", *([self._part] if self._part else []), *self._from()], self._planned)

    def _planned(self, line):
        if line is None or "fault" in line:
            self._failed(line)
            return
        megabytes = -(-line["bytes"] // 1_000_000)
        if self._part:
            first = (_("Learning by network needs PyTorch, a free library, which is not installed yet.") if self._part == LEARNING else
                     _("This needs SciPy, a free library, which is not installed yet."))
        elif line["others"]:
            first = _("The engine here is version {old}; this plug-in comes with version {new}.").format(old=line["others"][-1],
                                                                                                      new=line["version"])
        else:
            first = _("The filters need an engine, a program of its own. GIMP itself is not changed.")
        what = (_("About {megabytes} MB will be downloaded from the Python index (pypi.org).").format(megabytes=megabytes) if megabytes else
                _("Everything needed is already here; nothing will be downloaded."))
        if megabytes > 1000:
            what += " " + _("That is PyTorch with all that graphics cards need: for Linux the Python index has no smaller one.")
        if self._part == LEARNING:
            what += " " + _("The first time that you learn a style, it downloads 550 MB more: the network that it judges textures by.")
        if line["brings_python"]:
            what += " " + _("That includes Python: no suitable one was found here.")
        where = _("It will be kept in {place}. Set Up… ▸ Remove deletes all of it again.").format(place=line["place"])
        self._buttons[GO].set_label(_("_Upgrade") if line["others"] and not self._part else _("Set _Up"))
        self._say(f"{first}\n\n{what}\n{where}", GO, FOLDER, Gtk.ResponseType.CLOSE)

    def _start(self):
        self._begin((["add", self._part] if self._part else ["install"]) + self._from(), self._told)

    def _told(self, line):
        """How far it is."""
        if line is None or "fault" in line:
            self._failed(line)
        elif "finished" in line:
            if self._asked:
                self._dialog.response(Gtk.ResponseType.OK)
            else:
                self._there()
        else:
            self._bar.set_text(sentence(line))
            self._pulsing = not line.get("share")
            if line.get("share"):
                self._bar.set_fraction(line["share"])

    def _failed(self, line):
        """Say what went wrong. What was fetched is kept."""
        self._report = (line or {}).get("report", "")
        self._say(sentence(line), GO, COPY, FOLDER, Gtk.ResponseType.CLOSE)
        self._buttons[GO].set_label(_("Try _Again"))

    def _there(self):
        self._part, learns = None, LEARNING in places.parts(places.version())
        self._buttons[PYTORCH].set_label(_("Remove Py_Torch") if learns else _("Add _PyTorch…"))
        pytorch = (_("PyTorch, for learning styles by network, is installed.") if learns else
                   _("PyTorch, for learning styles by network, is not installed."))
        words = _("The engine is set up: version {version}, in {place}.\n\n"
                  "Remove deletes it. To remove the plug-in, too, delete its folder afterwards: {plugin}").format(
                      version=places.version(), place=faults.tilde(str(places.engine_folder())), plugin=faults.tilde(str(places.PLUGIN)))
        self._say(f"{words}\n\n{pytorch}", Gtk.ResponseType.CLOSE, REMOVE, PYTORCH)
        self._done = True

    def _by_terminal(self):
        """Say what `smssr gimp install` has done: such a plug-in has no engine of its own to set up."""
        try:
            recorded()
            words = _("The engine was set up in a terminal, by 'smssr gimp install'. There 'smssr gimp uninstall' removes the plug-in.")
            fine = True
        except EngineError as error:
            words, fine = str(error), False
        self._say(words, Gtk.ResponseType.CLOSE)
        self._done = fine

    def _removed(self, line):
        if line is None or "fault" in line:
            self._failed(line)
        elif "finished" in line:
            self._buttons[GO].set_label(_("Set _Up"))
            self._say(_("The engine was removed. To remove the plug-in, too, delete its folder: {plugin}").format(
                plugin=faults.tilde(str(places.PLUGIN))), Gtk.ResponseType.CLOSE, GO)

    def _copy(self):
        clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
        clipboard.set_text(self._report, -1)
        clipboard.store()  # so that it is still there when this is closed
        self._buttons[COPY].set_label(_("Copi_ed"))

    def _choose(self):
        chooser = Gtk.FileChooserDialog(title=_("The folder with the wheels"), transient_for=self._dialog,
                                        action=Gtk.FileChooserAction.SELECT_FOLDER)
        chooser.add_buttons(_("_Cancel"), Gtk.ResponseType.CANCEL, _("_Open"), Gtk.ResponseType.OK)
        if chooser.run() == Gtk.ResponseType.OK:
            self._folder = [chooser.get_filename()]
        chooser.destroy()
        if self._folder:
            self._look()

    def _pulse(self):
        if self._pulsing:
            self._bar.pulse()
        return GLib.SOURCE_CONTINUE
