"""Texts, ready for translation."""

from gi.repository import GLib


def _(text):
    """The translation of a text: gettext, domain `smssr`."""
    return GLib.dgettext("smssr", text)
