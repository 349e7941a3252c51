"""The plug-in in real GIMPs: a dialog that makes a selection hands it to the filter that it is made for, by a click on its button."""

import shutil
from pathlib import Path

import numpy as np
from talking import complaints, forget, give, told

CODE = """
import subprocess, threading, time

def place(title, words):
    '''Where something lies in a dialog, once it has stood still.'''
    before = None
    for _ in range(240):
        time.sleep(1)
        try:
            with open(HERE + "/places") as file:
                there = json.load(file).get(title, {}).get(words)
        except (OSError, ValueError):
            there = None
        if there and there == before:
            return there
        before = there

def click(title, words):
    where = place(title, words)
    subprocess.run(["xdotool", "mousemove", *map(str, where), "click", "1"])
    return where is not None

image = new(160, 120)
one = layer(image, "one", 160, 120, Gimp.ImageType.RGB_IMAGE, raw="dusty")
Gimp.Display.new(image)
time.sleep(3)

def work():
    tell(handed=click("Select Dust and Scratches", "Restore…"))
    tell(opened=place("Restore", "What") is not None)
    subprocess.run(["import", "-window", "root", HERE + "/handed.png"])
    tell(accepted=click("Restore", "OK"))

thread = threading.Thread(target=work)
thread.start()
worked, why, _made = call("smssr-select-specks", image, [one], run_mode=Gimp.RunMode.INTERACTIVE)
thread.join()
for _ in range(60):
    if len(image.get_layers()) > 1:
        break
    time.sleep(0.5)
tell(worked=worked, why=why, selected=not Gimp.Selection.is_empty(image), layers=[one.get_name() for one in image.get_layers()])
dump(image.get_layers()[0], "filled")
"""


def test_dust_is_selected_and_filled_by_two_clicks(gimp):
    """Select Dust's *Restore…* accepts, and Restore opens on *Fill*: its OK leaves the picture without the speck and the scratch."""
    flat = np.full((120, 160, 4), 0.4, np.float32)
    flat[..., 3] = 1
    flat[40:43, 60:63, :3] = 0.9
    flat[80, 20:120, :3] = 0.05
    give(gimp, "dusty", flat)
    shutil.copytree(Path(__file__).parent / "places", gimp.exchange / "places-of", dirs_exist_ok=True)
    for name in ("smssr-select-specks", "smssr-restore"):
        forget(gimp, name)
    facts = told(gimp, CODE, manager="openbox", PYTHONPATH="/opt/exchange/places-of")
    assert facts["handed"] and facts["opened"] and facts["selected"] and facts["accepted"], facts
    assert facts["worked"], facts["why"]
    assert len(facts["layers"]) == 2
    filled = np.fromfile(gimp.exchange / "filled", np.float32).reshape(120, 160, 4)
    assert np.abs(filled[40:43, 60:63, :3] - 0.4).max() < 0.05
    assert np.abs(filled[80, 20:120, :3] - 0.4).max() < 0.05
    assert complaints(gimp) == []
