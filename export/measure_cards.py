"""Measure shipped networks that enlarge anew, and renew what their cards say.

    python -m export.measure_cards BENCH/Set14 --vgg-weights FILE.npz

With VGG-16's filters the cards say how the results look, too. Copies in 8 bits are measured by `export.eight_bits`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from smssr_infer import EnlargingCard
from smssr_infer.networks import manifest
from smssr_infer.networks.places import shipped

from .measure.perception import measures
from .ship.networks import measure
from .training import configuration

CONFIGS = Path(__file__).parent / "configs"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m export.measure_cards", description=__doc__.split("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", help="benchmark folders; a model is measured where there are pairs of its scale")
    parser.add_argument("--model", action="append", help="repeatable; by default all")
    parser.add_argument("--vgg-weights", type=Path, help="VGG-16 filters as .npz")
    arguments = parser.parse_args()
    looks = measures(arguments.vgg_weights) if arguments.vgg_weights else None
    for card in manifest.read(shipped()):
        if not isinstance(card, EnlargingCard) or card.made_from or card.name not in (arguments.model or [card.name]):
            continue
        benches = [folder for folder in arguments.folders if (folder / f"LRx{card.scale}").is_dir()]
        if benches:
            card = measure(card, configuration.read(CONFIGS / f"{card.name}.toml"), benches, looks)
            print(f"{card.name}: {card.metrics}")


if __name__ == "__main__":
    main()
