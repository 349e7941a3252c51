"""A few kills of each kind of command; `python tests/killing.py` does a hundred."""

import os
import random

import pytest
from killing import KINDS, Trial


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "learn-style"])
def test_a_killed_command_leaves_nothing_half(tmp_path, kind):
    trial = Trial(kind, tmp_path / "trial", side=100)
    trial.kill(random.Random(kind))
