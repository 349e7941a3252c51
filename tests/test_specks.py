"""Dust and scratches, drawn on photographs: which are found, and how little else is."""

import io

import numpy as np
import pytest

pytest.importorskip("scipy")

from scipy import ndimage  # noqa: E402

from smssr_infer.analysis.specks import specks  # noqa: E402
from smssr_infer.arrays.large import in_memory  # noqa: E402
from smssr_infer.engine import handlers, protocol  # noqa: E402


@pytest.fixture
def dusty(astronaut):
    """A photograph as float, out of focus a little, with five specks of 4 × 4 pixels and a scratch of 2 × 120; and where those are."""
    x = ndimage.gaussian_filter(astronaut[:300, :300] / 255, (2, 2, 0)).astype(np.float32)
    places = np.zeros((2, 300, 300), bool)
    for row, column in ((20, 30), (40, 100), (90, 15), (130, 60), (15, 200)):
        places[0, row:row + 4, column:column + 4] = True
    places[1, 5:125, 250:252] = True
    x[places.any(0)] = 1
    return x, places


def of(x, **wish):
    return specks(in_memory(x), **wish)


def test_specks_and_a_scratch_are_found(dusty):
    x, (dots, line) = dusty
    found = of(x)
    assert found[dots].mean() > 0.95
    assert found[line].mean() > 0.95


def test_lines_only_and_specks_only(dusty):
    x, (dots, line) = dusty
    lines, small = of(x, kind="lines"), of(x, kind="specks")
    assert lines[line].mean() > 0.95
    assert not lines[dots].any()
    assert small[dots].mean() > 0.95
    assert not small[line].any()
    assert not (lines & small & ~ndimage.binary_dilation(lines, iterations=2)).any()


def test_no_longer_than(dusty):
    x, (dots, line) = dusty
    found = of(x, longest=20)
    assert found[dots].mean() > 0.95
    assert not found[line].any()


def test_a_photograph_without_dust_has_few_candidates(chelsea):
    """Whiskers, lids and glints: 55 pieces before, less than half of them now."""
    assert ndimage.label(of((chelsea / 255).astype(np.float32)), np.ones((3, 3)))[1] <= 27


def test_hot_pixels_and_salt_are_specks(chelsea):
    """Of one pixel each, which dust is not; and no lines."""
    rng = np.random.default_rng(0)
    clean = ndimage.gaussian_filter(chelsea / 255, (1, 1, 0)).astype(np.float32)
    places = np.zeros(clean.shape[:2], bool)
    places[tuple(rng.integers(5, n - 5, 60) for n in places.shape)] = True
    hot = clean.copy()
    hot[places, 0] = 1
    dark = places & (clean[..., 0] < 0.6)
    found = of(hot)
    assert found[dark].mean() > 0.9
    assert ndimage.label(found, np.ones((3, 3)))[1] <= 60 + ndimage.label(of(clean), np.ones((3, 3)))[1]
    assert not of(hot, kind="lines")[dark].any()
    salted = clean.copy()
    noise = rng.random(places.shape)
    salted[noise < 0.01], salted[noise > 0.99] = 0, 1
    assert of(salted)[(noise < 0.01) | (noise > 0.99)].mean() > 0.9
    assert ndimage.label(of(clean), np.ones((3, 3)))[1] <= 27


@pytest.mark.parametrize("wish", [{"kind": "dots"}, {"longest": -1}, {"size": 0}, {"sensitivity": 2}])
def test_what_does_not_fit_is_said(wish):
    with pytest.raises(ValueError, match="specks|sensitivity|looked for"):
        of(np.zeros((9, 9, 3), np.float32), **wish)


def test_a_window_of_the_answer_is_that_of_the_whole(dusty):
    """What the preview shows is what will be selected."""
    x, _places = dusty
    engine = handlers.Engine(io.BytesIO())
    answers = []
    engine.answer = lambda number, header, payload=b"": answers.append((header, bytes(payload)))
    height, width, channels = x.shape
    engine.serve({"id": 1, **protocol.Put(1, height, width, channels, 0, height).header()}, x.tobytes())
    for window in (None, (10, 140, 20, 270)):
        engine.serve({"id": 2, **protocol.Specks(1, 0.5, 6, window=window).header()}, b"")
    (whole, _end, part, _end2) = answers
    (top, bottom, left, right) = part[0]["tile"]
    expected = np.frombuffer(whole[1], np.float32).reshape(300, 300)[top:bottom, left:right]
    assert np.array_equal(np.frombuffer(part[1], np.float32).reshape(bottom - top, right - left), expected)


def test_looking_for_wider_specks_finds_the_small_ones_too(dusty):
    """Beside a lamp farther away than the surroundings of small ones reach: those of wide ones do."""
    x, (dots, _line) = dusty
    x[:, 48:56] = 1
    small, wide = of(x), of(x, size=12)
    assert small[dots].mean() > 0.5
    assert wide[small].all()
