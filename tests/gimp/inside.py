# Runs inside GIMP (python-fu-eval), before a test's own code: short names for what tests do.
import json
import os
import subprocess
import time

import gi

gi.require_version("Babl", "0.1")
gi.require_version("Gegl", "0.4")
from gi.repository import Babl, Gegl, Gimp, Gio, GLib, GObject  # noqa: E402, F401

pdb = Gimp.get_pdb()
HERE = "/opt/exchange"


def begin_gtk():
    """Make the plug-in's own modules importable, and Gtk ready."""
    import sys
    sys.path.insert(0, os.path.join(Gimp.directory(), "plug-ins", "smssr"))
    gi.require_version("Gtk", "3.0")
    from gi.repository import Gtk
    Gtk.init(None)


def rect(drawable):
    return Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())


def own_space(drawable, encoding="R'G'B'A float"):
    """The name of a format in a drawable's own colour space."""
    return Babl.get_name(Babl.format_with_space(encoding, Babl.format_get_space(drawable.get_format())))


def pixels(drawable, format_="R'G'B'A float"):
    return drawable.get_buffer().get(rect(drawable), 1.0, format_, Gegl.AbyssPolicy.CLAMP)


def dump(drawable, name, format_="R'G'B'A float"):
    with open(f"{HERE}/{name}", "wb") as file:
        file.write(pixels(drawable, format_))


def fill(drawable, name, format_="R'G'B'A float"):
    """Give a drawable the pixels of a raw file."""
    with open(f"{HERE}/{name}", "rb") as file:
        drawable.get_buffer().set(rect(drawable), format_, file.read())
    drawable.get_buffer().flush()
    drawable.update(0, 0, drawable.get_width(), drawable.get_height())


def new(width, height, base=Gimp.ImageBaseType.RGB, precision=Gimp.Precision.U8_NON_LINEAR):
    return Gimp.Image.new_with_precision(width, height, base, precision)


def layer(image, name, width, height, kind=Gimp.ImageType.RGBA_IMAGE, parent=None, x=0, y=0, raw=None):
    made = Gimp.Layer.new(image, name, width, height, kind, 100.0, Gimp.LayerMode.NORMAL)
    image.insert_layer(made, parent, 0)
    made.set_offsets(x, y)
    if raw:
        fill(made, raw)
    return made


def call(procedure_name, image=None, layers=(), **settings):
    procedure = pdb.lookup_procedure(procedure_name)
    config = procedure.create_config()
    if image:
        config.set_property("image", image)
        config.set_core_object_array("drawables", list(layers))
    for key, value in settings.items():
        config.set_property(key.replace("_", "-"), value)
    answer = procedure.run(config)
    worked = answer.index(0) == Gimp.PDBStatusType.SUCCESS
    if answer.index(0) == Gimp.PDBStatusType.CALLING_ERROR:
        return False, answer.index(1), []
    return worked, (pdb.get_last_error() if not worked else None), [answer.index(i) for i in range(1, answer.length())]


def tell(**facts):
    """Send facts to the test."""
    print("TELL " + json.dumps(facts), flush=True)


def layers_of(items):
    return [[item.get_name(), item.get_width(), item.get_height(), *list(item.get_offsets())[1:]] for item in items]


def xdotool(*words):
    return subprocess.run(["xdotool", *words], capture_output=True, text=True).stdout.strip()


def windows(title):
    """The visible windows whose title matches."""
    return xdotool("search", "--onlyvisible", "--name", title).split()


def until(right, seconds=300):
    """What `right` gives once that is true, at the latest so many seconds later."""
    end = time.monotonic() + seconds
    while not (fine := right()) and time.monotonic() < end:
        time.sleep(0.1)
    return fine


def window_of(image):
    """Open an image's window and give it the keyboard."""
    Gimp.Display.new(image)
    window = until(lambda: windows("GIMP$"))[-1]
    xdotool("windowfocus", "--sync", window)
    return window
