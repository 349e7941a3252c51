"""What paintings promise: strokes along the forms, in the painter's colours, the same from any tile; detail kept; clear errors."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

import smssr_infer as smssr
from smssr_infer.analysis.palette import Palette
from smssr_infer.arrays.pixels import LUMA
from smssr_infer.networks import manifest
from smssr_infer.nodes.painting_layer import strokes
from smssr_infer.textures.brush import Brush, outline

PAINTINGS = [card.name for card in smssr.models() if isinstance(card, smssr.PaintingCard)]


@pytest.fixture(scope="module")
def picture(astronaut):
    return astronaut[0:240, 80:380].astype(np.float32) / 255


def painted(image, name="cypresses", beta=1.0, **options):
    return smssr.stylize(image, {}, coarse={name: smssr.Style(beta, **options)})


def test_there_are_ten_painters_and_more():
    assert len({manifest.find(name).source.rsplit(" ", 1)[0] for name in PAINTINGS}) >= 10
    for name in PAINTINGS:
        card = manifest.find(name)
        assert card.path.stat().st_size <= 120_000
        assert card.licence == "public domain"


@pytest.mark.parametrize("name", PAINTINGS)
def test_forms_stay_where_they_are(astronaut, name):
    """Structural similarity (Wang et al. 2004) of luma at an eighth of the size."""
    whole = astronaut.astype(np.float32) / 255
    small = [gaussian_filter(x @ LUMA, 4)[4::8, 4::8] for x in (whole, painted(whole, name))]
    x, y = ((v - v.mean()) / v.std() for v in small)  # a palette changes brightness and contrast
    blur = [gaussian_filter(v, 1.5) for v in (x, y, x * x, y * y, x * y)]
    c1, c2 = 0.01**2, 0.03**2
    similar = ((2 * blur[0] * blur[1] + c1) * (2 * (blur[4] - blur[0] * blur[1]) + c2)
               / ((blur[0]**2 + blur[1]**2 + c1) * (blur[2] - blur[0]**2 + blur[3] - blur[1]**2 + c2)))
    assert similar.mean() >= 0.8


def test_any_window_is_that_part_of_the_whole(picture):
    whole = painted(picture)
    for tile, threads in ((64, 1), (97, 3)):
        parts = smssr.stylize(picture, {}, coarse={"cypresses": 1.0}, tile=tile, threads=threads)
        assert np.abs(parts - whole).max() <= 1e-6


def test_more_detail_is_nearer_to_the_picture(picture):
    fine = picture - gaussian_filter(picture, (2, 2, 0))
    near = []
    for detail in (0.0, 0.5, 1.0):
        own = painted(picture, colour=0.0, detail=detail)
        near.append(np.corrcoef(fine.ravel(), (own - gaussian_filter(own, (2, 2, 0))).ravel())[0, 1])
    assert near[0] < near[1] < near[2]


def test_the_palette_goes_as_far_as_is_asked(picture):
    card = manifest.find("cypresses")
    off = [np.abs(Palette.of(painted(picture, colour=colour)).mean - card.mean).sum() for colour in (0.0, 0.5, 1.0)]
    assert off[0] > off[1] > off[2]
    assert np.abs(painted(picture, colour=0.0).mean((0, 1)) - picture.mean((0, 1))).max() < 0.02


@pytest.mark.parametrize("degrees", [0, 40, 90, 130])
def test_strokes_lie_as_they_are_told(degrees):
    flat = np.full((240, 240, 3), 0.5, np.float32) + np.linspace(-0.05, 0.05, 240, dtype=np.float32)[:, None, None]
    x = painted(flat, direction=float(degrees)) @ LUMA
    down, across = np.gradient(gaussian_filter(x.astype(float), 1.0))
    found = np.degrees(np.arctan2(2 * (across * down).sum(), (down**2 - across**2).sum())) / 2
    assert abs((found - degrees + 90) % 180 - 90) <= 12


def test_along_lines(picture):
    flat = np.full((200, 200, 3), 0.5, np.float32)
    along = painted(flat, direction=smssr.Along([[(0, 0), (200, 200)]]))
    assert not np.allclose(along, painted(flat, direction=0.0))
    assert np.isfinite(along).all()


def test_neighbours_are_not_alike():
    """On a flat picture no stroke shows up again at the lattice's shifts."""
    x = painted(np.full((300, 300, 3), 0.45, np.float32)) @ LUMA
    x = x - gaussian_filter(x, 8)
    spectrum = np.abs(np.fft.fft2(x - x.mean())) ** 2
    correlation = np.fft.ifft2(spectrum).real / spectrum.sum() * x.size
    correlation = np.fft.fftshift(correlation) / correlation[0, 0]
    rows, columns = np.indices(x.shape) - 150
    assert correlation[np.hypot(rows, columns) > 24].max() <= 0.15


def test_a_stroke_is_laid_whole_and_clipped():
    of = strokes(manifest.find("cypresses"))[0]
    brush = Brush(of, 1.0)
    whole, part = np.zeros((3, 90, 90), np.float32), np.zeros((3, 40, 40), np.float32)
    red = np.array([0.8, 0.2, 0.1], np.float32)[:, None, None]
    brush.lay(whole, 3, 45.0, 45.0, 0.7, red)
    brush.lay(part, 3, 15.0, 15.0, 0.7, red)
    assert np.array_equal(whole[:, 30:70, 30:70], part)
    assert abs(whole[0, 45, 45] - 0.8) < 0.2
    alpha = outline(40, 12, 1.5, 1.0, 2)
    assert alpha.max() == 1
    assert alpha[[0, -1]].max() == alpha[:, [0, -1]].max() == 0


@pytest.mark.parametrize(("name", "options", "words"), [
    ("cypresses", {"detail": 2}, "detail must lie in 0 … 1"), ("cypresses", {"colour": -1}, "colour must lie in 0 … 1"),
    ("scream-network", {"detail": 0.5}, "a network, which knows no detail"), ("scream-network", {"direction": 30.0}, "knows no direction")])
def test_what_does_not_fit_is_one_line(picture, name, options, words):
    with pytest.raises(ValueError, match=words) as caught:
        painted(picture, name, **options)
    assert "\n" not in str(caught.value)


def test_a_texture_has_no_detail(picture):
    with pytest.raises(ValueError, match="detail is for paintings"):
        smssr.stylize(picture, {"fur": smssr.Style(0.5, detail=0.5)})
