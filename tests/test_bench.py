"""The benchmark measures what it says, and memory stays bounded."""

import numpy as np

import smssr_infer as smssr
from smssr_infer.checks import bench
from smssr_infer.cli import main
from smssr_infer.networks import backends
from smssr_infer.networks.loading import load
from smssr_infer.nodes.model_choice import plan


def test_it_prints_every_figure(capsys):
    assert main(["bench", "--quick"]) == 0
    printed = capsys.readouterr().out
    for words in ("float32 product, 1 thread", "onnxruntime", "NumPy", "smssr-x4", "paper-x4", ", style", ", coarse",
                  "bare graph", "on one thread", "times as fast", "peak memory", "cold start"):
        assert words in printed


def test_the_bare_graph_runs_the_same_tiles():
    nets = {load(plan(4, "smssr-x4")[0], backends.choose())}
    calls = bench.graph_calls(nets, lambda: smssr.upscale(bench.picture(96), 4, "smssr-x4"))
    pixels = sum(shape[2] * shape[3] for _, shape in calls)
    assert 96**2 < pixels < 5 * 96**2
    assert {net.name for net, _ in calls} == {"smssr-x4"}
    assert calls[0][0].graph(np.zeros((1, 1, 8, 8), np.float32)).shape == (1, 3, 32, 32)


def test_memory_is_bounded_and_does_not_grow_with_the_picture():
    small, large = (float(bench._child(bench.MEMORY, side)) for side in ("1250", "2000"))  # 25 and 64 Mpx, in tiles of one size
    assert large <= 500
    assert large <= small + 80
