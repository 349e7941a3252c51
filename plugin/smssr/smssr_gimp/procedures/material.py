"""Material from Selection… and Painting from Selection…: a style of one's own, in a second, from a piece of any picture."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject  # noqa: E402

from ..engine import Engine, EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image import kept_settings  # noqa: E402
from ..image.pixels import put  # noqa: E402
from ..image.result_layer import chosen_part  # noqa: E402
from ..protocol import Example  # noqa: E402
from .common import cancelled, described, guarded, succeeded  # noqa: E402

NAME = "smssr-material"

SETTINGS = ("title", "replace")

SAMPLE = 2
"""The engine's number for the piece that a style is made of."""


def declare(plugin, name=NAME, painting=False):
    """The procedure, and what it takes."""
    procedure = Gimp.ImageProcedure.new(plugin, name, Gimp.PDBProcType.PLUGIN, run, painting)
    procedure.set_image_types("*")  # indexed images are told why not
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
    procedure.add_string_argument("title", _("_Name"), _("What to call it; any words"), "", GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("replace", _("Replace my st_yle of this name"), _("Otherwise a name that is taken is refused"), False,
                                   GObject.ParamFlags.READWRITE)
    if painting:
        return described(procedure, _("Pai_nting from Selection…"), _("Make a painting for Repaint from the selection (style)"),
                         _("Cuts brush strokes out of the part of the active layer that is selected, or all of it, and takes its colours. "
                           "It is then in the list of Repaint…"), 10)
    return described(procedure, _("_Material from Selection…"), _("Make a material for Stylize from the selection (texture, style)"),
                     _("Makes a material, such as fur or bark, of the part of the active layer that is selected, or all of it; 64 pixels a "
                       "side or more. It is then in the list of Stylize…"), 9)


@guarded
def run(procedure, run_mode, image, drawables, config, painting):
    """Material from Selection…, or Painting from Selection…"""
    layer, part = chosen_part(image, drawables)
    with Engine() as engine:
        put(engine, layer, part, SAMPLE)
        tried = finished(engine, Example(SAMPLE, None, painting))
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from ..dialogs.material_dialog import material_dialog

            name = procedure.get_name()
            config.set_property("title", config.get_property("title") or "")  # GIMP has None, and complains of it in its own entry
            begun = kept_settings.recall(name, config, SETTINGS)
            go_on = material_dialog(procedure, config, engine, image, layer, tried, painting, part[2:])
            kept_settings.keep(name, config, SETTINGS, begun)  # until it is made: its name may be taken
            if not go_on:
                return cancelled(procedure)
        title = (config.get_property("title") or "").strip()
        if not title:
            raise EngineError(_("Give it a name."))
        kept = finished(engine, Example(SAMPLE, title, painting, config.get_property("replace")))
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from ..dialogs.style_chooser import remember

            kept_settings.forget(procedure.get_name())
            remember(kept["name"])
            words = _("You find it in Repaint…") if painting else _("You find it in Stylize…")
            Gimp.message(f"{words} ({title})")
        return succeeded(procedure)


def finished(engine, request):
    """The last answer to a request. Raises EngineError."""
    *_earlier, (header, _payload) = engine.answers(engine.send(request))
    return header
