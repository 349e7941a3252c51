"""The plug-in in real GIMPs: Stylize's layers and masks."""

import numpy as np
import pytest
from talking import INSIDE, give, take, told

import smssr_infer as smssr


@pytest.mark.parametrize(("precision", "limit"), [("FLOAT_NON_LINEAR", 1e-3), ("U8_NON_LINEAR", 2 / 255)])
def test_merged_styles_are_what_the_library_gives(gimp, picture, precision, limit):
    opaque = np.concatenate([picture[..., :3], np.ones((60, 80, 1), np.float32)], axis=2)
    give(gimp, "picture", opaque)
    facts = told(gimp, f"""
image = new(80, 60, precision=Gimp.Precision.{precision})
one = layer(image, "one", 80, 60, Gimp.ImageType.RGB_IMAGE, raw="picture")
dump(one, "before")
image.select_ellipse(Gimp.ChannelOps.REPLACE, 10, 10, 40, 30)
Gimp.Selection.feather(image, 8)
selection = image.get_selection()
dump(selection, "beta", "Y float")
worked, why, made = call("smssr-stylize", image, [one], style="gravel", strength=0.6, seed=5)
Gimp.Selection.none(image)
again, why2, made2 = call("smssr-stylize", image, [made[0]], style="brick", strength=1.0, seed=5)
top = image.get_layers()
tell(worked=worked and again, why=[why, why2], names=[l.get_name() for l in top], inside=[l.get_name() for l in top[0].get_children()],
     same=pixels(one) == open("/opt/exchange/before", "rb").read())
dump(Gimp.Layer.new_from_visible(image, image, "visible"), "visible")
mask = top[0].get_children()[0].get_mask()
mask.fill(Gimp.FillType.WHITE)
made[0].get_mask().get_buffer().set(rect(one), "Y float", bytes(4 * 80 * 60))
made[0].get_mask().get_buffer().flush()
made[0].get_mask().update(0, 0, 80, 60)
dump(Gimp.Layer.new_from_visible(image, image, "visible"), "repainted")
""")
    assert facts["worked"], facts["why"]
    assert facts["names"] == ["styles · one", "one"]
    assert facts["inside"] == ["brick · one", "gravel · one"]
    assert facts["same"]
    before, beta = take(gimp, "before", 60, 80, 4)[..., :3], take(gimp, "beta", 60, 80)
    assert beta.min() == 0
    assert beta.max() > 0.9
    expected = smssr.stylize(np.ascontiguousarray(before), {"gravel": 0.6 * beta, "brick": 1.0}, seed=5)
    if "U8" in precision:
        expected = np.clip(expected, 0, 1)
    assert np.abs(take(gimp, "visible", 60, 80, 4)[..., :3] - expected).max() <= limit
    only = smssr.stylize(np.ascontiguousarray(before), {"brick": 1.0}, seed=5)
    if "U8" in precision:
        only = np.clip(only, 0, 1)
    assert np.abs(take(gimp, "repainted", 60, 80, 4)[..., :3] - only).max() <= limit


def test_a_material_is_a_layer_in_colour(gimp, picture):
    """On a flat colour, too, and what the library gives."""
    flat = np.concatenate([np.full((60, 80, 3), (0.6, 0.4, 0.3), np.float32), np.ones((60, 80, 1), np.float32)], axis=2)
    give(gimp, "picture", flat)
    facts = told(gimp, """
image = new(80, 60, precision=Gimp.Precision.FLOAT_NON_LINEAR)
one = layer(image, "one", 80, 60, Gimp.ImageType.RGB_IMAGE, raw="picture")
worked, why, made = call("smssr-stylize", image, [one], style="flaking-rust", strength=0.8, seed=5)
tell(worked=worked, why=why)
dump(one, "before")
dump(Gimp.Layer.new_from_visible(image, image, "visible"), "visible")
""")
    assert facts["worked"], facts["why"]
    before, seen = (take(gimp, name, 60, 80, 4)[..., :3] for name in ("before", "visible"))
    expected = smssr.stylize(np.ascontiguousarray(before), {"flaking-rust": 0.8}, seed=5)
    assert np.abs(seen - expected).max() <= 1e-3
    assert np.ptp(seen - before, axis=2).mean() > 0.02


def test_the_layers_own_mask_and_its_offset(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(100, 70)
one = layer(image, "one", 80, 60, x=30, y=-10, raw="picture")
one.add_mask(one.create_mask(Gimp.AddMaskType.ALPHA))
worked, why, made = call("smssr-stylize", image, [one], style="gravel", strength=1.0, seed=1)
tell(worked=worked, why=why, where=layers_of(made), same=pixels(made[0].get_mask(), "Y float") == pixels(one.get_mask(), "Y float"))
""")
    assert facts["worked"], facts["why"]
    assert facts["where"][0][1:] == [80, 60, 30, -10]
    assert facts["same"]


def test_a_selection_partly_outside_the_layer(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(100, 70)
one = layer(image, "one", 80, 60, x=40, y=-20, raw="picture")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 10, 60, 55)
worked, why, made = call("smssr-stylize", image, [one], style="gravel", strength=1.0, seed=1)
tell(worked=worked, why=why, where=layers_of(made))
dump(made[0].get_mask(), "mask", "Y float")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 20, 20)
tell(beside=call("smssr-stylize", image, [one], style="gravel")[1], count=len(image.get_layers()[0].get_children()))
""")
    assert facts["worked"], facts["why"]
    assert facts["where"][0][1:] == [80, 60, 40, -20]
    expected = np.zeros((60, 80))
    expected[30:, :30] = 1  # columns 10 to 70 and rows 10 to 65 of the image; the layer starts at (40, -20) and ends at row 40
    assert np.array_equal(take(gimp, "mask", 60, 80), expected)
    assert "does not touch the layer" in facts["beside"]
    assert facts["count"] == 1


def test_saved_and_opened_again_the_styles_go_on(gimp, picture):
    """As XCF: masks, modes and opacities are kept, and another style joins the group."""
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
image.select_ellipse(Gimp.ChannelOps.REPLACE, 10, 10, 40, 30)
first = call("smssr-stylize", image, [one], style="gravel", strength=0.6)
Gimp.Selection.none(image)
second = call("smssr-stylize", image, [one], style="bark", strength=0.9)
def state(image):
    group, base = image.get_layers()
    seen = pixels(Gimp.Layer.new_from_visible(image, image, "visible"), "R'G'B'A u8")
    return [[l.get_name(), round(l.get_opacity()), int(l.get_mode()), hash(pixels(l)), hash(pixels(l.get_mask(), "Y u8"))]
            for l in group.get_children()] + [int(group.get_mode()), hash(seen)]
before = state(image)
file = Gio.File.new_for_path(HERE + "/styled.xcf")
Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, file, None)
image.delete()
again = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
tell(worked=[first[:2], second[:2]], same=state(again) == before)
third = call("smssr-stylize", again, [again.get_layers()[1]], style="wood")
tell(third=third[:2], names=[l.get_name() for l in again.get_layers()[0].get_children()], top=len(again.get_layers()))
""")
    assert facts["worked"] == [[True, None], [True, None]]
    assert facts["same"]
    assert facts["third"] == [True, None]
    assert facts["names"] == ["wood · one", "bark · one", "gravel · one"]
    assert facts["top"] == 2


def test_a_style_is_changed_to_another_and_keeps_its_mask(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 10, 30, 20)
worked, why, made = call("smssr-stylize", image, [one], style="gravel", strength=0.6, seed=5)
Gimp.Selection.none(image)
before = pixels(made[0].get_mask(), "Y float")
again, why2, made2 = call("smssr-stylize", image, list(image.get_selected_drawables()), style="brick", strength=0.9, seed=7, change=True)
group = image.get_layers()[0]
no, why3, _ = call("smssr-stylize", image, [one], style="brick", change=True)
tell(worked=worked and again, why=[why, why2], names=[l.get_name() for l in group.get_children()], opacity=made2[0].get_opacity(),
     same=pixels(made2[0].get_mask(), "Y float") == before, no=no, why3=why3, edits=made2[0].get_edit_mask())
""")
    assert facts["worked"], facts["why"]
    assert facts["names"] == ["brick · one"]
    assert facts["opacity"] == pytest.approx(90, abs=0.5)
    assert facts["same"]
    assert facts["edits"]
    assert not facts["no"]
    assert "not a style's" in facts["why3"]


def test_a_styles_texture_is_computed_anew_at_the_new_size(gimp, picture):
    """As fine as before, where enlarging would make it coarse; its mask is scaled. One that was painted on is enlarged like any layer."""
    opaque = np.concatenate([picture[..., :3], np.ones((60, 80, 1), np.float32)], axis=2)
    give(gimp, "picture", opaque)
    facts = told(gimp, """
image = new(80, 60, precision=Gimp.Precision.FLOAT_NON_LINEAR)
one = layer(image, "one", 80, 60, Gimp.ImageType.RGB_IMAGE, raw="picture")
_, _, (style,) = call("smssr-stylize", image, [one], style="gravel", strength=0.6, seed=5)
_, _, (painted,) = call("smssr-stylize", image, [one], style="brick", strength=0.6, seed=5)
painted.get_buffer().set(Gegl.Rectangle.new(0, 0, 80, 1), "Y' float", bytes(4 * 80))
painted.get_buffer().flush()
painted.update(0, 0, 80, 1)
worked, why, _ = call("smssr-upscale", image, [one], factor=3.0)
dump(one, "large")
dump(style, "style", "Y' float")
dump(painted, "painted", "Y' float")
again, why2, _ = call("smssr-stylize", image, [style], style="bark", seed=3, change=True)
tell(worked=worked, why=why, mask=layers_of([style.get_mask()])[0][1:3] if style.is_valid() else None, again=again, why2=why2)
""")
    assert facts["worked"], facts["why"]
    assert facts["again"], facts["why2"]  # it is still known to be a style
    large = np.ascontiguousarray(take(gimp, "large", 180, 240, 4)[..., :3])
    expected = smssr.style_residual(large, "gravel", seed=5) + 0.5
    assert np.abs(take(gimp, "style", 180, 240) - expected).max() < 1e-4
    assert (take(gimp, "painted", 180, 240)[0] < 0.1).all()


def test_a_strength_above_one(gimp, picture):
    """The layer holds twice the texture, and its opacity is half the strength."""
    opaque = np.concatenate([picture[..., :3], np.ones((60, 80, 1), np.float32)], axis=2)
    give(gimp, "picture", opaque)
    facts = told(gimp, """
image = new(80, 60, precision=Gimp.Precision.FLOAT_NON_LINEAR)
one = layer(image, "one", 80, 60, Gimp.ImageType.RGB_IMAGE, raw="picture")
dump(one, "before")
worked, why, made = call("smssr-stylize", image, [one], style="gravel", strength=1.6, seed=5)
tell(worked=worked, why=why, opacity=made[0].get_opacity())
dump(Gimp.Layer.new_from_visible(image, image, "visible"), "visible")
""")
    assert facts["worked"], facts["why"]
    assert facts["opacity"] == pytest.approx(80, abs=0.5)
    before = np.ascontiguousarray(take(gimp, "before", 60, 80, 4)[..., :3])
    expected = before + 1.6 * smssr.style_residual(before, "gravel", seed=5)[..., None]
    assert np.abs(take(gimp, "visible", 60, 80, 4)[..., :3] - expected).max() < 2e-3


def test_undo_and_redo_of_a_style_leave_gimps_log_clean(gimp, picture):
    give(gimp, "picture", picture)
    printed = gimp.window(INSIDE + """
import subprocess, time
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
Gimp.Display.new(image)
time.sleep(3)
call("smssr-stylize", image, [one], style="gravel")
Gimp.displays_flush()
for key in ("ctrl+z", "ctrl+y"):
    time.sleep(1)
    subprocess.run(["xdotool", "mousemove", "360", "300", "key", "--clearmodifiers", key])
    time.sleep(1)
    print("LAYERS", len(image.get_layers()), flush=True)
""")
    assert "LAYERS 1" in printed and "LAYERS 2" in printed
    assert "Gimp-Core" not in printed, [line for line in printed.splitlines() if "Gimp-Core" in line]


def test_a_texture_along_a_path(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(100, 70)
one = layer(image, "one", 80, 60, x=10, y=5, raw="picture")
without, why_not, _ = call("smssr-stylize", image, [one], style="fur", direction="path", strength=1.0, seed=1)
path = Gimp.Path.new(image, "way")
path.stroke_new_from_points(Gimp.PathStrokeType.BEZIER, [15.0, 60.0] * 3 + [85.0, 10.0] * 3, False)
image.insert_path(path, None, 0)
worked, why, made = call("smssr-stylize", image, [one], style="fur", direction="path", strength=1.0, seed=1, size=1.0)
dump(one, "before")
dump(made[0], "residual", "Y' float")
tell(without=without, why_not=why_not, worked=worked, why=why)
""")
    assert not facts["without"] and "Paths tool" in facts["why_not"]
    assert facts["worked"], facts["why"]
    wish = smssr.Style(size=1.0, direction=smssr.Along([[(5, 55), (75, 5)]]))
    expected = smssr.style_residual(np.ascontiguousarray(take(gimp, "before", 60, 80, 4)[..., :3]), "fur", wish=wish, seed=1)
    assert np.abs(take(gimp, "residual", 60, 80) - 0.5 - expected).max() < 0.02


def test_a_style_that_begins_hidden_is_brushed_in(gimp, picture):
    give(gimp, "scene", picture)
    facts = told(gimp, """
image = new(80, 60, precision=Gimp.Precision.FLOAT_NON_LINEAR)
one = layer(image, "one", 80, 60, raw="scene")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 10, 20, 20)
before = pixels(Gimp.Layer.new_from_visible(image, image, "before"))
worked, why, made = call("smssr-stylize", image, [one], style="otter-fur", hidden=True)
hidden = pixels(Gimp.Layer.new_from_visible(image, image, "hidden")) == before
selected = not Gimp.Selection.is_empty(image)
mask = made[0].get_mask()
Gimp.context_set_foreground(Gegl.Color.new("white"))
mask.edit_fill(Gimp.FillType.FOREGROUND)
brushed = pixels(Gimp.Layer.new_from_visible(image, image, "brushed")) != before
tell(worked=worked, why=why, hidden=hidden, selected=selected, brushed=brushed, editing=made[0].get_edit_mask())
""")
    assert facts["worked"], facts["why"]
    assert facts["hidden"]
    assert not facts["selected"]
    assert facts["brushed"]
    assert facts["editing"]


def test_a_materials_colours_are_shown_as_far_as_is_wanted(gimp, picture):
    """And the layer remembers it."""
    give(gimp, "picture", picture)
    facts = told(gimp, """
begin_gtk()
from smssr_gimp.image.parasites import style_of
kept = []
for colour in (1.0, 0.0):
    image = new(80, 60)
    one = layer(image, "one", 80, 60, raw="picture")
    worked, why, made = call("smssr-stylize", image, [one], style="flaking-rust", colour=colour)
    dump(made[0], f"rust-{colour:g}")
    kept.append([worked, why, style_of(made[0]).colour])
tell(kept=kept)
""", window=True)
    assert facts["kept"] == [[True, None, 1], [True, None, 0]]
    coloured, grey = (take(gimp, f"rust-{colour}", 60, 80, 4)[..., :3] for colour in (1, 0))
    assert np.ptp(coloured, axis=2).max() > 5 / 255
    assert np.ptp(grey, axis=2).max() < 1.5 / 255
