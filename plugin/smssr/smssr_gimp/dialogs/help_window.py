"""A section of the help page as plain words, in a window: for who has no browser."""

import html
import html.parser
import re

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # noqa: E402

from ..i18n import _, plain  # noqa: E402

LEFT_OUT = ("style", "script", "title", "nav", "figure")
"""What plain words do without."""

AS = {"b": "b", "i": "i", "kbd": "tt", "code": "tt", "h1": "big", "h2": "big"}
"""Pango's names of what the page emphasises."""

WIDTH, HEIGHT = 560, 360


class _Page(html.parser.HTMLParser):
    """A page's sections, each in Pango's markup with the names of the places in it."""

    def __init__(self):
        super().__init__()
        self.sections = [(set(), [])]
        self._skipped = 0

    def handle_starttag(self, tag, attrs):
        self._skipped += tag in LEFT_OUT
        if tag == "h2":
            self.sections.append((set(), []))
        names, words = self.sections[-1]
        names.update(value for key, value in attrs if key == "id")
        if not self._skipped:
            words.append(f"<{AS[tag]}>" if tag in AS else "\n\n" if tag == "p" else "")

    def handle_endtag(self, tag):
        self._skipped -= tag in LEFT_OUT
        if tag in AS and not self._skipped:
            self.sections[-1][1].append(f"</{AS[tag]}>")

    def handle_data(self, data):
        if not self._skipped:
            self.sections[-1][1].append(html.escape(re.sub(r"\s+", " ", data), quote=False))


def words_of(page, section):
    """The section of a page (HTML) that holds the place of that name, in Pango's markup; all of them where there is none."""
    parser = _Page()
    parser.feed(page)
    found = [words for names, words in parser.sections if section in names] or [words for _names, words in parser.sections]
    return "\n\n".join(re.sub(r" *\n *", "\n", "".join(words)).strip() for words in found)


def show_words(path, section, note, parent):
    """Show a section of a page in a window, with a note below it; returns when that is closed."""
    with open(path, encoding="utf-8") as file:
        words = words_of(file.read(), section)
    dialog = Gtk.Dialog(title=plain(_("_Help")), transient_for=parent, modal=True)
    dialog.add_buttons(_("_Close"), Gtk.ResponseType.CLOSE)
    text = Gtk.Label(xalign=0, yalign=0, wrap=True, selectable=True, margin=12)
    text.set_markup(words)
    below = Gtk.Label(label=note, xalign=0, wrap=True, max_width_chars=60, margin=12)
    scrolled = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER)
    scrolled.set_size_request(WIDTH, HEIGHT)
    scrolled.add(text)
    area = dialog.get_content_area()
    area.pack_start(scrolled, True, True, 0)
    area.pack_start(below, False, False, 0)
    area.show_all()
    dialog.get_widget_for_response(Gtk.ResponseType.CLOSE).grab_focus()
    dialog.run()
    dialog.destroy()
