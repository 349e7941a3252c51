"""Every control of every dialog by the keyboard alone, on a screen of 1280 × 800, in real GIMPs."""

import json
import shutil
from pathlib import Path

import numpy as np
from talking import give, told

PROCEDURES = {"upscale": "Upscale", "restore": "Restore", "stylize": "Stylize", "repaint": "Repaint", "grow": "Grow to Similar",
              "select-specks": "Select Dust and Scratches", "batch": "Batch Upscale", "material": "Material from Selection",
              "painting": "Painting from Selection", "own-styles": "My Styles", "learn-style": "Learn a Style",
              "set-up": "Set Up Super-Resolution"}
"""The procedures and their dialogs' titles."""

CODE = """
import time
image = new(512, 512)
one = layer(image, "one", 512, 512, Gimp.ImageType.RGB_IMAGE, raw="astronaut")
Gimp.Display.new(image)
time.sleep(3)
for name in NAMES:
    of_an_image = name not in ("batch", "own-styles", "set-up")
    call(f"smssr-{name}", *([image, [one]] if of_an_image else []), run_mode=Gimp.RunMode.INTERACTIVE)
tell(done=True)
"""

SCREEN = 1280, 800
FRAME = 30
"""Of the screen's height, for a window manager's title."""


def test_the_focus_comes_to_every_control_of_every_dialog(gimp, astronaut):
    give(gimp, "astronaut", np.concatenate([astronaut / 255, np.ones((512, 512, 1))], axis=2))
    shutil.copytree(Path(__file__).parent / "walking", gimp.exchange / "walking", dirs_exist_ok=True)
    (gimp.exchange / "walked").unlink(missing_ok=True)
    told(gimp, f"NAMES = {list(PROCEDURES)}" + CODE, manager="openbox", seconds=900, PYTHONPATH="/opt/exchange/walking")
    seen = {row["title"]: row for row in map(json.loads, (gimp.exchange / "walked").read_text().splitlines())}
    assert set(PROCEDURES.values()) <= set(seen)
    for title, row in seen.items():
        assert "failed" not in row, row
        assert row["controls"] > 1, title
        assert row["stuck"] == [], title
        assert row["radios"] == 0, title  # no underlined letter leads to those that GIMP 3.2 makes
        assert row["size"][0] <= SCREEN[0] and row["size"][1] <= SCREEN[1] - FRAME, row
    assert "mnemonic" not in (gimp.exchange / "log").read_text()  # GIMP 3.2 says which are missing, and which are there twice
