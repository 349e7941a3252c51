"""A camera's raw picture, developed by LibRaw: the camera's white balance, sRGB, 16 bits, full size; never the preview within it."""

from __future__ import annotations

from pathlib import Path

from PIL import ImageCms

from . import exif, metadata
from .picture_file import PictureFile


def read(path: Path) -> PictureFile:
    """A raw picture, upright. Raises ValueError for one that LibRaw does not know."""
    import rawpy

    try:
        with rawpy.imread(str(path)) as file:
            pixels = file.postprocess(use_camera_wb=True, output_bps=16)
    except rawpy.LibRawError as error:
        raise ValueError("it is no raw picture that LibRaw knows, or it is damaged; save it as .tif with a raw developer") from error
    with open(path, "rb") as stream:
        tags = exif.of_tiff(stream)  # most are TIFFs; of others nothing is found
    found, _ = metadata.upright(metadata.of_tags(tags), tags, 1)
    found["icc"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if not tags:
        found["left"] += ("EXIF (it is not read from this kind of raw file)",)
    return PictureFile(pixels, **found)
