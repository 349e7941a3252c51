"""Prepare the shipped paintings from their pictures: the piece, row of the manifest, thumbnail.

    python -m export.publish_paintings --references DIR [NAME …]
"""

from __future__ import annotations

import argparse
import hashlib
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from smssr_infer.analysis.palette import Palette
from smssr_infer.networks import manifest
from smssr_infer.networks.cards import PaintingCard
from smssr_infer.own_styles import thumbnail, webp
from smssr_infer.textures.preparing import PIECE, STROKE

from .publish_materials import WEIGHTS, reference

ROWS = Path(__file__).parent / "data" / "paintings.toml"


def publish(name: str, row: dict[str, Any], folder: Path) -> PaintingCard:
    """Write a painting's files into `weights/` and its row into the manifest."""
    picture = Image.fromarray(reference(row, folder))
    palette = Palette.of(np.asarray(picture, np.float32) / 255)
    left, top = (max(0, n - PIECE) // 2 for n in picture.size)
    data = webp(np.asarray(picture.crop((left, top, min(picture.width, left + PIECE), min(picture.height, top + PIECE)))))
    card = PaintingCard(name=name, file=f"{name}.webp", sha256=hashlib.sha256(data).hexdigest(), title=row["title"],
                        licence="public domain", source=row["credit"], folder=WEIGHTS, seed=1,
                        mean=tuple(palette.mean.round(6).tolist()), covariance=tuple(palette.covariance.ravel().round(8).tolist()),
                        stroke=row.get("stroke", STROKE), length=row.get("length", 3), softness=row.get("softness", 1.2),
                        raggedness=row.get("raggedness", 1))
    manifest.write(card, data)
    thumbnail(card).save(card.path.with_suffix(".png"), optimize=True)
    print(f"{name}: {len(data)} bytes")
    return card


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.publish_paintings", description=__doc__.split("\n")[0])
    parser.add_argument("--references", type=Path, required=True, help="folder of the pictures that data/paintings.toml names")
    parser.add_argument("names", nargs="*", help="paintings (default: all)")
    arguments = parser.parse_args()
    rows = tomllib.loads(ROWS.read_text(encoding="utf-8"))
    for name in arguments.names or rows:
        publish(name, rows[name], arguments.references)


if __name__ == "__main__":
    main()
