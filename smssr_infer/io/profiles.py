"""Colours that only their profile explains: CMYK and Lab become sRGB."""

from __future__ import annotations

import contextlib
import io

import numpy as np
from PIL import Image

SRGB_OF_CMYK = "is CMYK, and becomes sRGB (--cmyk keep keeps it)"


class ToSrgb:
    """From one kind of colours to sRGB, for any number of parts of a picture, from any thread."""

    icc: bytes | None = None
    """The profile of what comes of it; None where there is none to go by."""

    def __init__(self, mode: str, icc: bytes | None):
        """`mode`: "CMYK", which needs its profile `icc` to be exact, or "LAB"."""
        from PIL import ImageCms

        self.mode = mode
        self._transform = None
        if icc or mode == "LAB":
            srgb = ImageCms.createProfile("sRGB")
            with contextlib.suppress(OSError, ImageCms.PyCMSError):  # a damaged profile, which is as good as none
                source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB") if mode == "LAB" else io.BytesIO(icc or b""))
                self._transform = ImageCms.buildTransform(source, srgb, mode, "RGB")
                self.icc = ImageCms.ImageCmsProfile(srgb).tobytes()

    def __call__(self, part: Image.Image) -> np.ndarray:
        """Part of a picture of that mode as RGB, H×W×3 uint8."""
        from PIL import ImageCms

        if self._transform is None:
            return np.array(part.convert("RGB"))
        converted = ImageCms.applyTransform(part, self._transform)
        assert converted is not None  # None is of a transform in place
        return np.array(converted)
