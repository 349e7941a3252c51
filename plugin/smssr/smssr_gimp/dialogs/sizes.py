"""A new size: what a procedure's settings ask for, and the fields that set it, as in Scale Image: what was typed last wins."""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import GimpUi, Gtk  # noqa: E402

from ..i18n import _  # noqa: E402
from ..operations.upscaling import new_size  # noqa: E402

MOST_FACTOR, MOST_SIDE = 64, 262144


class SizeFields(Gtk.Grid):
    """Factor, width, height, and a chain between the last two. They write the settings `factor`, `width`, `height`.

    A factor typed is kept as one; a width typed is kept as a width (factor 0), with the height 0 while the chain is closed.
    """

    def __init__(self, config, base):
        """`base()`: width and height of what is to be enlarged."""
        super().__init__(row_spacing=6, column_spacing=6)
        self._config, self._base, self._busy = config, base, False
        self.factor = Gtk.SpinButton.new_with_range(1, MOST_FACTOR, 0.5)
        self.factor.set_digits(3)
        self.width, self.height = (Gtk.SpinButton.new_with_range(1, MOST_SIDE, 1) for _i in range(2))
        self.chain = GimpUi.ChainButton.new(GimpUi.ChainPosition.RIGHT)
        self.chain.set_active(not (config.get_property("width") and config.get_property("height")))
        for row, (words, field) in enumerate(((_("_Factor"), self.factor), (_("_Width"), self.width), (_("Hei_ght"), self.height))):
            self.attach(Gtk.Label(label=words, use_underline=True, mnemonic_widget=field, xalign=0), 0, row, 1, 1)
            self.attach(field, 1, row, 1, 1)
            field.set_activates_default(True)
        self.attach(self.chain, 2, 1, 1, 2)
        self.factor.connect("value-changed", lambda field: self._typed(factor=field.get_value()))
        self.width.connect("value-changed", lambda field: self._typed(width=field.get_value_as_int()))
        self.height.connect("value-changed", lambda field: self._typed(height=field.get_value_as_int()))
        config.connect("notify", lambda *_args: self.show_size())
        self.show_size()

    def size(self):
        """Width and height that are asked for."""
        return new_size(self._config, *self._base())

    def show_size(self):
        """Have the fields show what the settings say."""
        if self._busy:
            return
        self._busy = True
        (width, height), (base_width, base_height) = self.size(), self._base()
        self.factor.set_value(self._config.get_property("factor") or max(width / base_width, height / base_height))
        self.width.set_value(width)
        self.height.set_value(height)
        self._busy = False

    def _typed(self, factor=0.0, width=0, height=0):
        if self._busy:
            return
        if not factor and not self.chain.get_active():
            width, height = self.width.get_value_as_int(), self.height.get_value_as_int()
        self._busy = True
        for name, value in (("factor", factor), ("width", width), ("height", height)):
            self._config.set_property(name, value)
        (width, height), (base_width, base_height) = self.size(), self._base()
        self._config.set_property("last-factor", min(MOST_FACTOR, max(1, width / base_width, height / base_height)))
        self._busy = False
        self.show_size()
