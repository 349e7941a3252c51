"""What `mask` promises: what was meant, from a few strokes; the same answer for the same strokes; clear errors."""

import tomllib

import numpy as np
import pytest
from PIL import Image, ImageDraw

import smssr_infer as smssr
from export.data import collages
from export.measure import masks
from smssr_infer.cli import main
from smssr_infer.select.guide import _there
from smssr_infer.select.strokes import Strokes, drawn, painted

CAT = [[(150, 60), (230, 220)], [(40, 200), (90, 260)]]
AWAY = [[(10, 30), (80, 20)], [(360, 30), (440, 120)], (400, 250)]


def overlap(beta, truth):
    """Intersection over union of β ≥ ½ and what is true."""
    return (truth & (beta >= 0.5)).sum() / (truth | (beta >= 0.5)).sum()


@pytest.fixture(scope="module")
def disc():
    """A red disc with noise on noisy grey, and the disc's pixels."""
    y, x = np.mgrid[:240, :320]
    inside = np.hypot(x - 140, y - 120) < 70
    picture = np.where(inside[..., None], [190, 60, 50], [90, 110, 130]) + np.random.default_rng(1).normal(0, 12, (240, 320, 3))
    return np.clip(picture, 0, 255).astype(np.uint8), inside


def test_a_disc_is_found(disc):
    picture, inside = disc
    beta = smssr.mask(picture, [[(120, 100), (160, 140)]], [(20, 20), (300, 220)])
    assert beta.shape == inside.shape and beta.dtype == np.float32 and beta.min() >= 0 and beta.max() <= 1
    assert overlap(beta, inside) > 0.97


def test_texture_alone_is_enough():
    """The same mean and the same greys, laid in stripes that run across on one side and down on the other."""
    y, x = np.mgrid[:240, :320]
    left = x < 150
    picture = (128 + 60 * np.sign(np.sin(np.where(left, x, y) * 0.9))).astype(np.uint8)
    beta = smssr.mask(picture, [[(50, 60), (60, 180)]], [[(250, 60), (260, 180)]])
    assert overlap(beta, left) > 0.93


@pytest.fixture(scope="module")
def half(disc):
    """The same disc, of which a piece of another picture is known."""
    picture, inside = disc
    other = np.clip([190, 60, 50] + np.random.default_rng(2).normal(0, 12, (60, 70, 3)), 0, 255).astype(np.uint8)
    return picture, inside, other


def test_what_looks_like_another_picture_is_found(half):
    picture, inside, other = half
    beta = smssr.mask_like(picture, other)
    assert overlap(beta, inside) > 0.97
    assert np.array_equal(smssr.Guide(picture).like(other), beta)


def test_nothing_that_looks_like_it_is_an_error(half):
    picture, _inside, other = half
    with pytest.raises(ValueError, match="nothing in the picture looks like that"):
        smssr.mask_like(picture, 255 - other)
    with pytest.raises(ValueError, match="at least 4 pixels a side"):
        smssr.mask_like(picture, other[:1])


def test_the_command_finds_what_looks_like_a_picture(half, tmp_path, capsys):
    picture, inside, other = half
    for name, pixels in (("in.png", picture), ("like.png", other)):
        Image.fromarray(pixels).save(tmp_path / name)
    words = ["mask", str(tmp_path / "in.png"), str(tmp_path / "out.png"), "--like", str(tmp_path / "like.png")]
    assert main(words) == 0
    assert overlap(np.asarray(Image.open(tmp_path / "out.png")) / 255, inside) > 0.97
    assert main([*words, "--here", "140,120"]) == 2
    assert "leave out one of the two" in capsys.readouterr().err
    assert main([*words[:2], str(tmp_path / "like.png"), *words[3:]]) == 2
    assert np.array_equal(np.asarray(Image.open(tmp_path / "like.png")), other)


def test_without_not_here_the_border_is_not_meant(disc):
    picture, inside = disc
    assert overlap(smssr.mask(picture, [(140, 120)]), inside) > 0.97


def test_the_same_strokes_give_the_same_answer_in_any_round(chelsea):
    guide = smssr.Guide(chelsea)
    first = guide.mask(CAT, AWAY)
    guide.mask(CAT[:1], AWAY[:1])
    assert np.array_equal(guide.mask(CAT, AWAY), first)
    assert np.array_equal(smssr.mask(chelsea, CAT, AWAY), first)


def test_command(tmp_path, disc):
    picture, inside = disc
    Image.fromarray(picture).save(tmp_path / "in.png")
    assert main(["mask", str(tmp_path / "in.png"), str(tmp_path / "out.png"), "--here", "120,100,160,140", "--not-here", "20,20",
                 "--not-here", "300,220"]) == 0
    with Image.open(tmp_path / "out.png") as out:
        assert out.mode == "L" and overlap(np.asarray(out) / 255, inside) > 0.97


def test_strokes_lie_where_they_were_drawn():
    cells = Strokes([[(10, 10), (50, 10)], (30, 30)], (60, 80), 3, "here").on(1)
    y, x = np.mgrid[:60, :80]
    line = np.hypot(x - np.clip(x, 10, 50), y - 10) <= 3
    assert np.array_equal(cells, line | (np.hypot(x - 30, y - 30) <= 3))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [0, 1, 2, 3, 4])
def test_every_kind_of_picture(disc, dtype, channels):
    picture, inside = disc
    full = {np.uint8: 255, np.uint16: 65535, np.float32: 1}[dtype]
    x = (picture if channels > 2 else picture[..., 2]) / 255 * full
    if channels == 1:
        x = x[..., None]
    if channels in (2, 4):
        visible = np.ones(inside.shape)
        visible[:, :120] = 0
        x = np.dstack([x, visible * full])
    x = x.astype(dtype)
    before = x.copy()
    beta = smssr.mask(x, [[(150, 90), (150, 150)]], [(300, 20), (300, 220), (150, 225)])
    assert np.array_equal(x, before)
    assert beta.shape == inside.shape and beta.dtype == np.float32
    if channels in (2, 4):
        assert not beta[:, :120].any()
        inside = inside & (visible > 0)
    assert overlap(beta, inside) > 0.93


def test_seeds_as_a_plane_are_strokes(disc):
    picture, inside = disc
    here, not_here = np.zeros((2, *inside.shape), bool)
    here[110:130, 120:160], not_here[10:20, 10:300] = True, True
    assert overlap(smssr.mask(picture, here, not_here), inside) > 0.97


def test_only_what_is_connected_unless_one_asks_for_everything(disc):
    picture, inside = disc
    twice = np.concatenate([picture, picture], 1)
    here, away = [(140, 120)], [(20, 20), (620, 220)]
    one, both = smssr.mask(twice, here, away), smssr.mask(twice, here, away, connected=False)
    nothing = np.zeros_like(inside)
    assert overlap(one, np.concatenate([inside, nothing], 1)) > 0.95
    assert overlap(both, np.concatenate([inside, inside], 1)) > 0.95


def test_a_further_stroke_corrects(disc):
    picture, inside = disc
    guide = smssr.Guide(picture)
    here, away = [(140, 120)], [(20, 20), (300, 220)]
    stroke = [[(90, 120), (115, 120)]]
    assert guide.mask(here, away)[120, 100] > 0.9
    assert guide.mask(here, away + stroke)[120, 100] < 0.1


def test_a_flat_colour_without_a_stroke_is_left_out():
    """A drawing: nothing was said of the grass, nor of the house, and neither looks like what was."""
    plane = Image.new("RGB", (300, 200), (120, 170, 230))
    draw = ImageDraw.Draw(plane)
    draw.rectangle((0, 130, 300, 200), fill=(110, 170, 90))
    draw.rectangle((190, 70, 280, 150), fill=(200, 190, 170))
    draw.ellipse((40, 40, 130, 165), fill=(230, 150, 60))
    truth = (np.asarray(plane) == (230, 150, 60)).all(-1)
    assert overlap(smssr.mask(np.asarray(plane), [[(60, 100), (110, 100)]], [[(150, 30), (170, 45)]], radius=3), truth) > 0.95


def test_a_brush_that_slips_over_an_edge_does_little_harm(disc):
    """Its rim is on the other side; before its rim counted for less, half the ground came with it."""
    picture, inside = disc
    away = [[(20, 20), (300, 20)], (300, 220)]
    assert overlap(smssr.mask(picture, [[(140, 60), (200, 110)]], away, radius=16), inside) > 0.95


def test_the_stroke_that_is_drawn_later_counts(disc):
    picture, inside = disc
    guide = smssr.Guide(picture)
    wrong, right = [True, 8, [[20, 200], [280, 200]]], [False, 8, [[20, 200], [280, 200]]]
    others = [True, 8, [[140, 100], [140, 140]]], [False, 8, [[20, 20], [300, 20]]]
    first, then = (guide.grown(drawn([*others, *order], guide.shape, guide.step)) for order in ((wrong, right), (right, wrong)))
    assert overlap(first, inside) > 0.95
    assert then[200, 20:280].min() > 0.5


def test_edges_are_hard_where_the_picture_is_and_soft_where_it_is():
    y, x = np.mgrid[:400, :600]
    hard = np.where((x < 300)[..., None], [200, 60, 50], [60, 90, 140])
    soft = np.clip((340 - x) / 80, 0, 1)[..., None] * ([200, 60, 50] - np.array([60, 90, 140])) + [60, 90, 140]
    for picture, least, most in ((hard, 0, 2), (soft, 5, 80)):
        beta = smssr.mask(picture.astype(np.uint8), [[(100, 50), (100, 350)]], [[(500, 50), (500, 350)]])[200]
        between = ((beta > 0.1) & (beta < 0.9)).sum()
        assert least <= between <= most


def test_one_pixel_and_one_colour():
    assert smssr.mask(np.zeros((1, 1), np.uint8), [(0, 0)]).tolist() == [[1.0]]
    assert smssr.mask(np.full((30, 40, 3), 90, np.uint8), [(5, 5)]).min() == 1


def test_what_lies_nowhere_near_a_stroke_is_said(disc):
    picture, _inside = disc
    for here, not_here, radius, words in (
            ([], (), None, "here: say with at least one stroke"), ([(900, 20)], (), None, "lies outside the picture of 320×240"),
            ([(1, 2, 3)], (), None, "here: a stroke is a point"), ([(np.nan, 2)], (), None, "here: a stroke is a point"),
            ("10,10", (), None, "here: strokes are a list"), (5, (), None, "here: strokes are a list"),
            ([(10, 10)], [["a", "b"]], None, "not_here: a stroke is a point"), ([(10, 10)], [(10, 10)], None, "said to be not here, too"),
            ([(10, 10)], (), 0, "the radius must lie above 0"), ([(10, 10)], (), "wide", "the radius is a number"),
            (np.zeros((5, 5), bool), (), None, "here: a plane of seeds has the picture's 320×240 pixels")):
        with pytest.raises(ValueError, match=words) as error:
            smssr.mask(picture, here, not_here, radius)
        assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match="a picture is H×W"):
        smssr.mask(np.zeros(5, np.uint8), [(0, 0)])


def test_command_with_files_and_its_errors(tmp_path, disc, capsys):
    picture, inside = disc
    Image.fromarray(picture).save(tmp_path / "in.png")
    drawn = np.zeros(inside.shape, np.uint8)
    drawn[110:130, 120:160] = 255
    Image.fromarray(drawn).save(tmp_path / "here.png")
    Image.fromarray(drawn[:50]).save(tmp_path / "other.png")
    Image.fromarray(0 * drawn).save(tmp_path / "black.png")
    source, target = str(tmp_path / "in.png"), str(tmp_path / "out.png")
    assert main(["mask", source, target, "--here", str(tmp_path / "here.png"), "--not-here", "20,20,300,20", "--radius", "6"]) == 0
    with Image.open(target) as out:
        assert overlap(np.asarray(out) / 255, inside) > 0.97
    assert main(["stylize", source, str(tmp_path / "styled.png"), "--style", f"fur={target}"]) == 0
    for arguments, words in (([], "say with --here x,y"), (["--here", "1,2,3"], "two numbers a point"),
                             (["--here", "nothing.png"], "cannot read nothing.png"), (["--here", str(tmp_path / "other.png")], "320×50"),
                             (["--here", str(tmp_path / "black.png")], "white nowhere"), (["--here", "999,5"], "here: the stroke"),
                             (["--here", "9,9", "--radius", "-1"], "the radius must lie")):
        (tmp_path / "no.png").unlink(missing_ok=True)
        assert main(["mask", source, str(tmp_path / "no.png"), *arguments]) == 2
        said = capsys.readouterr().err.strip().splitlines()[-1]
        assert words in said
        assert not (tmp_path / "no.png").exists()


def test_painted_strokes_are_read_off_a_mask():
    plane = np.full((20, 30), 0.5, np.float32)
    plane[2:4, 2:9], plane[10:12, 2:9] = 1, 0
    here, not_here = painted(plane)
    assert np.array_equal(here, plane == 1) and np.array_equal(not_here, plane == 0)
    here, not_here = painted(np.where(plane == 0.5, 0, plane).astype(np.float32))  # a selection: its ground says nothing
    assert here.sum() == 14 and not not_here.any()


def test_the_strokes_that_are_measured_with_lie_where_they_should(disc):
    _picture, inside = disc
    here, not_here = masks.strokes(inside)
    assert len(here) == 2 and len(not_here) == 3
    for lines, region in ((here, inside), (not_here, ~inside)):
        drawn = Strokes(lines, inside.shape, None, "strokes").on(1)
        assert drawn.any() and not (drawn & ~region).any()
        for line in lines:
            assert np.hypot(*np.diff(line, axis=0).T).sum() <= 320 / 4 + 1
    assert masks.strokes(inside) == (here, not_here)


def test_outlines_are_polygons_of_twenty_photographs():
    rows = tomllib.loads(collages.OUTLINES.read_text())
    assert len(rows) == len({row["file"] for row in rows.values()}) == 20
    for row in rows.values():
        assert all(len(polygon) % 2 == 0 and len(polygon) >= 6 for polygon in row["polygons"])


def test_the_second_round_leaves_out_what_is_alike_but_lies_elsewhere():
    """What looks like what is meant counts as far as the first round lets it; where that found it is meant, nothing changes."""
    alike = np.array([0.9, 0.9, 0.9, 0.2, 0.2])
    there = np.array([0.95, 0.5, 0.2, 0.95, 0.2])
    likely = _there(alike, there)
    assert np.allclose(likely[[0, 1, 3]], alike[[0, 1, 3]], atol=0.01)
    assert likely[2] < 0.5
    assert likely[4] < 0.05
