"""Cancel at random moments in real GIMPs: the image is as before, or the answer is whole; and no word in the log.

It clicks by the clock, so it needs a quiet machine, and runs when it is asked for alone: SMSSR_TRIALS=60 make test-gimp.
"""

import os

import numpy as np
import pytest
from talking import give, told

TRIALS = int(os.environ.get("SMSSR_TRIALS", "0"))
"""Of each procedure. Sixty are what a release is held to; they take an hour."""

CODE = """
import random, subprocess, threading, time
random.seed(SEED)
W, H, FACTOR = 240, 180, 4
image = new(W, H)
one = layer(image, "one", W, H, raw="noise")
image.select_rectangle(Gimp.ChannelOps.REPLACE, 20, 20, 60, 60)
image.undo_disable(); image.undo_enable()
Gimp.Display.new(image)
time.sleep(3)

def xdotool(*words):
    return subprocess.run(["xdotool", *words], capture_output=True, text=True).stdout.strip()

xdotool("search", "--onlyvisible", "--name", "^Welcome", "windowclose")
while not (found := xdotool("search", "--onlyvisible", "--name", "GIMP$").split()):
    time.sleep(0.5)
window = found[-1]
xdotool("windowsize", "--sync", window, "1200", "700", "windowmove", window, "0", "0")
time.sleep(2)
CANCEL = "910", "703"  # where the button is in a window of that size

def run(cancel_after=None):
    '''Seconds that it took, and whether it worked; Cancel is clicked that many seconds after the beginning.'''
    xdotool("mousemove", *CANCEL)
    thread = threading.Timer(cancel_after or 0, lambda: cancel_after and xdotool("click", "1"))
    began = time.monotonic()
    thread.start()
    worked = call(NAME, image, [one], **SETTINGS)[0]
    seconds = time.monotonic() - began
    thread.join()
    return seconds, worked

def state():
    return [image.get_width(), image.get_height(), layers_of(image.get_layers()), [c.get_name() for c in image.get_channels()],
            [l.get_name() for l in image.get_selected_layers()], hash(pixels(one))]

def undo():
    xdotool("windowfocus", "--sync", window, "mousemove", "500", "550", "key", "--clearmodifiers", "ctrl+z")
    for _ in range(40):
        time.sleep(0.25)
        if state()[:4] == before[:4] and state()[5] == before[5]:
            return

before = state()
seconds, worked = run()
whole = state()
undo()
tell(worked=worked, undone=state()[:4] == before[:4] and state()[5] == before[5], seconds=seconds)
cut, kept, odd = 0, 0, []
for trial in range(TRIALS):
    # half of them near the end, where the image is written to
    after = random.uniform(0.2 * seconds, seconds) if trial % 2 else random.uniform(0.7 * seconds, 1.05 * seconds)
    image.set_selected_layers([one])
    _, worked = run(after)
    now = state()
    if now[:4] == before[:4] and now[5] == before[5]:
        cut += 1
    elif now[:4] == whole[:4] and now[5] == whole[5]:
        kept += 1
        undo()
        if state()[:4] != before[:4] or state()[5] != before[5]:
            odd.append(["not undone", after, state()[:4]])
    else:
        odd.append([after, worked, now[:4], now[5] == whole[5]])
        break
tell(cut=cut, kept=kept, odd=odd)
"""


@pytest.mark.skipif(not TRIALS, reason="SMSSR_TRIALS says how often")
@pytest.mark.parametrize("name", ["upscale", "restore", "stylize", "repaint"])
def test_cancel_at_random_moments(gimp, name):
    give(gimp, "noise", np.random.default_rng(1).random((180, 240, 4), np.float32))
    settings = {"upscale": {"factor": 4.0}, "stylize": {"style": "gravel"}}.get(name, {})
    facts = told(gimp, f"NAME, SETTINGS, SEED, TRIALS = 'smssr-{name}', {settings}, 5, {TRIALS}\n" + CODE, manager="openbox",
                 seconds=120 + 30 * TRIALS)
    assert facts["worked"]
    assert facts["undone"]
    assert facts["odd"] == []
    assert facts["cut"] + facts["kept"] == TRIALS
    assert facts["cut"] > 0
