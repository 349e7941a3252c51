"""The photographs of a training, small enough to be carried to another machine.

    python -m export.pack PHOTOS PHOTOS2 --out packed --most 48

Writes the luma of every photograph that training may see, under its name, as JPEG of the best quality at which all together take
`--most` MiB.
There `python -m export.train CONFIG --photos packed --out RUN --minutes 9` goes on where the checkpoint in RUN stands, and RUN is all that
has to be carried back: a run may change between a machine with a GPU and one without.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from tqdm import tqdm

from .data.photographs import to_train_on

QUALITIES = (97, 95, 92, 90, 88, 86, 84, 82, 80, 75)
"""From the best on. The marks of the last are seen where patches are not reduced (`shrink = [1]`)."""


def encoded(path: Path, quality: int) -> bytes:
    """A photograph's luma as JPEG."""
    stream = io.BytesIO()
    with Image.open(path) as picture:
        picture.convert("L").save(stream, "JPEG", quality=quality, optimize=True)
    return stream.getvalue()


def packed(paths: Sequence[Path], most: int) -> tuple[int, list[bytes]]:
    """The best quality at which all of them take `most` bytes, and the files. Raises ValueError where none does."""
    for quality in QUALITIES:
        files: list[bytes] = []
        left = most
        for path in tqdm(paths, desc=f"quality {quality}", unit="", disable=None, leave=False):
            files.append(encoded(path, quality))
            left -= len(files[-1])
            if left < 0:
                break
        else:
            return quality, files
    raise ValueError(f"{len(paths)} photographs take more than {most / 2**20:g} MiB at quality {QUALITIES[-1]}, too")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.pack", description=__doc__.split("\n")[0])
    parser.add_argument("photos", type=Path, nargs="+", help="folders of photographs")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--most", type=float, default=48, help="MiB that all may take (default 48)")
    arguments = parser.parse_args()
    paths = to_train_on(arguments.photos)
    try:
        quality, files = packed(paths, int(arguments.most * 2**20))
    except ValueError as error:
        raise SystemExit(str(error)) from error
    arguments.out.mkdir(parents=True, exist_ok=True)
    for path, data in zip(paths, files, strict=True):
        (arguments.out / path.with_suffix(".jpg").name).write_bytes(data)
    print(f"{arguments.out}: {len(files)} photographs, {sum(map(len, files)) / 2**20:.1f} MiB, JPEG of quality {quality}")


if __name__ == "__main__":
    main()
