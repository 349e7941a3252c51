"""Something happens at a chosen moment of the plug-in's work. Every Python that GIMP starts reads this where its folder is on the path.

A moment is a number: so many lines of the plug-in's own work (`operations`, `image`) have been run in its process. There, and nowhere else,
it does what `/opt/exchange/moment` asks for, and writes what came of it to `/opt/exchange/happened`. No clock decides: the process stands
still until the Cancel that it pressed ends it, or the stroke that it drew is there.
"""

import json
import os
import subprocess
import sys
import time

HERE = "/opt/exchange"
PATIENCE = 60
"""Seconds after which a Cancel, or a stroke, did nothing."""

IDLE = 0.3
"""Seconds that are waited for what should not happen."""


class Moment:
    """Counts lines, knows whether there is a Cancel to press, and does what is asked when its time has come."""

    def __init__(self, number, what, x, y):
        """`what`: cancel, stroke, undo, or count; x, y: where on the screen."""
        self._number, self._what, self._place = number, what, (str(x), str(y))
        self._lines, self._put_in_from, self._cancellable, self._gimp = 0, 0, False, None

    def __call__(self, frame, event, _argument):
        name = frame.f_code.co_filename
        if frame.f_code.co_name == "telling":  # the work begins
            self._begin()
        return self._line if self._gimp and ("/smssr_gimp/operations/" in name or "/smssr_gimp/image/" in name) else None

    def _begin(self):
        """Begin to count, and to note whether there is a Cancel."""
        from gi.repository import Gimp

        self._gimp = Gimp
        for name, shown in (("progress_update", True), ("progress_end", False)):
            setattr(Gimp, name, self._noting(getattr(Gimp, name), shown))

    def _noting(self, call, shown):
        def noted(*arguments):
            done = call(*arguments)
            self._cancellable = shown
            if not shown and not self._put_in_from:
                self._put_in_from = self._lines
            return done
        return noted

    def _line(self, frame, event, _argument):
        if event == "line":
            self._lines += 1
            if self._what == "count":
                self._tell()
            elif self._lines == self._number:
                sys.settrace(None)
                getattr(self, f"_{self._what}")({"where": f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}"})
        return self._line

    def _cancel(self, told):
        told["cancellable"] = self._cancellable
        self._tell(**told)
        for _ in range(PATIENCE if self._cancellable else 1):  # GIMP may not have drawn the button yet
            _xdotool("mousemove", *self._place, "click", "1")
            time.sleep(1 if self._cancellable else IDLE)  # one that is there ends this process here
        if self._cancellable:
            self._tell(**told, nothing=True)

    def _stroke(self, told):
        before, held = self._pixels(), self._held()
        _xdotool("mousemove", *self._place, "mousedown", "1", "mousemove_relative", "1", "0", "mouseup", "1")
        end = time.monotonic() + (IDLE if held else PATIENCE)
        while not (seen := self._pixels() != before) and time.monotonic() < end:
            time.sleep(0.02)
        self._tell(**told, held=held, seen=seen)

    def _undo(self, told):
        before = self._sizes()
        _xdotool("key", "--clearmodifiers", "ctrl+z")
        end = time.monotonic() + PATIENCE
        while not (seen := self._sizes() != before) and time.monotonic() < end:
            time.sleep(0.02)
        self._tell(**told, seen=seen)

    def _sizes(self):
        return [(image.get_width(), image.get_height()) for image in self._gimp.get_images()]

    def _held(self):
        return any(channel.get_name() == "busy" for image in self._gimp.get_images() for channel in image.get_channels())

    def _pixels(self):
        layers = [layer for image in self._gimp.get_images() for layer in _flat(image.get_layers())]
        return [_bytes(drawable) for layer in layers for drawable in (layer, layer.get_mask()) if drawable]

    def _tell(self, **told):
        with open(f"{HERE}/happened", "w") as file:
            json.dump({"lines": self._lines, "put_in_from": self._put_in_from, **told}, file)


def _flat(layers):
    return [one for layer in layers for one in (_flat(layer.get_children()) if layer.is_group() else [layer])]


def _bytes(drawable):
    from gi.repository import Babl, Gegl

    whole = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    return bytes(drawable.get_buffer().get(whole, 1.0, Babl.get_name(drawable.get_format()), Gegl.AbyssPolicy.CLAMP))


def _xdotool(*words):
    subprocess.run(["xdotool", *words], check=False)


if os.path.exists(f"{HERE}/moment") and "-run" in sys.orig_argv and any("plug-ins/smssr/" in word for word in sys.orig_argv):
    with open(f"{HERE}/moment") as _file:
        sys.settrace(Moment(*json.load(_file)))
