"""A new size: what a procedure's settings ask for, and the fields that set it, as in Scale Image: what was typed last wins."""

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gimp", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import Gimp, GimpUi, Gtk  # noqa: E402

from ..i18n import _  # noqa: E402
from ..operations.upscaling import new_size  # noqa: E402

MOST_FACTOR, MOST_SIDE = 64, 262144
LEAST_RESOLUTION, MOST_RESOLUTION = 1, 10000
WIDE = 8
"""Characters of a width."""


class SizeFields(Gtk.Grid):
    """Factor, width and height in any unit, a chain between these, and the resolution.

    They write the settings `factor`, `width`, `height`, `resolution`: a factor typed is kept as one; a width typed is kept as a width
    (factor 0), with the height 0 while the chain is closed; a resolution that was not typed is 0. What is typed as on paper, or in per
    cent, is shown as typed, though the size becomes whole pixels.
    """

    def __init__(self, config, base, resolution):
        """`base()`: width and height of what is to be enlarged; `resolution`: its pixels per inch, across and down."""
        super().__init__(row_spacing=6, column_spacing=6)
        self._config, self._base, self._resolution, self._busy = config, base, resolution, False
        self._typed_size = (0.0, 0.0)
        self.factor = Gtk.SpinButton.new_with_range(1, MOST_FACTOR, 0.5)
        self.factor.set_digits(3)
        self.entry = GimpUi.SizeEntry.new(2, Gimp.Unit.pixel(), "%a", True, True, False, WIDE, GimpUi.SizeEntryUpdatePolicy.SIZE)
        self.entry.set_row_spacing(6)
        self.entry.set_column_spacing(6)
        self.ppi = Gtk.SpinButton.new_with_range(LEAST_RESOLUTION, MOST_RESOLUTION, 1)
        self.ppi.set_digits(2)
        self.chain = GimpUi.ChainButton.new(GimpUi.ChainPosition.BOTTOM)
        self.chain.set_active(not (config.get_property("width") and config.get_property("height")))
        self.width, self.height = sorted((child for child in self.entry.get_children() if isinstance(child, Gtk.SpinButton)),
                                         key=lambda child: self.entry.child_get_property(child, "left-attach"))
        for i, (words, field) in enumerate(((_("_Width"), self.width), (_("Hei_ght"), self.height))):
            self.entry.attach(_label(words, field), i + 1, 0, 1, 1)
            self.entry.set_refval_digits(i, 0)
            self.entry.set_refval_boundaries(i, 1, MOST_SIDE)
        self.entry.attach(self.chain, 1, 2, 2, 1)
        for field in (self.factor, self.width, self.height, self.ppi):
            field.set_activates_default(True)
        self.attach(_label(_("_Factor"), self.factor), 0, 0, 1, 1)
        self.attach(self.factor, 1, 0, 1, 1)
        self.attach(self.entry, 0, 1, 2, 1)
        self.attach(_label(_("Pi_xels per inch"), self.ppi), 0, 2, 1, 1)
        self.attach(self.ppi, 1, 2, 1, 1)
        self.factor.connect("value-changed", lambda field: self._typed(factor=field.get_value()))
        self.entry.connect("value-changed", lambda _entry: self._size_typed())
        self.entry.connect("unit-changed", lambda _entry: self.show_size())
        self.ppi.connect("value-changed", lambda field: self._resolution_typed(field.get_value()))
        config.connect("notify", lambda *_args: self.show_size())
        self.show_size()

    def size(self):
        """Width and height that are asked for."""
        return new_size(self._config, *self._base())

    def show_on_paper(self):
        """Show width and height as they are in print."""
        self.entry.set_unit(Gimp.Unit.mm())

    def show_size(self):
        """Have the fields show what the settings say."""
        if self._busy:
            return
        self._busy = True
        size, base = self.size(), self._base()
        self.factor.set_value(self._config.get_property("factor") or max(now / was for now, was in zip(size, base, strict=True)))
        asked = self._config.get_property("resolution")
        self.ppi.set_value(asked or self._resolution[0])
        for i in (0, 1):
            self.entry.set_resolution(i, asked or self._resolution[i], True)
            self.entry.set_size(i, 0, base[i])
            typed = self._typed_size[i]
            self.entry.set_refval(i, typed if round(typed) == size[i] and self.entry.get_unit() != Gimp.Unit.pixel() else size[i])
        self._busy = False

    def _size_typed(self):
        """Take the one of width and height that is not as it was."""
        across, down = [self.entry.get_refval(i) for i in (0, 1)]
        before, (base_width, base_height) = self.size(), self._base()
        width, height = round(across), round(down)
        if self._busy or (width, height) == before:
            return
        chained = self.chain.get_active()
        if width != before[0]:
            self._typed_size = across, across * base_height / base_width if chained else down
            self._typed(width=width)
        else:
            self._typed_size = down * base_width / base_height if chained else across, down
            self._typed(height=height)

    def _resolution_typed(self, resolution):
        """Take a resolution; where the size is shown as on paper it stays so, in pixels otherwise."""
        if self._busy:
            return
        before = self._config.get_property("resolution") or self._resolution[0]
        exact = [self.entry.get_refval(i) * resolution / before for i in (0, 1)]
        self._config.set_property("resolution", resolution)
        if self.entry.get_unit() not in (Gimp.Unit.pixel(), Gimp.Unit.percent()):
            self._typed_size = exact
            width, height = map(round, exact)
            self._typed(width=width, height=0 if self.chain.get_active() else height)

    def _typed(self, factor=0.0, width=0, height=0):
        if self._busy:
            return
        if not factor and not self.chain.get_active() and not (width and height):
            width, height = (round(self.entry.get_refval(i)) for i in (0, 1))
        self._busy = True
        for name, value in (("factor", factor), ("width", width), ("height", height)):
            self._config.set_property(name, value)
        (width, height), (base_width, base_height) = self.size(), self._base()
        self._config.set_property("last-factor", min(MOST_FACTOR, max(1, width / base_width, height / base_height)))
        self._busy = False
        self.show_size()


def _label(words, field):
    return Gtk.Label(label=words, use_underline=True, mnemonic_widget=field, xalign=0)
