"""A live preview: a part of what will be seen, before | after, with a divider that one drags. It grows with its dialog.

What is shown is computed as the result will be, by the same engine, and composed by GIMP itself in a small image that nobody sees. A thread
reads the engine's answers; those to a question that has been asked anew are dropped. Nothing here may scale an image or show progress: GIMP
would raise its window and take the keyboard away from the dialog.
"""

import contextlib
import threading
import time

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import GdkPixbuf, Gegl, Gimp, GLib, Gtk  # noqa: E402

from ..engine import EngineError, NotSetUp  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.pixels import format_of, image_like, put, rectangle  # noqa: E402
from ..protocol import Hello  # noqa: E402
from .navigation import Navigation  # noqa: E402
from .outline import draw  # noqa: E402

WIDTH, HEIGHT = 480, 320
"""The size that it opens with, and its least."""

DELAY = 10
"""Milliseconds after the last change of a setting before the engine is asked."""

LATE = 400
"""Milliseconds after which what an answer will take the place of looks as greyed out as a button: it is not what the settings say."""

PALE = 0.25
"""How much of its colours is left then."""

TELLING = 20000
"""Pixels of an answer from which on one can tell how long more of them take."""

PATIENCE = 10
"""Seconds that the engine has to end what it does in, when the dialog is closed."""

CHECK, LIGHT, DARK = 8, 0x999999, 0x666666


def pixbuf_of(drawable, rect):
    """A part of a drawable as it looks on screen, over checks where it is transparent."""
    pixels = drawable.get_buffer().get(rect, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE)
    width, height = rect.width, rect.height
    flat = GdkPixbuf.Pixbuf.new_from_bytes(GLib.Bytes.new(pixels), GdkPixbuf.Colorspace.RGB, True, 8, width, height, 4 * width)
    return flat.composite_color_simple(width, height, GdkPixbuf.InterpType.NEAREST, 255, CHECK, LIGHT, DARK)


def interpolation(zoom):
    """How pixels are enlarged on screen, so that they are seen, and how they are reduced."""
    return GdkPixbuf.InterpType.NEAREST if zoom > 1 else GdkPixbuf.InterpType.BILINEAR


def outlined(pixbuf, mask):
    """A pixbuf with the edge of a mask (bytes, one a pixel) drawn into it."""
    width, height, stride = pixbuf.get_width(), pixbuf.get_height(), pixbuf.get_rowstride()
    pixels = bytearray(pixbuf.get_pixels()).ljust(stride * height, b"\0")
    channels = pixbuf.get_n_channels()
    draw(pixels, stride, channels, mask, width, height)
    return GdkPixbuf.Pixbuf.new_from_bytes(GLib.Bytes.new(bytes(pixels)), GdkPixbuf.Colorspace.RGB, channels == 4, 8, width, height, stride)


class Preview(Navigation, Gtk.EventBox):
    """The area. A subclass says what is shown, what to ask the engine, and how to compose its answers: `size`, `begin`, `ask`, `compose`.

    `source`: the drawable whose pixels the engine computes with. `before`, `after`: pixbufs, each with what it is of: the size of the
    whole, and the window as (top, bottom, left, right). What is to be seen right of the divider is asked for first, the rest after it.
    """

    def __init__(self, engine, image, source, settings, centre=(0.5, 0.5)):
        """`settings()`: what is wished now; `centre`: what part is shown first, (down, across) as shares of the whole."""
        super().__init__(can_focus=True, expand=True)
        self.engine, self.image, self.source, self.settings = engine, image, source, settings
        self.subject = source
        """The layer that is worked on; None for the whole image."""
        self.centre, self.room = list(centre), (WIDTH, HEIGHT)
        self.before = self.after = self.before_of = self.after_of = self.shown = self.part = None
        self.complete = False
        """Whether all of the answer to the last change is there."""
        self.pace = None
        """Pixels of the answer that the engine made in a second, once that is known."""
        self._asked = self._timer = self._fading = 0
        self._pale = self._closed = False
        self._waiting = []
        """What is still to be asked for: (part, wish, who takes its pixbuf)."""
        self._paced = None
        self._wish = self._taker = self._scratch = self._canvas = None
        self._picture = Gtk.Image()
        frame = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.EXTERNAL, vscrollbar_policy=Gtk.PolicyType.EXTERNAL, expand=True)
        frame.set_size_request(WIDTH, HEIGHT)  # a scrolled window does not insist on its picture's size, so the dialog can shrink again
        frame.add(self._picture)
        self.add(frame)
        self.set_above_child(True)
        put(engine, source)
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        self.refresh()

    def look_at(self, source):
        """Compute with another drawable from now on."""
        if source != self.source:
            self.source = source
            put(self.engine, source)

    def size(self):
        """Width and height of what a window is shown of."""
        raise NotImplementedError

    def begin(self, window):
        """Set `before` to how a window is now, or ask for it.

        Returns the part that the answer can change; None only where `before` is set.
        """
        raise NotImplementedError

    def ask(self, part, wish):
        """Ask the engine for a part as `wish`, one of what `settings()` returns, says. Returns the request's number."""
        raise NotImplementedError

    def compose(self, scratch, part, wish):
        """The pixbuf of a part after, from the layer that holds the engine's tiles."""
        raise NotImplementedError

    def answer_format(self):
        """The format of the engine's tiles."""
        return format_of(self.source)[0]

    def window(self):
        """`(top, bottom, left, right)` of the part that fits into the room there is."""
        return self.around([int(room / self.zoom) for room in reversed(self.room)])

    def around(self, size):
        """`(top, bottom, left, right)` of a part of a size (height, width), or what there is of it, in the middle of what is shown."""
        edges = []
        for whole, most, centre in zip(reversed(self.size()), size, self.centre, strict=True):
            span = max(1, min(whole, most))
            start = max(0, min(whole - span, int(centre * whole - span / 2)))
            edges += [start, start + span]
        return tuple(edges)

    def refresh(self, *_):
        """Something has changed: ask anew, in a moment."""
        if not self._timer:
            self._timer = GLib.timeout_add(DELAY, self._ask)

    def _ask(self):
        self._timer = 0
        if not self.image.is_valid():  # the dialog is about to close
            return GLib.SOURCE_REMOVE
        try:
            self._ask_engine()
        except EngineError as error:
            self.busy(False)
            self.told(str(error))
        return GLib.SOURCE_REMOVE

    def _ask_engine(self):
        if self._asked:
            self.engine.cancel(self._asked)
        self.shown, self._began, self._canvas, self.complete = self.window(), time.monotonic(), None, False
        self._fading = self._fading or GLib.timeout_add(LATE, self._fade)
        touched = self.begin(self.shown)
        self._waiting = []
        if touched:
            top, bottom, left, right = touched
            middle = self.shown[2] + int(self.divider * (self.shown[3] - self.shown[2]))
            middle = max(left, min(right, middle))
            parts = (top, bottom, middle, right), (top, bottom, left, middle)
            self._waiting = [(part, self.settings(), self._take) for part in parts if part[2] < part[3]]
            self._ask_part()
        else:
            self.after, self.after_of, self.complete, self._pale = self.before, self.before_of, True, False
        self.busy(not self.complete)
        self.show_halves()

    def _fade(self):
        """Nothing of the answer is there yet."""
        self._fading, self._pale = 0, self._canvas is None and not self.complete and not self._closed
        if self._pale:
            self.show_halves()
        return GLib.SOURCE_REMOVE

    def _ask_part(self):
        if self._scratch:
            self._scratch.get_image().delete()
        self.part, self._wish, self._taker = self._waiting.pop(0)
        top, bottom, left, right = self.part
        small = image_like(self.image, right - left, bottom - top)
        self._scratch = Gimp.Layer.new(small, "part", right - left, bottom - top, self.source.type(), 100.0, Gimp.LayerMode.NORMAL)
        small.insert_layer(self._scratch, None, 0)
        self._asked = self.ask(self.part, self._wish)

    def offer(self, part, wishes, take):
        """How a part would look as each of several wishes: `take(i, pixbuf)`. A change of a setting meanwhile ends it."""
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0
        if self._asked:
            self.engine.cancel(self._asked)
        self._waiting = [(part, wish, lambda pixbuf, i=i: take(i, pixbuf)) for i, wish in enumerate(wishes)]
        self._began, self.complete = time.monotonic(), False
        self._ask_part()

    def _take(self, pixbuf):
        """Put a part's pixbuf into the window's; where nothing was computed yet, that shows how it is now."""
        top, bottom, left, right = self.part
        if self._canvas is None:
            height, width = self.shown[1] - self.shown[0], self.shown[3] - self.shown[2]
            now = self.before_of == (self.size(), self.shown)
            self._canvas = self.before.copy() if now else GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, width, height)
        pixbuf.copy_area(0, 0, right - left, bottom - top, self._canvas, left - self.shown[2], top - self.shown[0])
        self._pale = False
        self.after, self.after_of = self._canvas, (self.size(), self.shown)

    def _listen(self):
        """In a thread of its own: hand every answer to GTK's one."""
        try:
            while True:
                header, payload = self.engine.next()
                if "version" in header:
                    return
                GLib.idle_add(self.answer, header, payload)
        except EngineError as error:
            if not self._closed:
                GLib.idle_add(self.told, str(error))

    def gone(self):
        """Whether a layer that it is about is no longer in the image."""
        return False

    def told(self, words):
        """Say what went wrong, or nothing; a dialog connects its own label here."""

    def answer(self, header, payload):
        """Take one answer of the engine's."""
        if header["id"] != self._asked or not self.image.is_valid():
            return GLib.SOURCE_REMOVE
        if "error" in header:
            self.busy(False)
            fault = self.engine.fault(header)
            self.told(_("This needs SciPy, a free library. OK downloads it.") if isinstance(fault, NotSetUp) else str(fault))
        elif "tile" in header:
            self._scratch.get_buffer().set(self.inside(header["tile"]), self.answer_format(), payload)
        elif header.get("end"):
            self._scratch.get_buffer().flush()
            self._scratch.update(0, 0, self._scratch.get_width(), self._scratch.get_height())
            top, bottom, left, right = self.part
            self._time((bottom - top) * (right - left), time.monotonic() - self._began)
            self._taker(self.compose(self._scratch, self.part, self._wish))
            self.told("")
            self.show_halves()
            self._began = time.monotonic()
            self.complete = not self._waiting
            self.busy(not self.complete)
            if self._waiting:
                self._ask_part()
        return GLib.SOURCE_REMOVE

    def _time(self, pixels, seconds):
        """Note how fast the engine was. Its first answer holds the loading of a network, a small one little else: the best counts."""
        how = self.way(self._wish)
        if how != self._paced:
            self._paced, self.pace = how, None
        if pixels >= TELLING:
            self.pace = max(self.pace or 0, pixels / max(0.01, seconds))

    def way(self, wish):
        """What of a wish decides how long it takes."""
        return wish

    def now(self, before):
        """Set `before` to a pixbuf of the part that is shown."""
        self.before, self.before_of = before, (self.size(), self.shown)

    def inside(self, tile, of=None):
        """A tile's rectangle within the part that was asked for, or within another window."""
        top, _, left, _ = of or self.part
        return rectangle(tile[0] - top, tile[1] - top, tile[2] - left, tile[3] - left)

    def close(self):
        """Stop reading, so that the engine can be asked for the whole. One that goes on with the preview is replaced by a fresh one.

        Raises EngineError where that does not start.
        """
        self._closed = True
        for waiting in (self._timer, self._fading):
            if waiting:
                GLib.source_remove(waiting)
        with contextlib.suppress(EngineError):  # whoever asks the engine next will be told
            if self._asked:
                self.engine.cancel(self._asked)
            self.engine.send(Hello())
        self._asked = 0  # what is still on its way to GTK is dropped there
        self._reader.join(PATIENCE)
        if self._reader.is_alive():  # two threads must not read one pipe
            self.engine.kill()
            self._reader.join()
            self.engine.start()
        if self._scratch:
            self._scratch.get_image().delete()

    def show_halves(self):
        """Before to the left of the divider, after to its right, both of the same place. As pixbufs: GIMP's Python need not know cairo."""
        if not self.before:
            return
        shown = self.before.copy()
        width, height = shown.get_width(), shown.get_height()
        at = int(self.divider * width)
        if self.after and self.after_of[0] == self.before_of[0]:
            # one of the two may be of where one was a moment ago
            down, across = (self.after_of[1][edge] - self.before_of[1][edge] for edge in (0, 2))
            left, right = max(at, across), min(width, across + self.after.get_width())
            top, bottom = max(0, down), min(height, down + self.after.get_height())
            if left < right and top < bottom:
                self.after.copy_area(left - across, top - down, right - left, bottom - top, shown, left, top)
        if self._pale and at < width:
            right = shown.new_subpixbuf(at, 0, width - at, height)
            right.saturate_and_pixelate(right, PALE, True)
        if self.zoom != 1:
            shown = shown.scale_simple(max(1, int(width * self.zoom)), max(1, int(height * self.zoom)), interpolation(self.zoom))
        width, height = shown.get_width(), shown.get_height()
        at = int(self.divider * width)
        for left, wide, colour in ((at - 1, 3, 0x000000FF), (at, 1, 0xFFFFFFFF)) if self.divider else ():
            left, right = max(0, left), min(width, left + wide)
            if left < right:
                shown.new_subpixbuf(left, 0, right - left, height).fill(colour)
        self.finish(shown)
        self._picture.set_from_pixbuf(shown)

    def finish(self, shown):
        """Draw over what is shown, in screen pixels."""
