"""How long a preview takes after a change of a setting, in each GIMP, engine and picture being there: the median of seven, at 900 × 600.

First what is to be seen, right of the divider, then all.

    python tests/gimp/timing.py
"""

from __future__ import annotations

import sandbox as boxes
from PIL import Image
from skimage import data
from talking import told

CODE = """
import time
begin_gtk()
from smssr_gimp.engine import Engine
from smssr_gimp.previews.stylize_preview import StylizePreview
from smssr_gimp.operations.styling import Wish
from smssr_gimp.previews.upscale_preview import UpscalePreview
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(HERE + "/astronaut.png"))
image.scale(1024, 1024)
one = image.get_layers()[0]

def shown(preview):
    # until what is right of the divider is there, and until all is
    began, preview.after, preview.complete = time.monotonic(), None, False
    while preview.after is None and time.monotonic() - began < 60:
        GLib.MainContext.default().iteration(True)
    first = time.monotonic() - began
    while not preview.complete and time.monotonic() - began < 60:
        GLib.MainContext.default().iteration(True)
    return first, time.monotonic() - began

def median(preview, change):
    preview.room = 900, 600
    preview.refresh()
    shown(preview)
    times = []
    for i in range(7):
        change(i)
        preview.refresh()
        times.append(shown(preview))
    preview.close()
    return [round(1000 * sorted(which)[3]) for which in zip(*times)]

style, scale = ["gravel", 0.7, 3, False], [2560, 2560, {"kind": "auto"}]
with Engine() as engine:
    tell(stylize=median(StylizePreview(engine, image, one, lambda: Wish(*style)), lambda i: style.__setitem__(2, 10 + i)))
with Engine() as engine:
    preview = UpscalePreview(engine, image, one, lambda: tuple(scale))
    tell(upscale=median(preview, lambda i: scale.__setitem__(slice(0, 2), [2048 + 256 * i] * 2)))
"""


def main() -> None:
    for release, version in boxes.RELEASES.items():
        with boxes.Sandbox(release) as box:
            Image.fromarray(data.astronaut()).save(box.exchange / "astronaut.png")
            times = told(box, CODE, window=True)
            print(f"GIMP {version}: " + ", ".join(f"{name} {first} ms, all {last} ms" for name, (first, last) in times.items()))


if __name__ == "__main__":
    main()
