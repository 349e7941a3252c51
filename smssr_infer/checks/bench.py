"""`smssr bench`: speed of every model against its bare graph and a large matrix product, memory, cold start.

Everything is measured in one run on one machine, so ratios can be quoted; seconds depend on what else the machine does.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from ..api import restore, stylize, upscale
from ..arrays import tiling
from ..networks import backends, manifest
from ..networks.cards import CoarseNetworkCard, EnlargingCard, Purpose, RestoringCard, Space, StyleCard
from ..networks.loading import load
from ..networks.places import shipped
from ..nodes.model_choice import plan

PICTURES = ((512, 4), (2048, 2))
STYLED = 2048
MATRIX = 2048
MEMORY_SIDES = (1250, 2500)
REPEATS = 5

HEAVY = 50_000
"""Multiplications per pixel of the result from which on a model is timed once, on the small picture."""


def picture(side: int) -> np.ndarray:
    """Smooth noise, uint8 side×side×3: something for the convolutions to do."""
    noise = np.random.default_rng(1).integers(0, 256, (side // 4 + 1, side // 4 + 1, 3), dtype=np.uint8)
    return np.ascontiguousarray(noise.repeat(4, 0).repeat(4, 1)[:side, :side])


def best(work: Callable[[], object], repeats: int) -> float:
    """The shortest of several runs, in seconds."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


class Timed(Protocol):
    """A network whose graph can be timed."""

    graph: backends.Graph
    macs_per_pixel: int


def graph_calls(nets: Collection[Timed], work: Callable[[], object]) -> list[tuple[Timed, tuple[int, ...]]]:
    """Which of the networks `work` calls on which shapes."""
    calls: list[tuple[Timed, tuple[int, ...]]] = []
    graphs = {net: net.graph for net in nets}

    class Spy:
        def __init__(self, net: Timed):
            self.net, self.graph, self.channels, self.least = net, net.graph, net.graph.channels, net.graph.least
            self.release = net.graph.release

        def __call__(self, x: np.ndarray) -> np.ndarray:
            calls.append((self.net, x.shape))
            return self.graph(x)

    try:
        for net in nets:
            net.graph = Spy(net)
        work()
    finally:
        for net in nets:
            net.graph = graphs[net]
    return calls


def bare(calls: list[tuple[Timed, tuple[int, ...]]], threads: int | None = None) -> None:
    """Nothing but those calls, on as many threads as an enlargement uses."""
    inputs = {shape: np.random.default_rng(0).random(shape, np.float32) for _, shape in calls}
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(threads or tiling.cores()) as pool:
        list(pool.map(lambda call: call[0].graph(inputs[call[1]]).shape, calls))


def matrix_product(threads: int) -> dict[str, float]:
    """GFLOP/s of a large float32 product: NumPy's, and onnxruntime's MatMul where `onnx` is there to write the graph."""
    a, b = np.random.default_rng(0).random((2, MATRIX, MATRIX), np.float32)
    work = 2 * MATRIX**3 / 1e9
    with threadpool_limits(threads, user_api="blas"):
        rates = {"NumPy": work / best(lambda: a @ b, REPEATS)}
    try:
        import onnx

        from ..networks.onnx_runtime import onnxruntime
    except ImportError:
        return rates
    info = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [MATRIX, MATRIX]) for name in "abc"]
    graph = onnx.helper.make_graph([onnx.helper.make_node("MatMul", ["a", "b"], ["c"])], "product", info[:2], info[2:])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    rates["onnxruntime"] = work / best(lambda: session.run(None, {"a": a, "b": b}), REPEATS)
    return rates


def gigaflops(calls: list[tuple[Timed, tuple[int, ...]]]) -> float:
    """10⁹ multiplications and additions in the convolutions of such calls."""
    return sum(2 * net.macs_per_pixel * shape[2] * shape[3] for net, shape in calls) / 1e9


def timed(name: str, what: str, nets: Collection[Timed], work: Callable[[], object], pixels: int, repeats: int) -> None:
    """A line for `work`, which makes so many pixels with those networks."""
    calls = graph_calls(nets, work)
    whole, alone = best(work, repeats), best(lambda: bare(calls), repeats)
    flops = gigaflops(calls)
    print(f"{name:16}{what:>14}{pixels / 1e6 / whole:8.2f}{pixels / 1e6 / alone:12.2f}{alone / whole:7.2f}"
          f"{flops / whole:9.0f}{flops / alone:7.0f}")


def speed(quick: bool) -> None:
    """A line for each model and picture, one for one coarse style and one for one style: all have the same network."""
    print(f"\n{'model':16}{'picture':>14}{'Mpx/s':>8}{'bare graph':>12}{'ratio':>7}{'GFLOP/s':>9}{'bare':>7}")
    backend = backends.choose()
    cards = manifest.read(shipped())
    for card in (card for card in cards if isinstance(card, EnlargingCard)):
        heavy = card.macs > HEAVY
        for side, scale in PICTURES:
            if heavy:
                side = min(side, PICTURES[0][0])  # at its pace the larger picture would take minutes
            image = picture(side // 8 if quick else side)
            nets = {load(step, backend) for step in plan(scale, card.name)}
            timed(card.name, f"{image.shape[0]}² → ×{scale}", nets, lambda: upscale(image, scale, card.name),  # noqa: B023
                  image.shape[0] ** 2 * scale ** 2, 1 if heavy or quick else REPEATS)
    image = picture(STYLED // 8 if quick else STYLED)
    for one in (card for card in cards if isinstance(card, RestoringCard) and card.purpose is not Purpose.FILL):
        works = {Purpose.CLEAN: lambda: restore(image, clean=1, model=one.name),  # noqa: B023
                 Purpose.SHARPEN: lambda: restore(image, sharpen=1)}
        timed(one.name, f"{image.shape[0]}²", {load(one, backend)}, works[one.purpose], image.shape[0] ** 2,
              1 if quick else 2)
    coarse = next(card for card in cards if isinstance(card, CoarseNetworkCard))
    timed(coarse.name, f"{image.shape[0]}², coarse", {load(coarse, backend)},
          lambda: stylize(image, {}, coarse={coarse.name: 1.0}), image.shape[0] ** 2, 1 if quick else REPEATS)
    style = next(card for card in cards if isinstance(card, StyleCard))
    timed(style.name, f"{image.shape[0]}², style", {load(style, backend)}, lambda: stylize(image, {style.name: 1.0}), image.shape[0] ** 2,
          1 if quick else REPEATS)


def threads_compared(quick: bool) -> None:
    """The default ×4 model on one thread: its bare graph against the matrix product, and what all threads gain."""
    image = picture(PICTURES[0][0] // (8 if quick else 1))
    model, = plan(4)
    name = model.name
    nets = {load(model, backends.choose())}
    calls = graph_calls(nets, lambda: upscale(image, 4, name))
    repeats = 1 if quick else REPEATS
    tile = Space.SMALL.largest_tile  # the same tiles for one thread as for all
    alone, one, many = (best(work, repeats) for work in (
        lambda: bare(calls, 1), lambda: upscale(image, 4, name, tile=tile, threads=1), lambda: upscale(image, 4, name, tile=tile)))
    rate = gigaflops(calls) / alone
    product = matrix_product(1)
    shares = ", ".join(f"{rate / other:.2f} of {library}'s" for library, other in product.items())
    pace = 16 * image.shape[0] ** 2 / 1e6 / one
    print(f"\n{name} on one thread: bare graph {rate:.0f} GFLOP/s, {shares} matrix product; whole {pace:.2f} Mpx/s; "
          f"{tiling.cores()} threads are {one / many:.2f} times as fast")


def _child(code: str, *arguments: str) -> str:
    return subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True).stdout


MEMORY = """
import sys
from smssr_infer import upscale
from smssr_infer.checks.bench import picture
from smssr_infer.checks.usage import peak
image = picture(int(sys.argv[1]))
result = upscale(image, 4, *sys.argv[2:], picture="auto" if sys.argv[2:] else "clean")
print((peak() - image.nbytes - result.nbytes) / 2**20)
"""


def memory(quick: bool) -> None:
    """Peak resident memory of a whole process less its input and output arrays, for ×4 of RGB pictures."""
    print()
    for side in MEMORY_SIDES:
        side = side // 8 if quick else side
        megapixels = (4 * side) ** 2 / 1e6
        print(f"peak memory beyond input and output, {megapixels:.0f} Mpx result: {float(_child(MEMORY, str(side))):.0f} MiB")


IMPORTS = """
import time
began = time.perf_counter()
import smssr_infer.cli, smssr_infer.api, smssr_infer.io.reading, smssr_infer.io.writing, smssr_infer.networks.onnx_runtime, tqdm
print(time.perf_counter() - began)
"""


def cold_start() -> None:
    """Wall time of `smssr upscale` on a 256² picture, a new process each time, and of its imports."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.png"), Path(folder, "out.png")
        Image.fromarray(picture(256)).save(source)
        command = [sys.executable, "-m", "smssr_infer.cli", "upscale", str(source), str(target), "--picture", "clean"]
        times = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            subprocess.run(command, check=True)
            times.append(time.perf_counter() - began)
    imports = statistics.median(float(_child(IMPORTS)) for _ in range(REPEATS))
    print(f"cold start of smssr upscale, 256² → ×4: {statistics.median(times):.2f} s, of which imports {imports:.2f} s")


def run(quick: bool = False) -> None:
    """Measure and print everything."""
    print(f"{platform.processor() or platform.machine()}, {tiling.cores()} threads, {platform.platform()}")
    for threads in dict.fromkeys((1, tiling.cores())):
        rates = ", ".join(f"{name} {rate:.0f}" for name, rate in matrix_product(threads).items())
        print(f"{MATRIX}×{MATRIX} float32 product, {threads} thread{'s' * (threads > 1)}, GFLOP/s: {rates}")
    speed(quick)
    threads_compared(quick)
    memory(quick)
    cold_start()
