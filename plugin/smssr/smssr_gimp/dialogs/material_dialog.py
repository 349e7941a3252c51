"""The dialog of Material from Selection… and Painting from Selection…"""

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _, said  # noqa: E402
from ..operations import repainting, styling  # noqa: E402
from ..previews.example_preview import MaterialPreview, PaintingPreview  # noqa: E402
from ..previews.navigation import zoom_buttons  # noqa: E402
from .widgets import allowed, answered, caption, opened, packed  # noqa: E402

STRENGTH = 0.8
"""Of a material in the preview: its own."""


def material_dialog(procedure, config, engine, image, layer, tried, painting):
    """A name for what was made, which is shown on the image; True for OK. `tried`: the engine's answer to `Example`."""
    dialog = opened(procedure, config, _("Painting from Selection") if painting else _("Material from Selection"))
    dialog.fill(["title", "replace"])
    note = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)
    wish = repainting.Wish(tried["name"], 1.0) if painting else styling.Wish(tried["name"], STRENGTH, 1)
    preview = (PaintingPreview if painting else MaterialPreview)(engine, image, layer, lambda: wish)

    def named(*_args):
        if allowed(dialog, note, lambda: check_title(config.get_property("title") or "")):
            note.set_text(said(tried["warning"]))

    config.connect("notify::title", named)
    preview.told = lambda words: note.set_text(words) if words else named()
    packed(dialog, (note,), preview, zoom_buttons(preview), caption(_("As it is now on the left, with it everywhere on the right.")))
    named()
    return answered(dialog, preview)


def check_title(title):
    """Raises EngineError for a name without a letter or digit."""
    if not any(letter.isalnum() for letter in title):
        raise EngineError(_("Give it a name; any words will do."))
