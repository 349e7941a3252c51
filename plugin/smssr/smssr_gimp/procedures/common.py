"""What every procedure shares: how it is described, how it ends, how a fault becomes words."""

import time
import traceback

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GLib, GObject  # noqa: E402

from ..engine import Dismissed, EngineError, NotSetUp  # noqa: E402
from ..i18n import _, duration  # noqa: E402
from ..one_window import one_window  # noqa: E402

KNOWN = 0.005
"""The share done from which on one can tell how long the rest takes."""

MENU = "<Image>/Filters/Super-_Resolution"


def described(procedure, label, blurb, help_, place, *elsewhere):
    """A procedure with its places in the menus and its words.

    `place`: its number in our own menu, which is in the order of work; `blurb`: GIMP's action search finds its words.
    """
    procedure.set_menu_label(label)
    procedure.add_menu_path(f"{MENU}/[{place:02}]")  # GIMP sorts its entries by this, and shows it nowhere
    for path in elsewhere:
        procedure.add_menu_path(path)
    procedure.set_documentation(blurb, help_, procedure.get_name())
    procedure.set_attribution("smssr", "GPL-3.0-or-later", "2026")
    return procedure


def choice(*options):
    """A choice of (key, label) options."""
    made = Gimp.Choice.new()
    for i, (key, label) in enumerate(options):
        made.add(key, i, label, "")
    return made


def kinds():
    """What a picture that is enlarged may be."""
    return choice(("auto", _("Auto-detect")), ("clean", _("Clean: a drawing, or without noise and JPEG artefacts")),
                  ("photo", _("Photograph, or with JPEG artefacts")))


def add_best(procedure):
    """A procedure's argument for who can wait."""
    procedure.add_boolean_argument("best", _("_Best quality (takes four times as long)"),
                                   _("Averages the results for the picture turned and mirrored"), False,
                                   GObject.ParamFlags.READWRITE)


def guarded(work):
    """A procedure's run function: what the user should read becomes its error message, what is missing of the engine is set up first, and
    a dialog that is open already comes to the front instead of opening again."""
    def run(procedure, *arguments):
        try:
            if _mode(arguments[0]) == Gimp.RunMode.INTERACTIVE and not _opening(procedure, *arguments[1:3]):
                return cancelled(procedure)
            while True:
                try:
                    return work(procedure, *arguments)
                except NotSetUp as error:  # it comes before anything is begun
                    if not with_window(arguments[0]):
                        raise
                    from ..dialogs.setup_dialog import setup_dialog

                    if not setup_dialog(procedure, str(error), error.part):
                        return cancelled(procedure)
                    for settings in arguments:  # what the first dialog has connected to them would go on changing them
                        if isinstance(settings, Gimp.ProcedureConfig):
                            GObject.signal_handlers_destroy(settings)
        except Dismissed:
            return cancelled(procedure)
        except EngineError as error:
            words = str(error)
        except Exception as error:  # a fault of ours: without an answer GIMP would say nothing at all
            traceback.print_exc()
            words = _("Internal error ({kind}: {error}). Please report it.").format(kind=type(error).__name__, error=error)
        return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR,
                                           GLib.Error.new_literal(Gimp.PlugIn.error_quark(), words, 0))
    return run


def _opening(procedure, image=None, drawables=()):
    """Say that a dialog is opening; False where it is open already, in another process."""
    of_image = isinstance(image, Gimp.Image)
    if of_image:  # without one, GIMP would open a window for these words
        Gimp.progress_init(_("Opening…"))
        Gimp.progress_update(0)
    return one_window.alone(procedure.get_name(), drawables if of_image else ())


def with_window(asked):
    """Whether a procedure may open one: by its run mode, or the settings that hold one."""
    return _mode(asked) != Gimp.RunMode.NONINTERACTIVE


def _mode(asked):
    return asked if isinstance(asked, Gimp.RunMode) else asked.get_property("run-mode")


def cancelled(procedure):
    """What a procedure answers when its dialog was closed."""
    return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)


def succeeded(procedure, *values):
    """What a procedure answers when it has worked: (type, value) for each of its return values."""
    answer = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
    for i, (kind, value) in enumerate(values, 1):
        answer.remove(i)
        answer.insert(i, GObject.Value(kind, value))
    return answer


def telling(title):
    """Begin to show progress, in GIMP's status bar or dialog. Returns what is told the share done and some words; it adds the time left."""
    Gimp.progress_init(title)
    Gimp.progress_update(0)  # GIMP shows the progress, and its Cancel, from the first update on
    began = time.monotonic()

    def tell(share, words):
        spent = time.monotonic() - began
        left = spent * (1 - share) / share if share > KNOWN else 0
        Gimp.progress_update(share)
        Gimp.progress_set_text(_("{time} left: {words}").format(words=words, time=duration(left)) if spent > 5 and left > 1 else words)

    return tell