"""The plug-in in real GIMPs: materials and paintings of one's own, made of a selection, in a second."""

import numpy as np
import pytest
from talking import give, told


@pytest.fixture
def coat(chelsea):
    """200×260 RGBA float, opaque, fur."""
    x = chelsea[0:200, 150:410].astype(np.float32) / 255
    return np.concatenate([x, np.ones((*x.shape[:2], 1), np.float32)], 2)


SCENE = """
image = new(260, 200, precision=Gimp.Precision.FLOAT_NON_LINEAR)
one = layer(image, "one", 260, 200, raw="coat")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 20, 10, 180, 170)
"""


def test_a_material_from_the_selection_is_made_used_renamed_exported_and_deleted(gimp, coat):
    give(gimp, "coat", coat)
    facts = told(gimp, SCENE + """
made, why, _ = call("smssr-material", image, [one], title="Chelsea's coat")
again, taken, _ = call("smssr-material", image, [one], title="Chelsea's coat")
over, _why, _ = call("smssr-material", image, [one], title="Chelsea's coat", replace=True)
used, no, layers = call("smssr-stylize", image, [one], style="Chelsea-s-coat", strength=0.8)
tell(made=made, why=why, taken=taken, over=over, used=used, no=no, names=[l.get_name() for l in layers])
def own(**what):
    return call("smssr-own-styles", **what)[:2]
tell(renamed=own(action="rename", style="Chelsea-s-coat", title="Fur of a cat"),
     exported=own(action="export", style="Fur-of-a-cat", file=Gio.File.new_for_path(HERE + "/fur.smssr")),
     removed=own(action="remove", style="Fur-of-a-cat"),
     missing=own(action="remove", style="Fur-of-a-cat"),
     imported=own(action="import", file=Gio.File.new_for_path(HERE + "/fur.smssr")),
     gone=own(action="remove", style="Fur-of-a-cat"))
""")
    assert facts["made"], facts["why"]
    assert "already" in facts["taken"]
    assert facts["over"]
    assert facts["used"], facts["no"]
    for what in ("renamed", "exported", "removed", "imported", "gone"):
        assert facts[what] == [True, None], (what, facts[what])
    assert "you have no style" in facts["missing"][1]


def test_a_painting_from_the_selection(gimp, coat):
    give(gimp, "coat", coat)
    facts = told(gimp, SCENE + """
made, why, _ = call("smssr-painting", image, [one], title="Coat as paint")
used, no, layers = call("smssr-repaint", image, [one], style="Coat-as-paint", detail=0.8, colour=1.0)
tell(made=made, why=why, used=used, no=no, gone=call("smssr-own-styles", action="remove", style="Coat-as-paint")[:2])
""")
    assert facts["made"], facts["why"]
    assert facts["used"], facts["no"]
    assert facts["gone"] == [True, None]


@pytest.mark.parametrize(("part", "title", "words"), [
    ((0, 0, 30, 30), "small", "at least 64×64 pixels, not 30×30"), ((0, 0, 200, 200), "  ", "Give it a name"),
    ((0, 0, 200, 200), "fur", "ships with smssr")])
def test_what_does_not_fit_is_one_sentence(gimp, coat, part, title, words):
    give(gimp, "coat", coat)
    facts = told(gimp, SCENE + f"""
image.select_rectangle(Gimp.ChannelOps.REPLACE, {part[0]}, {part[1]}, {part[2]}, {part[3]})
tell(why=call("smssr-material", image, [one], title={title!r})[1])
""")
    assert words in facts["why"]
