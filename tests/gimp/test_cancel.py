"""Cancel, and strokes of the brush, at random moments of the work in real GIMPs, what puts the answer in among them.

A moment is counted in the plug-in's own lines (`moments/sitecustomize.py`), not in seconds, so the machine may be as busy as it likes. A
few moments of each procedure run always; SMSSR_TRIALS=60 python -m pytest tests/gimp/test_cancel.py is what a release is held to.
"""

import os
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from talking import complaints, give, told

TRIALS = int(os.environ.get("SMSSR_TRIALS", "3"))
"""Cancels, and strokes, of each procedure."""

SEED = int(os.environ.get("SMSSR_SEED", "0"))

PROCEDURES = {"upscale": {"factor": 2.0}, "restore": {}, "stylize": {"style": "gravel"}, "repaint": {}, "grow": {}, "select-specks": {}}

CODE = """
W, H = 120, 90
CANCEL, CANVAS = (910, 703), (580, 385)  # on the screen, in a window of that size

def fresh():
    '''An image with its window, ready to be painted on, and its layer.'''
    image = new(W, H)
    one = layer(image, "one", W, H, Gimp.ImageType.RGB_IMAGE, raw="noise")
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 10, 100, 70)
    image.undo_disable(); image.undo_enable()
    Gimp.displays_flush()
    return image, one, Gimp.Display.new(image)

first = fresh()
window = until(lambda: windows("GIMP$"))[-1]
xdotool("windowsize", "--sync", window, "1200", "700", "windowmove", "--sync", window, "0", "0", "windowfocus", "--sync", window)

def state(image):
    '''What an image is made of, and its pixels.'''
    def of(layers):
        return [[*layers_of([l])[0], l.get_opacity(), hash(pixels(l)), hash(pixels(l.get_mask(), "Y float")) if l.get_mask() else 0,
                 of(l.get_children()) if l.is_group() else []] for l in layers]
    return [image.get_width(), image.get_height(), of(image.get_layers()), [c.get_name() for c in image.get_channels()],
            [l.get_name() for l in image.get_selected_layers()], hash(pixels(image.get_selection(), "Y float"))]

def as_before(image, before):
    '''Whether undo has made an image what it was; not yet, where a layer goes away while it is read.'''
    try:
        return state(image) == before
    except AttributeError:
        return False

def trial(number, what):
    '''What happened at a moment, and the image's states before and after it.'''
    image, one, display = fresh()
    before = state(image)
    with open(HERE + "/moment", "w") as file:
        json.dump([number, what, *(CANCEL if what == "cancel" else CANVAS)], file)
    if os.path.exists(HERE + "/happened"):
        os.remove(HERE + "/happened")
    worked, why, _ = call(NAME, image, [one], **SETTINGS)
    with open(HERE + "/happened") as file:
        happened = json.load(file)
    return image, one, display, {"worked": worked, "why": why, **happened}, before, state(image)

def lightness(one):
    '''The mean of the middle of a layer, 0 … 1: of noise a half.'''
    part = Gegl.Rectangle.new(one.get_width() // 2 - 6, one.get_height() // 2 - 6, 12, 12)
    values = one.get_buffer().get(part, 1.0, "R'G'B' u8", Gegl.AbyssPolicy.CLAMP)
    return sum(values) / len(values) / 255

image, one, display, counted, _before, whole = trial(0, "count")
display.delete()
tell(counted=counted)
faults, outcomes = [], {"cut": 0, "whole": 0, "kept": 0, "refused": 0}
for share, putting_in, what in MOMENTS:
    begin, end = (counted["put_in_from"], counted["lines"]) if putting_in else (1, counted["put_in_from"] - 1)
    image, one, display, happened, before, after = trial(begin + int(share * (end - begin)), what)
    said = [what, happened]
    if what == "cancel" and happened.get("cancellable"):
        outcomes["cut"] += 1
        if happened["worked"] or happened.get("nothing") or after != before:
            faults.append([*said, "not as before", before, after])
    elif what == "cancel":
        outcomes["whole"] += 1
        if not happened["worked"] or after != whole:
            faults.append([*said, "not whole", whole, after])
        xdotool("windowfocus", "--sync", window, "key", "--clearmodifiers", "ctrl+z")
        if not until(lambda: as_before(image, before)):
            faults.append([*said, "not undone", before, state(image)])
    elif happened["seen"]:
        outcomes["kept"] += 1
        if not happened["worked"] or (not happened["put_in_from"] and lightness(one) > 0.4):
            faults.append([*said, "the stroke is lost", lightness(one)])
    else:
        outcomes["refused"] += 1
        if not happened["held"] or not happened["worked"] or after != whole:
            faults.append([*said, "neither kept nor refused", whole, after])
    display.delete()
os.remove(HERE + "/moment")
tell(faults=faults, outcomes=outcomes)
"""


def moments():
    """(share, whether of what puts the answer in, what happens), half of them there."""
    chance = random.Random(SEED)
    return [(chance.random(), number % 2 == 1, what) for what in ("cancel", "stroke") for number in range(TRIALS)]


@pytest.mark.parametrize("name", PROCEDURES)
def test_cancel_and_strokes_at_random_moments(gimp, name):
    """Cancelled, the image is as before; not cancelled, the answer is whole and one step to undo; a stroke is kept, or refused."""
    give(gimp, "noise", np.random.default_rng(1).random((90, 120, 4), np.float32) * [1, 1, 1, 0] + [0, 0, 0, 1])
    shutil.copytree(Path(__file__).parent / "moments", gimp.exchange / "moments", dirs_exist_ok=True)
    facts = told(gimp, f"NAME, SETTINGS, MOMENTS = 'smssr-{name}', {PROCEDURES[name]}, {moments()}\n" + CODE, manager="openbox",
                 seconds=120 + 60 * TRIALS, PYTHONPATH="/opt/exchange/moments")
    assert facts["counted"]["worked"], facts
    assert facts["faults"] == []
    assert sum(facts["outcomes"].values()) == 2 * TRIALS
    assert facts["outcomes"]["cut"]
    assert facts["outcomes"]["whole"]
    assert facts["outcomes"]["kept"]
    assert complaints(gimp) == []
