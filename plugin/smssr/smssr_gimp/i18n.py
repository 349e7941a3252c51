"""Texts in the user's language: gettext's domain `smssr`. libgimp binds it to `locale`, beside the plug-in, before it makes a procedure."""

import json
import os
import re

from gi.repository import GLib

from . import sentences

DOMAIN = "smssr"
FORMS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "locale", "forms.json")
"""The errors of the engine that are translated."""

UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def _(text):
    """The translation of a text. Only from within functions: when a module is imported, libgimp has not bound the domain yet."""
    return GLib.dgettext(DOMAIN, text)


def N_(text):  # noqa: N802 - what gettext's users look for
    """Marks a text for translation."""
    return text


def plain(label):
    """A translated label without the letter that is underlined, nor the dots of a dialog."""
    return re.sub(r"\(_\w\)|_| ?…", "", label)


def ngettext(one, many, number):
    """The translation of a text with a number in it."""
    return GLib.dngettext(DOMAIN, one, many, number)


def number(value, spec):
    """A number as the user's language writes it; `spec`: Python's, such as `.1f` or `.0%`."""
    return sentences.number(value, spec, _("12.5%"))


SIZE = re.compile(r"(?:[\d.,]+ ?)?× ?[\d.,]*\d")
ISOLATED = "\u2066{}\u2069"
"""From left to right, whatever is around it."""


def isolated(words):
    """Words with every size in them (451 × 300, ×4) kept as it is written where the text around it runs from right to left."""
    return SIZE.sub(lambda found: ISOLATED.format(found[0]), words) if from_right() else words


def from_right():
    """Whether GTK lays windows out from right to left: its own translation says so, and so GTK finds out."""
    return GLib.dgettext("gtk30", "default:LTR") == "default:RTL"


def said(words):
    """What the engine says, which is English, in the user's language."""
    try:
        with open(FORMS, encoding="utf-8") as file:
            forms = json.load(file)
    except (OSError, ValueError):  # as in a checkout where no catalogue was compiled
        return words
    return isolated(sentences.Sentences(forms).said(words, _))


def duration(seconds):
    """Seconds in words."""
    if seconds < 1.5:
        return _("a second")
    if seconds < 90:
        return ngettext("{0} second", "{0} seconds", round(seconds)).format(round(seconds))
    if seconds < 5400:
        return ngettext("{0} minute", "{0} minutes", round(seconds / 60)).format(round(seconds / 60))
    return _("{0} hours").format(number(seconds / 3600, ".1f"))


def amount(size):
    """Bytes in words."""
    unit, one = next((pair for pair in UNITS if size >= pair[1]), UNITS[-1])
    return f"{number(max(1, size / one), '.0f' if unit == 'kB' else '.1f')} {unit}"
