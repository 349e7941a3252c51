"""What a style is measured by: VGG-16's maps, Gram matrices, spectra. Needs torch; VGG-16's filters are random here."""

import math

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch")

import smssr_infer as smssr  # noqa: E402
from export.data import contents, drawn_marks, references  # noqa: E402
from export.losses import grams, vgg  # noqa: E402
from export.measure import directions, distinct, materials  # noqa: E402
from export.measure import styles as measuring  # noqa: E402
from export.training import reference  # noqa: E402
from export.training import style_trainer as learning  # noqa: E402
from smssr_infer import StyleCard  # noqa: E402
from smssr_infer.arrays.scale_space import difference_of_gaussians  # noqa: E402
from smssr_infer.networks import manifest  # noqa: E402

BAND = (0.7, 4.0)


def test_layers_are_where_keras_counts_them(filters):
    net = vgg.VGG(filters, torch.float32)
    maps = net(torch.rand(1, 3, 32, 32), (1, 2, 5, 7, 9))
    assert {layer: tuple(m.shape[1:]) for layer, m in maps.items()} == {
        1: (64, 32, 32), 2: (64, 32, 32), 5: (128, 16, 16), 7: (256, 8, 8), 9: (256, 8, 8)}
    x = torch.rand(1, 3, 8, 8)
    first = torch.nn.functional.conv2d(255 * x - net.mean, net.conv1_1.weight, padding=1).relu()
    assert torch.allclose(net(x, (1,))[1], first, atol=1e-3)


def test_missing_weights_are_one_line(tmp_path):
    (tmp_path / "x.npz").write_bytes(b"no")
    with pytest.raises(ValueError, match="no file of VGG-16 weights"):
        vgg.VGG(tmp_path / "x.npz")


def test_gram_matrices_do_not_know_places(filters):
    net = vgg.VGG(filters, torch.float32)
    x = torch.rand(1, 3, 64, 64)
    moved, other = torch.roll(x, (16, 16), (2, 3)), torch.rand(1, 3, 64, 64) * 0.5
    plain = grams.grams(net, x)
    assert set(plain) == {(level, layer) for level in (0, 1) for layer in grams.LAYERS}
    assert (grams.distance(plain, grams.grams(net, moved)) < 0.2 * grams.distance(plain, grams.grams(net, other))).all()
    assert grams.distance(plain, plain).max() == 0


def test_a_mesh_shows_in_the_spectrum():
    spectrum = grams.Spectrum(64)
    noise_ = torch.randn(16, 1, 64, 64, generator=torch.Generator().manual_seed(1))
    y, x = torch.meshgrid(torch.arange(64), torch.arange(64), indexing="ij")
    mesh = noise_ + torch.cos(2 * math.pi * 0.35 * (x + y))
    change = spectrum(mesh) - spectrum(noise_)
    assert change.max() > 10
    assert change.median().abs() < 0.2


def test_rings_of_the_spectrum_are_those_of_their_strongest_direction():
    spectrum = grams.Spectrum(64)
    noise_ = torch.randn(16, 1, 64, 64, generator=torch.Generator().manual_seed(1))
    line = 10 * torch.cos(2 * math.pi * 0.35 * torch.arange(64.0)).expand(16, 1, 64, 64)
    cells, rings = (spectrum(line + 0.5 * noise_) - spectrum(line + noise_)).chunk(2)
    assert cells.median() < -5
    strongest = spectrum(line + noise_).chunk(2)[1].argmax()
    assert abs(rings[strongest]) < 0.3


def test_drawings_and_contents():
    for draw in (*references.BY_CODE.values(), drawn_marks.hatching, drawn_marks.stipple):  # the painted ones take too long
        y = draw()
        assert (y.shape, y.dtype) == ((references.SIDE, references.SIDE), np.float32)
        assert 0 <= y.min() < y.max() <= 1
        assert y.std() > 0.02
    assert np.array_equal(references.hair(), references.hair())
    assert np.array_equal(drawn_marks.hatching(), drawn_marks.hatching())
    patches = contents.dead_leaves(4, 64, seed=1)
    assert (patches.shape, patches.dtype) == ((4, 64, 64, 3), np.uint8)
    assert np.array_equal(patches, contents.dead_leaves(4, 64, seed=1))


def test_photographs_come_sharp_bicubic_and_enlarged(tmp_path, astronaut):
    Image.fromarray(astronaut).save(tmp_path / "a.png")
    patches = contents.photographed([tmp_path / "a.png"], 6, 96, seed=1)
    fine = [difference_of_gaussians(p.mean(2).astype(np.float32), 0, 1).std() / p.std() for p in patches]
    assert min(fine[0::3]) > max(fine[1::3])


def test_measuring_tells_a_texture_from_none(filters, monkeypatch):
    """The shipped sand against its drawing: near in every figure; against another drawing: far."""
    vgg16 = vgg.VGG(filters, torch.float32)
    pictures = contents.dead_leaves(2, measuring.SIDE, seed=4)
    card = manifest.find("sand", StyleCard)
    right = measuring.measure(card, reference.Reference(references.sand(), BAND, learning.PATCH), pictures, vgg16)
    wrong = measuring.measure(card, reference.Reference(references.brick(), BAND, learning.PATCH), pictures, vgg16)
    assert right["gram"] < 0.5 * wrong["gram"]
    assert right["spectrum_db"] < wrong["spectrum_db"]
    assert wrong["spectrum_db"] > 3
    assert "spectrum_db" in measuring.misses(wrong)
    assert right["alias"] < 0.02


def test_styles_are_told_apart_by_their_references(filters, monkeypatch):
    """Sand and brick each go to their own drawing; with the drawings exchanged, to the other's."""
    monkeypatch.setattr(distinct, "PATCHES", 4)
    monkeypatch.setattr(distinct, "CROPS", 3)
    vgg16 = vgg.VGG(filters, torch.float32)
    pictures = contents.dead_leaves(2, distinct.SIDE, seed=4)
    cards = {name: manifest.find(name, StyleCard) for name in ("sand", "brick")}
    sand, brick = (reference.Reference(draw(), BAND, learning.PATCH) for draw in (references.sand, references.brick))
    assert distinct.confusions(cards, {"sand": sand, "brick": brick}, pictures, vgg16).tolist() == [[4, 0], [0, 4]]
    assert distinct.confusions(cards, {"sand": brick, "brick": sand}, pictures, vgg16).tolist() == [[0, 4], [4, 0]]


def test_a_style_that_follows_lies_as_the_picture_does():
    """Fur on stripes of three angles; and the measure finds one that is turned away."""
    y, x = np.mgrid[:320, :320]
    angles = np.radians((20, 80, 150))
    stripes = np.stack([np.sin((x * np.sin(a) + y * np.cos(a)) / 4) for a in angles])
    pictures = np.repeat((110 + 60 * stripes)[..., None], 3, -1).astype(np.uint8)
    wanted, coherence = directions.structure(stripes[0])
    assert abs(directions.apart(wanted[160, 160], 20)) < 1 and coherence[160, 160] > 0.9
    off = directions.astray("fur", pictures)
    assert off.mean() < 12
    assert np.quantile(off, 0.9) < 30


def test_materials_are_given_to_their_own_samples(filters, monkeypatch):
    """Two that differ much, and the same two under each other's names."""
    vgg16 = vgg.VGG(filters, torch.float32)
    monkeypatch.setattr(materials, "PATCHES", 4)
    monkeypatch.setattr(materials, "CROPS", 3)
    cards = [manifest.find(name, smssr.MaterialCard) for name in ("slate-gravel", "stockinette")]
    assert materials.confusions(cards, vgg16).tolist() == [[4, 0], [0, 4]]
    own = materials.crops
    monkeypatch.setattr(materials, "crops", lambda card: own(cards[int(card is cards[0])]))
    assert materials.confusions(cards, vgg16).tolist() == [[0, 4], [4, 0]]


def test_figures_of_a_material(monkeypatch):
    monkeypatch.setattr(materials, "SQUARE", 256)
    monkeypatch.setattr(materials, "FIELD", 400)
    monkeypatch.setattr(materials, "LARGE", 200)
    card = manifest.find("slate-gravel", smssr.MaterialCard)
    assert 0.7 < materials.evenness(card) < 1
    assert materials.histogram_distance(card) < 0.05
    assert materials.repetition(card) < 0.15
    assert materials.speed(card) > 0.1
    structured = manifest.find("boards", smssr.MaterialCard)
    assert materials.repetition(structured) > 0.15
    assert materials.evenness(structured) < materials.evenness(card)
