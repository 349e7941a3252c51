"""Photograph Set Up in a GIMP that has the zip and nothing else: docs/gimp-set-up.png.

    python tests/gimp/photograph_set_up.py [FOLDER]      (docs, if no other is given; `make dist` first)
"""

import sys
from pathlib import Path

import sandbox as boxes
from bare import Bare
from PIL import Image
from skimage import data
from talking import INSIDE

CODE = """
import subprocess, threading, time
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path("/opt/exchange/cat.png"))
Gimp.Display.new(image)
def shoot():
    search = ["xdotool", "search", "--onlyvisible", "--name", "^Set Up Super-Resolution"]
    while not (found := subprocess.run(search, capture_output=True, text=True).stdout.split()):
        time.sleep(0.25)
    time.sleep(10 * PATIENCE)  # it looks for Python first
    subprocess.run(["import", "-frame", "-window", found[-1], "/opt/exchange/set-up.png"])
    subprocess.run(["xdotool", "key", "Escape"])
thread = threading.Thread(target=shoot)
thread.start()
procedure = pdb.lookup_procedure("smssr-upscale")
config = procedure.create_config()
config.set_property("run-mode", Gimp.RunMode.INTERACTIVE)
config.set_property("image", image)
config.set_core_object_array("drawables", image.get_layers()[:1])
procedure.run(config)
thread.join()
"""


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else boxes.ROOT / "docs"
    with Bare("trixie") as box:
        Image.fromarray(data.chelsea()).save(box.exchange / "cat.png")
        print(box.window(f"PATIENCE = {boxes.PATIENCE}\n{INSIDE}{CODE}", seconds=180, screen="900x620x24", manager="openbox"))
        with Image.open(box.exchange / "set-up.png") as picture:
            picture.convert("RGB").save(folder / "gimp-set-up.png", optimize=True)


if __name__ == "__main__":
    main()
