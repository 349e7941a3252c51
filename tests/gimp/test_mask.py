"""The plug-in in real GIMPs: strokes grow to what they mean, in the selection and in a layer's mask."""

import numpy as np
import pytest
from talking import give, take, told

import smssr_infer as smssr


@pytest.fixture
def disc():
    """60×80 RGBA float: a red disc on grey, both uneven; and the disc's pixels."""
    y, x = np.mgrid[:60, :80]
    inside = np.hypot(x - 34, y - 30) < 18
    colours = np.where(inside[..., None], (0.75, 0.25, 0.2), (0.35, 0.45, 0.5)) + np.random.default_rng(2).normal(0, 0.03, (60, 80, 3))
    return np.concatenate([colours, np.ones((60, 80, 1))], 2).astype(np.float32), inside


def overlap(beta, truth):
    return (truth & (beta >= 0.5)).sum() / (truth | (beta >= 0.5)).sum()


def test_a_selection_grows(gimp, disc):
    picture, inside = disc
    give(gimp, "disc", picture)
    facts = told(gimp, """
image = new(100, 70, precision=Gimp.Precision.FLOAT_NON_LINEAR)
one = layer(image, "one", 80, 60, x=12, y=5, raw="disc")
refused, why_not, _made = call("smssr-grow", image, [one])
image.select_rectangle(Gimp.ChannelOps.REPLACE, 12 + 30, 5 + 24, 8, 10)
worked, why, made = call("smssr-grow", image, [one])
dump(image.get_selection(), "beta", "Y float")
tell(worked=worked, why=why, refused=refused, why_not=why_not, channels=len(image.get_channels()),
     layers=layers_of(image.get_layers()))
""")
    assert not facts["refused"]
    assert "First select some of what to include" in facts["why_not"]
    assert facts["worked"], facts["why"]
    assert facts["channels"] == 0
    assert facts["layers"] == [["one", 80, 60, 12, 5]]
    beta = take(gimp, "beta", 70, 100)
    seeds = np.zeros((60, 80), bool)
    seeds[24:34, 30:38] = True
    assert np.abs(beta[5:65, 12:92] - smssr.mask(picture, seeds)).max() <= 1e-3
    assert overlap(beta[5:65, 12:92], inside) > 0.9
    beta[5:65, 12:92] = 0
    assert not beta.any()


def test_white_and_black_strokes_on_a_grey_mask_grow(gimp, disc):
    picture, inside = disc
    strokes = np.full((60, 80), 0.5, np.float32)
    strokes[24:34, 30:38], strokes[5:9, 5:70] = 1, 0
    give(gimp, "disc", picture)
    give(gimp, "strokes", strokes)
    facts = told(gimp, """
image = new(80, 60, precision=Gimp.Precision.FLOAT_NON_LINEAR)
one = layer(image, "one", 80, 60, raw="disc")
bare, why_bare, _made = call("smssr-grow", image, [one], strokes="mask")
one.add_mask(one.create_mask(Gimp.AddMaskType.WHITE))
fill(one.get_mask(), "strokes", "Y float")
worked, why, made = call("smssr-grow", image, [one.get_mask()], strokes="mask")
dump(one.get_mask(), "beta", "Y float")
dump(one, "after")
tell(worked=worked, why=why, bare=bare, why_bare=why_bare)
""")
    assert not facts["bare"]
    assert "has no mask" in facts["why_bare"]
    assert facts["worked"], facts["why"]
    beta = take(gimp, "beta", 60, 80)
    assert np.abs(beta - smssr.mask(picture, strokes == 1, strokes == 0)).max() <= 1e-3
    assert overlap(beta, inside) > 0.9
    assert np.array_equal(take(gimp, "after", 60, 80, 4), picture)
