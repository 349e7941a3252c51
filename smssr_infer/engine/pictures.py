"""The pictures that the plug-in has sent, and what is measured of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..planes import tiling
from ..planes.pixels import Picture
from ..stages.condition import is_photo
from ..texture.canvas import Canvas


class Pictures:
    """Pictures by their number. They arrive row by row."""

    def __init__(self, check: Callable[[], None]):
        """`check` may raise to cancel while a picture is measured."""
        self._check = check
        self._arrays: dict[int, np.ndarray] = {}
        self._rows: dict[int, int] = {}
        self._pictures: dict[int, Picture] = {}
        self._canvases: dict[int, Canvas] = {}
        self._photos: dict[int, bool] = {}

    def put(self, request: dict[str, Any], payload: bytes) -> None:
        """Take some rows; the first ones (top = 0) make the picture anew."""
        key, shape = request["picture"], (request["height"], request["width"], request["channels"])
        if request["top"] == 0:
            self.forget(key)
            self._arrays[key] = np.empty(shape, np.float32)
        rows = np.frombuffer(payload, np.float32).reshape(request["rows"], *shape[1:])
        self._arrays[key][request["top"]:request["top"] + request["rows"]] = rows
        self._rows[key] = self._rows.get(key, 0) + request["rows"]

    def forget(self, key: int) -> None:
        """Give a picture's memory back."""
        for kept in (self._arrays, self._rows, self._pictures, self._canvases, self._photos):
            kept.pop(key, None)

    def picture(self, key: int) -> Picture:
        """A picture. Raises ValueError where it is not there, or not all of it."""
        if key not in self._arrays:
            raise ValueError("the engine has no such picture")
        if self._rows[key] != len(self._arrays[key]):
            raise ValueError("the engine has only a part of that picture")
        if key not in self._pictures:
            self._pictures[key] = Picture(self._arrays[key])
        return self._pictures[key]

    def canvas(self, key: int) -> Canvas:
        """A picture to paint on, with what was measured of it. Raises ValueError as `picture` does."""
        if key not in self._canvases:
            self._canvases[key] = Canvas(self.picture(key), tiling.cores(), self._check)
        return self._canvases[key]

    def photo(self, key: int, kind: str) -> bool:
        """Whether a picture is to be enlarged as a photograph; `kind` as `is_photo` has it."""
        if kind != "auto":
            return is_photo(self.picture(key), kind)
        if key not in self._photos:
            self._photos[key] = is_photo(self.picture(key), kind)
        return self._photos[key]
