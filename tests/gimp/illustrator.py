"""An illustrator's job by mouse and keyboard, timed and photographed.

Enlarge, mask the cat by strokes, fur, canvas, change both, save, reopen, change again:

    python tests/gimp/illustrator.py [RELEASE [FOLDER]]

RELEASE: of Debian, trixie if no other is given; the pictures go to FOLDER, or to the temporary one.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import sandbox as boxes
from PIL import Image
from skimage import data

INSIDE = (Path(__file__).parent / "inside.py").read_text()

CODE = """
import subprocess, threading, time
begin_gtk()
from smssr_gimp.image.drawn_strokes import kept
from smssr_gimp.image.parasites import style_of

began = time.monotonic()
steps = []
SETTLING = 2  # seconds in which one looks at a dialog that has opened

def xdotool(*words):
    return subprocess.run(["xdotool", *map(str, words)], capture_output=True, text=True).stdout.strip()

def keys(*names):
    for name in names:
        xdotool("key", "--clearmodifiers", name)
        time.sleep(0.2)

def window(title):
    for _ in range(240):
        time.sleep(0.25)
        found = xdotool("search", "--onlyvisible", "--name", f"^{title}$").split()
        if found:
            time.sleep(SETTLING)
            words = xdotool("getwindowgeometry", "--shell", found[-1]).split()
            return {key: int(value) for key, value in (word.split("=") for word in words)}

def shoot(name):
    subprocess.run(f"import -window root {HERE}/job-{len(steps)}-{name}.png", shell=True)

def drag(button, places):
    xdotool("mousemove", *places[0])
    xdotool("mousedown", button)
    for place in places[1:]:
        xdotool("mousemove", *place)
        time.sleep(0.03)
    xdotool("mouseup", button)
    time.sleep(0.2)

def step(name, procedure, image, layers, *hands, **settings):
    '''A dialog, or one that opens another: each of `hands` is (title, what the hand does there).'''
    start = time.monotonic()
    moments = [start]  # when each dialog was there, and the hand was through with it, by turns; then when all was done
    def work():
        for title, does in hands:
            where = window(title)
            moments.append(time.monotonic() - SETTLING)
            does(where)
            moments.append(time.monotonic())
    thread = threading.Thread(target=work)
    thread.start()
    answer = call(procedure, image, layers, run_mode=Gimp.RunMode.INTERACTIVE, **settings)
    thread.join()
    Gimp.displays_flush()
    moments.append(time.monotonic())
    parts = [round(end - begin, 1) for begin, end in zip(moments, moments[1:])]
    steps.append([name, round(moments[-1] - start, 1), parts, answer[0], answer[1]])
    print(steps[-1], flush=True)

def typed(*names, name=None):
    def does(where):
        keys(*names[:-1])
        time.sleep(2)
        shoot(name or names[0])
        keys(names[-1])
    return does

image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(HERE + "/cat.png"))
one = image.get_layers()[0]
Gimp.Display.new(image)
time.sleep(3)
began = time.monotonic()
step("enlarge", "smssr-upscale", image, [one], ("Upscale", typed("alt+f", "ctrl+a", "2", "Tab", "alt+o", name="upscale")))

# the hand sees where the picture lies in the preview; here one stroke tells
ends = []
def calibrate(where):
    ends.extend((where["X"] + int(a * where["WIDTH"]), where["Y"] + int(b * where["HEIGHT"])) for a, b in ((0.6, 0.3), (0.8, 0.4)))
    drag(1, ends)
    keys("alt+o")
paused = time.monotonic()
answer = []
thread = threading.Thread(target=lambda: calibrate(window("Grow to Similar")))
thread.start()
call("smssr-grow", image, [one], run_mode=Gimp.RunMode.INTERACTIVE)
thread.join()
(x0, y0), (x1, y1) = kept(one)[0].points[0], kept(one)[0].points[-1]
one.detach_parasite("smssr-strokes")
Gimp.Selection.none(image)
across, down = (ends[1][0] - ends[0][0]) / (x1 - x0), (ends[1][1] - ends[0][1]) / (y1 - y0)
began += time.monotonic() - paused

def strokes(where):
    for button, *points in ((1, 150, 60, 190, 130, 230, 220), (1, 40, 200, 90, 260), (1, 180, 20, 260, 40, 330, 130),
                            (1, 380, 30, 360, 60), (3, 8, 20, 8, 90), (3, 430, 20, 410, 120, 390, 280)):
        places = [(2 * x, 2 * y) for x, y in zip(points[::2], points[1::2])]
        drag(button, [(round(ends[0][0] + across * (x - x0)), round(ends[0][1] + down * (y - y0))) for x, y in places])
    time.sleep(1)
    shoot("grow")
    keys("alt+y")

step("mask, fur", "smssr-grow", image, [one], ("Grow to Similar", strokes),
     ("Stylize", typed("alt+y", *"fur", "Return", "alt+t", "ctrl+a", "1", "Tab", "alt+o", name="fur")))
Gimp.Selection.none(image)
step("canvas", "smssr-stylize", image, [one], ("Stylize", typed("alt+y", *"canvas", "Return", "alt+t", "ctrl+a", "0", "period", "4", "Tab",
                                                                 "alt+o", name="canvas")))

def styled(image, name):
    groups = [layer for layer in image.get_layers() if layer.is_group()]
    return next(layer for group in groups for layer in group.get_children() if style_of(layer).style == name)

def change(image, name, *digits):
    layer = styled(image, name)
    image.set_selected_layers([layer])
    step(f"change {name}", "smssr-stylize", image, [layer], ("Stylize", typed("alt+t", "ctrl+a", *digits, "Tab", "alt+o", name=name)))

change(image, "fur", "0", "period", "7")
change(image, "canvas", "0", "period", "6")
path = Gio.File.new_for_path(HERE + "/job.xcf")
start = time.monotonic()
Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, path, None)
again = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, path)
Gimp.Display.new(again)
steps.append(["save and reopen", round(time.monotonic() - start, 1)])
print(steps[-1], flush=True)
change(again, "fur", "0", "period", "9")
Gimp.displays_flush()
time.sleep(2)
shoot("end")
print("strengths", [round(styled(again, name).get_opacity()) for name in ("fur", "canvas")])
print("seconds", round(time.monotonic() - began), flush=True)
"""


def main() -> None:
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.gettempdir())
    with boxes.Sandbox(sys.argv[1] if len(sys.argv) > 1 else "trixie") as box:
        Image.fromarray(data.chelsea()).save(box.exchange / "cat.png")
        print(box.window(INSIDE + CODE, seconds=900, manager="openbox"))
        for path in sorted(box.exchange.glob("job-*.png")):
            shutil.copy(path, folder)
            print(folder / path.name)


if __name__ == "__main__":
    main()
