"""The lines that the user has drawn with the Paths tool."""

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402, F401 - whose types the paths are of

PRECISION = 2.0
"""How far, in pixels, a straight piece may be from its curve."""


def drawn(image, layer):
    """The lines of the image's selected paths, or of all if none is: of each its points [x, y] in pixels of the layer."""
    _ok, left, top = layer.get_offsets()
    lines = []
    for path in image.get_selected_paths() or image.get_paths():
        for stroke in path.get_strokes():
            flat = list(path.stroke_interpolate(stroke, PRECISION)[0])
            lines.append([[round(x - left, 1), round(y - top, 1)] for x, y in zip(flat[::2], flat[1::2], strict=True)])
    return [line for line in lines if len(line) > 1]
