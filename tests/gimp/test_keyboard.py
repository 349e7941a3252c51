"""The dialogs by keyboard alone, under window managers: what is typed goes where it should, while the preview is computed."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from talking import forget, give, told

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
small = new(100, 80)
other = layer(small, "other", 100, 80)
thread = dialog("Upscale", "Return")
again, why2, _ = call("smssr-upscale", small, [other], run_mode=Gimp.RunMode.INTERACTIVE)
thread.join()
tell(again=again, why2=why2, other=[small.get_width(), small.get_height()])
""", manager=manager)
    assert facts["active"] is True
    assert facts["worked"], facts["why"]
    assert facts["size"] == [900, 900]
    assert facts["again"], facts["why2"]
    assert facts["other"] == [176, 141]  # the factor of last time, not its width


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


@pytest.mark.parametrize("manager", ["openbox", "dbus-launch metacity"])
def test_restore_by_keyboard(gimp, astronaut, manager):
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, TYPING + """
image = new(512, 512)
one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
Gimp.Display.new(image)
time.sleep(3)
thread = dialog("Restore", "alt+t", "ctrl+a", "0", "period", "5", "Tab", "alt+n", "ctrl+a", "0", "Tab", "alt+o")
worked, why, made = call("smssr-restore", image, [one], run_mode=Gimp.RunMode.INTERACTIVE)
thread.join()
tell(worked=worked, why=why, opacity=made[0].get_opacity() if worked else None, layers=len(image.get_layers()))
""", manager=manager)
    assert facts["active"] is True
    assert facts["worked"], facts["why"]
    assert facts["opacity"] == pytest.approx(50, abs=0.5)
    assert facts["layers"] == 2


def test_a_style_is_searched_and_remembered(gimp, astronaut):
    """The grid of styles by keyboard: the first that fits what is typed is taken, and comes first the next time."""
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, TYPING + """
image = new(512, 512)
one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
Gimp.Display.new(image)
time.sleep(3)
thread = dialog("Stylize", "alt+y", "b", "r", "i", "c", "k", "Return", "alt+o")
worked, why, made = call("smssr-stylize", image, [one], run_mode=Gimp.RunMode.INTERACTIVE, style="gravel")
thread.join()
recent = Gimp.get_parasite("smssr-recent-styles")
tell(worked=worked, why=why, name=made[0].get_name() if worked else None, recent=bytes(recent.get_data()).decode() if recent else None)
""", manager="openbox")
    assert facts["worked"], facts["why"]
    assert facts["name"].startswith("brick · ")
    assert facts["recent"].rstrip("\0").split()[0] == "brick"


def test_a_material_by_keyboard(gimp, astronaut):
    """A name, in which the dialog begins; one that is taken is refused at once; Return is OK, and the new style comes first."""
    forget(gimp, "smssr-material")
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, TYPING + """
image = new(512, 512)
one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 150, 200, 220, 260)
Gimp.Display.new(image)
time.sleep(3)
call("smssr-own-styles", action="remove", style="suits")
call("smssr-material", image, [one], title="suit", replace=True)
thread = dialog("Material from Selection", *"suit", "Return", "s", "Return")
worked, why, _ = call("smssr-material", image, [one], run_mode=Gimp.RunMode.INTERACTIVE)
thread.join()
recent = bytes(Gimp.get_parasite("smssr-recent-styles").get_data()).decode().split()
gone = [call("smssr-own-styles", action="remove", style=name)[0] for name in ("suit", "suits")]
tell(worked=worked, why=why, recent=recent[0], gone=gone)
""", manager="openbox")
    assert facts["active"] is True
    assert facts["worked"], facts["why"]
    assert facts["recent"] == "suits"
    assert facts["gone"] == [True, True]


def test_batch_and_learning_by_keyboard(gimp, astronaut):
    forget(gimp, "smssr-batch")
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    facts = told(gimp, TYPING + """
image = new(512, 512)
one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
Gimp.Display.new(image)
time.sleep(3)
out = Gio.File.new_for_path(HERE + "/by-keyboard")
thread = dialog("Batch Upscale", "alt+a", "ctrl+a", "1", "period", "5", "Tab", "alt+n", "Home", "h", "i", "Tab", "alt+o")
results = dialog("Batch Upscale: Results", "Escape")
worked, why, counts = call("smssr-batch", run_mode=Gimp.RunMode.INTERACTIVE, open_images=True, output=out, format="png", size="factor",
                           names="{name}-x{scale}")
thread.join()
results.join()
tell(worked=worked, why=why, counts=counts, there=os.listdir(HERE + "/by-keyboard") if worked else None)
thread = dialog("Learn a Style", "alt+c", "alt+c", "alt+c", "Escape")
worked, why, _ = call("smssr-learn-style", image, [one], run_mode=Gimp.RunMode.INTERACTIVE, name="mine")
thread.join()
tell(learnt=worked, told=why)
""", manager="openbox")
    assert facts["worked"], facts["why"]
    assert facts["counts"] == [1, 0, 0]
    assert facts["there"][0].startswith("hi") and facts["there"][0].endswith("-x1.5.png")
    assert facts["told"] == "cancelled" and facts["active"] is True


def test_undo_while_it_works_leaves_the_image_as_undo_made_it(gimp, astronaut):
    """An earlier step, undone while Upscale computes: the answer does not fit any more, and is not put in."""
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    shutil.copytree(Path(__file__).parent / "moments", gimp.exchange / "moments", dirs_exist_ok=True)
    facts = told(gimp, TYPING + """
image = new(512, 512)
one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
Gimp.Display.new(image)
time.sleep(3)
image.crop(480, 400, 16, 32)
Gimp.displays_flush()

with open(HERE + "/moment", "w") as file:
    json.dump([100, "undo", 0, 0], file)
worked, why, _ = call("smssr-upscale", image, [one], factor=2.0)
os.remove(HERE + "/moment")
with open(HERE + "/happened") as file:
    tell(happened=json.load(file))
tell(worked=worked, why=why, size=[image.get_width(), image.get_height()], layer=[one.get_width(), one.get_height()])
""", manager="openbox", PYTHONPATH="/opt/exchange/moments")
    assert facts["happened"]["seen"]
    assert not facts["worked"]
    assert "changed meanwhile" in facts["why"]
    assert facts["size"] == facts["layer"] == [512, 512]
