"""The pictures that the plug-in has sent, and what is measured of each."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.measurements import Measurements
from ..arrays import stopping
from ..arrays.large import in_memory
from ..arrays.pixels import Picture
from ..nodes.model_choice import MOST_PIXELS
from ..runtime import Runtime
from .protocol import Put

if TYPE_CHECKING:
    from ..select.guide import Guide


@dataclasses.dataclass
class _Sent:
    """A picture as far as it has arrived. What is measured of it is asked for once, and kept."""

    pixels: np.ndarray
    rows: int = 0
    """How many of its rows are there, from the top."""
    trouble: str | None = None
    """Why it will never be whole."""
    picture: Picture | None = None
    measured: Measurements | None = None
    guide: Guide | None = None


NONE = np.empty((0, 0, 1), np.float32)


class Pictures:
    """Pictures by their number. They arrive row by row, from the top."""

    def __init__(self) -> None:
        self._sent: dict[int, _Sent] = {}

    def put(self, request: Put, payload: bytes) -> None:
        """Take some rows, those after the ones that are there; the first ones (top = 0) make the picture anew.

        Raises ValueError or MemoryError where they cannot be taken; whoever uses the picture is told why, too. What follows of such a
        picture is dropped.
        """
        key = request.picture
        if not _whole(key):
            raise ValueError(f"a picture's number is a whole one, not {key!r:.60}")
        begins = request.top == 0
        if begins:
            self.forget(key)
        elif key in self._sent and self._sent[key].trouble:
            return
        try:
            sent, rows = self._checked(key, request, payload)
            if begins:
                self._sent[key] = sent
            sent.pixels[sent.rows:sent.rows + len(rows)] = rows
            sent.rows += len(rows)
        except (ValueError, MemoryError) as error:
            words = "there was not enough memory for the picture" if isinstance(error, MemoryError) else str(error)
            self._sent[key] = _Sent(NONE, trouble=words)
            raise ValueError(words) from error

    def _checked(self, key: int, request: Put, payload: bytes) -> tuple[_Sent, np.ndarray]:
        """The picture that rows belong to, and the rows. Raises ValueError where they cannot be, MemoryError where there is no room."""
        numbers: dict[str, Any] = {name: getattr(request, name) for name in ("height", "width", "channels", "top", "rows")}
        wrong = [f"{name} {value!r:.30}" for name, value in numbers.items() if not _whole(value)]
        if wrong:
            raise ValueError(f"a picture's rows need whole numbers, not {', '.join(wrong)}")
        height, width, channels, top, rows = numbers.values()
        if not (height >= 1 and width >= 1 and 1 <= channels <= 4 and height * width <= MOST_PIXELS):
            raise ValueError(f"a picture of {width}×{height} pixels with {channels} channels cannot be; "
                             f"at most {MOST_PIXELS >> 20} Mpx with 1 to 4 are taken")
        sent = _Sent(np.zeros((height, width, channels), np.float32)) if top == 0 else self._sent.get(key)
        if not sent:
            raise ValueError("the engine has not got the beginning of that picture")
        if sent.pixels.shape != (height, width, channels):
            raise ValueError(f"the picture has {sent.pixels.shape[1]}×{sent.pixels.shape[0]} pixels with {sent.pixels.shape[2]} channels, "
                             f"its rows say {width}×{height} with {channels}")
        if top != sent.rows or not 1 <= rows <= height - top:
            raise ValueError(f"{rows} rows from {top} on do not follow the {sent.rows} of {height} that are there")
        if len(payload) != 4 * rows * width * channels:
            raise ValueError(f"{rows} rows of that picture have {4 * rows * width * channels} bytes, not {len(payload)}")
        return sent, np.frombuffer(payload, np.float32).reshape(rows, width, channels)

    def forget(self, key: int) -> None:
        """Give a picture's memory back."""
        self._sent.pop(key, None)

    def _whole_one(self, key: int) -> _Sent:
        """Raises ValueError where a picture is not there, or not all of it."""
        sent = self._sent.get(key) if _whole(key) else None
        if not sent:
            raise ValueError("the engine has no such picture")
        if sent.trouble:
            raise ValueError(sent.trouble)
        if sent.rows != len(sent.pixels):
            raise ValueError("the engine has only a part of that picture")
        return sent

    def picture(self, key: int) -> Picture:
        """A picture. Raises ValueError, with the true reason, where it is not there, or not all of it."""
        sent = self._whole_one(key)
        if not sent.picture:
            sent.picture = in_memory(sent.pixels)
        return sent.picture

    def measured(self, key: int) -> Measurements:
        """What is measured of a picture, kept for the requests that follow. Raises ValueError as `picture` does."""
        sent = self._whole_one(key)
        if not sent.measured:
            sent.measured = Measurements(self.picture(key), Runtime(check=stopping.check))
        return sent.measured

    def guide(self, key: int) -> Guide:
        """A picture to ask masks of. Raises ValueError as `picture` does."""
        sent = self._whole_one(key)
        if not sent.guide:
            from ..select.guide import Guide  # SciPy takes a quarter of a second to import

            sent.guide = Guide(self.picture(key).array)
        return sent.guide


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
