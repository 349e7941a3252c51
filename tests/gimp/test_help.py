"""Help in real GIMPs that have no browser: its words are shown, and its address is copied."""

import numpy as np
from talking import complaints, give, told

CODE = """
import subprocess, threading, time
image = new(512, 512)
one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
Gimp.Display.new(image)
time.sleep(3)

def window(title):
    for _ in range(240):
        time.sleep(0.5)
        search = ["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"]
        found = subprocess.run(search, capture_output=True, text=True).stdout.split()
        if found:
            time.sleep(3)
            return found[-1]

def keys(*names):
    subprocess.run(["xdotool", "key", "--clearmodifiers", *names])
    time.sleep(1)

CLIPBOARD = '''
import gi
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk
print(Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).wait_for_text())
'''

def work():
    window("Grow to Similar")
    keys("alt+h")
    tell(shown=window("Help") is not None)
    subprocess.run(["import", "-window", "root", HERE + "/help.png"])
    tell(copied=subprocess.run(["python3", "-c", CLIPBOARD], capture_output=True, text=True).stdout.strip())
    keys("Escape")
    keys("Escape")

thread = threading.Thread(target=work)
thread.start()
worked, why, _ = call("smssr-grow", image, [one], run_mode=Gimp.RunMode.INTERACTIVE)
thread.join()
tell(worked=worked, why=why)

def again():
    window("Set Up Super-Resolution")
    keys("F1")
    tell(by_key=window("Help") is not None)
    keys("Escape")
    keys("Escape")

thread = threading.Thread(target=again)
thread.start()
there, _why, _ = call("smssr-set-up", run_mode=Gimp.RunMode.INTERACTIVE)
thread.join()
tell(there=there)
"""


SIDE_BY_SIDE = CODE.partition("def work():")[0] + """
def work():
    window("Upscale")
    keys("alt+i")
    window("Side by Side")
    keys("F1")
    tell(shown=window("Help") is not None)
    subprocess.run(["import", "-window", "root", HERE + "/side-by-side.png"])
    tell(copied=subprocess.run(["python3", "-c", CLIPBOARD], capture_output=True, text=True).stdout.strip())
    while not closed.is_set():  # Help, Side by Side, and the dialog: a busy machine may lose a key
        keys("Escape")

closed = threading.Event()
thread = threading.Thread(target=work)
thread.start()
_worked, why, _ = call("smssr-upscale", image, [one], run_mode=Gimp.RunMode.INTERACTIVE)
closed.set()
thread.join()
tell(why=why)
"""


def test_side_by_side_has_its_help(gimp, astronaut):
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, SIDE_BY_SIDE, manager="openbox")
    assert facts["shown"]
    assert facts["copied"].endswith("/help/index.html#preview")
    assert facts["why"] == "cancelled"
    assert complaints(gimp) == []


def test_help_without_a_browser_is_words_and_an_address(gimp, astronaut):
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, CODE, manager="openbox")
    assert facts["shown"]
    assert facts["copied"].startswith("file:///")
    assert facts["copied"].endswith("/help/index.html#smssr-grow")
    assert facts["why"] == "cancelled"
    assert facts["by_key"]
    assert facts["there"]  # a plug-in that a terminal has installed came without packages.json, and *Set Up* with an internal error
    assert complaints(gimp) == []
