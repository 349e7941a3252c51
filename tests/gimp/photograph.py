"""Photograph the dialogs, and the layers that Stylize makes, for docs/gimp.md; and, to be looked at, each on a small screen (1280 × 800)
and Upscale's after its engine was killed. Learn's dialog needs PyTorch in the engine's environment and is left out.

    python tests/gimp/photograph.py [FOLDER]      (docs, if no other is given)
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import sandbox as boxes
from PIL import Image, ImageDraw
from skimage import data

INSIDE = f"PATIENCE = {boxes.PATIENCE}\n" + (Path(__file__).parent / "inside.py").read_text()

CODE = """
TITLES = {}  # what windows are called, where they are not called so
import subprocess, threading, time
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(HERE + "/cat.png"))
one = image.get_layers()[0]
Gimp.Display.new(image)
time.sleep(3)

def photograph(name, title, procedure, then=None, **settings):
    title = TITLES.get(title, title)
    def shoot():
        search = f"xdotool search --onlyvisible --name '^{title}$' | tail -1"
        time.sleep(2)  # the dialog before this one may still be closing
        for _ in range(120):
            time.sleep(0.5)
            found = subprocess.run(search, shell=True, capture_output=True, text=True).stdout.strip()
            if found:
                break
        time.sleep(4 * PATIENCE)  # for the preview, and how long it will take
        if then:
            subprocess.run(then, shell=True)
            time.sleep(3 * PATIENCE)
        print("window", name, found, flush=True)
        subprocess.run(f"xdotool mousemove 900 700 windowfocus {found}; sleep 1", shell=True)
        subprocess.run(f"import -window root {HERE}/{name}-screen.png; import -window {found} {HERE}/{name}.png", shell=True)
        for _ in range(20):  # on a busy machine a key may get lost, and the next dialog would wait for this one for ever
            subprocess.run(f"xdotool windowfocus {found} key Escape", shell=True)
            time.sleep(1)
            if found not in subprocess.run(search, shell=True, capture_output=True, text=True).stdout.split():
                break
    thread = threading.Thread(target=shoot)
    thread.start()
    if procedure == "smssr-batch":
        print(call(procedure, run_mode=Gimp.RunMode.INTERACTIVE, **settings))
    else:
        print(call(procedure, image, [one], run_mode=Gimp.RunMode.INTERACTIVE, **settings))
    thread.join()

photograph("upscale", "Upscale", "smssr-upscale", factor=4.0)
# the engine of this GIMP alone: other sandboxes' are seen in here, too
photograph("broken", "Upscale", "smssr-upscale", then=f"pkill -9 -f smssr_infer.engin[e] -P $(pgrep -d, -P {os.getppid()})", factor=2.0)
photograph("batch", "Batch Upscale", "smssr-batch", input=Gio.File.new_for_path(HERE + "/pictures"),
           output=Gio.File.new_for_path(HERE + "/answers"))
cat, clean = image, one
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(HERE + "/dusty.png"))
one = image.get_layers()[0]
photograph("dust", "Select Dust and Scratches", "smssr-select-specks")
image, one = cat, clean
image.select_ellipse(Gimp.ChannelOps.REPLACE, 60, 60, 300, 220)
Gimp.Selection.feather(image, 30)
photograph("restore", "Restore", "smssr-restore", what="clean")
photograph("repaint", "Repaint", "smssr-repaint", style="starry-night")
photograph("stylize", "Stylize", "smssr-stylize", style="fur", strength=1.0)
print(call("smssr-stylize", image, [one], style="fur", strength=1.0))
Gimp.Selection.none(image)
image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 451, 90)
Gimp.Selection.feather(image, 40)
print(call("smssr-stylize", image, [one], style="bark", strength=0.8))
Gimp.Selection.none(image)
Gimp.displays_flush()
time.sleep(4)
subprocess.run(f"import -window root {HERE}/layers.png", shell=True)
"""


def dusty() -> Image.Image:
    """The cat with a hair, a scratch and some dust."""
    picture = Image.fromarray(data.chelsea())
    draw = ImageDraw.Draw(picture)
    draw.line([(300, 0), (306, 150), (303, 299)], fill=(235, 230, 220), width=2)
    draw.arc((60, 40, 180, 140), 20, 160, fill=(30, 25, 20), width=2)
    for x, y in ((40, 250), (120, 20), (210, 270), (340, 60), (400, 200), (420, 30), (20, 120)):
        draw.ellipse((x, y, x + 3, y + 4), fill=(240, 240, 235))
    return picture


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else boxes.ROOT / "docs"
    with boxes.Sandbox("trixie") as box:
        Image.fromarray(data.chelsea()).save(box.exchange / "cat.png")
        dusty().save(box.exchange / "dusty.png")
        (box.exchange / "pictures").mkdir(exist_ok=True)
        for name in ("cat", "dusty"):
            shutil.copy(box.exchange / f"{name}.png", box.exchange / "pictures")
        shutil.rmtree(box.path / f"root/.config/GIMP/{box.version}/plug-in-settings", ignore_errors=True)  # what tests have left
        print(box.window(INSIDE + CODE, seconds=240))
        for name in ("upscale", "batch", "dust", "restore", "repaint", "stylize", "layers"):
            with Image.open(box.exchange / f"{name}.png") as picture:
                picture = picture.crop((0, 0, 922, 602)) if name == "layers" else picture
                picture.convert("RGB").save(folder / f"gimp-{name}.png", optimize=True)
        for path in [*box.exchange.glob("*-screen.png"), box.exchange / "broken.png"]:
            print(path)


if __name__ == "__main__":
    main()
