"""Prepare the shipped paintings from their pictures: the piece, row of the manifest, thumbnail.

    python -m export.publish_paintings --references DIR [NAME …]
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from smssr_infer.analysis.palette import Palette
from smssr_infer.networks import manifest
from smssr_infer.networks.cards import PaintingCard
from smssr_infer.own_styles import thumbnail, webp
from smssr_infer.textures.preparing import STROKE, piece

from .publish_materials import WEIGHTS, publish_rows, reference

ROWS = Path(__file__).parent / "data" / "paintings.toml"


def publish(name: str, row: dict[str, Any], folder: Path) -> PaintingCard:
    """Write a painting's files into `weights/` and its row into the manifest."""
    picture = Image.fromarray(reference(row, folder))
    palette = Palette.of(np.asarray(picture, np.float32) / 255)
    data = webp(piece(picture))
    card = PaintingCard(name=name, file=f"{name}.webp", sha256=hashlib.sha256(data).hexdigest(), title=row["title"],
                        licence="public domain", source=row["credit"], folder=WEIGHTS, seed=1,
                        mean=tuple(palette.mean.round(6).tolist()), covariance=tuple(palette.covariance.ravel().round(8).tolist()),
                        stroke=row.get("stroke", STROKE), length=row.get("length", 3), softness=row.get("softness", 1.2),
                        raggedness=row.get("raggedness", 1))
    manifest.write(card, data)
    thumbnail(card).save(card.path.with_suffix(".png"), optimize=True)
    print(f"{name}: {len(data)} bytes")
    return card


if __name__ == "__main__":
    publish_rows("publish_paintings", __doc__, ROWS, publish)
