"""What Grow to Similar shows: the layer, with what is not meant covered in red, as the Quick Mask covers it. One paints strokes on it."""

import dataclasses

import gi

gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, GLib  # noqa: E402

from ..engine import EngineError  # noqa: E402
from ..i18n import _  # noqa: E402
from ..image.drawn_strokes import Stroke  # noqa: E402
from ..image.pixels import put, rectangle  # noqa: E402
from ..operations.growing import STROKES, strokes_of  # noqa: E402
from .cover import covered  # noqa: E402
from .preview import Preview, pixbuf_of  # noqa: E402

HALF = 50.0
"""Opacity of the red over what is not meant, in per cent."""

MEANT, NOT_MEANT, EDGE = 0x30E060FF, 0xFF3050FF, 0x000000FF
"""Colours of strokes."""

BRUSH, THINNEST, THICKEST, FINER = 6, 1, 200, 1.25
"""The brush's radius in screen pixels: at first, at least, at most; and how much a turn of the wheel changes it."""

LEFT, RIGHT = 1, 3
"""Mouse buttons."""


class GrowPreview(Preview):
    """What is meant, in its own colours. Each stroke is answered as soon as it is drawn."""

    def __init__(self, engine, image, layer, settings, strokes):
        """`settings()`: a Wish; `strokes`: those that were drawn before."""
        self._sent = None
        self.strokes = list(strokes)
        self.brush = BRUSH
        self._drawing = None
        self._showing = 0
        self.drawn = lambda: None
        """Called when the strokes have changed."""
        super().__init__(engine, image, layer, settings)
        self.divider = 0
        self._fitted = False
        self.connect("realize", lambda *_args: self.get_window().set_cursor(Gdk.Cursor.new_from_name(self.get_display(), "crosshair")))

    def size(self):
        """Width and height of what a window is shown of."""
        return self.source.get_width(), self.source.get_height()

    def begin(self, window):
        """Set `before` to the layer as it is; the strokes go to the engine where others are chosen."""
        self.now(pixbuf_of(self.source, rectangle(*window)))
        where = self.settings().strokes
        try:
            with strokes_of(self.image, self.source, where, self.strokes) as strokes:
                if strokes and where != self._sent:
                    put(self.engine, strokes, picture=STROKES)
                    self._sent = where
        except EngineError as error:
            self.told(str(error))
            return None
        return window

    def ask(self, part, wish):
        """Ask for the mask of a part."""
        return self.engine.send(dataclasses.replace(wish.request(), window=part))

    def answer_format(self):
        """The format of the engine's tiles."""
        return "Y float"

    def take_back(self, count=1):
        """Undo the last strokes."""
        if self.strokes and not self._drawing:
            del self.strokes[-count:]
            self.drawn()

    def _place(self, event):
        """Where a pointer is, in pixels of the layer."""
        top, bottom, left, right = self.window()
        wide, high = ((end - begin) * self.zoom for begin, end in ((left, right), (top, bottom)))
        x, y = ((at - max(0, (room - span) / 2)) / self.zoom
                for at, room, span in zip((event.x, event.y), self.room, (wide, high), strict=True))
        return [round(left + x - 0.5, 1), round(top + y - 0.5, 1)]

    def _inside(self, place):
        return all(-0.5 <= at <= side - 0.5 for at, side in zip(place, self.size(), strict=True))

    def _press(self, widget, event):
        if event.button not in (LEFT, RIGHT):
            super()._press(widget, event)
            self._grabbed = event.x, event.y  # there is no divider
            return
        self.grab_focus()
        event.window.set_event_compression(False)  # or a hand that is faster than the screen cuts the stroke's corners
        if self._inside(self._place(event)):
            self._drawing = Stroke(event.button == LEFT, max(0.5, self.brush / self.zoom), [self._place(event)])
            self._show_soon()

    def _move(self, widget, event):
        if not self._drawing:
            super()._move(widget, event)
        elif self._inside(self._place(event)) and self._place(event) != self._drawing.points[-1]:
            self._drawing.points.append(self._place(event))
            self._show_soon()

    def _show_soon(self):
        """Show the stroke once all of the pointer's places that are known have been taken."""
        if not self._showing:
            self._showing = GLib.idle_add(self._show)

    def _show(self):
        self._showing = 0
        if self.image.is_valid():
            self.show_halves()
        return GLib.SOURCE_REMOVE

    def _release(self, *event):
        super()._release(*event)
        if self._drawing:
            self.strokes.append(self._drawing)
            self._drawing = None
            self.drawn()

    def _scroll(self, widget, event):
        if event.state & Gdk.ModifierType.CONTROL_MASK:
            return super()._scroll(widget, event)
        up, down = self.turned(event)
        if up or down:
            self.brush = max(THINNEST, min(THICKEST, self.brush * (FINER if up else 1 / FINER)))
            self.told(_("Brush: {0:.0f} pixels wide").format(2 * self.brush))
        return True

    def _key(self, widget, event):
        if event.state & Gdk.ModifierType.CONTROL_MASK and Gdk.keyval_name(event.keyval) == "z":
            self.take_back()
            return True
        return super()._key(widget, event)

    def _resize(self, widget, allocation):
        super()._resize(widget, allocation)
        if not self._fitted:
            self._fitted = True
            self.fit()

    def finish(self, shown):
        """Draw the strokes, as lines half as wide as the brush, over what is shown."""
        top, _bottom, left, _right = self.before_of[1]
        for stroke in [*self.strokes, *([self._drawing] if self._drawing else [])]:
            radius = max(1, round(stroke.radius * self.zoom / 2))
            places = [(int((x + 0.5 - left) * self.zoom), int((y + 0.5 - top) * self.zoom))
                      for x, y in between(stroke.points, radius / self.zoom)]
            for grown, colour in ((1, EDGE), (0, MEANT if stroke.meant else NOT_MEANT)):
                for place in places:
                    disc(shown, place, radius + grown, colour)

    def compose(self, scratch, part, wish):
        """The pixbuf of a part after: the layer, and over it red where the mask is black."""
        return covered(self, scratch, part, HALF, inverted=True)


def between(points, step):
    """Points of a polyline, at most `step` apart."""
    yield points[0]
    for (x, y), (to_x, to_y) in zip(points, points[1:], strict=False):
        count = max(1, int(max(abs(to_x - x), abs(to_y - y)) / max(step, 0.5)))
        for i in range(1, count + 1):
            yield x + (to_x - x) * i / count, y + (to_y - y) * i / count


def disc(pixbuf, place, radius, colour):
    """Fill a disc of a pixbuf, row by row."""
    width, height = pixbuf.get_width(), pixbuf.get_height()
    x, y = place
    for row in range(max(0, y - radius), min(height, y + radius + 1)):
        half = int((radius * radius - (row - y) ** 2) ** 0.5)
        left, right = max(0, x - half), min(width, x + half + 1)
        if left < right:
            pixbuf.new_subpixbuf(left, row, right - left, 1).fill(colour)
