"""In real GIMPs: undo after a filter leaves the layers chosen that were so before, so that the next filter can be chosen."""

import numpy as np
from talking import give, told

CODE = """
image = new(120, 90)
below = layer(image, "below", 120, 90, Gimp.ImageType.RGB_IMAGE, raw="noise")
one = layer(image, "one", 120, 90, Gimp.ImageType.RGB_IMAGE, raw="noise")
window = window_of(image)
answers = {}
for name, settings in (("restore", {}), ("stylize", {"style": "gravel"}), ("repaint", {}), ("upscale", {"factor": 2.0})):
    image.set_selected_layers([one])
    worked, why, _ = call(f"smssr-{name}", image, [one], **settings)
    after = [chosen.get_name() for chosen in image.get_selected_layers()]
    xdotool("windowfocus", "--sync", window, "key", "--clearmodifiers", "ctrl+z")
    undone = until(lambda: [len(image.get_layers()), image.get_width()] == [2, 120])
    chosen = until(lambda: [one.get_name() for one in image.get_selected_layers()], 10)
    answers[name] = [worked or why, len(after), undone, chosen]
tell(answers=answers)
"""


def test_undo_chooses_the_layers_of_before(gimp):
    give(gimp, "noise", np.random.default_rng(1).random((90, 120, 4), np.float32) * [1, 1, 1, 0] + [0, 0, 0, 1])
    assert told(gimp, CODE, manager="openbox")["answers"] == {
        name: [True, 1, True, ["one"]] for name in ("restore", "stylize", "repaint", "upscale")}
