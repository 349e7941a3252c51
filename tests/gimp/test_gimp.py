"""The plug-in in real GIMPs: the same pixels as the library's, every precision, right geometry, undo, errors.

Runs where a sandbox can be made (`make test-gimp`); elsewhere it is skipped, loudly.
"""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
import sandbox as boxes

import smssr_infer as smssr

PATIENCE = float(os.environ.get("SMSSR_PATIENCE", 1))
"""How many times slower than two idle cores this machine may be."""

INSIDE = (Path(__file__).parent / "inside.py").read_text()
PRECISIONS = {"U8_NON_LINEAR": 1 / 255, "U8_LINEAR": None, "U16_NON_LINEAR": 1 / 65535, "U16_LINEAR": 1e-3, "U32_NON_LINEAR": 1e-6,
              "HALF_NON_LINEAR": 1e-3, "FLOAT_NON_LINEAR": 1e-6, "FLOAT_LINEAR": 1e-5}
"""One step of each precision in non-linear values near the middle; 8-bit linear is compared in its own, linear, steps."""


@pytest.fixture(scope="module", params=boxes.RELEASES)
def gimp(request):
    reason = boxes.possible()
    if reason:
        if os.environ.get("SMSSR_NEED_GIMP"):
            pytest.fail(f"no GIMP to test in: {reason}")
        pytest.skip(f"NO REAL GIMP WAS TESTED: {reason}")
    try:
        with boxes.Sandbox(request.param) as box:
            yield box
    except subprocess.CalledProcessError as error:
        pytest.fail(f"no sandbox with {request.param}: {error.stderr}")


def told(box, code, window=False):
    """The facts that code inside GIMP, with or without its window, tells, in one dictionary."""
    printed = (box.window if window else box.gimp)(INSIDE + "\n" + code)
    facts = {}
    for line in printed.splitlines():
        if line.startswith("TELL "):
            facts |= json.loads(line[5:])
    assert facts, printed
    return facts


def give(box, name, picture):
    (box.exchange / name).write_bytes(np.ascontiguousarray(picture, np.float32).tobytes())


def take(box, name, *shape):
    return np.fromfile(box.exchange / name, np.float32).reshape(shape)


@pytest.fixture(scope="module")
def picture(astronaut):
    """60×80 RGBA float, a corner transparent, with a soft edge."""
    x = astronaut[50:110, 180:260].astype(np.float32) / 255
    alpha = np.clip((np.add.outer(np.arange(60), np.arange(80)) - 20) / 10, 0, 1).astype(np.float32)[..., None]
    return np.concatenate([x, alpha], axis=2)


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


def test_geometry_is_that_of_scale_image(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
def build():
    image = new(100, 70)
    group = Gimp.GroupLayer.new(image, "group")
    image.insert_layer(group, None, 0)
    layer(image, "inside", 80, 60, parent=group, x=-7, y=13, raw="picture")
    layer(image, "small", 80, 60, x=33, y=-21, raw="picture")
    big = layer(image, "big", 80, 60, raw="picture")
    big.resize(200, 150, 50, 40)
    mask = big.create_mask(Gimp.AddMaskType.ALPHA)
    big.add_mask(mask)
    image.select_ellipse(Gimp.ChannelOps.REPLACE, 10, 10, 60, 50)
    image.insert_channel(Gimp.Selection.save(image), None, 0)
    image.add_hguide(20)
    image.set_resolution(150, 150)
    return image
ours, theirs = build(), build()
every = [l for l in ours.get_layers()] + ours.get_layers()[-1].get_children()
worked, why, _ = call("smssr-upscale", ours, [ours.get_layers()[0]], factor=2.3)
theirs.scale(230, 161)
tell(worked=worked, why=why)
for name, image in (("ours", ours), ("theirs", theirs)):
    layers = image.get_layers()
    tell(**{name: [image.get_width(), image.get_height(), layers_of(layers), layers_of(layers[-1].get_children()),
        layers_of([layers[0].get_mask()]), layers_of(image.get_channels()), list(image.get_resolution()),
        image.get_guide_position(image.find_next_guide(0)),
        [v for v in Gimp.Selection.bounds(image)]]})
""")
    assert facts["worked"], facts["why"]
    assert facts["ours"] == facts["theirs"]


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
    assert facts["names"] == ["one: styles", "one"]
    assert facts["inside"] == ["brick", "gravel"]
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


def test_the_preview_is_the_result_and_fast(gimp, astronaut):
    """Pixel for pixel, selection and strength included; and shown within 150 ms of a change, engine and layer being there.

    Another tile is another order of adding up, which moves a value by some 1e-7: between two levels it may round to the other.
    """
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, """
import sys, time
sys.path.insert(0, os.path.join(Gimp.directory(), "plug-ins", "smssr"))
gi.require_version("Gtk", "3.0")
from gi.repository import Gtk
Gtk.init(None)
from engine import Engine
from preview import StylizePreview, UpscalePreview, pixbuf_of, rectangle
image = new(512, 512)
one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
image.select_ellipse(Gimp.ChannelOps.REPLACE, 150, 150, 200, 200)
Gimp.Selection.feather(image, 20)

def shown(preview):
    began, preview.after = time.monotonic(), None
    while preview.after is None and time.monotonic() - began < 20:
        GLib.MainContext.default().iteration(True)
    return time.monotonic() - began

def same(preview, drawable):
    # the largest difference in levels, and the share of samples that differ
    theirs = pixbuf_of(drawable, rectangle(*preview.window())).get_pixels()
    differences = [abs(a - b) for a, b in zip(preview.after.get_pixels(), theirs, strict=True) if a != b]
    return [max(differences, default=0), len(differences) / len(theirs)]

style = ["gravel", 0.7, 3]
with Engine() as engine:
    preview = StylizePreview(engine, image, one, lambda: tuple(style))
    shown(preview)
    times = []
    for style[2] in (4, 5, 6, 7, 3):
        preview.refresh()
        times.append(shown(preview))
    other = image.duplicate()
    call("smssr-stylize", other, [other.get_layers()[0]], style="gravel", strength=0.7, seed=3)
    tell(stylize=same(preview, Gimp.Layer.new_from_visible(other, other, "visible")), stylize_time=sorted(times)[2])
    preview.close()
scale = [2.5, 2.5, ""]
with Engine() as engine:
    preview = UpscalePreview(engine, image, one, lambda: tuple(scale))
    shown(preview)
    times = []
    for factor in (2, 3, 4, 3.5, 2.5):
        scale[:2] = factor, factor
        preview.refresh()
        times.append(shown(preview))
    call("smssr-upscale", image, [one], factor=2.5)
    tell(upscale=same(preview, one), upscale_time=sorted(times)[2], before=preview.before.get_width())
    preview.close()
""", window=True)
    for which in ("stylize", "upscale"):
        most, share = facts[which]
        assert most <= 1
        assert share < 0.002
    assert facts["before"] == 480
    print(facts)
    assert facts["stylize_time"] <= 0.150 * PATIENCE
    assert facts["upscale_time"] <= 0.150 * PATIENCE


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
                if "smssr_infer.worker" in words or "smssr.py" in words:
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


def test_undo_is_one_step_and_redo_works(gimp, picture):
    """There is no undo for scripts, so the window gets the keys."""
    give(gimp, "picture", picture)
    facts = told(gimp, """
import subprocess, time
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
image.undo_disable()
image.undo_enable()
display = Gimp.Display.new(image)
time.sleep(3)

def press(key):
    subprocess.run(["xdotool", "mousemove", "360", "300", "key", "--clearmodifiers", key], env={**os.environ})
    time.sleep(2)

def state():
    return [image.get_width(), [l.get_name() for l in image.get_layers()], hash(pixels(one))]

image.clean_all()
start = state()
tell(upscaled=call("smssr-upscale", image, [one], factor=2.0)[0])
large = state()
press("ctrl+z")
tell(undone=state() == start, changed=large != start, undone_to=state()[:2], start=start[:2])
press("ctrl+y")
tell(redone=state() == large)
press("ctrl+z")
tell(stylized=call("smssr-stylize", image, [one], style="gravel")[0])
styled = state()
press("ctrl+z")
tell(unstyled=state() == start, layers=styled[1])
press("ctrl+y")
tell(restyled=state() == styled)
""", window=True)
    assert facts["upscaled"]
    assert facts["changed"]
    assert facts["undone"], facts
    assert facts["redone"]
    assert facts["stylized"]
    assert facts["layers"] == ["one: styles", "one"]
    assert facts["unstyled"]
    assert facts["restyled"]


def test_one_layer_into_a_new_image(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(100, 70, precision=Gimp.Precision.U16_NON_LINEAR)
one = layer(image, "one", 80, 60, x=30, raw="picture")
worked, why, made = call("smssr-upscale", image, [one], factor=0.0, width=200, layer_only=True)
tell(worked=worked, why=why, size=[made[0].get_width(), made[0].get_height()],
     precision=made[0].get_precision() == Gimp.Precision.U16_NON_LINEAR, untouched=[image.get_width(), one.get_width()])
""")
    assert facts["worked"], facts["why"]
    assert facts["size"] == [200, 150]
    assert facts["precision"]
    assert facts["untouched"] == [100, 80]


def test_what_cannot_be_is_said_and_nothing_changes(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
before = pixels(one)
text = Gimp.TextLayer.new(image, "words", Gimp.Font.get_by_name("Sans-serif") or Gimp.fonts_get_list("")[0], 20, Gimp.Unit.pixel())
image.insert_layer(text, None, 0)
group = Gimp.GroupLayer.new(image, "group")
image.insert_layer(group, None, 0)
count = len(image.get_layers())
tell(text=call("smssr-stylize", image, [text], style="gravel")[1], group=call("smssr-stylize", image, [group], style="gravel")[1],
     unknown=call("smssr-stylize", image, [one], style="nope")[1], smaller=call("smssr-upscale", image, [one], factor=0.5)[1],
     model=call("smssr-upscale", image, [one], factor=2.0, model="nope")[1])
image.select_rectangle(Gimp.ChannelOps.REPLACE, 500, 500, 5, 5)
Gimp.Selection.none(image)
tell(count=len(image.get_layers()) == count, same=pixels(one) == before, width=image.get_width())
record = os.path.join(Gimp.directory(), "plug-ins", "smssr", "engine.json")
kept = open(record).read()
open(record, "w").write(json.dumps({"command": ["/nowhere/python"], "version": "0"}))
tell(gone=call("smssr-upscale", image, [one], factor=2.0)[1])
open(record, "w").write(json.dumps({"command": ["/bin/sh", "-c", "head -c 20 >/dev/null; echo killed >&2; exit 9"], "version": "0"}))
tell(killed=call("smssr-upscale", image, [one], factor=2.0)[1])
os.remove(record)
tell(missing=call("smssr-upscale", image, [one], factor=2.0)[1])
open(record, "w").write(kept)
tell(well=call("smssr-upscale", image, [one], factor=2.0)[0])
""")
    for key, words in (("text", "drawn from text"), ("group", "layer group"), ("unknown", "no style 'nope'"),
                       ("smaller", "choose a size above"), ("model", "no model 'nope'"), ("gone", "does not start"),
                       ("killed", "The engine stopped (killed)"), ("missing", "smssr gimp install")):
        assert words in facts[key], key
        assert "\n" not in facts[key].strip()
    assert facts["count"]
    assert facts["same"]
    assert facts["width"] == 80
    assert facts["well"]


def test_batch_through_the_pdb(gimp, astronaut):
    from PIL import Image

    folder = gimp.exchange / "pictures"
    folder.mkdir()
    Image.fromarray(astronaut[:30, :40]).save(folder / "a.png")
    (folder / "b.png").write_bytes(b"broken")
    facts = told(gimp, """
files = [Gio.File.new_for_path(f"{HERE}/{name}") for name in ("pictures", "answers")]
worked, why, counts = call("smssr-batch", input=files[0], output=files[1], factor=2.0, names="{name}-large")
tell(worked=worked, why=why, counts=counts)
""")
    assert facts["worked"], facts["why"]
    assert facts["counts"] == [1, 0, 1]
    assert np.array_equal(np.asarray(Image.open(gimp.exchange / "answers/a-large.png")), smssr.upscale(astronaut[:30, :40], 2))


def test_learning_without_its_extra_says_how_to_get_it(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
tell(why=call("smssr-learn-style", image, [one], name="mine")[1])
""")
    assert "-m pip install 'smssr[export]'" in facts["why"]


def test_a_cancelled_upscale_stops_the_engine_and_leaves_the_image(gimp):
    """GIMP's Cancel terminates the plug-in's process; so does this."""
    noise = np.random.default_rng(1).random((700, 900, 4), np.float32)
    give(gimp, "noise", noise)
    facts = told(gimp, """
import subprocess, threading, time
image = new(900, 700)
one = layer(image, "one", 900, 700, raw="noise")
before = pixels(one)
found = {}
def cancel():
    running = lambda what: subprocess.run(["pgrep", "-f", what], capture_output=True, text=True).stdout.split()
    for _ in range(200):
        time.sleep(0.05)
        if running("smssr_infer.worker"):
            break
    time.sleep(2.0)
    found["engines"] = len(running("smssr_infer.worker"))
    for pid in running("plug-ins/smssr/smssr.py"):
        os.kill(int(pid), 15)
    began = time.monotonic()
    while running("smssr_infer.worker") and time.monotonic() - began < 10:
        time.sleep(0.02)
    found["seconds"] = time.monotonic() - began
thread = threading.Thread(target=cancel)
thread.start()
worked, why, _ = call("smssr-upscale", image, [one], factor=8.0)
thread.join()
tell(worked=worked, same=pixels(one) == before, size=[image.get_width(), len(image.get_layers())], **found)
""")
    assert facts["engines"] >= 1
    assert not facts["worked"]
    assert facts["same"]
    assert facts["size"] == [900, 1]
    assert facts["seconds"] < 1


def test_no_engine_is_left_behind(gimp):
    running = subprocess.run(["pgrep", "-f", f"^{boxes.ENGINE}.*smssr_infer.worker"], capture_output=True, text=True).stdout
    assert running == ""


def test_install_status_uninstall(gimp):
    smssr_ = "/opt/engine/bin/smssr"
    plugin = gimp.path / f"root/.config/GIMP/{gimp.version}/plug-ins/smssr"
    assert "the engine answers" in gimp.run(smssr_, "gimp", "status").stdout
    (plugin / "smssr.py").chmod(0o644)
    done = gimp.run(smssr_, "gimp", "status", check=False)
    assert done.returncode == 2
    assert "run bit" in done.stdout
    assert "removed" in gimp.run(smssr_, "gimp", "uninstall").stdout
    assert not plugin.exists()
    assert "not installed" in gimp.run(smssr_, "gimp", "status").stdout
    assert "Now restart GIMP" in gimp.run(smssr_, "gimp", "install").stdout
    assert (plugin / "smssr.py").stat().st_mode & 0o111
