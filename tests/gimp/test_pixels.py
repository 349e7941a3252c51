"""The plug-in in real GIMPs: the engine's own pixels in every precision and profile, and in the preview."""

import numpy as np
import pytest
from talking import give, take, told

import smssr_infer as smssr

PRECISIONS = {"U8_NON_LINEAR": 1 / 255, "U8_LINEAR": None, "U16_NON_LINEAR": 1 / 65535, "U16_LINEAR": 1e-3, "U32_NON_LINEAR": 1e-6,
              "HALF_NON_LINEAR": 1e-3, "FLOAT_NON_LINEAR": 1e-6, "FLOAT_LINEAR": 1e-5}
"""One step of each precision in non-linear values near the middle; 8-bit linear is compared in its own, linear, steps."""


def test_every_precision_keeps_its_pixels_within_a_step(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, f"""
for name in {list(PRECISIONS)!r}:
    for kind in ("RGBA", "RGB", "GRAYA", "GRAY"):
        grey = kind.startswith("GRAY")
        image = new(80, 60, Gimp.ImageBaseType.GRAY if grey else Gimp.ImageBaseType.RGB, getattr(Gimp.Precision, name))
        one = layer(image, "one", 80, 60, getattr(Gimp.ImageType, kind + "_IMAGE"), raw="picture")
        dump(one, f"{{name}}-{{kind}}-before")
        worked, why, _ = call("smssr-upscale", image, [one], factor=2.0)
        dump(one, f"{{name}}-{{kind}}-after")
        dump(one, f"{{name}}-{{kind}}-linear", "RGBA float")
        kept = image.get_precision() == getattr(Gimp.Precision, name)
        tell(**{{f"{{name}} {{kind}}": [worked, why, image.get_width(), image.get_height(), kept]}})
        image.delete()
""")
    assert len(facts) == 4 * len(PRECISIONS)
    for name, step in PRECISIONS.items():
        for kind in ("RGBA", "RGB", "GRAYA", "GRAY"):
            assert facts[f"{name} {kind}"] == [True, None, 160, 120, True]
            before = take(gimp, f"{name}-{kind}-before", 60, 80, 4)
            channels = {"RGBA": [0, 1, 2, 3], "RGB": [0, 1, 2], "GRAYA": [0, 3], "GRAY": [0]}[kind]
            expected = smssr.upscale(np.ascontiguousarray(before[..., channels]), 2)
            after = take(gimp, f"{name}-{kind}-after", 120, 160, 4)[..., channels]
            if "A" in kind.replace("GRAY", ""):  # where nothing can be seen GIMP keeps no colour to compare
                seen = expected[..., -1] > 0.02
                expected, after = expected[seen], after[seen]
            if step is None:
                def linear(v):
                    return np.where(v <= 0.04045, v / 12.92, ((np.clip(v, 0, None) + 0.055) / 1.055) ** 2.4)
                colours = slice(0, -1) if "A" in kind.replace("GRAY", "") else slice(None)
                assert np.abs(linear(after) - linear(np.clip(expected, 0, 1)))[..., colours].max() <= 1.05 / 255, (name, kind)
            else:
                inside = expected if "FLOAT" in name or "HALF" in name else np.clip(expected, 0, 1)
                assert np.abs(after - inside).max() <= 1.05 * step, (name, kind)


@pytest.mark.parametrize(("precision", "limit"), [("U8_NON_LINEAR", 1.05 / 255), ("U16_LINEAR", 1.5e-3), ("FLOAT_LINEAR", 1.5e-3)])
def test_another_profile_than_srgb_is_kept_and_so_are_its_colours(gimp, picture, precision, limit):
    """Wide colours, such as Adobe RGB's green, lie far outside sRGB: they must not go through it."""
    wide = picture.copy()
    wide[..., 3] = 1
    wide[30:, :30, :3], wide[30:, 50:, :3] = (0, 1, 0), (1, 0, 1)
    give(gimp, "picture", wide)
    facts = told(gimp, f"""
image = new(80, 60, precision=Gimp.Precision.{precision})
image.set_color_profile(Gimp.ColorProfile.new_rgb_adobe())
one = layer(image, "one", 80, 60, Gimp.ImageType.RGB_IMAGE)
fill(one, "picture", own_space(one))
dump(one, "before", own_space(one))
styled, why, made = call("smssr-stylize", image, [one], style="gravel", strength=0.8, seed=5)
visible = Gimp.Layer.new_from_visible(image, image, "visible")
dump(visible, "visible", own_space(visible))
image.remove_layer(image.get_layers()[0])
worked, why2, _ = call("smssr-upscale", image, [one], factor=2.0)
dump(one, "after", own_space(one))
tell(worked=styled and worked, why=[why, why2], profile=image.get_color_profile().get_label(),
     adobe=Gimp.ColorProfile.new_rgb_adobe().get_label())
""")
    assert facts["worked"], facts["why"]
    assert facts["profile"] == facts["adobe"]
    before = np.ascontiguousarray(take(gimp, "before", 60, 80, 4)[..., :3])
    bright = wide[..., :3] > 0.05  # GEGL's own power of 1 / 2.2 is off by 5e-4 here, and by more near black
    assert np.abs(before - wide[..., :3])[bright].max() <= limit
    styled, enlarged = smssr.stylize(before, {"gravel": 0.8}, seed=5), smssr.upscale(before, 2)
    visible, after = take(gimp, "visible", 60, 80, 4)[..., :3], take(gimp, "after", 120, 160, 4)[..., :3]
    if "FLOAT" not in precision:
        styled, enlarged = np.clip(styled, 0, 1), np.clip(enlarged, 0, 1)
    assert np.abs(after - enlarged)[after > 0.05].max() <= limit
    assert np.abs(visible - styled)[visible > 0.05].max() <= max(limit, 2 / 255 if "U8" in precision else 1e-3)


def test_the_preview_is_the_result(gimp, astronaut):
    """Pixel for pixel, selection and strength included. (How fast it is, `tests/gimp/timing.py` measures.)

    Another tile is another order of adding up, which moves a value by some 1e-7: between two levels it may round to the other.
    """
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, """
import time
begin_gtk()
from smssr_gimp.engine import Engine
from smssr_gimp.image.pixels import rectangle
from smssr_gimp.previews.preview import pixbuf_of
from smssr_gimp.previews.stylize_preview import StylizePreview
from smssr_gimp.operations.styling import Wish
from smssr_gimp.previews.upscale_preview import UpscalePreview
image = new(512, 512)
one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
image.select_ellipse(Gimp.ChannelOps.REPLACE, 150, 150, 200, 200)
Gimp.Selection.feather(image, 20)

def shown(preview):
    began, preview.complete = time.monotonic(), False
    while not preview.complete and time.monotonic() - began < 60:
        GLib.MainContext.default().iteration(True)

def same(preview, drawable):
    # the largest difference in levels, and the share of samples that differ
    theirs = pixbuf_of(drawable, rectangle(*preview.window())).get_pixels()
    differences = [abs(a - b) for a, b in zip(preview.after.get_pixels(), theirs, strict=True) if a != b]
    return [max(differences, default=0), len(differences) / len(theirs)]

style = ["gravel", 0.7, 3, False]
with Engine() as engine:
    preview = StylizePreview(engine, image, one, lambda: Wish(*style))
    preview._with_edge = lambda pixbuf, window: pixbuf  # the selection's edge is drawn over both halves; the result has none
    shown(preview)
    for style[2] in (4, 3):
        preview.refresh()
        shown(preview)
    other = image.duplicate()
    call("smssr-stylize", other, [other.get_layers()[0]], style="gravel", strength=0.7, seed=3)
    tell(stylize=same(preview, Gimp.Layer.new_from_visible(other, other, "visible")))
    preview.close()
scale = [1280, 1280, {"model": None, "kind": "auto", "best": False}]
with Engine() as engine:
    preview = UpscalePreview(engine, image, one, lambda: tuple(scale))
    shown(preview)
    for side in (2048, 1280):
        scale[:2] = side, side
        preview.refresh()
        shown(preview)
    call("smssr-upscale", image, [one], factor=2.5)
    tell(upscale=same(preview, one), before=preview.before.get_width())
    preview.close()
""", window=True)
    for which in ("stylize", "upscale"):
        most, share = facts[which]
        assert most <= 1
        assert share < 0.002
    assert facts["before"] == 480


def test_24_megapixels_fit_into_memory(gimp, astronaut):
    """Peak resident memory of the plug-in and the engine together while 1.5 Mpx become 24 Mpx."""
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, """
import threading, time
small = new(512, 512)
one = layer(small, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
small.scale(1500, 1000)
peaks = {}
def watch():
    while threading.main_thread().is_alive() and not peaks.get("done"):
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                words = open(f"/proc/{pid}/cmdline").read()
                ours = os.path.samefile(f"/proc/{pid}/root", "/")  # not those of another release's tests
                if ours and ("smssr_infer.engine" in words or "smssr.py" in words):
                    lines = dict(l.split(":", 1) for l in open(f"/proc/{pid}/status") if ":" in l)
                    peaks[pid] = max(peaks.get(pid, 0), int(lines["VmHWM"].split()[0]))
            except (OSError, KeyError):
                pass
        time.sleep(0.05)
thread = threading.Thread(target=watch)
thread.start()
worked, why, _ = call("smssr-upscale", small, [one], factor=4.0)
peaks["done"] = 1
thread.join()
tell(worked=worked, why=why, mib=sum(peaks.values()) / 1024, size=[one.get_width(), one.get_height()])
""")
    assert facts["worked"], facts["why"]
    assert facts["size"] == [6000, 4000]
    print(facts)
    assert facts["mib"] <= 1.2 * 1024


def test_invented_detail_is_that_models_alone(gimp, picture):
    """Of a model that invents none the setting changes nothing; of the one that does, 0 is the default model's result."""
    give(gimp, "picture", picture)
    facts = told(gimp, """
for name, model, detail in (("plain", "smssr-x4", 0.5), ("none", "smssr-x4-detail", 0.0), ("some", "smssr-x4-detail", 1.0)):
    image = new(80, 60)
    one = layer(image, "one", 80, 60, raw="picture")
    worked, why, _ = call("smssr-upscale", image, [one], factor=4.0, model=model, detail=detail)
    dump(one, name)
    tell(**{name: [worked, why]})
""")
    assert all(worked for worked, _ in facts.values()), facts
    plain, none, some = (take(gimp, name, 240, 320, 4) for name in ("plain", "none", "some"))
    assert np.abs(none - plain).max() < 1.5 / 255
    assert np.abs(some - plain).max() > 5 / 255
