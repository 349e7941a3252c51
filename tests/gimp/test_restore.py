"""The plug-in in real GIMPs: Restore's layers and masks, and the selection of dust."""

import numpy as np
import pytest
from talking import give, take, told

import smssr_infer as smssr
from smssr_infer.analysis.rims import with_rims
from smssr_infer.arrays.large import in_memory


@pytest.fixture
def noisy(picture):
    """60×80 RGBA float, opaque, with noise."""
    colours = picture[..., :3] + np.random.default_rng(0).normal(0, 0.06, (60, 80, 3))
    return np.concatenate([np.clip(colours, 0, 1), np.ones((60, 80, 1))], 2).astype(np.float32)


NAMES = {"clean": "cleaned", "sharpen": "sharpened", "clean-sharpen": "cleaned, sharpened"}


@pytest.mark.parametrize("what", NAMES)
def test_a_layer_with_mask_and_opacity_is_what_the_library_gives(gimp, noisy, what):
    give(gimp, "noisy", noisy)
    facts = told(gimp, f"""
image = new(80, 60, precision=Gimp.Precision.FLOAT_NON_LINEAR)
one = layer(image, "one", 80, 60, raw="noisy")
image.select_ellipse(Gimp.ChannelOps.REPLACE, 10, 10, 40, 30)
Gimp.Selection.feather(image, 8)
dump(image.get_selection(), "beta", "Y float")
worked, why, made = call("smssr-restore", image, [one], what="{what}", strength=0.6, chroma=0.5)
dump(Gimp.Layer.new_from_visible(image, image, "visible"), "visible")
dump(one, "after")
tell(worked=worked, why=why, names=[l.get_name() for l in image.get_layers()], opacity=made[0].get_opacity(),
     mode=int(made[0].get_mode()) == int(Gimp.LayerMode.NORMAL), editing=made[0].get_edit_mask())
""")
    assert facts["worked"], facts["why"]
    assert facts["names"] == [f"{NAMES[what]} · one", "one"]
    assert facts["opacity"] == pytest.approx(60, abs=0.1)
    assert facts["mode"]
    assert facts["editing"]
    assert np.array_equal(take(gimp, "after", 60, 80, 4), noisy)
    beta = 0.6 * take(gimp, "beta", 60, 80)
    wish = {**({"clean": 1.0, "chroma": 0.5} if "clean" in what else {}), **({"sharpen": 1.0} if "sharpen" in what else {})}
    colours = np.ascontiguousarray(noisy[..., :3])
    expected = colours + beta[..., None] * (smssr.restore(colours, **wish) - colours)
    assert np.abs(take(gimp, "visible", 60, 80, 4)[..., :3] - expected).max() <= 1e-3


def test_a_scratch_is_filled_and_undone_in_one_step(gimp, picture):
    scratched = np.concatenate([picture[..., :3], np.ones((60, 80, 1), np.float32)], 2)
    scratched[28:31, 5:70, :3] = 1
    give(gimp, "scratched", scratched)
    facts = told(gimp, """
image = new(80, 60, precision=Gimp.Precision.FLOAT_NON_LINEAR)
one = layer(image, "one", 80, 60, raw="scratched")
refused, why_not, _made = call("smssr-restore", image, [one], what="fill")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 5, 28, 65, 3)
worked, why, made = call("smssr-restore", image, [one], what="fill", strength=1.0, grain=False)
dump(Gimp.Layer.new_from_visible(image, image, "visible"), "visible")
image.remove_layer(made[0])
call("smssr-restore", image, [one], what="fill", strength=1.0)
dump(Gimp.Layer.new_from_visible(image, image, "visible"), "grained")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 5, 10, 65, 45)
wide, why_wide, _made = call("smssr-restore", image, [one], what="fill")
names = [l.get_name() for l in image.get_layers()]
tell(worked=worked, why=why, refused=refused, why_not=why_not, wide=wide, why_wide=why_wide, names=names)
""")
    assert facts["worked"], facts["why"]
    assert not facts["refused"]
    assert "First select what to fill" in facts["why_not"]
    assert not facts["wide"]
    assert "more than 30 pixels wide" in facts["why_wide"]
    assert facts["names"] == ["filled · one", "one"]
    hole = np.zeros((60, 80), bool)
    hole[28:31, 5:70] = True
    visible = take(gimp, "visible", 60, 80, 4)[..., :3]
    whole = np.ascontiguousarray(scratched[..., :3])
    hole = with_rims(in_memory(whole), hole)
    expected = smssr.restore(whole, fill=hole)
    assert np.abs(visible - expected).max() <= 1e-3
    assert np.array_equal(visible[~hole], scratched[..., :3][~hole])
    grained = take(gimp, "grained", 60, 80, 4)[..., :3]
    expected = smssr.process(whole, smssr.Recipe(smssr.Fill(hole), smssr.Grain(beta=hole)))
    assert np.abs(grained - expected).max() <= 1e-3
    assert np.abs(grained - visible)[hole].max() > 2e-3
    assert np.array_equal(grained[~hole], visible[~hole])


def test_grey_offset_and_the_layers_own_mask(gimp, noisy):
    give(gimp, "noisy", noisy)
    facts = told(gimp, """
image = new(100, 70, base=Gimp.ImageBaseType.GRAY)
one = layer(image, "one", 80, 60, kind=Gimp.ImageType.GRAYA_IMAGE, x=30, y=-10, raw="noisy")
one.add_mask(one.create_mask(Gimp.AddMaskType.ALPHA))
worked, why, made = call("smssr-restore", image, [one], what="clean", strength=1.0)
tell(worked=worked, why=why, where=layers_of(made), same=pixels(made[0].get_mask(), "Y float") == pixels(one.get_mask(), "Y float"),
     changed=pixels(made[0]) != pixels(one))
""")
    assert facts["worked"], facts["why"]
    assert facts["same"]
    assert facts["changed"]
    assert facts["where"][0][3:] == [30, -10]


def test_dust_becomes_a_selection(gimp):
    flat = np.full((60, 80, 4), 0.4, np.float32)
    flat[..., 3] = 1
    flat[20:23, 30:33, :3] = 0.9
    flat[40, 10:60, :3] = 0.05
    give(gimp, "dusty", flat)
    facts = told(gimp, """
image = new(90, 70)
one = layer(image, "one", 80, 60, x=5, y=5, raw="dusty")
worked, why, _made = call("smssr-select-specks", image, [one], sensitivity=0.5, size=5)
dump(image.get_selection(), "selected", "Y float")
tell(worked=worked, why=why, channels=len(image.get_channels()))
""")
    assert facts["worked"], facts["why"]
    assert facts["channels"] == 0
    selected = take(gimp, "selected", 70, 90)
    assert selected[25:28, 35:38].all()
    assert selected[45, 15:65].all()
    assert selected.mean() < 0.06
