"""Strokes that were drawn in a preview: kept on the layer that they were drawn over, so that one can go on with them."""

import json
import typing

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp  # noqa: E402, F401 - whose types the layers are of

from .parasites import data_of, mark_of  # noqa: E402

NAME = "smssr-strokes"


class Stroke(typing.NamedTuple):
    """One stroke of a brush, in pixels of its layer."""

    meant: bool
    """Whether it lies on what is meant, or on what is not."""
    radius: float
    points: list
    """[x, y] each."""


def keep(layer, strokes):
    """Write strokes on a layer; they are saved with the image."""
    told = {"size": [layer.get_width(), layer.get_height()], "strokes": [list(stroke) for stroke in strokes]}
    layer.attach_parasite(mark_of(NAME, json.dumps(told).encode()))


def kept(layer):
    """The strokes that were written on a layer, in its pixels now; none for a mark that is not ours."""
    mark = layer.get_parasite(NAME)
    try:
        told = json.loads(data_of(mark).rstrip(b"\0")) if mark else {"strokes": []}
        across, down = (now / then for now, then in zip((layer.get_width(), layer.get_height()), told.get("size", (1, 1)), strict=True))
        return [Stroke(bool(meant), float(radius) * max(across, down), [[x * across, y * down] for x, y in points])
                for meant, radius, points in told["strokes"] if points]
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError, RecursionError):
        return []
