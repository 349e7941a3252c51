"""How often another piece of a material's picture is told to be that material (`smssr_infer.textures.likeness`), and how well
what looks like it is found beside another material (`smssr_infer.mask_like`).

    python -m export.evaluate_likeness --references DIR

Pieces lie at the rim of the picture, of whose middle the sample was made, a third of them inside it at most; what is drawn by code is drawn
anew. Materials whose pictures have no rim are named.
"""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

import numpy as np

from smssr_infer import mask_like
from smssr_infer.textures.likeness import CROP, materials_like
from smssr_infer.textures.preparing import MOST

from .publish_materials import DRAWN, ROWS, reference

PIECES = 8
"""Of each material, at most."""

SHARED = 1 / 3
"""A piece has at most this share of its pixels in common with the sample."""


def pieces(row: dict, folder: Path) -> list[np.ndarray]:
    """Pieces of a material that its sample does not have, uint8 `[h, w, 3]`."""
    anew = row["picture"] in DRAWN
    picture = reference(row, folder, seed=2)
    height, width = picture.shape[:2]
    side = min(2 * CROP if anew else CROP, height, width)

    def shared(at: int, length: int) -> int:
        """Pixels that a piece has in common with the sample, one way."""
        begin, end = max(0, length - MOST) // 2, max(0, length - MOST) // 2 + min(MOST, length)
        return max(0, min(at + side, end) - max(at, begin))

    places = [(top, left) for top in np.unique(np.linspace(0, height - side, 6).astype(int))
              for left in np.unique(np.linspace(0, width - side, 6).astype(int))
              if anew or shared(top, height) * shared(left, width) <= SHARED * side**2]
    chosen = np.random.default_rng(0).permutation(len(places))[:PIECES]
    return [picture[top:top + side, left:left + side] for top, left in (places[i] for i in chosen)]


def overlap(one: np.ndarray, other: np.ndarray, example: np.ndarray) -> float:
    """Intersection over union of where one piece lies, a disc in the other, and where what looks like the example is found."""
    side = min(*one.shape[:2], *other.shape[:2])
    rows, columns = np.indices((side, side))
    inside = np.hypot(rows - side / 2, columns - side / 2) < side / 3
    try:
        beta = mask_like(np.where(inside[..., None], one[:side, :side], other[:side, :side]), example)
    except ValueError:
        return 0.0
    return float((inside & (beta >= 0.5)).sum() / (inside | (beta >= 0.5)).sum())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.evaluate_likeness", description=__doc__.split("\n")[0])
    parser.add_argument("--references", type=Path, required=True, help="folder of the pictures that data/materials.toml names")
    arguments = parser.parse_args()
    right, count, none = 0, 0, []
    of: dict[str, list[np.ndarray]] = {}
    for name, row in tomllib.loads(ROWS.read_text(encoding="utf-8")).items():
        of[name] = pieces(row, arguments.references)
        found = [materials_like(piece.astype(np.float32).transpose(2, 0, 1) / 255, 2)[0][0].name for piece in of[name]]
        if not found:
            none.append(name)
            continue
        count += len(found)
        right += found.count(name)
        wrong = sorted(set(found) - {name})
        print(f"{name}: {found.count(name)} of {len(found)}{', else ' + ', '.join(wrong) if wrong else ''}", flush=True)
    print(f"{right} of {count} pieces, {right / count:.0%}; no rim have the pictures of {', '.join(none) or 'none'}")
    names = [name for name, some in of.items() if len(some) > 1]
    found = [overlap(of[name][0], of[names[i - 1]][0], of[name][1]) for i, name in enumerate(names)]
    print(f"a disc of each of {len(found)} materials in another one, by another piece of it: overlap {np.median(found):.2f} in the median, "
          f"{np.mean(np.array(found) >= 0.8):.0%} at 0.8 and more")


if __name__ == "__main__":
    main()
