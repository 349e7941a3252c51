"""Texts, ready for translation."""

from gi.repository import GLib


def _(text):
    """The translation of a text: gettext, domain `smssr`."""
    return GLib.dgettext("smssr", text)


def duration(seconds):
    """Seconds in words."""
    if seconds < 1.5:
        return _("a second")
    if seconds < 90:
        return _("{0} seconds").format(round(seconds))
    return _("{0} minutes").format(round(seconds / 60)) if seconds < 5400 else _("{0:.1f} hours").format(seconds / 3600)
