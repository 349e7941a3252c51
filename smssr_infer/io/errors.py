"""Whatever reading a picture raises becomes one ValueError that names the file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from .. import files
from . import formats

MISSING = "pictures of this kind need one more package: pip install smssr[large]"


class Unreadable(ValueError):
    """Why a file cannot be read, its name included."""


TRUNCATED = "image file is truncated"
"""What Pillow says of any file that ends too soon, and then how many bytes were left of what it had begun to decode."""


def reason(error: Exception) -> str:
    """Why something failed, in few words."""
    words = str(getattr(error, "strerror", None) or error).splitlines()
    if not words:
        return type(error).__name__
    return "it is incomplete" if words[0].startswith(TRUNCATED) else words[0]


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn whatever is raised within into one Unreadable. Decoders raise all there is on damaged files: struct.error, DeflateError …"""
    try:
        if what := files.irregular(path):
            raise ValueError(f"it is {what}, not a file")
        yield
    except Unreadable:
        raise
    except UnidentifiedImageError as error:
        known = formats.named(path.suffix)
        if known and known.unread:
            raise Unreadable(f"{path} is {known.called}, which is not read; {known.unread}") from error
        raise Unreadable(f"{path} is not a picture that can be read") from error
    except Image.DecompressionBombError as error:
        most = 2 * (Image.MAX_IMAGE_PIXELS or 0) // 10**6
        raise Unreadable(f"{path} claims more than {most} Mpx; it was not read, because it could exhaust the memory") from error
    except ImportError as error:
        raise Unreadable(f"cannot read {path}: {error if isinstance(error, formats.Missing) else MISSING}") from error
    except MemoryError as error:
        raise Unreadable(f"{path} does not fit into memory") from error
    except Exception as error:
        raise Unreadable(f"cannot read {path}: {reason(error)}") from error
