"""Photograph Grow to Similar step by step, for docs/gimp.md: strokes, dialog, selection, fur.

    python tests/gimp/photograph_masks.py [FOLDER]      (docs, if no other is given)
"""

from __future__ import annotations

import sys
from pathlib import Path

import sandbox as boxes
from PIL import Image
from skimage import data

INSIDE = f"PATIENCE = {boxes.PATIENCE}\n" + (Path(__file__).parent / "inside.py").read_text()

CODE = """
import subprocess, threading, time
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(HERE + "/cat.png"))
one = image.get_layers()[0]
Gimp.Display.new(image)
time.sleep(4)
def shoot(name, window="root"):
    Gimp.displays_flush()
    time.sleep(3 * PATIENCE)
    subprocess.run(f"import -window {window} {HERE}/{name}.png", shell=True)
strokes = Gimp.Channel.new(image, "strokes", image.get_width(), image.get_height(), 60.0, Gegl.Color.new("red"))
strokes.get_buffer().set_color(rect(strokes), Gegl.Color.new("#808080"))
strokes.get_buffer().flush()
image.insert_channel(strokes, None, 0)
def paint(colour, *points):
    Gimp.context_set_foreground(Gegl.Color.new(colour))
    Gimp.paintbrush_default(strokes, [float(v) for v in points])
Gimp.context_set_brush(Gimp.Brush.get_by_name("2. Hardness 100"))
Gimp.context_set_brush_size(14)
paint("white", 150, 60, 190, 130, 230, 220)
paint("white", 40, 200, 90, 260)
paint("white", 180, 20, 260, 40, 330, 130)
paint("white", 380, 30, 360, 60)
paint("black", 8, 20, 8, 90)
paint("black", 430, 20, 410, 120, 390, 280)
shoot("step1")
image.select_item(Gimp.ChannelOps.REPLACE, strokes)
image.remove_channel(strokes)
image.set_selected_layers([one])
def dialog():
    for _ in range(120):
        time.sleep(0.5)
        search = "xdotool search --onlyvisible --name '^Grow to Similar$' | tail -1"
        found = subprocess.run(search, shell=True, capture_output=True, text=True).stdout.strip()
        if found:
            break
    time.sleep(8 * PATIENCE)
    subprocess.run(f"xdotool mousemove 900 700 windowfocus {found}; sleep 1; import -window {found} {HERE}/step2.png", shell=True)
    subprocess.run(f"xdotool windowfocus {found} key Return", shell=True)
thread = threading.Thread(target=dialog)
thread.start()
print(call("smssr-grow", image, [one], run_mode=Gimp.RunMode.INTERACTIVE))
thread.join()
print("selected", not Gimp.Selection.is_empty(image))
shoot("step3")
print(call("smssr-stylize", image, [one], style="fur", strength=1.0))
Gimp.Selection.none(image)
shoot("step4")
"""


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else boxes.ROOT / "docs"
    with boxes.Sandbox("trixie") as box:
        Image.fromarray(data.chelsea()).save(box.exchange / "cat.png")
        print(box.window(INSIDE + CODE, seconds=300))
        for number in range(1, 5):
            with Image.open(box.exchange / f"step{number}.png") as picture:
                picture = picture.convert("RGB").crop((0, 0, 922, 602)) if number != 2 else picture.convert("RGB")
                picture.save(folder / f"gimp-grow-{number}.png", optimize=True)


if __name__ == "__main__":
    main()
