"""Learn a Style from Selection…: the selected pixels become a new style."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GObject  # noqa: E402

from ..engine import LEARNING, Engine, EngineError, NotSetUp  # noqa: E402
from ..i18n import N_, _  # noqa: E402
from ..image import kept_settings  # noqa: E402
from ..image.pixels import put  # noqa: E402
from ..image.result_layer import chosen_part  # noqa: E402
from ..protocol import Learn  # noqa: E402
from .common import cancelled, described, guarded, succeeded, telling  # noqa: E402

NAME = "smssr-learn-style"

SETTINGS = ("name", "title", "minutes", "replace", "coarse")

SLOW = 0.1
"""Below this share tenths of a per cent are shown, so that one sees that it goes on."""

NEEDED = N_("Learning a style needs PyTorch, a free program library that is not installed here yet (a download of several hundred "
            "megabytes). Open a terminal, enter the next line, and then try again.")


def declare(plugin):
    """The procedure, and what it takes."""
    procedure = Gimp.ImageProcedure.new(plugin, NAME, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.set_image_types("*")  # indexed images are told why not
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
    procedure.add_string_argument("name", _("_Name"), _("What to call the style: letters, digits, - and _"), "my-style",
                                  GObject.ParamFlags.READWRITE)
    procedure.add_string_argument("title", _("_Title"), _("What it paints, in words"), "", GObject.ParamFlags.READWRITE)
    procedure.add_double_argument("minutes", _("_Minutes"),
                                  _("How long it may take at most"),
                                  0.1, 600.0, 8.0, GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("replace", _("Replace my st_yle of this name"), _("Otherwise a name that is taken is refused"), False,
                                   GObject.ParamFlags.READWRITE)
    procedure.add_boolean_argument("coarse", _("A painting's _forms and colours"), _("Instead of its texture: for Repaint…"), False,
                                   GObject.ParamFlags.READWRITE)
    return described(procedure, _("_Learn a Style by Network…"), _("A network learns a style from the selection (slow; needs PyTorch)"),
                        _("Learns a style from the part of the active layer that is selected, or all of it; 184 pixels a side or "
                          "more. Needs smssr's export extra (PyTorch). You can go on working meanwhile."), 12)


@guarded
def run(procedure, run_mode, image, drawables, config, _data):
    """Learn a Style from Selection…"""
    layer, part = chosen_part(image, drawables)
    with Engine() as engine:
        told = engine.hello()
        if told["missing"] and engine.set_up:  # before the form is filled in
            raise NotSetUp(_("Learning by network needs PyTorch, a free library."), LEARNING)
        if told["missing"]:
            command = f"{engine.pip(told['python'])} install {' '.join(told['missing'])}"
            if run_mode == Gimp.RunMode.INTERACTIVE:
                from ..dialogs.learn_dialog import missing_dialog

                missing_dialog(procedure, _(NEEDED), command)
                return cancelled(procedure)
            raise EngineError(f"{_(NEEDED)}\n{command}")
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from ..dialogs.learn_dialog import learn_dialog

            config.set_property("title", config.get_property("title") or "")  # GIMP has None, and complains of it in its own entry
            begun = kept_settings.recall(NAME, config, SETTINGS)
            go_on = learn_dialog(procedure, config, told["models"], *part[2:])
            kept_settings.keep(NAME, config, SETTINGS, begun)  # until it is learnt: it may be cancelled, or not fit
            if not go_on:
                return cancelled(procedure)
        tell = telling(_("Learning a style"))
        put(engine, layer, part)
        number = engine.send(Learn(1, **{key: config.get_property(key) for key in SETTINGS}))
        for header, _payload in engine.answers(number):
            if "share" in header:
                share = header["share"]
                tell(share, f"{config.get_property('name')}: {share:.{0 if share >= SLOW else 1}%}")
        if run_mode == Gimp.RunMode.INTERACTIVE:
            from ..dialogs.style_chooser import remember

            kept_settings.forget(NAME)
            remember(config.get_property("name"))
            words = (_("The painting is learnt. You find it in Repaint…") if config.get_property("coarse") else
                     _("The style is learnt. You find it in Stylize…"))
            Gimp.message(f"{words} ({config.get_property('name')})")
        return succeeded(procedure)
