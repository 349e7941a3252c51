"""Tiles cover everything once, stay small, and keep every thread busy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smssr_infer.arrays import processors, tiling


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(16, 600), st.integers(0, 120), st.integers(1, 8))
@settings(max_examples=60, deadline=None)
def test_a_plan_covers_every_pixel_once(height, width, most, margin, threads):
    seen = np.zeros((height, width), np.uint8)
    for top, bottom, left, right in tiling.plan(height, width, most, margin, threads):
        assert 0 < (bottom - top) * (right - left) <= most**2
        seen[top:bottom, left:right] += 1
    assert seen.min() == seen.max() == 1


@pytest.mark.parametrize(("size", "threads", "count"), [
    ((512, 512), 1, 1),      # one thread: nothing to share
    ((512, 512), 2, 2),      # halves, not quarters: less margin
    ((2048, 2048), 2, 4),    # as few as the limit allows
    ((3000, 4000), 2, 12),
    ((3000, 4000), 8, 16),   # twelve would leave four threads idle in the second round
    ((8, 8), 8, 1),          # a margin larger than the picture: shares would cost more than the whole
])
def test_a_plan_has_as_many_tiles_as_it_takes(size, threads, count):
    assert len(tiling.plan(*size, 1024, 100, threads)) == count


def test_explicit_tiles_have_at_most_that_side():
    tiles = tiling.tiles(100, 130, 40)
    assert len(tiles) == 12
    assert max(max(b - a, d - c) for a, b, c, d in tiles) <= 40


@pytest.mark.parametrize("size", [(1, 1 << 20), (320, 384), (1 << 15, 1 << 15), (1 << 20, 1)])
def test_a_plan_stays_small_whatever_is_asked_for(size):
    """A tile of one pixel and a million threads once were planned for minutes."""
    parts = tiling.tiles(*size, 1)
    assert len(parts) <= tiling.MOST_TILES
    assert sum((b - a) * (d - c) for a, b, c, d in parts) == size[0] * size[1]
    assert tiling.plan(*size, 4096, 20, 10**6) == tiling.plan(*size, 4096, 20, tiling.useful(10**6))
    assert tiling.useful(10**6) <= max(8, processors.available())
