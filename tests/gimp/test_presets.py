"""Presets, and sizes in print, in real GIMPs."""

import numpy as np
from talking import give, told
from test_keyboard import TYPING


def test_a_preset_is_kept_found_again_and_forgotten(gimp):
    """A damaged file holds none, and is kept aside; a name that ships is refused."""
    facts = told(gimp, """
import sys
begin_gtk()
from smssr_gimp.engine import EngineError
from smssr_gimp.operations import presets
path = presets._path()
if os.path.exists(path):
    os.remove(path)
ours = list(presets.shipped("smssr-restore"))
presets.keep("smssr-restore", "  My   slides ", {"what": "clean", "strength": 0.5})
presets.keep("smssr-upscale", "Poster", {"factor": 4.0})
kept = presets.own("smssr-restore")
refused = []
for name in ("", ours[0]):
    try:
        presets.keep("smssr-restore", name, {})
    except EngineError as error:
        refused.append(str(error))
presets.remove("smssr-restore", "My slides")
left = presets.own("smssr-restore"), presets.own("smssr-upscale")
with open(path, "w") as file:
    file.write("{")
damaged = presets.own("smssr-upscale")
presets.keep("smssr-upscale", "Again", {"factor": 2.0})
tell(ours=ours, kept=kept, refused=refused, left=left, damaged=damaged, again=presets.own("smssr-upscale"),
     aside=open(path + ".damaged").read())
os.remove(path)
os.remove(path + ".damaged")
""", window=True)
    assert facts["ours"] == ["Old photograph", "Phone at night", "Scan", "Web JPEG"]
    assert facts["kept"] == {"My slides": {"what": "clean", "strength": 0.5}}
    assert "any words" in facts["refused"][0] and "comes with the plug-in" in facts["refused"][1]
    assert facts["left"] == [{}, {"Poster": {"factor": 4.0}}]
    assert facts["damaged"] == {} and facts["again"] == {"Again": {"factor": 2.0}}
    assert facts["aside"] == "{"


def test_presets_of_upscale_by_keyboard(gimp, astronaut):
    """A print at 300 dpi of an image with 72 is as large on paper; what was typed is kept under a name, and there again the next time."""
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2)[:60, :80])
    facts = told(gimp, TYPING + """
from gi.repository import Gimp
path = os.path.join(Gimp.directory(), "plug-in-settings", "smssr-presets.json")
if os.path.exists(path):
    os.remove(path)

def fresh():
    image = new(80, 60)
    image.set_resolution(72, 72)
    one = layer(image, "one", 80, 60, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
    return image, one

def upscaled(*keys):
    image, one = fresh()
    thread = dialog("Upscale", *keys)
    worked, why, _ = call("smssr-upscale", image, [one], run_mode=Gimp.RunMode.INTERACTIVE)
    thread.join()
    return [worked, why, image.get_width(), image.get_height(), list(image.get_resolution())[1:]]

first, one = fresh()
Gimp.Display.new(first)
time.sleep(3)
tell(printed=upscaled("alt+p", "space", "End", "Return", "alt+o"))
tell(kept=upscaled("alt+f", "ctrl+a", "3", "Tab", "alt+p", "Tab", "space", "s", "l", "i", "d", "e", "Return", "alt+o"))
with open(path) as file:
    tell(file=json.load(file))
tell(again=upscaled("alt+f", "ctrl+a", "2", "Tab", "alt+p", "space", "End", "Return", "alt+o"))
os.remove(path)
""", manager="openbox")
    assert facts["printed"] == [True, None, 333, 250, [300, 300]]
    assert facts["kept"][2:] == [240, 180, [72, 72]]
    assert facts["file"]["smssr-upscale"]["slide"]["factor"] == 3
    assert facts["again"][2:] == [240, 180, [72, 72]]
