"""Turn trained styles into shipped ones: ONNX file, row of the manifest, thumbnail, card with measured figures.

    python -m export.publish_styles --run runs/styles --references DIR --photos DIR --vgg-weights FILE.npz [NAME …]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from smssr_infer import manifest

from .evaluate_styles import measure, misses, unseen
from .publish import WEIGHTS, write_manifest
from .style_card import branch, markdown, onnx_bytes, row, save, thumbnail
from .train_styles import BAND, reference, styles
from .vgg import VGG

DATA = ("reference: {credit}; laid over 192 patches of 122 photographs under CC0, CC BY, CC BY-SA, public-domain, Unsplash or Pexels "
        "licences (see training_data.md); loss by VGG-16 (Simonyan & Zisserman, Oxford VGG, CC BY 4.0)")
COMMAND = "`python -m export.train_styles --references DIR --photos DIR --vgg-weights FILE.npz --out DIR {name}`"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.publish_styles", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="styles; without a name, all that are trained")
    parser.add_argument("--run", type=Path, required=True, help="folder of the trained styles")
    parser.add_argument("--references", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--vgg-weights", type=Path)
    arguments = parser.parse_args()
    pictures, vgg = unseen(arguments.photos), VGG(arguments.vgg_weights, torch.float32)
    rows = styles()
    for name in arguments.names or [name for name in rows if (arguments.run / f"{name}.pt").exists()]:
        told, trained = rows[name], torch.load(arguments.run / f"{name}.pt", weights_only=True)
        waves = told.get("waves", [])
        network = branch(trained["network"], waves)
        graph = onnx_bytes(network)
        card = row(name, network, graph, band=tuple(told.get("band", BAND)), waves=waves, mu=trained["mu"], sigma=trained["sigma"],
                   kappa=trained["kappa"], title=told["title"], training_data=DATA.format(credit=told["credit"]),
                   licence="CC-BY-SA-4.0" if "BY-SA" in told["credit"] else "GPL-3.0-or-later",
                   **({"strength": told["strength"]} if "strength" in told else {}))
        save(WEIGHTS, card, graph)
        thumbnail(name).save(WEIGHTS / f"{name}.png", optimize=True)
        figures = measure(manifest.find(name, "style"), reference(told, arguments.references), pictures, vgg)
        card["metrics"] = {key: round(value, 4) for key, value in figures.items()}
        write_manifest(WEIGHTS / "manifest.json", card)
        (WEIGHTS / f"{name}.md").write_text(markdown(card, COMMAND.format(name=name)), encoding="utf-8")
        print(f"{name}: {card['params']} parameters, {len(graph)} bytes, {card['metrics']} {'MISSES ' if misses(figures) else ''}"
              f"{' '.join(misses(figures))}", flush=True)


if __name__ == "__main__":
    main()
