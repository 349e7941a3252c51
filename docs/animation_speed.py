"""How much faster an animation is than its frames one by one: `python docs/animation_speed.py`.

60 frames of 320 × 240, twice as large, written into a GIF; of each the left half stands still, and a cat's picture moves in the right one.
Both ways take turns, and the ratio of each round is told: seconds of a busy machine say little.
"""

from __future__ import annotations

import argparse
import io
import time

import numpy as np
from skimage import data

from smssr_infer.io.animation_sink import GifSink
from smssr_infer.io.moving import Moving
from smssr_infer.recipe import Recipe
from smssr_infer.runtime import Runtime
from smssr_infer.steps import Enlarge


def scene(number: int) -> np.ndarray:
    """A frame: a still half, and one that moves by two pixels a frame."""
    cat, still = data.chelsea(), data.coffee()
    return np.ascontiguousarray(np.concatenate([still[100:340, 100:260], cat[30:270, 2 * number:2 * number + 160]], axis=1))


def seconds(recipe: Recipe, frames: list[np.ndarray], *, alone: bool) -> tuple[float, list[np.ndarray], float]:
    """Processor's seconds for all frames, the results, and the share of pixels that were computed."""
    began = time.process_time()
    results: list[np.ndarray] = []
    computed = whole = 0
    sink = gif(frames[0])
    moving = Moving(recipe, Runtime(threads=1))
    for frame in frames:
        if alone:
            moving, sink = Moving(recipe, Runtime(threads=1)), gif(frame)
        before = moving.computed, moving.all
        results.append(moving.next(frame))
        sink.add(results[-1], 40)
        computed, whole = computed + moving.computed - before[0], whole + moving.all - before[1]
    return time.process_time() - began, results, computed / whole


def gif(frame: np.ndarray) -> GifSink:
    """Where the results of such frames go."""
    return GifSink(io.BytesIO(), (2 * frame.shape[0], 2 * frame.shape[1], 3), 0, None, False)


def main() -> None:
    """Measure it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    frames = [scene(number) for number in range(arguments.frames)]
    recipe = Recipe(Enlarge(scale=2))
    Moving(recipe, Runtime(threads=1)).next(frames[0])  # networks are loaded once
    for round_ in range(1, arguments.rounds + 1):
        (one, singly, _), (together, moved, share) = (seconds(recipe, frames, alone=alone) for alone in (True, False))
        still = max(int(np.ptp([frame[:, :n] for frame in moved[:9]], axis=0).max()) for n in (200,))
        apart = max(int(np.abs(a.astype(int) - b).max()) for a, b in zip(singly, moved, strict=True))
        print(f"round {round_}: {one / together:.2f} times as fast ({one:.1f} s, {together:.1f} s); {share:.0%} of the pixels computed; "
              f"what stands still differs by {still} levels, results from those one by one by {apart}")


if __name__ == "__main__":
    main()
