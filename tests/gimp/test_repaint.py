"""The plug-in in real GIMPs: Repaint's layers and masks."""

import numpy as np
import pytest
from talking import give, take, told

import smssr_infer as smssr

ONE = "starry-night"


@pytest.fixture
def scene(picture):
    """60×80 RGBA float, opaque."""
    return np.concatenate([np.clip(picture[..., :3], 0, 1), np.ones((60, 80, 1))], 2).astype(np.float32)


def test_a_layer_with_mask_and_opacity_is_what_the_library_gives(gimp, scene):
    give(gimp, "scene", scene)
    facts = told(gimp, f"""
image = new(80, 60, precision=Gimp.Precision.FLOAT_NON_LINEAR)
one = layer(image, "one", 80, 60, raw="scene")
image.select_ellipse(Gimp.ChannelOps.REPLACE, 10, 10, 40, 30)
Gimp.Selection.feather(image, 8)
dump(image.get_selection(), "beta", "Y float")
worked, why, made = call("smssr-repaint", image, [one], style="{ONE}", strength=0.6, seed=4, size=1.5, grow=0)
dump(Gimp.Layer.new_from_visible(image, image, "visible"), "visible")
dump(one, "after")
tell(worked=worked, why=why, names=[l.get_name() for l in image.get_layers()], opacity=made[0].get_opacity(),
     mode=int(made[0].get_mode()) == int(Gimp.LayerMode.NORMAL), editing=made[0].get_edit_mask())
""")
    assert facts["worked"], facts["why"]
    assert facts["names"] == [f"{ONE} · one", "one"]
    assert facts["opacity"] == pytest.approx(60, abs=0.1)
    assert facts["mode"]
    assert facts["editing"]
    assert np.array_equal(take(gimp, "after", 60, 80, 4), scene)
    beta = 0.6 * take(gimp, "beta", 60, 80)
    expected = smssr.stylize(np.ascontiguousarray(scene[..., :3]), {}, coarse={ONE: smssr.Style(beta, size=1.5)}, seed=4)
    assert np.abs(take(gimp, "visible", 60, 80, 4)[..., :3] - expected).max() <= 1e-3


@pytest.mark.parametrize(("grow", "edge"), [(0, 0), (1, 1), (4, 4)])
def test_the_selection_grows(gimp, scene, grow, edge):
    """In the mask alone: what is selected in the image stays."""
    give(gimp, "scene", scene)
    facts = told(gimp, f"""
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="scene")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 20, 15, 30, 25)
before = pixels(image.get_selection(), "Y u8")
made = call("smssr-repaint", image, [one], style="{ONE}", {f"grow={grow}" if grow != 1 else ""})[2][0]
dump(made.get_mask(), "mask", "Y float")
tell(same=pixels(image.get_selection(), "Y u8") == before)
""")
    assert facts["same"]
    rows, columns = np.nonzero(take(gimp, "mask", 60, 80) > 0.5)
    assert (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1) == (15 - edge, 40 + edge, 20 - edge, 50 + edge)


def test_grey_offset_the_layers_own_mask_and_a_texture_on_top(gimp, scene):
    give(gimp, "scene", scene)
    facts = told(gimp, f"""
image = new(100, 70, base=Gimp.ImageBaseType.GRAY)
one = layer(image, "one", 80, 60, kind=Gimp.ImageType.GRAYA_IMAGE, x=30, y=-10, raw="scene")
one.add_mask(one.create_mask(Gimp.AddMaskType.ALPHA))
worked, why, made = call("smssr-repaint", image, [one], style="{ONE}")
textured, why_not, _made = call("smssr-stylize", image, [made[0]], style="canvas")
tell(worked=worked, why=why, where=layers_of(made), same=pixels(made[0].get_mask(), "Y float") == pixels(one.get_mask(), "Y float"),
     changed=pixels(made[0]) != pixels(one), textured=textured, why_not=why_not)
""")
    assert facts["worked"], facts["why"]
    assert facts["same"]
    assert facts["changed"]
    assert facts["where"][0][3:] == [30, -10]
    assert facts["textured"], facts["why_not"]


def test_what_cannot_be_is_said(gimp, scene):
    give(gimp, "scene", scene)
    facts = told(gimp, """
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="scene")
worked, why, _made = call("smssr-repaint", image, [one], style="no-such")
tell(worked=worked, why=why, names=[l.get_name() for l in image.get_layers()])
""")
    assert not facts["worked"]
    assert "there is no painting 'no-such'" in facts["why"]
    assert facts["names"] == ["one"]
