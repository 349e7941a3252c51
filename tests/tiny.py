"""Tiny networks to train in the tests."""

import dataclasses

import torch

from export.training.configuration import Configuration, Schedule, Words

CPU = torch.device("cpu")
SCHEDULE = Schedule(steps=40, batch=4, patch=12, shrink=(1, 1.5), rate=2e-3, loss="l1_frequency", seed=7)
WORDS = Words(title="a test", about="A test.", built="by hand", default=True, training_data="drawn", loss="L1", licence="none")
TRUNK = Configuration(name="tiny-x4", dog=((0.0, 1.0), (1.0, 2.6), (2.6, 5.2)), train=SCHEDULE, card=WORDS,
                      network={"kind": "trunk", "scale": 4, "bands": 3, "width": 8, "blocks": 1})
PAPER = Configuration(name="paper", dog=((1.0, 2.0), (0.0, 1.0)), network={"kind": "paper", "scale": 2, "channels": [4, 6]},
                      train=dataclasses.replace(SCHEDULE, loss="mse", shrink=(1,)), card=WORDS)
GATED = dataclasses.replace(TRUNK, name="gated",
                            network={"kind": "gated", "scale": 4, "bands": 3, "width": 8, "blocks": [2, 3], "again": 1})


def with_schedule(config, **changes):
    """A configuration trained otherwise."""
    return dataclasses.replace(config, train=dataclasses.replace(config.train, **changes))
