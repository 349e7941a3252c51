"""The pictures that the plug-in has sent, and what is measured of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..planes import tiling
from ..planes.large import in_memory
from ..planes.pixels import Picture
from ..stages.condition import Condition, seen
from ..texture.canvas import Canvas

if TYPE_CHECKING:
    from ..guided.guide import Guide


class Pictures:
    """Pictures by their number. They arrive row by row."""

    def __init__(self, check: Callable[[], None]):
        """`check` may raise to cancel while a picture is measured."""
        self._check = check
        self._arrays: dict[int, np.ndarray] = {}
        self._rows: dict[int, int] = {}
        self._pictures: dict[int, Picture] = {}
        self._canvases: dict[int, Canvas] = {}
        self._guides: dict[int, Guide] = {}
        self._conditions: dict[tuple[int, str], Condition | None] = {}

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
        for kept in (self._arrays, self._rows, self._pictures, self._canvases, self._guides):
            kept.pop(key, None)
        self._conditions = {told: condition for told, condition in self._conditions.items() if told[0] != key}

    def picture(self, key: int) -> Picture:
        """A picture. Raises ValueError where it is not there, or not all of it."""
        if key not in self._arrays:
            raise ValueError("the engine has no such picture")
        if self._rows[key] != len(self._arrays[key]):
            raise ValueError("the engine has only a part of that picture")
        if key not in self._pictures:
            self._pictures[key] = in_memory(self._arrays[key])
        return self._pictures[key]

    def canvas(self, key: int) -> Canvas:
        """A picture to paint on, with what was measured of it. Raises ValueError as `picture` does."""
        if key not in self._canvases:
            self._canvases[key] = Canvas(self.picture(key), tiling.cores(), self._check)
        return self._canvases[key]

    def guide(self, key: int) -> Guide:
        """A picture to ask masks of. Raises ValueError as `picture` does."""
        if key not in self._guides:
            from ..guided.guide import Guide  # SciPy takes a quarter of a second to import

            self._guides[key] = Guide(self.picture(key).array)
        return self._guides[key]

    def condition(self, key: int, kind: str) -> Condition | None:
        """What `stages.condition.seen` says of a picture, asked once for each kind."""
        if (key, kind) not in self._conditions:
            self._conditions[key, kind] = seen(self.picture(key), kind)
        return self._conditions[key, kind]
