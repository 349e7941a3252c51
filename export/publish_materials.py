"""Prepare the shipped materials from their pictures: sample, row of the manifest, thumbnail.

    python -m export.publish_materials --references DIR [NAME …]
"""

from __future__ import annotations

import argparse
import hashlib
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from smssr_infer.networks import manifest
from smssr_infer.networks.cards import MaterialCard
from smssr_infer.own_styles import STRENGTH, thumbnail, webp
from smssr_infer.textures.preparing import prepare, whole

from .data import drawn_marks, drawn_nature, drawn_strands, drawn_structures, references

ROWS = Path(__file__).parent / "data" / "materials.toml"
WEIGHTS = Path(__file__).parent.parent / "weights"
DRAWN: dict[str, Callable[[int], np.ndarray]] = {draw.__name__: draw for draw in (
    drawn_strands.short_fur, drawn_strands.long_fur, drawn_strands.curly_wool, drawn_strands.blades, references.hair,
    drawn_nature.water, drawn_marks.hatching, drawn_marks.stipple, drawn_marks.bristles, references.film_grain,
    drawn_structures.bricks, drawn_structures.ashlar, drawn_structures.planks, drawn_structures.tiles, drawn_structures.roof_tiles,
    drawn_structures.fish_scales, drawn_structures.dragon_scales, drawn_structures.cable_knit, drawn_structures.basket_weave,
    drawn_structures.herringbone, drawn_structures.cross_hatching, drawn_structures.halftone)}
QUALITY = 90
"""Of the samples' WebP files: some 60 kB each."""


def reference(row: dict[str, Any], folder: Path, seed: int = 1) -> np.ndarray:
    """The picture of a row, cut and reduced, uint8 RGB. `seed`: of one that code draws."""
    if draw := DRAWN.get(row["picture"]):
        drawn = draw(seed)
        colours = Image.fromarray(drawn if drawn.dtype == np.uint8 else np.rint(255 * drawn).astype(np.uint8)).convert("RGB")
    else:
        with Image.open(folder / row["picture"]) as picture:
            colours = picture.convert("RGB")
    if "crop" in row:
        colours = colours.crop(row["crop"])
    if (reduce := row.get("reduce", 1)) != 1:
        colours = colours.resize([round(n / reduce) for n in colours.size], Image.Resampling.LANCZOS)
    return np.asarray(colours)


def publish(name: str, row: dict[str, Any], folder: Path) -> MaterialCard:
    """Write a material's files into `weights/` and its row into the manifest."""
    structured = row.get("structured", False)
    prepared = whole(reference(row, folder)) if structured else prepare(reference(row, folder), row["sigma"], row.get("cell"))
    data = webp(prepared.pixels, QUALITY)
    head = row.get("head")
    card = MaterialCard(name=name, file=f"{name}.webp", sha256=hashlib.sha256(data).hexdigest(), title=row["title"],
                        licence=row["credit"].rpartition(", ")[2], source=row["credit"], folder=WEIGHTS, seed=1, strength=STRENGTH,
                        steerable=row.get("turns", structured), large_scale_flow=row.get("straight", False), directed=head is not None,
                        reference_angle=round(prepared.lies if head is None else head, 1), cell=round(prepared.cell, 1),
                        contrast=round(prepared.contrast * row.get("contrast", 1), 4), front=row.get("front", False), structured=structured)
    manifest.write(card, data)
    thumbnail(card).save(card.path.with_suffix(".png"), optimize=True)
    print(f"{name}: {len(data)} bytes, {prepared.pixels.shape[1]}×{prepared.pixels.shape[0]}, contrast {card.contrast:.3f}, "
          f"lies {prepared.lies:.0f}°, coherence {prepared.coherence:.2f}")
    return card


def publish_rows(command: str, description: str, table: Path, publish: Callable[[str, dict[str, Any], Path], object]) -> None:
    """A command that publishes the rows of a table, all or those that are named."""
    parser = argparse.ArgumentParser(prog=f"python -m export.{command}", description=description.split("\n")[0])
    parser.add_argument("--references", type=Path, required=True, help=f"folder of the pictures that data/{table.name} names")
    parser.add_argument("names", nargs="*", help="only these (default: all)")
    arguments = parser.parse_args()
    rows = tomllib.loads(table.read_text(encoding="utf-8"))
    for name in arguments.names or rows:
        publish(name, rows[name], arguments.references)


if __name__ == "__main__":
    publish_rows("publish_materials", __doc__, ROWS, publish)
