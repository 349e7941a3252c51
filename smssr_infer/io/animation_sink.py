"""Animations, frame after frame: GIF and APNG, which hold of each frame only what changed, and those that Pillow writes whole."""

from __future__ import annotations

import struct
import tempfile
from abc import ABC, abstractmethod
from typing import Any, BinaryIO

import numpy as np
from PIL import GifImagePlugin, Image

from ..arrays import tiling
from . import gif_colours
from .png_sink import PngSink

MOST_COLOURS = 255
"""Of a GIF's frame, beside what stays."""

STAYS = 255
"""The colour's number of a GIF that leaves what is shown."""


def box(changed: np.ndarray) -> tiling.Tile:
    """The window that holds all that changed; one pixel where nothing did, since a frame is never empty."""
    rows, columns = np.flatnonzero(changed.any(1)), np.flatnonzero(changed.any(0))
    return (int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1) if len(rows) else (0, 1, 0, 1)


class AnimationSink(ABC):
    """An animation that is being written."""

    @abstractmethod
    def add(self, pixels: np.ndarray, duration: float) -> None:
        """The next frame, `[H, W, C]`, which is shown for so many milliseconds."""

    @abstractmethod
    def finish(self) -> None:
        """Write what follows the last frame."""


class GifSink(AnimationSink):
    """A GIF. A pixel that does not change keeps its colour to the bit; of those that do there are 255 colours in each frame.

    Where anything is transparent, all frames share their colours, since each takes the place of the one before.
    """

    def __init__(self, stream: BinaryIO, shape: tuple[int, int, int], loop: int | None, comment: bytes | None, transparent: bool,
                 blocks: bytes = b""):
        """`loop`: as `Animation`'s. `blocks`: what else belongs to it, as blocks of a GIF."""
        self._stream, self._transparent = stream, transparent
        height, width, _ = shape
        stream.write(b"GIF89a" + struct.pack("<HHBBB", width, height, 0x70, 0, 0))
        if loop is not None:
            stream.write(b"!\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", min(loop, 65535)) + b"\0")
        if comment:
            parts = [comment[at:at + 255] for at in range(0, len(comment), 255)]
            stream.write(b"!\xfe" + b"".join(bytes([len(part)]) + part for part in parts) + b"\0")
        stream.write(blocks)
        self._before: np.ndarray | None = None
        self._palette: np.ndarray | None = None
        self._late = 0.0

    def add(self, pixels: np.ndarray, duration: float) -> None:
        """The next frame; a GIF counts hundredths of a second, and what is left over goes to the next."""
        colours = pixels[..., :3] if pixels.shape[2] >= 3 else np.repeat(pixels[..., :1], 3, axis=2)
        opaque = pixels[..., -1] >= 128 if pixels.shape[2] in (2, 4) else np.ones(pixels.shape[:2], bool)
        hundredths = max(0, round((duration + self._late) / 10))
        self._late += duration - 10 * hundredths
        if self._transparent:  # each frame takes the place of the one before: what stays must have the same colour in both
            if self._palette is None:
                self._palette = gif_colours.palette(colours.reshape(-1, 3), MOST_COLOURS)
            self._put(colours, opaque, self._palette, (0, 0), hundredths, again=True)
            return
        before, self._before = self._before, colours.copy()
        changed = np.ones(colours.shape[:2], bool) if before is None else (before != colours).any(-1)
        top, bottom, left, right = box(changed)
        inside, part = changed[top:bottom, left:right], colours[top:bottom, left:right]
        few = gif_colours.palette(part[inside], MOST_COLOURS) if inside.any() else np.zeros((1, 3), np.uint8)
        self._put(part, inside, few, (left, top), hundredths)

    def _put(self, colours: np.ndarray, shown: np.ndarray, palette: np.ndarray, at: tuple[int, int], hundredths: int, *,
             again: bool = False) -> None:
        """`again`: it is cleared away before the next."""
        numbers = np.full(shown.shape, STAYS, np.uint8)
        numbers[shown] = gif_colours.numbers(colours[shown], palette)
        frame = Image.fromarray(numbers)
        frame.putpalette(palette.tobytes().ljust(768, b"\0"))
        options = {"duration": 10 * hundredths, "disposal": 2 if again else 1, **({} if shown.all() else {"transparency": STAYS})}
        for part in GifImagePlugin.getdata(frame, at, include_color_table=True, **options):
            self._stream.write(part)

    def finish(self) -> None:
        """Write the end."""
        self._stream.write(b";")


class ApngSink(AnimationSink):
    """A PNG with more than one frame, of 8 or 16 bits."""

    def __init__(self, stream: BinaryIO, shape: tuple[int, int, int], dtype: np.dtype, count: int, loop: int | None, **belongs: Any):
        """`belongs`: what `PngSink` takes of what belongs to the picture."""
        self._png = PngSink(stream, shape, dtype, animated=(count, 1 if loop is None else loop), **belongs)
        self._before: np.ndarray | None = None

    def add(self, pixels: np.ndarray, duration: float) -> None:
        """The next frame."""
        changed = np.ones(pixels.shape[:2], bool) if self._before is None else (self._before != pixels).any(-1)
        self._before = pixels.copy()
        top, bottom, left, right = box(changed)
        self._png.put_frame(pixels[top:bottom, left:right], (top, left), duration)

    def finish(self) -> None:
        """Write the end."""
        self._png.end()


class PillowAnimationSink(AnimationSink):
    """A WebP or an AVIF: the frames are kept in a nameless file until all are there."""

    def __init__(self, stream: BinaryIO, shape: tuple[int, int, int], format_: str, loop: int | None,
                 options: dict[str, Any]):
        self._stream, self._shape, self._format, self._options = stream, shape, format_, {**options, "loop": 1 if loop is None else loop}
        self._frames = tempfile.TemporaryFile()  # noqa: SIM115 - as long as this lives
        self._durations: list[int] = []
        self._late = 0.0

    def add(self, pixels: np.ndarray, duration: float) -> None:
        """The next frame."""
        whole = round(duration + self._late)
        self._late += duration - whole
        self._durations.append(whole)
        self._frames.write(pixels.tobytes())

    def _frame(self, number: int) -> Image.Image:
        size = int(np.prod(self._shape))
        self._frames.seek(number * size)
        return Image.fromarray(np.frombuffer(self._frames.read(size), np.uint8).reshape(self._shape))

    def finish(self) -> None:
        """Write all of it; of a WebP no frame but the first is written whole, since what did not change would flicker."""
        steady = {"kmax": 0} if self._format == "WEBP" else {}
        self._frame(0).save(self._stream, self._format, save_all=True, duration=self._durations, **steady, **self._options,
                            append_images=(self._frame(number) for number in range(1, len(self._durations))))
        self._frames.close()
