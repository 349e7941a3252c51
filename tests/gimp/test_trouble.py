"""The plug-in in real GIMPs: what cannot be, engines that go away, full disks, cancel."""

import os
import subprocess

import numpy as np
import sandbox as boxes
from talking import INSIDE, give, told


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


def test_learning_without_its_extra_says_how_to_get_it(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
tell(why=call("smssr-learn-style", image, [one], name="mine")[1])
""")
    assert "-m pip install torch onnx" in facts["why"]


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
def children(parent, what):
    return subprocess.run(["pgrep", "-P", str(parent), "-f", what], capture_output=True, text=True).stdout.split()
def alive(pid):
    try:
        return bool(open(f"/proc/{pid}/cmdline").read())
    except OSError:
        return False
def cancel():
    engines = []
    for _ in range(200):
        time.sleep(0.05)
        plugins = children(os.getppid(), "plug-ins/smssr/smssr.py")  # this GIMP's, and no other's
        engines = [pid for plugin in plugins for pid in children(plugin, "smssr_infer.engine")]
        if engines:
            break
    time.sleep(2.0)
    found["engines"] = sum(map(alive, engines))
    for pid in plugins:
        os.kill(int(pid), 15)
    for _ in range(1500):
        if not any(map(alive, engines)):
            break
        time.sleep(0.02)
    found["left"] = sum(map(alive, engines))
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
    assert facts["left"] == 0


def test_an_engine_killed_under_a_dialog_is_said_there_and_the_dialog_still_closes(gimp, picture):
    give(gimp, "picture", picture)
    facts = told(gimp, """
import time
begin_gtk()
from smssr_gimp.engine import Engine, EngineError
from smssr_gimp.previews.upscale_preview import UpscalePreview
image = new(80, 60)
one = layer(image, "one", 80, 60, Gimp.ImageType.RGB_IMAGE, raw="picture")
said = []
with Engine() as engine:
    preview = UpscalePreview(engine, image, one, lambda: (160, 120, {}))
    preview.told = said.append
    engine._child.kill()
    for _ in range(100):
        GLib.MainContext.default().iteration(False)
        time.sleep(0.01)
    preview.refresh()
    for _ in range(20):
        GLib.MainContext.default().iteration(False)
        time.sleep(0.01)
    preview.close()
    try:
        engine.hello()
    except EngineError as error:
        said.append(str(error))
tell(said=[words for words in said if words])
""", window=True)
    assert len(facts["said"]) >= 2
    assert all("The engine stopped" in words for words in facts["said"])


def test_damaged_weights_are_said_and_nothing_changes(gimp, picture):
    give(gimp, "picture", picture)
    weights, = (gimp.path / "opt/engine/lib").glob("python*/site-packages/smssr_infer/weights/smssr-x2.onnx")
    kept = weights.read_bytes()
    try:
        weights.write_bytes(kept[:1000] + b"damaged" + kept[1007:])
        facts = told(gimp, """
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
before = pixels(one)
worked, why, _ = call("smssr-upscale", image, [one], factor=2.0)
tell(worked=worked, why=why, same=pixels(one) == before, other=call("smssr-stylize", image, [one], style="gravel")[0])
""")
    finally:
        weights.write_bytes(kept)
    assert not facts["worked"]
    assert "smssr-x2" in facts["why"]
    assert "damaged" in facts["why"]
    assert facts["same"]
    assert facts["other"]


def test_a_full_disk_in_a_batch_is_listed_and_leaves_no_half_file(gimp, astronaut):
    from PIL import Image

    folder, small = gimp.exchange / "many", gimp.exchange / "small-disk"
    folder.mkdir()
    small.mkdir()
    Image.fromarray(astronaut[:20, :20]).save(folder / "a.png")
    Image.fromarray(astronaut).save(folder / "b.png")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", small], check=True)
    try:
        facts = told(gimp, """
files = [Gio.File.new_for_path(f"{HERE}/{name}") for name in ("many", "small-disk")]
worked, why, counts = call("smssr-batch", run_mode=Gimp.RunMode.NONINTERACTIVE, input=files[0], output=files[1], factor=2.0)
tell(worked=worked, why=why, counts=counts, there=os.listdir(HERE + "/small-disk"))
""")
    finally:
        subprocess.run(["umount", small], check=True)
    assert facts["worked"], facts["why"]
    assert facts["counts"] == [1, 0, 1]
    assert facts["there"] == ["a-x2.png"]


def test_two_gimps_at_once(gimp, picture):
    """Each has an engine of its own."""
    give(gimp, "picture", picture)
    code = """
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
worked = [call("smssr-upscale", image, [one], factor=2.0)[0], call("smssr-stylize", image, [one], style="gravel")[0]]
tell(worked=worked, pixels=hash(bytes(pixels(one, "R'G'B'A u8"))) % 1000003)
"""
    (gimp.exchange / "two.py").write_text(INSIDE + code)
    command = ("PYTHONHASHSEED=0 gimp-console -id --batch-interpreter=python-fu-eval "
               "-b \"exec(open('/opt/exchange/two.py').read())\" --quit 2>&1")
    done = gimp.run("bash", "-c", f"({command}) >/opt/exchange/log-a & ({command}) >/opt/exchange/log-b; wait").returncode
    assert done == 0
    answers = [[line for line in (gimp.exchange / name).read_text().splitlines() if line.startswith("TELL")] for name in ("log-a", "log-b")]
    assert answers[0] == answers[1]
    assert '"worked": [true, true]' in answers[0][0]


def test_no_engine_is_left_behind(gimp):
    running = subprocess.run(["pgrep", "-f", f"^{boxes.ENGINE}.*smssr_infer.engine"], capture_output=True, text=True).stdout.split()
    assert [pid for pid in running if os.path.realpath(f"/proc/{pid}/root") == os.path.realpath(gimp.path)] == []


def test_install_status_uninstall(gimp):
    smssr_ = "/opt/engine/bin/smssr"
    plugin = gimp.path / f"root/.config/GIMP/{gimp.version}/plug-ins/smssr"
    assert "the engine answers" in gimp.run(smssr_, "gimp", "status").stdout
    (plugin / "smssr.py").chmod(0o644)
    done = gimp.run(smssr_, "gimp", "status", check=False)
    assert done.returncode == 2
    assert "not executable" in done.stdout
    assert "removed" in gimp.run(smssr_, "gimp", "uninstall").stdout
    assert not plugin.exists()
    assert "not installed" in gimp.run(smssr_, "gimp", "status").stdout
    assert "Now restart GIMP" in gimp.run(smssr_, "gimp", "install").stdout
    assert (plugin / "smssr.py").stat().st_mode & 0o111


def test_an_indexed_image_is_told_why_not(gimp, picture):
    """The entries are there, and say what to do, instead of being grey without a word."""
    give(gimp, "picture", picture)
    facts = told(gimp, """
image = new(80, 60)
one = layer(image, "one", 80, 60, raw="picture")
image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 16, False, False, "")
tell(**{name: call(f"smssr-{name}", image, [one])[1] for name in ("upscale", "stylize", "learn-style")})
""")
    for why in facts.values():
        assert "indexed colours" in why
        assert "Image ▸ Mode ▸ RGB" in why
