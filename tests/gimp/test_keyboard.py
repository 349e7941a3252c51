"""The dialogs by keyboard alone, under window managers: what is typed goes where it should, while the preview is computed."""

import numpy as np
import pytest
from talking import give, told

TYPING = """
import subprocess, threading, time

def keys(*names):
    for name in names:
        subprocess.run(["xdotool", "key", "--clearmodifiers", name])
        time.sleep(0.25)  # time for the preview to be asked and answered in between

def dialog(title, *typed):
    def work():
        for _ in range(240):
            time.sleep(0.5)
            search = ["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"]
            found = subprocess.run(search, capture_output=True, text=True).stdout.split()
            if found:
                break
        time.sleep(3)
        active = subprocess.run(["xdotool", "getactivewindow"], capture_output=True, text=True).stdout.split()
        tell(active=active == found[-1:] or [active, found])
        keys(*typed)
    thread = threading.Thread(target=work)
    thread.start()
    return thread
"""


@pytest.mark.parametrize("manager", ["openbox", "dbus-launch metacity"])
def test_upscale_by_keyboard(gimp, astronaut, manager):
    """Factor, then a width: the last one typed wins; Return is OK."""
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, TYPING + """
image = new(512, 512)
one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
Gimp.Display.new(image)
time.sleep(3)
thread = dialog("Upscale", "alt+f", "ctrl+a", "3", "Tab", "alt+w", "ctrl+a", "9", "0", "0", "Return")
worked, why, _ = call("smssr-upscale", image, [one], run_mode=Gimp.RunMode.INTERACTIVE)
thread.join()
tell(worked=worked, why=why, size=[image.get_width(), image.get_height()])
""", manager=manager)
    assert facts["active"] is True
    assert facts["worked"], facts["why"]
    assert facts["size"] == [900, 900]


@pytest.mark.parametrize("manager", ["openbox", "dbus-launch metacity"])
def test_stylize_by_keyboard(gimp, astronaut, manager):
    """A strength and a seed, with the preview between them; the keys that move the preview do not reach the image."""
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, TYPING + """
image = new(512, 512)
one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
Gimp.Display.new(image)
time.sleep(3)
thread = dialog("Stylize", "alt+t", "ctrl+a", "0", "period", "5", "Tab", "alt+e", "ctrl+a", "4", "2", "Tab", "alt+o")
worked, why, made = call("smssr-stylize", image, [one], run_mode=Gimp.RunMode.INTERACTIVE, style="gravel")
thread.join()
tell(worked=worked, why=why, opacity=made[0].get_opacity() if worked else None, layers=len(image.get_layers()))
""", manager=manager)
    assert facts["active"] is True
    assert facts["worked"], facts["why"]
    assert facts["opacity"] == pytest.approx(50, abs=0.5)
    assert facts["layers"] == 2
