"""The styles as a grid of thumbnails, with a field to search them; those used last come first."""

import os

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gimp", "3.0")
from gi.repository import GdkPixbuf, Gimp, GLib, Gtk, Pango  # noqa: E402

from ..i18n import _  # noqa: E402
from .everyday_words import words_of  # noqa: E402

RECENT = "smssr-recent-styles"
"""GIMP keeps the names of the styles used last in a parasite of its own."""

MOST_RECENT = 6
SMALL, LARGE = 24, 64
HEIGHT = 300
"""Of the grid, in pixels; it scrolls."""


def recent():
    """The names of the styles used last, the latest first."""
    kept = Gimp.get_parasite(RECENT)
    return bytes(kept.get_data()).rstrip(b"\0").decode(errors="replace").split() if kept else []


def remember(style):
    """Put a style before the others that were used last."""
    names = [style, *(name for name in recent() if name != style)][:MOST_RECENT]
    Gimp.attach_parasite(Gimp.Parasite.new(RECENT, Gimp.PARASITE_PERSISTENT, " ".join(names).encode()))


def _picture(card, size):
    path = card["thumbnail"]
    return Gtk.Image.new_from_pixbuf(GdkPixbuf.Pixbuf.new_from_file_at_size(path, size, size)) if os.path.exists(path) else Gtk.Image()


def _made(card, words):
    """Words for a style; they tell a network that paints from the painting of the same name that is painted by strokes."""
    return _("{painting}, by network").format(painting=words) if card["task"] == "coarse" else words


def titled(card):
    """All that is said of a style."""
    return _made(card, card["title"])


def called(card):
    """What a tile has room for: what its title says before the colon."""
    return _made(card, card["title"].partition(":")[0].partition("：")[0].strip())


class StyleChooser(Gtk.MenuButton):
    """A button that shows the chosen style, and opens the grid. It is bound to a string setting."""

    def __init__(self, cards, config, name):
        super().__init__(hexpand=True)
        self._cards, self._config, self._name = {card["name"]: card for card in cards}, config, name
        if config.get_property(name) not in self._cards:
            config.set_property(name, next(iter(self._cards)))
        self._face = Gtk.Box(spacing=6)
        row = Gtk.Box(spacing=6)
        row.pack_start(self._face, True, True, 0)
        row.pack_start(Gtk.Image.new_from_icon_name("pan-down-symbolic", Gtk.IconSize.BUTTON), False, False, 0)
        self.add(row)
        self._search = Gtk.SearchEntry(placeholder_text=_("Search, for example stone"))
        self._grid = Gtk.FlowBox(max_children_per_line=5, min_children_per_line=5, homogeneous=True, activate_on_single_click=True,
                                 selection_mode=Gtk.SelectionMode.SINGLE, valign=Gtk.Align.START)
        first = recent()
        order = [key for key in first if key in self._cards] + [key for key in self._cards if key not in first]
        for key in order:
            self._grid.add(self._tile(self._cards[key], key in first))
        self._order = {key: place for place, key in enumerate(order)}
        self._grid.set_filter_func(self._sought)
        self._grid.set_sort_func(lambda one, other: (self._rank(one) > self._rank(other)) - (self._rank(one) < self._rank(other)))
        self._scrolled = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER)
        self._scrolled.add(self._grid)
        self._none = Gtk.Label(label=_("Nothing found"), no_show_all=True)
        found = Gtk.Overlay()
        found.add(self._scrolled)
        found.add_overlay(self._none)
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6, margin=6)
        box.pack_start(self._search, False, False, 0)
        box.pack_start(found, True, True, 0)
        box.show_all()
        _least, width = self._grid.get_preferred_width()
        self._scrolled.set_size_request(width, HEIGHT)  # of all: it stays as wide while a search leaves few
        popover = Gtk.Popover(relative_to=self)
        popover.add(box)
        popover.connect("show", lambda _popover: self._begin())
        self.set_popover(popover)
        self._search.connect("search-changed", lambda _entry: self._searched())
        self._search.connect("activate", self._first)
        self._grid.connect("size-allocate", lambda *_args: GLib.idle_add(self._reveal))  # each time that they get their places
        self._grid.connect("child-activated", lambda _grid, child: self._choose(child))
        config.connect(f"notify::{name}", lambda *_args: self._show())
        self._show()

    def _tile(self, card, used):
        tile = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=2, tooltip_text=titled(card))
        tile.pack_start(_picture(card, LARGE), False, False, 0)
        words = Gtk.Label(label=called(card), ellipsize=Pango.EllipsizeMode.END, max_width_chars=12, wrap=True, lines=2,
                          justify=Gtk.Justification.CENTER)
        if used:
            words.set_markup(f"<b>{GLib.markup_escape_text(called(card))}</b>")
        tile.pack_start(words, False, False, 0)
        child = Gtk.FlowBoxChild(name=card["name"])
        child.add(tile)
        return child

    def _begin(self):
        """Show all, and which one is chosen, whatever was sought or looked at the last time."""
        self._search.set_text("")
        self._mark()

    def _mark(self):
        for tile in self._grid.get_children():
            if tile.get_name() == self._config.get_property(self._name):
                self._grid.select_child(tile)

    def _reveal(self):
        """Scroll to the chosen one, where all are shown."""
        for child in self._grid.get_selected_children() if not self._search.get_text() else ():
            self._scrolled.get_vadjustment().set_value(child.get_allocation().y)
        return GLib.SOURCE_REMOVE

    def _searched(self):
        self._grid.invalidate_filter()
        self._grid.invalidate_sort()
        self._none.set_visible(not any(self._sought(child) for child in self._grid.get_children()))

    def _sought(self, child):
        card = self._cards[child.get_name()]
        words = f"{card['name']} {titled(card)} {words_of(card['name'])}".lower()
        return all(word in words for word in self._search.get_text().lower().split())

    def _rank(self, child):
        """What comes first: what is called as was sought, what begins so, what has the words in its title; then as without a search."""
        sought, title = self._search.get_text().lower().split(), called(self._cards[child.get_name()]).lower()
        place = self._order[child.get_name()]
        if not sought:
            return 0, place
        first = " ".join(sought)
        return (title != first) + (not title.startswith(first)) + (not all(word in title for word in sought)), place

    def _first(self, *_args):
        """Choose the first that was found; the one that is chosen stays where nothing was sought."""
        if not self._search.get_text().strip():
            self.get_popover().popdown()
            return
        found = [child for child in self._grid.get_children() if self._sought(child)]
        if found:  # the grid may not be sorted yet: it waits until nothing more is typed
            self._choose(min(found, key=self._rank))

    def _choose(self, child):
        self._config.set_property(self._name, child.get_name())
        self.get_popover().popdown()

    def _show(self):
        for child in self._face.get_children():
            self._face.remove(child)
        card = self._cards.get(self._config.get_property(self._name))
        if card:
            self._face.pack_start(_picture(card, SMALL), False, False, 0)
            self._face.pack_start(Gtk.Label(label=titled(card), ellipsize=Pango.EllipsizeMode.END), False, False, 0)
            self.set_tooltip_text(titled(card))
            self._mark()
        self._face.show_all()
