"""The dialog of Learn a Style from Selection…"""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # noqa: E402

from ..widgets import answered, opened, packed  # noqa: E402
from ..words import _  # noqa: E402


def learn_dialog(procedure, config, width, height):
    """Learn a Style from Selection…; True for OK."""
    dialog = opened(procedure, config, _("Learn a Style"))
    dialog.fill(["name", "title", "minutes", "replace"])
    packed(dialog, (Gtk.Label(label=_("From {0} × {1} pixels of the active layer.").format(width, height), xalign=0),))
    return answered(dialog)
