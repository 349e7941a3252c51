"""Strips and tiles that tifffile cannot unpack here, by the libtiff that Pillow brings: each as a TIFF of its own, in memory."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import io
from typing import Any

import numpy as np
from PIL import Image, TiffImagePlugin, TiffTags, _imaging

FAX, JPEG, BYTES = (2, 3, 4), 7, (5, 50000)
PACKED = (*FAX, JPEG, *BYTES)
"""Kinds of compression for which tifffile needs imagecodecs (for fax a recent one), and Pillow does not. Those of bytes, LZW and
Zstandard, know no pixels."""

YCBCR = 6
KEPT = (TiffImagePlugin.PHOTOMETRIC_INTERPRETATION, TiffImagePlugin.SAMPLESPERPIXEL, TiffImagePlugin.BITSPERSAMPLE,
        TiffImagePlugin.FILLORDER, 292, 293, 347, 529, 530, 531, 532)
"""Tags without which a strip cannot be unpacked: what pixels are, and options of fax, JPEG and YCbCr."""


@functools.cache
def silence() -> None:
    """Keep libtiff from printing what Pillow then raises: its handlers of errors and warnings belong to the library, not to the process."""
    with contextlib.suppress(OSError, AttributeError):  # where libtiff is linked in otherwise it goes on printing
        library = ctypes.CDLL(_imaging.__file__)
        for name in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
            getattr(library, name)(None)


def unpacked(page: Any, data: bytes, height: int, width: int) -> np.ndarray:
    """A strip or tile of tifffile's `page` as 8-bit samples `[h, w, C]`, YCbCr as RGB; of BYTES as those, `[h, bytes]`."""
    silence()
    if page.compression == 1 and page.photometric == YCBCR and tuple(page.subsampling or ()) == (1, 1):  # which Pillow < 13 cannot read
        return np.asarray(Image.frombytes("YCbCr", (width, height), data).convert("RGB"))
    tags = TiffImagePlugin.ImageFileDirectory_v2(b"II\x2a\0" + bytes(4))
    for tag in KEPT:
        if tag in page.tags:
            value, rational = page.tags[tag].value, page.tags[tag].dtype == TiffTags.RATIONAL
            tags[tag] = tuple(a / b for a, b in zip(value[::2], value[1::2], strict=True)) if rational else value
    tags[TiffImagePlugin.COMPRESSION] = int(page.compression)
    as_bytes = page.compression in BYTES and page.photometric != YCBCR
    if as_bytes:
        width = -(-width * (1 if page.planarconfig == 2 else page.samplesperpixel) * page.bitspersample // 8)
        for tag, value in ((TiffImagePlugin.PHOTOMETRIC_INTERPRETATION, 1), (TiffImagePlugin.SAMPLESPERPIXEL, 1),
                           (TiffImagePlugin.BITSPERSAMPLE, 8), (TiffImagePlugin.FILLORDER, 1)):
            tags[tag] = value
    elif page.planarconfig == 2:
        tags[TiffImagePlugin.SAMPLESPERPIXEL] = 1
        tags[TiffImagePlugin.PHOTOMETRIC_INTERPRETATION] = 1
        tags[TiffImagePlugin.BITSPERSAMPLE] = page.bitspersample
    for tag, value in ((TiffImagePlugin.IMAGEWIDTH, width), (TiffImagePlugin.IMAGELENGTH, height), (TiffImagePlugin.ROWSPERSTRIP, height),
                       (TiffImagePlugin.STRIPOFFSETS, 0), (TiffImagePlugin.STRIPBYTECOUNTS, len(data))):
        tags[tag] = value
    stream = io.BytesIO(b"II\x2a\0\x08\0\0\0" + tags.tobytes(8) + data)  # which counts the strip's offset from its own end
    with Image.open(stream) as picture:
        found = np.asarray(picture.convert("RGB") if picture.mode == "YCbCr" else picture)
    if page.compression in FAX:  # as Pillow has it, 1 is white
        found = found ^ (int(page.photometric) == 0)
    found = found.astype(np.uint8, copy=False)
    return found if as_bytes else found.reshape(height, width, -1)
