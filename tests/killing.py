"""`python tests/killing.py`: kills commands at random moments and starts them again; what must hold is asserted.

`make test` does a few of each (`test_killing.py`); a hundred of each take an hour. After a kill nothing incomplete may have an output's
name; after the next run the output is the one of an undisturbed run, byte for byte, and nothing else is left in the folder.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import importlib.util
import multiprocessing.process
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from skimage import data
from tqdm import tqdm

from smssr_infer.io.picture_file import PictureFile
from smssr_infer.io.writing import write

SOON = """
from smssr_infer.io import streaming, tiff_sink, writing, zarr_sink
from smssr_infer.nodes import held
writing.RESUMED = streaming.BAND = held.HELD = 1
streaming.LEAST_ROWS = tiff_sink.ROWS = tiff_sink.TiffSink.rows = zarr_sink.CHUNK = zarr_sink.ZarrSink.rows = 64
"""
"""Bands are small, and every TIFF is resumed."""

BIG = "tiff_sink.CLASSIC = 1\n"
RUN = "from smssr_infer.cli import main; import sys; sys.exit(main(sys.argv[1:]))"


def learn(folder: Path) -> None:
    """`smssr learn-style`, shortened, in a forked process: what is imported takes longer than what is tried, and is imported before."""
    import torch
    from smssr_export.packing import own_style

    from smssr_infer.textures.learning import Wish

    torch.manual_seed(0)
    own_style.STEPS, own_style.CONTENTS, own_style.LEAST_STEPS = 2, 4, 1
    first = next(card for card in own_style.manifest.read(own_style.shipped()) if card.task == "style" and not card.waves)
    own_style.nearest = lambda targets, vgg: own_style.tensors(own_style.manifest.load(first))  # to look for it takes minutes
    os.environ["SMSSR_HOME"] = str(folder / "home")
    with contextlib.redirect_stdout(None):
        own_style.learn(Wish(picture=folder / "in" / "0.png", name="mine", minutes=1e6, vgg_weights=folder / "vgg.npz", replace=True))


QUICK = ("--scale", "2", "--model", "smssr-x4-quick")


@dataclasses.dataclass(frozen=True)
class Kind:
    """A command to be killed in a folder that holds `in/0.png`, `in/1.png`; its output lies in `out/`, or in `home/styles`."""

    words: Callable[[Path], list[str]]
    code: str = SOON + RUN
    before: Callable[[Path], None] = lambda folder: None
    """What lies there before."""
    out: str = "out"
    left: tuple[str, ...] = ()
    """Names of files that stay for good."""
    forked: Callable[[Path], None] | None = None
    """What a forked process does instead of a command."""


def one(command: str, ending: str, *options: str) -> Callable[[Path], list[str]]:
    """The words of a command that makes one file of another."""
    return lambda folder: [command, str(folder / "in" / "0.png"), str(folder / "out" / f"a.{ending}"), *options]


def old_array(folder: Path) -> None:
    """An array of many files, which takes its time to remove."""
    import zarr

    zarr.create_array(folder / "out" / "a.zarr", shape=(256, 256), chunks=(16, 16), dtype="uint8")[:] = 7


def old_style(folder: Path) -> None:
    """The style as it was learnt before."""
    styles = folder / "home" / "styles"
    styles.mkdir(parents=True, exist_ok=True)
    for path in styles.iterdir():
        path.unlink()
    from smssr_infer.networks import manifest
    from smssr_infer.networks.cards import StyleCard

    card = manifest.find("fur", StyleCard)
    manifest.write(dataclasses.replace(card, name="mine", file="mine.onnx", folder=styles), card.path.read_bytes())


KINDS = {
    "png": Kind(one("upscale", "png", *QUICK)),
    "tiff": Kind(one("upscale", "tif", *QUICK)),
    "bigtiff": Kind(one("upscale", "tif", *QUICK), SOON + BIG + RUN),
    "zarr": Kind(one("upscale", "zarr", *QUICK)),
    "zarr-over-zarr": Kind(one("upscale", "zarr", *QUICK), before=old_array),
    "batch": Kind(lambda folder: ["batch", str(folder / "in"), str(folder / "out"), "--format", "tif", *QUICK]),
    "stylize": Kind(one("stylize", "tif", "--style", "canvas", *QUICK)),
    "restore": Kind(one("restore", "tif", "--clean")),
    "learn-style": Kind(lambda folder: [], "", old_style, "home/styles", (".manifest.lock",), learn),
}


def vgg(path: Path) -> None:
    """Filters of VGG-16's shapes, at random."""
    from smssr_export.losses.vgg import LAYERS

    rng = np.random.default_rng(1)
    shapes = dict(zip(LAYERS.values(), [(64, 3), (64, 64), (128, 64), (128, 128), (256, 128), (256, 256), (256, 256)], strict=True))
    np.savez(path, **{f"{name}.weight": rng.normal(0, (2 / (9 * i)) ** 0.5, (o, i, 3, 3)).astype(np.float32)
                      for name, (o, i) in shapes.items()}, **{f"{name}.bias": np.zeros(o, np.float32) for name, (o, _) in shapes.items()})


Child = subprocess.Popen | multiprocessing.process.BaseProcess


def _ended(child: Child) -> int | None:
    """Wait for a process to end; its exit status."""
    if isinstance(child, subprocess.Popen):
        return child.wait()
    child.join()
    return child.exitcode


class Trial:
    """One kind of command, killed again and again in a folder of its own."""

    def __init__(self, kind: str, folder: Path, side: int = 192):
        """`side`: of the pictures, in pixels."""
        self.kind, self.folder = KINDS[kind], folder
        self.name = kind
        for name in ("in", self.kind.out):
            (folder / name).mkdir(parents=True)
        for number in range(2):
            write(folder / "in" / f"{number}.png", PictureFile(np.roll(data.astronaut()[:side, :side], 50 * number, 1)))
        if kind == "learn-style":
            import torch._dynamo

            torch.set_num_threads(1)
            vgg(folder / "vgg.npz")
        self._clear()
        began = time.perf_counter()
        self._run()
        self._seconds = time.perf_counter() - began
        self._whole = self.outputs()
        assert self._whole and not self._strangers(), f"{kind}: {sorted(self._strangers())}"
        self._clear()
        self._old = self.outputs()

    def outputs(self) -> dict[str, bytes]:
        """What lies in the folder of outputs, hidden files, too."""
        out = self.folder / self.kind.out
        return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*"))
                if path.is_file() and path.name not in self.kind.left}

    def kill(self, chance: random.Random) -> bool:
        """Kill it at a random moment, look, start it again, look. Returns whether it was in the midst of a file."""
        child = self._start()
        time.sleep(chance.uniform(chance.choice((0.1, 0.85)), 1.05) * self._seconds)  # half of them towards the end, where files appear
        child.kill()
        _ended(child)
        self._check_killed()
        unfinished = bool(self._strangers())
        self._run()
        found = self.outputs()
        assert self._same(found, self._whole), f"{self.name}: after the next run {sorted(found)}"
        self._clear()
        return unfinished

    def _check_killed(self) -> None:
        there = {name: content for name, content in self.outputs().items() if not name.startswith(".")}
        if self.name == "learn-style":
            self._check_style()
        elif self.name == "zarr-over-zarr":  # while one is put in the place of the other, the old one may lie aside
            assert not there or there in (self._old, self._whole), f"{self.name}: {sorted(there)}"
        else:
            for name in {name.split("/")[0] for name in there}:
                parts = [{key: value for key, value in some.items() if key.split("/")[0] == name} for some in (there, self._whole)]
                assert parts[0] == parts[1], f"{self.name}: {name} is not whole"

    def _check_style(self) -> None:
        """The style is there, the old or the new one, and its file is its row's."""
        from smssr_infer.networks import manifest

        card, = manifest.read(self.folder / self.kind.out)
        assert card.name == "mine" and manifest.load(card)

    def _same(self, found: dict[str, bytes], whole: dict[str, bytes]) -> bool:
        """Learnt files have names at random, since the old ones are kept until the new ones are listed; all others are the same."""
        if self.name != "learn-style":
            return found == whole
        self._check_style()
        return sorted(Path(name).suffix for name in found) == sorted(Path(name).suffix for name in whole)

    def _strangers(self) -> set[str]:
        return {name for name in self.outputs() if name.startswith(".")}

    def _clear(self) -> None:
        out = self.folder / self.kind.out
        shutil.rmtree(out)
        out.mkdir()
        self.kind.before(self.folder)

    def _start(self) -> Child:
        if self.kind.forked:
            child = multiprocessing.get_context("fork").Process(target=self.kind.forked, args=(self.folder,))
            child.start()
            return child
        environment = os.environ | {"SMSSR_HOME": str(self.folder / "home")}
        return subprocess.Popen([sys.executable, "-c", self.kind.code, *self.kind.words(self.folder)], env=environment,
                                stdout=subprocess.DEVNULL, cwd=Path(__file__).parent.parent)

    def _run(self) -> None:
        assert _ended(self._start()) == 0, f"{self.name}: the command failed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[1])
    parser.add_argument("--times", type=int, default=100, help="how often each kind is killed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    arguments = parser.parse_args()
    for kind in arguments.kinds:
        if kind == "learn-style" and importlib.util.find_spec("torch") is None:
            print(f"{kind}: not tried, it needs PyTorch")
            continue
        chance = random.Random(f"{arguments.seed} {kind}")
        with tempfile.TemporaryDirectory() as name:
            trial = Trial(kind, Path(name) / "trial")
            unfinished = sum(trial.kill(chance) for _ in tqdm(range(arguments.times), desc=kind))
        print(f"{kind}: killed {arguments.times} times, {unfinished} of them in the midst of a file: every output is there and identical, "
              "nothing is left over", flush=True)


if __name__ == "__main__":
    main()
