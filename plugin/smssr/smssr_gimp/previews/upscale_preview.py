"""What Upscale shows: GIMP's cubic scaling beside the network, of what is visible of the image or of one layer."""

from ..image.pixels import image_like, scratch
from ..protocol import Upscale
from .preview import Preview, pixbuf_of
from .visible import visible


class UpscalePreview(Preview):
    """Cubic scaling | the network. Both come from the engine: GIMP's own scaling would take the keyboard away from the dialog."""

    def __init__(self, engine, image, source, settings, centre=(0.5, 0.5)):
        """`settings()`: (width, height, way of enlarging, as of `way_of`) of what `source` becomes."""
        self._plain, self._small = 0, None
        self.photo = False
        """Whether the network's last answer was that of a model for photographs."""
        super().__init__(engine, image, source, settings, centre)
        self.subject = None

    def size(self):
        """Width and height of what a window is shown of."""
        return self.settings()[:2]

    def begin(self, window):
        """Ask for what cubic scaling gives, which is quick."""
        width, height, _way = self.settings()
        top, bottom, left, right = window
        if self._small:
            self._small.get_image().delete()
        self._small = scratch(image_like(self.image, 1, 1), "before", right - left, bottom - top, self.source.type())
        self._plain = self.engine.send(Upscale(1, height, width, plain=True, window=window))
        return window

    def ask(self, part, wish):
        """Ask for the network's answer."""
        width, height, way = wish
        return self.engine.send(Upscale(1, height, width, window=part, **way))

    def answer(self, header, payload):
        """Take one answer of the engine's, to either question."""
        if not self.image.is_valid():
            return False
        if header["id"] != self._plain:
            self.photo = header.get("photo", self.photo)
            return super().answer(header, payload)
        if "tile" in header:
            self._small.get_buffer().set(self.inside(header["tile"], self.shown), self.answer_format(), payload)
        elif header.get("end"):
            self._small.get_buffer().flush()
            self.now(pixbuf_of(self._small, self.inside(self.shown, self.shown)))
            self.show_halves()
        return False

    def way(self, wish):
        """What of a wish decides how long it takes."""
        return wish[2]

    def close(self):
        """Stop reading, and leave nothing behind."""
        super().close()
        if self._small:
            self._small.get_image().delete()

    def compose(self, scratch, part, wish):
        """The pixbuf of a part after."""
        return pixbuf_of(scratch, self.inside(part))


def visible_apart(image):
    """What is visible of an image, as a layer of another one that nobody sees; that image is the caller's to delete."""
    unseen = image_like(image, image.get_width(), image.get_height())
    layer = visible(image, unseen)
    unseen.insert_layer(layer, None, 0)
    return layer
