"""Sliders with a number beside them, and with a word, such as "Auto", where a setting's 0 is none."""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import GimpUi, Gtk  # noqa: E402

from ..i18n import _  # noqa: E402


def slider(dialog, name):
    """A slider for a double or integer setting, made by a procedure's dialog."""
    return dialog.get_scale_entry(name, 1.0)


class AutoSlider(Gtk.Box):
    """A tick "Auto", or another word, and a slider for when that is off; bound to a setting that is 0 for Auto."""

    def __init__(self, config, name, lower, first, word=None, digits=2):
        """`lower`: the least value but for Auto; `first`: the value with which the slider begins; `word`: (word, tip) instead of Auto."""
        super().__init__(spacing=6)
        self._config, self._name = config, name
        setting = config.find_property(name)
        self._busy = False
        self.slider = GimpUi.ScaleEntry.new(setting.nick, first, lower, setting.maximum, digits)
        self.slider.set_tooltip_text(setting.blurb)
        self.slider.set_value(first)
        self.slider.set_hexpand(True)
        self._number = self.slider.get_range(), self.slider.get_spin_button()
        for widget in self._number:
            widget.set_no_show_all(True)
        words, tip = word or (_("Auto"), _("Found in the picture"))
        self.auto = Gtk.CheckButton(label=words, tooltip_text=tip)
        self.pack_start(self.slider, True, True, 0)
        self.pack_start(self.auto, False, False, 0)
        self.auto.connect("toggled", lambda _tick: self._changed())
        self.slider.connect("value-changed", lambda _slider: self._changed())
        config.connect(f"notify::{name}", lambda *_args: self._show())
        self._show()

    def _changed(self):
        if not self._busy:
            kind = type(self._config.get_property(self._name))
            self._config.set_property(self._name, kind(0 if self.auto.get_active() else self.slider.get_value()))

    def _show(self):
        value = self._config.get_property(self._name)
        self._busy = True
        self.auto.set_active(not value)
        if value:
            self.slider.set_value(value)
        for widget in self._number:
            widget.set_visible(bool(value))
        self._busy = False
