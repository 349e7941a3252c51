"""The plug-in in real GIMPs: a layer of ours is changed in its place, and keeps its mask; names say what a layer is."""

import numpy as np
import pytest
from talking import give, take, told

import smssr_infer as smssr


def test_a_layer_is_changed_in_its_place(gimp, picture):
    """Restored and repainted: other settings give what adding them would have given, under the mask as it was painted since."""
    opaque = np.concatenate([picture[..., :3], np.ones((60, 80, 1), np.float32)], axis=2)
    give(gimp, "picture", opaque)
    give(gimp, "mask", np.linspace(0, 1, 60 * 80, dtype=np.float32).reshape(60, 80))
    facts = told(gimp, """
for name, first, then in (("restore", {"what": "clean", "noise": 8.0}, {"what": "sharpen", "blur": 1.0}),
                          ("repaint", {"style": "starry-night"}, {"style": "irises", "size": 2.0})):
    image = new(80, 60, precision=Gimp.Precision.FLOAT_NON_LINEAR)
    one = layer(image, "one", 80, 60, Gimp.ImageType.RGB_IMAGE, raw="picture")
    made = call(f"smssr-{name}", image, [one], **first)[2][0]
    fill(made.get_mask(), "mask", "Y float")
    fainter = call(f"smssr-{name}", image, [made.get_mask()], change=True, strength=0.5, **first)
    same = [fainter[0], fainter[2][0] == made, round(made.get_opacity())]
    changed = call(f"smssr-{name}", image, [made.get_mask()], change=True, strength=0.7, **then)
    layers = image.get_layers()
    dump(layers[0], f"{name}-changed")
    added = call(f"smssr-{name}", image, [one], **then)
    dump(added[2][0], f"{name}-added")
    refused = call(f"smssr-{name}", image, [one], change=True, **then)
    fill(layers[0], "picture")
    painted_on = call(f"smssr-{name}", image, [layers[0]], change=True, **then)
    with open("/opt/exchange/mask", "rb") as file:
        kept = pixels(layers[0].get_mask(), "Y float") == file.read()
    tell(**{name: {"same": same, "changed": changed[:2], "layers": [l.get_name() for l in layers],
                   "opacity": round(layers[0].get_opacity()), "mask": kept, "refused": refused[:2], "painted": painted_on[:2],
                   "names": [l.get_name() for l in image.get_layers()]}})
""")
    words = {"restore": ["sharpened · one", "one"], "repaint": ["irises · one", "one"]}
    for name, told_ in facts.items():
        assert told_["same"] == [True, True, 50], name
        assert told_["changed"] == [True, None], name
        assert told_["layers"] == words[name]
        assert told_["opacity"] == 70
        assert told_["mask"]
        assert np.array_equal(take(gimp, f"{name}-changed", 60, 80, 4), take(gimp, f"{name}-added", 60, 80, 4))
        for refused, why in (told_["refused"], told_["painted"]):
            assert not refused
            assert "cannot be changed" in why
        assert sorted(told_["names"]) == sorted([*words[name], words[name][0].replace(" ·", " 2 ·")])


def test_a_selection_elsewhere_means_something_new(gimp, picture):
    """What a selection and a layer's mask have in common; where mostly something else is selected, the picture itself is worked on."""
    give(gimp, "picture", np.concatenate([picture[..., :3], np.ones((60, 80, 1), np.float32)], axis=2))
    facts = told(gimp, """
import sys
sys.path.insert(0, os.path.join(Gimp.directory(), "plug-ins", "smssr"))
from smssr_gimp.image.result_layer import subject_of
from smssr_gimp.image.selection import in_common
image = new(100, 70)
one = layer(image, "one", 80, 60, x=10, y=5, raw="picture")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 5, 40, 60)
made = call("smssr-repaint", image, [one], style="irises", grow=0)[2][0]
found = {}
for name, box in (("same", (10, 5, 40, 60)), ("other", (50, 5, 40, 60)), ("part", (20, 15, 10, 10)), ("more", (10, 5, 80, 60))):
    image.select_rectangle(Gimp.ChannelOps.REPLACE, *box)
    found[name] = [*in_common(image, made), subject_of(image, made.get_mask(), "repaint") == one]
Gimp.Selection.none(image)
found["nothing"] = [*in_common(image, made), subject_of(image, made, "repaint") == one]
tell(**found)
""")
    for name, together, of_selection, below in (("same", 1, 1, False), ("other", 0, 0, True), ("part", 1 / 24, 1, False),
                                                ("more", 0.5, 0.5, False), ("nothing", 1, 1, False)):
        assert facts[name][:2] == pytest.approx([together, of_selection], abs=0.02), name
        assert facts[name][2] is below, name


def test_strokes_stay_with_the_layer_and_grow_again(gimp, picture):
    """Drawn over the layer, kept on it at the next sizes, too."""
    y, x = np.mgrid[:60, :80]
    inside = np.hypot(x - 34, y - 30) < 18
    colours = np.where(inside[..., None], (0.75, 0.25, 0.2), (0.35, 0.45, 0.5)) + np.random.default_rng(2).normal(0, 0.03, (60, 80, 3))
    disc = np.concatenate([colours, np.ones((60, 80, 1))], 2).astype(np.float32)
    give(gimp, "disc", disc)
    facts = told(gimp, """
import sys
sys.path.insert(0, os.path.join(Gimp.directory(), "plug-ins", "smssr"))
from smssr_gimp.image.drawn_strokes import NAME, Stroke, keep, kept
from smssr_gimp.image.parasites import mark_of
image = new(80, 60, precision=Gimp.Precision.FLOAT_NON_LINEAR)
one = layer(image, "one", 80, 60, raw="disc")
nothing = call("smssr-grow", image, [one], strokes="drawn")
for data in (b"[]", b"{}", b"5", b'{"strokes": [[1, 2]]}', b'{"size": [0, 0], "strokes": [[1, 2, [[1, 1]]]]}'):
    one.attach_parasite(mark_of(NAME, data))
    assert kept(one) == [], data
keep(one, [Stroke(True, 3.0, [[30, 30], [38, 30]]), Stroke(False, 2.0, [[5, 5], [70, 5]])])
worked, why, _ = call("smssr-grow", image, [one], strokes="drawn")
dump(image.get_selection(), "beta", "Y float")
again = [list(stroke) for stroke in kept(one)]
Gimp.Selection.none(image)
call("smssr-upscale", image, [one], factor=2.0)
larger = [list(stroke) for stroke in kept(image.get_layers()[0])]
tell(nothing=nothing[:2], worked=worked, why=why, again=again, larger=larger, chosen=[l.get_name() for l in image.get_selected_layers()])
""")
    assert not facts["nothing"][0]
    assert "Paint in the preview" in facts["nothing"][1]
    assert facts["worked"], facts["why"]
    assert facts["again"] == [[True, 3, [[30, 30], [38, 30]]], [False, 2, [[5, 5], [70, 5]]]]
    assert facts["larger"][0] == [True, 6, [[60, 60], [76, 60]]]
    assert facts["chosen"] == ["one"]
    beta = take(gimp, "beta", 60, 80)
    assert (inside & (beta >= 0.5)).sum() / (inside | (beta >= 0.5)).sum() > 0.9
    assert np.abs(beta - smssr.mask(disc, [[[30, 30], [38, 30]]], [[[5, 5], [70, 5]]], radius=3)).mean() < 0.05
