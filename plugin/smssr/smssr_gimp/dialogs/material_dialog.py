"""The dialog of Material from Selection… and Painting from Selection…"""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # noqa: E402

from ..i18n import _, isolated, said  # noqa: E402
from ..operations import repainting, styling  # noqa: E402
from ..previews.example_preview import MaterialPreview, PaintingPreview  # noqa: E402
from ..previews.navigation import zoom_buttons  # noqa: E402
from .columns import NARROW  # noqa: E402
from .naming import check_title  # noqa: E402
from .widgets import allowed, answered, begin_in, caption, opened, packed  # noqa: E402

STRENGTH = 0.8
"""Of a material in the preview: its own."""


def material_dialog(procedure, config, engine, image, layer, tried, painting, size):
    """A name for what was made, which is shown on the image; True for OK.

    `tried`: the engine's answer to `Example`; `size`: (width, height) of what it was made of.
    """
    cards = engine.hello()["models"]  # before the preview reads all that the engine says
    dialog = opened(procedure, config, _("Painting from Selection") if painting else _("Material from Selection"))
    dialog.fill(["title", "replace"])
    note = Gtk.Label(xalign=0, wrap=True, width_chars=NARROW)  # it changes with every letter; the preview beside it stays
    wish = repainting.Wish(tried["name"], 1.0) if painting else styling.Wish(tried["name"], STRENGTH, 1)
    preview = (PaintingPreview if painting else MaterialPreview)(engine, image, layer, lambda: wish)

    def named(*_args):
        if allowed(dialog, note, lambda: check_title(config.get_property("title") or "", cards, config.get_property("replace"))):
            note.set_text(said(tried["warning"]) or isolated(_("From {0} × {1} pixels of the active layer.").format(*size)))

    for name in ("title", "replace"):
        config.connect(f"notify::{name}", named)
    preview.told = lambda words: note.set_text(words) if words else named()
    shown = (_("As it is now on the left, repainted on the right.") if painting else
             _("As it is now on the left, with the style on the right."))
    packed(dialog, (note,), preview, zoom_buttons(preview), caption(shown))
    named()
    begin_in(dialog, "title")
    return answered(dialog, preview)
