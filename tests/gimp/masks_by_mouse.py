"""Grow to Similar as users do it: six strokes by mouse in the dialog's preview, on ten photographs. How well the mask is what was meant.

One stroke is drawn on what is meant and one beside it, each further one where the mask is most wrong then.

    python tests/gimp/masks_by_mouse.py PHOTOS [RELEASE]

PHOTOS: the folder with the files of export/data/outlines.toml; RELEASE: of Debian, trixie if no other is given. Pictures of the dialogs go
to the temporary folder.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import sandbox as boxes
from PIL import Image, ImageDraw
from scipy import ndimage

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from export.measure.masks import Line, lines, overlap  # noqa: E402
from smssr_infer.select.guide import Guide  # noqa: E402
from smssr_infer.select.strokes import drawn  # noqa: E402

INSIDE = (Path(__file__).parent / "inside.py").read_text()

WIDTH, HEIGHT = 900, 600

PHOTOGRAPHS = ("kitten", "otter", "osprey")
"""Those that come first; the others follow in the file's order, up to MANY."""

MANY = 10
STROKES = 6

BRUSH = 11.25
"""The radius of the dialog's brush in pixels of such a picture, which it shows at 53 %."""

INCLUDE, LEAVE_OUT = 1, 3
"""Mouse buttons."""

CODE = """
import subprocess, threading, time
begin_gtk()
from smssr_gimp.image.drawn_strokes import kept

def xdotool(*words):
    return subprocess.run(["xdotool", *map(str, words)], capture_output=True, text=True).stdout.strip()

def window():
    for _ in range(240):
        time.sleep(0.25)
        found = xdotool("search", "--onlyvisible", "--name", "^Grow to Similar$").split()
        if found:
            time.sleep(4)
            words = xdotool("getwindowgeometry", "--shell", found[-1]).split()
            return {key: int(value) for key, value in (word.split("=") for word in words)}

def drag(button, places):
    xdotool("mousemove", *places[0])
    xdotool("mousedown", button)
    for place in places[1:]:
        xdotool("mousemove", *place)
        time.sleep(0.03)
    xdotool("mouseup", button)
    time.sleep(0.2)

def dialog(image, one, work):
    '''Run it, with `work` done by the hand meanwhile; seconds from when it could be drawn on to the selection.'''
    began = [0.0]
    def hand():
        where = window()
        began[0] = time.monotonic()
        work(where)
        xdotool("key", "alt+o")
    thread = threading.Thread(target=hand)
    thread.start()
    answer = call("smssr-grow", image, [one], run_mode=Gimp.RunMode.INTERACTIVE)
    thread.join()
    return answer[0], time.monotonic() - began[0]

def opened(name):
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(f"{HERE}/{name}.png"))
    return image, image.get_layers()[0], Gimp.Display.new(image)

scale = []
def calibrate(where):
    ends = [(where["X"] + int(share[0] * where["WIDTH"]), where["Y"] + int(share[1] * where["HEIGHT"]))
            for share in ((0.55, 0.25), (0.85, 0.45))]
    scale.append(ends)
    drag(1, [ends[0], ends[1]])

names = json.load(open(HERE + "/strokes.json"))
image, one, display = opened(next(iter(names)))
time.sleep(3)
dialog(image, one, calibrate)
points = kept(one)[0].points
(x0, y0), (x1, y1) = points[0], points[-1]
(sx0, sy0), (sx1, sy1) = scale[0]
across, down = (sx1 - sx0) / (x1 - x0), (sy1 - sy0) / (y1 - y0)
print("zoom", across, down, flush=True)
display.delete()
for name, strokes in names.items():
    image, one, display = opened(name)
    def work(where):
        for button, line in strokes:
            drag(button, [(round(sx0 + across * (x - x0)), round(sy0 + down * (y - y0))) for x, y in line])
        time.sleep(2)
        subprocess.run(f"import -window root {HERE}/shot-{name}.png", shell=True)
    worked, seconds = dialog(image, one, work)
    dump(image.get_selection(), f"mask-{name}", "Y float")
    tell(**{name: [worked, round(seconds, 1), [len(stroke.points) for stroke in kept(one)]]})
    display.delete()
"""


def photographs(folder: Path) -> dict[str, tuple[Image.Image, np.ndarray]]:
    """Ten photographs, WIDTH × HEIGHT, and what is meant in them."""
    import tomllib

    rows = tomllib.loads((ROOT / "export/data/outlines.toml").read_text())
    found = {}
    for name in [*PHOTOGRAPHS, *(name for name in rows if name not in PHOTOGRAPHS)][:MANY]:
        with Image.open(folder / rows[name]["file"]) as file:
            picture = file.convert("RGB")
        outline = Image.new("1", picture.size)
        for polygon in rows[name]["polygons"]:
            one = Image.new("1", picture.size)
            ImageDraw.Draw(one).polygon(polygon, fill=1)
            outline = Image.fromarray(np.array(outline) ^ np.array(one))
        high = min(picture.height, round(picture.width * HEIGHT / WIDTH))
        wide = min(picture.width, round(picture.height * WIDTH / HEIGHT))
        left, top = (picture.width - wide) // 2, (picture.height - high) // 2
        box = (left, top, left + wide, top + high)
        small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS, box)
        truth = np.array(outline.convert("L").resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR, box)) >= 128
        found[name] = small, truth
    return found


def strokes_for(picture: Image.Image, truth: np.ndarray) -> list[tuple[int, Line]]:
    """Six strokes, each with its mouse button."""
    guide = Guide((np.asarray(picture) / 255).astype(np.float32))
    strokes = [(INCLUDE, lines(truth, 1)[0]), (LEAVE_OUT, lines(~truth, 1)[0])]
    while len(strokes) < STROKES:
        found = guide.grown(drawn([[button == INCLUDE, BRUSH, line] for button, line in strokes], guide.shape, guide.step)) >= 0.5
        missing, wrong = truth & ~found, found & ~truth
        if missing.sum() >= wrong.sum():
            strokes.append((INCLUDE, _through(missing)))
        else:
            strokes.append((LEAVE_OUT, _through(wrong)))
    return strokes


def _through(region: np.ndarray) -> Line:
    """A stroke through the largest piece of a region; a dot where that is narrow."""
    room = ndimage.distance_transform_edt(np.pad(region, 1))[1:-1, 1:-1]
    pieces, count = ndimage.label(region)
    piece = pieces == 1 + int(np.argmax(ndimage.sum(room, pieces, range(1, count + 1))))
    row, column = np.unravel_index(int(np.argmax(room * piece)), room.shape)
    return lines(piece, 1)[0] if room[row, column] > BRUSH else [(float(column), float(row))]


def main() -> None:
    pictures = photographs(Path(sys.argv[1]))
    strokes = {name: strokes_for(picture, truth) for name, (picture, truth) in pictures.items()}
    with boxes.Sandbox(sys.argv[2] if len(sys.argv) > 2 else "trixie") as box:
        for name, (picture, _truth) in pictures.items():
            picture.save(box.exchange / f"{name}.png")
        (box.exchange / "strokes.json").write_text(json.dumps(strokes))
        printed = box.window(INSIDE + CODE, seconds=3600, manager="openbox")
        told = {}
        for line in printed.splitlines():
            if line.startswith("TELL "):
                told |= json.loads(line[5:])
        print("\n".join(line for line in printed.splitlines() if line.startswith("zoom")))
        for name, (worked, seconds, points) in told.items():
            drawn_ = [len(line) for _, line in strokes[name]]
            lost = "" if points == drawn_ else f"  {points} of {drawn_} points arrived"
            beta = np.fromfile(box.exchange / f"mask-{name}", np.float32).reshape(HEIGHT, WIDTH)
            print(f"{name:12} {'' if worked else 'failed '}{overlap(beta, pictures[name][1]):.3f} {seconds:5.1f} s{lost}", flush=True)
            shot = box.exchange / f"shot-{name}.png"
            if shot.exists():
                with Image.open(shot) as picture:
                    picture.save(Path(tempfile.gettempdir()) / shot.name)
        if len(told) < len(pictures):
            print(printed)


if __name__ == "__main__":
    main()
