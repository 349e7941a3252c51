"""The row of a dialog that chooses a preset, and keeps or forgets one of the user's own."""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..operations import presets  # noqa: E402

NONE = ""
"""The row for settings that are no preset's."""


class PresetRow(Gtk.Box):
    """A list of presets, shipped ones first, and two buttons. Whatever is changed afterwards, the list says that it is none any more."""

    def __init__(self, procedure, config, names, take=lambda name, value: False):
        """`names`: the settings that a preset holds; `take(name, value)`: whether it has dealt with one in a way of its own."""
        super().__init__(spacing=6)
        self._procedure, self._config, self._names, self._take = procedure.get_name(), config, names, take
        self._busy = False
        self._list = Gtk.ComboBoxText(hexpand=True)
        label = Gtk.Label(label=_("_Preset"), use_underline=True, mnemonic_widget=self._list, xalign=0)
        keep = Gtk.MenuButton(image=Gtk.Image.new_from_icon_name("list-add", Gtk.IconSize.BUTTON),
                              tooltip_text=_("Keep these settings under a name"))
        self._forget = Gtk.Button(image=Gtk.Image.new_from_icon_name("list-remove", Gtk.IconSize.BUTTON),
                                  tooltip_text=_("Forget this preset of yours"))
        for widget in (label, self._list, keep, self._forget):
            self.pack_start(widget, widget is self._list, widget is self._list, 0)
        keep.set_popover(self._asking(keep))
        self._fill(NONE)
        self._list.connect("changed", lambda _list: self._chosen())
        self._forget.connect("clicked", lambda _button: self._forgotten())
        config.connect("notify", lambda _config, what: self._busy or what.name not in names or self._show(NONE))

    def _asking(self, button):
        """The small window that asks for a name."""
        self._name = Gtk.Entry(placeholder_text=_("Name"), activates_default=False)
        self._why = Gtk.Label(xalign=0, wrap=True, max_width_chars=30, no_show_all=True)
        done = Gtk.Button(label=_("Keep"))
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6, margin=6)
        for widget in (self._name, done, self._why):
            box.pack_start(widget, False, False, 0)
        box.show_all()
        popover = Gtk.Popover(relative_to=button)
        popover.add(box)
        self._name.connect("activate", lambda _entry: self._keep(popover))
        done.connect("clicked", lambda _button: self._keep(popover))
        return popover

    def _fill(self, chosen):
        """List what there is, and choose one."""
        self._busy = True
        self._list.remove_all()
        self._list.append(NONE, _("None: as set below"))
        self._shipped, self._own = presets.shipped(self._procedure), presets.own(self._procedure)
        for name in [*self._shipped, *self._own]:
            self._list.append(name, name)
        self._busy = False
        self._show(chosen)

    def _show(self, name):
        self._busy = True
        self._list.set_active_id(name)
        self._busy = False
        self._forget.set_sensitive(name in self._own)

    def _chosen(self):
        name = self._list.get_active_id()
        if self._busy or name is None:
            return
        self._busy = True
        for key, value in {**self._shipped, **self._own}.get(name, {}).items():
            if not self._take(key, value) and key in self._names:
                self._config.set_property(key, value)
        self._busy = False
        self._show(name)

    def _keep(self, popover):
        settings = {name: self._config.get_property(name) for name in self._names}
        try:
            name = presets.keep(self._procedure, self._name.get_text(), settings)
        except EngineError as error:
            self._why.set_text(str(error))
            self._why.show()
            return
        self._why.hide()
        popover.popdown()
        self._fill(name)

    def _forgotten(self):
        try:
            presets.remove(self._procedure, self._list.get_active_id())
        except EngineError as error:
            self.set_tooltip_text(str(error))
            return
        self._fill(NONE)
