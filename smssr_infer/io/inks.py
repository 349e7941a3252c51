"""CMYK that stays CMYK: what the inks leave of the light goes through the recipe, its three colours as a picture and black as a grey one.

Neither is converted, so that pure black stays pure and the profile goes on to hold.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from ..analysis.measurements import Measurements
from ..arrays.large import in_memory
from ..recipe import Recipe
from ..runtime import Runtime
from . import keeps, masks, metadata, writing
from .errors import reading
from .picture_file import PictureFile
from .save_options import SaveOptions
from .sequences import Sequence, saying
from .temporary_file import TemporaryFile
from .tiff_sink import TiffSink
from .upright import upright

FORMATS = ("JPEG", "TIFF")


def read(path: Path) -> tuple[np.ndarray, bytes | None]:
    """The inks of a CMYK picture, H×W×4 uint8, 0 where there is none, upright; and their profile. Raises ValueError for other pictures."""
    with reading(path), Image.open(path) as picture:
        if picture.mode != "CMYK":
            raise ValueError("of CMYK only 8 bits without transparency are kept; leave out --cmyk keep")
        picture.load()
        turn = metadata.of(path, picture)[1]
        return upright(np.asarray(picture), turn), picture.info.get("icc_profile")


def begin(recipe: Recipe, file: PictureFile, source: Path, target: Path, runtime: Runtime, say: Callable[[str], None],
          options: SaveOptions) -> Sequence:
    """What a recipe makes of a CMYK picture, in a file that is left to be finished. Raises ValueError as `process.begin`."""
    format_ = writing.writer(target)
    if format_.name not in FORMATS:
        raise ValueError(f"cannot write {target}: {format_.called} holds no CMYK here; write .tif or .jpg, or leave out --cmyk keep")
    samples, icc = read(source)
    light = 255 - samples
    made, models = [], list[str]()
    for number, pixels in enumerate((np.ascontiguousarray(light[..., :3]), np.ascontiguousarray(light[..., 3]))):
        picture, share = in_memory(pixels), dataclasses.replace(runtime.share(number, 2), scratch=target.parent)
        ready = masks.read_for(recipe, source, picture.shape, say if number == 0 else lambda words: None)
        result = ready.build(picture, share, Measurements(picture, share, file.jpeg))
        for words in result.remarks[:number == 0 and len(result.remarks)]:
            say(f"{source} {words}")
        made.append(result.whole())
        models += [name for name in result.models if name not in models]
    _write(255 - np.dstack(made), icc, file, target, options, partial := _partial(target))
    return Sequence(target, partial, models)


def _partial(target: Path) -> TemporaryFile:
    with saying(target):
        return TemporaryFile(target)


def _write(inks: np.ndarray, icc: bytes | None, file: PictureFile, target: Path, options: SaveOptions, partial: TemporaryFile) -> None:
    format_ = writing.writer(target)
    height, width = inks.shape[:2]
    picture = keeps.fitted(dataclasses.replace(file.sized(height, width), icc=None), format_, 3)[0]
    picture = dataclasses.replace(picture, icc=icc, dpi=picture.dpi if options.dpi is None else (options.dpi, options.dpi))
    try:
        with saying(target):
            if format_.name == "TIFF":
                sink = TiffSink(partial.stream, inks.shape, inks.dtype, keeps.tiff_tags(picture), level=options.level, inks=True)
                for top in range(0, height, sink.rows):
                    sink.put(inks[top:top + sink.rows])
                sink.finish()
            else:
                Image.frombytes("CMYK", (width, height), inks.tobytes()).save(
                    partial.stream, "JPEG", **(keeps.pillow_options(picture, format_) | options.for_pillow(format_, picture.subsampling)))
    except BaseException:
        partial.leave()
        raise
