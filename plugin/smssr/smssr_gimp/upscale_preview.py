"""What Upscale shows: GIMP's own cubic scaling beside the network."""

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import Gegl, Gimp  # noqa: E402

from .pixels import format_of, image_like, rectangle  # noqa: E402
from .preview import Preview, pixbuf_of  # noqa: E402
from .upscaling import scaled_size  # noqa: E402


class UpscalePreview(Preview):
    """GIMP's own cubic scaling | the network."""

    def __init__(self, engine, image, layer, settings):
        """`settings()`: (factor across, factor down, model)."""
        self.settings = settings
        super().__init__(engine, image, layer)

    def size(self):
        across, down, _ = self.settings()
        return scaled_size(self.layer, across, down)

    def show_before(self, window):
        across, down, _ = self.settings()
        top, bottom, left, right = window
        margin = 4
        a, c = max(0, int(top / down) - margin), max(0, int(left / across) - margin)
        b = min(self.layer.get_height(), int(bottom / down) + 1 + margin)
        d = min(self.layer.get_width(), int(right / across) + 1 + margin)
        small = image_like(self.image, d - c, b - a)
        part = Gimp.Layer.new(small, "part", d - c, b - a, self.layer.type(), 100.0, Gimp.LayerMode.NORMAL)
        small.insert_layer(part, None, 0)
        format_, _ = format_of(self.layer)
        pixels = self.layer.get_buffer().get(rectangle(a, b, c, d), 1.0, format_, Gegl.AbyssPolicy.CLAMP)
        part.get_buffer().set(rectangle(0, b - a, 0, d - c), format_, pixels)
        part.get_buffer().flush()
        Gimp.context_push()
        Gimp.context_set_interpolation(Gimp.InterpolationType.CUBIC)
        small.scale(max(1, round((d - c) * across)), max(1, round((b - a) * down)))
        Gimp.context_pop()
        y, x = round(top - a * down), round(left - c * across)
        shown = pixbuf_of(small.get_layers()[0], rectangle(y, y + bottom - top, x, x + right - left))
        small.delete()
        return shown

    def question(self, window):
        width, height = self.size()
        return {"do": "upscale", "width": width, "height": height, "model": self.settings()[2] or None}

    def compose(self, scratch, window):
        return pixbuf_of(scratch, rectangle(0, scratch.get_height(), 0, scratch.get_width()))
