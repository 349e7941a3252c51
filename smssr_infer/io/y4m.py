"""Video through pipes, frame after frame without an end that is known: YUV4MPEG2, as `ffmpeg -f yuv4mpegpipe` writes and reads it.

    ffmpeg -i in.mp4 -f yuv4mpegpipe - | smssr upscale - - --scale 2 | ffmpeg -i - out.mp4
"""

from __future__ import annotations

import dataclasses
import re
from typing import BinaryIO

import numpy as np

from ..arrays.pixels import TO_RGB
from ..arrays.resample import resize

MAGIC = b"YUV4MPEG2"
MOST_LINE = 1 << 12

STEPS = {"420": (2, 2), "422": (1, 2), "444": (1, 1), "mono": (0, 0)}
"""Of how many rows and columns of lightness each kind has one of colour; 0 for no colour."""

FROM_RGB = np.linalg.inv(TO_RGB).astype(np.float32)


@dataclasses.dataclass(frozen=True)
class Video:
    """What a stream says of all its frames."""

    width: int
    height: int
    kind: str
    """One of STEPS."""
    bits: int
    full: bool
    """Whether black and white are the lowest and highest numbers; else they are 16 and 235 of 255."""
    others: tuple[bytes, ...]
    """What else it says, such as the frames in a second, which goes over."""

    @property
    def dtype(self) -> np.dtype:
        """Of its samples."""
        return np.dtype(np.uint8 if self.bits == 8 else "<u2")

    def sized(self, height: int, width: int) -> Video:
        """The same in another size."""
        return dataclasses.replace(self, height=height, width=width)

    def header(self) -> bytes:
        """The line that a stream begins with."""
        return b" ".join([MAGIC, b"W%d" % self.width, b"H%d" % self.height, *self.others]) + b"\n"

    def planes(self) -> list[tuple[int, int]]:
        """Height and width of each plane of a frame."""
        down, across = STEPS[self.kind]
        whole = (self.height, self.width)
        return [whole] if not down else [whole, *[(-(-self.height // down), -(-self.width // across))] * 2]

    def _levels(self) -> tuple[float, float, float, float]:
        """What black is, how far it is to white; what no colour is, and how far it is to the opposite ones."""
        unit = 1 << (self.bits - 8)
        most = (1 << self.bits) - 1
        return (0, most, 128 * unit, most) if self.full else (16 * unit, 219 * unit, 128 * unit, 224 * unit)

    def pixels(self, data: bytes) -> np.ndarray:
        """A frame's samples as a picture: float32, H×W grey or H×W×3, 0 … 1 from black to white."""
        black, white, none, most = self._levels()
        at, planes = 0, []
        for height, width in self.planes():
            planes.append(np.frombuffer(data, self.dtype, height * width, at).reshape(height, width).astype(np.float32))
            at += height * width * self.dtype.itemsize
        luma = (planes[0] - black) / np.float32(white)
        if len(planes) == 1:
            return luma
        colours = resize((np.stack(planes[1:]) - none) / np.float32(most), self.height, self.width)
        return np.ascontiguousarray(np.concatenate([luma[..., None], colours.transpose(1, 2, 0)], axis=2) @ TO_RGB.T)

    def samples(self, pixels: np.ndarray) -> bytes:
        """A picture as a frame's samples."""
        black, white, none, most = self._levels()
        planes = pixels[None] if pixels.ndim == 2 else (pixels @ FROM_RGB.T).transpose(2, 0, 1)
        parts = [planes[:1] * np.float32(white) + np.float32(black)]
        if len(planes) == 3:
            parts.append(resize(np.ascontiguousarray(planes[1:]), *self.planes()[1]) * np.float32(most) + np.float32(none))
        top = (1 << self.bits) - 1
        return b"".join(np.clip(np.rint(part), 0, top).astype(self.dtype).tobytes() for part in parts)


def read_header(stream: BinaryIO) -> Video:
    """What a stream says of its frames. Raises ValueError, in one line, for one that is not understood."""
    line = stream.readline(MOST_LINE)
    words = line.split()
    said = {word[:1]: word[1:] for word in words[1:] if word[:1] in b"WHIC"}
    try:
        width, height = int(said[b"W"]), int(said[b"H"])
    except (KeyError, ValueError):
        raise ValueError("the video does not say how large its frames are") from None
    if said.get(b"I", b"p") not in (b"p", b"?"):
        raise ValueError("the video is interlaced; make whole frames of it first, with ffmpeg's -vf bwdif, say")
    colour = said.get(b"C", b"420").decode("ascii", "replace")
    kind = re.fullmatch("(420|422|444|mono)(jpeg|mpeg2|paldv)?p?(9|10|12|14|16)?", colour)
    if not kind or width < 1 or height < 1:
        raise ValueError(f"the video's samples are {colour}, which is not understood; ffmpeg's -pix_fmt yuv420p makes them so")
    others = tuple(word for word in words[1:] if word[:1] not in (b"W", b"H"))
    return Video(width, height, kind[1], int(kind[3] or 8), b"XCOLORRANGE=FULL" in words, others)


def read_frame(stream: BinaryIO, video: Video) -> np.ndarray | None:
    """The next frame; None at the end. Raises ValueError for one that is cut off."""
    line = stream.readline(MOST_LINE)
    if not line:
        return None
    size = sum(height * width for height, width in video.planes()) * video.dtype.itemsize
    data = stream.read(size) if line.startswith(b"FRAME") else b""
    if len(data) < size:
        raise ValueError("the video is cut off, or damaged")
    return video.pixels(data)


def write_frame(stream: BinaryIO, video: Video, pixels: np.ndarray) -> None:
    """One more frame."""
    stream.write(b"FRAME\n" + video.samples(pixels))
